"""A case-planning assistant for child protection: from assessed needs to one support package.

In a notebook: `import cpassist as cp`, then `cp.plan(cp.family("larkfield"))`. Nothing is loaded until it is asked for.
"""

import importlib

__version__ = "0.1.0"
__all__ = [
    "CpassistError",
    "catalogue",
    "evidence",
    "exercise",
    "families",
    "family",
    "gap_map",
    "here",
    "plan",
    "protect",
    "what_if",
    "why",
    "widgets",
]

TYPE_CHECKING = False  # `typing` itself would cost half of what an import may take
if TYPE_CHECKING:
    from cpassist.errors import CpassistError
    from cpassist.notebook.api import (
        catalogue,
        evidence,
        exercise,
        families,
        family,
        gap_map,
        here,
        plan,
        protect,
        what_if,
        why,
    )
    from cpassist.ui.cells import widgets

# These are rooms of their own, which can be called.
_ROOMS = frozenset({"catalogue", "evidence", "family"})


def __getattr__(name: str) -> object:
    """Loads a name when it is first asked for."""
    if name not in __all__:
        message = f"module 'cpassist' has no attribute {name!r}"
        raise AttributeError(message)
    if name in _ROOMS:
        return importlib.import_module(f"cpassist.{name}")
    if name == "widgets":
        return importlib.import_module("cpassist.ui.cells.widgets")
    where = "cpassist.errors" if name == "CpassistError" else "cpassist.notebook.api"
    found: object = getattr(importlib.import_module(where), name)
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
