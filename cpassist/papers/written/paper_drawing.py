"""Pictures for papers: the order in time, and which need is answered by what. A table beside each says the same."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from cpassist.catalogue.catalogue import Catalogue
from cpassist.drawing.support_graph import draw_timeline
from cpassist.drawing.templating import template
from cpassist.papers.written.blocks import Picture
from cpassist.plans.plan import CasePlan

# Inside each drawing, since a Word file and a PDF know no stylesheet of the page around it.
STYLE = (
    ".pic text{font:13px Arial,sans-serif;fill:#1b2024}.pic .q{fill:#535b63}.pic .b{font-weight:600}.pic .on{fill:#fff}"
    ".pic .tick{stroke:#dedad1}.pic .base{stroke:#787264;fill:none}.pic .limit{stroke:#1b2024;stroke-dasharray:5 4}"
    ".pic .bar{fill:#0b5563}.pic .load{fill:#b9cbce}.pic .full{fill:#6f97a0}"
    ".pic .need{fill:#fff;stroke:#787264}.pic .offer{fill:#e4eff0;stroke:#0b5563}"
)
LEFT, RIGHT, WIDE = 300, 300, 760
LINE, PAD, GAP = 18, 8, 10


@dataclass(frozen=True, kw_only=True)
class PaperBox:
    """A need or a kind of help on paper."""

    key: str
    lines: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


def timeline_picture(plan: CasePlan, catalogue: Catalogue) -> Iterator[Picture]:
    """The offers over the weeks, and what each week asks of each person; none where nothing is offered."""
    package = plan.package
    known = tuple(o for o in package.offers if o.intervention in catalogue.interventions)
    timeline = draw_timeline(known, package.load, plan.family, catalogue)
    if timeline is not None:
        svg = _standing_alone(template("timeline.svg.j2").render(timeline=timeline))
        alt = "Offers by week, and minutes a week by person. The tables below say the same."
        yield Picture(svg=svg, alt=alt, width=timeline.width, height=timeline.height)


def graph_picture(plan: CasePlan, catalogue: Catalogue) -> Iterator[Picture]:
    """Needs on the left, what answers them on the right; gaps stand without a line."""
    needs = [
        (f"{need.person}:{need.need}", f"{plan.family.label_of(need.person)}: {_label(need.need, catalogue)}")
        for need in plan.family.needs
        if need.is_matched
    ]  # fmt: skip
    offers = [
        (o.key, catalogue.title(o.intervention) if o.intervention in catalogue.interventions else o.intervention)
        for o in plan.package.offers
    ]  # fmt: skip
    if not needs or not offers:
        return
    left, right = _column(needs, 0, LEFT), _column(offers, WIDE - RIGHT, RIGHT)
    links = [
        (left[f"{a.person}:{a.need}"], right[offer.key])
        for offer in plan.package.offers
        for a in offer.answers
        if f"{a.person}:{a.need}" in left
    ]
    height = max(box.y + box.height for box in (*left.values(), *right.values())) + PAD
    svg = template("paper_graph.svg.j2").render(
        left=left.values(), right=right.values(), links=links, width=WIDE, height=height
    )
    alt = "Each need, and lines to what answers it. The table below says the same."
    yield Picture(svg=_standing_alone(svg), alt=alt, width=WIDE, height=height)


def _standing_alone(svg: str) -> str:
    """One of our drawings with its look inside it, on one root."""
    root = '<svg xmlns="http://www.w3.org/2000/svg" class="pic" '
    return svg.strip().replace("<svg ", root, 1).replace(">", f"><style>{STYLE}</style>", 1)


def _label(need: str, catalogue: Catalogue) -> str:
    return catalogue.label(need) if need in catalogue.need_types else need


def _column(rows: list[tuple[str, str]], x: int, width: int) -> dict[str, PaperBox]:
    boxes, y = {}, 4
    for key, words in rows:
        lines = tuple(textwrap.wrap(words, 38)[:3])
        height = LINE * len(lines) + 2 * PAD
        boxes[key] = PaperBox(key=key, lines=lines, x=x, y=y, width=width, height=height)
        y += height + GAP
    return boxes
