"""Rules and safety questions, as frozen records."""

from dataclasses import dataclass
from typing import Any, ClassVar

from cpassist.catalogue.conditions import Condition
from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.vocabulary import FORBID, IfUnknown, RuleBasis, Scope, Severity
from cpassist.errors import InvalidRecord


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
    asks: tuple[str, ...] = ()
    """step: the safety questions that it asks, of those whom it is about."""
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
    two_way: bool = False
    """About a pair as such: asked once, and an answer one way round is the answer both ways."""
    holds_back: bool | None = None
    """The answer that holds more help back: it stands where two answers disagree."""

    def __post_init__(self) -> None:
        if self.two_way and (self.scope is not Scope.PAIR or self.holds_back is None):
            raise InvalidRecord(
                "A two_way question is about a pair, and says in holds_back which answer holds more "
                "help back."
            )
