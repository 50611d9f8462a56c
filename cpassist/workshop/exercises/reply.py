"""Reads what somebody sent as an answer: only what the question allows ever gets further."""

from collections.abc import Mapping
from typing import Any

from cpassist.words.workshop import SURE_WORDS
from cpassist.workshop.exercises.marking import shuffled
from cpassist.workshop.exercises.records import (
    Ask,
    Curriculum,
    Exercise,
    Option,
    Part,
    Phase,
    QuizItem,
    Step,
)
from cpassist.workshop.exercises.seat import Seat, as_number


def read_reply(
    exercise: Exercise | None, step: Step, fields: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """Answers by name (`step.part`), and mistakes by part; with a mistake nothing is taken."""
    answers: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for part in step.questions:
        options = exercise.options(part) if exercise else part.options
        said = fields.get(part.key, "")
        chosen = [said] if isinstance(said, str) else [one for one in said if isinstance(one, str)]
        value, mistake = _read(part, options, [one.strip() for one in chosen if one.strip()])
        if mistake:
            wrong[part.key] = mistake
        else:
            answers[f"{step.key}.{part.key}"] = value
    sure = fields.get("sure", "")
    if step.sure and isinstance(sure, str) and sure in SURE_WORDS:
        answers[f"{step.key}.sure"] = sure
    return answers, wrong


def _read(part: Part, options: tuple[Option, ...], chosen: list[str]) -> tuple[str, str]:
    if not chosen:
        many = "Choose at least one." if part.ask is Ask.SEVERAL else "Choose one."
        return "", "Give a number." if part.ask is Ask.NUMBER else many
    if part.ask is Ask.NUMBER:
        value = as_number(chosen[0].replace(",", "."))
        if value is None:
            return "", "Give a number, in figures."
        if not part.low <= value <= part.high:
            return "", f"Give a number from {part.low:g} to {part.high:g}."
        return f"{value:g}", ""
    known = [option.key for option in options]
    if any(one not in known for one in chosen):
        return "", "Choose from what is there."
    if part.ask is Ask.SEVERAL:
        if part.most and len(set(chosen)) > part.most:
            return "", f"Choose up to {part.most}."
        return " ".join(key for key in known if key in chosen), ""
    return chosen[0], ""


def quiz_step(item: QuizItem, seat: Seat, sitting: int) -> Step:
    """A question of the quiz as a screen, its options in this person's order."""
    order = shuffled(item, seat, sitting)
    return Step(
        key=item.id,
        phase=Phase.PREDICT,
        title=item.stem,
        parts=(
            Part(
                key="answer",
                ask=Ask.CHOICE,
                prompt="Choose one",
                options=tuple(
                    Option(
                        key=key,
                        says=item.options[key].text,
                        misconception=item.options[key].misconception or "",
                    )
                    for key in order
                ),
            ),
        ),
    )


def take_along(parts: list[str], curriculum: Curriculum) -> Step:
    """The last question of a session: which of its questions somebody takes along."""
    there = [one for one in curriculum.exercises if one.key in parts]
    return Step(
        key="along",
        phase=Phase.PREDICT,
        title="One question to take along",
        says="Evidence skills fade within weeks unless they are used. Which question will you ask of the next report on your desk?",
        parts=(
            Part(
                key="which",
                ask=Ask.CHOICE,
                prompt="I will ask",
                options=(
                    *(Option(key=one.key, says=one.debrief) for one in there),
                    Option(key="other", says="Something else, which I keep to myself."),
                ),
            ),
        ),
    )
