"""What the trainer's page shows: the set-up, the console, the projector."""

from typing import Any

from cpassist.drawing.charts import draw_square, icon
from cpassist.papers.workshop.handouts import model_answers
from cpassist.ui.workshop.trainer_state import TrainerState
from cpassist.ui.workshop.view_workshop import clock_words, drawn_room, phase_sentence, phase_words
from cpassist.words.workshop import NEXT_WORDS
from cpassist.workshop.charts.room_charts import FEWEST
from cpassist.workshop.exercises.marking import asked, quiz_items
from cpassist.workshop.exercises.records import OTHER_PARTS, Exercise, Phase

SHOWS = (Phase.REVOTE, Phase.EXPLAIN)


def trainer_context(state: TrainerState) -> dict[str, Any]:
    """Everything that the trainer's page needs to be drawn."""
    shared = {"state": state, "icon": icon, "fewest": FEWEST}
    if state.view == "door":
        return {**shared, **_door(state)}
    return {**shared, **_room(state)}


def _door(state: TrainerState) -> dict[str, Any]:
    taught = state.workshop.curriculum
    there = {key for key, _ in state.programme}
    return {
        "timetables": [(t.key, f"{t.title} ({t.minutes} minutes)") for t in taught.timetables],
        "programme": [
            {"at": at, "title": taught.title_of(key), "minutes": state.typed.get(f"minutes-{at}") or minutes}
            for at, (key, minutes) in enumerate(state.programme)
        ],
        "total": sum(minutes for _, minutes in state.programme),
        "to_add": [
            (key, title)
            for key, title in [
                *((one.key, f"{one.number}. {one.title}") for one in taught.exercises),
                *OTHER_PARTS.items(),
            ]
            if key not in there or key == "pause"
        ],
        "cohorts": (
            ("", "no waiting list"),
            ("first", "taught between the two quizzes"),
            ("second", "waits: both quizzes first, taught afterwards"),
        ),
    }  # fmt: skip


def _room(state: TrainerState) -> dict[str, Any]:
    session, stage, taught = state.session, state.stage, state.curriculum
    assert session is not None
    assert stage is not None
    phases, exercise = state.phases, state.exercise
    at = phases.index(stage.phase)
    seats = state.seats() if exercise and exercise.room_charts else ()
    names = list(exercise.room_charts) if exercise else []
    projected = list(stage.shown) if stage.phase in SHOWS else []
    wanted = projected if state.view == "projector" else names
    pictures = (
        drawn_room(exercise, wanted, seats, solved=stage.phase is Phase.EXPLAIN)
        if exercise and seats
        else []
    )
    by_name = dict(pictures)
    if state.view == "projector":
        # One picture at a time: the one shown last of those that can be drawn.
        wanted = [name for name in wanted if name.replace(".", "-") in by_name][-1:] or wanted[-1:]
    return {
        "session": session,
        "stage": stage,
        "pulse": state.pulse,
        "exercise": exercise,
        "part_title": taught.title_of(state.part),
        "parts": [
            {
                "title": taught.title_of(p.key),
                "minutes": p.minutes,
                "now": i == stage.at,
                "over": i < stage.at,
            }
            for i, p in enumerate(session.programme)
        ],
        "strip": [
            {"words": phase_words(state.part, phase), "now": i == at, "over": i < at}
            for i, phase in enumerate(phases)
        ],
        "phase_says": phase_sentence(stage.phase),
        "forward": next_words(state.part, phases[at + 1]) if at + 1 < len(phases) else "",
        "wall_quiz": len(quiz_items(taught, session.quiz)) if state.part.startswith("quiz") else 0,
        "is_last": stage.at == len(session.programme) - 1,
        "clock": clock_words(state.seconds(), paused=bool(stage.left)),
        "minutes": session.programme[stage.at].minutes,
        "can_show": stage.phase in SHOWS,
        "pictures": [
            {
                "name": name,
                "id": name.replace(".", "-"),
                "drawn": by_name.get(name.replace(".", "-")),
                "shown": name in stage.shown,
                "title": picture_title(exercise, name) if exercise else name,
            }
            for name in wanted
        ],
        "answers": model_answers(exercise, session.seed) if exercise else [],
        "quiz": quiz_items(taught, session.quiz) if state.part.startswith("quiz") else (),
        "learnt": state.learnt() if state.view == "console" else "",
        "address": state.workshop.address.partition("voila/")[0],
        "square": draw_square(f"{state.workshop.address}?s={session.code}")
        if state.workshop.address and state.view == "projector"
        else None,
        "wall": next(iter(exercise.in_phase(stage.phase)), None) if exercise else None,
        "takes_answers": stage.phase in {Phase.PREDICT, Phase.RUN, Phase.REVOTE}
        and _asks(exercise, stage.phase),
    }


def next_words(part: str, phase: Phase) -> str:
    """What the button says that goes on to a phase; a quiz is no guess."""
    if part.startswith("quiz"):
        return {Phase.PREDICT: "Open the quiz", Phase.LOCKED: "Close the quiz"}.get(phase, NEXT_WORDS[phase])  # fmt: skip
    return "Open the last question" if part == "commitment" else NEXT_WORDS[phase]


def _asks(exercise: Exercise | None, phase: Phase) -> bool:
    """Whether anything is asked in a phase: where there are only pictures, nobody counts answers."""
    if exercise is None:
        return phase is Phase.PREDICT
    if exercise.built:
        return phase in {Phase.PREDICT, Phase.REVOTE}
    return any(step.questions for step in exercise.in_phase(phase))


TITLES = {
    "plane": "Where the room put the cards",
    "vanishing_room": "The improvement that each seat found",
    "funnel_published": "The drawer: what was published",
    "funnel_all": "The drawer: everything that was found",
    "two_ways": "With percentages, with counts",
    "area_room": "Which area changed",
    "package_room": "What the room put into its packages",
}


def picture_title(exercise: Exercise, name: str) -> str:
    """What a picture of the room shows, before it is drawn."""
    if name in TITLES:
        return TITLES[name]
    found = {n: (s, p) for n, s, p in exercise.questions()}.get(name)
    return asked(*found) if found else name
