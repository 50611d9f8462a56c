"""Something that happened, entered once: what it says of each person whom it touches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cpassist.errors import InvalidRecord
from cpassist.family.changes import with_need
from cpassist.family.family import Family
from cpassist.family.records import Need
from cpassist.family.vocabulary import UNKNOWN_HARMER, ActionLevel, Basis, When


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened, who was who in it, and which need that is for whom."""

    needs: Mapping[str, str]
    """The need of an adult_hurt, a child_hurt, a child_there and an adult_did; what is missing nobody can be in it."""
    harm: frozenset[str]
    """Those needs that somebody does to somebody."""
    hurt: tuple[str, ...]
    """Keys of people."""
    there: tuple[str, ...] = ()
    """Keys of children who were there, beside those who were hurt."""
    did: tuple[str, ...] = ()
    """Keys of people, or outside_family, or unknown alone; empty: nobody has said."""
    level: ActionLevel | None
    basis: Basis
    says: str = ""
    seen_by: str = ""
    seen_on: str | None = None


def with_event(family: Family, event: Event) -> Family:
    """The family with the event in the needs of everybody whom it touches.

    A need that is recorded already keeps what it says: the words are added, the higher level stands, and whoever did
    this stands beside whoever is named already. Raises InvalidRecord where that cannot be said of one need.
    """
    changed = family
    for person, need in _touched(family, event):
        known = family.need(person, need)
        made = _new(family, event, person, need)
        changed = with_need(changed, made if known is None else _both(family, known, made))
    return changed


def _touched(family: Family, event: Event) -> Iterator[tuple[str, str]]:
    """Each person with the need that the event is for them, once."""
    roles = [("hurt", key) for key in event.hurt]
    roles += [("there", key) for key in event.there if key not in event.hurt]
    roles += [("did", key) for key in event.did]
    keys = {person.key for person in family.people}
    for role, key in roles:
        if key in keys:
            kind = "child" if family.person(key).is_child else "adult"
            need = event.needs.get(f"{kind}_{role}")
            if need:
                yield key, need


def _new(family: Family, event: Event, person: str, need: str) -> Need:
    children = {child.key for child in family.children}
    touched = tuple(dict.fromkeys((*event.hurt, *event.there)))
    of_adult = not family.person(person).is_child
    return Need(
        person=person,
        need=need,
        level=event.level,
        basis=event.basis,
        when=When.CURRENT,
        affects=tuple(key for key in touched if key in children) if of_adult else (),
        harmed_by=tuple(k for k in event.did if k != person) or None
        if need in event.harm
        else None,
        says=event.says,
        seen_by=event.seen_by,
        seen_on=event.seen_on,
    )


def _both(family: Family, known: Need, made: Need) -> Need:
    """What was recorded before and what the event adds, in one need."""
    before = known.harmed_by or ()
    did = made.harmed_by or ()
    if did == (UNKNOWN_HARMER,) and before not in ((), did):
        raise InvalidRecord(
            f"For {family.label_of(known.person)} it is recorded who did this before. Say who did it this time, or "
            "record it in the need itself."
        )
    # That somebody unknown did it before is not undone by knowing who did it this time.
    harmed_by = before if before == (UNKNOWN_HARMER,) else tuple(dict.fromkeys((*before, *did)))
    levels = [level for level in (known.level, made.level) if level is not None]
    return replace(
        known,
        level=max(levels, default=None),
        basis=Basis.CONFIRMED if Basis.CONFIRMED in (known.basis, made.basis) else known.basis,
        when=When.CURRENT,
        affects=tuple(dict.fromkeys((*known.affects, *made.affects))),
        harmed_by=harmed_by or None,
        says=" ".join(filter(None, (known.says, made.says))),
        seen_by=made.seen_by or known.seen_by,
        seen_on=made.seen_on or known.seen_on,
    )
