"""A family as a notebook sees it: of an invented one its people and needs, of a real one counts and nothing else."""

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from cpassist.family.family import Family
from cpassist.notebook.catalogue_shown import NotebookCatalogue, about
from cpassist.notebook.shown import Cell, CellTable, Shown, counted, frame
from cpassist.words.family import BASIS_IN_A_SENTENCE, LEVEL_WORDS

if TYPE_CHECKING:
    import pandas as pd

NEEDS = {
    "person": "category",
    "need": "category",
    "level": "Int8",
    "basis": "category",
    "when": "category",
    "harmed_by": "object",
    "affects": "object",
}
PEOPLE = {
    "person": "string",
    "child": "boolean",
    "age_low": "Int16",
    "age_high": "Int16",
    "lives_in": "object",
    "cares_for": "object",
}
NOT_SHOWN = "This is a real family, so nothing else is shown: a notebook keeps what it shows."


class NotebookFamily(Shown):
    """One family as assessed. `record` is the family itself, `catalogue` what its needs were read against."""

    def __init__(self, record: Family, catalogue: NotebookCatalogue) -> None:
        self.record, self.catalogue = record, catalogue

    @property
    def is_real(self) -> bool:
        """Whether it is not said to be invented."""
        return not self.record.invented

    @cached_property
    def needs(self) -> "pd.DataFrame":
        """One row a need: person, need, level (0 to 3, NA where not rated), basis, when, harmed_by, affects; keys, no words."""
        return self.frame()

    def frame(self, *, words: bool = False) -> "pd.DataFrame":
        """The needs; with `words=True` also what was seen (`says`) and who saw it (`seen_by`)."""
        columns = NEEDS | ({"says": "string", "seen_by": "string"} if words else {})
        rows = (
            (
                n.person,
                n.need,
                n.level,
                n.basis.value,
                n.when.value,
                n.harmed_by,
                n.affects,
                *((n.says, n.seen_by) if words else ()),
            )
            for n in self.record.needs
        )
        return self.frame_of(columns, rows)

    @cached_property
    def people(self) -> "pd.DataFrame":
        """One row a person: person, child, age_low and age_high (whole months on the day of assessment), lives_in, cares_for."""
        family = self.record
        rows = [
            (p.key, p.is_child, *family.age(p.key, family.assessed_on), p.lives_in, p.cares_for)
            for p in family.people
        ]
        return self.frame_of(PEOPLE, rows)

    def frame_of(self, columns: dict[str, str], rows: object) -> "pd.DataFrame":
        described = about(self.catalogue.record) | {"family": self.record.fingerprint()}
        return frame(columns, rows, described, real=self.is_real)  # type: ignore[arg-type]

    def cell(self) -> Cell:
        family, catalogue = self.record, self.catalogue.record
        adults, children = family.adults, family.children
        counts = ", ".join(
            (
                counted(adults, "adult"),
                counted(children, "child", "children"),
                counted(family.needs, "need"),
            )
        )
        if self.is_real:
            return Cell(title=counts, note=NOT_SHOWN)
        levels = Counter(need.level for need in family.needs)
        by_level = ", ".join(
            f"{LEVEL_WORDS[level]} {levels[level]}"
            for level in sorted(levels, key=lambda one: -1 if one is None else -one)
        )
        return Cell(
            title=f"{family.label} (invented)",
            facts=(("Who", counts), ("How much help", by_level or "no need is recorded")),
            tables=(
                CellTable(
                    caption="People",
                    head=("Key", "Label", "Role", "Age in years"),
                    rows=tuple(
                        (p.key, p.label, "child" if p.is_child else "adult", self._years(p.key))
                        for p in family.people
                    ),
                    rest=".people",
                    folded=False,
                ),
                CellTable(
                    caption="Needs",
                    head=("Person", "Need", "Key", "Level", "How it is known"),
                    rows=tuple(
                        (
                            n.person,
                            catalogue.label(n.need),
                            n.need,
                            LEVEL_WORDS[n.level],
                            BASIS_IN_A_SENTENCE[n.basis],
                        )
                        for n in family.needs
                    ),
                    rest=".needs",
                ),
            ),
        )

    def _years(self, person: str) -> str:
        if self.record.person(person).is_unborn:
            return "not born yet"
        low, high = (months // 12 for months in self.record.age(person, self.record.assessed_on))
        return str(low) if low == high else f"{low} to {high}"
