"""The whole plan on paper, the council's text and template, files, and how hard a page is to read."""

import csv
import io
import itertools
import json
import re
import zipfile
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import docx
import pytest
from conftest import example
from docx.oxml.ns import qn
from example_plans import CATALOGUE, DAY, WORKER, decided, drafted, filled
from hypothesis import given
from hypothesis import strategies as st

from cpassist.__main__ import main
from cpassist.errors import Mistakes
from cpassist.papers.formats.files import paper_bytes, write_paper
from cpassist.papers.formats.package_json import package_fields
from cpassist.papers.formats.plan_data import actions_csv, plan_json
from cpassist.papers.formats.to_docx import FIELDS, to_docx
from cpassist.papers.formats.to_html import to_html
from cpassist.papers.written.blocks import Document, Table, words_of
from cpassist.papers.written.council_text import council_blocks
from cpassist.papers.written.document import build_document
from cpassist.papers.written.readers import Reader
from cpassist.papers.written.reading_age import reading_age, syllables
from cpassist.papers.written.worker_paper import SAID_IN_FULL
from cpassist.planning.checks.package_checks import SETTLE_FIRST
from cpassist.plans.lifecycle import begin_plan
from cpassist.plans.plan import Measure
from cpassist.words.package import BECAUSE_WORDS

EVIL = '<script>alert(1)</script><img src=x onerror=alert(2)> =HYPERLINK("http://x") {{ 7*7 }} {% x %} &amp; \x00\x1b ]]>'


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def tags(html):
    parser = Tags()
    parser.feed(html)
    return parser.seen


def test_values_over_time_stand_in_the_plan_row_by_row():
    values = tuple(
        Measure(person="theo", what="Days at nursery", on=day, value=value, more_is_better=True)
        for day, value in (("2026-11-20", 2), ("2026-12-04", 4))
    )
    plan = replace(drafted(), measures=values)
    document = build_document(plan, CATALOGUE)

    (table,) = [b for b in document.blocks if isinstance(b, Table) and b.caption == "Values over time"]  # fmt: skip
    label = plan.family.label_of("theo")
    assert [row[:3] for row in table.rows] == [
        (f"{label}: Days at nursery", "20 November 2026", "2"),
        (f"{label}: Days at nursery", "4 December 2026", "4"),
    ]
    for ending in (".html", ".docx"):
        assert paper_bytes(document, plan, ending, made_on=DAY)


def test_the_whole_plan_leaves_nothing_out():
    plan = drafted()
    said = " ".join(words_of(build_document(plan, CATALOGUE)))
    for need in plan.family.needs:
        assert need.says in said
    for action in plan.actions:
        assert action.contingency in said
    for row in plan.package.set_aside:
        assert CATALOGUE.title(row.intervention) in said
        assert BECAUSE_WORDS[row.because] in said or row.because in SAID_IN_FULL
        if row.because in SAID_IN_FULL:
            assert row.says in said
    for gap in plan.package.gaps:
        assert gap.says in said
        assert plan.done_about(gap.person, gap.need) in said
    for person in plan.family.people:
        assert person.label in said
    for finding in plan.package.findings:
        by_a_gap = any(gap.says in finding.says for gap in plan.package.gaps)
        if finding.level != "warns" and not by_a_gap:
            assert all(part in said for part in finding.says.split(SETTLE_FIRST))
    used = {row for o in plan.package.offers for a in o.answers for row in a.evidence}
    for help_ in CATALOGUE.interventions.values():
        for row in help_.evidence:
            if row.id in used:
                assert CATALOGUE.sources[row.source].title in said


def plan_of(name: str):
    family, package = decided(name)
    plan = begin_plan("k", family, package, WORKER)
    return replace(plan, **filled(plan))


@pytest.mark.parametrize("name", ["larkfield", "brindle", "rowan"])
def test_the_paper_for_professionals_stays_under_eight_pages(name):
    weasyprint = pytest.importorskip("weasyprint")
    document = build_document(plan_of(name), CATALOGUE, made_on=DAY)
    assert len(weasyprint.HTML(string=to_html(document)).render().pages) < 8


@pytest.mark.parametrize("name", ["larkfield", "brindle", "garland", "rowan"])
def test_no_sentence_stands_twice_in_the_paper_for_professionals(name):
    plan = plan_of(name)
    theirs = {
        value
        for record in (*plan.actions, *plan.aims, *plan.meanwhile)
        for value in vars(record).values()
        if isinstance(value, str)
    }
    lines = [
        line
        for block in build_document(plan, CATALOGUE).blocks
        for words in words_of(Document(title="", blocks=(block,)))
        for line in words.split("\n")
        if len(line.split()) > 7
        and line[-1] in ".?"
        and not any(said and said in line for said in theirs)
    ]
    assert [line for line, times in Counter(lines).items() if times > 1] == []


def test_more_children_than_fit_abreast_get_a_table_more():
    plan = plan_of("larkfield")
    mia = plan.family.children[0]
    more = tuple(replace(mia, key=f"c{n}", label=f"Child {n}") for n in range(5))
    plan = replace(plan, family=plan.family.with_changes(people=(*plan.family.people, *more)))
    tables = [b for b in build_document(plan, CATALOGUE).blocks if isinstance(b, Table)]
    aims = [t for t in tables if t.caption.startswith("What must change for")]
    assert [len(t.head) for t in aims] == [5, 4]
    assert {label for t in aims for label in t.head[1:]} == {c.label for c in plan.family.children}


def test_a_web_page_stands_by_itself_and_its_headings_go_down_in_steps():
    html = to_html(build_document(drafted(), CATALOGUE, made_on=DAY))
    found = tags(html)
    assert {tag for tag, _ in found} & {"script", "link", "iframe", "img", "object"} == set()
    assert not re.search(r"https?://(?!www\.w3\.org)", html)
    assert found[0] == ("html", {"lang": "en-GB"})
    levels = [int(tag[1]) for tag, _ in found if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert sum(tag == "table" for tag, _ in found) == sum(tag == "caption" for tag, _ in found)
    assert all(attrs.get("aria-label") for tag, attrs in found if tag == "svg")


def test_a_word_file_has_real_headings_tables_that_repeat_words_beside_pictures_and_a_language():
    made = docx.Document(io.BytesIO(to_docx(build_document(drafted(), CATALOGUE), made_on=DAY)))
    styles = [p.style.name for p in made.paragraphs if p.style.name.startswith("Heading")]
    assert styles[0] == "Heading 1"
    assert styles.count("Heading 1") == 1
    assert "Heading 2" in styles
    with_heads = [t for t in made.tables if t._tbl.findall(f".//{qn('w:tblHeader')}")]
    assert len(with_heads) > 5
    beside = [e.get("descr") for e in made.element.body.iter(qn("wp:docPr"))]
    assert len(beside) == 1
    assert all("say" in words for words in beside)
    assert "en-GB" in {e.get(qn("w:val")) for e in made.styles.element.iter(qn("w:lang"))}
    svgs = [
        n
        for n in zipfile.ZipFile(
            io.BytesIO(to_docx(build_document(drafted(), CATALOGUE)))
        ).namelist()
        if n.endswith(".svg")
    ]
    assert len(svgs) == 1


def evil_plan():
    plan = drafted()
    people = tuple(replace(p, label=f'={p.key} & "co"') for p in plan.family.people)
    clean = "".join(c for c in EVIL if c >= " ")
    family = plan.family.with_changes(
        label="Fam & {{ 7*7 }} =1+1",
        people=people,
        needs=tuple(replace(n, says=clean) for n in plan.family.needs),
        wishes=tuple(replace(w, says=clean) for w in plan.family.wishes),
        strengths=tuple(replace(s, says=clean) for s in plan.family.strengths),
    )
    actions = tuple(replace(a, owner=clean, change=clean, noticed=clean, contingency=clean) for a in plan.actions)  # fmt: skip
    return replace(plan, family=family, actions=actions, shared_with=(clean,))


@pytest.mark.parametrize("reader", [Reader.WORKER, Reader.COUNCIL])
def test_what_people_typed_stays_words_in_every_format(reader):
    document = build_document(evil_plan(), CATALOGUE, reader)
    found = tags(to_html(document))
    assert not {tag for tag, _ in found} & {"script", "img", "b", "i"}
    assert not any(name.startswith("on") for _, attrs in found for name in attrs)
    made = docx.Document(io.BytesIO(to_docx(document)))
    text = "\n".join(p.text for p in made.paragraphs) + "\n".join(
        c.text for t in made.tables for r in t.rows for c in r.cells
    )
    assert "<script>alert(1)</script>" in text
    assert "{{ 7*7 }}" in text
    assert paper_bytes(document, evil_plan(), ".pdf").startswith(b"%PDF")


def test_a_control_character_in_a_reason_costs_no_word_file():
    document = build_document(drafted(), CATALOGUE)
    with_controls = replace(document, title=EVIL, sum="a\x0bb\ufffec\ud800")
    assert docx.Document(io.BytesIO(to_docx(with_controls)))


# --- a council's own template ---


def a_template(path, *paragraphs, styles=True):
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "Anytown Council"
    for words in paragraphs:
        made.add_paragraph(words)
    if not styles:
        made.styles["Heading 2"].element.getparent().remove(made.styles["Heading 2"].element)
    made.save(path)
    return path


def filled_in(path, plan=None):
    plan = plan or drafted()
    document = build_document(plan, CATALOGUE, made_on=DAY)
    return docx.Document(io.BytesIO(paper_bytes(document, plan, ".docx", template=path, made_on=DAY)))  # fmt: skip


def test_a_councils_template_keeps_its_own_and_gets_the_text_where_it_says(tmp_path):
    path = a_template(tmp_path / "t.docx", "Form 12 for {{ family }}, {{ state }}", "{{ plan }}", "Signed:")  # fmt: skip
    made = filled_in(path, evil_plan())
    words = [p.text for p in made.paragraphs]
    assert words[0] == "Form 12 for Fam & {{ 7*7 }} =1+1, a draft"
    assert words[1] == "Support plan"
    assert words[-1] == "Signed:"
    header = "\n".join(p.text for p in made.sections[0].header.paragraphs)
    assert "Anytown Council" in header
    assert "DRAFT" in header
    assert made.tables


@pytest.mark.parametrize(
    ("paragraphs", "says"),
    [
        (("{{ plan }}", "{{ surname }}", "{{ nhs }}"), "surname .* is not known"),
        (("No field at all",), "field {{ plan }} is missing"),
        (("Here: {{ plan }}",), "has to stand alone"),
        (("{{ plan", "x"), "does not read|missing"),
        (("{{ plan }}", "{% for x in y %}"), "holds a command"),
        (("{{ plan }}", "{% include 'x' %}"), "holds a command"),
        (("{{ plan }}", "{{ 'a' * 200000000 }}"), "more than words"),
        (("{{ plan }}", "{{ plan }}"), "more than once"),
        (("{{ plan }}", "{{ family.__class__.__mro__ }}"), "more than words"),
    ],
)
def test_a_template_that_cannot_be_used_is_a_sentence(paragraphs, says, tmp_path):
    with pytest.raises(Mistakes, match=says):
        filled_in(a_template(tmp_path / "t.docx", *paragraphs))


def test_every_unknown_field_is_named_at_once(tmp_path):
    with pytest.raises(Mistakes) as told:
        filled_in(a_template(tmp_path / "t.docx", "{{ plan }}", "{{ a }} {{ b }}"))
    assert len(told.value.mistakes) == 2
    assert all(", ".join(FIELDS) in says for says in told.value.mistakes)


def test_what_is_no_word_file_is_a_sentence(tmp_path):
    for name, content in (("a.docx", b"no"), ("b.docx", b""), ("c.docx", b"PK\x03\x04broken")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Mistakes, match="no Word file"):
            filled_in(tmp_path / name)
    for text, says in (("<x/>", "is missing"), ("<x>{{ plan }}</x>", "no Word file")):
        with zipfile.ZipFile(tmp_path / "d.docx", "w") as packed:
            packed.writestr("word/document.xml", text)
        with pytest.raises(Mistakes, match=says):
            filled_in(tmp_path / "d.docx")
    with pytest.raises(Mistakes, match="no style called Heading 2"):
        filled_in(a_template(tmp_path / "e.docx", "{{ plan }}", styles=False))
    with zipfile.ZipFile(tmp_path / "f.docx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 210_000_000)
    with pytest.raises(Mistakes, match="over 200 MB"):
        filled_in(tmp_path / "f.docx")


def test_a_form_is_for_no_familys_copy_and_a_note_is_called_a_note(tmp_path):
    plan = drafted()
    copy = build_document(plan, CATALOGUE, Reader.PARENT, "dana")
    with pytest.raises(Mistakes, match="made without a form"):
        paper_bytes(copy, plan, ".docx", template=a_template(tmp_path / "t.docx", "{{ plan }}"))
    assert docx.Document(io.BytesIO(to_docx(copy))).core_properties.title == "A note"


def test_marks_stand_on_the_first_page_of_every_section_of_a_form(tmp_path):
    made = docx.Document()
    made.add_paragraph("{{ plan }}")
    made.add_section().different_first_page_header_footer = True
    made.save(tmp_path / "t.docx")
    for section in filled_in(tmp_path / "t.docx").sections:
        header = section.first_page_header if section.different_first_page_header_footer else section.header  # fmt: skip
        assert any("DRAFT" in p.text for p in header.paragraphs)


# --- the council's text ---


def test_the_councils_text_has_its_blocks_for_each_child_and_pastes_as_plain_words():
    plan = drafted()
    blocks = council_blocks(plan, CATALOGUE)
    for child in plan.family.children:
        mine = [b.key for b in blocks if b.key.startswith(f"{child.key}-")]
        assert mine == [f"{child.key}-{part}" for part in ("worries", "helps", "outcomes", "actions", "gaps")]  # fmt: skip
    assert len({b.key for b in blocks}) == len(blocks)
    for offer in plan.package.offers:
        assert any(CATALOGUE.title(offer.intervention) in b.text for b in blocks)
    # An adult's own stands apart from what another parent's form holds.
    of_children = " ".join(b.text for b in blocks if b.key.split("-")[0] in {"mia", "theo"})
    assert "Drinks at weekends" not in of_children
    assert "Advocacy" not in of_children
    own = next(b for b in blocks if b.key == "dana-own")
    assert own.text.startswith("Not for a form that Luke will see.")


# --- how hard it is to read ---


def test_short_words_and_sentences_are_easier():
    easy = ["You will meet somebody. They will help you. You can say no. It is for you to say what you want."]  # fmt: skip
    hard = [
        "Multidisciplinary intervention necessitates comprehensive consideration of developmental opportunities, notwithstanding organisational availability and interdisciplinary communication difficulties regarding educational and psychological rehabilitation."
    ]
    assert reading_age(easy) < 9 < 16 < reading_age(hard)
    assert reading_age(["Too few."]) is None
    assert [syllables(word) for word in ("a", "help", "mother")] == [1, 1, 2]


@given(st.lists(st.text(max_size=80), max_size=8))
def test_any_words_have_an_age_or_none(texts):
    age = reading_age(texts)
    assert age is None or age >= 5


# --- as data ---


def test_a_plan_as_data_holds_all_of_it_and_its_package_in_the_fixed_format():
    plan = drafted()
    said = json.loads(plan_json(plan))
    assert said["format"] == "cpassist-plan/1"
    assert said["package"] == package_fields(plan.package)
    assert said["package"]["format"] == "cpassist-package/1"
    assert said["family"]["label"] == plan.family.label
    assert [a["owner"] for a in said["actions"]] == [a.owner for a in plan.actions]
    assert plan_json(plan) == plan_json(drafted())


def test_actions_as_a_table_are_words_for_a_spreadsheet():
    rows = list(csv.reader(io.StringIO(actions_csv(evil_plan(), CATALOGUE).lstrip("\ufeff"))))
    assert len(rows) == 1 + len(drafted().package.offers) + len(drafted().package.gaps)
    assert len({len(row) for row in rows}) == 1
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


# --- files and the command ---


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    document = build_document(drafted(), CATALOGUE)
    write_paper(document, drafted(), tmp_path / "plan.html")
    assert (tmp_path / "plan.html").read_text(encoding="utf-8").endswith("</html>")
    for path in (tmp_path / "none" / "plan.html", tmp_path / "plan.odt", tmp_path):
        with pytest.raises(Mistakes):
            write_paper(document, drafted(), path)
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(Mistakes, match="cannot be written"):
        write_paper(document, drafted(), tmp_path / "folder.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.html", "plan.html"]


def test_the_command_writes_papers_and_says_what_was_left_out(tmp_path, capsys):
    family = str(example("larkfield"))
    for ending in ("html", "docx", "txt", "json", "csv"):
        assert main(["document", family, "--to", str(tmp_path / f"whole.{ending}")]) == 0
    copy = tmp_path / "copy.html"
    assert main(["document", family, "--to", str(copy), "--reader", "parent", "--person", "luke"]) == 0  # fmt: skip
    said = capsys.readouterr().out
    assert "Nobody has checked it" in said
    assert "Left out: Luke: causing domestic abuse" in said
    assert "Not checked: do not give to anyone" in copy.read_text(encoding="utf-8")
    for wrong in (
        ["document", "--to", "x.html"],
        ["document", family, "--plan", "k", "--to", "x.html"],
        ["document", family, "--to", "x.exe"],
        ["document", family, "--to", "x.json", "--reader", "parent", "--person", "dana"],
    ):
        assert main(wrong) == 1
    assert "Traceback" not in capsys.readouterr().err
