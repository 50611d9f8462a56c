"""Everything known and checked: needs, help, findings, rules, steps, sources.

Called: the catalogue, ours and after it an authority's folders; its frames are `.interventions`, `.evidence`, `.needs`, `.rules`, `.sources`.
All of it stands at `cpassist.notebook.api.catalogue`.
"""

from cpassist.called import callable_room

callable_room(__name__)
