"""One family as assessed: its lines, what is wrong with them, and changes to it.

Called: a family by name, path or mapping; raises `cpassist.CpassistError` with every mistake at once.
All of it stands at `cpassist.notebook.api.family`.
"""

from cpassist.called import callable_room

callable_room(__name__)
