"""The words for what is recorded of a family: levels, grounds, times, ties, homes."""

from cpassist.catalogue.vocabulary import Domain
from cpassist.family.vocabulary import (
    ActionLevel,
    Basis,
    Legal,
    Placement,
    RelationKind,
    SupportState,
)

LEVEL_WORDS = {
    None: "not rated yet",
    ActionLevel.NO_HELP: "no help needed",
    ActionLevel.KEEP_AN_EYE: "keep an eye on it",
    ActionLevel.NEEDS_HELP: "needs help",
    ActionLevel.NEEDS_HELP_NOW: "needs help now",
}
LEVEL_OPTIONS = (
    ("0", "0", "No help needed"),
    ("1", "1", "Keep an eye on it"),
    ("2", "2", "Needs help"),
    ("3", "3", "Needs help now"),
    ("none", "Not rated", "We do not know yet"),
)
PLACEMENT_WORDS = {
    Placement.PARENTS: "With parents",
    Placement.KINSHIP: "With relatives or friends",
    Placement.FOSTER: "Foster carers",
    Placement.ADOPTIVE: "Adoptive parents",
    Placement.RESIDENTIAL: "Residential care",
    Placement.HOSPITAL: "In hospital",
    Placement.CUSTODY: "In custody",
    Placement.UNKNOWN: "Not known",
}
LEGAL_WORDS = {
    Legal.FAMILY_HELP: "Family help",
    Legal.CHILD_IN_NEED: "Child in need",
    Legal.PROTECTION_PLAN: "Child protection plan",
    Legal.PRE_PROCEEDINGS: "Pre-proceedings",
    Legal.CARE_PROCEEDINGS: "Care proceedings",
    Legal.LOOKED_AFTER: "Looked after",
    Legal.SUPERVISION_ORDER: "Supervision order",
    Legal.NONE: "None",
}
PLACEMENT_OPTIONS = tuple((p.value, words) for p, words in PLACEMENT_WORDS.items())
LEGAL_OPTIONS = tuple((item.value, words) for item, words in LEGAL_WORDS.items())
RELATION_WORDS = {r.value: r.value.replace("_", " ") for r in RelationKind} | {
    "partner_of_carer": "partner of a parent or carer",
    "former_partner_of_carer": "former partner of a parent or carer",
    "grandparent": "grandmother or grandfather",
    "sibling": "brother or sister",
    "other": "somebody else",
}
RELATION_OPTIONS = tuple((key, words.capitalize()) for key, words in RELATION_WORDS.items())
BASIS_OPTIONS = (
    ("confirmed", "Confirmed by what was seen or checked"),
    ("suspected", "Suspected, not confirmed"),
    ("said_by_child", "Said by the child"),
    ("said_by_parent", "Said by a parent"),
)
BASIS_WORDS = {
    "confirmed": "Confirmed",
    "suspected": "Suspected",
    "said_by_child": "Said by the child",
    "said_by_parent": "Said by a parent",
}
BASIS_IN_A_SENTENCE = {
    Basis.CONFIRMED: "seen or confirmed",
    Basis.SUSPECTED: "suspected",
    Basis.SAID_BY_CHILD: "the child says so",
    Basis.SAID_BY_PARENT: "a parent says so",
}
WHEN_OPTIONS = (("current", "Now"), ("past", "In the past"), ("unknown", "Not known"))
WHEN_WORDS = {"current": "now", "past": "in the past", "unknown": "not known when"}
SUPPORT_OPTIONS = tuple((s.value, s.value.capitalize()) for s in SupportState)
DOMAIN_WORDS = {
    Domain.SAFETY: "Safety",
    Domain.CHILD_DEVELOPMENT: "The child's development",
    Domain.PARENTING_CAPACITY: "The parent or carer",
    Domain.FAMILY_ENVIRONMENT: "Family, home and money",
}
STANDING_WORDS = {
    Legal.FAMILY_HELP: "a family help plan",
    Legal.CHILD_IN_NEED: "a child in need plan",
    Legal.PROTECTION_PLAN: "a child protection plan",
    Legal.PRE_PROCEEDINGS: "the time before a court may be asked",
    Legal.CARE_PROCEEDINGS: "a court is looking at it",
    Legal.LOOKED_AFTER: "looked after by the council",
    Legal.SUPERVISION_ORDER: "a supervision order",
}
