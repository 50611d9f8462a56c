"""One exercise of the workshop in a cell: its picture, turned by its dials, with the answer kept until it is asked for."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from cpassist.drawing.charts import draw_chart
from cpassist.drawing.templating import template
from cpassist.errors import Mistakes
from cpassist.notebook.asked_for import known_key
from cpassist.notebook.shown import Cell, CellTable, Shown, frame
from cpassist.workshop.charts.step_charts import chart_of
from cpassist.workshop.exercises.answers import right_for
from cpassist.workshop.exercises.marking import right_words
from cpassist.workshop.exercises.records import Ask, Exercise, Step
from cpassist.workshop.exercises.seat import Seat
from cpassist.workshop.figures.marks import Chart

if TYPE_CHECKING:
    import pandas as pd


class NotebookExercise(Shown):
    """One exercise at one turn of its dials. `record` is the exercise itself."""

    def __init__(self, record: Exercise, seed: int, dials: Mapping[str, object]) -> None:
        self.record, self.seed = record, seed
        drawn = [step for step in record.steps if step.chart]
        turned = [step for step in drawn if set(dials) <= _dials(step)]
        if not turned and not dials:
            # Without a picture its first step says what it is about.
            turned = list(record.steps[:1])
        if not turned:
            known = sorted({name for step in drawn for name in _dials(step)})
            raise Mistakes(
                (
                    f"{record.key} has no picture with the dials {', '.join(map(str, dials))}. Its dials are: {', '.join(known) or 'none'}.",
                )
            )
        self.step: Step = turned[0]
        said = {}
        for name, value in dials.items():
            part = next(part for part in self.step.parts if part.key == name)
            keys = [option.key for option in record.options(part)]
            said[f"{self.step.key}.{name}"] = known_key(
                str(value), keys, f"position of the dial {name}"
            )
        self.seat = Seat(seed=seed, dials=said)
        self.chart: Chart | None = chart_of(record, self.step, self.seat)

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """The numbers of the picture, as it says them."""
        heads = self.chart.heads if self.chart else ()
        rows = self.chart.rows if self.chart else ()
        return frame(dict.fromkeys(heads, "string"), rows, {"exercise": self.record.key})

    @property
    def answer(self) -> dict[str, str]:
        """The right answer to each question, in words."""
        found = {}
        for _, step, part in self.record.questions():
            right = right_for(self.record, step, part, self.seat)
            if words := right_words(self.record, part, right):
                found[part.prompt] = words
        return found

    @property
    def why(self) -> str:
        """What the exercise is about, in a sentence or two."""
        return self.record.point

    def cell(self) -> Cell:
        chart = self.chart
        title = f"{self.record.title}: {self.step.title}"
        if chart is None:
            return Cell(title=title, says=(self.step.says,))
        svg = template("workshop_chart.svg.j2").render(drawn=draw_chart(chart), title=[])
        dials = tuple(
            (part.key, ", ".join(option.key for option in self.record.options(part)))
            for part in self.step.parts
            if part.ask is Ask.DIAL
        )
        return Cell(
            title=title,
            says=(self.step.says, chart.sentence),
            facts=dials,
            svg=svg,
            tables=(
                CellTable(
                    caption="The same as a table",
                    head=chart.heads,
                    rows=chart.rows,
                    rest=".frame",
                ),
            ),
            note="The answer: .answer; what it shows: .why",
        )


def _dials(step: Step) -> set[str]:
    return {part.key for part in step.parts if part.ask is Ask.DIAL}
