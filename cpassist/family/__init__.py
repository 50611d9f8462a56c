"""One family as assessed: its lines, what is wrong with them, and changes to it.

Called, it is `cpassist.notebook.api.family`.
"""

from cpassist.called import callable_room

callable_room(__name__)
