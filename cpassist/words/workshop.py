"""The words for a workshop: phases, how sure somebody is, how large and how certain an effect is."""

PHASE_WORDS = {
    "closed": "Closed",
    "predict": "Guess",
    "locked": "Wait",
    "run": "Look",
    "revote": "Again",
    "explain": "Why",
}
NEXT_WORDS = {
    "predict": "Open the guesses",
    "locked": "Lock the guesses",
    "run": "Let them look",
    "revote": "Ask again",
    "explain": "Say why",
}
SURE_WORDS = {"guessing": "Guessing", "fairly": "Fairly", "sure": "Sure"}
SIZE_WORDS = {
    "trivial": "little or no",
    "small": "a small",
    "moderate": "a moderate",
    "large": "a large",
}
CERTAIN_WORDS = {
    "high": "leads to {size} improvement",
    "moderate": "probably leads to {size} improvement",
    "low": "may lead to {size} improvement",
    "very_low": "may or may not lead to {size} improvement: the evidence is very uncertain",
}
BIN_WORDS = {
    "not_looked": "not looked",
    "no_important": "no important difference",
    "inconclusive": "inconclusive",
    "benefit": "a benefit",
    "harm": "a harm",
}
LEVEL_NAMES = {
    "4": "4: lasting, twice",
    "3": "3: short-term, once",
    "2": "2: a first sign",
    "NL2": "not level 2",
    "NE": "found not effective",
}
LEVEL_WHY = {
    "4": "Rigorous, found more than once, and lasting a year or more.",
    "3": "One rigorous study with a gain is enough for 3; for 4 it takes a second one and a year.",
    "2": "Without families like them for comparison it is a first sign, however long it lasts.",
    "NL2": "No gain and no fair comparison.",
    "NE": "A rigorous study looked and found no gain. That is not proof that it can never help.",
}
FLAW_WORDS = {
    "unsafe": "both adults in one room",
    "outside_age": "help for another age",
    "too_much": "everything now",
    "silent_gap": "gaps that nobody names",
    "rating_as_size": "a rating told as a size",
}
SOON_WORDS = {"now": "now", "next": "within twelve weeks", "later": "later"}
SOON_OPTIONS = (("now", "now"), ("next", "next, within twelve weeks"), ("later", "later"))
DOUBT_OPTIONS = (("sure", "sure"), ("some", "some doubt"), ("thin", "thin evidence"))
KNOWLEDGE_OPTIONS = (
    ("practice", "what practitioners know"),
    ("family", "what the family and people like them say"),
    ("organisation", "what our organisation has learnt"),
    ("policy", "what policy and guidance ask"),
    ("research", "research on like things"),
    ("none", "none; the tested evidence is enough"),
)
CHECK_OPTIONS = (
    ("child", "what the child says and does"),
    ("parent", "what the parent says and does"),
    ("seen", "what nursery or school sees"),
    ("scale", "a scale, filled in again"),
    ("none", "we have not said"),
)
REASON_OPTIONS = (
    ("family_wish", "what the family wants"),
    ("availability", "what is to be had here"),
    ("sequence", "the order of things"),
    ("evidence", "we read the evidence otherwise"),
    ("safety", "safety"),
    ("relationship", "the relationship with the worker"),
    ("knowledge", "other knowledge"),
    ("none", "no reason yet"),
)
ROLE_OPTIONS = (
    ("", "rather not say"),
    ("social_worker", "social worker"),
    ("manager", "manager or supervisor"),
    ("commissioner", "commissioner or analyst"),
    ("other", "somebody else"),
)
