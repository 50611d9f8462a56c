"""What was handed to a function of a notebook, read: keys with the nearest ones on a miss, and faults of ours told apart."""

import functools
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from rapidfuzz import process

from cpassist.errors import CpassistError, Mistakes, NotWorkedOut

NEAREST = 3
LONGEST_KEY = 60
QUOTED = re.compile(r'"([^"]*)"')
WHOLE = re.compile(r'".*"', re.DOTALL)
# A name of a field in which words stand: a sentence that slipped into the place of a key.
PLACES = re.compile(r"\.(?=[^\s.:])[^.:]*\s[^:]*:")
DAYS = re.compile(r"\b(?:19|20)\d\d(?:-\d\d){0,2}\b")
AGES = re.compile(r"\b\d+(?= on )")
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


def without_words(told: Mistakes, labels: Mapping[str, str] | None = None) -> Mistakes:
    """The same mistakes without what somebody typed: keys stay, since they say where; words, labels and days do not.

    `labels` are label → key of the people of that family.
    """
    return Mistakes(tuple(_without_words(says, labels or {}) for says in told.mistakes))


def _without_words(says: str, labels: Mapping[str, str]) -> str:
    for label, key in sorted(labels.items(), key=lambda pair: -len(pair[0])):
        if label.strip():
            says = re.sub(re.escape(label), key, says, flags=re.IGNORECASE)
    if any(not KEY_LIKE.fullmatch(words) for words in QUOTED.findall(says)):
        # From the first mark to the last: there may be marks within what was typed.
        says = WHOLE.sub("what stands there", says)
    return DAYS.sub("that day", AGES.sub("of another age", PLACES.sub(".…:", says)))


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
