"""The right answers that are computed for one seat and never typed in: from formulas, and from what it was dealt."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from cpassist.workshop.exercises.records import Card, Exercise, Part, Step
from cpassist.workshop.exercises.seat import Seat, as_number
from cpassist.workshop.figures.simulation import Areas, generator, years
from cpassist.workshop.figures.statistics import (
    Counted,
    compared,
    counted,
    drift,
    gap_by_chance,
    power,
)

DEFAULT_WORTH = 0.2


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
