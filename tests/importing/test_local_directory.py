"""The local directory: a table from a spreadsheet; unknown is not none, and near names are joined by nobody."""

import contextlib
import csv
import datetime
import io
import tempfile
from pathlib import Path

import pytest
from conftest import example
from example_plans import CATALOGUE
from hypothesis import given
from hypothesis import strategies as st

from cpassist.__main__ import main
from cpassist.catalogue.records import Availability, service_row
from cpassist.errors import Mistakes
from cpassist.importing.family_file import read_family
from cpassist.importing.local_directory import COLUMNS, read_local, template
from cpassist.planning.proposal import propose

FAMILY = read_family(example("larkfield"), CATALOGUE)
ON = FAMILY.assessed_on
EVERYTHING = {key: Availability(intervention=key) for key in CATALOGUE.interventions}


def table(path, *rows, columns=COLUMNS, between=",", encoding="utf-8-sig"):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=between, restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


@pytest.fixture
def read(tmp_path):
    def reading(*rows, **how):
        return read_local(table(tmp_path / "here.csv", *rows, **how), CATALOGUE)

    return reading


def test_a_row_joins_by_key_or_by_exact_name_and_a_near_name_by_nobody(read):
    title = CATALOGUE.title("safecare")
    found = read(
        {"programme_id": "safecare", "x_capacity_available": "3"},
        {"name": CATALOGUE.title("advocacy").upper(), "x_capacity_available": "2"},
        {"name": title.replace("Care", "Caer") + "s"},
        {"programme_id": "safecaer"},
        {"name": "Something of our own"},
    )
    assert found.here["safecare"].places == 3
    assert found.here["advocacy"].places == 2
    assert len(found.here) == 2
    near = [says for says in found.oddities if "It may be" in says]
    assert len(near) == 2
    assert all("write safecare in programme_id" in says for says in near)
    assert "line 4" in near[0]
    assert any("leave it out" in says for says in found.oddities)


@pytest.mark.parametrize("said", ["", "-", "unknown", "n/a", "?", "tbc"])
def test_unknown_is_not_none(said, read):
    found = read({"programme_id": "safecare", "x_capacity_available": said, "x_wait_weeks": said})
    assert (found.here["safecare"].places, found.here["safecare"].wait_weeks) == (None, None)
    assert found.oddities == ()


@pytest.mark.parametrize(
    ("said", "number"),
    [("0", 0), ("12", 12), ("12.0", 12), ("12 weeks", 12), ("3-4", None), ("many", None), ("-2", None), ("1e9", None)],
)  # fmt: skip
def test_a_number_is_whole_or_not_known_and_said(said, number, read):
    found = read({"programme_id": "safecare", "x_wait_weeks": said})
    assert found.here["safecare"].wait_weeks == number
    assert bool(found.oddities) is (number is None)


@pytest.mark.parametrize(
    ("said", "day"),
    [("2026-11-02", "2026-11-02"), ("02/11/2026", "2026-11-02"), ("2.11.2026", "2026-11-02"), ("11/25/2026", ""), ("soon", ""), ("9999-01-01", "")],
)  # fmt: skip
def test_a_day_in_whatever_order_reads_or_is_said(said, day, read):
    found = read({"programme_id": "safecare", "x_wait_updated": said})
    assert found.here["safecare"].as_of == day
    assert bool(found.oddities) is (day == "")


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_from_any_spreadsheet_says_the_same(between, encoding, read):
    row = {"programme_id": "safecare", "organization": "Ärzte", "x_capacity_available": "1"}
    assert read(row, between=between, encoding=encoding).here["safecare"].provider == "Ärzte"


def test_merged_cells_formulas_closed_services_and_strange_columns_are_said(read):
    found = read(
        {"organization": "A provider alone"},
        {"programme_id": "safecare", "x_capacity_available": "=SUM(A1:A9)"},
        {"programme_id": "advocacy", "status": "Temporarily closed"},
        {"programme_id": "incredible_years_preschool", "x_age_min_months": "60", "x_age_max_months": "24"},
        {"programme_id": "safecare", "x_fidelity": "gold"},
        {},
        columns=(*COLUMNS, "Notes of Jane"),
    )  # fmt: skip
    said = " ".join(found.oddities)
    for words in ("merged", "formula", "temporarily closed", "turn them round", "gold", "notes of jane"):  # fmt: skip
        assert words in said, words
    assert "advocacy" not in found.here
    assert found.here["safecare"].places is None


def test_several_providers_are_one_line_and_the_shortest_wait_with_a_place_counts(read):
    found = read(
        {
            "programme_id": "safecare",
            "organization": "A",
            "x_capacity_available": "0",
            "x_wait_weeks": "1",
        },
        {
            "programme_id": "safecare",
            "organization": "B",
            "x_capacity_available": "2",
            "x_wait_weeks": "9",
            "x_age_min_months": "0",
            "x_age_max_months": "60",
            "x_wait_updated": "2026-11-02",
        },
        {
            "programme_id": "safecare",
            "organization": "C",
            "x_wait_weeks": "12",
            "x_age_min_months": "48",
            "x_age_max_months": "96",
            "x_wait_updated": "2026-10-01",
        },
    )
    here = found.here["safecare"]
    assert (here.places, here.wait_weeks) == (2, 9)
    assert here.ages_months == ((0, 60), (48, 96))
    assert here.as_of == "2026-10-01", "the oldest day counts"
    assert here.provider == "B; C"


def test_years_count_only_where_no_months_are_given(read):
    found = read({"programme_id": "safecare", "minimum_age": "2", "maximum_age": "4"})
    assert found.here["safecare"].ages_months == ((24, 59),)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no column programme_id"),
        (b"a,b\n1,2\n", "no column programme_id"),
        (b"PK\x03\x04\x00\x00", "not as a workbook"),
        (b'programme_id\n"unclosed', "no column|is no key|leave it out|no table"),
    ],
)
def test_what_is_no_directory_is_a_sentence(content, says, tmp_path):
    (tmp_path / "x.csv").write_bytes(content)
    try:
        found = read_local(tmp_path / "x.csv", CATALOGUE)
    except Mistakes as told:
        found = told
    assert [s for s in getattr(found, "oddities", None) or found.mistakes if any(w in s for w in says.split("|"))]  # fmt: skip
    with pytest.raises(Mistakes, match="is a table"):
        read_local(tmp_path / "x.json", CATALOGUE)
    with pytest.raises(Mistakes, match="cannot be read"):
        read_local(tmp_path / "none.csv", CATALOGUE)


@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=12), max_size=6), max_size=6))  # fmt: skip
def test_any_table_is_read_or_refused_in_a_sentence(rows):

    clean = [{k: v.encode("utf-8", "ignore").decode() for k, v in row.items()} for row in rows]
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(Mistakes):
        found = read_local(table(Path(folder) / "x.csv", *clean), CATALOGUE)
        assert set(found.here) <= set(CATALOGUE.interventions)


# --- what the planner makes of it ---


def proposed(**changes):
    here = EVERYTHING | {key: Availability(intervention=key, **fields) for key, fields in changes.items()}  # fmt: skip
    return propose(FAMILY, CATALOGUE, here, ON)


def test_a_line_may_name_a_kind_of_local_service_and_the_steps_say_who_it_is_here(read, tmp_path):
    found = read(
        {
            "service_kind": "health_visitor",
            "organization": "Invented health visitors",
            "x_referral_route": "ring the duty desk",
        },
        {"name": CATALOGUE.service_kinds["advocacy"].label, "organization": "Invented advocates"},
        {"service_kind": "health_visitr"},
        {"service_kind": "gp", "programme_id": "safecare"},
    )
    assert set(found.here) == {service_row("health_visitor"), service_row("advocacy")}
    assert "It may be health_visitor." in found.oddities[0]
    assert "split it" in found.oddities[1]
    with_it = propose(FAMILY, CATALOGUE, found.here, ON)
    without = propose(FAMILY, CATALOGUE, None, ON)
    local = {step.local for step in with_it.steps}
    assert "Invented health visitors, ring the duty desk" in local
    # A directory of services alone says nothing of programmes: unknown is not none.
    assert with_it.offers == without.offers
    listed = tmp_path / "here.yaml"
    listed.write_text("- {intervention: kind:health_visitor, provider: Invented health visitors}\n")
    assert set(read_local(listed, CATALOGUE).here) == {service_row("health_visitor")}
    listed.write_text("- {intervention: kind:health_visitr}\n")
    with pytest.raises(Mistakes, match="health_visitr"):
        read_local(listed, CATALOGUE)


def test_not_here_stands_apart_from_no_evidence_and_waits_enter_the_weeks():
    package = proposed()
    first = next(o for o in package.offers if o.starts_week == 1 and o.phase != "safety")
    later = proposed(**{first.intervention: {"wait_weeks": 20}})
    still = [o for o in later.offers if o.intervention == first.intervention]
    assert not still or still[0].starts_week > 20
    without = {k: v for k, v in EVERYTHING.items() if k != first.intervention}
    gone = propose(FAMILY, CATALOGUE, without, ON)
    rows = {s.because for s in gone.set_aside if s.intervention == first.intervention}
    assert "not_here" in rows
    assert "not_tested_for_this" not in {
        s.because for s in gone.set_aside
        if s.intervention == first.intervention and s.because == "not_here"
    }  # fmt: skip


def test_what_is_given_here_at_another_age_is_not_here_for_that_child():
    offer = next(o for o in proposed().offers if o.children)
    child = offer.children[0]
    months = FAMILY.age(child, ON)[0]
    outside = proposed(**{offer.intervention: {"ages_months": ((months + 24, months + 60),)}})
    said = [s for s in outside.set_aside if s.intervention == offer.intervention and s.because == "not_here"]  # fmt: skip
    assert any(FAMILY.label_of(child) in s.says and "months" in s.says for s in said)
    inside = proposed(**{offer.intervention: {"ages_months": ((0, 300),)}})
    assert offer.intervention in {o.intervention for o in inside.offers}


def test_old_lines_and_other_languages_are_asked_about():
    offer = next(o for o in proposed().offers if "dana" in o.people)
    spoken = FAMILY.with_changes(limits=FAMILY.limits.__class__(languages={"dana": ("pl",)}))
    stale = (ON - datetime.timedelta(days=200)).isoformat()
    here = EVERYTHING | {
        offer.intervention: Availability(
            intervention=offer.intervention, places=2, as_of=stale, languages=("en",)
        )
    }
    package = propose(spoken, CATALOGUE, here, ON)
    assert offer.intervention in {o.intervention for o in package.offers}
    codes = {f.code for f in package.findings}
    assert {"directory_stale", "language_not_here"} <= codes
    fresh = EVERYTHING | {
        offer.intervention: Availability(
            intervention=offer.intervention, places=2, as_of=ON.isoformat(), languages=("en", "PL")
        )
    }
    codes = {f.code for f in propose(spoken, CATALOGUE, fresh, ON).findings}
    assert not {"directory_stale", "language_not_here"} & codes


# --- the command ---


def test_the_command_writes_a_template_and_an_example_that_read_back(tmp_path, capsys):
    for flag in ("--template", "--example"):
        path = tmp_path / f"{flag[2:]}.csv"
        assert main(["directory", str(path), flag]) == 0
        assert main(["directory", str(path)]) == 0
        assert main(["directory", str(path), flag]) == 1, "nothing is overwritten"
    found = read_local(tmp_path / "template.csv", CATALOGUE)
    assert found.oddities == ()
    offered = {i.key for i in CATALOGUE.interventions.values() if i.is_offered_kind}
    assert set(found.here) == offered | {service_row(kind) for kind in CATALOGUE.service_kinds}
    assert all(a.places is None and a.wait_weeks is None for a in found.here.values())
    assert "Traceback" not in capsys.readouterr().err
    assert template(CATALOGUE).splitlines()[0] == ",".join(COLUMNS)


def test_plan_takes_a_table_and_says_what_is_odd(tmp_path, capsys):
    path = table(tmp_path / "here.csv", {"programme_id": "safecare"}, {"name": "Nothing like it"})
    assert main(["plan", str(example("larkfield")), "--availability", str(path)]) == 0
    assert "Nothing like it" in capsys.readouterr().err
