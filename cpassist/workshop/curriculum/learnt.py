"""What a room knew before and knows after, said with its doubts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cpassist.workshop.charts.room_charts import FEWEST
from cpassist.workshop.exercises.marking import Sitting, quiz_items, shares_right
from cpassist.workshop.exercises.records import Curriculum, QuizItem
from cpassist.workshop.figures.statistics import class_gain, gain_interval, retained

CAUTION = (
    "People may improve from seeing the questions twice; without a comparison group we cannot tell how much is due "
    "to the workshop."
)
FEWEST_FOR_DISCRIMINATION = 30
Sittings = Mapping[int, Sitting]
"""Seat → what was answered at one sitting."""


@dataclass(frozen=True, kw_only=True)
class ItemLearnt:
    """One question before and after, over everybody who sat each."""

    id: str
    concept: str
    before: float | None
    """The share right, 0 to 1; None where nobody sat it."""
    after: float | None
    wrong_to_right: int
    right_to_wrong: int
    chosen: Mapping[str, tuple[int, int]]
    """Option → how often it was chosen before and after."""
    misconceptions: Mapping[str, tuple[int, int]]
    discrimination: float | None
    """Correlation with the rest of the quiz; only from 30 people on."""


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """A class before and after."""

    joined: int
    before: int
    after: int
    matched: int
    """People who sat both."""
    mean_before: float | None
    mean_after: float | None
    gain: float | None
    interval: tuple[float, float] | None
    items: tuple[ItemLearnt, ...]
    followed: int = 0
    """People who sat all three: before, after, and weeks later."""
    kept: float | None = None
    """How much of what was known at the end is known later, guessing apart, 0 to 1."""

    @property
    def is_shown(self) -> bool:
        """Whether so many sat both that nobody can be recognised."""
        return self.matched >= FEWEST

    def sentence(self) -> str:
        """The whole of it, said: with interval, with how many, and with the caution."""
        if not self.is_shown or self.mean_before is None or self.mean_after is None:
            return f"{self.matched} of {self.joined} sat both quizzes; a result is shown from {FEWEST} on."
        said = (
            f"{self.matched} of {self.joined} sat both quizzes: {self.mean_before * 100:.0f} of 100 right before, "
            f"{self.mean_after * 100:.0f} after."
        )
        if self.gain is not None and self.interval is not None:
            low, high = self.interval
            said += (
                f" Of what could be gained, {self.gain * 100:.0f} in 100 was (95% interval {low * 100:.0f} to "
                f"{high * 100:.0f})."
            ).replace("-", "−")
        if self.followed >= FEWEST and self.kept is not None:
            said += f" Weeks later {self.followed} sat it again and had kept {self.kept * 100:.0f} in 100 of what they knew, guessing apart."
        return f"{said} {CAUTION}"


def learnt(
    curriculum: Curriculum,
    length: str,
    joined: int,
    before: Sittings,
    after: Sittings,
    seed: int,
    later: Sittings | None = None,
) -> Learnt:
    """What a class learnt, on the people who sat both; each question over everybody who answered it."""
    items = quiz_items(curriculum, length)
    both = sorted(set(before) & set(after))
    first = shares_right(items, [before[seat] for seat in both])
    second = shares_right(items, [after[seat] for seat in both])
    all_three = [seat for seat in both if seat in (later or {})]
    kept = (
        retained(
            float(shares_right(items, [after[seat] for seat in all_three]).mean()),
            float(shares_right(items, [(later or {})[seat] for seat in all_three]).mean()),
        )
        if all_three
        else None
    )
    return Learnt(
        followed=len(all_three),
        kept=kept,
        joined=joined,
        before=len(before),
        after=len(after),
        matched=len(both),
        mean_before=float(first.mean()) if both else None,
        mean_after=float(second.mean()) if both else None,
        gain=class_gain(first, second) if both else None,
        interval=gain_interval(first, second, seed=seed) if both else None,
        items=tuple(_item(item, items, before, after) for item in items),
    )


def _item(
    item: QuizItem, items: tuple[QuizItem, ...], before: Sittings, after: Sittings
) -> ItemLearnt:
    both = set(before) & set(after)

    def right(sitting: Sitting) -> bool:
        return sitting.answers.get(item.id) == item.key

    def share(sittings: Sittings) -> float | None:
        return sum(right(s) for s in sittings.values()) / len(sittings) if sittings else None

    chosen = {
        option: (
            sum(s.answers.get(item.id) == option for s in before.values()),
            sum(s.answers.get(item.id) == option for s in after.values()),
        )
        for option in item.options
    }
    ideas: dict[str, tuple[int, int]] = {}
    for option, (first, second) in chosen.items():
        code = item.options[option].misconception
        if code:
            had = ideas.get(code, (0, 0))
            ideas[code] = (had[0] + first, had[1] + second)
    return ItemLearnt(
        id=item.id,
        concept=item.concept,
        before=share(before),
        after=share(after),
        wrong_to_right=sum(right(after[n]) and not right(before[n]) for n in both),
        right_to_wrong=sum(right(before[n]) and not right(after[n]) for n in both),
        chosen=chosen,
        misconceptions=ideas,
        discrimination=_discrimination(item, items, before),
    )


def _discrimination(
    item: QuizItem, items: tuple[QuizItem, ...], sittings: Sittings
) -> float | None:
    if len(sittings) < FEWEST_FOR_DISCRIMINATION:
        return None
    rest = tuple(other for other in items if other.id != item.id)
    here = np.array([s.answers.get(item.id) == item.key for s in sittings.values()], dtype=float)
    others = np.array([s.right(rest) for s in sittings.values()], dtype=float)
    if here.std() == 0 or others.std() == 0:
        return None
    return float(np.corrcoef(here, others)[0, 1])


@dataclass(frozen=True, kw_only=True)
class WaitingList:
    """Two cohorts with the same quizzes on the same days, one taught in between and one not yet."""

    taught: int
    waiting: int
    difference: float
    """The taught cohort's mean change less the waiting one's, in shares right."""
    interval: tuple[float, float]

    def sentence(self) -> str:
        low, high = (round(v * 100) for v in self.interval)
        return (
            f"The {self.taught} taught in between gained {self.difference * 100:.0f} points of 100 more than the "
            f"{self.waiting} who waited (95% interval {low} to {high}). Who was in which cohort matters: say how it was decided."
        ).replace("-", "−")


def compare_cohorts(
    curriculum: Curriculum,
    length: str,
    taught: tuple[Sittings, Sittings],
    waiting: tuple[Sittings, Sittings],
    seed: int,
) -> WaitingList | None:
    """The difference of two cohorts' changes, with a bootstrap interval over people; None below five in either."""
    items = quiz_items(curriculum, length)
    changes = []
    for before, after in (taught, waiting):
        both = sorted(set(before) & set(after))
        if len(both) < FEWEST:
            return None
        changes.append(
            shares_right(items, [after[n] for n in both])
            - shares_right(items, [before[n] for n in both])
        )
    draw = np.random.default_rng(seed)
    means = [
        change[draw.integers(0, len(change), (2000, len(change)))].mean(axis=1)
        for change in changes
    ]
    low, high = np.quantile(means[0] - means[1], [0.025, 0.975])
    return WaitingList(
        taught=len(changes[0]),
        waiting=len(changes[1]),
        difference=float(changes[0].mean() - changes[1].mean()),
        interval=(float(low), float(high)),
    )
