"""A paper as PDF, where WeasyPrint and its libraries are on the machine."""

import logging

from cpassist.errors import CpassistError
from cpassist.papers.formats.to_html import to_html
from cpassist.papers.written.blocks import Document

MISSING = (
    "PDF cannot be made here: WeasyPrint or its libraries are not installed. Save it as .html and print that to PDF, "
    "or ask whoever looks after this machine to install cpassist with [pdf]."
)


def to_pdf(document: Document) -> bytes:
    """The paper as tagged PDF. Raises CpassistError where it cannot be made on this machine."""
    try:
        from weasyprint import HTML  # noqa: PLC0415  large, and not on every machine
    except (ImportError, OSError):
        raise CpassistError(MISSING) from None

    def nothing_from_outside(url: str, *_: object, **__: object) -> dict[str, object]:
        message = f"a paper asks for nothing: {url[:20]}"
        raise ValueError(message)

    # It warns of every rule that it does not know, such as how wide a screen is.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    made: bytes = HTML(string=to_html(document), url_fetcher=nothing_from_outside).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return made
