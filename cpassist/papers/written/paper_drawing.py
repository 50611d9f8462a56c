"""The picture on a paper: the order in time. The lines beside it say the same."""

from collections.abc import Iterator

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
)


def timeline_picture(plan: CasePlan, catalogue: Catalogue) -> Iterator[Picture]:
    """The offers over the weeks, and what each week asks of each person; none where nothing is offered."""
    package = plan.package
    known = tuple(o for o in package.offers if o.intervention in catalogue.interventions)
    timeline = draw_timeline(known, package.load, plan.family, catalogue)
    if timeline is not None:
        svg = _standing_alone(template("timeline.svg.j2").render(timeline=timeline))
        alt = "Offers by week, and minutes a week by person. The lines above it say the same."
        yield Picture(svg=svg, alt=alt, width=timeline.width, height=timeline.height)


def _standing_alone(svg: str) -> str:
    """One of our drawings with its look inside it, on one root."""
    root = '<svg xmlns="http://www.w3.org/2000/svg" class="pic" '
    return svg.strip().replace("<svg ", root, 1).replace(">", f"><style>{STYLE}</style>", 1)
