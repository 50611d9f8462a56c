"""The right answers that are computed and never typed in: from the catalogue, from formulas, from a seat's draw."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from cpassist.catalogue.interventions import AgeRow, Evidence, Intervention, Outcome
from cpassist.catalogue.vocabulary import Certainty, Effect
from cpassist.workshop.records import Card, Exercise, Part, Step
from cpassist.workshop.seat import Seat, as_number
from cpassist.workshop.simulation import Areas, generator, years
from cpassist.workshop.statistics import (
    Counted,
    compared,
    counted,
    d_of_odds,
    drift,
    gap_by_chance,
    power,
)

Found = tuple[Intervention, Evidence] | None

# House bands around the usual 0.2, 0.5 and 0.8: a convention, and said to be one.
BANDS = (("trivial", 0.10), ("small", 0.35), ("moderate", 0.65), ("large", math.inf))
SD_UNITS = frozenset({"SMD", "d", "g"})
ODDS_UNITS = frozenset({"odds ratio", "OR"})
DEFAULT_WORTH = 0.2


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
        return ("tested_none",), "A rigorous study looked for a benefit and found none."
    several = row.certainty is Certainty.REPLICATED
    words = "More than one rigorous study found it." if several else "One rigorous test found it."
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
        return ("not_stated",), "The card gives no size. A rating is none."
    return (size_band(effect),), f"{abs(effect):.2f} standard deviations, by our bands."


def card_outcome(card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    """Which outcome the card names."""
    named = {
        "sleep": "sleep",
        "behaviour": "behaviour",
        "children's worry and sadness": "worry",
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
TARGET_NEED = "neglect"


def fits_age(_card: Card | None, found: Found) -> tuple[tuple[str, ...], str]:
    """Matches if every child's age was tested, partly if some were; no range: not reported."""
    rows = _tested(found)
    if not rows:
        return ("not_reported",), "No tested range of ages is given."
    inside = [name for name, age in TARGETS if any(r.low <= age <= r.high for r in rows)]
    key = fit_of(len(inside), len(TARGETS))
    who = " and ".join(inside) or "Neither child"
    return (key,), f"{who} would have been in the range that was tested."


def fit_of(inside: int, of: int) -> str:
    """all: matches; some: partly; none: differs."""
    return "matches" if inside == of else "partly" if inside else "differs"


def _tested(found: Found) -> tuple[AgeRow, ...]:
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
    return (key,), f"They looked after {longest:.0f} months."


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


LEVEL_WHY = {
    "4": "Rigorous, found more than once, and lasting a year or more.",
    "3": "One rigorous study with a gain is enough for 3; for 4 it takes a second one and a year.",
    "2": "Without families like them for comparison it is a first sign, however long it lasts.",
    "NL2": "No gain and no fair comparison.",
    "NE": "A rigorous study looked and found no gain. That is not proof that it can never help.",
}


def level_a(_card: Card | None, _found: Found) -> tuple[tuple[str, ...], str]:
    level = level_of("lot", "one", "short")
    return (level,), LEVEL_WHY[level]


def level_b(_card: Card | None, _found: Found) -> tuple[tuple[str, ...], str]:
    level = level_of("nobody", "one", "year")
    return (level,), LEVEL_WHY[level]


FLAW_WORDS = {
    "unsafe": "both adults in one room",
    "outside_age": "help for another age",
    "too_much": "everything now",
    "silent_gap": "gaps that nobody names",
    "rating_as_size": "a rating told as a size",
}


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


# --- what depends on the seat ---


@dataclass(frozen=True, kw_only=True)
class Right:
    """The right answer for one seat: keys, or a number, and why."""

    keys: tuple[str, ...] = ()
    number: float | None = None
    says: str = ""


def interval_kind(low: float, high: float, worth: float) -> str:
    """What an interval says about a difference worth having; above 0 is a benefit."""
    if -worth < low and high < worth:
        tiny = " (a tiny benefit)" if low > 0 else " (a tiny harm)" if high < 0 else ""
        return f"no important difference{tiny}"
    if low >= worth:
        return "important benefit"
    if low > 0:
        return "benefit, size unsure"
    if high <= -worth:
        return "important harm"
    if high < 0:
        return "harm, size unsure"
    return "inconclusive"


BINS = {"no": "no_important", "inconclusive": "inconclusive"}


def bin_of(card: Card | None, worth: float) -> tuple[str, str]:
    """The bin in which a report belongs, and the finer words for it."""
    if card is None or not card.studied or card.low is None or card.high is None:
        return "not_looked", "Nobody looked. That is no finding, either way."
    kind = interval_kind(card.low, card.high, worth)
    first = kind.split(" ")[0].removesuffix(",")
    bin_ = BINS.get(first) or ("benefit" if "benefit" in kind else "harm")
    return bin_, kind


def worth_of(seat: Seat) -> float:
    """The smallest gain that this person called worth having."""
    return as_number(seat.latest("worth.delta")) or DEFAULT_WORTH


def interval_bin(_exercise: Exercise, step: Step, _part: Part, seat: Seat) -> Right:
    worth = worth_of(seat)
    bin_, kind = bin_of(step.card, worth)
    if bin_ == "not_looked":
        return Right(keys=(bin_,), says=kind)
    return Right(
        keys=(bin_,),
        says=f"With {worth:g} as the smallest gain worth having: {kind}.",
    )


CENTRE = {"mean": 10.0, "sd": 6.0, "steady": 0.7, "cutoff": 17.0}
"""The family centre of The vanishing improvement."""


def expected_fall(_exercise: Exercise, _step: Step, _part: Part, _seat: Seat) -> Right:
    seen = drift(**CENTRE)
    return Right(
        number=seen.fall,
        says=(
            f"By {seen.fall:.1f} points, from {seen.before:.1f} to {seen.after:.1f}; "
            f"{seen.below * 100:.0f} of 100 drop below 17 anyway."
        ),
    )


TRUE_EFFECT = 0.2
"""The effect of the programme that everybody tests in The drawer."""


def significant_of_ten(_exercise: Exercise, _step: Step, _part: Part, seat: Seat) -> Right:
    chance = power(TRUE_EFFECT, seat.dealt())
    return Right(
        number=10 * chance,
        says=f"About {10 * chance:.1f} of ten: with {seat.dealt()} in each arm {chance * 100:.0f} of 100 such trials are.",
    )


def checklist() -> Counted:
    """The checklist of Out of 1,000 families."""
    return counted(base=0.04, finds=0.8, false_alarms=0.1)


def _count(number: float, says: str) -> Right:
    return Right(number=number, says=says)


def families_concern(_exercise: Exercise, _step: Step, _part: Part, _seat: Seat) -> Right:
    seen = checklist()
    return _count(seen.found + seen.missed, "4 in 100 of 1,000 is 40.")


def families_found(_exercise: Exercise, _step: Step, _part: Part, _seat: Seat) -> Right:
    return _count(checklist().found, "8 in 10 of 40 is 32.")


def families_alarms(_exercise: Exercise, _step: Step, _part: Part, _seat: Seat) -> Right:
    return _count(checklist().false_alarms, "1 in 10 of 960 is 96.")


def chance_if_flagged(_exercise: Exercise, _step: Step, _part: Part, _seat: Seat) -> Right:
    seen = checklist()
    return _count(
        seen.exact * 100,
        f"{seen.flagged} are flagged, {seen.found} of them with a concern: {seen.exact * 100:.0f} in 100.",
    )


BROCHURE = (0.20, 0.15)
ELSEWHERE = 0.04


def fewer_per_100(_exercise: Exercise, _step: Step, _part: Part, _seat: Seat) -> Right:
    return _count(compared(*BROCHURE).difference * 100, "20 less 15.")


def needed_here(_exercise: Exercise, _step: Step, _part: Part, _seat: Seat) -> Right:
    return _count(compared(*BROCHURE).needed or 0, "5 fewer in 100 is one in 20.")


def needed_elsewhere(_exercise: Exercise, _step: Step, _part: Part, _seat: Seat) -> Right:
    after = ELSEWHERE * compared(*BROCHURE).relative
    return _count(
        compared(ELSEWHERE, after).needed or 0, "A quarter of 4 is 1: one fewer in 100 families."
    )


AREAS = ("a", "b", "c")
AREA_RATE, AREA_STEP, AREA_PLANS = 0.22, 0.13, 60


def changed_area(seed: int) -> str:
    """In which of the three areas something really changes; the same for a whole room."""
    return AREAS[seed % 3]


@cache
def _areas(seed: int, exercise: int) -> dict[str, Areas]:
    # Drawn anew until chance fools the eye and four years together do not: with a tame draw the picture would
    # teach the opposite.
    for turn in range(4000):
        draw = generator(seed, exercise, 0, turn)
        made = {
            name: years(
                draw,
                plans=AREA_PLANS,
                rate=AREA_RATE,
                step=AREA_STEP if name == changed_area(seed) else 0.0,
            )
            for name in AREAS
        }
        if _is_telling(made, changed_area(seed)):
            break
    return made


def three_areas(exercise: Exercise, seat: Seat) -> dict[str, Areas]:
    """Eight years of each of the three areas; the same for a whole room."""
    return _areas(seat.seed, exercise.number)


def _is_telling(made: dict[str, Areas], changed: str) -> bool:
    """Whether four years together show the change and nothing else, while the boldest jump of a year is elsewhere."""
    half = 4
    gaps = {
        name: abs(area.repeats[half:].sum() - area.repeats[:half].sum()) / (half * AREA_PLANS)
        for name, area in made.items()
    }
    jumps = {name: int(abs(np.diff(area.repeats)).max()) for name, area in made.items()}
    decoys = [name for name in made if name != changed]
    boldest = max(jumps[name] for name in decoys)
    fooled = boldest >= 11 and boldest >= jumps[changed] + 3
    told = 0.11 < gaps[changed] < 0.17 and max(gaps[name] for name in decoys) < 0.03
    return bool(fooled and told)


def step_area(_exercise: Exercise, _step: Step, _part: Part, seat: Seat) -> Right:
    area = changed_area(seat.seed)
    return Right(
        keys=(area,),
        says=f"In area {area.upper()}. Four years together show it; one year beside the next does not.",
    )


def two_years(_exercise: Exercise, _step: Step, part: Part, _seat: Seat) -> Right:
    chance = gap_by_chance(60, 14 / 60, 4)
    return Right(
        keys=part.right,
        says=(
            f"With nothing changed, two years of 60 plans differ by four or more in about {chance * 100:.0f} of 100 pairs "
            "of years."
        ),
    )


def has_comparison(_exercise: Exercise, _step: Step, _part: Part, seat: Seat) -> Right:
    """To decline needs no comparison; anything else does."""
    if seat.latest("decide.how") == "decline":
        return Right(
            keys=("lot", "like", "before", "nobody"), says="To decline needs no comparison."
        )
    return Right(keys=("lot", "like"), says="Somebody like these, without it, over the same time.")


LATER: dict[str, Callable[[Exercise, Step, Part, Seat], Right]] = {
    rule.__name__: rule
    for rule in (
        interval_bin,
        expected_fall,
        significant_of_ten,
        families_concern,
        families_found,
        families_alarms,
        chance_if_flagged,
        fewer_per_100,
        needed_here,
        needed_elsewhere,
        step_area,
        two_years,
        has_comparison,
    )
}
"""Calculations that look at the seat."""


def right_for(exercise: Exercise, step: Step, part: Part, seat: Seat) -> Right:
    """The right answer to one question for one seat."""
    if part.rule in LATER:
        return LATER[part.rule](exercise, step, part, seat)
    return Right(keys=part.right, says=part.why)
