"""The words for a package: why something is set aside, why a need is left, what kind a step is."""

# One phrase for each reason of the funnel, the same on screen, in text and in the glossary.
BECAUSE_WORDS = {
    "below_action_level": "Not called for",
    "not_rated": "Not rated yet",
    "not_an_intervention": "Not an intervention",
    "withdrawn": "Withdrawn",
    "not_tested_for_this": "Not tested for this",
    "to_be_checked": "To be checked",
    "no_effect_found": "No effect found",
    "may_harm": "May harm",
    "outside_age": "Outside age",
    "no_one_to_take_part": "Not for these people",
    "not_safe_now": "Not safe now",
    "safety_not_answered": "Safety question open",
    "not_here": "Not here",
    "no_places": "No places",
    "does_not_reach": "Does not reach",
    "already_in_place": "Already in place",
    "needs_another_first": "Needs another first",
    "declined": "Declined",
    "clashes": "Clashes",
    "too_much_at_once": "Too much at once",
    "weaker_evidence": "Weaker evidence",
    "already_answered": "Already answered",
    "not_known_in_uk": "Not known in the UK",
    "longer_wait": "Longer wait",
    "asks_more_of_family": "Asks more of the family",
    "more_professionals": "More professionals",
    "dearer": "Dearer",
    "tie": "As good",
}
STEP_WORDS = {
    "duty": "Duty",
    "guidance": "Guidance",
    "practice": "Practice",
    "direct_work": "Direct work",
}
GAP_WORDS = {
    "in_place": "Help is in place already; nothing more is proposed.",
    "declined": "What could be offered was declined.",
    "too_much_at_once": "What could be offered is more than the family can carry now.",
    "needs_another_first": "Something else has to come first.",
    "safety_not_answered": "What could be offered waits for answers.",
    "not_safe_now": "What exists would not be safe now.",
    "no_places": "There is no free place.",
    "not_here": "What was tested is not available here.",
    "no_one_to_take_part": "What was tested is for families in another situation.",
    "outside_age": "The help we know of has only been tested at other ages.",
    "only_thin": "What is known is too thin to offer.",
    "tested_no_effect": "What was tested made no difference.",
    "not_tested": "We found no tested help for this.",
}
ANSWER_HEADINGS = {
    "proposed": "Proposed",
    "ask": "Waits for an answer",
    "stop": "Not safe now",
    "aside": "Set aside",
    "elsewhere": "For others in this family",
}
ANSWER_WORDS = {key: words.lower() for key, words in ANSWER_HEADINGS.items()}
