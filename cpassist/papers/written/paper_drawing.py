"""The picture on a paper: the order in time. The lines beside it say the same."""

from collections.abc import Iterator

from cpassist.catalogue.catalogue import Catalogue
from cpassist.drawing.standing_alone import weeks_svg
from cpassist.papers.written.blocks import Picture
from cpassist.plans.plan import CasePlan


def timeline_picture(plan: CasePlan, catalogue: Catalogue) -> Iterator[Picture]:
    """The offers over the weeks, and what each week asks of each person; none where nothing is offered."""
    drawn = weeks_svg(plan.package, plan.family, catalogue)
    if drawn is not None:
        svg, timeline = drawn
        alt = "Offers by week, and minutes a week by person. The lines above it say the same."
        yield Picture(svg=svg, alt=alt, width=timeline.width, height=timeline.height)
