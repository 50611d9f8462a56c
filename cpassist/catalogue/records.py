"""What is known: needs, sources, interventions, rules and safety questions, as frozen records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from cpassist.catalogue.conditions import Condition
from cpassist.errors import InvalidRecord

FORBID: dict[str, Any] = {"extra": "forbid"}


class Whose(StrEnum):
    """Whose need it is; a household's need is recorded on an adult who lives there."""

    CHILD = "child"
    ADULT = "adult"
    HOUSEHOLD = "household"


class Kind(StrEnum):
    """What an intervention is; only the first three may be offered as an answer to a need."""

    PROGRAMME = "programme"
    THERAPY = "therapy"
    SERVICE = "service"
    MEETING = "meeting"
    COURT_ROUTE = "court_route"
    APPROACH = "approach"
    ASSESSMENT_TOOL = "assessment_tool"


OFFERED_KINDS = frozenset({Kind.PROGRAMME, Kind.THERAPY, Kind.SERVICE})


class Intensity(StrEnum):
    """Action level 1 matches light help only."""

    LIGHT = "light"
    TARGETED = "targeted"
    INTENSIVE = "intensive"


class Phase(StrEnum):
    """When help belongs in a package; safety waits for nothing."""

    SAFETY = "safety"
    STABILISE = "stabilise"
    RECOVERY = "recovery"
    SUSTAIN = "sustain"


class Who(StrEnum):
    """The part somebody plays in an intervention."""

    CHILD = "child"
    CARER = "carer"
    HARMING_CARER = "harming_carer"
    VICTIM = "victim"
    PERSON_CAUSING_HARM = "person_causing_harm"
    PREGNANT_PERSON = "pregnant_person"
    COUPLE = "couple"
    HOUSEHOLD = "household"
    SUBSTITUTE_CARER = "substitute_carer"
    ADULT = "adult"


class Effect(StrEnum):
    """What one source found; null and harmful results are recorded like the others."""

    HELPS = "helps"
    MIXED = "mixed"
    NO_EFFECT = "no_effect"
    HARMS = "harms"
    UNCLEAR = "unclear"


class Certainty(StrEnum):
    """Our band of how sure the evidence is, by the crosswalk in scales.yaml. Not a size."""

    REPLICATED = "replicated"
    ONCE = "once"
    EARLY = "early"
    UNCLEAR = "unclear"
    NOT_TESTED = "not_tested"


CERTAINTY_ORDER = {
    Certainty.NOT_TESTED: 0,
    Certainty.UNCLEAR: 1,
    Certainty.EARLY: 2,
    Certainty.ONCE: 3,
    Certainty.REPLICATED: 4,
}


class Read(StrEnum):
    """How much of a source was read; recalled means not read at all."""

    WHOLE = "whole"
    PART = "part"
    RECALLED = "recalled"


class Severity(StrEnum):
    """What a rule does to an offer it aims at."""

    BLOCK = "block"
    REQUIRE = "require"
    PAIR = "pair"
    SEQUENCE = "sequence"
    MATCH = "match"
    WARN = "warn"


class RuleBasis(StrEnum):
    """On what a rule stands for one target; an inferred rule only warns."""

    STATED = "stated"
    EXTENDED = "extended"
    INFERRED = "inferred"
    HOUSE = "house"


class IfUnknown(StrEnum):
    """What an unanswered safety question does to the help that depends on it."""

    HOLD = "hold"
    ASK = "ask"
    WARN = "warn"
    WORST = "worst"
    IGNORE = "ignore"


class Scope(StrEnum):
    """Whom a safety question is about; in a pair, `person` acts and `other` may be harmed."""

    PERSON = "person"
    CHILD = "child"
    PAIR = "pair"
    FAMILY = "family"


@dataclass(frozen=True, kw_only=True)
class NeedType:
    """A kind of need we plan for."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    whose: Whose
    domain: str
    label: str
    family_label: str
    safety: bool = False
    """Its answer comes first in the order of what matters."""
    harm: bool = False
    """Somebody does this to the person, so `harmed_by` is asked."""
    cin: tuple[str, ...] = ()
    """Census factor codes that suggest it; a factor never sets a level."""


@dataclass(frozen=True, kw_only=True)
class UnmappedFactor:
    """A census factor that suggests no need, and why not."""

    __pydantic_config__: ClassVar[Any] = FORBID

    code: str
    label: str
    why_not: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """One study, register page or guideline, listed once."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    title: str
    body: str
    """Who publishes it; two rows of one body speak of the same rating."""
    kind: str
    year: int | None = None
    url: str | None = None
    read: Read = Read.PART
    retrieved: str | None = None


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


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """When and why a finding no longer holds; it is never deleted."""

    __pydantic_config__: ClassVar[Any] = FORBID

    date: str
    because: str


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
    rating: Rating | None = None
    outcomes: tuple[Outcome, ...] = ()
    population: Population = field(default_factory=Population)
    withdrawn: Withdrawn | None = None
    judged: str = ""
    """Why the band is what it is, where the crosswalk left room."""

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
    also_called: tuple[str, ...] = ()
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

    def evidence_for(self, need: str) -> tuple[Evidence, ...]:
        return tuple(row for row in self.evidence if row.need == need)

    @property
    def needs(self) -> tuple[str, ...]:
        """The keys of the needs that any finding speaks of."""
        return tuple(dict.fromkeys(row.need for row in self.evidence if row.need))

    def plays(self, *roles: Who) -> bool:
        return any(part.who in roles for part in self.takes_part)


@dataclass(frozen=True, kw_only=True)
class Target:
    """At what a rule aims: one intervention, all with a tag, or the package as a whole."""

    __pydantic_config__: ClassVar[Any] = FORBID

    basis: RuleBasis
    intervention: str | None = None
    tag: str | None = None

    def __post_init__(self) -> None:
        if (self.intervention is None) == (self.tag is None):
            raise InvalidRecord("A target names either an intervention or a tag.")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A safety or sequence rule, with its source and what it stands on."""

    __pydantic_config__: ClassVar[Any] = FORBID

    id: str
    severity: Severity
    says: str
    source: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    when: Condition | None = None
    """None: always."""
    if_unknown: IfUnknown = IfUnknown.HOLD
    needs: tuple[str, ...] = ()
    """pair and sequence: any one of these interventions or tags, in the package or in support."""
    needs_for: str = "takes_part"
    """pair and sequence: who has to have the other part, takes_part or their_victims."""
    before: bool = False
    """sequence: the other part starts first."""
    clashes_with: str | None = None
    """A tag: two offers with it never share a person."""
    once_per_family: bool = False
    step: bool = False
    """A safety step: said to the worker, aimed at no intervention."""
    built_in: str = ""
    """House rules too large for the closed language: where in the code they stand."""
    to_confirm: str = ""

    def aims_at(self, intervention: Intervention) -> RuleBasis | None:
        """The basis on which this rule aims at an intervention, or None."""
        for target in self.targets:
            if target.intervention == intervention.key or target.tag in intervention.tags:
                return target.basis
            if target.tag == "together" and intervention.together:
                return target.basis
            if target.tag == "group" and intervention.group:
                return target.basis
            if target.tag == "all":
                return target.basis
        return None


@dataclass(frozen=True, kw_only=True)
class SafetyQuestion:
    """What must be asked before some help is offered, of whom, and what unknown does."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    scope: Scope
    words: str
    """With {person} and {other} where the labels go."""
    if_unknown: IfUnknown
    help: str = ""
    from_months: int = 0
    """Not asked of anybody younger."""
    stale_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class ScaleLevel:
    """One level of a body's scale, in our words."""

    __pydantic_config__: ClassVar[Any] = FORBID

    level: str
    label: str
    means: str
    band: Certainty | None = None
    """Our crosswalk; None where the scale says nothing about certainty of an effect."""
    read: Read = Read.PART


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How one body rates, level by level."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    title: str
    body: str
    rates: str
    levels: tuple[ScaleLevel, ...]


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """What we assume where no source states it, shown as assumed."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    kind: Kind
    sessions: int
    minutes: int
    weeks: int
    says: str
    tag: str | None = None


@dataclass(frozen=True, kw_only=True)
class PracticeElement:
    """What reviews say tends to matter in any help; what a gap leans on."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    label: str
    says: str
    source: tuple[str, ...]
    needs: tuple[str, ...] = ()
    """Empty: for any need."""


@dataclass(frozen=True, kw_only=True)
class KnownGap:
    """What the reviews themselves say is not known about a need."""

    __pydantic_config__: ClassVar[Any] = FORBID

    need: str
    says: str
    source: str
    ages: Span | None = None


@dataclass(frozen=True, kw_only=True)
class Priority:
    """One level of what matters, decided before the next."""

    __pydantic_config__: ClassVar[Any] = FORBID

    name: str
    better: str
    label: str
    because: str


@dataclass(frozen=True, kw_only=True)
class Availability:
    """What an authority offers of one intervention."""

    __pydantic_config__: ClassVar[Any] = FORBID

    intervention: str
    places: int | None = None
    wait_weeks: int | None = None
    provider: str = ""

    def __post_init__(self) -> None:
        if self.places is not None and not 0 <= self.places <= 100_000:
            raise InvalidRecord("places must lie between 0 and 100000.")
        if self.wait_weeks is not None and not 0 <= self.wait_weeks <= 520:
            raise InvalidRecord("wait_weeks must lie between 0 and 520.")


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A folder the catalogue was read from."""

    name: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything known, read and checked."""

    version: str
    folders: tuple[Folder, ...]
    rules_fingerprint: str
    need_types: Mapping[str, NeedType]
    unmapped_factors: tuple[UnmappedFactor, ...]
    sources: Mapping[str, Source]
    scales: Mapping[str, Scale]
    interventions: Mapping[str, Intervention]
    rules: tuple[Rule, ...]
    questions: Mapping[str, SafetyQuestion]
    assumptions: tuple[Assumption, ...]
    practice_elements: tuple[PracticeElement, ...]
    known_gaps: tuple[KnownGap, ...]
    priorities: tuple[Priority, ...]

    @cached_property
    def harm_needs(self) -> frozenset[str]:
        """The needs in which somebody does something to the person."""
        return frozenset(key for key, kind in self.need_types.items() if kind.harm)

    def label(self, need: str) -> str:
        """A need in the worker's words."""
        return self.need_types[need].label

    def title(self, intervention: str) -> str:
        return self.interventions[intervention].title

    def rule(self, rule_id: str) -> Rule:
        return next(rule for rule in self.rules if rule.id == rule_id)

    def rules_for(self, intervention: Intervention) -> Iterator[tuple[Rule, RuleBasis]]:
        """Each rule that aims at an intervention, with its basis there."""
        for rule in self.rules:
            basis = rule.aims_at(intervention)
            if basis is not None:
                yield rule, basis

    def assumed(self, intervention: Intervention) -> Assumption:
        """The house assumption for an intervention whose length no source states."""
        fitting = [a for a in self.assumptions if a.kind is intervention.kind]
        tagged = [a for a in fitting if a.tag is not None and a.tag in intervention.tags]
        return (tagged or [a for a in fitting if a.tag is None])[0]
