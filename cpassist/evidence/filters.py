"""Asks the catalogue: which kinds of help answer a set of wishes, and how many would answer each other wish."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Evidence, Intervention
from cpassist.catalogue.records import Availability
from cpassist.catalogue.vocabulary import CERTAINTY_ORDER, Certainty, Effect, Read
from cpassist.evidence.gap_map import bands_of, results_of
from cpassist.planning.taking_part.age_fit import age_fit, carrying

NOT_STATED = "not_stated"
ANY_AGE = "any"
# Settings are written in the words of each source; these words tell where it is.
SETTINGS: Mapping[str, tuple[str, ...]] = {
    "home": ("home",),
    "clinic": ("clinic", "health", "hospital", "perinatal"),
    "community": ("community", "voluntary", "children's centre", "group", "refuge"),
    "school": ("school", "nursery", "early years"),
    "substance": ("drug", "alcohol", "addiction", "methadone"),
    "foster": ("foster", "residential"),
    "justice": ("probation",),
    "services": ("agencies", "children's services", "child protection", "any service", "service"),
}


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What is looked for; empty means that it does not matter."""

    name: str = ""
    """Words of its name, of what else it is called, or of what kind of thing it is."""
    need: str = ""
    age_months: int | None = None
    """A child's age; negative before birth."""
    who: str = ""
    setting: str = ""
    rating: str = ""
    """`<scale>` or `<scale>:<level>`."""
    certainty: str = ""
    effect: str = ""
    cost: str = ""
    uk: str = ""
    """delivered, tested or not_known."""
    here: str = ""
    """yes or no, by the local directory."""
    kind: str = ""
    band: str = ""
    """An age band of the gap map: findings that were read and whose ages touch it, as the map counts them."""
    result: str = ""
    """What was measured, or not_stated."""
    fathers: str = ""
    """tested, few, none or not_stated."""
    guide: str = ""
    """A national practice guide, by its short name."""
    fit: str = ""
    """tested, offered or not_stated, for the age that is asked for."""

    def chosen(self) -> dict[str, str]:
        """Name → value of what is set, as text."""
        return {
            part.name: str(value)
            for part in fields(self)
            if (value := getattr(self, part.name)) not in {"", None}
        }

    def without(self, name: str) -> "Filters":
        empty: dict[str, Any] = {name: None if name == "age_months" else ""}
        return replace(self, **empty)


# What is asked of one finding; the rest is asked of the help itself.
OF_FINDINGS = (
    "need",
    "age_months",
    "rating",
    "certainty",
    "effect",
    "uk",
    "band",
    "fit",
    "fathers",
    "guide",
    "result",
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What several findings about one need come to."""

    kind: str
    """helps, no_effect, unclear or recalled."""
    band: Certainty
    """How sure it is that it helps; NOT_TESTED where no finding says so."""

    @property
    def rank(self) -> int:
        return CERTAINTY_ORDER[self.band]


def verdict_on(rows: Sequence[Evidence]) -> Verdict:
    """By the planner's own reading: the lower of two bodies orders, and a null result lowers."""
    carried = carrying((row, "tested") for row in rows)
    if carried is not None:
        return Verdict(kind="helps", band=carried[0])
    read = [row for row in rows if row.read is not Read.RECALLED and row.withdrawn is None]
    kind = "recalled" if not read else "unclear"
    if any(row.effect is Effect.NO_EFFECT for row in read):
        kind = "no_effect"
    return Verdict(kind=kind, band=Certainty.NOT_TESTED)


@dataclass(frozen=True, kw_only=True)
class Match:
    """One kind of help with the findings that answer the filters."""

    intervention: Intervention
    rows: tuple[Evidence, ...]
    fit: str = ""
    """The best age fit of these findings where an age was asked for."""

    @property
    def verdict(self) -> Verdict:
        """What these findings come to, need by need; the surest of them."""
        needs = dict.fromkeys(row.need for row in self.rows)
        each = [verdict_on([row for row in self.rows if row.need == need]) for need in needs]
        return max(each, key=lambda v: v.rank)


@dataclass(frozen=True)
class Explorer:
    """A catalogue that is asked again and again; what an age fits is looked up once."""

    catalogue: Catalogue
    availability: Mapping[str, Availability] | None = None
    _fits: dict[tuple[str, int], str] = field(default_factory=dict, repr=False, compare=False)

    def find(self, filters: Filters) -> tuple[Match, ...]:
        """Each kind of help of which one finding, by itself, answers everything asked of findings."""
        found = []
        for help_ in self.catalogue.interventions.values():
            rows = self._rows(help_, filters)
            if rows and self._help_answers(help_, filters):
                fit = self._best_fit(help_, rows, filters.age_months)
                found.append(Match(intervention=help_, rows=rows, fit=fit))
        return tuple(found)

    def count(self, name: str, filters: Filters) -> Counter[str]:
        """For each choice of one filter, how many kinds of help it would leave with the others as they are."""
        counts: Counter[str] = Counter()
        for match in self.find(filters.without(name)):
            values: set[str] = set()
            if name in OF_FINDINGS:
                values = {v for row in match.rows for v in self._of_row(name, row, match)}
                if name == "fit" and filters.age_months is not None:
                    months = filters.age_months
                    values = {self.fit(match.intervention, row, months) for row in match.rows}
            else:
                values = set(self._of_help(name, match.intervention))
            counts.update(values)
        return counts

    def fit(self, help_: Intervention, row: Evidence, months: int) -> str:
        """tested, offered, not_stated or outside, for one finding and an age of whole months."""
        key = (row.id, months)
        if key not in self._fits:
            self._fits[key] = age_fit(help_, row, (months, months), self.catalogue)
        return self._fits[key]

    def _rows(self, help_: Intervention, filters: Filters) -> tuple[Evidence, ...]:
        wanted = {
            k: v
            for k, v in filters.chosen().items()
            if k in OF_FINDINGS and k not in {"age_months", "fit"}
        }
        rows = []
        for row in help_.evidence:
            if row.withdrawn is not None:
                continue
            if any(value not in self._of_row(k, row, None, help_) for k, value in wanted.items()):
                continue
            if filters.age_months is not None:
                fit = self.fit(help_, row, filters.age_months)
                if fit == "outside" or (filters.fit and fit != filters.fit):
                    continue
            rows.append(row)
        return tuple(rows)

    def _help_answers(self, help_: Intervention, filters: Filters) -> bool:
        return is_called(help_, filters.name) and all(
            value in self._of_help(name, help_)
            for name, value in filters.chosen().items()
            if name not in OF_FINDINGS and name != "name"
        )

    def _best_fit(self, help_: Intervention, rows: Iterable[Evidence], months: int | None) -> str:
        if months is None:
            return ""
        found = {self.fit(help_, row, months) for row in rows}
        return next((fit for fit in ("tested", "offered", "not_stated") if fit in found), "")

    def _of_row(
        self, name: str, row: Evidence, match: Match | None, help_: Intervention | None = None
    ) -> Iterator[str]:
        """Every choice of one filter that a finding answers."""
        if name == "need":
            yield row.need or ""
        elif name == "certainty":
            yield Read.RECALLED.value if row.read is Read.RECALLED else row.certainty.value
        elif name == "effect":
            yield row.effect.value
        elif name == "rating" and row.rating is not None and row.read is not Read.RECALLED:
            yield row.rating.scale
            yield f"{row.rating.scale}:{row.rating.level}"
        elif name == "band" and row.read is not Read.RECALLED:
            owner = help_ or (match.intervention if match else None)
            yield ANY_AGE
            yield from bands_of(owner, row, self.catalogue) if owner else ()
        elif name == "result" and row.read is not Read.RECALLED:
            yield from results_of(row)
        elif name == "fathers":
            yield row.population.fathers or NOT_STATED
        elif name == "guide" and self.catalogue.sources[row.source].practice_guide:
            yield self.catalogue.sources[row.source].practice_guide
        elif name == "uk":
            owner = help_ or (match.intervention if match else None)
            if owner is not None and owner.uk_delivered:
                yield "delivered"
            if row.population.uk:
                yield "tested"
            if owner is not None and not owner.uk_delivered and not row.population.uk:
                yield NOT_STATED

    def _of_help(self, name: str, help_: Intervention) -> Iterator[str]:
        """Every choice of one filter that a kind of help answers."""
        if name == "who":
            yield from sorted({part.who.value for part in help_.takes_part})
        elif name == "setting":
            yield from settings_of(help_)
        elif name == "cost":
            yield str(help_.cost.band) if help_.cost else NOT_STATED
        elif name == "kind":
            yield "offered" if help_.is_offered_kind else "never_offered"
        elif name == "here" and self.availability is not None:
            yield "yes" if help_.key in self.availability else "no"


def is_called(help_: Intervention, words: str) -> bool:
    """Whether each of the words begins a word of its name, of what else it is called, or of the kind of thing it is."""
    if not words.strip():
        return True
    names = " ".join((help_.title, *help_.also_called, *help_.spoken_of, help_.key)).casefold()
    said = re.findall(r"\w+", names.replace("_", " "))
    wanted = re.findall(r"\w+", words.casefold())
    # Signs alone are nobody's name.
    return bool(wanted) and all(any(one.startswith(word) for one in said) for word in wanted)


def settings_of(help_: Intervention) -> tuple[str, ...]:
    """Where it takes place, as groups of `SETTINGS`; a foster home is no home visit."""
    said = help_.asks.setting.casefold() if help_.asks else ""
    if not said:
        return (NOT_STATED,)
    plain = said.replace("foster home", "foster")
    found = tuple(key for key, words in SETTINGS.items() if any(word in plain for word in words))
    specific = tuple(key for key in found if key != "services")
    return specific or found or ("services",)
