"""What a room sees of itself: distributions, never a person. Shown only where enough have answered."""

from collections.abc import Callable

import numpy as np

from cpassist.workshop.charts.charts_trials import funnel_chart, vanishing_of
from cpassist.workshop.exercises.answers import TRUE_EFFECT, right_for
from cpassist.workshop.exercises.marking import asked
from cpassist.workshop.exercises.records import Ask, Exercise, Part, Phase, Step
from cpassist.workshop.exercises.seat import Seat, as_number
from cpassist.workshop.figures.marks import Axis, Chart, Mark, Panel, bars, stacked, ticks
from cpassist.workshop.figures.simulation import difference as difference_of
from cpassist.workshop.figures.simulation import mean_change, run_trial
from cpassist.workshop.package_task.marks import package_room

FEWEST = 5
"""A room of colleagues can recognise each other: below this nothing is shown. A house judgement."""
FILL_TO = 20
Seats = tuple[Seat, ...]


def simulated_seats(seed: int, count: int, start: int = 1) -> Seats:
    """Seats that nobody sits on, for somebody alone or to fill a small room; always labelled as such."""
    return tuple(Seat(seed=seed, number=10_000 + start + i) for i in range(count))


def room_chart(
    exercise: Exercise, name: str, seats: Seats, *, solved: bool, alone: bool = False
) -> Chart | None:
    """One picture of the room; None where too few have answered, or somebody alone has no room.

    `solved` marks what is right. `alone`: the seats are simulated, and only what is drawn by a simulation is shown.
    """
    if not alone and not enough(name, seats):
        return None
    if name in ROOM:
        needs_answers = name not in SIMULATED
        return None if alone and needs_answers else ROOM[name](exercise, seats, solved)
    if alone:
        return None
    found = {n: (s, p) for n, s, p in exercise.questions()}.get(name)
    return answers_chart(exercise, *found, seats, solved) if found else None


def enough(name: str, seats: Seats) -> bool:
    """Whether so many have answered that nobody can be recognised."""
    return answered(name, seats) >= FEWEST


def answered(name: str, seats: Seats) -> int:
    """How many answered what a picture of the room shows."""
    behind = BEHIND.get(name, (name,))
    return min(sum(bool(seat.latest(one)) for seat in seats) for one in behind)  # fmt: skip


BEHIND = {
    "plane": ("card_a.big",),
    "two_ways": ("percent.chance",),
    "area_room": ("pick.area",),
    "vanishing_room": ("guess.way",),
    "funnel_published": ("mine.publish",),
    "funnel_all": ("mine.publish",),
    "package_room": ("slot1.what",),
}
"""Which answers stand behind a picture."""


def answers_chart(
    exercise: Exercise, step: Step, part: Part, seats: Seats, solved: bool
) -> Chart | None:
    """The room's answers to one question; both times, where it was asked twice."""
    name = f"{step.key}.{part.key}"
    phases = [step.phase, Phase.REVOTE] if step.again else [step.phase]
    sets = [[s.answers[name, p] for s in seats if (name, p) in s.answers] for p in phases]
    # The second set is shown once it is large enough itself; a single changed answer would show who changed.
    sets = [said for said in sets if len(said) >= FEWEST]
    if not sets:
        return None
    titles = ("First", "Again") if len(sets) > 1 else ("",)
    right = right_for(exercise, step, part, Seat(seed=seats[0].seed))
    if part.ask is Ask.NUMBER:
        at = right.number if solved and part.rule != "significant_of_ten" else None
        return _numbers(step, part, sets, titles, at)
    options = exercise.options(part)
    panels, rows = [], []
    most_often = max(sum(o.key in one.split() for one in said) for said in sets for o in options)
    for title, said in zip(titles, sets, strict=True):
        counts = [(o.says, sum(o.key in one.split() for one in said)) for o in options]
        # What is right for one seat may be wrong for another who drew or chose something else.
        told = "\n".join(o.says for o in options if o.key in right.keys) if solved else ""
        panels.append(
            bars(counts, title=title, note=f"{len(said)} answers.", told=told, most=most_often)
        )
        rows += [((title or "Answers"), words, str(count)) for words, count in counts]
    most = max(((o.says, sum(o.key in one.split() for one in sets[-1])) for o in options), key=lambda c: c[1])  # fmt: skip
    return Chart(
        title=asked(step, part),
        sentence=f"{most[1]} of {len(sets[-1])} chose: {most[0]}.",
        heads=("When", "Answer", "How many"),
        rows=tuple(rows),
        panels=tuple(panels),
    )


def _numbers(
    step: Step,
    part: Part,
    sets: list[list[str]],
    titles: tuple[str, ...],
    told: float | None,
) -> Chart:
    panels, rows = [], []
    numbers = [[v for v in (as_number(one) for one in said) if v is not None] for said in sets]
    tallest, values = tallest_of(numbers, part), numbers[-1]
    for title, values in zip(titles, numbers, strict=True):
        panels.append(_dots(title, values, part, told, tallest))
        rows.append(
            (
                title or "Answers",
                str(len(values)),
                f"{np.median(values):g}",
                f"{min(values):g} to {max(values):g}",
            )
        )
    return Chart(
        title=asked(step, part),
        sentence=f"Half the room said {np.median(values):g} or more {part.unit}.",
        heads=("When", "How many", "Middle", "From and to"),
        rows=tuple(rows),
        panels=tuple(panels),
    )


def _binned(values: list[float], part: Part) -> tuple[Mark, ...]:
    step = (part.high - part.low) / 40
    return stacked([part.low + round((v - part.low) / step) * step for v in values])


def tallest_of(sets: list[list[float]], part: Part) -> float:
    """The highest pile of dots over panels that stand side by side: they share one scale."""
    return max([m.y for values in sets for m in _binned(values, part)] + [6])


def _dots(title: str, values: list[float], part: Part, told: float | None, tallest: float) -> Panel:
    wide = part.high - part.low
    marks = _binned(values, part)
    rule = () if told is None else (Mark(shape="rule", x=told, label=f"{told:g}", tone="main"),)
    return Panel(
        title=title,
        note=_spread(values, part.unit, part.high - part.low),
        x=Axis(
            low=part.low - wide * 0.02,
            high=part.high + wide * 0.02,
            ticks=ticks(*[part.low + wide * i / 4 for i in range(5)]),
            title=part.unit,
        ),
        y=Axis(low=0, high=tallest + 1),
        marks=(*rule, *marks),
        height=190,
        names=10,
    )


def _spread(values: list[float], unit: str, wide: float) -> str:
    """Between which two of the values about half of them lie; nothing where that is most of the axis."""
    line = sorted(values)
    low, high = line[len(line) // 4], line[-1 - len(line) // 4]
    inside = sum(low <= v <= high for v in line)
    if low == high:
        return f"{inside} of {len(line)} are at {round(low, 1):g} {unit}.".replace("-", "−")
    if high - low > wide / 2:
        return ""
    said = f"{inside} of {len(line)} lie between {round(low, 1):g} and {round(high, 1):g} {unit}."
    return said.replace("-", "−")


def two_ways(_exercise: Exercise, seats: Seats, solved: bool) -> Chart | None:
    """The same question with percentages and with counts, side by side."""
    part = Part(key="chance", ask=Ask.NUMBER, prompt="", unit="in 100")
    sets = [_values(seats, "percent.chance"), _values(seats, "counts.chance")]
    shown = [(t, v) for t, v in zip(("With percentages", "With counts"), sets, strict=True) if len(v) >= FEWEST]  # fmt: skip
    if not shown:
        return None
    tallest = tallest_of([v for _, v in shown], part)
    said = "The facts did not change. The way of saying them did."
    near = sum(22 <= v <= 28 for v in sets[1])
    return Chart(
        title="Out of 1,000 families",
        sentence=(
            f"128 flagged, 32 with a serious concern: 25 in 100. {said}"
            if solved
            else f"With counts {near} of {len(sets[1])} said about 25 in 100."
            if len(shown) > 1
            else f"Half the room said {np.median(shown[0][1]):g} or more in 100."
        ),
        heads=("How it was said", "Answers", "Middle", "From and to"),
        rows=tuple((t, str(len(v)), f"{np.median(v):g}", f"{min(v):g} to {max(v):g}") for t, v in shown),
        panels=tuple(_dots(t, v, part, 25.0 if solved else None, tallest) for t, v in shown),
    )  # fmt: skip


def _values(seats: Seats, name: str) -> list[float]:
    return [v for v in (as_number(seat.latest(name)) for seat in seats) if v is not None]


def plane(exercise: Exercise, seats: Seats, solved: bool) -> Chart | None:
    """How often the room gave each size to each card; once it is solved the right place has a ground of its own."""
    cards = [step for step in exercise.steps if step.card is not None]
    marks: list[Mark] = []
    rows = []
    guessed = 0
    for at, step in enumerate(cards):
        part = next(p for p in step.parts if p.key == "big")
        options = exercise.options(part)
        said = [v for v in (seat.latest(f"{step.key}.big") for seat in seats) if v]
        if len(said) < FEWEST:
            continue
        y = len(cards) - at
        for x, option in enumerate(options):
            count = said.count(option.key)
            right = solved and option.key in part.right
            if right:
                marks.append(Mark(shape="band", x=x - 0.45, x2=x + 0.45, y=y - 0.4, y2=y + 0.4, tone="second"))  # fmt: skip
            if count:
                marks.append(
                    Mark(
                        shape="words",
                        x=x - 0.12,
                        y=y - 0.12,
                        label=str(count),
                        tone="main" if right or not solved else "quiet",
                    )
                )
        unstated = part.right == ("not_stated",)
        sized = len(said) - said.count("not_stated")
        guessed += sized if unstated else 0
        rows.append((step.title, *(str(said.count(option.key)) for option in options)))
    if not rows:
        return None
    names = exercise.options(next(p for p in cards[0].parts if p.key == "big"))
    return Chart(
        title="How big did the room call each card?",
        sentence=(
            f"A size was guessed {guessed} times where the card states none."
            if guessed
            else "Nobody guessed a size where the card states none."
        ),
        heads=("Card", *(option.says for option in names)),
        rows=tuple(rows),
        panels=(
            Panel(
                x=Axis(
                    low=-0.6,
                    high=len(names) - 0.4,
                    ticks=tuple((at, SHORT.get(o.key, o.says)) for at, o in enumerate(names)),
                ),
                y=Axis(
                    low=0.4,
                    high=len(cards) + 0.6,
                    ticks=tuple((len(cards) - at, step.title) for at, step in enumerate(cards)),
                ),
                marks=tuple(marks),
                height=32 * len(cards),
                names=60,
            ),
        ),
        note="How many chose each size. The tinted place is what the card says."
        if solved
        else "How many chose each size.",
    )


SHORT = {"not_stated": "None"}
"""Names of sizes that fit under a column on a phone."""


def vanishing_room(exercise: Exercise, seats: Seats, _solved: bool) -> Chart:
    """The improvement that each seat found with a true effect of zero; and the difference, once there is a lot."""
    step = exercise.step("again")
    assert step is not None
    alone, by_lot = [], []
    for seat in seats:
        plain = Seat(seed=seat.seed, number=seat.number)
        group, _ = vanishing_of(exercise, step, plain)
        alone.append(-mean_change(group)[0])
        lot = Seat(seed=seat.seed, number=seat.number, dials={"again.lot": "yes"})
        with_it, without = vanishing_of(exercise, step, lot)
        if without is not None:
            by_lot.append(-difference_of(with_it, without)[0])
    part = Part(key="x", ask=Ask.NUMBER, prompt="", low=-6, high=6, unit="points better")
    tallest = tallest_of([alone, by_lot], part)
    return Chart(
        title="The improvement that each of us found",
        sentence=(
            f"The true effect is zero. Before and after, the room found {np.mean(alone):.1f} points better on average; "
            f"compared at random, {np.mean(by_lot):.1f}.".replace("-", "−")
        ),
        heads=("How it was measured", "Runs", "Middle", "From and to"),
        rows=tuple(
            (
                name,
                str(len(v)),
                f"{np.median(v):.1f}",
                f"{min(v):.1f} to {max(v):.1f}".replace("-", "−"),
            )
            for name, v in (("Before and after", alone), ("Compared at random", by_lot))
        ),
        panels=(
            _dots("Before and after", alone, part, 0.0, tallest),
            _dots("Compared at random", by_lot, part, 0.0, tallest),
        ),
        note="Simulated, one run a seat.",
    )


def _funnel(exercise: Exercise, seats: Seats, *, hide: bool) -> Chart:
    # Whoever has not said whether to publish has no trial on the picture.
    seats = tuple(s for s in seats if s.number >= 10_000 or s.latest("mine.publish"))
    real = len([s for s in seats if s.number < 10_000])
    filled = (*seats, *simulated_seats(seats[0].seed, max(0, FILL_TO - len(seats))))
    trials = [run_trial(s.draw(exercise), n=s.dealt(), effect=TRUE_EFFECT) for s in filled]
    published = np.array([_published(s, t.significant, t.estimate) for s, t in zip(filled, trials, strict=True)])  # fmt: skip
    return funnel_chart(
        np.array([t.estimate for t in trials]),
        np.array([t.error for t in trials]),
        published,
        hide=hide,
        mine=_made_up_of(real, len(filled)),
    )


def _made_up_of(real: int, of: int) -> str:
    if real == of:
        return "One trial a seat."
    return (
        f"{real} trials of this room, {of - real} simulated to fill the picture."
        if real
        else "All of them simulated."
    )


def _published(seat: Seat, significant: bool, estimate: float) -> bool:
    said = seat.latest("mine.publish")
    return said == "yes" if said else significant and estimate > 0


def funnel_published(exercise: Exercise, seats: Seats, _solved: bool) -> Chart:
    return _funnel(exercise, seats, hide=True)


def funnel_all(exercise: Exercise, seats: Seats, _solved: bool) -> Chart:
    return _funnel(exercise, seats, hide=False)


def area_room(exercise: Exercise, seats: Seats, solved: bool) -> Chart | None:
    """Which area the room picked before and after it saw the ranges."""
    step = exercise.step("pick")
    assert step is not None
    return answers_chart(exercise, step, step.parts[0], seats, solved)


ROOM: dict[str, Callable[[Exercise, Seats, bool], Chart | None]] = {
    "plane": plane,
    "vanishing_room": vanishing_room,
    "funnel_published": funnel_published,
    "funnel_all": funnel_all,
    "two_ways": two_ways,
    "area_room": area_room,
    "package_room": package_room,
}
SIMULATED = frozenset({"vanishing_room", "funnel_published", "funnel_all"})
"""Pictures that a simulated room can fill: nobody's answers are made up."""
