"""The table of people: everybody on one screen, a row each, recorded together and in any order."""

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cpassist.errors import InvalidRecord
from cpassist.family.family import Family
from cpassist.family.records import Person, Relation
from cpassist.family.vocabulary import (
    ADULT_FROM_MONTHS,
    MONTHS,
    RelationKind,
    Role,
    read_day,
)
from cpassist.ui.case_planning.forms import age_mistakes, homes_said, key_for
from cpassist.ui.frame.fields import FieldMistakes, FieldReader, Fields

ROWS = 7
"""How many rows there are at least; a row that is left empty is nobody."""
BLANK = 2
MOST_ROWS = 30
KEEP = "keep"
"""What a cell says that differs by child, and is left as it is."""
CELLS = ("label", "age", "role", "home", "relation", "cares")
HOW_TO = "Write an age (8), two ages (13-15), or a birth date (2018, 6 2018 or 3 6 2018)."
AGE = re.compile(r"\d{1,3}\Z")
BETWEEN = re.compile(r"(\d{1,3})\s*(?:-|–|to|or)\s*(\d{1,3})\Z")
WIDEST = 5
"""Years between two ages: further apart they are more likely a date."""
_MONTH_NAMES = {
    word: number
    for number, name in enumerate(MONTHS, start=1)
    for word in (name.casefold(), name.casefold()[:3])
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Row:
    """One person as the table shows them, or an empty row."""

    number: int
    """Where it stands, from 0."""
    id: str
    """What its fields are called by: the person's key, so that what is typed never comes to stand beside somebody else."""
    key: str = ""
    label: str = ""
    age: str = ""
    role: str = ""
    home: str = ""
    relation: str = ""
    cares: str = ""
    """yes, keep where it differs by child, or empty."""
    unborn: bool = False


def rows_of(family: Family | None) -> tuple[Row, ...]:
    """Everybody who is recorded, and some empty rows."""
    people = () if family is None else family.people
    known = tuple(_row(number, person, family) for number, person in enumerate(people) if family)
    blank = max(ROWS - len(known), BLANK)
    return (*known, *(Row(number=len(known) + n, id=blank_id(n)) for n in range(blank)))


def blank_id(number: int) -> str:
    """What the fields of an empty row are called by: no person's key has a dash."""
    return f"new-{number}"


def _row(number: int, person: Person, family: Family) -> Row:
    return Row(
        number=number,
        id=person.key,
        key=person.key,
        label=person.label,
        age=age_words(person),
        role=person.role.value,
        home=", ".join(person.lives_in),
        relation=_relation(person.key, family),
        cares=_cares(person, family),
        unborn=person.is_unborn,
    )


def age_words(person: Person) -> str:
    """An age or a birth date as it is typed into the table."""
    if person.due:
        return f"due {_date_words(person.due)}"
    if person.age_between:
        low, high = person.age_between
        return str(low) if low == high else f"{low}-{high}"
    return _date_words(str(person.born))


def _date_words(said: str) -> str:
    return " ".join(str(int(part)) for part in reversed(said.split("-")))


def _others(key: str, family: Family) -> list[str]:
    return [child.key for child in family.children if child.key != key]


def _relation(key: str, family: Family) -> str:
    kinds = {r.child: r.kind.value for r in family.relations if r.person == key}
    said = {kinds.get(child, "") for child in _others(key, family)}
    return said.pop() if len(said) == 1 else (KEEP if said else "")


def _cares(person: Person, family: Family) -> str:
    others = set(_others(person.key, family))
    caring = others & set(person.cares_for)
    return "" if not caring else ("yes" if caring == others else KEEP)


def said_age(said: str) -> dict[str, Any]:
    """What somebody typed as an age or a birth date, as the fields of a person. Raises InvalidRecord."""
    words = said.strip().casefold()
    if AGE.match(words):
        years = int(words)
        return {"born": "unknown", "age_between": (years, years)}
    if both := BETWEEN.match(words):
        low, high = int(both[1]), int(both[2])
        if not low <= high <= low + WIDEST:
            raise InvalidRecord(f"Give two ages not more than {WIDEST} years apart, or a date.")
        return {"born": "unknown", "age_between": (low, high)}
    if words.startswith("due"):
        raise InvalidRecord(
            "For a baby who is not born yet use “Add a person” below: it asks who is pregnant."
        )
    parts = re.split(r"[\s./-]+", words)
    parts = [str(_MONTH_NAMES.get(part, part)) for part in parts]
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        raise InvalidRecord(HOW_TO)
    if len(parts[0]) == 4 and len(parts) == 2:
        raise InvalidRecord("Write the month first, such as 6 2018, or the two ages.")
    if len(parts[0]) != 4:
        parts.reverse()
    if len(parts[0]) != 4:
        raise InvalidRecord(f"Write the year with four figures. {HOW_TO}")
    born = "-".join((parts[0], *(part.zfill(2) for part in parts[1:])))
    try:
        read_day(born)
    except InvalidRecord:
        raise InvalidRecord(f"That is no date. {HOW_TO}") from None
    return {"born": born}


def read_people(
    fields: Fields,
    family: Family | None,
    assessed: datetime.date,
    gone: frozenset[str] = frozenset(),
) -> "Table":
    """Everybody in the table. Raises FieldMistakes with what is wrong in each row.

    `gone` are keys of people who were taken out and may come back: nobody else gets them.
    """
    form = FieldReader("people", fields)
    known_people = () if family is None else family.people
    taken = {person.key for person in known_people} | gone
    shared_home = form.text("home_all")
    places = [*((p.key, p) for p in known_people), *((blank_id(n), None) for n in range(MOST_ROWS))]
    rows: list[tuple[Person, str, str]] = []
    to_children: list[str] = []
    for number, (row, known) in enumerate(places):
        cells = {name: form.text(f"{name}_{row}") for name in CELLS}
        if known is None and not any(cells[name] for name in CELLS if name != "role"):
            continue
        if known is not None and f"label_{row}" not in fields:
            continue
        place = Place(row=row, number=number, known=known)
        person = _person(form, place, cells, taken, shared_home, assessed)
        if person is not None:
            taken.add(person.key)
            rows.append((person, cells["relation"], cells["cares"]))
            if cells["relation"] not in ("", KEEP) or cells["cares"] == "yes":
                to_children.append(f"relation_{row}")
    if not rows and not form.mistakes:
        form.mistakes[f"label_{blank_id(0)}"] = (
            "Row 1: give at least one person a label and an age."
        )
    if to_children and not form.mistakes and not any(p.is_child for p, _, _ in rows):
        form.mistakes[to_children[0]] = "There is no child in the table yet. Add the children too."
    if form.mistakes:
        raise FieldMistakes("people", form.mistakes)
    return Table(rows=tuple(rows))


def read_start(fields: Fields, today: datetime.date) -> Family:
    """A new family from the table. Raises FieldMistakes with all that is wrong."""
    form = FieldReader("people", fields)
    label = form.needed(
        "family_label", "Give the family a label, for example “The Larkfield family”."
    )
    try:
        table = read_people(fields, None, today)
    except FieldMistakes as mistakes:
        raise FieldMistakes("people", {**form.mistakes, **mistakes.by_field}) from None
    invented = "yes" in form.texts("invented")
    return form.build(lambda: table.start(label, today, invented=invented), "family_label")


@dataclass(frozen=True, kw_only=True, repr=False)
class Place:
    """One row while it is read: what its fields are called by, where it stands, and who stood in it."""

    row: str
    number: int
    known: Person | None


def _person(
    form: FieldReader,
    place: Place,
    cells: Mapping[str, str],
    taken: set[str],
    shared_home: str,
    assessed: datetime.date,
) -> Person | None:
    """The person of one row; None where something is wrong in it, which is then said in the form."""
    known = place.known

    def wrong(name: str, says: str) -> None:
        form.mistakes[f"{name}_{place.row}"] = (
            f"Row {place.number + 1}: {says[0].lower()}{says[1:]}"
        )

    if not cells["label"]:
        wrong("label", "Give a label, or empty the row; to take somebody out, use Remove below.")
        return None
    if known is not None and known.is_unborn:
        return replace(known, label=cells["label"])
    try:
        lives_in = homes_said(cells["home"] or ("" if known else shared_home), known)
    except InvalidRecord as refused:
        wrong("home", str(refused))
        return None
    try:
        if known is not None and cells["age"] == age_words(known):
            age: dict[str, Any] = {"born": known.born, "age_between": known.age_between}
        else:
            age = {"age_between": None, **said_age(cells["age"])}
        role = _role(age, cells["role"], assessed)
        if known is not None:
            person = replace(known, label=cells["label"], lives_in=lives_in, role=role, **age)
        else:
            key = key_for(cells["label"], frozenset(taken))
            person = Person(key=key, label=cells["label"], role=role, lives_in=lives_in, **age)
    except InvalidRecord as refused:
        wrong("age", str(refused))
        return None
    for name, says in age_mistakes(person, assessed).items():
        wrong({"born": "age"}.get(name, name), says)
    if person.is_child and cells["relation"] not in ("", KEEP) and known is None:
        wrong(
            "relation",
            f"{person.label} is a child. What a child is to each other child stands in “Change”.",
        )
    return person


def _role(age: Mapping[str, Any], said: str, assessed: datetime.date) -> Role:
    """Child or adult: as it was said, or else by the age. Raises InvalidRecord where it could be either."""
    if said in set(Role):
        return Role(said)
    somebody = Person(key="x", label="x", role=Role.ADULT, **age)
    low, high = somebody.age_in_months(assessed, assessed)
    if low < ADULT_FROM_MONTHS <= high:
        raise InvalidRecord("At that age somebody may be a child or an adult: choose which.")
    return Role.ADULT if low >= ADULT_FROM_MONTHS else Role.CHILD


@dataclass(frozen=True, kw_only=True, repr=False)
class Table:
    """What the table says of everybody in it."""

    rows: tuple[tuple[Person, str, str], ...]
    """Each person with what they are to the children and whether they care for them: a value, empty, or keep."""

    def start(self, label: str, assessed: datetime.date, *, invented: bool) -> Family:
        """A new family of these people."""
        people = tuple(person for person, _, _ in self.rows)
        bare = Family(label=label, assessed=assessed.isoformat(), people=people, invented=invented)
        return self.done_to(bare)

    def done_to(self, family: Family) -> Family:
        """The family with these people, new ones last. What a row leaves as it is stays, child by child."""
        new = {person.key: person for person, _, _ in self.rows}
        before = {person.key for person in family.people}
        people = [new.get(p.key, p) for p in family.people]
        people += [person for key, person in new.items() if key not in before]
        children = [p.key for p in people if p.is_child]
        relations = list(family.relations)
        for person, relation, cares in self.rows:
            if person.is_unborn:
                continue
            others = [child for child in children if child != person.key]
            if relation not in (KEEP, _relation(person.key, family)):
                relations = [r for r in relations if r.person != person.key]
                relations += _relations(person.key, relation, others, family)
            place = people.index(person)
            if cares not in (KEEP, _cares_before(person.key, family)):
                people[place] = replace(person, cares_for=tuple(others) if cares else ())
        return family.with_changes(people=tuple(people), relations=tuple(relations))


def _cares_before(key: str, family: Family) -> str:
    person = next((p for p in family.people if p.key == key), None)
    return _cares(person, family) if person else ""


def _relations(key: str, relation: str, children: list[str], family: Family) -> Iterator[Relation]:
    """One relation to every child; what was said of parental responsibility stays."""
    responsible = {r.child: r.parental_responsibility for r in family.relations if r.person == key}
    if relation in set(RelationKind):
        for child in children:
            yield Relation(
                person=key,
                child=child,
                kind=RelationKind(relation),
                parental_responsibility=responsible.get(child),
            )
