"""What the pages of a workshop show: a screen of an exercise, what is said about answers, pictures of the room."""

import datetime
from typing import Any

from cpassist.drawing.charts import DrawnChart, draw_chart, icon
from cpassist.ui.workshop.participant_state import QUIZZES, ParticipantState
from cpassist.words.workshop import PHASE_WORDS, ROLE_OPTIONS
from cpassist.workshop.charts.room_charts import FILL_TO, SIMULATED, room_chart, simulated_seats
from cpassist.workshop.charts.step_charts import chart_of
from cpassist.workshop.exercises.marking import Feedback, mark, quiz_items, words_of
from cpassist.workshop.exercises.records import (
    Ask,
    Curriculum,
    Exercise,
    Option,
    Phase,
    QuizItem,
    Step,
)
from cpassist.workshop.exercises.seat import Seat
from cpassist.workshop.package_task.marks import mark_package
from cpassist.workshop.package_task.task import case_of

RUN_AGAIN = frozenset({"vanishing", "who_is_left"})
"""Pictures that can be drawn anew."""
SURE = (("guessing", "Guessing", ""), ("fairly", "Fairly", ""), ("sure", "Sure", ""))


def participant_context(state: ParticipantState) -> dict[str, Any]:
    """Everything that the participant's page needs to be drawn."""
    exercise, step = state.exercise, state.step()
    return {
        "state": state,
        "part_title": state.curriculum.title_of(state.part) if state.part else "",
        "exercise": exercise,
        "step": step,
        "steps": state.steps(),
        "screen": step_screen(state, step) if step and not state.plain else None,
        "strip": phase_strip(state),
        "clock": clock_words(state.seconds(), paused=bool(state.stage and state.stage.left)),
        "roles": ROLE_OPTIONS,
        "sure_options": SURE,
        "is_quiz": state.part in QUIZZES,
        "feedback": feedback_of(state) if state.phase is Phase.EXPLAIN and not state.plain else None,
        "room_pictures": [] if state.plain else room_pictures(state),
        "icon": icon,
        "exercises": state.curriculum.exercises if state.screen == "alone" and not state.part else (),
        "alone_done": {key for key, seat in state._alone.items() if seat.answers},  # noqa: SLF001  one page
        "certificate": certificate(state) if state.certified else None,
        "last_phase": bool(state.part) and state.phase is state.phases()[-1],
    }  # fmt: skip


def certificate(state: ParticipantState) -> dict[str, Any]:
    """What a certificate of attendance says: hours and what was covered, and no claim of competence."""
    session = state.session
    assert session is not None
    minutes = sum(part.minutes for part in session.programme)
    there = {part.key for part in session.programme}
    return {
        "name": state.certified,
        "title": session.title,
        "day": datetime.datetime.fromisoformat(session.opened).date(),
        "hours": f"{minutes // 60} hours {minutes % 60} minutes" if minutes >= 60 else f"{minutes} minutes",
        "covered": [one.objective for one in state.curriculum.exercises if one.key in there],
    }  # fmt: skip


def phase_strip(state: ParticipantState) -> list[dict[str, Any]]:
    """The phases as a strip: what is over, what is now, what comes."""
    phases = [p for p in state.phases() if p is not Phase.CLOSED and (state.screen == "room" or p is not Phase.LOCKED)]  # fmt: skip
    now = phases.index(state.phase) if state.phase in phases else -1
    return [
        {"words": phase_words(state.part, phase), "now": at == now, "over": at < now}
        for at, phase in enumerate(phases)
    ]


def step_screen(state: ParticipantState, step: Step) -> dict[str, Any]:
    """One screen: its picture, its dials, and its questions with what was answered."""
    exercise, seat = state.exercise, state.seat
    wrong = state.mistakes if state.mistaken_form == f"q-{step.key}" else {}
    typed = state.typed.get("fields", {}) if wrong and state.typed.get("form") == step.key else {}
    drawn = chart_of(exercise, step, seat) if exercise else None
    first = seat.first(f"{step.key}.{step.questions[0].key}") if step.questions else ""
    return {
        "chart": draw_chart(drawn) if drawn else None,
        "run_again": step.chart in RUN_AGAIN,
        "dials": [
            {
                "part": part,
                "options": [(o.key, o.says) for o in exercise.options(part)],
                "value": seat.dial(exercise, step.key, part.key),
            }
            for part in step.parts
            if part.ask is Ask.DIAL and exercise
        ],
        "questions": [
            {
                "part": part,
                "options": [
                    (o.key, o.says) for o in (exercise.options(part) if exercise else part.options)
                ],
                "groups": groups_of(exercise.options(part) if exercise else part.options),
                "value": typed.get(part.key, seat.latest(f"{step.key}.{part.key}")),
            }
            for part in step.questions
        ],
        "wrong": wrong,
        "sure": typed.get("sure", seat.latest(f"{step.key}.sure")),
        "first": _first_words(state, step, first),
        "answered": state.is_answered(step),
    }


def groups_of(options: tuple[Option, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Options of a long list under the people they are for; none where they are not grouped."""
    if len(options) < 8 or not any(option.part for option in options):
        return []
    made: dict[str, list[tuple[str, str]]] = {}
    for option in options:
        made.setdefault(option.part, []).append((option.key, option.says))
    return list(made.items())


def _first_words(state: ParticipantState, step: Step, first: str) -> str:
    """What somebody guessed, where they are asked again."""
    guess = state.seat.latest(step.recalls) if step.recalls else ""
    if guess and state.exercise is not None:
        part = next(p for name, _, p in state.exercise.questions() if name == step.recalls)
        return f"Your first guess was {words_of(state.exercise, part, guess)}."
    if state.phase is Phase.REVOTE and step.again and first:
        return "Your first answer is filled in. Change it, or send it again."
    return ""


def clock_words(left: int | None, *, paused: bool) -> str:
    """The clock in whole minutes; its last minute in steps of ten seconds. Nothing flashes."""
    if left is None:
        return ""
    if left == 0:
        return "The time is up."
    said = f"about {-(-left // 60)} minutes left" if left > 90 else f"about {-(-left // 10) * 10} seconds left"  # fmt: skip
    said = said.replace("about 1 minutes", "about 1 minute")
    return f"Paused, {said}" if paused else said[:1].upper() + said[1:]


def feedback_of(state: ParticipantState) -> dict[str, Any] | None:
    """What is said about somebody's own answers, for their eyes only."""
    curriculum, exercise = state.curriculum, state.exercise
    if state.part in {"quiz_after", "quiz_follow_up"}:
        return quiz_feedback(curriculum, state)
    if exercise is None:
        return None
    if exercise.built:
        return {
            "package": mark_package(exercise, state.seat),
            "case": case_of(exercise, state.seat),
        }
    told: Feedback = mark(exercise, state.seat)
    return {
        "lines": [line for line in told.lines if line.said],
        "score": told.score,
        "ideas": [
            (m.idea, m.refuted) for m in curriculum.misconceptions if m.code in told.misconceptions
        ],
        "bold": [
            line for line in told.lines if line.sure == "Sure" and line.share is not None and line.share < 1
        ],
    }  # fmt: skip


def quiz_feedback(curriculum: Curriculum, state: ParticipantState) -> dict[str, Any]:
    """The quiz after its second sitting: each question with the right answer and why."""
    items = quiz_items(curriculum, state.session.quiz if state.session else "whole")
    before = _sitting(state, "quiz_before")
    after = state.seat
    lines = [_quiz_line(curriculum, item, before, after) for item in items]
    return {
        "items": lines,
        "right_before": sum(line["right_before"] for line in lines) if before.answers else None,
        "right": sum(line["is_right"] for line in lines),
        "of": len(items),
    }


def _sitting(state: ParticipantState, part: str) -> Seat:
    if state.screen == "room":
        seat: Seat = state.workshop.rooms.seat(state.ticket, part)
        return seat
    return state._alone.get(part, Seat())  # noqa: SLF001  one page


def _quiz_line(curriculum: Curriculum, item: QuizItem, before: Seat, after: Seat) -> dict[str, Any]:
    said = after.latest(f"{item.id}.answer")
    wrong = item.options[said].misconception if said in item.options else None
    return {
        "stem": item.stem,
        "said": item.options[said].text if said in item.options else "",
        "right": item.options[item.key].text,
        "is_right": said == item.key,
        "right_before": before.latest(f"{item.id}.answer") == item.key,
        "why": item.rationale,
        "idea": curriculum.refuted(wrong) if wrong and said != item.key else "",
    }


def room_pictures(state: ParticipantState) -> list[tuple[str, DrawnChart]]:
    """Pictures of the room: those that the trainer shows, or, alone, of a simulated room."""
    exercise = state.exercise
    if exercise is None:
        return []
    if state.screen == "alone":
        if state.phase is not Phase.EXPLAIN:
            return []
        seats = simulated_seats(state.seat.seed, FILL_TO)
        return drawn_room(exercise, [n for n in exercise.room_charts if n in SIMULATED], seats, solved=True, alone=True)  # fmt: skip
    seats = state.room_seats()
    shown = list(state.stage.shown) if state.stage else []
    return drawn_room(exercise, shown, seats, solved=state.phase is Phase.EXPLAIN) if seats else []


def drawn_room(
    exercise: Exercise,
    names: list[str],
    seats: tuple[Seat, ...],
    *,
    solved: bool,
    alone: bool = False,
) -> list[tuple[str, DrawnChart]]:
    """Pictures of a room, drawn; those for which too few have answered are left out."""
    made = [
        (name.replace(".", "-"), room_chart(exercise, name, seats, solved=solved, alone=alone))
        for name in names
    ]
    return [(name, draw_chart(chart)) for name, chart in made if chart is not None]


def phase_words(part: str, phase: Phase) -> str:
    """The name of a phase; a quiz and the last question are no guess."""
    if phase is Phase.PREDICT and part.startswith("quiz"):
        return "Answer"
    return "Choose" if phase is Phase.PREDICT and part == "commitment" else PHASE_WORDS[phase]


def phase_sentence(phase: Phase) -> str:
    """What a phase asks of a room, in a sentence."""
    return {
        Phase.CLOSED: "Not open yet.",
        Phase.PREDICT: "Everybody guesses, alone.",
        Phase.LOCKED: "The guesses are in. Nobody can change them.",
        Phase.RUN: "Everybody looks.",
        Phase.REVOTE: "Talk to your neighbour, then answer again.",
        Phase.EXPLAIN: "Why it is so.",
    }[phase]
