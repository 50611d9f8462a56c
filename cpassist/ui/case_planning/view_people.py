"""People, needs and lines as the templates show them."""

import datetime
from collections.abc import Iterable
from typing import Any

from cpassist.family.records import Need, Person
from cpassist.family.vocabulary import (
    OUTSIDE_FAMILY,
    UNKNOWN_HARMER,
    RelationKind,
    day_words,
)
from cpassist.planning.package.offers import listed, names
from cpassist.planning.package.package import Finding
from cpassist.ui.case_planning.needs_grid import can_have, grids
from cpassist.ui.case_planning.people_table import rows_of
from cpassist.ui.case_planning.state import CaseState
from cpassist.words.family import BASIS_WORDS, DOMAIN_WORDS, RELATION_WORDS, WHEN_WORDS

# Findings about who somebody is, which the first step can answer.
ABOUT_PEOPLE = ("carer_not_recorded", "age_not_sure", "birth_overdue")


class People:
    """What the templates ask about people."""

    def __init__(self, state: CaseState) -> None:
        self.state = state
        self.family = state.family
        self.catalogue = state.catalogue
        self.on: datetime.date = state.package.planned_on

    def context(self) -> dict[str, Any]:
        family = self.family
        born = [p for p in family.people if not p.is_unborn]
        return {
            "age_of": self.age_of,
            "short_age": self.short_age,
            "about_person": self.about,
            "counts_of": self.counts,
            "person_of": self.person,
            "children_except": lambda key: [c for c in family.children if c.key != key],
            "relation_of": self.relation,
            "has_responsibility": self.has_responsibility,
            "lines_of": self.lines,
            "label": family.label_of,
            "title_of": self.title,
            "need_meta": self.need_meta,
            "need_options": self.need_options,
            "harmer_options": self.harmer_options,
            "child_options": lambda person: [
                (c.key, c.label) for c in family.children if c.key != person.key
            ],
            "people_options": [(p.key, p.label) for p in born],
            "born_options": [(p.key, p.label) for p in born],
            "born": born,
            "help_options": [
                (i.key, i.title)
                for i in sorted(self.catalogue.interventions.values(), key=lambda i: i.title)
                if i.is_offered_kind
            ],
            "next_person": self.next_person(),
            "people_rows": rows_of(family) if self.state.step == "family" else (),
            "needs_grids": grids(family, self.catalogue) if self.state.step == "needs" else (),
            "children_options": [(c.key, c.label) for c in family.children],
            "event_options": [(event.key, event.label) for event in self.catalogue.events],
            "did_options": [
                *((p.key, p.label) for p in born),
                (OUTSIDE_FAMILY, "Somebody outside the family"),
                (UNKNOWN_HARMER, "Not known"),
            ],
            "asks_here": [
                f
                for f in self._asks(
                    "not_rated", "harmer_not_recorded", "child_not_considered", *ABOUT_PEOPLE
                )
                if self.state.chosen.get("person") in f.about
            ],
            "asks_of_people": self._asks(*ABOUT_PEOPLE),
            "day_words": day_words,
        }

    def _asks(self, *codes: str) -> list[Finding]:
        return [f for f in self.state.package.findings if f.level == "asks" and f.code in codes]

    def person(self, key: str | None) -> Person | None:
        return next((p for p in self.family.people if p.key == key), None)

    def title(self, key: str | None) -> str:
        help_ = self.catalogue.interventions.get(key or "")
        return help_.title if help_ else "Help that the catalogue does not hold"

    def age_of(self, person: Person) -> str:
        """As people say it: "3 years 6 months", "13 to 15", "not born yet, due February 2027"."""
        if person.due:
            return f"not born yet, due {day_words(person.due)}"
        low, high = self.family.age(person.key, self.on)
        if high - low > 23 or (person.born == "unknown"):
            return (
                f"{low // 12} to {high // 12} years, birth date not known"
                if low // 12 != high // 12
                else f"{low // 12} years"
            )
        if high < 24:
            return f"{high} month{'' if high == 1 else 's'}"
        if person.is_child and high - low <= 1:
            years, months = divmod(high, 12)
            return f"{years} years{f' {months} month' if months else ''}{'s' if months > 1 else ''}"
        return (
            f"{high // 12} years"
            if low // 12 == high // 12
            else f"{low // 12} or {high // 12} years"
        )

    def short_age(self, person: Person) -> str:
        if person.due:
            return "not born yet"
        low, high = self.family.age(person.key, self.on)
        if high < 24:
            return f"{high} month{'' if high == 1 else 's'}"
        if low // 12 == high // 12:
            return f"{high // 12}"
        return f"{low // 12} {'or' if high // 12 - low // 12 == 1 else 'to'} {high // 12}"

    def about(self, person: Person) -> str:
        """Where somebody lives and with whom, in words."""
        family = self.family
        if person.is_unborn:
            return f"carried by {family.label_of(str(person.carried_by))}"
        with_ = [
            o.key
            for o in family.people
            if o.key != person.key and not o.is_unborn and set(o.lives_in) & set(person.lives_in)
        ]
        alone = not with_ and person.lives_in and len(family.people) > 1
        parts = [
            *self._bonds(person, with_),
            *(["lives with nobody else recorded here"] if alone else []),
            *([] if person.lives_in else ["home not recorded"]),
        ]
        if person.placement and person.placement.value not in {"parents", "unknown"}:
            parts.append(
                f"in {person.placement.value} care"
                if person.placement.value in {"foster", "kinship", "residential"}
                else person.placement.value
            )
        parts += [item.value.replace("_", " ") for item in person.legal if item.value != "none"]
        return ", ".join(parts)

    def _bonds(self, person: Person, home: Iterable[str]) -> list[str]:
        """What somebody is and does to whom, each set of people named once."""
        mine = [r for r in self.family.relations if r.person == person.key]
        bonds: list[tuple[str, str]] = [
            *(
                (
                    f"{RELATION_WORDS[r.kind.value]} {'to' if r.kind is RelationKind.OTHER else 'of'}",
                    r.child,
                )
                for r in mine
            ),
            *(
                ("with parental responsibility for", r.child)
                for r in mine
                if r.parental_responsibility
            ),
            *(("cares for", child) for child in person.cares_for),
            *(("lives with", other) for other in home),
        ]
        whom: dict[str, list[str]] = {}
        for words, other in bonds:
            whom.setdefault(words, []).append(other)
        sets: dict[tuple[str, ...], list[str]] = {}
        for words, others in whom.items():
            sets.setdefault(tuple(sorted(others)), []).append(words)
        return [f"{listed(words)} {names(others, self.family)}" for others, words in sets.items()]

    def counts(self, person: Person) -> str:
        strengths = sum(s.person == person.key for s in self.family.strengths)
        needs = self.family.needs_of(person.key)
        ask = sum(n.level is None for n in needs)
        parts = [
            f"{strengths} strength{'' if strengths == 1 else 's'}",
            f"{len(needs)} need{'' if len(needs) == 1 else 's'}",
        ]
        if ask:
            parts.append(f"{ask} to ask")
        return ", ".join(parts)

    def next_person(self) -> Person | None:
        people: list[Person] = [*self.family.children, *self.family.adults]
        keys = [p.key for p in people]
        chosen = self.state.chosen.get("person")
        index = keys.index(chosen) if chosen in keys else len(keys)
        if index + 1 < len(people):
            return people[index + 1]
        left: tuple[Person, ...] = self.state.not_looked_at()
        return next((p for p in left if p.key != chosen), None)

    def relation(self, person: Person | None, child: Person) -> str:
        found = [
            r
            for r in self.family.relations
            if person and r.person == person.key and r.child == child.key
        ]
        return found[0].kind.value if found else ""

    def has_responsibility(self, person: Person | None, child: Person) -> bool:
        return any(
            r.parental_responsibility
            for r in self.family.relations
            if person and r.person == person.key and r.child == child.key
        )

    def lines(self, group: str, person: str | None = None) -> list[tuple[int, Any]]:
        return [
            (i, line)
            for i, line in enumerate(getattr(self.family, group))
            if person is None or line.person == person
        ]

    def need_options(self, person: Person) -> list[tuple[str, list[tuple[str, str]]]]:
        """The needs this person can have and has not, by domain: a young parent may have a parent's."""
        taken = {n.need for n in self.family.needs_of(person.key)}
        kinds = [
            kind
            for kind in self.catalogue.need_types.values()
            if kind.key not in taken and can_have(person, kind, self.family)
        ]
        grouped = [
            (words, [(t.key, t.label) for t in kinds if t.domain is domain])
            for domain, words in DOMAIN_WORDS.items()
        ]
        return [(words, within) for words, within in grouped if within]

    def harmer_options(self, person: Person) -> list[tuple[str, str]]:
        people = [
            (p.key, p.label) for p in self.family.people if p.key != person.key and not p.is_unborn
        ]
        return [
            *people,
            (OUTSIDE_FAMILY, "Somebody outside the family"),
            (UNKNOWN_HARMER, "Not known"),
        ]

    def harmers(self, need: Need) -> str:
        words = {
            OUTSIDE_FAMILY: "somebody outside the family",
            UNKNOWN_HARMER: "somebody not known",
        }
        return ", ".join(words.get(k) or self.family.label_of(k) for k in need.harmed_by or ())

    def need_meta(self, need: Need) -> str:
        parts = [BASIS_WORDS[need.basis.value], WHEN_WORDS[need.when.value]]
        if need.harmed_by:
            parts.append(f"harm done by {self.harmers(need)}")
        elif self.catalogue.need_types[need.need].harm:
            parts.append("nobody has said who causes it")
        if need.affects:
            parts.append(f"affects {names(need.affects, self.family)}")
        if need.scale:
            parts.append(
                f"{need.scale.name} {need.scale.value}"
                + (f", {need.scale.date}" if need.scale.date else "")
            )
        if need.seen_by:
            parts.append(f"seen by {need.seen_by}" + (f", {need.seen_on}" if need.seen_on else ""))
        return " · ".join(parts)
