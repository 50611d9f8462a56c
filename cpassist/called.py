"""Rooms that are also called: `cpassist.family` is a room of this package, and `cpassist.family("larkfield")` reads one.

An analyst's three commonest words are also the names of three rooms, and Python puts a room that was loaded over a
function of the same name. So these rooms themselves can be called; what they then do stands in `cpassist.notebook`.
"""

import importlib
import sys
import types
from typing import Any


def callable_room(name: str) -> None:
    """Lets the room of that name be called as the function of the same name in `cpassist.notebook.api`."""
    word = name.rpartition(".")[2]

    class Room(types.ModuleType):
        """A room that can be called."""

        def __call__(self, *given: Any, **named: Any) -> Any:
            return getattr(importlib.import_module("cpassist.notebook.api"), word)(*given, **named)

    sys.modules[name].__class__ = Room
