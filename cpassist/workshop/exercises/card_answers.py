"""The right answers that the catalogue gives: what a card says, whom it fits, what a scale's criteria add up to."""

import math
from collections.abc import Callable

from cpassist.catalogue.interventions import AgeRow, Evidence, Intervention, Outcome
from cpassist.catalogue.named_in_code import NEGLECT
from cpassist.catalogue.vocabulary import Certainty, Effect
from cpassist.words.workshop import FLAW_WORDS, LEVEL_WHY
from cpassist.workshop.exercises.records import Card
from cpassist.workshop.figures.statistics import (
    d_of_odds,
)

Found = tuple[Intervention, Evidence] | None

# House bands around the usual 0.2, 0.5 and 0.8: a convention, and said to be one.
BANDS = (("trivial", 0.10), ("small", 0.35), ("moderate", 0.65), ("large", math.inf))
SD_UNITS = frozenset({"SMD", "d", "g"})
ODDS_UNITS = frozenset({"odds ratio", "OR"})


def size_band(effect: float) -> str:
    """The band of a standardised difference, whichever way it points."""
    return next(name for name, below in BANDS if abs(effect) < below)


def standardised(outcome: Outcome) -> float | None:
    """An outcome's effect in standard deviations, converted from an odds ratio where need be; None: not to be had."""
    if outcome.effect is None:
        return None
    if outcome.unit in SD_UNITS:
        return outcome.effect
    if outcome.unit in ODDS_UNITS and outcome.effect > 0:
        return d_of_odds(outcome.effect)
    return None


def card_interval(outcome: Outcome | None) -> tuple[float | None, float | None]:
    """An outcome's interval in standard deviations, above 0 for a benefit; the outcomes used are unwanted ones."""
    if outcome is None or outcome.interval is None or outcome.unit not in ODDS_UNITS:
        return None, None
    low, high = outcome.interval
    return -d_of_odds(high), -d_of_odds(low)


# --- what a card of the catalogue says, computed once when the exercise is read ---


def card_sure(card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    """How sure, from our band of certainty and the effect; for an invented card from its rating."""
    if found is None:
        sure = {"level 4": "several", "level 3": "one"}.get(card.rated if card else "", "not_shown")
        if card is not None and not card.controlled:
            return ("not_shown",), "Without a comparison group the cause is not shown."
        return (sure,), "That is what such a rating says: how sure, and nothing else."
    row = found[1]
    if row.certainty is Certainty.NOT_TESTED:
        return ("not_stated",), "The entry reports no test."
    if row.certainty in {Certainty.EARLY, Certainty.UNCLEAR}:
        return ("not_shown",), "Nobody was allotted by chance, or the entry does not say."
    if row.effect is Effect.NO_EFFECT:
        return ("tested_none",), "A rigorous study looked for a benefit on this and found none."
    several = row.certainty is Certainty.REPLICATED
    words = "More than one rigorous study found it." if several else "One rigorous study found it."
    return ("several" if several else "one",), words


def card_size(card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    """How big, from the outcome's figures; where none is stored, or nothing was compared, not stated."""
    outcome = _outcome(card, found)
    effect = standardised(outcome) if outcome else None
    if found is None and card is not None:
        if not card.controlled:
            return ("not_stated",), "A change without a comparison is no size of an effect."
        effect = card.effect
    if effect is None:
        if card is not None and not card.rated:
            return ("not_stated",), "A change without a comparison is no size of an effect."
        return ("not_stated",), "The card gives no size. A rating is none."
    return (size_band(effect),), f"{abs(effect):.2f} standard deviations, by our bands."


def card_outcome(card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    """Which outcome the card names."""
    named = {
        "sleep": "sleep",
        "behaviour": "behaviour",
        "trauma symptoms": "trauma",
        "assessed as in need by age 7": "in_need",
        "children with severe difficulties": "difficulties",
    }
    outcome = _outcome(card, found)
    what = outcome.what if outcome else (card.outcome if card and found is None else "")
    if what in named:
        return (named[what],), f"The card names it: {what}."
    return ("not_stated",), "“Gained” and “worked better” name no outcome that was measured."


def _outcome(card: Card | None, found: Found) -> Outcome | None:
    if card is None or found is None:
        return None
    return next((o for o in found[1].outcomes if o.what == card.outcome), None)


# --- how directly a finding speaks to the Larkfields ---

TARGETS = (("Mia", 8 * 12), ("Theo", 3 * 12))
"""The children of the family in the exercise, with their ages in months."""
TARGET_NEED = NEGLECT


def fits_age(_card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    """Matches if every child's age was tested, partly if some were; no range: not reported."""
    rows = tested_ages(found)
    if not rows:
        return ("not_reported",), "No tested range of ages is given."
    inside = [name for name, age in TARGETS if any(r.low <= age <= r.high for r in rows)]
    key = fit_of(len(inside), len(TARGETS))
    who = " and ".join(inside) or "Neither child"
    return (key,), f"{who} would have been in the range that was tested."


def fit_of(inside: int, of: int) -> str:
    """all: matches; some: partly; none: differs."""
    return "matches" if inside == of else "partly" if inside else "differs"


def tested_ages(found: Found) -> tuple[AgeRow, ...]:
    if found is None:
        return ()
    intervention, row = found
    tested = tuple(r for r in intervention.ages if r.meaning == "tested")
    same = tuple(r for r in tested if row.source in {r.source, *r.covers})
    return same or tested


def fits_need(_card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    row = found[1] if found else None
    if row is None or row.need is None:
        return ("not_reported",), "The entry names no need."
    if row.need == TARGET_NEED and found is not None and "prevention" in found[0].tags:
        return (
            ("partly",),
            "It looks at neglect, but is given before birth to prevent it, and is no help after harm.",
        )
    if row.need == TARGET_NEED:
        return ("matches",), "The finding is about neglect."
    return ("differs",), "The finding is about another need."


def fits_country(_card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    uk = found[1].population.uk if found else None
    if uk is None:
        return ("not_reported",), "The entry does not say where."
    if uk:
        return ("matches",), "It was tested where usual help is like here."
    return ("differs",), "It was tested in another country, with other usual help."


def fits_outcome(_card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    if found is None or not found[1].outcomes:
        return ("not_reported",), "No measured outcome is given."
    return ("matches",), f"Measured: {found[1].outcomes[0].what}."


def fits_later(_card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    months = [o.follow_up_months for o in found[1].outcomes] if found else []
    known = [m for m in months if m is not None]
    if not known:
        return ("not_reported",), "The entry does not say how long they looked."
    longest = max(known)
    key = "matches" if longest >= 12 else "partly" if longest >= 6 else "differs"
    return (
        (key,),
        f"Families were followed for {longest / 12:.0f} years."
        if longest >= 24
        else f"Families were followed for {longest:.0f} months.",
    )


def fits_gives(_card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    asks = found[0].asks if found else None
    if asks is None or not asks.given_by:
        return ("not_reported",), "The entry does not say who gives it."
    return ("matches",), f"Given by: {asks.given_by}."


FEATURES = {
    "age": fits_age,
    "need": fits_need,
    "country": fits_country,
    "outcome": fits_outcome,
    "later": fits_later,
    "gives": fits_gives,
}
WEIGHTY = ("age", "need", "country", "outcome")
NOT_REPORTED_TOO_OFTEN = 3


def fits_overall(card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    """Direct where all that weighs matches; indirect where no child's age was tested, or two weighty features differ.

    Where three features or more are not reported, nobody can tell.
    """
    said = {name: rule(card, found)[0][0] for name, rule in FEATURES.items()}
    if list(said.values()).count("not_reported") >= NOT_REPORTED_TOO_OFTEN:
        return ("cannot_tell",), "Too much is not reported."
    off = [name for name in WEIGHTY if said[name] == "differs"]
    if not off and all(said[name] == "matches" for name in WEIGHTY):
        return ("direct",), "Age, need, country and outcome all match."
    if "age" in off:
        return ("indirect",), "Nobody of these ages was in it."
    if len(off) >= 2:
        return ("indirect",), "Two weighty features differ."
    return ("some_gaps",), "Most of it fits, and something does not."


def fits_gap(card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    """Any feature that does not match counts as a gap that somebody may name."""
    gaps = tuple(n for n, rule in FEATURES.items() if rule(card, found)[0][0] != "matches")
    return gaps or tuple(
        FEATURES
    ), "Whatever does not match can be called the biggest gap; say why."


# --- what a scale's criteria add up to, and what was put into a package ---


def level_of(compared: str, found: str, later: str) -> str:
    """The level that three answers add up to: our words of a scale like the Guidebook's, without its thresholds."""
    if compared != "lot":
        return "NL2" if found == "none" else "2"
    if found == "none":
        return "NE"
    return "4" if found == "several" and later == "year" else "3"


def level_a(_card: Card | None, _found: Found) -> tuple[tuple[str, ...], str]:
    level = level_of("lot", "one", "short")
    return (level,), LEVEL_WHY[level]


def level_b(_card: Card | None, _found: Found) -> tuple[tuple[str, ...], str]:
    level = level_of("nobody", "one", "year")
    return (level,), LEVEL_WHY[level]


def seeded(card: Card | None, _found: Found) -> tuple[tuple[str, ...], str]:
    """The faults that were put into a package."""
    flaws = (card.flaws if card else None) or ()
    if not flaws:
        return ("none",), "Nothing was put in: it is the planner's own."
    return flaws, f"Put in: {', '.join(FLAW_WORDS[flaw] for flaw in flaws)}."


AT_ONCE: dict[str, Callable[[Card | None, Found], tuple[tuple[str, ...], str]]] = {
    "level_a": level_a,
    "level_b": level_b,
    "seeded": seeded,
    "card_sure": card_sure,
    "card_size": card_size,
    "card_outcome": card_outcome,
    "fits_overall": fits_overall,
    "fits_gap": fits_gap,
    **{f"fits_{name}": rule for name, rule in FEATURES.items()},
}
"""Calculations that need nothing but the catalogue."""
