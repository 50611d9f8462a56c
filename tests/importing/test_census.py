"""What comes in from a CIN census return: candidates and questions, never levels, families or guesses."""

import contextlib
import csv
import io
import os

import psutil
import pytest
from example_plans import CATALOGUE
from hypothesis import given
from hypothesis import strategies as st

from cpassist.__main__ import main
from cpassist.errors import Mistakes
from cpassist.family.records import FamilyMeeting
from cpassist.family.vocabulary import Basis, Legal
from cpassist.importing.census import FIRST_YEAR, LAST_YEAR, Candidate, Oddity
from cpassist.importing.census_files import read_census, read_tables
from cpassist.importing.census_folder import write_candidates
from cpassist.importing.family_file import parse_family, read_family, write_family
from cpassist.importing.tables import read_rows
from cpassist.planning.proposal import propose

SOAK = os.environ.get("CPASSIST_SOAK")


LAUGHS = "".join(f'<!ENTITY a{i} "{("&a" + str(i - 1) + ";") * 10}">' for i in range(1, 12))
BOMB = f'<!DOCTYPE m [<!ENTITY a0 "ha">{LAUGHS}]><Message>&a11;</Message>'


def a_child(reference="LA1", *factors, born="2018-06-03", more="", assessed="2024-02-01", identity=""):  # fmt: skip
    found = "".join(f"<AssessmentFactors>{code}</AssessmentFactors>" for code in factors)
    return (
        f"<Child><ChildIdentifiers><LAchildID>{reference}</LAchildID><UPN>A123456789012</UPN>"
        f"<PersonBirthDate>{born}</PersonBirthDate>{identity}</ChildIdentifiers>"
        f"<CINdetails><CINreferralDate>2023-12-01</CINreferralDate><Assessments>"
        f"<AssessmentActualStartDate>2023-12-10</AssessmentActualStartDate>"
        f"<AssessmentAuthorisationDate>{assessed}</AssessmentAuthorisationDate>"
        f"<FactorsIdentifiedAtAssessment>{found}</FactorsIdentifiedAtAssessment></Assessments>{more}</CINdetails></Child>"
    )


def a_return(*children, year=2024, head=None, before='<?xml version="1.0" encoding="utf-8"?>', root="Message"):  # fmt: skip
    if head is None:
        head = (
            f"<Header><CollectionDetails><Collection>CIN</Collection><Year>{year}</Year>"
            f"<ReferenceDate>{year}-03-31</ReferenceDate></CollectionDetails></Header>"
        )
    return f"{before}<{root}>{head}<Children>{''.join(children)}</Children></{root}>"


COUNTED = "What is not read of a child"


def read(text):
    """The children and what is odd, but for the one line that counts what is not read."""
    content = text if isinstance(text, bytes) else text.encode()
    found = list(read_census(io.BytesIO(content), "census.xml", CATALOGUE))
    children = [one for one in found if isinstance(one, Candidate)]
    odd = [o for one in found for o in ((one,) if isinstance(one, Oddity) else one.oddities)]
    return children, [o for o in odd if not o.says.startswith(COUNTED)]


def only(*factors, **how):
    (child,), odd = read(a_return(a_child("LA1", *factors, **how)))
    return child, odd


def needs_of(child):
    return {need.need for need in child.family.needs}


def test_a_childs_own_factors_become_candidate_needs_without_a_level():
    child, odd = only("16A", "4A", "1A")
    assert needs_of(child) == {"neglect", "child_mental_health", "child_alcohol_misuse"}
    for need in child.family.needs:
        assert need.level is None
        assert need.basis is Basis.SUSPECTED
        assert need.harmed_by is None
        assert "Census factor" in need.says
        assert need.seen_by == "census return 2024"
    assert odd == []
    package = propose(child.family, CATALOGUE, None, child.family.assessed_on)
    assert package.offers == (), "nothing is offered before somebody has rated it"
    assert {f.code for f in package.findings} >= {"not_rated", "harmer_not_recorded"}


@pytest.mark.parametrize("code", [f.code for f in CATALOGUE.census_factors])
def test_every_code_of_every_list_is_taken_or_asked_about_and_none_vanishes(code):
    factor = next(f for f in CATALOGUE.census_factors if f.code == code)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        (child,), odd = read(a_return(a_child("LA1", code), year=year))
        if factor.about == "child":
            assert child.family.needs, code
            assert child.waiting == ()
        elif factor.about == "nobody":
            assert child.family.needs == ()
            assert bool(odd) is (code == "20" or not factor.is_in(year))
        else:
            assert child.family.needs == ()
            assert [w.code for w in child.waiting] == [code]
            assert child.waiting[0].needs
        said_of_list = any(f"not in the list of {year}" in o.says for o in odd)
        assert said_of_list is not factor.is_in(year)


@pytest.mark.parametrize("code", ["3A", "3B", "3C"])
def test_domestic_abuse_codes_are_victims_and_nobody_is_said_to_cause_it(code):
    child, _ = only(code)
    said = [*(n.says for n in child.family.needs), *(w.says for w in child.waiting)]
    assert all("By whom is not recorded." in says for says in said)
    keys = needs_of(child) | {key for w in child.waiting for key in w.needs}
    assert keys <= {"exposed_to_domestic_abuse", "domestic_abuse_victim"}


@pytest.mark.parametrize(("code", "need"), [("18A", "physical_abuse"), ("19A", "sexual_abuse")])
def test_unsplit_codes_say_that_the_source_is_not_recorded(code, need):
    (child,), odd = read(a_return(a_child("LA1", code), year=2019))
    assert needs_of(child) == {need}
    assert "By whom is not recorded." in child.family.needs[0].says
    (_,), odd = read(a_return(a_child("LA1", code), year=2024))
    assert any("not in the list of 2024" in o.says for o in odd)


def test_the_letter_and_the_family_group_meeting_are_shown_and_never_dropped(tmp_path):
    module = (
        "<PreProceedingsandFGDM><PPStartDate>2026-10-01</PPStartDate><LBPSentDate>2026-10-05</LBPSentDate>"
        "<FGDMMeetingOffer>true</FGDMMeetingOffer><FGDMMeetingFac>0</FGDMMeetingFac></PreProceedingsandFGDM>"
    )
    (child,), odd = read(a_return(a_child("LA1", "16A", more=module), year=2026))
    (tmp_path / "ChildIdentifiers.csv").write_text("LAchildID,PersonBirthDate\nLA1,2018-06-03\n")
    (tmp_path / "PreProceedingsandFGDM.csv").write_text(
        "LAchildID,CINdetailsID,PPStartDate,LBPSentDate,FGDMMeetingOffer,FGDMMeetingFac\n"
        "LA1,1,2026-10-01,2026-10-05,true,0\n"
    )
    flat = [o for one in read_tables(tmp_path, CATALOGUE) if isinstance(one, Candidate) for o in one.oddities]  # fmt: skip

    assert Legal.PRE_PROCEEDINGS in child.family.people[0].legal
    assert child.family.meeting == FamilyMeeting(letter_on="2026-10-05")
    for found in (odd, flat):
        (says,) = [o.says for o in found if o.place == "PreProceedingsandFGDM"]
        assert says == (
            "Letter before proceedings: 5 October 2026; family group meeting offered: yes; family group meeting held: no."
        )


def test_the_days_of_the_last_family_group_meeting_come_into_the_plan():
    first, last = (
        f"<PreProceedingsandFGDM><LBPSentDate>{letter}</LBPSentDate><FGDMMeetingOffer>{offered}</FGDMMeetingOffer>"
        f"<FGDMMeetingFac>{held}</FGDMMeetingFac></PreProceedingsandFGDM>"
        for letter, offered, held in (
            ("2025-03-01", "2025-03-01", "2025-04-02"),
            ("2026-10-05", "2026-10-06", "2026-10-20"),
        )
    )
    (child,), odd = read(a_return(a_child("LA1", "16A", more=last + first), year=2026))
    meeting = FamilyMeeting(letter_on="2026-10-05", offered_on="2026-10-06", held_on="2026-10-20")
    assert child.family.meeting == meeting
    assert not [o for o in odd if o.place == "PreProceedingsandFGDM"]
    assert parse_family(write_family(child.family), CATALOGUE).meeting == meeting


def test_a_meeting_that_was_held_before_it_was_offered_is_said():
    module = (
        "<PreProceedingsandFGDM><FGDMMeetingOffer>2026-10-06</FGDMMeetingOffer>"
        "<FGDMMeetingFac>2026-10-01</FGDMMeetingFac></PreProceedingsandFGDM>"
    )
    (child,), odd = read(a_return(a_child("LA1", "16A", more=module), year=2026))
    assert child.family.meeting is None or child.family.meeting.says_nothing
    (says,) = [o.says for o in odd if o.place == "PreProceedingsandFGDM"]
    assert "held before it was offered" in says


@pytest.mark.parametrize(
    ("last", "meeting"),
    [
        ("<PPStartDate>2026-05-01</PPStartDate><LBPSentDate>TRUE</LBPSentDate><FGDMMeetingOffer>1</FGDMMeetingOffer>", None),
        ("<LBPSentDate>2026-01-05</LBPSentDate><FGDMMeetingOffer>2026-02-01</FGDMMeetingOffer><FGDMMeetingFac>2026-01-20</FGDMMeetingFac>", FamilyMeeting(letter_on="2026-01-05")),
        ("<PPStartDate>2026-01-01</PPStartDate><LBPSentDate>2099-01-01</LBPSentDate>", None),
    ],
)  # fmt: skip
def test_an_older_meeting_never_stands_for_the_present_one_and_a_good_day_is_kept(last, meeting):
    old = "<PreProceedingsandFGDM><LBPSentDate>2024-01-01</LBPSentDate><FGDMMeetingOffer>2024-01-02</FGDMMeetingOffer><FGDMMeetingFac>2024-02-01</FGDMMeetingFac></PreProceedingsandFGDM>"
    module = f"<PreProceedingsandFGDM>{last}</PreProceedingsandFGDM>"
    (child,), odd = read(a_return(a_child("LA1", "16A", more=old + module), year=2027))
    assert child.family.meeting == meeting
    assert [o for o in odd if o.place == "PreProceedingsandFGDM"]


def test_what_is_not_read_is_counted_and_said_once():
    text = a_return(
        a_child("LA1", "16A"),
        a_child(
            "LA2",
            "16A",
            more="<Section47><S47ActualStartDate>2024-01-01</S47ActualStartDate></Section47>",
        ),
    )
    said = [
        one.says
        for one in read_census(io.BytesIO(text.encode()), "census.xml", CATALOGUE)
        if isinstance(one, Oddity)
    ]
    assert said == [
        f"{COUNTED}, and how often it stands there: CINreferralDate (2), S47ActualStartDate (1), Section47 (1), UPN (2)."
    ]


def test_other_asks_for_words_and_no_factors_beside_others_is_odd():
    _, odd = only("20")
    assert [o.remedy for o in odd] == ["Say in words what it was; it suggests no need by itself."]
    assert only("21")[1] == []
    _, odd = only("21", "16A")
    assert any("stands beside others" in o.says for o in odd)


def test_an_unknown_code_is_kept_in_sight_and_a_doubled_one_taken_once():
    child, odd = only("RB", "16A", "16A")
    assert needs_of(child) == {"neglect"}
    assert any("RB" in o.says for o in odd)
    assert any("twice" in o.says for o in odd)


def test_the_latest_assessment_counts_and_older_factors_are_said():
    older = (
        "<Assessments><AssessmentAuthorisationDate>2023-05-01</AssessmentAuthorisationDate>"
        "<FactorsIdentifiedAtAssessment><AssessmentFactors>10A</AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments>"
    )
    child, odd = only("16A", more=older)
    assert needs_of(child) == {"neglect"}
    assert child.family.assessed == "2024-02-01"
    assert any("10A" in o.says for o in odd)


def test_what_was_open_is_the_childs_standing():
    plans = (
        "<CINPlanDates><CINPlanStartDate>2023-06-01</CINPlanStartDate><CINPlanEndDate>2023-09-01</CINPlanEndDate></CINPlanDates>"
        "<ChildProtectionPlans><CPPstartDate>2023-09-01</CPPstartDate></ChildProtectionPlans>"
        "<PreProceedingsandFGDM><PPStartDate>2024-01-01</PPStartDate></PreProceedingsandFGDM>"
    )
    child, _ = only("16A", more=plans)
    assert child.family.people[0].legal == (Legal.PROTECTION_PLAN, Legal.PRE_PROCEEDINGS)
    closed = plans + "<CINclosureDate>2024-03-01</CINclosureDate>"
    assert only("16A", more=closed)[0].family.people[0].legal == ()


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"born": "2018-02-30"}, "is no day"),
        ({"born": ""}, "No day of birth"),
        ({"born": "2030-01-01"}, "lies after"),
        ({"born": "1990-01-01"}, "18 or older"),
        ({"assessed": "1.13.2024"}, "is no day"),
        ({"identity": "<PersonDeathDate>2024-01-01</PersonDeathDate>"}, "has died"),
        ({"born": "", "identity": "<ExpectedPersonBirthDate>2024-06-01</ExpectedPersonBirthDate>"}, "not born yet"),
    ],
)  # fmt: skip
def test_what_is_odd_is_said_with_child_place_and_remedy_and_the_rest_comes_in(how, says):
    children, odd = read(a_return(a_child("LA1", "16A", **how), a_child("LA2", "4A")))
    found = [o for o in odd if says in o.says]
    assert found
    assert all(o.child == "LA1" and o.place and o.remedy for o in found)
    assert children[1].family is not None
    assert needs_of(children[1]) == {"child_mental_health"}


def test_nothing_that_points_at_a_child_is_in_its_family():
    child, _ = only("16A", "3B")
    said = repr(child.family)
    for secret in ("LA1", "A123456789012", "2018-06-03"):
        assert secret not in said
    assert child.family.people[0].born == "2018-06"


def test_names_of_spaces_and_of_letters_make_no_difference():
    plain = read(a_return(a_child("LA1", "16A")))
    spaced = a_return(a_child("LA1", "16A"), root='c:Message xmlns:c="urn:x"').replace(
        '</c:Message xmlns:c="urn:x">', "</c:Message>"
    )
    default = a_return(a_child("LA1", "16A")).replace("<Message>", '<Message xmlns="urn:y">')
    latin = a_return(a_child("LÄ1", "16A"), before='<?xml version="1.0" encoding="iso-8859-1"?>').encode("iso-8859-1")  # fmt: skip
    marked = b"\xef\xbb\xbf" + a_return(a_child("LA1", "16A")).encode()
    wide = a_return(a_child("LA1", "16A"), before='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16")  # fmt: skip
    for text in (spaced, default, latin, marked, wide):
        children, odd = read(text)
        assert needs_of(children[0]) == needs_of(plain[0][0])
        assert odd == []


def test_two_heads_a_missing_one_and_years_without_a_list_are_said():
    twice = a_return(a_child(), head="<Header><CollectionDetails><Year>2023</Year></CollectionDetails></Header>" * 2)  # fmt: skip
    assert any("second head" in o.says for o in read(twice)[1])
    assert any("has no head" in o.says for o in read(a_return(a_child(), head=""))[1])
    assert any("1999" in o.says for o in read(a_return(a_child(), year=1999))[1])
    assert any("has no list here" in o.says for o in read(a_return(a_child(), year=2031))[1])
    twin = read(a_return(a_child("LA1"), a_child("LA1")))[1]
    assert any("stands twice" in o.says for o in twin)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no XML"),
        ("hello", "no XML"),
        ("<a/>", "no CIN census"),
        ("<html><body/></html>", "no CIN census"),
        ('<!DOCTYPE m [<!ENTITY a "x">]><Message/>', "document type of its own"),
        ('<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]><Message>&a;</Message>', "document type of its own"),
        ('<!DOCTYPE m SYSTEM "http://example.org/x.dtd"><Message/>', "document type of its own|no CIN census"),
        (BOMB, "document type of its own|no XML"),
    ],
)  # fmt: skip
def test_what_is_no_return_is_a_sentence_and_reads_nothing(text, says, tmp_path):
    with pytest.raises(Mistakes, match=says):
        read(text)
    path = tmp_path / "census.xml"
    path.write_text(text)
    assert main(["import-census", str(path), "--to", str(tmp_path / "out")]) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["census.xml"]


def test_a_file_that_breaks_off_gives_what_stands_before_the_break():
    whole = a_return(a_child("LA1", "16A"), a_child("LA2", "4A"), a_child("LA3", "4A"))
    children, odd = read(whole[: whole.index("LA3")])
    assert [c.reference for c in children] == ["LA1", "LA2"]
    assert any("breaks off" in o.says for o in odd)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_return_or_a_sentence(content):
    with contextlib.suppress(Mistakes):
        read(content)


def test_a_large_return_takes_no_more_memory_than_a_small_one():
    number = 300_000 if SOAK else 30_000

    class Endless(io.RawIOBase):
        """A return that is made while it is read."""

        def __init__(self):
            self.parts = self.made()
            self.left = b""

        def made(self):
            start, end = a_return("HERE").split("HERE")
            yield start.encode()
            for at in range(number):
                yield a_child(
                    f"LA{at}", "16A", "1B", more="<Note>" + "x" * 900 + "</Note>"
                ).encode()
            yield end.encode()

        def read(self, size=-1):
            while len(self.left) < size and (part := next(self.parts, None)) is not None:
                self.left += part
            out, self.left = self.left[:size], self.left[size:]
            return out

    process = psutil.Process()
    before, most, seen = process.memory_info().rss, 0, 0
    for one in read_census(Endless(), "large.xml", CATALOGUE):
        seen += isinstance(one, Candidate)
        if seen % 5_000 == 0:
            most = max(most, process.memory_info().rss)
    assert seen == number
    assert most - before < 80_000_000


# --- the flat tables ---


def tables(folder, between=",", encoding="utf-8", **more):
    rows = {
        "Header": "Collection,Year,ReferenceDate\nCIN,2024,31/03/2024\n",
        "ChildIdentifiers": "LAchildID,UPN,PersonBirthDate\nLA1,A1,03/06/2018\nLA2,A2,2015-01-02\n",
        "CINdetails": "LAchildID,CINdetailsID,CINclosureDate\nLA1,1,\n",
        "Assessments": "LAchildID,CINdetailsID,AssessmentID,AssessmentActualStartDate,AssessmentAuthorisationDate\nLA1,1,1,2023-12-10,2024-02-01\n",
        "AssessmentFactorsList": "LAchildID,CINdetailsID,AssessmentID,AssessmentFactor\nLA1,1,1,16a\nLA1,1,1,3B\nLA9,1,1,4A\n",
        "ChildProtectionPlans": "LAchildID,CINdetailsID,CPPID,CPPstartDate,CPPendDate\nLA1,1,1,2024-01-01,\n",
    } | more
    folder.mkdir()
    for name, text in rows.items():
        (folder / f"{name}.csv").write_bytes(text.replace(",", between).encode(encoding))
    return folder


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_flat_tables_say_the_same_as_the_xml(between, encoding, tmp_path):
    found = list(read_tables(tables(tmp_path / "cin", between, encoding), CATALOGUE))
    first, second = (one for one in found if isinstance(one, Candidate))
    assert needs_of(first) == {"neglect"}
    assert [w.code for w in first.waiting] == ["3B"]
    assert first.family.people[0].born == "2018-06"
    assert first.family.people[0].legal == (Legal.PROTECTION_PLAN,)
    assert second.family is not None
    odd = [one for one in found if isinstance(one, Oddity)]
    assert [o.child for o in odd] == ["LA9"]


def test_a_folder_without_children_and_a_workbook_are_sentences(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(Mistakes, match="no ChildIdentifiers"):
        list(read_tables(tmp_path / "empty", CATALOGUE))
    with pytest.raises(Mistakes, match="not as a workbook"):
        list(read_rows(b"PK\x03\x04\x00\x00\x00", "x.csv"))


# --- what is written ---


def test_the_folder_holds_family_files_that_read_and_lists_that_no_spreadsheet_reckons_with(
    tmp_path,
):
    text = a_return(a_child("=CMD()", "16A", "1B"), a_child("LA2", "20"))
    to = tmp_path / "out"
    found = read_census(io.BytesIO(text.encode()), "c.xml", CATALOGUE)
    assert write_candidates(found, to) == (2, 3)
    assert sorted(path.name for path in to.iterdir()) == [
        "child-00001.yaml",
        "child-00002.yaml",
        "children.csv",
        "look-at.csv",
    ]
    assert read_family(to / "child-00001.yaml", CATALOGUE).needs[0].need == "neglect"
    rows = list(csv.DictReader((to / "look-at.csv").open(encoding="utf-8-sig")))
    assert rows[0]["child"] == "'=CMD()"
    assert all(row["what to do"] for row in rows)
    assert "LA" not in (to / "child-00002.yaml").read_text()
    for path in (to, *to.iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path.name
    with pytest.raises(Mistakes, match="something of that name"):
        write_candidates(iter(()), to)


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    def breaks():
        yield from read_census(io.BytesIO(a_return(a_child()).encode()), "c.xml", CATALOGUE)
        raise OSError(28, "No space left on device")

    with pytest.raises(Mistakes, match="No space left"):
        write_candidates(breaks(), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
