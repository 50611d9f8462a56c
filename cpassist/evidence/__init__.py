"""What the catalogue answers when it is asked by itself, for no family.

Called, it is `cpassist.notebook.api.evidence`.
"""

from cpassist.called import callable_room

callable_room(__name__)
