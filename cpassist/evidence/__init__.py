"""What the catalogue answers when it is asked by itself, for no family.

Called with a need, a child's age in years or other filters: what the Evidence page finds; `.frame` has one row a finding.
All of it stands at `cpassist.notebook.api.evidence`.
"""

from cpassist.called import callable_room

callable_room(__name__)
