"""Where there is evidence and where there is none: needs by age, what was found, and how sure it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Evidence, Intervention
from cpassist.catalogue.vocabulary import (
    CERTAINTY_ORDER,
    Certainty,
    Effect,
    Read,
    Result,
    Whose,
)
from cpassist.planning.taking_part.age_fit import rows_for
from cpassist.words.evidence import RESULT_WORDS

# Months, both ends included. The bands are ours; a finding counts in each that its ages touch.
BANDS: tuple[tuple[str, str, int, int], ...] = (
    ("unborn", "Before birth", -9, -1),
    ("0-1", "0 to 1", 0, 23),
    ("2-4", "2 to 4", 24, 59),
    ("5-7", "5 to 7", 60, 95),
    ("8-11", "8 to 11", 96, 143),
    ("12-15", "12 to 15", 144, 191),
    ("16-17", "16 and 17", 192, 215),
)
NOT_STATED = ("not_stated", "Age not stated")
HELPING = frozenset({Effect.HELPS, Effect.MIXED})


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What is known about one need at one age."""

    need: str
    band: str
    findings: int = 0
    """Findings that were read, whatever they found."""
    helping: int = 0
    null: int = 0
    harming: int = 0
    certainty: Certainty | None = None
    """The surest band of what helps; None where nothing does."""

    @property
    def is_gap(self) -> bool:
        """Nothing was read at all."""
        return self.findings == 0

    @property
    def state(self) -> str:
        """harm, helps, no_effect, unclear or gap: the first that applies."""
        if self.harming:
            return "harm"
        if self.helping:
            return "helps"
        if self.is_gap:
            return "gap"
        return "no_effect" if self.null else "unclear"


@dataclass(frozen=True, kw_only=True)
class MapRow:
    """One need, over the ages."""

    need: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class GapMap:
    """Children's needs by age, and adults' needs, which have no child's age."""

    columns: tuple[tuple[str, str], ...]
    children: tuple[MapRow, ...]
    adults: tuple[MapRow, ...]


def map_gaps(catalogue: Catalogue, needs: Iterable[str] | None = None) -> GapMap:
    """The map over the needs given, in the catalogue's order; over all of them where none is given.

    What was only remembered counts nowhere; ways of working and tools are no help and count nowhere.
    """
    wanted = frozenset(catalogue.need_types if needs is None else needs)
    kinds = [kind for key, kind in catalogue.need_types.items() if key in wanted]
    found = _findings(catalogue)
    columns = (*((key, words) for key, words, _, _ in BANDS), NOT_STATED)
    children, adults = [], []
    for kind in kinds:
        pairs = found[kind.key]
        if kind.whose is Whose.CHILD:
            cells = [
                _cell(
                    kind.key,
                    band,
                    [row for help_, row in pairs if band in bands_of(help_, row, catalogue)],
                )
                for band, _ in columns
            ]
            children.append(MapRow(need=kind.key, label=kind.label, cells=tuple(cells)))
        else:
            cell = _cell(kind.key, "adult", [row for _, row in pairs])
            adults.append(MapRow(need=kind.key, label=kind.label, cells=(cell,)))
    return GapMap(columns=columns, children=tuple(children), adults=tuple(adults))


def map_results(catalogue: Catalogue) -> GapMap:
    """Needs by what was measured, adults' needs after children's; a finding counts in each thing that it measured."""
    columns = tuple((result.value, RESULT_WORDS[result.value]) for result in Result)
    columns = (*columns, (NOT_STATED[0], RESULT_WORDS[NOT_STATED[0]]))
    found = {key: [row for _, row in pairs] for key, pairs in _findings(catalogue).items()}
    rows = []
    for kind in sorted(catalogue.need_types.values(), key=lambda k: k.whose is not Whose.CHILD):
        cells = tuple(
            _cell(kind.key, key, [row for row in found[kind.key] if key in results_of(row)])
            for key, _ in columns
        )
        rows.append(MapRow(need=kind.key, label=kind.label, cells=cells))
    return GapMap(columns=columns, children=tuple(rows), adults=())


def results_of(row: Evidence) -> tuple[str, ...]:
    """What a finding measured, by key; where it was not read, that."""
    return tuple(result.value for result in row.results_on) or (NOT_STATED[0],)


def _findings(catalogue: Catalogue) -> dict[str, list[tuple[Intervention, Evidence]]]:
    """By need what was read of help that may be offered; what was only remembered counts nowhere."""
    found: dict[str, list[tuple[Intervention, Evidence]]] = {
        key: [] for key in catalogue.need_types
    }
    for help_ in catalogue.interventions.values():
        for row in help_.evidence:
            counts = row.withdrawn is None and row.read is not Read.RECALLED
            if row.need in found and counts and help_.is_offered_kind:
                found[row.need].append((help_, row))
    return found


def bands_of(help_: Intervention, row: Evidence, catalogue: Catalogue) -> frozenset[str]:
    """The age bands that the ranges which go with a finding touch."""
    ranges = rows_for(help_, row, catalogue)
    if not ranges:
        return frozenset({NOT_STATED[0]})
    return frozenset(
        key
        for key, _, low, high in BANDS
        # By more than the month in which one ends and the other begins.
        if any(ages.low < high and low < ages.high for ages in ranges)
    )


def _cell(need: str, band: str, rows: list[Evidence]) -> Cell:
    helping = [row for row in rows if row.may_be_offered_on]
    return Cell(
        need=need,
        band=band,
        findings=len(rows),
        helping=len(helping),
        null=sum(row.effect is Effect.NO_EFFECT for row in rows),
        harming=sum(row.effect is Effect.HARMS for row in rows),
        certainty=max(
            (row.certainty for row in helping), key=CERTAINTY_ORDER.__getitem__, default=None
        ),
    )
