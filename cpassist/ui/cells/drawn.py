"""What every widget in a cell is made of: it draws itself, hears what was picked, and ignores nonsense in a sentence."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
from markupsafe import Markup

from cpassist.drawing.templating import template
from cpassist.errors import CpassistError
from cpassist.notebook.shown import MANY_ROWS, Cell, cut

STATIC = Path(__file__).parent / "static"
LONGEST = 200
NOT_THERE = "That is not there any more. Choose from what is shown."


class DrawnInACell(anywidget.AnyWidget):
    """A widget that Python draws. No trait of it that holds a case is synced, so nothing of one is saved with a notebook."""

    _esm = STATIC / "cell.js"

    def __init__(self) -> None:
        self.notice = ""
        super().__init__()
        self.on_msg(lambda _widget, content, _buffers: self.receive(content))

    # --- for each widget to say ---

    def drawn(self) -> Cell:
        """What stands in it."""
        raise NotImplementedError

    def fields(self) -> tuple[Mapping[str, Any], ...]:
        """Lists to choose from, above what is shown: name, label, value and options."""
        return ()

    def picked(self) -> str:
        """What is picked, by its key."""
        return ""

    def pick(self, key: str) -> None:
        """Somebody picked that row."""

    def choose(self, field: str, value: str) -> None:
        """Somebody chose that from a list. Raises CpassistError for what is not in it."""

    # --- what they have in common ---

    def html(self) -> str:
        """What it shows now, as HTML that stands by itself when it is printed."""
        return template(
            "cell_widget.html.j2"
        ).render(
            cell=cut(self.drawn(), MANY_ROWS),
            svg=Markup(self.drawn().svg),  # noqa: S704  our own templates escape what people typed
            picture=Markup(self.picture()),  # noqa: S704  likewise
            fields=self.fields(),
            picked=self.picked(),
            notice=self.notice,
            name=f"w{(self.model_id or '0')[:8]}",
        )

    def picture(self) -> str:
        """A drawing that can be picked in; most have none."""
        return ""

    def show(self, *_: object) -> None:
        """Draws it anew in every place where it stands."""
        self.send({"html": self.html()})

    def receive(self, content: Any) -> None:
        """One message from the browser, which can send any message it likes."""
        self.notice = ""
        if not isinstance(content, dict):
            return
        said = {
            key: value
            for key, value in content.items()
            if isinstance(value, str) and len(value) <= LONGEST
        }
        try:
            if "pick" in said:
                self._pick(said["pick"])
            elif "field" in said and "value" in said:
                self._choose(said["field"], said["value"])
        except CpassistError as told:
            self.notice = str(told)
        self.show()

    def _pick(self, key: str) -> None:
        if key in self.known():
            self.pick(key)
        else:
            self.notice = NOT_THERE

    def known(self) -> frozenset[str]:
        """The keys that can be picked."""
        return frozenset(key for table in self.drawn().tables for key in table.picks)

    def _choose(self, field: str, value: str) -> None:
        found = next((one for one in self.fields() if one["name"] == field), None)
        if found is None or value not in {key for key, _ in found["options"]}:
            self.notice = NOT_THERE
        else:
            self.choose(field, value)
