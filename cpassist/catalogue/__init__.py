"""Everything known and checked: needs, help, findings, rules, steps, sources.

Called, it is `cpassist.notebook.api.catalogue`.
"""

from cpassist.called import callable_room

callable_room(__name__)
