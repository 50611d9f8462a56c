"""The catalogue as frames, one kind of help as a page of its evidence, and what two catalogues differ in."""

import datetime
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Evidence, Intervention
from cpassist.catalogue.vocabulary import Read
from cpassist.evidence.filters import Match
from cpassist.evidence.gap_map import GapMap
from cpassist.notebook.asked_for import known_key
from cpassist.notebook.shown import CERTAINTY, Cell, CellTable, Shown, counted, frame
from cpassist.planning.taking_part.age_fit import rows_for
from cpassist.words.evidence import CERTAINTY_WORDS, KIND_WORDS

if TYPE_CHECKING:
    import pandas as pd

PER_YEAR = 12
FINDING = {
    "finding": "string",
    "intervention": "string",
    "need": "category",
    "age_low": "Int16",
    "age_high": "Int16",
    "effect": "category",
    "certainty": CERTAINTY,
    "country": "category",
    "source": "string",
    "read": "category",
}
STATE_LETTERS = {"helps": "H", "no_effect": "N", "harm": "X", "unclear": "?", "gap": "–"}
LETTERS_SAID = "H something helps, or helps in part (mixed), N tested and no effect found, X something harms, ? unclear, – we read nothing. A gap is not “does not work”. Ways of working, tools, court routes and what was only recalled are not counted."


def about(catalogue: Catalogue) -> dict[str, str]:
    """From which catalogue a frame was made."""
    return {"catalogue": catalogue.version, "rules": catalogue.rules_fingerprint}


def findings_frame(
    pairs: Iterable[tuple[Intervention, Evidence]], catalogue: Catalogue
) -> "pd.DataFrame":
    """One row a finding, null and harmful ones like the others; ages in whole months, as its source gives them."""
    rows = []
    for help_, row in pairs:
        ages = rows_for(help_, row, catalogue)
        uk = row.population.uk
        rows.append(
            (
                row.id,
                help_.key,
                row.need,
                min((a.low for a in ages), default=None),
                max((a.high for a in ages), default=None),
                row.effect.value,
                row.certainty.value,
                None if uk is None else "UK" if uk else "elsewhere",
                row.source,
                row.read.value,
            )
        )
    return frame(FINDING, rows, about(catalogue))


class NotebookCatalogue(Shown):
    """Everything known and checked. `record` is the catalogue itself."""

    def __init__(self, record: Catalogue) -> None:
        self.record = record

    def cell(self) -> Cell:
        rows = [row for help_ in self.record.interventions.values() for row in help_.evidence]
        sure = Counter(row.certainty for row in rows if row.read is not Read.RECALLED)
        recalled = sum(row.read is Read.RECALLED for row in rows)
        return Cell(
            title=f"Catalogue of {self.record.version}",
            facts=(
                ("Kinds of help", str(len(self.record.interventions))),
                ("Needs", str(len(self.record.need_types))),
                (
                    "Findings",
                    f"{len(rows)}, of which {recalled} were only recalled and decide nothing",
                ),
                (
                    "How sure",
                    ", ".join(
                        f"{CERTAINTY_WORDS[band]} {sure[band]}"
                        for band in sorted(sure, key=list(CERTAINTY_WORDS).index)
                    ),
                ),
                (
                    "Rules, questions, sources",
                    f"{len(self.record.rules)}, {len(self.record.questions)}, {len(self.record.sources)}",
                ),
                ("Frames", ".interventions .evidence .needs .rules .sources"),
            ),
        )

    def intervention(self, key: str) -> "InterventionPage":
        """One kind of help. Raises Mistakes with the nearest three keys on a miss."""
        found = known_key(key, self.record.interventions, "kind of help")
        return InterventionPage(self.record.interventions[found], self.record)

    @cached_property
    def interventions(self) -> "pd.DataFrame":
        """One row a kind of help: intervention, title, kind, phase, findings, uk_delivered, withdrawn."""
        columns = {
            "intervention": "string",
            "title": "string",
            "kind": "category",
            "phase": "category",
            "findings": "Int16",
            "uk_delivered": "boolean",
            "withdrawn": "boolean",
        }
        rows = (
            (
                i.key,
                i.title,
                i.kind.value,
                i.phase.value,
                len(i.evidence),
                i.uk_delivered,
                i.withdrawn is not None,
            )
            for i in self.record.interventions.values()
        )
        return frame(columns, rows, about(self.record))

    @cached_property
    def evidence(self) -> "pd.DataFrame":
        """One row a finding: finding, intervention, need, age_low, age_high (months), effect, certainty, country, source, read."""
        helps = self.record.interventions.values()
        return findings_frame(((i, row) for i in helps for row in i.evidence), self.record)

    @cached_property
    def needs(self) -> "pd.DataFrame":
        """One row a need: need, label, whose, domain, harm, safety, interventions (how many speak of it)."""
        columns = {
            "need": "string",
            "label": "string",
            "whose": "category",
            "domain": "category",
            "harm": "boolean",
            "safety": "boolean",
            "interventions": "Int16",
        }
        rows = (
            (
                n.key,
                n.label,
                n.whose.value,
                n.domain.value,
                n.harm,
                n.safety,
                len(self.record.speaking_of(n.key)),
            )
            for n in self.record.need_types.values()
        )
        return frame(columns, rows, about(self.record))

    @cached_property
    def rules(self) -> "pd.DataFrame":
        """One row a rule: rule, severity, says, sources, to_confirm."""
        columns = {
            "rule": "string",
            "severity": "category",
            "says": "string",
            "sources": "object",
            "to_confirm": "string",
        }
        rows = (
            (r.id, r.severity.value, r.says, r.source, r.to_confirm or None)
            for r in self.record.rules
        )
        return frame(columns, rows, about(self.record))

    @cached_property
    def sources(self) -> "pd.DataFrame":
        """One row a source: source, title, body, kind, year, read, retrieved."""
        columns = {
            "source": "string",
            "title": "string",
            "body": "string",
            "kind": "category",
            "year": "Int16",
            "read": "category",
            "retrieved": "string",
        }
        rows = (
            (s.key, s.title, s.body, s.kind, s.year, s.read.value, s.retrieved)
            for s in self.record.sources.values()
        )
        return frame(columns, rows, about(self.record))

    def differences(self, other: "NotebookCatalogue") -> "pd.DataFrame":
        """What another catalogue has otherwise: what (intervention, need, rule or source), key, change.

        `change` is added, removed, changed or withdrawn, seen from this one.
        """
        rows = []
        for what, mine, theirs in (
            ("intervention", self.record.interventions, other.record.interventions),
            ("need", self.record.need_types, other.record.need_types),
            ("rule", {r.id: r for r in self.record.rules}, {r.id: r for r in other.record.rules}),
            ("source", self.record.sources, other.record.sources),
        ):
            for key in dict.fromkeys((*mine, *theirs)):
                if key not in mine or key not in theirs:
                    rows.append((what, key, "added" if key in theirs else "removed"))
                elif mine[key] != theirs[key]:
                    gone = getattr(theirs[key], "withdrawn", None) is not None
                    was_gone = getattr(mine[key], "withdrawn", None) is not None
                    rows.append((what, key, "withdrawn" if gone and not was_gone else "changed"))
        columns = {"what": "category", "key": "string", "change": "category"}
        return frame(columns, rows, about(other.record))


class InterventionPage(Shown):
    """One kind of help with every finding about it. `record` is the intervention itself."""

    def __init__(self, record: Intervention, catalogue: Catalogue) -> None:
        self.record, self._catalogue = record, catalogue

    @property
    def frame(self) -> "pd.DataFrame":
        """Its findings, one a row, as `catalogue.evidence` has them."""
        return findings_frame(((self.record, row) for row in self.record.evidence), self._catalogue)

    def cell(self) -> Cell:
        help_, catalogue = self.record, self._catalogue
        withdrawn = (
            (f"Withdrawn on {help_.withdrawn.date}: {help_.withdrawn.because}",)
            if help_.withdrawn
            else ()
        )
        return Cell(
            title=help_.title,
            says=(*withdrawn, help_.summary),
            facts=(
                ("Kind", KIND_WORDS[help_.kind.value]),
                (
                    "In the UK",
                    {
                        True: "a source says it is or was given here",
                        False: "a source says it is not given here",
                        None: "no source says so",
                    }[help_.uk_delivered],
                ),
            ),
            tables=(
                CellTable(
                    caption="What was found",
                    head=("Need", "What was found", "How sure", "Source", "How much was read"),
                    rows=tuple(
                        (
                            catalogue.label(row.need) if row.need else "no need of ours",
                            f"{row.effect.value.replace('_', ' ')}: {row.says}",
                            CERTAINTY_WORDS[row.certainty],
                            catalogue.sources[row.source].title,
                            row.read.value,
                        )
                        for row in help_.evidence
                    ),
                    rest=".frame",
                    folded=False,
                ),
            ),
        )


class Matches(Shown):
    """The kinds of help that answer what was asked, with the findings that do."""

    def __init__(
        self, matches: tuple[Match, ...], asked: dict[str, str], catalogue: Catalogue
    ) -> None:
        self.matches, self.asked, self._catalogue = matches, asked, catalogue

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """One row a finding, no_effect and harms like the others: the columns of `catalogue.evidence`."""
        made = findings_frame(
            ((m.intervention, row) for m in self.matches for row in m.rows), self._catalogue
        )
        made.attrs["asked"] = dict(self.asked)
        return made

    def _asked_words(self) -> str:
        said = {**self.asked}
        need, months = said.pop("need", ""), said.pop("age_months", "")
        parts = [self._catalogue.label(need).lower()] if need else []
        if months:
            parts.append(
                "before birth" if int(months) < 0 else f"at {int(months) / PER_YEAR:g} years"
            )
        parts += [f"{name} {value}" for name, value in said.items()]
        return ", ".join(parts) or "everything"

    def cell(self) -> Cell:
        effects = Counter(row.effect.value for match in self.matches for row in match.rows)
        return Cell(
            title=f"{counted(self.matches, 'kind of help', 'kinds of help')}: {self._asked_words()}",
            facts=(
                (
                    "Findings",
                    ", ".join(
                        f"{words.replace('_', ' ')} {n}" for words, n in effects.most_common()
                    )
                    or "none",
                ),
            ),
            tables=(
                CellTable(
                    caption="Kinds of help",
                    head=("Help", "What was found, and how sure", "This age"),
                    rows=tuple(
                        (m.intervention.title, found_words(m.rows), m.fit.replace("_", " "))
                        for m in self.matches
                    ),
                    rest=".frame",
                    folded=False,
                    picks=tuple(m.intervention.key for m in self.matches),
                ),
            ),
            note="No evidence yet is not the same as does not work.",
        )


class NotebookGapMap(Shown):
    """Needs by a child's age: where something was found, and where nothing was read. `record` is the map itself."""

    def __init__(self, record: GapMap, catalogue: Catalogue) -> None:
        self.record, self._catalogue = record, catalogue

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """One row a need and age band: need, band, state, findings, helping, null, harming, certainty.

        Only kinds of help that can be offered are counted, and only findings that were read. `helping` counts findings
        that it helps or helps in part (mixed), `null` those of no effect; `certainty` is the surest of those that help. A
        finding counts in every band of whole years that its ages touch; `adult` is an adult's need, of no child's age.
        """
        columns = {
            "need": "category",
            "band": "category",
            "state": "category",
            "findings": "Int16",
            "helping": "Int16",
            "null": "Int16",
            "harming": "Int16",
            "certainty": CERTAINTY,
        }
        rows = (
            (
                c.need,
                c.band,
                c.state,
                c.findings,
                c.helping,
                c.null,
                c.harming,
                c.certainty.value if c.certainty else None,
            )
            for row in (*self.record.children, *self.record.adults)
            for c in row.cells
        )
        return frame(columns, rows, about(self._catalogue))

    def cell(self) -> Cell:
        bands = tuple(words for _, words in self.record.columns)
        tables = []
        if self.record.children:
            rows = tuple(
                (r.label, *(STATE_LETTERS[c.state] for c in r.cells)) for r in self.record.children
            )
            tables.append(
                CellTable(
                    caption="Children’s needs by age",
                    head=("Need", *bands),
                    rows=rows,
                    rest=".frame",
                    folded=False,
                )
            )
        if self.record.adults:
            rows = tuple((r.label, STATE_LETTERS[r.cells[0].state]) for r in self.record.adults)
            tables.append(
                CellTable(
                    caption="Adults’ needs", head=("Need", "At any age"), rows=rows, rest=".frame"
                )
            )
        return Cell(
            title="What is known, and where nobody has looked",
            says=(LETTERS_SAID,),
            tables=tuple(tables),
        )


def found_words(rows: Iterable[Evidence]) -> str:
    """What each finding found, and how sure it is: “no effect (shown once); mixed (unclear evidence)”."""
    said: Counter[str] = Counter()
    for row in rows:
        recalled = row.read is Read.RECALLED
        sure = "to be checked" if recalled else CERTAINTY_WORDS[row.certainty]
        said[f"{row.effect.value.replace('_', ' ')} ({sure})"] += 1
    return "; ".join(
        words if times == 1 else f"{words}, {times} times" for words, times in said.items()
    )


def months_of(age: object) -> int | None:
    """A child's age in whole months: a number of years, or None. Raises ValueError for anything else."""
    if age is None:
        return None
    if isinstance(age, bool) or not isinstance(age, int | float) or not -1 <= age < 18:
        raise ValueError
    return round(age * PER_YEAR)


def today() -> datetime.date:
    """The day of today here."""
    return datetime.datetime.now(tz=datetime.UTC).astimezone().date()
