"""Rules and safety questions, as frozen records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from cpassist.catalogue.conditions import Condition
from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.vocabulary import FORBID, IfUnknown, Phase, RuleBasis, Scope, Severity
from cpassist.errors import InvalidRecord

# How much an unanswered question holds back.
STRICTEST_FIRST = (
    IfUnknown.HOLD,
    IfUnknown.WORST,
    IfUnknown.ASK,
    IfUnknown.WARN,
    IfUnknown.IGNORE,
)


@dataclass(frozen=True, kw_only=True)
class Target:
    """At what a rule aims: one intervention, all with a tag, or the package as a whole."""

    __pydantic_config__: ClassVar[Any] = FORBID

    basis: RuleBasis
    """On what the rule stands for this target: stated, extended, inferred or house."""
    intervention: str | None = None
    """One intervention by its key."""
    tag: str | None = None
    """All interventions with a tag; also together, group, not_for_safety, all, and package for the package as a whole."""

    def __post_init__(self) -> None:
        if (self.intervention is None) == (self.tag is None):
            raise InvalidRecord("A target names either an intervention or a tag.")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A safety or sequence rule, with its source and what it stands on."""

    __pydantic_config__: ClassVar[Any] = FORBID

    id: str
    """Its name for ever: it stands in plans and findings."""
    severity: Severity
    """What it does."""
    says: str
    """One sentence, as a worker reads it."""
    source: tuple[str, ...] = ()
    """Keys of sources.yaml."""
    targets: tuple[Target, ...] = ()
    """At which help it aims."""
    when: Condition | None = None
    """When it holds; left out: always."""
    if_unknown: IfUnknown | None = None
    """What it does while a question in it is unanswered; left out: what the strictest of its questions says."""
    needs: tuple[str, ...] = ()
    """pair and sequence: any one of these interventions or tags, in the package or in support."""
    needs_for: str = "takes_part"
    """pair and sequence: who has to have the other part, takes_part or their_victims."""
    before: bool = False
    """sequence: the other part starts first."""
    clashes_with: str | None = None
    """A tag: two offers with it never share a person."""
    clash_for: str = "children"
    """With clashes_with: two such offers are not for one child (children), or never ask the same person (takes_part)."""
    once_per_family: bool = False
    """Only one offer of such help in a package."""
    step: bool = False
    """A safety step: said to the worker, aimed at no intervention."""
    asks: tuple[str, ...] = ()
    """step: the safety questions that it asks, of those whom it is about."""
    covers: tuple[str, ...] = ()
    """step: other steps of which it says more: for those whom it is about, they are not said as well."""
    built_in: str = ""
    """House rules too large for the closed language: where in the code they stand."""
    to_confirm: str = ""
    """Who should confirm a house rule."""

    def __post_init__(self) -> None:
        if self.clash_for not in {"children", "takes_part"}:
            raise InvalidRecord("clash_for is children or takes_part.")
        if self.if_unknown is IfUnknown.HOLD and (self.step or self.severity is Severity.WARN):
            what = "A step is said or asked" if self.step else "A warning holds nothing back"
            raise InvalidRecord(
                f"{what}, so if_unknown cannot be hold. Write ask, warn, worst or ignore, or another severity."
            )

    def unanswered(
        self, questions: "Mapping[str, SafetyQuestion]", left_open: Iterable[str]
    ) -> IfUnknown:
        """What the rule does while these questions are open: its own word, else the word of its severity.

        A step is said and a warning warns; a pair wants its other part until an answer says that it is
        there. What forbids or asks for something goes by the strictest word of the questions themselves.
        """
        if self.if_unknown is not None:
            return self.if_unknown
        if self.step or self.severity is Severity.PAIR:
            return IfUnknown.WORST
        if self.severity is Severity.WARN:
            return IfUnknown.WARN
        # "Who harms them?" is no question of the catalogue; it holds like the strictest of them.
        words = {
            questions[key].if_unknown if key in questions else IfUnknown.HOLD for key in left_open
        }
        return next((word for word in STRICTEST_FIRST if word in words), IfUnknown.HOLD)

    def aims_at(self, intervention: Intervention) -> RuleBasis | None:
        """The basis on which this rule aims at an intervention, or None."""
        for target in self.targets:
            if target.intervention == intervention.key or target.tag in intervention.tags:
                return target.basis
            if target.tag == "together" and intervention.together:
                return target.basis
            if target.tag == "group" and intervention.group:
                return target.basis
            if target.tag == "not_for_safety" and intervention.phase is not Phase.SAFETY:
                return target.basis
            if target.tag == "all":
                return target.basis
        return None


@dataclass(frozen=True, kw_only=True)
class SafetyQuestion:
    """What must be asked before some help is offered, of whom, and what unknown does."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    """Its name for ever: it stands in family files."""
    scope: Scope
    """Of whom it is asked."""
    words: str
    """With {person} and {other} where the labels go."""
    if_unknown: IfUnknown
    """What unanswered does to the help that depends on it."""
    help: str = ""
    """How to find out, or why it is asked."""
    from_months: int = 0
    """Not asked of anybody younger."""
    adults_only: bool = False
    """Asked only of whoever stands as an adult: grown up, or a parent. In a pair, of the first."""
    between_adults: bool = False
    """Of a pair: asked only where both stand as adults."""
    asked_when: Condition | None = None
    """When a family asks for it by itself, whatever help depends on it: over the person, or the pair."""
    safe_answer: bool = False
    """The answer after which most help can be had: yes where true."""
    other_from_months: int = 0
    """About a pair: not asked where the one who may be harmed is younger; somebody who knows them says it."""
    stale_days: int | None = None
    """After so many days the answer is asked again."""
    two_way: bool = False
    """About a pair as such: asked once, and an answer one way round is the answer both ways."""
    holds_back: bool | None = None
    """The answer that holds more help back: it stands where two answers disagree."""

    both_have: tuple[str, ...] = ()
    """About a pair: read from the file, and so, where each of the two has one of these needs."""

    def __post_init__(self) -> None:
        if self.both_have and not self.two_way:
            raise InvalidRecord("both_have is said of a question about a pair, two_way.")
        if self.if_unknown is IfUnknown.WARN:
            raise InvalidRecord(
                "A question does not warn. Write hold, ask, worst or ignore; a rule may warn."
            )
        if self.two_way and (self.scope is not Scope.PAIR or self.holds_back is None):
            raise InvalidRecord(
                "A two_way question is about a pair, and says in holds_back which answer holds more "
                "help back."
            )
