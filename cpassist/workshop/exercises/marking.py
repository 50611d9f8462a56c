"""What is said about somebody's answers. For their eyes only: a score teaches here, and ranks nobody."""

from dataclasses import dataclass

from cpassist.words.workshop import SURE_WORDS
from cpassist.workshop.exercises.answers import Right, right_for
from cpassist.workshop.exercises.records import (
    Ask,
    Curriculum,
    Exercise,
    Option,
    Part,
    QuizItem,
    Step,
)
from cpassist.workshop.exercises.seat import Seat, as_number, shown_before
from cpassist.workshop.figures.statistics import Numbers

FULL = 10.0


@dataclass(frozen=True, kw_only=True)
class Line:
    """One question: what was said, what is right, and why."""

    name: str
    prompt: str
    said: str
    right: str
    says: str
    share: float | None
    """How far it is right, 0 to 1; None where nothing is right or wrong."""
    misconception: str = ""
    """The code of the wrong idea that the answer speaks of."""
    sure: str = ""
    changed: bool = False
    """Whether the second answer differs from the first."""

    @property
    def is_right(self) -> bool:
        """Whether there is nothing to look at again; what has no right answer counts as right."""
        return self.share is None or self.share == 1


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What one person is told about one exercise."""

    lines: tuple[Line, ...]
    score: float | None
    """0 to 10; None where nothing that counts was answered."""

    @property
    def misconceptions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.misconception for line in self.lines if line.misconception))


def mark(exercise: Exercise, seat: Seat) -> Feedback:
    """What is said about a seat's last answers to each question that it saw."""
    lines: list[Line] = []
    earned = possible = 0.0
    answered = False
    for name, step, part in exercise.questions():
        if not shown_before(seat, step.only_if):
            continue
        said = seat.latest(name)
        right = right_for(exercise, step, part, seat)
        share = (
            part_share(exercise, part, said, right)
            if part.points or right.number is not None
            else None
        )
        if part.points:
            possible += part.points
            earned += part.points * (share or 0)
            answered = answered or bool(said)
        lines.append(_line(exercise, step, part, seat, right, share if said else None))
    score = round(FULL * earned / possible, 1) if possible and answered else None
    return Feedback(lines=tuple(lines), score=score)


def part_share(exercise: Exercise, part: Part, said: str, right: Right) -> float:
    """How far one answer is right, 0 to 1."""
    if not said:
        return 0.0
    if part.ask is Ask.NUMBER:
        value = as_number(said)
        if value is None or right.number is None:
            return 0.0
        room = max(part.within, part.share_within * abs(right.number))
        return 1.0 if abs(value - right.number) <= room + 1e-9 else 0.0
    chosen = set(said.split())
    if part.cover:
        return _covered(exercise.options(part), part, chosen)
    if part.ask is Ask.SEVERAL:
        every = {option.key for option in exercise.options(part)}
        if part.most:
            return len(chosen & set(right.keys)) / max(1, len(right.keys))
        return len([k for k in every if (k in chosen) == (k in right.keys)]) / max(1, len(every))
    if chosen & set(right.keys):
        return 1.0
    return 0.5 if part.near and _beside(exercise.options(part), said, right.keys) else 0.0


def _covered(options: tuple[Option, ...], part: Part, chosen: set[str]) -> float:
    """How many groups a set of questions touches; half of that without the groups that must be among them."""
    groups = {option.part for option in options if option.key in chosen}
    share = min(1.0, len(groups) / part.cover)
    return share if set(part.needs) <= groups else share / 2


def _beside(options: tuple[Option, ...], said: str, right: tuple[str, ...]) -> bool:
    """Whether an answer stands next to a right one; what stands apart has no neighbours."""
    line = [option.key for option in options if not option.apart]
    if said not in line:
        return False
    at = line.index(said)
    return any(key in line and abs(line.index(key) - at) == 1 for key in right)


def _line(
    exercise: Exercise, step: Step, part: Part, seat: Seat, right: Right, share: float | None
) -> Line:
    name = f"{step.key}.{part.key}"
    said = seat.latest(name)
    wrong = part.points == 0 or (share is not None and share < 1)
    return Line(
        name=name,
        prompt=asked(step, part),
        said=words_of(exercise, part, said),
        right=right_words(exercise, part, right),
        says=right.says,
        share=share,
        misconception=misconception_of(exercise, part, said) if wrong else "",
        sure=SURE_WORDS.get(seat.latest(f"{step.key}.sure"), "") if step.sure else "",
        changed=seat.first(name) != said,
    )


def asked(step: Step, part: Part) -> str:
    """A question with the title of its screen."""
    return f"{step.title}{'' if step.title.endswith('?') else ':'} {part.prompt}"


def words_of(exercise: Exercise, part: Part, said: str) -> str:
    """An answer as words; a number with its unit."""
    if part.ask is Ask.NUMBER:
        return f"{said} {part.unit}".strip() if said else ""
    by_key = {option.key: option.says for option in exercise.options(part)}
    return "; ".join(by_key[key] for key in said.split() if key in by_key)


def right_words(exercise: Exercise, part: Part, right: Right) -> str:
    """The right answer as words; empty where there is none."""
    if part.ask is Ask.NUMBER:
        return "" if right.number is None else f"{round(right.number, 1):g} {part.unit}".strip()
    by_key = {option.key: option.says for option in exercise.options(part)}
    joined = " or " if part.ask is Ask.CHOICE else "; "
    return joined.join(by_key[key] for key in right.keys if key in by_key)


def misconception_of(exercise: Exercise, part: Part, said: str) -> str:
    """The wrong idea behind an answer, if it has one."""
    chosen = said.split()
    return next(
        (o.misconception for o in exercise.options(part) if o.key in chosen and o.misconception),
        "",
    )


# --- the quiz ---


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One sitting of the quiz: item → option; what was not answered is not there."""

    answers: dict[str, str]

    def right(self, items: tuple[QuizItem, ...]) -> int:
        return sum(self.answers.get(item.id) == item.key for item in items)


def quiz_items(curriculum: Curriculum, length: str) -> tuple[QuizItem, ...]:
    """The questions of the whole quiz or of its short form."""
    quiz = curriculum.quiz
    return tuple(i for i in quiz.items if length != "short" or i.id in quiz.short)


def shuffled(item: QuizItem, seat: Seat, sitting: int) -> tuple[str, ...]:
    """The order in which this person sees the options at this sitting."""
    from cpassist.workshop.figures.simulation import generator  # noqa: PLC0415

    draw = generator(seat.seed, 100 + int(item.id[1:]), seat.number, sitting)
    keys = list(item.options)
    return tuple(keys[i] for i in draw.permutation(len(keys)))


def shares_right(items: tuple[QuizItem, ...], sittings: list[Sitting]) -> Numbers:
    """Each person's share right, 0 to 1; unanswered is not right."""
    import numpy as np  # noqa: PLC0415

    return np.array([sitting.right(items) / len(items) for sitting in sittings], dtype=np.float64)
