"""Pictures of chance: families that drift back, trials that overstate, and what stays in the drawer."""

import numpy as np

from cpassist.workshop.exercises.answers import (
    TRUE_EFFECT,
)
from cpassist.workshop.exercises.records import Exercise, Step
from cpassist.workshop.exercises.seat import Seat
from cpassist.workshop.figures.marks import Axis, Chart, Mark, Panel, number, ticks
from cpassist.workshop.figures.simulation import (
    Cohort,
    cohort,
    difference,
    funnel,
    mean_change,
    run_trial,
    split_by_lot,
    who_is_left,
)
from cpassist.workshop.figures.statistics import (
    exaggeration,
    n_for_power,
    pool,
    power,
    smallest_significant,
)

# --- the vanishing improvement ---

CUTOFFS = {"all": None, "30": 10 + 6 * 0.5244, "15": 10 + 6 * 1.0364, "12": 17.0}
SIZE = 60


def _families(group: Cohort, shift: float, tone: str) -> list[Mark]:
    lines = [
        Mark(shape="line", x=shift, y=float(b), x2=shift + 1, y2=float(a), tone="faint")
        for b, a in zip(group.before, group.after, strict=True)
    ]
    first, second = float(group.before.mean()), float(group.after.mean())
    return [
        *lines,
        Mark(shape="line", x=shift, y=first, x2=shift + 1, y2=second, tone=tone),
        Mark(shape="dot", x=shift, y=first, tone=tone),
        Mark(shape="dot", x=shift + 1, y=second, tone=tone),
        Mark(shape="words", x=shift + 1.04, y=second - 0.3, label=f"{second:.1f}", tone=tone),
        Mark(shape="words", x=shift - 0.28, y=first - 0.3, label=f"{first:.1f}", tone=tone),
    ]


def _before_after(title: str, note: str, group: Cohort, tone: str) -> Panel:
    return Panel(
        title=title,
        note=note,
        x=Axis(low=-0.35, high=1.35, ticks=((0, "before"), (1, "after"))),
        y=Axis(
            low=min(0.0, float(min(group.before.min(), group.after.min()))),
            high=32,
            ticks=ticks(0, 10, 20, 30),
            title="score; higher is worse",
        ),
        marks=tuple(_families(group, 0, tone)),
        height=230,
        names=34,
    )


def vanishing_of(exercise: Exercise, step: Step, seat: Seat) -> tuple[Cohort, Cohort | None]:
    """What this seat's run gave: those with the group, and those without if there was a lot."""
    steady = float(seat.dial(exercise, step.key, "steady", "0.7") or 0.7)
    cutoff = CUTOFFS[seat.dial(exercise, step.key, "picked", "12")]
    effect = float(seat.dial(exercise, step.key, "effect", "0") or 0)
    draw = seat.draw(exercise, seat.turn)
    if seat.dial(exercise, step.key, "lot", "no") == "yes":
        return split_by_lot(draw, size=SIZE, steady=steady, cutoff=cutoff, effect=effect)
    return cohort(draw, size=SIZE, steady=steady, cutoff=cutoff, effect=effect), None


def _moved(change: float) -> str:
    way = "fell" if change < 0 else "rose"
    return f"{way} by {abs(change):.1f} points"


def vanishing(exercise: Exercise, step: Step, seat: Seat) -> Chart:
    """Families before and after; with a lot, both groups and the difference."""
    group, others = vanishing_of(exercise, step, seat)
    middle, low, high = mean_change(group)
    improved = int((group.after < group.before).sum())
    rows = [
        (
            "With the group" if others else "All",
            f"{group.before.mean():.1f}",
            f"{group.after.mean():.1f}",
            f"{number(middle)} ({number(low)} to {number(high)})",
        )
    ]
    panels: tuple[Panel, ...]
    if others is None:
        panels = (
            _before_after(
                "", f"{improved} of {len(group.before)} families improved.", group, "main"
            ),
        )
        sure = "the range leaves out zero" if high < 0 or low > 0 else "the range reaches zero"
        said = (
            f"The average {_moved(middle)}; {sure} ({number(low)} to {number(high)}). "
            "Nothing here shows what would have happened anyway."
        )
    else:
        other, o_low, o_high = mean_change(others)
        apart, d_low, d_high = difference(group, others)
        rows.append(
            (
                "Without, at random",
                f"{others.before.mean():.1f}",
                f"{others.after.mean():.1f}",
                f"{number(other)} ({number(o_low)} to {number(o_high)})",
            )
        )
        rows.append(
            ("Difference", "", "", f"{number(apart)} ({number(d_low)} to {number(d_high)})")
        )
        panels = (
            _before_after("With the group", f"{_moved(middle)}", group, "main"),
            _before_after("Without, at random", f"{_moved(other)}", others, "quiet"),
        )
        sure = "leaves out zero" if d_high < 0 or d_low > 0 else "reaches zero"
        said = (
            f"With the group the average {_moved(middle)}, without it {_moved(other)}. The difference is "
            f"{number(apart)} points, and its range {sure} ({number(d_low)} to {number(d_high)})."
        )
    return Chart(
        title="Before and after",
        sentence=said,
        heads=("Families", "Before", "After", "Change (95% range)"),
        rows=tuple(rows),
        panels=panels,
        note="Simulated.",
    )


def left_over(exercise: Exercise, step: Step, seat: Seat) -> Chart:
    """Three ways of reporting a service that does nothing, when those who do badly stop coming."""
    pull = float(seat.dial(exercise, step.key, "pull", "1.2"))
    seen = who_is_left(seat.draw(exercise, seat.turn), size=20_000, pull=pull)
    ways = (
        ("Everybody who began", seen.everyone),
        ("Finishers, against their own start", seen.finishers),
        ("Finishers' end, everybody's start", seen.mixed),
    )
    marks: list[Mark] = [Mark(shape="rule", x=0, label="no change", tone="quiet")]
    for at, (name, value) in enumerate(ways):
        y = len(ways) - at
        marks.append(Mark(shape="words", x=-0.58, y=y + 0.3, label=name, tone="quiet"))
        marks.append(Mark(shape="bar", x=min(0, value), x2=max(0, value), y=y - 0.25, y2=y + 0.12))
        marks.append(Mark(shape="words", x=0.02, y=y - 0.2, label=number(value), tone="main"))
    return Chart(
        title="Who is left?",
        sentence=(
            f"{seen.lost * 100:.0f} of 100 stopped coming. Nothing changed, yet the finishers look "
            f"{abs(seen.finishers):.2f} standard deviations better, and by the common mistake {abs(seen.mixed):.2f}."
        ),
        heads=("Reported as", "Change in standard deviations"),
        rows=tuple((name, number(value)) for name, value in ways),
        panels=(
            Panel(
                x=Axis(low=-0.6, high=0.2, ticks=ticks(-0.4, -0.2, 0), title="better ← change"),
                y=Axis(low=0.4, high=3.8),
                marks=tuple(marks),
                height=190,
                names=6,
            ),
        ),
        note="Simulated: 20,000 families, a true change of zero.",
    )


# --- the drawer ---


def dealt(_exercise: Exercise, _step: Step, seat: Seat) -> Chart:
    """The size of trial that a seat was dealt, said and not drawn."""
    n = seat.dealt()
    return Chart(
        title="Your trial",
        sentence=f"You were dealt a trial of {n} families with the programme and {n} without.",
        heads=(),
        rows=(),
    )


def my_trial(exercise: Exercise, _step: Step, seat: Seat) -> Chart:
    """What this seat's one trial found."""
    seen = run_trial(seat.draw(exercise), n=seat.dealt(), effect=TRUE_EFFECT)
    sure = "statistically significant" if seen.significant else "not statistically significant"
    return Chart(
        title="Your trial",
        sentence=(
            f"{seen.n} families with, {seen.n} without: {number(seen.estimate)} standard deviations, from {number(seen.low)} to "
            f"{number(seen.high)}. That is {sure}."
        ),
        heads=("In each arm", "Found", "From", "To"),
        rows=((str(seen.n), number(seen.estimate), number(seen.low), number(seen.high)),),
        panels=(
            Panel(
                x=Axis(
                    low=-1.5,
                    high=1.5,
                    ticks=ticks(-1, -0.5, 0, 0.5, 1),
                    title="worse ← standard deviations → better",
                ),
                y=Axis(low=0, high=2),
                height=110,
                names=8,
                marks=(
                    Mark(shape="rule", x=0, label="no difference", tone="quiet"),
                    Mark(shape="interval", x=seen.low, x2=seen.high, y=1),
                    Mark(shape="dot", x=seen.estimate, y=1),
                ),
            ),
        ),
        note="Simulated.",
    )


def power_of(exercise: Exercise, step: Step, seat: Seat) -> Chart:
    """The chance of noticing an effect, by the number of families."""
    n = int(seat.dial(exercise, step.key, "n", "20"))
    d = float(seat.dial(exercise, step.key, "d", "0.2"))
    sizes = (10, 20, 30, 50, 75, 100, 150, 200, 300, 400)
    chances = [power(d, size) for size in sizes]
    here, over = power(d, n), exaggeration(d, n)
    lines = tuple(
        Mark(shape="line", x=a, y=p * 100, x2=b, y2=q * 100)
        for a, b, p, q in zip(sizes, sizes[1:], chances, chances[1:], strict=False)
    )
    return Chart(
        title=f"The chance of noticing a true effect of {d:g}",
        sentence=(
            f"With {n} families in each arm {here * 100:.0f} of 100 trials are significant. Only estimates beyond "
            f"{smallest_significant(n):.2f} count, so those that do are {over.times:.1f} times too big on average. For 80 "
            f"of 100 it takes {int(np.ceil(n_for_power(d)))} in each arm."
        ),
        heads=("In each arm", "Significant, of 100 trials"),
        rows=tuple((str(s), f"{c * 100:.0f}") for s, c in zip(sizes, chances, strict=True)),
        panels=(
            Panel(
                x=Axis(
                    low=0,
                    high=420,
                    ticks=ticks(0, 100, 200, 300, 400),
                    title="families in each arm",
                ),
                y=Axis(low=0, high=105, ticks=ticks(0, 50, 80, 100), title="of 100 trials"),
                marks=(
                    *lines,
                    Mark(shape="dot", x=n, y=here * 100),
                    Mark(
                        shape="words",
                        x=n + 8,
                        y=max(4, here * 100 - 8),
                        label=f"{here * 100:.0f}",
                        tone="main",
                    ),
                ),
                height=200,
                names=36,
            ),
        ),
    )


def drawer(exercise: Exercise, _step: Step, seat: Seat) -> Chart:
    """Thirty trials, of which only the published ones are seen."""
    many = funnel(Seat(seed=seat.seed).draw(exercise, 1), trials=30, effect=TRUE_EFFECT, dull_published=0.2)  # fmt: skip
    return funnel_chart(many.estimates, many.errors, many.published, hide=True)


def funnel_chart(
    estimates: np.ndarray, errors: np.ndarray, published: np.ndarray, *, hide: bool, mine: str = ""
) -> Chart:
    """Trials by what they found and how precisely; rings are those that stayed in the drawer."""
    shown = published if hide else np.ones(len(estimates), dtype=bool)
    marks: list[Mark] = [Mark(shape="rule", x=0, label="no difference", tone="quiet")]
    for est, err, pub, see in zip(estimates, errors, published, shown, strict=True):
        if see:
            marks.append(
                Mark(
                    shape="dot" if pub else "ring",
                    x=float(np.clip(est, -1, 1.5)),
                    y=float(1 / err),
                    tone="main" if pub else "ask",
                )
            )
    together = pool(estimates[shown], errors[shown]).estimate if shown.any() else None
    if together is not None:
        marks.append(Mark(shape="rule", x=together, label=f"together {number(together)}", tone="main"))  # fmt: skip
    seen = int(shown.sum())
    said = f"{seen} of {len(estimates)} trials can be seen" + (
        f"; together they say {number(together)}." if together is not None else "."
    )
    if not hide:
        said += f" The true effect is {TRUE_EFFECT}."
    return Chart(
        title="What was found, and how precisely",
        sentence=said,
        # A line for each trial would be a line for each person.
        heads=("Trials", "Seen", "Together they say"),
        rows=((str(len(estimates)), str(seen), number(together)),),
        panels=(
            Panel(
                x=Axis(
                    low=-1.05,
                    high=1.55,
                    ticks=ticks(-1, -0.5, 0, 0.5, 1, 1.5),
                    title="worse ← standard deviations → better",
                ),
                y=Axis(
                    low=0,
                    high=11.5,
                    ticks=((2.7, "small"), (10, "large")),
                    title="size of the trial",
                ),
                marks=tuple(marks),
                height=260,
                names=44,
            ),
        ),
        note=mine or "Simulated.",
    )
