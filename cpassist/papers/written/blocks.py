"""What a paper is made of: its words once, before anybody knows whether they become a web page or a Word file."""

from dataclasses import dataclass, field

from cpassist.errors import InvalidRecord


@dataclass(frozen=True, kw_only=True, repr=False)
class Heading:
    """A heading inside a paper, of level 2 or 3; the paper's title is the only one of level 1."""

    words: str
    level: int = 2


@dataclass(frozen=True, kw_only=True, repr=False)
class Para:
    """A paragraph; `said` is what a person typed, which is shown in another face and looked through."""

    words: str
    said: bool = False
    quiet: bool = False
    strong: bool = False


@dataclass(frozen=True, kw_only=True, repr=False)
class Bullets:
    """A list."""

    items: tuple[str, ...]
    said: bool = False


@dataclass(frozen=True, kw_only=True, repr=False)
class Pairs:
    """A question or a label, and what a person typed about it."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Table:
    """A table with one row of headings; the first cell of each row names the row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.head):
                raise InvalidRecord(
                    f"“{self.caption[:60]}” has {len(self.head)} headings and a row of {len(row)} cells. "
                    "Give each row a cell for each heading."
                )


@dataclass(frozen=True, kw_only=True, repr=False)
class Picture:
    """A drawing as SVG of our own making; a table beside it says the same."""

    svg: str
    alt: str
    width: int
    height: int
    """Pixels."""


@dataclass(frozen=True, kw_only=True, repr=False)
class DrawHere:
    """An empty frame for a child's picture."""

    words: str


@dataclass(frozen=True, kw_only=True, repr=False)
class WriteHere:
    """Empty lines to write on."""

    words: str
    lines: int = 3


@dataclass(frozen=True, kw_only=True, repr=False)
class NewPage:
    """What follows begins on a new page."""


Block = Heading | Para | Bullets | Pairs | Table | Picture | DrawHere | WriteHere | NewPage


@dataclass(frozen=True, kw_only=True, repr=False)
class LeftOut:
    """Something that does not stand in a family's copy, and why; for the worker, never in the paper."""

    what: str
    because: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Document:
    """One paper for one reader."""

    title: str
    blocks: tuple[Block, ...]
    sum: str = ""
    marks: tuple[str, ...] = ()
    """What stands on every page: a draft, an invented family, not checked."""
    foot: tuple[str, ...] = ()
    """From what it was made: version, fingerprint, catalogue, day."""
    large: bool = False
    """Large print, for children."""
    close: bool = False
    """Set close, for professionals who want few pages."""
    left_out: tuple[LeftOut, ...] = field(default=())
    is_copy: bool = False
    """Whether it is for somebody of the family."""
    file_name: str = "plan"
    """Says nothing of the case."""


def words_of(document: Document) -> tuple[str, ...]:
    """Everything that somebody reads in a paper, piece by piece."""
    return tuple(words for words, _ in _pieces(document) if words)


def said_in(document: Document) -> tuple[str, ...]:
    """What people typed, as it stands in a paper."""
    return tuple(words for words, said in _pieces(document) if said and words)


def _pieces(document: Document) -> list[tuple[str, bool]]:
    found = [(document.title, False), (document.sum, False)]
    for block in document.blocks:
        if isinstance(block, Heading | DrawHere | WriteHere):
            found.append((block.words, False))
        elif isinstance(block, Para):
            found.append((block.words, block.said))
        elif isinstance(block, Bullets):
            found += [(item, block.said) for item in block.items]
        elif isinstance(block, Pairs):
            found += [
                piece for label, said in block.rows for piece in ((label, False), (said, True))
            ]
        elif isinstance(block, Table):
            found += [(cell, False) for row in (block.head, *block.rows) for cell in row]
        elif isinstance(block, Picture):
            found.append((block.alt, False))
    return found
