"""The words for the evidence: kinds and parts of help, how sure, what was found, how much was read."""

from cpassist.catalogue.vocabulary import Certainty, Effect, Read, RuleBasis, Who

KIND_WORDS = {
    "programme": "Programme",
    "therapy": "Therapy",
    "service": "Service",
    "meeting": "Meeting",
    "court_route": "Court route",
    "approach": "Way of working",
    "assessment_tool": "Assessment tool",
}
WHO_WORDS = {
    Who.CHILD: "Child",
    Who.CARER: "Carer",
    Who.HARMING_CARER: "Carer who harmed the child",
    Who.VICTIM: "Adult subjected to domestic abuse",
    Who.PERSON_CAUSING_HARM: "Person who causes domestic abuse",
    Who.PREGNANT_PERSON: "Pregnant person",
    Who.COUPLE: "Couple of parents",
    Who.HOUSEHOLD: "Household",
    Who.SUBSTITUTE_CARER: "Foster, kinship or adoptive carer",
    Who.ADULT: "Adult",
}
SETTING_WORDS = {
    "home": "At home",
    "clinic": "Clinic or health service",
    "community": "Community or group",
    "school": "School or nursery",
    "substance": "Drug and alcohol service",
    "foster": "Foster or residential home",
    "justice": "Probation",
    "services": "Other services",
    "not_stated": "Not stated",
}
UK_WORDS = {
    "delivered": "Given in the UK",
    "tested": "Tested in the UK",
    "not_stated": "No source says so",
}
COST_WORDS = {str(n): f"Band {n} of 5" for n in range(1, 6)} | {"not_stated": "Not stated"}
RESULT_WORDS = {
    "safety": "Harm and safety",
    "home": "Where children live",
    "feelings": "How the child is",
    "behaviour": "What the child does",
    "learning": "School, development",
    "parenting": "How carers are",
    "adult": "The adult",
    "family_life": "Family life",
    "taking_part": "Taking part",
    "not_stated": "Not stated",
}
FATHERS_WORDS = {
    "tested": "fathers or men took part",
    "few": "few fathers took part",
    "none": "no fathers took part",
    "not_stated": "not stated",
}
FILTER_WORDS = {
    "name": "Name",
    "need": "Need",
    "age_months": "Age",
    "who": "Who takes part",
    "setting": "Where",
    "rating": "Rated by",
    "certainty": "How sure",
    "effect": "What was found",
    "cost": "Cost",
    "uk": "In the UK",
    "here": "Here",
    "kind": "May be offered",
    "band": "Ages of the gap map",
    "result": "What was measured",
    "fathers": "Fathers",
    "guide": "Practice guide",
    "fit": "Age fit",
}
FIT_OPTIONS = (
    ("tested", "Tested at this age"),
    ("offered", "Offered at this age"),
    ("not_stated", "Age not stated"),
)
ABOUT_WORDS = {
    "age": "Ages",
    "rating": "Ratings",
    "effect": "Effects",
    "version": "Versions",
    "figure": "Figures",
}
NOT_SURE_WORDS = {
    "no_effect": "No effect found",
    "unclear": "Not shown to help",
    "recalled": "To be checked",
}
CERTAINTY_WORDS = {
    Certainty.REPLICATED: "shown more than once",
    Certainty.ONCE: "shown once",
    Certainty.EARLY: "early evidence",
    Certainty.UNCLEAR: "unclear evidence",
    Certainty.NOT_TESTED: "not tested",
}
FIT_WORDS = {
    "tested": "tested at this age",
    "offered": "offered at this age, not tested",
    "not_stated": "age not stated",
    "outside": "outside the age it was tested or offered for",
}
READ_WORDS = {
    Read.WHOLE: "Read whole.",
    Read.PART: "Part read.",
    Read.RECALLED: "Not read; to be checked.",
}
RULE_BASIS_WORDS = {
    RuleBasis.STATED: "Stated by its source.",
    RuleBasis.EXTENDED: "Stated for one kind of help and read across to this one.",
    RuleBasis.INFERRED: "Inferred, so it warns and does not block.",
    RuleBasis.HOUSE: "Our rule, not research.",
}
UNIT_WORDS = {
    "SMD": "standardised mean difference",
    "d": "standardised difference",
    "g": "standardised difference",
    "HR range": "hazard ratios; the range of the estimates, not a margin of error",
    "risk ratio": "risk ratio",
    "OR": "odds ratio",
}
EFFECT_WORDS = {
    "helps": "helps",
    "mixed": "mixed",
    "no_effect": "no effect found",
    "harms": "may harm",
    "unclear": "unclear",
}
READ_ON_A_CARD = {
    Read.WHOLE: "we read all of it",
    Read.PART: "we read part of it",
    Read.RECALLED: "to be checked",
}
EFFECT_ON_A_CARD = {
    Effect.HELPS: "a study: helps",
    Effect.MIXED: "a study: mixed",
    Effect.NO_EFFECT: "a study: no benefit found",
    Effect.HARMS: "a study: harm found",
    Effect.UNCLEAR: "a study: unclear",
}
