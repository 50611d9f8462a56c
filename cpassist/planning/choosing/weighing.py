"""Two choices beside each other, level by level of what matters, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cpassist.catalogue.records import Priority
from cpassist.planning.choosing.choice import COVERAGE, TIES

Values = Sequence[tuple[Priority, int]]


@dataclass(frozen=True, kw_only=True, repr=False)
class Weighed:
    """In which levels of the order another choice is better, and in which worse, in the order's order."""

    better: tuple[str, ...]
    worse: tuple[str, ...]

    @property
    def says(self) -> str:
        parts = [
            f"{word}: {'; '.join(those)}."
            for word, those in (("For it", self.better), ("Against it", self.worse))
            if those
        ]
        return " ".join(parts) or "As good by everything that is weighed; ask the family."


def weigh(ours: Values, theirs: Values) -> Weighed:
    """What another choice gains and gives up, with how much where it can be counted."""
    other = {priority.name: value for priority, value in theirs}
    better: list[str] = []
    worse: list[str] = []
    for priority, value in ours:
        more = other[priority.name] - value
        if not more or priority in TIES:
            continue
        is_better = (more > 0) == (priority.better == "more")
        words = priority.label if is_better else priority.otherwise
        (better if is_better else worse).append(words + _amount(priority.name, abs(more)))
    return Weighed(better=tuple(better), worse=tuple(worse))


def reached(level: str, value: int) -> str:
    """What a package comes to at one level, in words; "" where it is weighed in steps that mean nothing."""
    return _REACHED[level](value) if level in _REACHED else ""


def _counted(one: str, many: str, before: str = "") -> Callable[[int], str]:
    return lambda number: f"{before}{number} {one if number == 1 else many}"


def _time(minutes: int) -> str:
    hours = round(minutes / 60)
    return f"{hours} hours" if hours > 1 else f"{minutes} minutes"


_AMOUNTS: Mapping[str, Callable[[int], str]] = {
    **dict.fromkeys(COVERAGE, _counted("need", "needs")),
    "not_known_in_uk": _counted("kind of help", "kinds of help"),
    "wait_weeks": _counted("week", "weeks", "by "),
    "family_minutes": lambda minutes: f"by {_time(minutes)} over its whole length",
    "services": lambda number: f"by {number}",
    "professionals": lambda number: f"by {number}",
    "cost": lambda _: "as far as costs are known",
}
_REACHED: Mapping[str, Callable[[int], str]] = {
    **dict.fromkeys(COVERAGE, _counted("need answered", "needs answered")),
    "not_known_in_uk": _counted(
        "kind of help of which no source says so", "kinds of help of which no source says so"
    ),
    "wait_weeks": _counted("week of waiting in all", "weeks of waiting in all"),
    "family_minutes": lambda minutes: f"{_time(minutes)} over its whole length",
    "services": _counted("kind of help", "kinds of help"),
    "professionals": _counted("professional", "professionals"),
    "cost": lambda bands: (
        f"{bands} bands in all; a cost that no source states counts as the middle one"
    ),
}


def _amount(level: str, number: int) -> str:
    words = _AMOUNTS.get(level)
    return f" ({words(number)})" if words else ""
