"""A paper as one web page that stands by itself: no request leaves it, no script is in it."""

from functools import cache
from pathlib import Path

from markupsafe import Markup

from cpassist.papers.blocks import Block, Document, Heading, words_of
from cpassist.papers.templating import template
from cpassist.papers.words import reading_age


@cache
def paper_css() -> str:
    """The look of papers, on the screen and when printed."""
    return (Path(__file__).resolve().parent / "paper.css").read_text(encoding="utf-8")


def to_html(document: Document) -> str:
    """The whole page."""
    return template("paper.html.j2").render(document=document, css=Markup(paper_css()), **_tools())  # noqa: S704  our own stylesheet


def body_html(document: Document) -> Markup:
    """What stands between the page's edges, for a preview inside another page; escaped by its template."""
    return Markup(template("paper_body.html.j2").render(document=document, **_tools()))  # noqa: S704


def reading_ages(document: Document) -> list[tuple[str, int | None]]:
    """Each part of a paper under its heading, with the age at which it can be read."""
    parts: list[tuple[str, list[str]]] = [(document.title, [])]
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == TOP_LEVEL:
            parts.append((block.words, []))
        else:
            parts[-1][1].extend(words_of(Document(title="", blocks=(block,))))
    return [(title, reading_age(texts)) for title, texts in parts]


TOP_LEVEL = 2


def _kind(block: Block) -> str:
    return type(block).__name__


def _tools() -> dict[str, object]:
    # The drawings are of our own templates, which escape what people typed.
    return {"kind": _kind, "drawn": lambda picture: Markup(picture.svg)}  # noqa: S704
