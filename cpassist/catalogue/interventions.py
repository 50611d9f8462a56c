"""Interventions and their evidence, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from cpassist.catalogue.vocabulary import (
    FORBID,
    OFFERED_KINDS,
    Certainty,
    Effect,
    Intensity,
    Kind,
    Phase,
    Read,
    Result,
    Who,
)
from cpassist.errors import InvalidRecord
from cpassist.family.vocabulary import read_day

OLDEST_MONTHS = 21 * 12


@dataclass(frozen=True, kw_only=True)
class Span:
    """From and to, both included; one number where there is no range."""

    __pydantic_config__: ClassVar[Any] = FORBID

    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise InvalidRecord("from is larger than to. Swap them.")


@dataclass(frozen=True, kw_only=True)
class AgeRow:
    """The child's age in months as one source gives it; negative before birth."""

    __pydantic_config__: ClassVar[Any] = FORBID

    low: int
    high: int
    source: str
    meaning: str
    """tested or offered."""
    covers: tuple[str, ...] = ()
    """Other sources whose findings this row describes, such as a trial described by a register."""
    read: Read = Read.PART
    says: str = ""

    def __post_init__(self) -> None:
        if self.meaning not in {"tested", "offered"}:
            raise InvalidRecord("meaning is tested or offered.")
        if self.low > self.high:
            raise InvalidRecord("from is larger than to. Swap them.")
        if self.high > OLDEST_MONTHS:
            raise InvalidRecord(f"to is {self.high} months, which is no child's age. Check it.")
        # The likeliest slip: 5 to 11 years is 60 to 143 months.
        looks_like_years = self.low > 0 and self.low + 3 <= self.high <= 18
        if looks_like_years and "month" not in self.says:
            raise InvalidRecord(
                f"ages are in months; {self.low} to {self.high} years would be {self.low * 12} to "
                f"{self.high * 12 + 11}. If months are meant, say so in says."
            )


@dataclass(frozen=True, kw_only=True)
class Part:
    """Who takes part, and what must be true of them."""

    __pydantic_config__: ClassVar[Any] = FORBID

    who: Who
    must: tuple[str, ...] = ()
    """Facts of the file (did_not_harm_this_child, lives_with_child) or keys of safety questions."""
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Asks:
    """What it asks of those who take part; null is not stated, never 0."""

    __pydantic_config__: ClassVar[Any] = FORBID

    sessions: Span | None = None
    minutes: Span | None = None
    """Minutes a session."""
    weeks: Span | None = None
    per_week: float | None = None
    """Sessions a week where it is not one."""
    setting: str = ""
    given_by: str = ""
    source: str | None = None

    def __post_init__(self) -> None:
        for name in ("sessions", "minutes", "weeks"):
            span = getattr(self, name)
            if span is not None and span.low < 1:
                raise InvalidRecord(f"{name} is 0. Write null where it is not stated.")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """A cost band 1 (low) to 5 (high) and who gives it."""

    __pydantic_config__: ClassVar[Any] = FORBID

    band: int
    source: str


@dataclass(frozen=True, kw_only=True)
class Rating:
    """A body's own rating, in its own words."""

    __pydantic_config__: ClassVar[Any] = FORBID

    scale: str
    level: str
    looked_on: str = ""
    """YYYY or YYYY-MM: when the body last looked, where its page says so; empty: the year of its page counts."""

    def __post_init__(self) -> None:
        if self.looked_on:
            read_day(self.looked_on)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One measured result inside a finding."""

    __pydantic_config__: ClassVar[Any] = FORBID

    what: str
    says: str = ""
    effect: float | None = None
    interval: tuple[float, float] | None = None
    unit: str = ""
    follow_up_months: float | None = None


@dataclass(frozen=True, kw_only=True)
class Population:
    """On whom it was tested."""

    __pydantic_config__: ClassVar[Any] = FORBID

    says: str = "not stated"
    carers: str = "not_stated"
    uk: bool | None = None
    fathers: str = ""
    """Whether fathers, or men, were among those tested: tested, few or none; empty: not stated in what was read."""
    culture: str = ""
    """Race, culture or origin of those tested, in the source's sense; empty: not stated in what was read."""

    def __post_init__(self) -> None:
        if self.fathers not in {"", "tested", "few", "none"}:
            raise InvalidRecord(
                "fathers is tested, few or none; leave it out where it is not stated."
            )


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """When and why a finding no longer holds; it is never deleted."""

    __pydantic_config__: ClassVar[Any] = FORBID

    date: str
    because: str

    def __post_init__(self) -> None:
        first, last = read_day(self.date)
        if first != last:
            raise InvalidRecord(f'"{self.date}" is not one day. Write it as 2026-11-24.')
        if not self.because.strip().endswith("."):
            raise InvalidRecord("because is a sentence. Say why, and end it with a full stop.")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One finding about one need from one source."""

    __pydantic_config__: ClassVar[Any] = FORBID

    id: str
    need: str | None
    """A key of needs.yaml; None is shown but never matched."""
    effect: Effect
    certainty: Certainty
    says: str
    source: str
    read: Read
    results_on: tuple[Result, ...] = ()
    """What was measured; empty: the part that was read does not say."""
    rating: Rating | None = None
    outcomes: tuple[Outcome, ...] = ()
    population: Population = field(default_factory=Population)
    withdrawn: Withdrawn | None = None
    judged: str = ""
    """Why the band is what it is, where the crosswalk left room."""
    practical: str = ""
    """Whether it could be given, and whether families wanted it, where the source says so; no sign that it works."""

    @property
    def may_be_offered_on(self) -> bool:
        """Whether this finding alone can carry an offer."""
        return (
            self.effect in {Effect.HELPS, Effect.MIXED}
            and self.certainty is not Certainty.NOT_TESTED
            and self.read is not Read.RECALLED
            and self.withdrawn is None
        )


@dataclass(frozen=True, kw_only=True)
class Intervention:
    """One kind of help: whom it suits, what it asks, its evidence."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    title: str
    kind: Kind
    summary: str
    family_summary: str
    takes_part: tuple[Part, ...]
    evidence: tuple[Evidence, ...]
    intensity: Intensity = Intensity.TARGETED
    tells_of: tuple[str, ...] = ()
    """Needs that its name or its words for families give away, whatever need it is offered for."""
    also_called: tuple[str, ...] = ()
    spoken_of: tuple[str, ...] = ()
    """What people call it, or the kind of thing it is: enough to ask whether it is meant, never to join it."""
    apart_because: str = ""
    """Where its words speak of "together", "both" or "joint" and it is not marked so: why not."""
    dossier: tuple[str, ...] = ()
    together: bool = False
    group: bool = False
    tags: tuple[str, ...] = ()
    ages: tuple[AgeRow, ...] = ()
    adult_ages: Span | None = None
    asks: Asks | None = None
    phase: Phase = Phase.RECOVERY
    cost: Cost | None = None
    uk: str = ""
    uk_delivered: bool | None = None
    """Whether a source says that it is or was given in the UK; None: nothing was found either way."""
    not_offered_because: str = ""
    withdrawn: Withdrawn | None = None

    @property
    def is_offered_kind(self) -> bool:
        return self.kind in OFFERED_KINDS

    @cached_property
    def ages_read(self) -> tuple[AgeRow, ...]:
        """The age ranges that stand in something that was read; what is only remembered decides nothing."""
        return tuple(ages for ages in self.ages if ages.read is not Read.RECALLED)

    @cached_property
    def ages_offered(self) -> tuple[AgeRow, ...]:
        """Of those the ranges to which it is given."""
        return tuple(ages for ages in self.ages_read if ages.meaning == "offered")

    def evidence_for(self, need: str) -> tuple[Evidence, ...]:
        return self._by_need.get(need, ())

    @cached_property
    def _by_need(self) -> Mapping[str, tuple[Evidence, ...]]:
        found: dict[str, tuple[Evidence, ...]] = {}
        for row in self.evidence:
            if row.need is not None:
                found[row.need] = (*found.get(row.need, ()), row)
        return found

    @property
    def needs(self) -> tuple[str, ...]:
        """The keys of the needs that any finding speaks of."""
        return tuple(dict.fromkeys(row.need for row in self.evidence if row.need))

    @cached_property
    def _roles(self) -> frozenset[Who]:
        return frozenset(part.who for part in self.takes_part)

    def plays(self, *roles: Who) -> bool:
        """Whether any of these takes part, and be it only who likes."""
        return not self._roles.isdisjoint(roles)
