"""What was handed to a function of a notebook, read: keys with the nearest ones on a miss, and faults of ours told apart."""

import functools
import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from rapidfuzz import process

from cpassist.errors import CpassistError, Mistakes, NotWorkedOut

NEAREST = 3
LONGEST_KEY = 60
QUOTED = re.compile(r'"([^"]*)"')
KEY_LIKE = re.compile(r"[a-z][a-z0-9_]*")
Called = TypeVar("Called", bound=Callable[..., Any])
bugs_are_caught = True
"""Tests switch it off: there a bug of ours is to be seen whole."""


def known_key(said: object, known: Iterable[str], what: str) -> str:
    """A key that is there. Raises Mistakes with the nearest three that are."""
    keys = list(known)
    if isinstance(said, str) and said in keys:
        return said
    shown = said[:LONGEST_KEY] if isinstance(said, str) else type(said).__name__
    near = [key for key, _, _ in process.extract(str(said), keys, limit=NEAREST)]
    hint = f" The nearest are {', '.join(near)}." if near else " There are none."
    raise Mistakes((f'There is no {what} "{shown}".{hint}',))


def without_words(told: Mistakes) -> Mistakes:
    """The same mistakes without what somebody typed: keys stay, since they say where; words, names and days do not."""

    def hide(found: re.Match[str]) -> str:
        return found[0] if KEY_LIKE.fullmatch(found[1]) else "what stands there"

    return Mistakes(tuple(QUOTED.sub(hide, says) for says in told.mistakes))


def for_a_cell(function: Called) -> Called:
    """A function that a cell calls: our own mistakes come as sentences, and a bug of ours without what stood in variables."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def called(*given: Any, **named: Any) -> Any:
        try:
            signature.bind(*given, **named)
        except TypeError as told:
            raise Mistakes(
                (f"cp.{function.__name__}: {told}. It takes {signature}.".replace("'", "`"),)
            ) from None
        try:
            return function(*given, **named)
        except CpassistError as told:
            # Without what led to it: a trace would print the words of a family beside the sentence.
            raise told.with_traceback(None) from None
        except Exception as bug:
            if not bugs_are_caught:
                raise
            raise NotWorkedOut(
                f"cp.{function.__name__}: this went wrong on our side ({type(bug).__name__}). Nothing was kept or sent."
            ) from None

    return called  # type: ignore[return-value]
