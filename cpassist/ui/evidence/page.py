"""The evidence page, for everyone: ask the catalogue, read one, compare, see where nothing is known."""

from collections.abc import Callable
from typing import Any

from cpassist.drawing.gap_map import draw_gap_map
from cpassist.drawing.templating import template
from cpassist.evidence.gap_map import map_gaps
from cpassist.evidence.tables import to_csv
from cpassist.ui.evidence.state import EvidenceState
from cpassist.ui.evidence.view_catalogue import (
    catalogue_context,
    chips,
    compare_table,
    list_table,
    map_table,
)
from cpassist.ui.frame.rendered import RenderedPage, text
from cpassist.workspace import Workspace

TABLES = {"find": list_table, "compare": compare_table, "map": map_table}


def evidence_html(state: EvidenceState) -> str:
    """The whole evidence page as it stands now."""
    return template("evidence.html.j2").render(catalogue_context(state))


class EvidencePage(RenderedPage):
    """Find, read, compare, and see the gaps. Nothing of any family is here."""

    def __init__(self, workspace: Workspace) -> None:
        state = EvidenceState(workspace)
        super().__init__(state=state, draw=evidence_html, acts=_acts(self, state))

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

    def save_map(self) -> None:
        """Hands the gap map to the browser as a picture of its own."""
        picture = draw_gap_map(map_gaps(self.state.catalogue))
        svg = template("gap_map.svg.j2").render(
            picture=picture,
            live=False,
            title=f"What was read, catalogue of {self.state.catalogue.version}",
        )
        self.send({"save": svg, "name": "evidence-gap-map.svg", "type": "image/svg+xml"})


def _acts(
    page: EvidencePage, state: EvidenceState
) -> dict[str, Callable[[dict[str, Any]], object]]:
    """What the browser may ask for, and the verb that does it. Nothing else is done."""

    def filtered(fields: dict[str, Any]) -> object:
        name = text(fields, "filter")
        return state.set_filter(name, text(fields, name))

    def aged(fields: dict[str, Any]) -> object:
        part = "years" if "years" in fields else "months"
        return state.set_age(part, text(fields, part))

    return {
        "hello": lambda _: None,
        "go": lambda f: state.go(text(f, "step")),
        "filter": filtered,
        "age": aged,
        "drop_filter": lambda f: state.drop_filter(text(f, "name")),
        "clear": lambda _: state.clear(),
        "sort": lambda f: state.sort_by(text(f, "by")),
        "read": lambda f: state.read(text(f, "key"), text(f, "need")),
        "compare": lambda f: state.compare(text(f, "key")),
        "open_cell": lambda f: state.open_cell(text(f, "need"), text(f, "band")),
        "save_table": lambda _: page.save_table(),
        "save_map": lambda _: page.save_map(),
    }
