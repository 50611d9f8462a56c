"""A paper as a Word file: real styles, headings of tables that repeat, a language, text beside pictures."""

import datetime
import html
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from cpassist.errors import Mistakes
from cpassist.papers.written.blocks import (
    Bullets,
    Document,
    DrawHere,
    Heading,
    NewPage,
    Pairs,
    Para,
    Picture,
    Table,
    WriteHere,
)

FIELDS = ("family", "state", "version", "day", "catalogue", "fingerprint", "plan")
"""What a council's template may hold, each in double braces; `plan` is where the text goes."""
WANTED_STYLES = ("Normal", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "Table Grid")
MOST_BYTES, MOST_UNPACKED = 20_000_000, 200_000_000
# What no file of XML may hold; a person may have typed it all the same.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
PLACE = "\u2060plan\u2060"
TEXT_WIDTH = Mm(174)
SIZED = ("Normal", "Heading 1", "Heading 2", "Heading 3")
# Points, in that order.
SIZES, LARGE_SIZES, CLOSE_SIZES = (11, 20, 15, 12), (16, 24, 20, 18), (10, 18, 13, 11)
EMU_PER_PIXEL = 9525
# One white point, for programs that show no SVG: the table beside the picture says the same.
WHITE_POINT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f00010101005a4d6ff10000000049454e44ae426082"
)


def to_docx(
    document: Document,
    *,
    template: Path | None = None,
    fields: dict[str, str] | None = None,
    made_on: datetime.date | None = None,
) -> bytes:
    """The paper as a Word file, in a council's own template where one is given.

    `fields` are what the template's fields say, of FIELDS. Raises Mistakes where the template cannot be used.
    """
    made = _from_template(template, fields or {}) if template else _plain(document)
    body = made.element.body
    before = list(body)
    _Writer(made).write(document)
    if template:
        _move_to_place(made, [element for element in body if element not in before])
    _mark_pages(made, document)
    _say_language(made)
    about = made.core_properties
    # Nothing here may say whose plan it is.
    about.title = "A note" if document.file_name == "note" else "Support plan"
    about.author = about.last_modified_by = "cpassist"
    about.subject = about.comments = about.keywords = about.category = ""
    about.language = "en-GB"
    day = made_on or datetime.date(2000, 1, 1)
    about.created = about.modified = datetime.datetime(day.year, day.month, day.day)  # noqa: DTZ001  a day, no moment
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _plain(document: Document) -> Any:
    """An empty file with our look, on A4."""
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    sizes = LARGE_SIZES if document.large else CLOSE_SIZES if document.close else SIZES
    for name, size in zip(SIZED, sizes, strict=True):
        style = made.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.color.rgb = RGBColor(0x1B, 0x20, 0x24)
        if document.close:
            style.paragraph_format.space_after = Pt(3)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
    return made


def _from_template(path: Path, fields: dict[str, str]) -> Any:
    """The council's file with its fields filled in."""
    import docxtpl  # noqa: PLC0415  only whoever has a template waits for it
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    _must_hold_fields_only(path)
    values = {name: NOT_XML.sub("", fields.get(name, "")) for name in FIELDS} | {"plan": PLACE}
    try:
        filled = docxtpl.DocxTemplate(str(path))
        filled.render(values, jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
        out = io.BytesIO()
        filled.save(out)
        made = docx.Document(io.BytesIO(out.getvalue()))
    except Exception:  # noqa: BLE001  whatever a broken file makes the library raise is one mistake to its owner
        raise Mistakes((f"{path.name}: it is no Word file that can be filled. Save it anew as .docx.",)) from None  # fmt: skip
    known = {style.name for style in made.styles}
    missing = [name for name in WANTED_STYLES if name not in known]
    if missing:
        raise Mistakes((f"{path.name}: it has no style called {', '.join(missing)}. Use each once in Word, and save.",))  # fmt: skip
    if _place(made) is None:
        raise Mistakes(
            (
                f"{path.name}: {{{{ plan }}}} has to stand alone in a paragraph of the text, in no table and no heading of a page.",
            )
        )
    return made


def _must_hold_fields_only(path: Path) -> None:
    """A template may name fields and nothing else: no command, no loop, no sum that runs for ever. Raises Mistakes."""
    found: list[str] = []
    for text in _texts_of(path):
        if "{%" in text or "{#" in text:
            raise Mistakes(
                (
                    f"{path.name}: it holds a command ({{% ... %}}). Only fields such as {{{{ family }}}} are filled in.",
                )
            )
        found += [field.strip() for field in BRACES.findall(text)]
    odd = sorted({field for field in found if not PLAIN_FIELD.fullmatch(field)})
    if odd:
        raise Mistakes(
            tuple(
                f"{path.name}: {{{{ {field[:40]} }}}} asks for more than words. Write the name of a field alone."
                for field in odd
            )
        )
    unknown = sorted(set(found) - set(FIELDS))
    if unknown:
        raise Mistakes(
            tuple(
                f"{path.name}: the field {{{{ {name[:40]} }}}} is not known. Known are: {', '.join(FIELDS)}."
                for name in unknown
            )
        )
    if found.count("plan") != 1:
        times = "is missing" if "plan" not in found else "stands more than once"
        raise Mistakes(
            (
                f"{path.name}: the field {{{{ plan }}}} {times}. Put it once, alone in a paragraph, where the text is to stand.",
            )
        )


def _texts_of(path: Path) -> Iterator[str]:
    """The words of each part of a Word file in which a field could stand, whatever runs they are cut into."""
    _must_be_bearable(path)
    try:
        with zipfile.ZipFile(path) as packed:
            packed.getinfo("word/document.xml")
            for name in packed.namelist():
                if name.startswith("word/") and name.endswith(".xml"):
                    yield html.unescape(re.sub(r"<[^>]+>", "", packed.read(name).decode("utf-8", "replace")))  # fmt: skip
    except (OSError, KeyError, zipfile.BadZipFile):
        raise Mistakes((f"{path.name}: it is no Word file that can be read. Save it anew as .docx.",)) from None  # fmt: skip


BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
PLAIN_FIELD = re.compile(r"[A-Za-z_]+")


def _must_be_bearable(path: Path) -> None:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Mistakes((f"{path.name}: a template over 20 MB is not taken.",))
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Mistakes((f"{path.name}: it unpacks to over 200 MB, which no template does.",))  # fmt: skip
    except (OSError, zipfile.BadZipFile):
        raise Mistakes((f"{path.name}: it is no Word file that can be read. Save it anew as .docx.",)) from None  # fmt: skip


def _place(made: Any) -> Any:
    return next((p for p in made.paragraphs if p.text.strip() == PLACE), None)


def _move_to_place(made: Any, elements: list[Any]) -> None:
    place = _place(made)._p  # noqa: SLF001  the library has no public way to insert before
    for element in elements:
        place.addprevious(element)
    place.getparent().remove(place)


class _Writer:
    """Writes the blocks of a paper, one after the other."""

    def __init__(self, made: Any) -> None:
        self.made = made
        self.pictures = 0

    def write(self, document: Document) -> None:
        self._paragraph(document.title, "Heading 1")
        if document.sum:
            self._paragraph(document.sum)
        if document.marks:
            run = self._paragraph(" · ".join(document.marks)).runs[0]
            run.bold = True
        for block in document.blocks:
            if isinstance(block, Heading):
                self._paragraph(block.words, f"Heading {block.level}")
            elif isinstance(block, Para):
                paragraph = self._paragraph(block.words)
                if block.strong and paragraph.runs:
                    paragraph.runs[0].bold = True
                    paragraph.paragraph_format.keep_with_next = True
            elif isinstance(block, Bullets):
                for item in block.items:
                    self._paragraph(item, "List Bullet")
            elif isinstance(block, Pairs):
                self._table((), block.rows, widths=(Mm(50), Mm(124)))
            elif isinstance(block, Table):
                self._paragraph(block.caption).runs[0].bold = True
                self.made.paragraphs[-1].paragraph_format.keep_with_next = True
                self._table(block.head, block.rows, widths=_widths((block.head, *block.rows)))
            elif isinstance(block, Picture):
                self._picture(block)
            elif isinstance(block, DrawHere):
                self._frame(block.words)
            elif isinstance(block, WriteHere):
                self._paragraph(block.words).paragraph_format.keep_with_next = True
                for number in range(block.lines):
                    self._line(stay=number + 1 < block.lines)
            elif isinstance(block, NewPage):
                self.made.add_page_break()

    def _paragraph(self, words: str, style: str = "Normal") -> Any:
        paragraph = self.made.add_paragraph(style=style)
        _write(paragraph, words)
        return paragraph

    def _table(
        self, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], widths: tuple[Any, ...] = ()
    ) -> None:
        columns = len(head) or len(rows[0])
        table = self.made.add_table(rows=0, cols=columns, style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        if widths:
            table.autofit = False
            for column, width in zip(table.columns, widths, strict=True):
                column.width = width
        look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001  where Word learns which cells are headings
        if look is not None:
            look.set(qn("w:firstRow"), "1" if head else "0")
            look.set(qn("w:firstColumn"), "1")
        for number, cells in enumerate((*((head,) if head else ()), *rows)):
            row = table.add_row()
            _stay_together(row)
            is_head = bool(head) and number == 0
            if is_head:
                row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  likewise
            for at, (cell, words) in enumerate(zip(row.cells, cells, strict=True)):
                _write(cell.paragraphs[0], words)
                if widths:
                    cell.width = widths[at]
                if (is_head or at == 0) and cell.paragraphs[0].runs:
                    cell.paragraphs[0].runs[0].bold = True
        self.made.add_paragraph(style="Normal")

    def _frame(self, words: str) -> None:
        """An empty frame to draw in: a table of one cell, named by what stands in it."""
        table = self.made.add_table(rows=1, cols=1, style="Table Grid")
        row = table.rows[0]
        row.height = Mm(75)
        _stay_together(row)
        _write(row.cells[0].paragraphs[0], words)
        self.made.add_paragraph(style="Normal")

    def _line(self, *, stay: bool) -> None:
        paragraph = self.made.add_paragraph(style="Normal")
        paragraph.paragraph_format.keep_with_next = stay
        edge = parse_xml(
            '<w:pBdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            '<w:bottom w:val="single" w:sz="6" w:space="14" w:color="787264"/>'
            # Between lines that are alike: without it only the last one would be drawn.
            '<w:between w:val="single" w:sz="6" w:space="14" w:color="787264"/></w:pBdr>'
        )
        paragraph._p.get_or_add_pPr().append(edge)  # noqa: SLF001  the library has no borders

    def _picture(self, picture: Picture) -> None:
        """The drawing as SVG, which Word has shown since 2016; older programs show a white point."""
        self.pictures += 1
        width = min(TEXT_WIDTH, picture.width * EMU_PER_PIXEL)
        height = int(width * picture.height / picture.width)
        run = self.made.add_paragraph(style="Normal").add_run()
        shape = run.add_picture(io.BytesIO(WHITE_POINT), width=width, height=height)
        about = shape._inline.docPr  # noqa: SLF001  where the text beside a picture stands
        about.set("descr", picture.alt)
        about.set("name", f"Picture {self.pictures}")
        part = Part(
            PackURI(f"/word/media/drawing{self.pictures}.svg"),
            "image/svg+xml",
            NOT_XML.sub("", picture.svg).encode(),
            self.made.part.package,
        )
        link = self.made.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        blip = shape._inline.graphic.graphicData.pic.blipFill.blip  # noqa: SLF001  likewise
        blip.append(
            parse_xml(
                '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}">'
                '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
                'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
                f'r:embed="{link}"/></a:ext></a:extLst>'
            )
        )


def _widths(rows: tuple[tuple[str, ...], ...]) -> tuple[Any, ...]:
    """Widths of columns by what stands in them: a column of sentences gets more than one of numbers."""
    longest = [min(MOST_LETTERS, max(len(row[at]) for row in rows)) for at in range(len(rows[0]))]
    shares = [max(FEWEST_LETTERS, letters) for letters in longest]
    return tuple(int(TEXT_WIDTH * share / sum(shares)) for share in shares)


FEWEST_LETTERS, MOST_LETTERS = 10, 48


def _write(paragraph: Any, words: str) -> None:
    """Words as they were typed, line by line; what no XML may hold is left out."""
    for number, line in enumerate(NOT_XML.sub("", words).split("\n")):
        run = paragraph.add_run(line)
        if number:
            run._r.insert(0, OxmlElement("w:br"))  # noqa: SLF001  a break before the line, in one run with it


def _stay_together(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001  the library cannot say it


def _mark_pages(made: Any, document: Document) -> None:
    """The marks at the top of every page, and at its foot from what it was made, with the page's number."""
    for number, section in enumerate(made.sections):
        for header in _headers(section, first=number == 0):
            # A header that goes on from the section before carries the marks already.
            if document.marks and not (number and header.is_linked_to_previous):
                paragraph = header.add_paragraph(style="Normal")
                _write(paragraph, " · ".join(document.marks))
                paragraph.runs[0].bold = True
        if number and section.footer.is_linked_to_previous:
            continue
        footer = section.footer.add_paragraph(style="Normal")
        _write(footer, ". ".join((*document.foot, "Page ")))
        for kind in ("begin", "PAGE", "end"):
            footer.add_run()._r.append(_page_number(kind))  # noqa: SLF001  fields are beyond the library


def _headers(section: Any, *, first: bool) -> Iterator[Any]:
    """Every kind of header that a page can have: the first section's are what later ones go on from."""
    yield section.header
    if first or section.different_first_page_header_footer:
        yield section.first_page_header
    yield section.even_page_header


def _page_number(kind: str) -> Any:
    if kind == "PAGE":
        words = OxmlElement("w:instrText")
        words.text = kind
        return words
    field = OxmlElement("w:fldChar")
    field.set(qn("w:fldCharType"), kind)
    return field


def _say_language(made: Any) -> None:
    """British English, so that a screen reader speaks it so."""
    defaults = made.styles.element.find(qn("w:docDefaults"))
    for run in made.styles.element.iter(qn("w:rPr")):
        for language in run.findall(qn("w:lang")):
            language.set(qn("w:val"), "en-GB")
    if defaults is not None and not list(defaults.iter(qn("w:lang"))):
        run = next(iter(defaults.iter(qn("w:rPr"))), None)
        if run is not None:
            language = OxmlElement("w:lang")
            language.set(qn("w:val"), "en-GB")
            run.append(language)
