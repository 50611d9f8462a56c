"""Something that happened, entered once: what it says of each person whom it touches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cpassist.errors import InvalidRecord
from cpassist.family.changes import with_need
from cpassist.family.family import Family
from cpassist.family.records import Need
from cpassist.family.vocabulary import UNKNOWN_HARMER, ActionLevel, Basis, When

# Which ground weighs more where two are given: what was checked, then what a child says, then a parent, then a suspicion.
GROUNDS = {
    Basis.SUSPECTED: 0,
    Basis.SAID_BY_PARENT: 1,
    Basis.SAID_BY_CHILD: 2,
    Basis.CONFIRMED: 3,
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Event:
    """What happened, who was who in it, and which need that is for whom."""

    needs: Mapping[str, str]
    """The need of an adult_hurt, a child_hurt, a child_there and an adult_did; what is missing nobody can be in it."""
    harm: frozenset[str]
    """Those needs that somebody does to somebody."""
    hurt: tuple[str, ...]
    """Keys of those to whom it happened."""
    there: tuple[str, ...] = ()
    """Keys of children who were there; a child can be both."""
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
    """Each person with each need that the event is for them, once."""
    for role, key in ticks(event):
        need = need_of(family, event, role, key)
        if need:
            yield key, need


def ticks(event: Event) -> Iterator[tuple[str, str]]:
    """Everybody who is somebody in the event, and who: hurt, there or did."""
    for role in ("hurt", "there", "did"):
        for key in getattr(event, role):
            yield role, key


def need_of(family: Family, event: Event, role: str, key: str) -> str:
    """Which need the event is for somebody; empty where it is none, or where they are nobody of the family."""
    person = next((p for p in family.people if p.key == key), None)
    kind = "child" if person and person.is_child else "adult"
    return event.needs.get(f"{kind}_{role}", "") if person else ""


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
    label = family.label_of(known.person)
    if did and before and UNKNOWN_HARMER in (*did, *before) and did != before:
        # Which of the two is true nobody but the worker can say, and nothing of it may be dropped.
        raise InvalidRecord(
            f"For {label} it is recorded that nobody knows who did this before. Change that in the need itself first."
            if UNKNOWN_HARMER in before
            else f"For {label} it is recorded who did this before. Say who did it this time, or record it in the need itself."
        )
    levels = [level for level in (known.level, made.level) if level is not None]
    # Not rated yet is no "no help needed": a 0 does not answer for what nobody has rated.
    level = max(levels, default=None)
    if known.level is None and made.level == ActionLevel.NO_HELP:
        level = None
    seen = seen_anew(known, made.seen_by, made.seen_on)
    return replace(
        seen,
        says=" ".join(filter(None, (seen.says, made.says))),
        level=level,
        basis=max(known.basis, made.basis, key=GROUNDS.__getitem__),
        when=When.CURRENT,
        affects=tuple(dict.fromkeys((*known.affects, *made.affects))),
        harmed_by=tuple(dict.fromkeys((*before, *did))) or None,
    )


def seen_anew(known: Need, seen_by: str, seen_on: str | None) -> Need:
    """A need that somebody saw again: who saw it and when stay together, and who saw it before stands in the words."""
    if not seen_by or (seen_by, seen_on) == (known.seen_by, known.seen_on):
        return known
    if seen_by == known.seen_by and seen_on is None:
        return known
    before = ", ".join(filter(None, (known.seen_by, known.seen_on)))
    says = f"{known.says} [{before}]".strip() if before else known.says
    return replace(known, says=says, seen_by=seen_by, seen_on=seen_on)
