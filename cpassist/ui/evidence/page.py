"""The evidence page, for everyone: ask the catalogue, read one, compare, see where nothing is known."""

from typing import Any

from cpassist.drawing.gap_map import draw_gap_map
from cpassist.drawing.templating import template
from cpassist.evidence.tables import to_csv
from cpassist.ui.evidence.state import EvidenceState
from cpassist.ui.evidence.view_catalogue import catalogue_context, chips, compare_table, list_table
from cpassist.ui.evidence.view_map import map_table, the_map
from cpassist.ui.frame.acts import act
from cpassist.ui.frame.rendered import RenderedPage
from cpassist.workspace import Workspace

TABLES = {"find": list_table, "compare": compare_table, "map": map_table}


def evidence_html(state: EvidenceState) -> str:
    """The whole evidence page as it stands now."""
    return template("evidence.html.j2").render(catalogue_context(state))


class EvidencePage(RenderedPage):
    """Find, read, compare, and see the gaps. Nothing of any family is here."""

    def __init__(self, workspace: Workspace) -> None:
        state = EvidenceState(workspace)
        super().__init__(state=state, draw=evidence_html)

    def answer(self, act: str, fields: dict[str, Any]) -> None:
        """Does what was asked, shows it, and moves the focus where another part has opened."""
        before = (self.state.view, self.state.opened)
        self.act(act, fields)
        self.show()
        # A mistake is announced where it stands; the focus stays in the field that somebody is in.
        if (self.state.view, self.state.opened) != before:
            self.send({"focus": "heading", "top": True})
        elif act in {"drop_filter", "clear"}:
            self.send({"focus": "found"})

    @act("save_table")
    def save_table(self) -> None:
        """Hands the table that is open to the browser as CSV."""
        make = TABLES.get(self.state.view)
        if make is not None:
            heads, rows = make(self.state)
            asked = [[f"{chip['label']}: {chip['words']}"] for chip in chips(self.state)]
            csv = to_csv(
                heads, [*rows, [], [f"Catalogue of {self.state.catalogue.version}"], *asked]
            )
            self.send({"save": csv, "name": f"evidence-{self.state.view}.csv", "type": "text/csv"})

    @act("save_map")
    def save_map(self) -> None:
        """Hands the gap map to the browser as a picture of its own."""
        picture = draw_gap_map(the_map(self.state))
        svg = template("gap_map.svg.j2").render(
            picture=picture,
            live=False,
            title=f"What was read, catalogue of {self.state.catalogue.version}",
        )
        self.send({"save": svg, "name": "evidence-gap-map.svg", "type": "image/svg+xml"})
