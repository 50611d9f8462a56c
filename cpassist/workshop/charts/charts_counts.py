"""Pictures of counts: a thousand families, a cut by a quarter, areas and their years."""

import numpy as np

from cpassist.workshop.exercises.answers import (
    AREA_PLANS,
    AREA_RATE,
    BROCHURE,
    ELSEWHERE,
    checklist,
    three_areas,
)
from cpassist.workshop.exercises.records import Exercise, Step
from cpassist.workshop.exercises.seat import Seat
from cpassist.workshop.figures.marks import Axis, Chart, Icons, Mark, Panel, ticks
from cpassist.workshop.figures.simulation import (
    areas,
)
from cpassist.workshop.figures.statistics import (
    Counted,
    compared,
    counted,
    limits,
    wilson,
)

# --- out of 1,000 families ---


def _thousand(seen: Counted) -> Chart:
    each = (
        ("dot", "main", seen.found, "flagged, and a concern", False),
        ("diamond", "ask", seen.false_alarms, "flagged, no concern", False),
        ("ring", "gap", seen.missed, "not flagged, but a concern", True),
        ("square", "quiet", seen.cleared, "not flagged, no concern", False),
    )
    return Chart(
        title=f"{seen.of:,} families",
        sentence=f"{seen.flagged:,} families are flagged. {seen.found:,} of them have a serious concern.",
        heads=("Families", "What became of them"),
        rows=tuple((f"{count:,}", says) for _, _, count, says, _ in each),
        icons=tuple(
            Icons(shape=shape, tone=tone, count=count, says=says, apart=apart)
            for shape, tone, count, says, apart in each
        ),
    )


def thousand(_exercise: Exercise, _step: Step, _seat: Seat) -> Chart:
    return _thousand(checklist())


def levers(exercise: Exercise, step: Step, seat: Seat) -> Chart:
    """The same picture with another concern or checklist."""
    seen = counted(
        base=float(seat.dial(exercise, step.key, "base", "0.04")),
        finds=float(seat.dial(exercise, step.key, "finds", "0.8")),
        false_alarms=float(seat.dial(exercise, step.key, "alarms", "0.1")),
    )
    chart = _thousand(seen)
    said = f"{chart.sentence} A flag means {seen.exact * 100:.0f} in 100."
    return Chart(**{**vars(chart), "sentence": said})


def absolute(_exercise: Exercise, _step: Step, _seat: Seat) -> Chart:
    """The same relative cut from two starting points, as bars of 100 families."""
    before, after = BROCHURE
    ratio = compared(before, after).relative
    pairs = (
        ("Here, without", before),
        ("Here, with", after),
        ("Elsewhere, without", ELSEWHERE),
        ("Elsewhere, with", ELSEWHERE * ratio),
    )
    marks: list[Mark] = []
    for at, (name, rate) in enumerate(pairs):
        y = len(pairs) - at
        marks.append(Mark(shape="words", x=0, y=y + 0.36, label=name, tone="quiet"))
        marks.append(
            Mark(
                shape="bar",
                x=0,
                x2=rate * 100,
                y=y - 0.25,
                y2=y + 0.1,
                tone="main" if "with" in name.split() else "second",
            )
        )
        marks.append(Mark(shape="words", x=rate * 100 + 0.4, y=y - 0.2, label=f"{rate * 100:g}", tone="main"))  # fmt: skip
    return Chart(
        title="Re-referred, of 100 families",
        sentence="Here 20 of 100 without and 15 with; elsewhere 4 without and 3 with. Both are a cut by a quarter.",
        heads=("Families", "Re-referred of 100"),
        rows=tuple((name, f"{rate * 100:g}") for name, rate in pairs),
        panels=(
            Panel(
                x=Axis(low=0, high=24, ticks=ticks(0, 10, 20), title="of 100 families"),
                y=Axis(low=0.4, high=4.85),
                marks=tuple(marks),
                height=210,
                names=6,
            ),
        ),
    )


# --- our own numbers ---


def areas_over_years(exercise: Exercise, step: Step, seat: Seat) -> Chart:
    """Three areas over eight years, with ranges and with years put together."""
    ranges = seat.dial(exercise, step.key, "ranges", "no") == "yes"
    pooled = seat.dial(exercise, step.key, "pooled", "no") == "yes"
    panels, rows = [], []
    for name, area in three_areas(exercise, seat).items():
        marks: list[Mark] = []
        if pooled:
            half = len(area.plans) // 2
            spans: tuple[tuple[int, int], ...] = ((0, half), (half, len(area.plans)))
        else:
            spans = tuple((i, i + 1) for i in range(len(area.plans)))
        last: tuple[float, float] | None = None
        for start, end in spans:
            count, of = int(area.repeats[start:end].sum()), int(area.plans[start:end].sum())
            x, y = (start + 1 + end) / 2, count / of * 100
            low, high = wilson(count, of)
            if ranges:
                marks.append(Mark(shape="upright", x=x, y=low * 100, y2=high * 100, tone="second"))
            if last is not None:
                marks.append(Mark(shape="line", x=last[0], y=last[1], x2=x, y2=y))
            marks.append(Mark(shape="dot", x=x, y=y))
            last = (x, y)
            years = f"{start + 1} to {end}" if pooled else str(end)
            rows.append((name.upper(), years, f"{count} of {of}", f"{y:.0f}", f"{low * 100:.0f} to {high * 100:.0f}"))  # fmt: skip
        panels.append(
            Panel(
                title=f"Area {name.upper()}",
                x=Axis(low=0.5, high=8.5, ticks=ticks(1, 4, 8), title="year"),
                y=Axis(low=0, high=60, ticks=ticks(0, 20, 40, 60), title="of 100 plans"),
                marks=tuple(marks),
                height=150,
                names=36,
            )
        )
    how = "four years together" if pooled else "each year by itself"
    return Chart(
        title="Repeat plans of 100",
        sentence=f"Three areas of {AREA_PLANS} plans a year, {how}. The change is in one of them.",
        heads=("Area", "Year", "Repeat plans", "Of 100", "Range of 100"),
        rows=tuple(rows),
        panels=tuple(panels),
        note="Simulated.",
    )


def league(exercise: Exercise, step: Step, seat: Seat) -> Chart:
    """152 areas that are all alike, as a league table or by their size."""
    smallest = int(seat.dial(exercise, step.key, "plans", "40"))
    as_funnel = seat.dial(exercise, step.key, "view", "league") == "funnel"
    many = areas(
        Seat(seed=seat.seed).draw(exercise, 77), count=152, smallest=smallest, largest=600, rate=AREA_RATE
    )  # fmt: skip
    rates = many.rates * 100
    order = np.argsort(rates)
    best, worst = order[0], order[-1]
    marks: list[Mark] = []
    if as_funnel:
        sizes = list(range(smallest, 601, 10))
        for tail, tone in ((0.025, "second"), (0.001, "quiet")):
            pairs = [limits(size, AREA_RATE, tail) for size in sizes]
            for side in (0, 1):
                marks += [
                    Mark(shape="line", x=a, y=p[side] * 100, x2=b, y2=q[side] * 100, tone=tone)
                    for a, b, p, q in zip(sizes, sizes[1:], pairs, pairs[1:], strict=False)
                ]
        marks += [
            Mark(
                shape="diamond" if i in {best, worst} else "dot",
                x=float(many.plans[i]),
                y=float(rates[i]),
                tone="stop" if i in {best, worst} else "main",
            )
            for i in range(152)
        ]
        x = Axis(low=0, high=620, ticks=ticks(0, 200, 400, 600), title="plans a year")
    else:
        marks += [
            Mark(
                shape="diamond" if i in {best, worst} else "dot",
                x=float(at),
                y=float(rates[i]),
                tone="stop" if i in {best, worst} else "main",
            )
            for at, i in enumerate(order)
        ]
        x = Axis(low=-4, high=156, ticks=((0, "1st"), (151, "152nd")), title="place in the table")
    outside = sum(
        not (low * 100 <= rate <= high * 100)
        for rate, (low, high) in zip(
            rates, (limits(int(n), AREA_RATE, 0.001) for n in many.plans), strict=True
        )
    )
    return Chart(
        title="152 areas that are all alike",
        sentence=(
            f"The best has {rates[best]:.0f} of 100 with {many.plans[best]} plans, the worst {rates[worst]:.0f} with "
            f"{many.plans[worst]}. Nothing but chance and size tells them apart; {outside} of 152 lie outside the outer limits."
        ),
        heads=("Area", "Plans a year", "Repeat plans of 100"),
        rows=tuple(
            (words, str(many.plans[i]), f"{rates[i]:.0f}")
            for words, i in (("best", best), ("worst", worst))
        ),
        panels=(
            Panel(
                x=x,
                y=Axis(low=0, high=50, ticks=ticks(0, 22, 50), title="of 100 plans"),
                marks=tuple(marks),
                height=230,
                names=36,
            ),
        ),
        note="Simulated. Real areas differ among themselves, so real limits are wider.",
    )
