"""A session's results as one zip: by seats with new numbers, by question, and as pictures. No name is in it."""

import io
import json
import random
import textwrap
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace

from cpassist.codec import plain
from cpassist.drawing.charts import DrawnChart, draw_chart, icon
from cpassist.drawing.templating import template
from cpassist.evidence.tables import to_csv
from cpassist.papers.workshop.handouts import handout
from cpassist.words.workshop import SURE_WORDS
from cpassist.workshop.charts.room_charts import FEWEST, room_chart
from cpassist.workshop.curriculum.learnt import Learnt, learnt
from cpassist.workshop.exercises.marking import Sitting, misconception_of
from cpassist.workshop.exercises.records import Curriculum
from cpassist.workshop.exercises.seat import Seat
from cpassist.workshop.package_task.task import case_of, chosen_in
from cpassist.workshop.session.session import Given, Session

Numbered = tuple[tuple[int, Given], ...]
"""Answers, each under the number that its seat has in the export."""


def export_zip(session: Session, curriculum: Curriculum, given: tuple[Given, ...]) -> bytes:
    """Everything that a trainer takes out of a session, as the bytes of a zip."""
    given = _of_rooms(given)
    numbered = _numbered(session, given)
    told = learnt_in(session, curriculum, given)
    parts = tuple((part.key, part.minutes) for part in session.programme)
    files = {
        "answers_long.csv": _answers(session, numbered),
        "item_summary.csv": _items(curriculum, numbered),
        "quiz_items.csv": _quiz(told),
        "packages.csv": _packages(session, curriculum, numbered),
        "session.json": _session(session, curriculum, told, numbered),
        "facilitator-guide.html": handout("guide", curriculum, parts, session.title) or "",
        "slides.html": handout("slides", curriculum, parts, session.title) or "",
        "read-me.txt": READ_ME,
        **dict(_charts(session, curriculum, numbered)),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def _of_rooms(given: tuple[Given, ...]) -> tuple[Given, ...]:
    """The answers to parts that five or more took part in; and when, to the hour: a minute can be somebody's."""
    people: dict[str, set[int]] = {}
    for one in given:
        people.setdefault(one.part, set()).add(one.number)
    return tuple(
        replace(one, at=f"{one.at[:13]}:00:00+00:00") for one in given if len(people[one.part]) >= FEWEST
    )  # fmt: skip


READ_ME = (
    "Results of one workshop. Seats carry new numbers that are nowhere else; nobody gave a name.\n"
    "Do not try to find out who somebody is, and do not hand single rows on: they are for learning, not for judging people.\n"
    "Parts that fewer than five people took part in are left out, and times are given to the hour.\n"
    "Delete this folder when you have what you need; the session itself deletes its own on the day in session.json.\n"
)


def _numbered(session: Session, given: tuple[Given, ...]) -> Numbered:
    """Each answer under a new number for its seat, drawn from the session: the seat's own stays inside."""
    seats = sorted({one.number for one in given})
    order = list(range(1, len(seats) + 1))
    random.Random(f"{session.key}:{session.seed}").shuffle(order)  # noqa: S311  no secret hangs on it
    new = dict(zip(seats, order, strict=True))
    return tuple(
        sorted(
            ((new[one.number], one) for one in given),
            key=lambda p: (p[0], p[1].part, p[1].turn, p[1].item, p[1].phase),
        )
    )


def _answers(session: Session, numbered: Numbered) -> str:
    # A card's "how sure" is an answer; how sure somebody is of theirs stands beside it.
    confidences = {
        (n, g) for n, g in numbered if g.item.endswith(".sure") and g.value in SURE_WORDS
    }
    sure = {(n, g.part, g.turn, g.item.split(".")[0], g.phase): g.value for n, g in confidences}
    heads = ("session", "seat", "part", "turn", "item", "phase", "value", "confidence", "at")
    return to_csv(
        heads,
        [
            [session.code, str(n), g.part, str(g.turn), g.item, g.phase, g.value,
             sure.get((n, g.part, g.turn, g.item.split(".")[0], g.phase), ""), g.at]
            for n, g in numbered
            if (n, g) not in confidences
        ],
    )  # fmt: skip


def _items(curriculum: Curriculum, numbered: Numbered) -> str:
    """How often each answer was given, and what wrong idea it speaks of."""
    counts: dict[tuple[str, str, str, str], int] = {}
    for _, g in numbered:
        for value in g.value.split():
            key = (g.part, g.item, g.phase, value)
            counts[key] = counts.get(key, 0) + 1
    rows = []
    for (part, item, phase, value), count in sorted(counts.items()):
        exercise = curriculum.exercise(part)
        found = {n: p for n, _, p in exercise.questions()}.get(item) if exercise else None
        idea = misconception_of(exercise, found, value) if exercise and found else ""
        rows.append([part, item, phase, value, str(count), idea])
    return to_csv(("part", "item", "phase", "answer", "count", "misconception"), rows)


def sittings(given: Iterable[Given], part: str) -> dict[int, Sitting]:
    """One sitting of the quiz, by seat; of a sitting that was begun anew the last."""
    last: dict[int, int] = {}
    answers: dict[int, dict[str, str]] = {}
    for one in given:
        if one.part != part or not one.item.endswith(".answer"):
            continue
        if one.turn > last.get(one.number, 0):
            last[one.number], answers[one.number] = one.turn, {}
        if one.turn == last[one.number]:
            answers[one.number][one.item.removesuffix(".answer")] = one.value
    return {number: Sitting(answers=said) for number, said in answers.items()}


def learnt_in(session: Session, curriculum: Curriculum, given: tuple[Given, ...]) -> Learnt:
    """What a session's people knew before and after."""
    return learnt(
        curriculum,
        session.quiz,
        len({one.number for one in given}),
        sittings(given, "quiz_before"),
        sittings(given, "quiz_after"),
        session.seed,
        sittings(given, "quiz_follow_up"),
    )


def _quiz(told: Learnt) -> str:
    heads = (
        "question", "concept", "right_before", "right_after", "wrong_to_right", "right_to_wrong",
        "chosen_before_and_after", "misconceptions_before_and_after", "discrimination",
    )  # fmt: skip

    def share(value: float | None) -> str:
        return "" if value is None else f"{value:.3f}"

    def pairs(counts: Iterable[tuple[str, tuple[int, int]]]) -> str:
        return "; ".join(f"{key} {first} {second}" for key, (first, second) in counts)

    return to_csv(
        heads,
        [
            [i.id, i.concept, share(i.before), share(i.after), str(i.wrong_to_right), str(i.right_to_wrong),
             pairs(i.chosen.items()), pairs(i.misconceptions.items()), share(i.discrimination)]
            for i in told.items
        ],
    )  # fmt: skip


def _packages(session: Session, curriculum: Curriculum, numbered: Numbered) -> str:
    """What was put into packages, one line a choice, with the reason for what differs from the planner."""
    heads = (
        "seat",
        "family",
        "intervention",
        "person",
        "when",
        "sure",
        "in_planner",
        "reason",
        "keep",
    )
    rows = []
    for exercise in (one for one in curriculum.exercises if one.built):
        for number, seat in _seats_in(session, numbered, exercise.key):
            case = case_of(exercise, seat)
            theirs = {offer.intervention for offer in case.planner}
            lines = [
                (one.help.intervention, one.help.person, one.when, one.sure)
                for one in chosen_in(case, seat)
            ]
            mine = {line[0] for line in lines}
            lines += [(key, "", "not chosen", "") for key in sorted(theirs - mine)] if lines else []
            rows += [
                [
                    str(number),
                    case.family,
                    key,
                    person,
                    when,
                    sure,
                    "yes" if key in theirs else "no",
                    seat.latest(f"diff_{key}.reason"),
                    seat.latest(f"diff_{key}.keep"),
                ]
                for key, person, when, sure in lines
            ]
    return to_csv(heads, rows)  # fmt: skip


def _session(session: Session, curriculum: Curriculum, told: Learnt, numbered: Numbered) -> str:
    settings = {k: v for k, v in plain(session).items() if k != "key"}
    said = {
        "format": "cpassist-workshop/1",
        "session": settings,
        "catalogue_version": curriculum.catalogue_version,
        "seats_that_answered": len({n for n, _ in numbered}),
        "quiz": told.sentence(),
        "matched": told.matched,
        "gain": told.gain if told.is_shown else None,
        "interval": told.interval if told.is_shown else None,
    }
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"


def _charts(
    session: Session, curriculum: Curriculum, numbered: Numbered
) -> Iterator[tuple[str, str]]:
    """Each picture of the room as an SVG file, where enough have answered."""
    for part in session.programme:
        exercise = curriculum.exercise(part.key)
        if exercise is None:
            continue
        seats = tuple(seat for _, seat in _seats_in(session, numbered, part.key))
        if len(seats) < FEWEST:
            continue
        for name in exercise.room_charts:
            chart = room_chart(exercise, name, seats, solved=True)
            if chart is not None:
                yield (
                    f"charts/{exercise.key}-{name.replace('.', '-')}.svg",
                    svg_of(draw_chart(chart)),
                )


def _seats_in(session: Session, numbered: Numbered, part: str) -> tuple[tuple[int, Seat], ...]:
    """The seats of a part as it was begun last, each under its number in the export."""
    turn = max((one.turn for _, one in numbered if one.part == part), default=1)
    by_seat: dict[int, tuple[int, dict[tuple[str, str], str]]] = {}
    for number, one in numbered:
        if one.part == part and one.turn == turn:
            by_seat.setdefault(number, (one.number, {}))[1][one.item, one.phase] = one.value
    return tuple(
        (number, Seat(seed=session.seed, number=own, answers=answers))
        for number, (own, answers) in sorted(by_seat.items())
    )


def svg_of(drawn: DrawnChart) -> str:
    """A picture as a file of its own, with its words and its look in it."""
    return template("workshop_chart.svg.j2").render(
        drawn=drawn, icon=icon, title=textwrap.wrap(drawn.chart.title, 46)
    )
