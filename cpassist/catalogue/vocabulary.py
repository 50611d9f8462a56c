"""The closed lists of the catalogue: kinds, phases, parts, effects, bands, and what a rule does."""

from enum import StrEnum
from typing import Any

FORBID: dict[str, Any] = {"extra": "forbid"}


class Whose(StrEnum):
    """Whose need it is; a household's need is recorded on an adult who lives there."""

    CHILD = "child"
    ADULT = "adult"
    HOUSEHOLD = "household"


class Domain(StrEnum):
    """Where a need stands in the assessment framework."""

    SAFETY = "safety"
    CHILD_DEVELOPMENT = "child_development"
    PARENTING_CAPACITY = "parenting_capacity"
    FAMILY_ENVIRONMENT = "family_environment"


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


PHASES = (Phase.SAFETY, Phase.STABILISE, Phase.RECOVERY, Phase.SUSTAIN)


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


class Result(StrEnum):
    """What a result is about: what was measured, whatever the help was for."""

    SAFETY = "safety"
    """Harm to a child or an adult, or the danger of it, as recorded, told or scored."""
    HOME = "home"
    """Where children live: care, going home, a placement that lasts."""
    FEELINGS = "feelings"
    """How the child is: mood, trauma, closeness, self-harm, well-being."""
    BEHAVIOUR = "behaviour"
    """What the child does: behaviour, offending, drink and drugs."""
    LEARNING = "learning"
    """School, play and development."""
    PARENTING = "parenting"
    """How carers are with the child."""
    ADULT = "adult"
    """The adult's own health, drink, drugs or home."""
    FAMILY_LIFE = "family_life"
    """How people of a family, or a couple, are with each other."""
    TAKING_PART = "taking_part"
    """Whether people came, stayed or were taught; no result for a family."""


class Read(StrEnum):
    """How much of a source was read; recalled means not read at all."""

    WHOLE = "whole"
    PART = "part"
    RECALLED = "recalled"


class Severity(StrEnum):
    """What a rule does to an offer it aims at."""

    BLOCK = "block"
    """While the condition holds, the help is not offered."""
    REQUIRE = "require"
    """While it holds, something has to be so: beside the help, or before it where its questions hold."""
    PAIR = "pair"
    """While it holds, the help stands only beside one of `needs`, now."""
    SEQUENCE = "sequence"
    """While it holds, one of `needs` belongs to the package or is over; with `before` it starts first."""
    MATCH = "match"
    """The help is only for families of whom the condition holds."""
    WARN = "warn"
    """While it holds, the sentence stands with the help."""


class RuleBasis(StrEnum):
    """On what a rule stands for one target; an inferred rule only warns."""

    STATED = "stated"
    """The source says it of this help."""
    EXTENDED = "extended"
    """The source says it of one kind of help, and it is read across to this one."""
    INFERRED = "inferred"
    """Concluded and nowhere said: it warns and never blocks."""
    HOUSE = "house"
    """Our rule, not research; `to_confirm` says who should confirm it."""


class IfUnknown(StrEnum):
    """What an unanswered safety question does to the help that depends on it.

    The word of a question holds wherever a rule or an entry's `must` says nothing else.
    """

    HOLD = "hold"
    """The help waits for the answer."""
    ASK = "ask"
    """The help stands and the question is asked beside it."""
    WARN = "warn"
    """The help stands with the sentence of the rule."""
    WORST = "worst"
    """As if the answer were the one that holds more back; it is asked all the same."""
    IGNORE = "ignore"
    """Nothing is said."""


class Scope(StrEnum):
    """Whom a safety question is about; in a pair, `person` acts and `other` may be harmed."""

    PERSON = "person"
    """Of one person."""
    CHILD = "child"
    """Of one child."""
    PAIR = "pair"
    """Of two people: the first acts, the second may be harmed."""
    FAMILY = "family"
    """Of the family as a whole."""


# What can be weighed between packages, and which way is better. The order is the catalogue's; each
# level stands in it once, since one left out would be a need that nobody counts.
WEIGHED = {
    "safety_needs_now": "more",
    "safety_needs": "more",
    "other_needs_now": "more",
    "other_needs": "more",
    "watched_needs": "more",
    "certainty_and_fit": "more",
    "not_known_in_uk": "less",
    "wait_weeks": "less",
    "family_minutes": "less",
    "services": "less",
    "professionals": "less",
    "cost": "less",
}
