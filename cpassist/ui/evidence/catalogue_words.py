"""The evidence page's words: filters and their values, kinds, parts, ages, verdicts."""

from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.vocabulary import Read
from cpassist.evidence.filters import ANY_AGE, Verdict
from cpassist.evidence.gap_map import BANDS as MAP_BANDS
from cpassist.evidence.gap_map import NOT_STATED as AGE_NOT_STATED
from cpassist.planning.taking_part.answering import range_words
from cpassist.ui.evidence.state import EvidenceState
from cpassist.words.evidence import (
    CERTAINTY_WORDS,
    COST_WORDS,
    EFFECT_WORDS,
    FATHERS_WORDS,
    FIT_OPTIONS,
    NOT_SURE_WORDS,
    RESULT_WORDS,
    SETTING_WORDS,
    UK_WORDS,
    WHO_WORDS,
)


def choices(state: EvidenceState, name: str) -> list[tuple[str, str]]:
    """Every value of one filter in words."""
    catalogue = state.catalogue
    if name == "need":
        return [(key, kind.label) for key, kind in catalogue.need_types.items()]
    if name == "guide":
        guides = {s.practice_guide for s in catalogue.sources.values() if s.practice_guide}
        return [(guide, guide) for guide in sorted(guides)]
    if name == "rating":
        pairs = []
        for scale in catalogue.scales.values():
            pairs.append((scale.key, f"{scale.body}: any level"))
            pairs += [
                (f"{scale.key}:{level.level}", f"{scale.body}: {level.label}")
                for level in scale.levels
            ]
        return pairs
    return {
        "who": [(who.value, words) for who, words in WHO_WORDS.items()],
        "setting": list(SETTING_WORDS.items()),
        "certainty": [
            *((band.value, words.capitalize()) for band, words in CERTAINTY_WORDS.items()),
            (Read.RECALLED.value, "Only remembered, to be checked"),
        ],
        "fit": list(FIT_OPTIONS),
        "band": [
            (ANY_AGE, "Any, as far as it was read"),
            *((key, words) for key, words, _, _ in MAP_BANDS),
            AGE_NOT_STATED,
        ],
        "effect": [(key, words.capitalize()) for key, words in EFFECT_WORDS.items()],
        "cost": list(COST_WORDS.items()),
        "uk": list(UK_WORDS.items()),
        "result": list(RESULT_WORDS.items()),
        "fathers": [(key, words.capitalize()) for key, words in FATHERS_WORDS.items()],
        "name": [],
        "here": [("yes", "In the local directory"), ("no", "Not in it")],
        "kind": [("offered", "May be offered"), ("never_offered", "Never offered, and why")],
    }[name]


def verdict_words(verdict: Verdict) -> str:
    """How sure it is that it helps, or what else was found."""
    known = NOT_SURE_WORDS.get(verdict.kind)
    return known or CERTAINTY_WORDS[verdict.band].capitalize()


def ages_words(help_: Intervention) -> str:
    """The ranges that any source states, tested ones first."""
    parts = []
    for meaning in ("tested", "offered"):
        spans = sorted(
            {
                (a.low, a.high)
                for a in help_.ages
                if a.meaning == meaning and a.read is not Read.RECALLED
            }
        )
        if spans:
            parts.append(f"{meaning} {', '.join(range_words(low, high) for low, high in spans)}")
    return "; ".join(parts) or "not stated"


def who_words(help_: Intervention) -> str:
    parts = [
        WHO_WORDS[part.who] + (" (if they can)" if part.optional else "")
        for part in help_.takes_part
    ]
    return (
        " and ".join(parts) + (", together" if help_.together else "")
        if parts
        else "nobody of a family"
    )
