"""The safety questions on which something in reach depends, most consequential first."""

from typing import Any

from cpassist.catalogue.conditions import Asked
from cpassist.family_vocabulary import AnswerValue
from cpassist.planning.family_checks import in_possible_danger
from cpassist.planning.rule_reading import asked_words
from cpassist.ui.state import CaseState
from cpassist.ui.view_people import People


def question_groups(state: CaseState) -> list[dict[str, Any]]:
    """Groups by pair and person; within and between them what holds most comes first.

    Answered questions stay in their group, so that an answer can be taken back.
    """
    family, catalogue = state.family, state.catalogue
    holds: dict[Asked, tuple[str, ...]] = {}
    for key in in_possible_danger(family):
        holds[Asked(key="immediate_danger", person=key)] = ()
    for finding in state.package.findings:
        if finding.ask is not None and finding.ask.key in {*catalogue.questions, "harmed_by"}:
            known = holds.get(finding.ask, ())
            holds[finding.ask] = tuple(dict.fromkeys((*known, *finding.holds)))
    for answer in family.circumstances:
        asked = Asked(key=answer.ask, person=answer.person, other=answer.other)
        if answer.answer is not AnswerValue.UNKNOWN:
            holds.setdefault(asked, ())
    groups: dict[tuple[str, ...], list[tuple[Asked, tuple[str, ...]]]] = {}
    for asked, held in holds.items():
        about = tuple(sorted(key for key in (asked.person, asked.other) if key))
        groups.setdefault(about, []).append((asked, held))
    ordered = sorted(
        groups.items(), key=lambda g: (not _urgent(g[1]), -max(len(h) for _, h in g[1]), g[0])
    )
    return [
        {
            "title": " and ".join(family.label_of(key) for key in about) or "The family",
            "rows": [
                _row(asked, held, state)
                for asked, held in sorted(
                    rows,
                    key=lambda r: (
                        r[0].key != "immediate_danger",
                        -len(r[1]),
                        _is_answered(r[0], state),
                        r[0].key,
                        r[0].person or "",
                    ),
                )
            ],
        }
        for about, rows in ordered
    ]


def _is_answered(asked: Asked, state: CaseState) -> bool:
    return state.family.answer(asked.key, asked.person, asked.other) is not AnswerValue.UNKNOWN


def _urgent(rows: list[tuple[Asked, tuple[str, ...]]]) -> bool:
    return any(asked.key == "immediate_danger" for asked, _ in rows)


def _row(asked: Asked, held: tuple[str, ...], state: CaseState) -> dict[str, Any]:
    family, catalogue = state.family, state.catalogue
    titles = [catalogue.title(key) for key in held]
    question = catalogue.questions.get(asked.key)
    line = next(
        (
            a
            for a in family.circumstances
            if (a.ask, a.person, a.other) == (asked.key, asked.person, asked.other)
        ),
        None,
    )
    says = ""
    if titles:
        says = f"Holds {len(titles)}: {', '.join(titles)}."
    elif asked.key == "immediate_danger":
        says = "Comes before any programme."
    elif line is None:
        says = "The help stands; the question stays open."
    return {
        "id": "-".join(k for k in (asked.key, asked.person, asked.other) if k),
        "ask": asked.key,
        "person": asked.person,
        "other": asked.other,
        "words": asked_words(family, catalogue, asked),
        "answer": (line.answer if line else AnswerValue.UNKNOWN).value,
        "date": line.date if line else None,
        "holds": says,
        "help": question.help
        if question
        else "Until it is known, nobody who is not recorded as safe takes part with them.",
        "harmers": People(state).harmer_options(family.person(str(asked.person)))
        if asked.key == "harmed_by"
        else (),
    }
