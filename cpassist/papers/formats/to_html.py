"""A paper as one web page that stands by itself: no request leaves it, no script is in it."""

from typing import Any

from markupsafe import Markup

from cpassist.drawing.templating import template
from cpassist.papers.written.blocks import Block, Document, Heading, words_of
from cpassist.papers.written.reading_age import reading_age

TOP_LEVEL = 2


def paper_css() -> str:
    """The look of papers, on the screen and when printed."""
    return template("paper.css").render()


def to_html(document: Document) -> str:
    """The whole page."""
    return template("paper.html.j2").render(body_context(document))


def body_context(document: Document, *, deeper: int = 0) -> dict[str, Any]:
    """What the template of a paper's body needs; `deeper` headings where it stands inside another page."""
    return {
        "document": document,
        "top": f"h{1 + deeper}",
        "deeper": deeper,
        "kind": _kind,
        # The drawings are of our own templates, which escape what people typed.
        "drawn": lambda picture: Markup(picture.svg),  # noqa: S704
    }


def reading_ages(document: Document) -> list[tuple[str, int | None]]:
    """Each part of a paper under its heading, with the age at which it can be read."""
    parts: list[tuple[str, list[str]]] = [(document.title, [])]
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == TOP_LEVEL:
            parts.append((block.words, []))
        else:
            parts[-1][1].extend(words_of(Document(title="", blocks=(block,))))
    return [(title, reading_age(texts)) for title, texts in parts]


def _kind(block: Block) -> str:
    return type(block).__name__
