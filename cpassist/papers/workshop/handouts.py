"""Guide, paper cards and slides of a workshop, made from the exercises themselves so that they never drift."""

from typing import Any

from cpassist.drawing.charts import draw_chart, icon
from cpassist.drawing.templating import template
from cpassist.workshop.charts.step_charts import chart_of
from cpassist.workshop.exercises.answers import right_for
from cpassist.workshop.exercises.marking import asked, right_words
from cpassist.workshop.exercises.records import Curriculum, Exercise
from cpassist.workshop.exercises.seat import Seat

KINDS = {"guide": "Facilitator guide", "cards": "Paper cards", "slides": "Slides"}
SEED = 20_261_125
ON_PAPER = frozenset({"interval", "thousand", "three_areas", "absolute", "drawer"})
"""Pictures that a card shows; the others need somebody who turns them."""


def handout(
    kind: str, curriculum: Curriculum, programme: tuple[tuple[str, int], ...], title: str
) -> str | None:
    """One of the handouts as a page to open and print; None for a kind that there is not."""
    if kind not in KINDS:
        return None
    start = 0
    parts: list[dict[str, Any]] = []
    for key, minutes in programme:
        exercise = curriculum.exercise(key)
        parts.append(
            {
                "key": key,
                "title": curriculum.title_of(key),
                "minutes": minutes,
                "from": f"{start // 60}:{start % 60:02d}",
                "exercise": exercise,
                "answers": model_answers(exercise) if exercise else [],
                "steps": steps_on_paper(exercise) if exercise else [],
                "ideas": [m for m in curriculum.misconceptions if exercise and m.code in exercise.misconceptions],
            }
        )  # fmt: skip
        start += minutes
    return template(f"workshop_{kind}.html.j2").render(
        title=title or "Workshop",
        kind=KINDS[kind],
        parts=parts,
        total=start,
        quiz=curriculum.quiz,
        version=curriculum.catalogue_version,
        icon=icon,
    )


def model_answers(exercise: Exercise, seed: int = SEED) -> list[tuple[str, str, str]]:
    """Each question with its right answer and why; what depends on a seat is said for one."""
    told = []
    for _, step, part in exercise.questions():
        right = right_for(exercise, step, part, Seat(seed=seed))
        words = right_words(exercise, part, right)
        if words:
            told.append((asked(step, part), words, right.says))
    return told


def steps_on_paper(exercise: Exercise) -> list[dict[str, Any]]:
    """The steps as they stand on cards: question, options to tick, a picture where it needs no turning."""
    made = []
    for step in exercise.steps:
        if not step.questions:
            continue
        chart = chart_of(exercise, step, Seat(seed=SEED)) if step.chart in ON_PAPER else None
        made.append(
            {
                "step": step,
                "parts": [(part, exercise.options(part)) for part in step.questions],
                "drawn": draw_chart(chart) if chart else None,
            }
        )
    return made
