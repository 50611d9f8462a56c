"""Two changed copies of one family brought together, line by line: for two windows, and for taking a removal back."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from cpassist.family.family import Family
from cpassist.family.records import (
    Answer,
    FamilyFields,
    Judgement,
    Limits,
    Need,
    Person,
    Relation,
    StepDecision,
)

# What makes two lines the same line, whatever else they say. Lines of other kinds are the same when they are equal.
_IDENTITY: Mapping[type, Callable[[Any], object]] = {
    Person: lambda line: line.key,
    Relation: lambda line: (line.person, line.child, line.kind),
    Need: lambda line: (line.person, line.need),
    Answer: lambda line: (line.ask, line.person, line.other),
    Judgement: lambda line: (line.intervention, frozenset(line.people)),
    StepDecision: lambda line: (line.step, line.person),
}
_GONE = object()


def merged(base: Family, mine: Family, theirs: Family) -> tuple[Family, bool]:
    """What changed between `base` and `theirs`, done to `mine`; and whether nothing was changed in both.

    Where both changed one line, mine stands. Raises Mistakes where the family that results could not be.
    """
    changes: dict[str, Any] = {}
    agree = True
    for field in dataclasses.fields(FamilyFields):
        was, here, there = (getattr(one, field.name) for one in (base, mine, theirs))
        if there in (was, here):
            continue
        if here == was:
            changes[field.name] = there
        elif isinstance(was, tuple):
            changes[field.name], agreed = _lines(was, here, there)
            agree = agree and agreed
        elif isinstance(was, Limits):
            changes[field.name], agreed = _limits(was, here, there)
            agree = agree and agreed
        else:
            agree = False
    return mine.with_changes(**changes), agree


def _chosen(was: Any, here: Any, there: Any) -> tuple[Any, bool]:
    """The one of two that was changed; mine where both were, and then false."""
    if here == was:
        return there, True
    return here, there in (was, here)


def _lines(
    was: tuple[Any, ...], here: tuple[Any, ...], there: tuple[Any, ...]
) -> tuple[tuple[Any, ...], bool]:
    old, mine, new = map(_by_identity, (was, here, there))
    found: dict[object, Any] = {}
    agree = True
    for key in (*mine, *(key for key in new if key not in mine)):
        found[key], agreed = _chosen(*(lines.get(key, _GONE) for lines in (old, mine, new)))
        agree = agree and agreed
    kept = [key for key, line in found.items() if line is not _GONE]
    # What only they have stands where it stood with them.
    theirs = [key for key in kept if key not in mine]
    order = [key for key in kept if key in mine]
    for key in theirs:
        order.insert(list(new).index(key), key)
    return tuple(found[key] for key in order), agree


def _by_identity(lines: tuple[Any, ...]) -> dict[object, Any]:
    """The lines by what makes them the same line; one that is there twice stands there twice."""
    found: dict[object, Any] = {}
    times: Counter[object] = Counter()
    for line in lines:
        identity = _IDENTITY.get(type(line))
        key = line if identity is None else identity(line)
        times[key] += 1
        found[key, times[key]] = line
    return found


def _limits(was: Limits, here: Limits, there: Limits) -> tuple[Limits, bool]:
    changes: dict[str, Any] = {}
    agree = True
    for field in dataclasses.fields(Limits):
        old, mine, new = (getattr(one, field.name) for one in (was, here, there))
        if not isinstance(old, Mapping):
            changes[field.name], agreed = _chosen(old, mine, new)
            agree = agree and agreed
            continue
        both: dict[str, Any] = {}
        for key in {**mine, **new}:
            line, agreed = _chosen(*(lines.get(key, _GONE) for lines in (old, mine, new)))
            agree = agree and agreed
            if line is not _GONE:
                both[key] = line
        changes[field.name] = both
    return Limits(**changes), agree
