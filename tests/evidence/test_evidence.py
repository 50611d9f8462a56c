"""What the catalogue answers: filters, counts, the gap map, and every need at every age."""

import csv
import io

import pytest
from builders import a_child, a_family, an_adult
from shipped import CATALOGUE

from cpassist.catalogue.records import Availability
from cpassist.catalogue.vocabulary import Effect, Read
from cpassist.drawing.gap_map import cell_words, draw_gap_map
from cpassist.evidence.filters import Explorer, Filters
from cpassist.evidence.gap_map import map_gaps
from cpassist.evidence.tables import to_csv
from cpassist.planning.proposal import propose

CHILD_NEEDS = [key for key, kind in CATALOGUE.need_types.items() if kind.whose.value == "child"]


@pytest.fixture
def explorer():
    return Explorer(CATALOGUE)


def titles(matches):
    return {match.intervention.title for match in matches}


def test_what_is_there_for_a_boy_of_7_after_domestic_abuse_tested_in_the_uk(explorer):
    found = explorer.find(Filters(need="exposed_to_domestic_abuse", age_months=7 * 12, uk="tested"))
    assert {"DART", "Bounce Back 4 Kids"} <= titles(found)
    for match in found:
        assert all(
            row.population.uk and row.need == "exposed_to_domestic_abuse" for row in match.rows
        )
        assert match.fit in {"tested", "offered", "not_stated"}


def test_what_has_been_tested_and_did_not_help(explorer):
    found = explorer.find(Filters(effect="no_effect"))
    assert "Family Nurse Partnership" in titles(found)
    assert all(row.effect is Effect.NO_EFFECT for match in found for row in match.rows)


def test_one_finding_answers_everything_that_is_asked_of_findings(explorer):
    """A finding about neglect and another that was tested in the UK do not make a UK test for neglect."""
    for match in explorer.find(Filters(need="neglect", uk="tested", certainty="once")):
        for row in match.rows:
            assert (row.need, row.certainty.value, row.population.uk) == ("neglect", "once", True)


@pytest.mark.parametrize(
    "name", ["need", "who", "setting", "rating", "certainty", "effect", "cost", "uk", "kind"]
)
@pytest.mark.parametrize(
    "base", [Filters(), Filters(need="neglect", age_months=40), Filters(effect="no_effect")]
)
def test_a_count_is_what_choosing_it_would_leave(name, base, explorer):
    counts = explorer.count(name, base)
    assert counts or name == "rating", "no register rated what was found without effect"
    for value, number in counts.items():
        if value:
            chosen = {**{k: v for k, v in vars(base).items() if k != name}, name: value}
            assert len(explorer.find(Filters(**chosen))) == number, (name, value)


def test_here_is_asked_of_the_local_directory():
    here = {"safecare": Availability(intervention="safecare", places=2)}
    found = Explorer(CATALOGUE, here).find(Filters(here="yes"))
    assert titles(found) == {"SafeCare"}
    assert Explorer(CATALOGUE).find(Filters(here="yes")) == ()


def test_the_map_counts_what_was_read_and_shows_what_was_not():
    gap_map = map_gaps(CATALOGUE)
    cells = {
        (row.need, cell.band): cell
        for row in (*gap_map.children, *gap_map.adults)
        for cell in row.cells
    }
    assert len(gap_map.children) + len(gap_map.adults) == len(CATALOGUE.need_types)
    assert cells["going_missing", "12-15"].is_gap
    assert cells["child_learning_disability", "2-4"].state == "no_effect"
    assert cells["sexual_abuse", "0-1"].is_gap
    assert cells["sexual_abuse", "12-15"].state == "helps"
    recalled = {
        row.need
        for help_ in CATALOGUE.interventions.values()
        for row in help_.evidence
        if row.read is Read.RECALLED
    }
    assert recalled, "there is something remembered that must not count"
    for (need, band), cell in cells.items():
        read = [
            row
            for help_ in CATALOGUE.interventions.values()
            if help_.is_offered_kind
            for row in help_.evidence_for(need)
            if row.read is not Read.RECALLED and row.withdrawn is None
        ]
        assert cell.findings <= len(read), (need, band)
        if cell.certainty is not None:
            assert cell.certainty in {row.certainty for row in read}


def test_every_place_of_the_picture_says_in_words_what_it_shows():
    gap_map = map_gaps(CATALOGUE)
    picture = draw_gap_map(gap_map)
    cells = [cell for row in (*gap_map.children, *gap_map.adults) for cell in row.cells]
    assert len(picture.bubbles) == len(cells)
    for bubble, cell in zip(picture.bubbles, cells, strict=True):
        assert bubble.name.endswith(cell_words(cell))
        assert bool(bubble.radius) is not cell.is_gap
        assert bool(bubble.wedge) is (cell.certainty is not None)


def test_a_table_for_a_spreadsheet_runs_nothing():
    text = to_csv(
        ["Help", "=cmd"], [["=1+1", "+2", "-3", "@x", "\t=4", "plain, with comma", " =5"]]
    )
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["Help", "'=cmd"]
    assert rows[1] == ["'=1+1", "'+2", "'-3", "'@x", "'\t=4", "plain, with comma", "' =5"]


@pytest.mark.parametrize("need", CHILD_NEEDS)
def test_for_every_age_there_is_an_offer_or_a_gap_and_nothing_vanishes(need):
    """From unborn to 17: each kind of help for this need is offered or has its reason."""
    addressed = {key for key, help_ in CATALOGUE.interventions.items() if need in help_.needs}
    for years in (None, *range(18)):
        child = (
            {"key": "kid", "role": "child", "label": "Kid", "due": "2027-02", "carried_by": "ann"}
            if years is None
            else a_child("kid", f"{2026 - years}-10")
        )
        family = a_family(
            people=[an_adult("ann", cares_for=["kid"]), child],
            needs=[{"person": "kid", "need": need, "level": 2}],
        )
        package = propose(family, CATALOGUE, None, family.assessed_on)
        offered = {offer.intervention for offer in package.offers}
        aside = {row.intervention: row.says for row in package.set_aside}
        assert offered | set(aside) == addressed
        assert all(says.endswith((".", "?")) for says in aside.values())
        assert bool(offered) is not bool(package.gaps), years
