"""The picture of each step for one seat, turned by its dials. What the room sees of itself is in `room_charts`."""

from collections.abc import Callable

import numpy as np

from cpassist.workshop.answers import (
    AREA_PLANS,
    AREA_RATE,
    BANDS,
    BROCHURE,
    ELSEWHERE,
    LEVEL_WHY,
    TRUE_EFFECT,
    bin_of,
    checklist,
    level_of,
    three_areas,
    worth_of,
)
from cpassist.workshop.package_task import compare_chart
from cpassist.workshop.pictures import Axis, Chart, Icons, Mark, Panel, ticks
from cpassist.workshop.records import Card, Exercise, Step
from cpassist.workshop.seat import Seat
from cpassist.workshop.simulation import (
    Cohort,
    areas,
    cohort,
    difference,
    funnel,
    mean_change,
    run_trial,
    split_by_lot,
    who_is_left,
)
from cpassist.workshop.statistics import (
    Counted,
    compared,
    counted,
    exaggeration,
    limits,
    n_for_power,
    pool,
    power,
    smallest_significant,
    wilson,
)

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
                x=Axis(low=-1, high=2, ticks=ticks(-0.5, 0, 0.5, 1), title="standard deviations; to the right is better"),
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
    )  # fmt: skip


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
BIN_WORDS = {
    "not_looked": "not looked",
    "no_important": "no important difference",
    "inconclusive": "inconclusive",
    "benefit": "a benefit",
    "harm": "a harm",
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
        said = f"The effects that fit this report go from {_num(card.low)} to {_num(card.high)}."
    return Chart(
        title=card.title,
        sentence=said,
        heads=("From", "To", "Smallest gain worth having"),
        rows=((_num(card.low), _num(card.high), f"{worth:g}"),),
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


def _num(value: float | None) -> str:
    # A rounded zero has no sign.
    return "–" if value is None else f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


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
        rows.append((card.title, _num(card.low), _num(card.high), kind if bin_ != "not_looked" else "not looked"))  # fmt: skip
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
    rows = [("With the group" if others else "All", f"{group.before.mean():.1f}", f"{group.after.mean():.1f}", f"{_num(middle)} ({_num(low)} to {_num(high)})")]  # fmt: skip
    panels: tuple[Panel, ...]
    if others is None:
        panels = (
            _before_after(
                "", f"{improved} of {len(group.before)} families improved.", group, "main"
            ),
        )
        sure = "the range leaves out zero" if high < 0 or low > 0 else "the range reaches zero"
        said = (
            f"The average {_moved(middle)}; {sure} ({_num(low)} to {_num(high)}). "
            "Nothing here shows what would have happened anyway."
        )
    else:
        other, o_low, o_high = mean_change(others)
        apart, d_low, d_high = difference(group, others)
        rows.append(("Without, by lot", f"{others.before.mean():.1f}", f"{others.after.mean():.1f}", f"{_num(other)} ({_num(o_low)} to {_num(o_high)})"))  # fmt: skip
        rows.append(("Difference", "", "", f"{_num(apart)} ({_num(d_low)} to {_num(d_high)})"))
        panels = (
            _before_after("With the group", f"{_moved(middle)}", group, "main"),
            _before_after("Without, by lot", f"{_moved(other)}", others, "quiet"),
        )
        sure = "leaves out zero" if d_high < 0 or d_low > 0 else "reaches zero"
        said = (
            f"With the group the average {_moved(middle)}, without it {_moved(other)}. The difference is "
            f"{_num(apart)} points, and its range {sure} ({_num(d_low)} to {_num(d_high)})."
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
        marks.append(Mark(shape="words", x=0.02, y=y - 0.2, label=_num(value), tone="main"))
    return Chart(
        title="Who is left?",
        sentence=(
            f"{seen.lost * 100:.0f} of 100 stopped coming. Nothing changed, yet the finishers look "
            f"{abs(seen.finishers):.2f} standard deviations better, and by the common mistake {abs(seen.mixed):.2f}."
        ),
        heads=("Reported as", "Change in standard deviations"),
        rows=tuple((name, _num(value)) for name, value in ways),
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
            f"{seen.n} families with, {seen.n} without: {_num(seen.estimate)} standard deviations, from {_num(seen.low)} to "
            f"{_num(seen.high)}. That is {sure}."
        ),
        heads=("In each arm", "Found", "From", "To"),
        rows=((str(seen.n), _num(seen.estimate), _num(seen.low), _num(seen.high)),),
        panels=(
            Panel(
                x=Axis(low=-1.5, high=1.5, ticks=ticks(-1, -0.5, 0, 0.5, 1), title="worse ← standard deviations → better"),
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
    )  # fmt: skip


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
                x=Axis(low=0, high=420, ticks=ticks(0, 100, 200, 300, 400), title="families in each arm"),
                y=Axis(low=0, high=105, ticks=ticks(0, 50, 80, 100), title="of 100 trials"),
                marks=(*lines, Mark(shape="dot", x=n, y=here * 100), Mark(shape="words", x=n + 8, y=max(4, here * 100 - 8), label=f"{here * 100:.0f}", tone="main")),
                height=200,
                names=36,
            ),
        ),
    )  # fmt: skip


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
            marks.append(Mark(shape="dot" if pub else "ring", x=float(np.clip(est, -1, 1.5)), y=float(1 / err), tone="main" if pub else "ask"))  # fmt: skip
    together = pool(estimates[shown], errors[shown]).estimate if shown.any() else None
    if together is not None:
        marks.append(Mark(shape="rule", x=together, label=f"together {_num(together)}", tone="main"))  # fmt: skip
    seen = int(shown.sum())
    said = f"{seen} of {len(estimates)} trials can be seen" + (
        f"; together they say {_num(together)}." if together is not None else "."
    )
    if not hide:
        said += f" The true effect is {TRUE_EFFECT}."
    return Chart(
        title="What was found, and how precisely",
        sentence=said,
        heads=("Found", "Standard error", "Published"),
        rows=tuple(
            (_num(float(e)), f"{s:.2f}", "yes" if p else "no")
            for e, s, p, see in zip(estimates, errors, published, shown, strict=True)
            if see
        ),
        panels=(
            Panel(
                x=Axis(low=-1.05, high=1.55, ticks=ticks(-1, -0.5, 0, 0.5, 1, 1.5), title="worse ← standard deviations → better"),
                y=Axis(low=0, high=11.5, ticks=((2.7, "small"), (10, "large")), title="size of the trial"),
                marks=tuple(marks),
                height=260,
                names=44,
            ),
        ),
        note=mine or "Simulated.",
    )  # fmt: skip


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
        marks.append(Mark(shape="bar", x=0, x2=rate * 100, y=y - 0.25, y2=y + 0.1, tone="main" if "with" in name.split() else "second"))  # fmt: skip
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
            Mark(shape="diamond" if i in {best, worst} else "dot", x=float(many.plans[i]), y=float(rates[i]), tone="stop" if i in {best, worst} else "main")
            for i in range(152)
        ]  # fmt: skip
        x = Axis(low=0, high=620, ticks=ticks(0, 200, 400, 600), title="plans a year")
    else:
        marks += [
            Mark(shape="diamond" if i in {best, worst} else "dot", x=float(at), y=float(rates[i]), tone="stop" if i in {best, worst} else "main")
            for at, i in enumerate(order)
        ]  # fmt: skip
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


def package(exercise: Exercise, _step: Step, seat: Seat) -> Chart:
    """Somebody's package beside the planner's."""
    return compare_chart(exercise, seat)


LEVELS = ("4", "3", "2", "NL2", "NE")
LEVEL_NAMES = {
    "4": "4: lasting, twice",
    "3": "3: short-term, once",
    "2": "2: a first sign",
    "NL2": "not level 2",
    "NE": "found not effective",
}


def level(exercise: Exercise, step: Step, seat: Seat) -> Chart:
    """The level that three criteria add up to; it begins with this person's own answers."""
    said = {part.key: seat.dial(exercise, step.key, part.key) for part in step.parts}
    reached = level_of(said["compared"], said["found"], said["later"])
    marks = [
        Mark(shape="dot" if name == reached else "ring", x=0.5, y=len(LEVELS) - at, tone="main" if name == reached else "quiet")
        for at, name in enumerate(LEVELS)
    ]  # fmt: skip
    marks += [
        Mark(shape="words", x=0.8, y=len(LEVELS) - at - 0.15, label=LEVEL_NAMES[name], tone="main" if name == reached else "quiet")
        for at, name in enumerate(LEVELS)
    ]  # fmt: skip
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
