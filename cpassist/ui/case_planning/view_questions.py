"""The safety questions on which something in reach depends, most consequential first."""

from collections.abc import Iterable
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.conditions import Asked, asked_about
from cpassist.catalogue.named_in_code import (
    ABUSE_PATTERN,
    AFRAID_OF,
    CHILD_FEELS_SAFE_WITH,
    COERCIVE_CONTROL,
    CONTACT_FORBIDDEN,
    IMMEDIATE_DANGER,
    JOINT_SESSION_CLEARED,
    SAFE_CARER,
)
from cpassist.family.records import Answer
from cpassist.family.vocabulary import AnswerValue, day_words
from cpassist.harm.reading import read_harm
from cpassist.planning.safety.rules import asked_words
from cpassist.ui.case_planning.state import CaseState
from cpassist.ui.case_planning.view_people import People

Group = tuple[str, ...]
# House rules H1 and H2 ask these of everybody who would be in one room.
ASKED_OF_A_ROOM = frozenset(
    {
        "harmed_by",
        ABUSE_PATTERN,
        COERCIVE_CONTROL,
        AFRAID_OF,
        CONTACT_FORBIDDEN,
        SAFE_CARER,
        CHILD_FEELS_SAFE_WITH,
        JOINT_SESSION_CLEARED,
    }
)


def question_groups(state: CaseState) -> list[dict[str, Any]]:
    """Groups by pair and person; what most help in reach depends on comes first.

    No question moves under the hand while somebody answers: that weight does not change, and a group that an answer
    brings comes after those that are in sight. Answered questions stay in their group, so that an answer can be changed.
    """
    family, catalogue = state.family, state.catalogue
    holds: dict[Asked, tuple[str, ...]] = {}
    for danger in read_harm(family, catalogue, state.package.planned_on).in_danger:
        holds[Asked(key=IMMEDIATE_DANGER, person=danger.person)] = ()
    for finding in state.package.findings:
        if finding.ask is not None and finding.ask.key in {*catalogue.questions, "harmed_by"}:
            known = holds.get(finding.ask, ())
            holds[finding.ask] = tuple(dict.fromkeys((*known, *finding.holds)))
    for answer in family.circumstances:
        if answer.answer is not AnswerValue.UNKNOWN:
            holds.setdefault(asked_about(catalogue, answer.ask, answer.person, answer.other), ())
    weight = _weights((asked.key for asked in holds), state)
    groups: dict[Group, list[Asked]] = {}
    for asked in sorted(
        holds,
        key=lambda a: (
            a.key != IMMEDIATE_DANGER,
            -weight[a.key],
            a.key,
            str(a.person),
            str(a.other),
        ),
    ):
        about = tuple(sorted(key for key in (asked.person, asked.other) if key))
        groups.setdefault(about, []).append(asked)
    seen = [about for about in state.groups_in_sight if about in groups]
    state.groups_in_sight = (*seen, *(about for about in groups if about not in seen))
    return [
        {
            "title": " and ".join(family.label_of(key) for key in about) or "The family",
            "rows": [_row(asked, holds[asked], state) for asked in groups[about]],
        }
        for about in state.groups_in_sight
    ]


def _weights(keys: Iterable[str], state: CaseState) -> dict[str, int]:
    """For each question, how many kinds of help for this family's needs ask it."""
    catalogue = state.catalogue
    needs = {need.need for need in state.family.needs}
    in_reach = [
        help_
        for help_ in catalogue.interventions.values()
        if help_.is_offered_kind and needs & set(help_.needs)
    ]
    asked = [asked_by(help_.key, catalogue) for help_ in in_reach]
    return {key: sum(key in questions for questions in asked) for key in keys}


def asked_by(intervention: str, catalogue: Catalogue) -> frozenset[str]:
    """The safety questions that one kind of help can depend on."""
    help_ = catalogue.interventions[intervention]
    keys = {must for part in help_.takes_part for must in part.must}
    for rule, _ in catalogue.rules_for(help_):
        keys |= set(rule.when.questions()) if rule.when else set()
    return frozenset(keys | (ASKED_OF_A_ROOM if help_.together else set()))


def _line(asked: Asked, state: CaseState) -> Answer | None:
    """What is recorded in answer to a question, whichever way round it was asked."""
    return next(
        (
            answer
            for answer in state.family.circumstances
            if asked_about(state.catalogue, answer.ask, answer.person, answer.other) == asked
        ),
        None,
    )


def _row(asked: Asked, held: tuple[str, ...], state: CaseState) -> dict[str, Any]:
    family, catalogue = state.family, state.catalogue
    titles = [catalogue.title(key) for key in held]
    question = catalogue.questions.get(asked.key)
    line = _line(asked, state)
    is_open = line is None or line.answer is AnswerValue.UNKNOWN
    says = ""
    if titles:
        says = (
            f"{'An answer would unlock' if line else 'Answer this to unlock'}: {', '.join(titles)}."
        )
    elif asked.key == IMMEDIATE_DANGER:
        says = "Comes before any programme."
    elif is_open:
        says = "You can go ahead; please still ask."
    return {
        "id": "-".join(k for k in (asked.key, asked.person, asked.other) if k),
        "ask": asked.key,
        "person": asked.person,
        "other": asked.other,
        "words": asked_words(family, catalogue, asked),
        "answer": line.answer.value if line else "",
        "date": day_words(line.date) if line and line.date else "",
        "stale": asked in {f.ask for f in state.package.findings if f.code == "stale_answer"},
        "holds": says,
        "help": question.help
        if question
        else "Until we know, only people recorded as safe take part with them.",
        "harmers": People(state).harmer_options(family.person(str(asked.person)))
        if asked.key == "harmed_by"
        else (),
    }
