"""The widgets for a cell: a family to rate, its package, its graph, a table of evidence, the gap map.

They compose with ipywidgets (`VBox`, `Tab`, `interact`) and are joined with traitlets: `traitlets.dlink((table, "selected"),
(graph, "selected"))`. What they hold of a case is in no synced trait, so a saved notebook holds none of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import traitlets as tl

from cpassist.drawing.support_graph import draw_graph
from cpassist.drawing.templating import template
from cpassist.errors import CpassistError, Mistakes
from cpassist.family.changes import with_need
from cpassist.family.vocabulary import ActionLevel
from cpassist.notebook import api
from cpassist.notebook.asked_for import known_key
from cpassist.notebook.catalogue_shown import Matches, NotebookCatalogue, NotebookGapMap
from cpassist.notebook.family_shown import NotebookFamily
from cpassist.notebook.package_shown import NotebookPackage
from cpassist.notebook.shown import Cell, CellTable
from cpassist.ui.cells.drawn import DrawnInACell
from cpassist.ui.frame.rendered import STATIC as FRAME
from cpassist.words.family import LEVEL_WORDS
from cpassist.words.package import BECAUSE_WORDS

__all__ = ["EvidenceTable", "FamilyForm", "GapMapView", "PackageView", "SupportGraph"]

NOTHING = ("", "any")
NOT_RATED = "not_rated"
AGES = (("-0.5", "before birth"), *((str(age), f"{age} years") for age in range(18)))


class FamilyForm(DrawnInACell):
    """The needs of a family, each with its level to choose; `family` is the family as it stands now.

    `family` is whatever `cp.family` reads. `mistakes` are the sentences of what was refused last.
    """

    family = tl.Instance(NotebookFamily)
    mistakes = tl.Tuple()

    def __init__(self, family: Any) -> None:
        super().__init__()
        self.family = api.family(family)
        self.observe(self.show, "family")

    def drawn(self) -> Cell:
        record = self.family.record
        none = () if record.needs else ("No need is recorded.",)
        title = f"{record.label}{' (invented)' if record.invented else ''}"
        return Cell(
            title=title, says=none, note="Each level that is chosen makes another family: .family"
        )

    def fields(self) -> tuple[Mapping[str, Any], ...]:
        record, catalogue = self.family.record, self.family.catalogue.record
        options = (
            (NOT_RATED, LEVEL_WORDS[None]),
            *((str(int(level)), LEVEL_WORDS[level]) for level in ActionLevel),
        )
        return tuple(
            {
                "name": f"{n.person}:{n.need}",
                "label": f"{record.label_of(n.person)}: {catalogue.label(n.need).lower()}",
                "value": NOT_RATED if n.level is None else str(int(n.level)),
                "options": options,
                "hint": n.says,
            }
            for n in record.needs
        )

    def choose(self, field: str, value: str) -> None:
        person, _, need = field.partition(":")
        found = self.family.record.need(person, need)
        level = None if value == NOT_RATED else ActionLevel(int(value))
        self.mistakes = ()
        try:
            if found is None:
                raise Mistakes((f"{person} has no need {need} any more.",))
            changed = with_need(self.family.record, replace(found, level=level))
        except CpassistError as told:
            self.mistakes = tuple(str(told).split("\n"))
            raise
        self.family = NotebookFamily(changed, self.family.catalogue)


class _OfAPackage(DrawnInACell):
    """What draws a package and lets something in it be picked."""

    package = tl.Instance(NotebookPackage)
    selected = tl.Unicode("")
    """What is picked: an offer's key, or that of a kind of help."""

    def __init__(self, package: Any) -> None:
        super().__init__()
        self.package = package if isinstance(package, NotebookPackage) else api.plan(package)
        self.observe(self.show, ["package", "selected"])

    def picked(self) -> str:
        return str(self.selected)

    def pick(self, key: str) -> None:
        self.selected = key


class PackageView(_OfAPackage):
    """A package: gaps, offers, weeks. `package` is what `cp.plan` gives, or whatever it reads."""

    def drawn(self) -> Cell:
        return self.package.whole()  # type: ignore[no-any-return]


class SupportGraph(_OfAPackage):
    """From needs to help as a picture, for one person (`shown`, a key) or for everybody; `selected` is a kind of help."""

    _css = FRAME / "page.css"
    shown = tl.Unicode("")
    """Whose path is dark: a person's key; empty: everybody's."""

    def __init__(self, package: Any) -> None:
        super().__init__(package)
        self.observe(self.show, "shown")

    def fields(self) -> tuple[Mapping[str, Any], ...]:
        people = tuple((p.key, p.label) for p in self.package.family.record.people)
        return (
            {
                "name": "shown",
                "label": "For whom",
                "value": self.shown,
                "options": (("", "Everyone"), *people),
            },
        )

    def choose(self, field: str, value: str) -> None:
        assert field == "shown"
        self.shown = value

    def _picture(self) -> Any:
        people = {p.key for p in self.package.family.record.people}
        first = self.shown if self.shown in people else ""
        return draw_graph(self.package.matching, self.package.record, first)

    def picture(self) -> str:
        picture = self._picture()
        boxes = {box.key for box in picture.boxes}
        node = f"help:{self._help()}" if f"help:{self._help()}" in boxes else ""
        lit = picture.lit(self.shown) if self.shown else frozenset(boxes)
        if node and node not in lit:
            lit = picture.lit(node)
        return template("cell_graph.html.j2").render(picture=picture, lit=lit, node=node)

    def _help(self) -> str:
        return str(self.selected).partition(":")[0]

    def known(self) -> frozenset[str]:
        return frozenset(box.key for box in self._picture().boxes)

    def pick(self, key: str) -> None:
        self.selected = key.removeprefix("help:") if key.startswith("help:") else ""

    def drawn(self) -> Cell:
        """What became of the kind of help that is picked, need by need."""
        package, help_ = self.package, self._help()
        title = package.catalogue.record.interventions.get(help_)
        if title is None:
            return Cell(
                title="From needs to what could help",
                note="Choose a kind of help to see what became of it.",
            )
        rows = [
            (package.whose(a.person, a.need), "Proposed", o.says)
            for o in package.record.offers
            for a in o.answers
            if o.intervention == help_
        ]
        rows += [
            (package.whose(s.person, s.need), BECAUSE_WORDS[s.because], s.says)
            for s in package.record.set_aside
            if s.intervention == help_
        ]
        table = CellTable(
            caption="What became of it",
            head=("Whose need", "What became of it", "In words"),
            rows=tuple(rows),
            folded=False,
        )
        return Cell(title=title.title, tables=(table,))


class EvidenceTable(DrawnInACell):
    """Kinds of help that answer what is asked. `filters` as `cp.evidence` takes them; `matches` is what it gives."""

    filters = tl.Dict()
    matches = tl.Instance(Matches)
    selected = tl.Unicode("")
    """The kind of help that is picked, by its key."""

    def __init__(self, *, catalogue: NotebookCatalogue | None = None, **filters: Any) -> None:
        super().__init__()
        self._catalogue = catalogue or api.catalogue()
        self.matches = api.evidence(catalogue=self._catalogue, **filters)
        self.filters = dict(filters)
        self.observe(self._ask, "filters")
        self.observe(self.show, ["matches", "selected"])

    def _ask(self, _: object) -> None:
        self.matches = api.evidence(catalogue=self._catalogue, **self.filters)

    def drawn(self) -> Cell:
        return self.matches.cell()  # type: ignore[no-any-return]

    def fields(self) -> tuple[Mapping[str, Any], ...]:
        needs = tuple((n.key, n.label) for n in self._catalogue.record.need_types.values())
        age = self.filters.get("age")
        return (
            {
                "name": "need",
                "label": "Need",
                "value": self.filters.get("need") or "",
                "options": (NOTHING, *needs),
            },
            {
                "name": "age",
                "label": "Age",
                "value": "" if age is None else f"{age:g}",
                "options": (NOTHING, *AGES),
            },
        )

    def choose(self, field: str, value: str) -> None:
        said = {key: one for key, one in self.filters.items() if key != field}
        if value:
            said[field] = float(value) if field == "age" else value
        self.filters = said

    def picked(self) -> str:
        return str(self.selected)

    def pick(self, key: str) -> None:
        self.selected = key


class GapMapView(DrawnInACell):
    """Where something is known and where nobody has looked; `cell` is the need that is picked, by its key."""

    cell = tl.Unicode("")

    def __init__(
        self, need: str | None = None, *, catalogue: NotebookCatalogue | None = None
    ) -> None:
        super().__init__()
        self._map: NotebookGapMap = api.gap_map(need, catalogue=catalogue)
        self.observe(self.show, "cell")

    def drawn(self) -> Cell:
        shown = self._map.cell()
        rows = (self._map.record.children, self._map.record.adults)
        tables = [
            replace(table, picks=tuple(row.need for row in those), folded=False)
            for table, those in zip(shown.tables, [one for one in rows if one], strict=True)
        ]
        return replace(shown, tables=tuple(tables))

    def picked(self) -> str:
        return str(self.cell)

    def pick(self, key: str) -> None:
        self.cell = known_key(
            key,
            (row.need for row in (*self._map.record.children, *self._map.record.adults)),
            "need",
        )
