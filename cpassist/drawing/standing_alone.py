"""Our drawings where no page's stylesheet reaches them: in a Word file, a PDF, a cell of a notebook."""

from cpassist.catalogue.catalogue import Catalogue
from cpassist.drawing.support_graph import Timeline, draw_timeline
from cpassist.drawing.templating import template
from cpassist.family.family import Family
from cpassist.planning.package.package import SupportPackage

STYLE = (
    ".pic text{font:13px Arial,sans-serif;fill:#1b2024}.pic .q{fill:#535b63}.pic .b{font-weight:600}.pic .on{fill:#fff}"
    ".pic .tick{stroke:#dedad1}.pic .base{stroke:#787264;fill:none}.pic .limit{stroke:#1b2024;stroke-dasharray:5 4}"
    ".pic .bar{fill:#0b5563}.pic .load{fill:#b9cbce}.pic .full{fill:#6f97a0}"
)


def weeks_svg(
    package: SupportPackage, family: Family, catalogue: Catalogue
) -> tuple[str, Timeline] | None:
    """The offers over the weeks, and what each week asks of each person; None where nothing is offered."""
    known = tuple(o for o in package.offers if o.intervention in catalogue.interventions)
    timeline = draw_timeline(known, package.load, family, catalogue)
    if timeline is None:
        return None
    return _standing_alone(template("timeline.svg.j2").render(timeline=timeline)), timeline


def _standing_alone(svg: str) -> str:
    """One of our drawings with its look inside it, on one root."""
    root = '<svg xmlns="http://www.w3.org/2000/svg" class="pic" '
    return svg.strip().replace("<svg ", root, 1).replace(">", f"><style>{STYLE}</style>", 1)
