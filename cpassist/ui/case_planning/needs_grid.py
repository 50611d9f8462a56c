"""Needs by people in one grid, and an event that touches several of them: what is filled in becomes needs."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.records import EventKind, NeedType
from cpassist.catalogue.vocabulary import Whose
from cpassist.errors import InvalidRecord
from cpassist.family.events import GROUNDS, Event, need_of, seen_anew, ticks, with_event
from cpassist.family.family import Family
from cpassist.family.records import Need, Person
from cpassist.family.vocabulary import UNKNOWN_HARMER, ActionLevel, Basis, When
from cpassist.ui.frame.fields import FieldMistakes, FieldReader, Fields
from cpassist.words.family import DOMAIN_WORDS

LEVELS: Mapping[str, ActionLevel | None] = {
    "0": ActionLevel.NO_HELP,
    "1": ActionLevel.KEEP_AN_EYE,
    "2": ActionLevel.NEEDS_HELP,
    "3": ActionLevel.NEEDS_HELP_NOW,
    "?": None,
}
NOT_A_LEVEL = "Write 0, 1, 2 or 3; ? where nobody knows yet; nothing where there is no need."


@dataclass(frozen=True, kw_only=True, repr=False)
class Seen:
    """Who saw it, when, and how it is known: said once for many needs, and remembered while the page is open."""

    seen_by: str = ""
    basis: str = ""
    seen_on: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)
class GridRow:
    """One need with a cell for each person who can have it."""

    need: str
    label: str
    cells: tuple[tuple[str, str, str], ...]
    """For each person: the name of the field, empty where they cannot have this need; what stands in it; their label."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Grid:
    """The needs of children, or of adults, by the parts of the assessment."""

    title: str
    people: tuple[Person, ...]
    groups: tuple[tuple[str, tuple[GridRow, ...]], ...]


def can_have(person: Person, kind: NeedType, family: Family) -> bool:
    """Whether a need can be this person's: a child has a child's, and an adult's only as a parent."""
    if kind.whose is Whose.CHILD:
        return person.is_child
    return not person.is_child or family.is_parenting(person.key)


def grids(family: Family, catalogue: Catalogue) -> tuple[Grid, ...]:
    """A grid for the children and one for whoever stands as an adult towards them."""
    children = tuple(p for p in family.people if p.is_child)
    adults = tuple(p for p in family.people if family.is_parenting(p.key))
    kinds = catalogue.need_types.values()
    of_children = [k for k in kinds if k.whose is Whose.CHILD]
    of_adults = [k for k in kinds if k.whose is not Whose.CHILD]
    found = []
    for title, people, mine in (
        ("Children", children, of_children),
        ("Adults, home and money", adults, of_adults),
    ):
        groups = tuple(
            (words, tuple(_row(kind, people, family) for kind in mine if kind.domain is domain))
            for domain, words in DOMAIN_WORDS.items()
        )
        if people:
            found.append(Grid(title=title, people=people, groups=tuple(g for g in groups if g[1])))
    return tuple(found)


def _row(kind: NeedType, people: tuple[Person, ...], family: Family) -> GridRow:
    return GridRow(
        need=kind.key,
        label=kind.label,
        cells=tuple(
            (
                cell_name(person.key, kind.key) if can_have(person, kind, family) else "",
                level_said(family.need(person.key, kind.key)),
                person.label,
            )
            for person in people
        ),
    )


def cell_name(person: str, need: str) -> str:
    """The field of one cell."""
    return f"cell.{person}.{need}"


def level_said(need: Need | None) -> str:
    """What stands in a cell."""
    if need is None:
        return ""
    return "?" if need.level is None else str(int(need.level))


def read_seen(form: FieldReader, today: datetime.date) -> tuple[str, str | None, Basis | None]:
    """Who saw it, when, and how it is known."""
    seen_by = form.needed("seen_by", "Say who saw this, for example “nursery key worker”.")
    seen_on = form.date("seen_on", today=today)
    return seen_by, seen_on, form.one_of("basis", Basis, "Say how you know.")


def read_grid(
    fields: Fields, family: Family, catalogue: Catalogue, today: datetime.date
) -> tuple[Family, frozenset[tuple[str, str]], Seen]:
    """The family with every level that was written, the needs whose cells were emptied, and the shared line.

    Raises FieldMistakes cell by cell.
    """
    form = FieldReader("grid", fields)
    changed: list[tuple[Person, NeedType, ActionLevel | None]] = []
    gone: set[tuple[str, str]] = set()
    for person in family.people:
        for kind in catalogue.need_types.values():
            name = cell_name(person.key, kind.key)
            if name not in fields or not can_have(person, kind, family):
                continue
            said = form.text(name)
            if said == level_said(family.need(person.key, kind.key)):
                continue
            if not said:
                gone.add((person.key, kind.key))
            elif said not in LEVELS:
                form.mistakes[name] = f"{person.label}, {kind.label.lower()}: {NOT_A_LEVEL}"
            else:
                changed.append((person, kind, LEVELS[said]))
    seen = Seen(seen_by=form.text("seen_by"), basis=form.text("basis"))
    seen_by, seen_on, basis = "", None, None
    if changed:
        seen_by, seen_on, basis = read_seen(form, today)
    if not changed and not gone and not form.mistakes:
        form.mistakes["seen_by"] = "Nothing is changed yet. Write a level, 0 to 3, beside a need."
    affects = tuple(key for key in form.texts("affects") if key in {c.key for c in family.children})
    if form.mistakes or (basis is None and changed):
        raise FieldMistakes("grid", form.mistakes)
    needs = {(n.person, n.need): n for n in family.needs}
    for person, kind, level in changed:
        known = needs.get((person.key, kind.key))
        said_now: dict[str, Any] = {
            "level": level,
            "basis": basis,
            "seen_by": seen_by,
            "seen_on": seen_on,
        }
        if known is None:
            reached = () if kind.whose is Whose.CHILD else affects
            reached = tuple(key for key in reached if key != person.key)
            needs[person.key, kind.key] = Need(
                person=person.key, need=kind.key, affects=reached, **said_now
            )
        else:
            # A level that is written now is of now, whatever was in the past; a child's word stays a child's word.
            strongest = max(known.basis, basis, key=GROUNDS.__getitem__) if basis else known.basis
            needs[person.key, kind.key] = replace(
                seen_anew(known, seen_by, seen_on), level=level, basis=strongest, when=When.CURRENT
            )
    with_all = family.with_changes(needs=tuple(needs.values()))
    return with_all, frozenset(gone), replace(seen, seen_on=seen_on or "")


def read_event(
    fields: Fields, family: Family, catalogue: Catalogue, today: datetime.date
) -> tuple[Family, int, Seen]:
    """The family with the event in it, how many needs it touched, and the shared line. Raises FieldMistakes."""
    form = FieldReader("event", fields)
    kind = next((e for e in catalogue.events if e.key == form.text("kind")), None)
    if kind is None:
        form.mistakes["kind"] = "Choose what happened."
    hurt, there, did = (form.texts(name) for name in ("hurt", "there", "did"))
    if not hurt and not there:
        form.mistakes["hurt"] = "Tick who was hurt or frightened, or which child was there."
    if UNKNOWN_HARMER in did and len(did) > 1:
        form.mistakes["did"] = "“Not known” stands alone: untick it, or untick the others."
    if set(did) & {*hurt, *there}:
        form.mistakes["did"] = (
            "Somebody is ticked as hurt or there and as having done it. Untick one."
        )
    said = form.text("level")
    if said not in {"0", "1", "2", "3", "none"}:
        form.mistakes["level"] = "Choose how much help is needed, or “Not rated”."
    seen_by, seen_on, basis = read_seen(form, today)
    if kind is None or basis is None or form.mistakes:
        raise FieldMistakes("event", form.mistakes)
    event = Event(
        needs={
            name: need
            for name in ("adult_hurt", "child_hurt", "child_there", "adult_did")
            if (need := getattr(kind, name))
        },
        harm=catalogue.harm_needs,
        hurt=hurt,
        there=there,
        did=did,
        level=LEVELS.get(said),
        basis=basis,
        says=form.text("says"),
        seen_by=seen_by,
        seen_on=seen_on,
    )
    if wrong := _nobody_in_it(event, kind, family):
        raise FieldMistakes("event", wrong)
    try:
        changed = with_event(family, event)
    except InvalidRecord as refused:
        raise FieldMistakes("event", {"did": str(refused)}) from None
    before = set(family.needs)
    touched = sum(need not in before for need in changed.needs)
    return changed, touched, Seen(seen_by=seen_by, basis=basis.value, seen_on=seen_on or "")


def _nobody_in_it(event: Event, kind: EventKind, family: Family) -> dict[str, str]:
    """Ticks that would say nothing of somebody: each is asked about, and none is dropped in silence."""
    wrong: dict[str, str] = {}
    people = {person.key: person for person in family.people}
    for role, key in ticks(event):
        person = people.get(key)
        if role == "did":
            if kind.done_by is None or (person and person.role is not kind.done_by):
                who = person.label if person else "Somebody"
                wrong["did"] = (
                    f"“{kind.label}”: {who} cannot have done that. Choose what happened again, or untick."
                )
        elif person and not need_of(family, event, role, key):
            wrong[role] = (
                f"“{kind.label}”: that is no need of {person.label}’s. Untick {person.label}, or choose what happened again."
            )
    return wrong
