"""What is asked of a family: open safety questions, answers that are stale, and answers that contradict."""

from collections.abc import Iterable, Iterator

from cpassist.catalogue.conditions import Asked, asked_about
from cpassist.catalogue.named_in_code import (
    HIGH_HARM_SIGNS,
)
from cpassist.catalogue.vocabulary import Scope
from cpassist.family.vocabulary import (
    AnswerValue,
    read_day,
)
from cpassist.planning.candidates import RuledOut
from cpassist.planning.checks.checked import Checked, check
from cpassist.planning.package.package import Finding
from cpassist.planning.safety.asked_of_family import asked_of_family
from cpassist.planning.safety.rules import asked_words

# Questions that are asked today, whatever waits for them, and what a yes asks for.
TODAY = {
    HIGH_HARM_SIGNS: (
        " Ask the person abused today, alone. If any of it is so, follow your procedure for the gravest harm "
        "now, whatever is planned here."
    )
}


@check
def answers_contradict(checked: Checked) -> Iterator[Finding]:
    """An answer against which the file speaks: the stricter is followed, and somebody is asked."""
    for found in checked.harm.contradictions:
        words = asked_words(checked.family, checked.catalogue, found.asked)
        said = "yes" if found.said else "no"
        yield Finding(
            code="answers_contradict",
            level="asks",
            about=tuple(key for key in (found.asked.person, found.asked.other) if key),
            says=f"{words} The answer is {said}. {found.because} Which is right? Until you say, the safer reading is used.",
            ask=found.asked,
        )


@check
def safety_question_open(checked: Checked) -> Iterator[Finding]:
    """A safety question on which help in reach depends."""
    for asked, holds in held_questions(checked.ruled_out).items():
        yield Finding(
            code="safety_question_open",
            level="asks",
            about=tuple(key for key in (asked.person, asked.other) if key),
            says=asked_words(checked.family, checked.catalogue, asked) + TODAY.get(asked.key, ""),
            ask=asked,
            holds=tuple(sorted(holds)),
        )


@check
def question_of_family(checked: Checked) -> Iterator[Finding]:
    """What this family asks for by itself, beyond the questions on which help in reach depends."""
    held = held_questions(checked.ruled_out)
    for asked in asked_of_family(checked.harm):
        if asked not in held:
            yield Finding(
                code="question_of_family",
                level="asks",
                about=tuple(key for key in (asked.person, asked.other) if key),
                says=asked_words(checked.family, checked.catalogue, asked)
                + TODAY.get(asked.key, ""),
                ask=asked,
            )


@check
def step_question(checked: Checked) -> Iterator[Finding]:
    """What a safety step asks of those whom it is about, and nobody has answered."""
    for step in checked.package.safety_steps:
        for key in checked.catalogue.rule(step.rule).asks:
            for asked in _asked_of(key, step.about, checked):
                if checked.family.answer(asked.key, asked.person) is AnswerValue.UNKNOWN:
                    yield Finding(
                        code="step_question",
                        level="asks",
                        about=tuple(k for k in (asked.person,) if k),
                        says=asked_words(checked.family, checked.catalogue, asked),
                        ask=asked,
                        rule=step.rule,
                    )


def _asked_of(key: str, about: Iterable[str], checked: Checked) -> Iterator[Asked]:
    """A question of a step, for the family or for each of whom the step speaks and who is old enough."""
    question = checked.catalogue.questions[key]
    if question.scope is Scope.FAMILY:
        yield Asked(key=key)
        return
    asked: Iterable[str] = about
    if question.scope is Scope.CHILD:
        affected = {c for n in checked.family.needs if n.person in about for c in n.affects}
        asked = [c.key for c in checked.family.children if c.key in {*about, *affected}]
    for person in asked:
        if checked.family.age(person, checked.on)[1] >= question.from_months:
            yield Asked(key=key, person=person)


def held_questions(rows: Iterable[RuledOut]) -> dict[Asked, set[str]]:
    """Each open safety question and the interventions that wait for it."""
    held: dict[Asked, set[str]] = {}
    for row in rows:
        # What is read as the worst is set aside as not safe, and its question is open all the same.
        for asked in row.asked:
            held.setdefault(asked, set()).add(row.intervention)
    return held


@check
def stale_answer(checked: Checked) -> Iterator[Finding]:
    for answer in checked.family.circumstances:
        question = checked.catalogue.questions.get(answer.ask)
        if question is None or question.stale_days is None or answer.date is None:
            continue
        if answer.answer is AnswerValue.UNKNOWN:
            continue
        age = (checked.on - read_day(answer.date)[1]).days
        if age > question.stale_days:
            asked = asked_about(checked.catalogue, answer.ask, answer.person, answer.other)
            yield Finding(
                code="stale_answer",
                level="asks",
                about=tuple(k for k in (answer.person, answer.other) if k),
                says=f"Answered {age} days ago; ask again: {asked_words(checked.family, checked.catalogue, asked)}",
                ask=asked,
            )
