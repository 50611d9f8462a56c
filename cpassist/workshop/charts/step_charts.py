"""The picture of each step for one seat, turned by its dials. What the room sees of itself is in `room_charts`."""

from collections.abc import Callable

from cpassist.words.workshop import BIN_WORDS, CERTAIN_WORDS, LEVEL_NAMES, LEVEL_WHY, SIZE_WORDS
from cpassist.workshop.charts.charts_counts import (
    absolute,
    areas_over_years,
    league,
    levers,
    thousand,
)
from cpassist.workshop.charts.charts_trials import (
    dealt,
    drawer,
    left_over,
    my_trial,
    power_of,
    vanishing,
)
from cpassist.workshop.exercises.answers import (
    bin_of,
    worth_of,
)
from cpassist.workshop.exercises.card_answers import BANDS, level_of
from cpassist.workshop.exercises.records import Card, Exercise, Step
from cpassist.workshop.exercises.seat import Seat
from cpassist.workshop.figures.marks import Axis, Chart, Mark, Panel, number, ticks
from cpassist.workshop.package_task.task import compare_chart

SPREADS = {"high": 0.1, "moderate": 0.25, "low": 0.5, "very_low": 0.9}


def sentence(exercise: Exercise, step: Step, seat: Seat) -> Chart:
    """Words for size and for certainty, and the bar that they promise."""
    size = seat.dial(exercise, step.key, "size")
    certain = seat.dial(exercise, step.key, "certainty")
    edges = dict(zip((name for name, _ in BANDS), (0.0, 0.10, 0.35, 0.65), strict=True))
    tops = {"trivial": 0.10, "small": 0.35, "moderate": 0.65, "large": 0.95}
    middle = (edges[size] + tops[size]) / 2
    half = SPREADS[certain]
    said = f"The programme {CERTAIN_WORDS[certain].format(size=SIZE_WORDS[size])}."
    return Chart(
        title="What the sentence promises",
        sentence=said,
        heads=("Part of the sentence", "Words"),
        rows=(("Size", SIZE_WORDS[size]), ("How sure", certain.replace("_", " "))),
        note="A drawing of words, not of data.",
        panels=(
            Panel(
                x=Axis(
                    low=-1,
                    high=2,
                    ticks=ticks(-0.5, 0, 0.5, 1),
                    title="standard deviations; to the right is better",
                ),
                y=Axis(low=0, high=2),
                height=110,
                names=8,
                marks=(
                    Mark(shape="band", x=edges[size], x2=tops[size], label=size, tone="second"),
                    Mark(shape="rule", x=0, tone="quiet"),
                    Mark(shape="interval", x=middle - half, x2=middle + half, y=1),
                    Mark(shape="dot", x=middle, y=1),
                ),
            ),
        ),
    )


def _delta_marks(delta: float) -> tuple[Mark, ...]:
    return (
        Mark(shape="band", x=-delta, x2=delta, label="too small to matter", tone="second"),
        Mark(shape="rule", x=0, label="no difference", tone="quiet"),
    )


def _report_mark(card: Card, y: float, worth: float) -> tuple[Mark, ...]:
    if not card.studied or card.low is None or card.high is None:
        return (Mark(shape="words", x=-0.9, y=y - 0.1, label="nobody looked", tone="gap"),)
    bin_, _ = bin_of(card, worth)
    shape, tone = BIN_MARKS[bin_]
    return (
        Mark(shape="interval", x=card.low, x2=card.high, y=y, tone=tone),
        Mark(shape=shape, x=(card.low + card.high) / 2, y=y, tone=tone),
    )


BIN_MARKS = {
    "not_looked": ("ring", "gap"),
    "no_important": ("square", "quiet"),
    "inconclusive": ("ring", "ask"),
    "benefit": ("dot", "main"),
    "harm": ("diamond", "stop"),
}
REPORT_AXIS = Axis(
    low=-1, high=1, ticks=ticks(-1, -0.5, 0, 0.5, 1), title="worse ← standard deviations → better"
)


def interval(_exercise: Exercise, step: Step, seat: Seat) -> Chart | None:
    """One report against nothing and against what this person called worth having."""
    card = step.card
    if card is None:
        return None
    worth = worth_of(seat)
    if not card.studied or card.low is None or card.high is None:
        said = "There is nothing to draw: no study was found."
    else:
        said = (
            f"The effects that fit this report go from {number(card.low)} to {number(card.high)}."
        )
    return Chart(
        title=card.title,
        sentence=said,
        heads=("From", "To", "Smallest gain worth having"),
        rows=((number(card.low), number(card.high), f"{worth:g}"),),
        panels=(
            Panel(
                x=REPORT_AXIS,
                y=Axis(low=0, high=2),
                height=110,
                names=8,
                marks=(
                    *_delta_marks(worth),
                    *(
                        (
                            Mark(shape="interval", x=card.low, x2=card.high, y=1),
                            Mark(shape="dot", x=(card.low + card.high) / 2, y=1),
                        )
                        if card.low is not None and card.high is not None
                        else (
                            Mark(shape="words", x=-0.9, y=0.9, label="nobody looked", tone="gap"),
                        )
                    ),
                ),
            ),
        ),
    )


def intervals(exercise: Exercise, step: Step, seat: Seat) -> Chart:
    """All reports at once, in the bins that a smallest gain worth having gives them."""
    worth = float(seat.dial(exercise, step.key, "delta", "0.2"))
    cards = [s.card for s in exercise.steps if s.chart == "interval" and s.card]
    marks: list[Mark] = list(_delta_marks(worth))
    rows = []
    for at, card in enumerate(cards):
        y = len(cards) - at
        marks += _report_mark(card, y, worth)
        bin_, kind = bin_of(card, worth)
        rows.append((card.title, number(card.low), number(card.high), kind if bin_ != "not_looked" else "not looked"))  # fmt: skip
    bins = [bin_of(card, worth)[0] for card in cards]
    counts = [f"{bins.count(b)} {BIN_WORDS[b]}" for b in BIN_WORDS if bins.count(b)]
    return Chart(
        title=f"Eight reports, with {worth:g} as the smallest gain worth having",
        sentence=f"With {worth:g}: {', '.join(counts)}.",
        heads=("Report", "From", "To", "Says"),
        rows=tuple(rows),
        note="Filled disc: a benefit. Square: no important difference. Ring: inconclusive. Diamond: a harm.",
        panels=(
            Panel(
                x=REPORT_AXIS,
                y=Axis(
                    low=0.4,
                    high=len(cards) + 0.9,
                    ticks=tuple((len(cards) - i, str(i + 1)) for i in range(len(cards))),
                ),
                marks=tuple(marks),
                height=300,
                names=24,
            ),
        ),
    )


def package(exercise: Exercise, _step: Step, seat: Seat) -> Chart:
    """Somebody's package beside the planner's."""
    return compare_chart(exercise, seat)


LEVELS = ("4", "3", "2", "NL2", "NE")


def level(exercise: Exercise, step: Step, seat: Seat) -> Chart:
    """The level that three criteria add up to; it begins with this person's own answers."""
    said = {part.key: seat.dial(exercise, step.key, part.key) for part in step.parts}
    reached = level_of(said["compared"], said["found"], said["later"])
    marks = [
        Mark(
            shape="dot" if name == reached else "ring",
            x=0.5,
            y=len(LEVELS) - at,
            tone="main" if name == reached else "quiet",
        )
        for at, name in enumerate(LEVELS)
    ]
    marks += [
        Mark(
            shape="words",
            x=0.8,
            y=len(LEVELS) - at - 0.15,
            label=LEVEL_NAMES[name],
            tone="main" if name == reached else "quiet",
        )
        for at, name in enumerate(LEVELS)
    ]
    words = {
        part.key: next(o.says for o in exercise.options(part) if o.key == said[part.key])
        for part in step.parts
    }
    return Chart(
        title="The level",
        sentence=f"That adds up to {LEVEL_NAMES[reached]}. {LEVEL_WHY[reached]}",
        heads=("Criterion", "Answer"),
        rows=(*((part.prompt, words[part.key]) for part in step.parts), ("Level", LEVEL_NAMES[reached])),
        panels=(
            Panel(
                x=Axis(low=0, high=6),
                y=Axis(low=0.4, high=5.6),
                marks=tuple(marks),
                height=170,
                names=4,
            ),
        ),
        note="A scale in our words, simplified.",
    )  # fmt: skip


def disagreement(exercise: Exercise, step: Step, seat: Seat) -> Chart:
    """One kind of help as several bodies see it, with what splits them."""
    key = seat.dial(exercise, step.key, "help")
    one = next(d for d in exercise.differing if d.intervention == key)
    about, says, criterion = one.splits[0] if one.splits else ("", "Nobody disagrees.", "")
    more = f" {len(one.splits)} disagreements are known." if len(one.splits) > 1 else ""
    return Chart(
        title=one.title,
        sentence=f"{says} What splits them: {criterion}{more}",
        heads=("Who", "Says", "In words"),
        rows=(
            *one.bodies,
            *((f"They differ about: {a}", s, c) for a, s, c in one.splits if (a, s) != (about, says)),
        ),
        note="Each in its own words; nothing is averaged.",
    )  # fmt: skip


CHARTS: dict[str, Callable[[Exercise, Step, Seat], Chart | None]] = {
    "sentence": sentence,
    "interval": interval,
    "intervals": intervals,
    "vanishing": vanishing,
    "who_is_left": left_over,
    "dealt": dealt,
    "my_trial": my_trial,
    "power": power_of,
    "drawer": drawer,
    "thousand": thousand,
    "levers": levers,
    "absolute": absolute,
    "three_areas": areas_over_years,
    "league": league,
    "package": package,
    "level": level,
    "disagreement": disagreement,
}
CHART_NAMES = frozenset(CHARTS)
ROOM_CHARTS = frozenset(
    {"plane", "vanishing_room", "funnel_published", "funnel_all", "two_ways", "area_room", "package_room"}
)  # fmt: skip
"""Pictures of the whole room; they are drawn in `room_charts`."""


def chart_of(exercise: Exercise, step: Step, seat: Seat) -> Chart | None:
    """The picture of a step for a seat, if it has one."""
    return CHARTS[step.chart](exercise, step, seat) if step.chart else None
