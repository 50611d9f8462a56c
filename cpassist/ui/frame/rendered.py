"""A page that Python renders and the browser shows: what every page of ours is made of."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import anywidget

from cpassist.papers.formats.to_html import paper_css
from cpassist.ui.frame.acts import acts_of
from cpassist.ui.frame.verbs import not_drawn

STATIC = Path(__file__).parent / "static"
LARGEST_FIELD = 6_400_000
MOST_FORMS = 500
Forms = tuple[tuple[str, dict[str, Any]], ...]


class RenderedPage(anywidget.AnyWidget):
    """One widget: Python renders, the browser shows and reports.

    The browser can send any message it likes: each is checked here against a fixed list of acts and in
    the verbs, and the rules stand in the core.
    """

    _esm = STATIC / "page.js"
    _css = "\n".join(
        (
            *(
                (STATIC / name).read_text(encoding="utf-8")
                for name in ("page.css", "plan.css", "workshop.css")
            ),
            paper_css(),
        )
    )

    def __init__(
        self, *, state: Any, draw: Callable[[Any], str], parts: Iterable[Any] = ()
    ) -> None:
        """`parts` have acts of their own, beside those of the state and of the page."""
        self.state, self._draw = state, draw
        self.acts = acts_of(self, state, *parts)
        """What the browser may ask for. Nothing else is done."""
        self.came_along: Forms = ()
        """What was filled in on the page and is to be kept before the act."""
        super().__init__()
        # It goes to the browser as a message and is in no trait: what a notebook saves of its widgets holds no case.
        self.html = draw(state)
        """The page as autoescaped HTML."""
        self._there: str | None = None
        self.on_msg(self._on_message)

    def _on_message(self, _widget: Any, content: Any, _buffers: Any) -> None:
        self.receive(content)

    def receive(self, content: Any) -> None:
        """One message from the browser: an act with its fields, a heartbeat, or nonsense."""
        if not isinstance(content, dict):
            return
        if "beat" in content:
            self.send({"beat": content["beat"]})
            if self.has_news():
                self.show()
            return
        act, fields, forms = str(content.get("act")), content.get("fields"), content.get("forms")
        if act == "hello":
            # Somebody has just opened it, and has nothing yet.
            self._there = None
        try:
            if act in self.acts and isinstance(fields, dict) and _is_plain(fields):
                self.came_along = tuple(self._readable(forms))
                self.answer(act, fields)
        finally:
            self._put(self.html)
            if isinstance(content.get("message"), int):
                # What it was sent with is drawn now: what still stands in a form was not taken.
                self.send({"answered": content["message"]})

    def _readable(self, forms: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        """Of the forms that came along those whose act is known and whose fields are plain."""
        for form in forms[:MOST_FORMS] if isinstance(forms, list) else ():
            if isinstance(form, dict):
                act, fields = str(form.get("act")), form.get("fields")
                if act in self.acts and isinstance(fields, dict) and _is_plain(fields):
                    yield act, fields

    def has_news(self) -> bool:
        """Whether what others did has to be shown, though nobody here has done anything."""
        return False

    def answer(self, act: str, fields: dict[str, Any]) -> None:
        """Does what was asked and shows it; a page says more about the focus."""
        self.act(act, fields)
        self.show()

    def act(self, act: str, fields: dict[str, Any]) -> bool:
        """Whether it was done."""
        return self.acts[act](fields)

    def show(self) -> None:
        """Draws the page; a page that cannot be drawn becomes a notice on one that can."""
        try:
            self._put(self._draw(self.state))
        except Exception as trouble:  # noqa: BLE001  the page's net: a visitor never sees a trace
            self.state.notice = not_drawn(trouble)
            self.state.fall_back()
            self._put(self._draw(self.state))

    def _put(self, html: str) -> None:
        """Sends the page, unless just that is there already."""
        self.html = html
        if html != self._there:
            self._there = html
            self.send({"html": html})


def _is_plain(fields: dict[Any, Any]) -> bool:
    """Text and lists of text of a bearable size: all that a form can hold."""
    size = 0
    for key, value in fields.items():
        parts = value if isinstance(value, list) else [value]
        if not isinstance(key, str) or not all(isinstance(part, str) for part in parts):
            return False
        size += sum(len(part) for part in parts)
    return size <= LARGEST_FIELD


def whole_letters(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with a mark in place of half a letter (a lone surrogate), which can be sent and never be sent back."""

    def whole(said: str) -> str:
        return said.encode("utf-8", "replace").decode()

    return {
        whole(key): [whole(one) for one in value] if isinstance(value, list) else whole(value)
        for key, value in fields.items()
    }
