"""A package as a notebook sees it: frames, the graph, why something is in it or not, and what would differ if."""

import datetime
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cpassist.catalogue.records import Availability
from cpassist.drawing.standing_alone import weeks_svg
from cpassist.notebook.asked_for import known_key
from cpassist.notebook.catalogue_shown import NotebookCatalogue, about
from cpassist.notebook.family_shown import NOT_SHOWN, NotebookFamily
from cpassist.notebook.shown import CERTAINTY, Cell, CellTable, Shown, counted, frame
from cpassist.planning.asking_why.explain import Explained, explain
from cpassist.planning.asking_why.to_ask import how_many
from cpassist.planning.matching.matching import Matching
from cpassist.planning.matching.support_graph import support_graph
from cpassist.planning.package.offers import names
from cpassist.planning.package.package import SupportPackage
from cpassist.planning.proposal import propose_with_matching
from cpassist.plans.compare import Change, package_changes
from cpassist.words.evidence import CERTAINTY_WORDS, FIT_WORDS
from cpassist.words.package import BECAUSE_WORDS, GAP_WORDS

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

NOTHING_DIFFERS = (
    "Nothing in the package would differ. That does not mean that it does not matter: see what waits for answers, and "
    ".frame for safety steps and what is set aside."
)
PEOPLE_DECIDE = "A proposal. People decide; the tool never does."
OFFERS = {
    "offer": "string",
    "intervention": "category",
    "person": "category",
    "need": "category",
    "level": "Int8",
    "certainty": CERTAINTY,
    "age_fit": "category",
    "phase": "category",
    "starts_week": "Int16",
    "weeks_low": "Int16",
    "weeks_high": "Int16",
    "minutes_per_week": "Int32",
    "assumed": "boolean",
    "wait_weeks": "Int16",
    "available": "category",
}
COLUMNS_APART = 4.0
"""Between people, needs and help in the positions of the graph, in no unit."""


class NotebookPackage(Shown):
    """What is proposed for one family. `record` is the package itself, `matching` what it was chosen from."""

    def __init__(
        self, family: NotebookFamily, here: Mapping[str, Availability] | None, on: datetime.date
    ) -> None:
        self.family, self.here, self.on = family, here, on
        self.matching: Matching
        self.record: SupportPackage
        self.matching, self.record = propose_with_matching(
            family.record, family.catalogue.record, here, on
        )

    @property
    def catalogue(self) -> NotebookCatalogue:
        return self.family.catalogue

    def frame_of(self, columns: dict[str, Any], rows: Any) -> "pd.DataFrame":
        described = about(self.catalogue.record) | {
            "family": self.record.family_fingerprint,
            "planned_on": self.on.isoformat(),
        }
        return frame(columns, rows, described, real=self.family.is_real)

    @cached_property
    def offers(self) -> "pd.DataFrame":
        """One row an answer: offer, intervention, person, need, level, certainty, age_fit, phase, starts_week, weeks_low,
        weeks_high, minutes_per_week, assumed, wait_weeks (NA: not known), available.
        """
        rows = (
            (
                o.key,
                o.intervention,
                a.person,
                a.need,
                a.level,
                a.certainty.value,
                a.age_fit if a.of_child else None,
                o.phase,
                o.starts_week,
                o.weeks_low,
                o.weeks_high,
                o.minutes_per_week,
                o.load_basis == "assumed",
                o.wait_weeks,
                o.available,
            )
            for o in self.record.offers
            for a in o.answers
        )
        return self.frame_of(OFFERS, rows)

    @cached_property
    def gaps(self) -> "pd.DataFrame":
        """One row a need that no offer answers: person, need, kind, level."""
        columns = {"person": "category", "need": "category", "kind": "category", "level": "Int8"}
        rows = ((g.person, g.need, g.kind, self._level(g.person, g.need)) for g in self.record.gaps)
        return self.frame_of(columns, rows)

    @cached_property
    def set_aside(self) -> "pd.DataFrame":
        """One row a kind of help and need: intervention, person, need, because, instead."""
        columns = {
            "intervention": "category",
            "person": "category",
            "need": "category",
            "because": "category",
            "instead": "string",
        }
        rows = (
            (s.intervention, s.person, s.need, s.because, s.instead) for s in self.record.set_aside
        )
        return self.frame_of(columns, rows)

    @cached_property
    def load(self) -> "pd.DataFrame":
        """One row a person and week: person, week (from 1), minutes, assumed_minutes, limit (minutes a week; NA: not stated).

        `minutes` are those that a source states, `assumed_minutes` those that we assume: what a week asks is their sum.
        """
        columns = {
            "person": "category",
            "week": "Int16",
            "minutes": "Int32",
            "assumed_minutes": "Int32",
            "limit": "Int32",
        }
        rows = ((w.person, w.week, w.minutes, w.assumed_minutes, w.limit) for w in self.record.load)
        return self.frame_of(columns, rows)

    @cached_property
    def steps(self) -> "pd.DataFrame":
        """One row an ordinary step: step, person (NA: the family), need, kind, in_sight. No evidence of effect."""
        columns = {
            "step": "string",
            "person": "category",
            "need": "category",
            "kind": "category",
            "in_sight": "boolean",
        }
        rows = ((s.step, s.person or None, s.need, s.kind, s.in_sight) for s in self.record.steps)
        return self.frame_of(columns, rows)

    def _level(self, person: str, need: str) -> int | None:
        found = self.family.record.need(person, need)
        return None if found is None or found.level is None else int(found.level)

    @cached_property
    def graph(self) -> "nx.DiGraph[str]":
        """People, needs and help: each node with label, kind, level and pos, each edge with kind and certainty.

        `nx.draw(g, nx.get_node_attributes(g, "pos"))` and `nx.to_pandas_edgelist(g)` work on it. In a real family labels
        are keys.
        """
        import networkx as nx  # noqa: PLC0415

        made: nx.DiGraph[str] = nx.DiGraph()
        whole = support_graph(self.matching)
        rows: Counter[str] = Counter()
        columns = {"person": 0.0, "need": 1.0, "offer": 2.0, "ruled_out": 3.0}
        for node, data in whole.nodes(data=True):
            kind = data["kind"]
            label, level = self._label(kind, data)
            made.add_node(
                node,
                kind=kind,
                label=label,
                level=level,
                pos=(COLUMNS_APART * columns[kind], -float(rows[kind])),
            )
            rows[kind] += 1
        for start, end, data in whole.edges(data=True):
            made.add_edge(start, end, kind=data["kind"], certainty=data.get("certainty", ""))
        return nx.freeze(made)

    def _label(self, kind: str, data: Mapping[str, Any]) -> tuple[str, int | None]:
        catalogue = self.catalogue.record
        if kind == "person":
            person = data["person"]
            return (person.key if self.family.is_real else person.label), None
        if kind == "need":
            need = data["need"]
            return catalogue.label(need.need), None if need.level is None else int(need.level)
        key = (
            data["candidate"].intervention.key
            if kind == "offer"
            else data["ruled_out"].intervention
        )
        return catalogue.title(key), None

    @property
    def drawing(self) -> str:
        """The offers over the weeks as SVG; empty where nothing is offered, and of a real family."""
        drawn = weeks_svg(self.record, self.family.record, self.catalogue.record)
        return "" if drawn is None or self.family.is_real else drawn[0]

    def whose(self, person: str, need: str) -> str:
        """Whose need, and which."""
        return f"{self.family.record.label_of(person)}: {self.catalogue.record.label(need).lower()}"

    def counts(self) -> str:
        """How much there is of everything, which may be said of any family."""
        package = self.record
        return (
            f"{counted(package.offers, 'offer')}, {counted(package.gaps, 'gap')}, {len(package.set_aside)} set aside, "
            f"{counted(package.steps, 'ordinary step')}"
        )

    def cell(self) -> Cell:
        if self.family.is_real:
            return Cell(title=f"Support package: {self.counts()}", note=NOT_SHOWN)
        return self.whole()

    def whole(self) -> Cell:
        """All that a cell shows of it, of a real family too: for what is kept nowhere."""
        package, family, catalogue = self.record, self.family.record, self.catalogue.record
        blocking = tuple(f.says for f in package.findings if f.level == "blocks")
        return Cell(
            title=f"Support package for {family.label}{' (invented)' if family.invented else ''}",
            says=blocking,
            facts=(
                ("In it", self.counts()),
                ("Still to ask", str(how_many(package))),
                ("Before any programme", counted(package.safety_steps, "safety step")),
            ),
            tables=(
                CellTable(
                    caption="Gaps",
                    head=("Whose need", "Why no offer answers it"),
                    rows=tuple(
                        (self.whose(g.person, g.need), GAP_WORDS[g.kind]) for g in package.gaps
                    ),
                    rest=".gaps",
                    folded=False,
                ),
                CellTable(
                    caption="Offers",
                    head=("Help", "With", "For", "How sure", "Weeks"),
                    rows=tuple(
                        (
                            catalogue.title(o.intervention),
                            names(o.people, family),
                            "; ".join(
                                dict.fromkeys(self.whose(a.person, a.need) for a in o.answers)
                            ),
                            ", ".join(
                                dict.fromkeys(
                                    CERTAINTY_WORDS[a.certainty]
                                    + (f", {FIT_WORDS[a.age_fit]}" if a.of_child else "")
                                    for a in o.answers
                                )
                            ),
                            f"{o.starts_week} to {o.last_week}",
                        )
                        for o in package.offers
                    ),
                    rest=".offers",
                    folded=False,
                    picks=tuple(o.key for o in package.offers),
                ),
                CellTable(
                    caption="Set aside, by reason",
                    head=("Because", "How many"),
                    rows=tuple(
                        (BECAUSE_WORDS[key], str(n))
                        for key, n in Counter(s.because for s in package.set_aside).most_common()
                    ),
                    rest=".set_aside",
                ),
            ),
            svg=self.drawing,
            note=PEOPLE_DECIDE,
        )


class Explanation(Shown):
    """Why each kind of help is, or is not, offered for one need."""

    def __init__(self, package: NotebookPackage, person: str, need: str) -> None:
        family = package.family.record
        self.package = package
        self.person = known_key(person, (p.key for p in family.people), "person")
        self.need = known_key(
            need, (n.need for n in family.needs_of(self.person)), f"need of {self.person}"
        )
        self.rows: tuple[Explained, ...] = explain(package.record, self.person, self.need)

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """One row a kind of help: intervention, offered, because (NA where it is offered), blocked_by, instead."""
        columns = {
            "intervention": "category",
            "offered": "boolean",
            "because": "category",
            "blocked_by": "object",
            "instead": "string",
        }
        rows = (
            (r.intervention, r.offered is not None, r.because, r.blocked_by, r.instead)
            for r in self.rows
        )
        return self.package.frame_of(columns, rows)

    def cell(self) -> Cell:
        catalogue = self.package.catalogue.record
        offered = [row for row in self.rows if row.offered]
        counts = f"{len(offered)} offered, {len(self.rows) - len(offered)} set aside"
        if self.package.family.is_real:
            return Cell(title=f"Why: {counts}", note=NOT_SHOWN)
        gap = next(
            (
                g.says
                for g in self.package.record.gaps
                if (g.person, g.need) == (self.person, self.need)
            ),
            "",
        )
        sources = {
            catalogue.sources[row.source].title: catalogue.sources[row.source].read.value
            for one in offered
            for row in catalogue.interventions[one.intervention].evidence_for(self.need)
        }
        return Cell(
            title=f"Why: {self.package.whose(self.person, self.need)}",
            says=(gap,) if gap else (),
            facts=(("In short", counts),),
            tables=(
                CellTable(
                    caption="Offered",
                    head=("Help", "For what, and how sure"),
                    rows=tuple((catalogue.title(r.intervention), r.says) for r in offered),
                    folded=False,
                ),
                CellTable(
                    caption="Set aside",
                    head=("Help", "Because", "In words"),
                    rows=tuple(
                        (catalogue.title(r.intervention), BECAUSE_WORDS[str(r.because)], r.says)
                        for r in self.rows
                        if not r.offered
                    ),
                    rest=".frame",
                    folded=bool(offered),
                ),
                CellTable(
                    caption="What the offers rest on",
                    head=("Source", "How much was read"),
                    rows=tuple(sources.items()),
                ),
            ),
        )


class Comparison(Shown):
    """Two packages, and only what differs. `before` and `after` are packages."""

    def __init__(
        self, before: NotebookPackage, after: NotebookPackage, asked: tuple[str, ...] = ()
    ) -> None:
        self.before, self.after = before, after
        self.asked = asked
        """What is otherwise, in words that name the people."""
        self.changes: tuple[Change, ...] = tuple(
            package_changes(
                before.record,
                after.record,
                after.family.record,
                before.family.record,
                after.catalogue.record,
            )
        )

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """One row a difference: about (offer, gap, step, safety, aside), key, before, after; NA where it is not there.

        `safety` is what has to be done before any programme, by its rule; `aside` why a kind of help is set aside.
        """
        columns = {"about": "category", "key": "string", "before": "string", "after": "string"}
        rows: list[tuple[str, str, str | None, str | None]] = []
        for about_, old, new in (
            ("offer", _offers(self.before), _offers(self.after)),
            ("gap", _gaps(self.before), _gaps(self.after)),
            ("step", _steps(self.before), _steps(self.after)),
            ("safety", _safety(self.before), _safety(self.after)),
            ("aside", _aside(self.before), _aside(self.after)),
        ):
            keys = [key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]
            rows += [(about_, key, old.get(key), new.get(key)) for key in keys]
        return self.after.frame_of(columns, rows)

    def cell(self) -> Cell:
        sizes = (
            f"{len(self.before.record.offers)} offers before, {len(self.after.record.offers)} after"
        )
        if self.before.family.is_real or self.after.family.is_real:
            return Cell(title=f"What if: {len(self.frame)} differences, {sizes}", note=NOT_SHOWN)
        asks = (how_many(self.before.record), how_many(self.after.record))
        waits = [
            sum(s.because == "safety_not_answered" for s in one.record.set_aside)
            for one in (self.before, self.after)
        ]
        return Cell(
            title="What if",
            says=(
                *self.asked,
                *(() if self.changes else (NOTHING_DIFFERS,)),
            ),
            facts=(
                ("Offers", sizes),
                ("Still to ask", f"{asks[0]} before, {asks[1]} after"),
                ("Waits for an answer about safety", f"{waits[0]} before, {waits[1]} after"),
            ),
            tables=(
                CellTable(
                    caption="What differs",
                    head=("What", "Before", "After"),
                    rows=tuple(
                        (c.what, c.before or "not there", c.after or "not there")
                        for c in self.changes
                    ),
                    rest=".frame",
                    folded=False,
                ),
            ),
            note=PEOPLE_DECIDE,
        )


def _offers(package: NotebookPackage) -> dict[str, str]:
    return {
        o.key: f"weeks {o.starts_week} to {o.last_week}, {o.minutes_per_week} minutes a week"
        for o in package.record.offers
    }


def _gaps(package: NotebookPackage) -> dict[str, str]:
    return {f"{g.person}:{g.need}": g.kind for g in package.record.gaps}


def _safety(package: NotebookPackage) -> dict[str, str]:
    return {step.rule: "holds" for step in package.record.safety_steps}


def _aside(package: NotebookPackage) -> dict[str, str]:
    return {f"{s.intervention}:{s.person}:{s.need}": s.because for s in package.record.set_aside}


def _steps(package: NotebookPackage) -> dict[str, str]:
    return {s.key: s.kind for s in package.record.steps}
