"""The offers that could be made, before anything is chosen, and those that were ruled out."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.conditions import Asked
from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.records import Availability, service_of
from cpassist.catalogue.vocabulary import CERTAINTY_ORDER, Certainty, Effect, Phase
from cpassist.family.family import Family
from cpassist.family.records import Need
from cpassist.family.vocabulary import ActionLevel
from cpassist.harm.reading import HarmReading, read_harm

FIT_ORDER = {"outside": -1, "not_stated": 0, "offered": 1, "tested": 2}

# In the order in which they are asked: the first that applies is the one that is said.
REASONS = (
    "below_action_level",
    "not_rated",
    "not_an_intervention",
    "withdrawn",
    "not_tested_for_this",
    "to_be_checked",
    "no_effect_found",
    "may_harm",
    "outside_age",
    "no_one_to_take_part",
    "not_safe_now",
    "safety_not_answered",
    "not_here",
    "no_places",
    "does_not_reach",
    "already_in_place",
    "needs_another_first",
    "declined",
    "clashes",
    "too_much_at_once",
    "weaker_evidence",
    "already_answered",
    "not_known_in_uk",
    "longer_wait",
    "asks_more_of_family",
    "more_professionals",
    "dearer",
    "tie",
)


DEPTHS = {reason: depth for depth, reason in enumerate(REASONS)}


@dataclass(frozen=True, kw_only=True, repr=False)
class Question:
    """Everything that a proposal follows from."""

    family: Family
    catalogue: Catalogue
    availability: Mapping[str, Availability] | None
    on: datetime.date

    @cached_property
    def programmes_here(self) -> Mapping[str, Availability] | None:
        """The local directory's interventions; None where there is none, or it names only kinds of local service."""
        rows = {key: row for key, row in (self.availability or {}).items() if not service_of(key)}
        return rows or None if self.availability else self.availability

    @cached_property
    def harm(self) -> HarmReading:
        """Who harmed or may have harmed whom, and who may be with whom."""
        return read_harm(self.family, self.catalogue, self.on)


@dataclass(frozen=True, kw_only=True, repr=False)
class Answers:
    """One need that an offer answers, on what evidence, for which children."""

    person: str
    need: str
    level: ActionLevel
    safety: bool
    certainty: Certainty
    effect: Effect
    age_fit: str
    """tested, offered, not_stated or outside."""
    evidence: tuple[str, ...]
    children: tuple[str, ...] = ()
    of_child: bool = True
    """Whether it is a child's own need; an adult's has no child's age to fit."""

    @property
    def quality(self) -> int:
        """Certainty first, then how near the evidence is to this child's age; only for ordering."""
        fit = FIT_ORDER[self.age_fit] if self.of_child or self.age_fit == "outside" else 2
        return 3 * CERTAINTY_ORDER[self.certainty] + fit


@dataclass(frozen=True, kw_only=True, repr=False)
class Required:
    """A rule's other part: one of these interventions, for somebody this offer is for or with."""

    rule: str
    interventions: frozenset[str]
    people: frozenset[str]
    """Somebody of these has to take part in it; empty: nobody is recorded who could."""
    first: bool
    """The other part starts first, rather than beside."""

    def is_met_by(self, other: "Candidate") -> bool:
        return other.intervention.key in self.interventions and bool(
            self.people & set(other.people)
        )


@dataclass(frozen=True, kw_only=True, repr=False)
class OpenCondition:
    """Something that a rule asks for and nobody has answered or met yet."""

    rule: str | None
    """None where the entry itself asks for it, in `must`."""
    asked: Asked | None
    says: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Load:
    """What an offer asks of each who takes part."""

    minutes_per_week: int
    weeks_low: int
    weeks_high: int
    stated: bool
    says: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)
class Candidate:
    """One intervention for certain people, allowed by every rule."""

    intervention: Intervention
    people: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]
    answers: tuple[Answers, ...]
    load: Load
    available: str
    """yes, no or unknown (no directory was loaded)."""
    wait_weeks: int | None = None
    warnings: tuple[str, ...] = ()
    conditions: tuple[OpenCondition, ...] = ()
    requires: tuple[Required, ...] = ()
    judged: str | None = None
    judged_because: str = ""
    shared: bool = False
    """Whether those who look after several children can have it once for all of them."""
    until_week: int | None = None
    """The last week in which it can begin before a child has grown out of its ages; None: no such week is near."""
    not_beside: frozenset[str] = frozenset()
    """People with whom somebody taking part is not brought to one group at one time."""
    youngest_months: int | None = None
    """The youngest that a child whom it is for can be; None where it is for no child."""

    risk_first: bool = False
    """Whether it brings somebody into one room with whoever harmed them: the risk is looked at before it begins."""

    @cached_property
    def key(self) -> str:
        return offer_key(self.intervention.key, self.people)

    @property
    def children(self) -> tuple[str, ...]:
        return tuple(sorted({child for answer in self.answers for child in answer.children}))

    @property
    def concerns(self) -> frozenset[str]:
        """Those who take part and those it is for."""
        return frozenset((*self.people, *self.children))

    @property
    def is_safety(self) -> bool:
        return self.intervention.phase is Phase.SAFETY

    @property
    def family_minutes(self) -> int:
        """Minutes over its whole length and everybody in it; help for safety costs nothing here."""
        if self.is_safety:
            return 0
        return self.load.minutes_per_week * self.load.weeks_high * len(self.people)

    def with_judgement(self, judged: str, because: str) -> "Candidate":
        return replace(self, judged=judged, judged_because=because)


def offer_key(intervention: str, people: tuple[str, ...]) -> str:
    """`<intervention>:<people, sorted>`: the name of an offer everywhere."""
    return f"{intervention}:{','.join(sorted(people))}"


@dataclass(frozen=True, kw_only=True, repr=False)
class RuledOut:
    """Why one intervention is not offered for one need of one person."""

    intervention: str
    person: str
    need: str
    because: str
    says: str
    blocked_by: tuple[str, ...] = ()
    asked: frozenset[Asked] = field(default_factory=frozenset)
    people: tuple[str, ...] = ()

    @property
    def depth(self) -> int:
        """How far it came before something spoke against it."""
        return DEPTHS[self.because]


def against(
    intervention: Intervention, need: Need, because: str, says: str, **more: Any
) -> RuledOut:
    """The reason against one intervention for one need."""
    return RuledOut(
        intervention=intervention.key,
        person=need.person,
        need=need.need,
        because=because,
        says=says,
        **more,
    )
