"""The evidence page driven through the messages a browser sends; no browser, no kernel."""

import datetime
import html
import re

import pytest
from page_driver import do, listening

from cpassist.evidence.changes import CHANGELOG, Changes, read_changes
from cpassist.evidence.gap_map import map_gaps, map_results
from cpassist.planning.package.gaps import NOT_LOOKED
from cpassist.ui.evidence.page import EvidencePage
from cpassist.workspace import Workspace


@pytest.fixture
def page(workspace):
    return listening(EvidencePage(workspace))


def listed(page):
    return re.findall(r'data-act="read" data-key="([a-z0-9_]+)"', page.html)


def test_filters_stand_in_words_and_are_undone_one_by_one(page):
    do(page, "filter", filter="need", need="exposed_to_domestic_abuse")
    do(page, "age", years="7")
    do(page, "filter", filter="uk", uk="tested")
    assert set(listed(page)) == {"bounce_back_4_kids", "cedar", "dart", "wematter"}
    assert "Age: 7 years" in page.html

    do(page, "drop_filter", name="age_months")
    assert "Age: 7 years" not in page.html
    assert len(listed(page)) >= 4
    do(page, "clear")
    assert len(listed(page)) == len(page.state.catalogue.interventions)


def test_an_age_that_is_none_is_explained_at_its_field_and_filters_nothing(page):
    do(page, "age", years="7")
    state = do(page, "age", years="seven")
    assert "whole years" in state.mistakes["years"]
    assert state.filters.age_months is None
    assert 'aria-invalid="true"' in page.html
    assert 'value="seven"' in page.html, "what was typed stays"
    state = do(page, "age", years="18")
    assert "0 to 17" in state.mistakes["years"]
    state = do(page, "age", years="unborn")
    assert state.filters.age_months == -1


def test_each_law_says_its_edition_and_when_somebody_looked_and_what_is_old_is_said_first(
    page, monkeypatch
):
    do(page, "go", step="law")
    for law in page.state.catalogue.laws:
        assert html.escape(law.title, quote=False).replace("'", "&#39;") in page.html
        assert law.edition[1:] in html.unescape(page.html)
    assert "over a year ago" not in page.html
    monkeypatch.setattr(Workspace, "today", lambda _: datetime.date(2028, 1, 3))
    do(page, "go", step="law")
    assert "over a year ago" in page.html


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dialectical", "dbt_a"),
        ("mst can", "mst_can"),
        ("cARING dads", "caring_dads"),
        ("incred prescho", "incredible_years_preschool"),
    ],
)
def test_help_is_found_by_the_beginning_of_each_word_of_its_name(page, words, found):
    do(page, "filter", filter="name", name=words)
    assert found in listed(page)
    assert len(listed(page)) < 12
    assert f"Name: {words}" in page.html
    do(page, "filter", filter="name", name="no such help")
    assert listed(page) == []


def test_a_practice_guide_is_a_way_in_to_what_it_names(page):
    do(page, "go", step="ask")
    assert 'data-guide="Kinship care"' in page.html
    do(page, "open_guide", guide="Kinship care")
    assert {"kinship_navigator", "kinship_parenting_programmes"} <= set(listed(page))
    state = do(page, "open_guide", guide="A guide of nobody")
    assert state.notice.says == ("There is no such guide.",)


def test_beside_each_finding_stands_whether_fathers_were_tested_and_whose_culture(page):
    do(page, "read", key="caring_dads")
    assert "Fathers: fathers or men took part" in page.html
    assert "Race and culture: not stated" in page.html
    do(page, "read", key="familias_unidas")
    assert "Race and culture: Hispanic families" in page.html
    do(page, "filter", filter="fathers", fathers="tested")
    do(page, "go", step="find")
    assert set(listed(page)) >= {"caring_dads", "fathers_for_change"}
    catalogue = page.state.catalogue
    rows = [
        row
        for help_ in catalogue.interventions.values()
        for row in help_.evidence
        if not row.withdrawn
    ]
    do(page, "go", step="ask")
    assert f"of {len(rows)} findings say that fathers or men took part" in page.html


def test_where_countries_stand_beside_each_other_it_is_said_that_words_differ(page):
    do(page, "compare", key="safecare")
    do(page, "go", step="compare")
    assert "differs from country to country" in page.html
    do(page, "compare", key="safecare")
    do(page, "compare", key="caring_dads")
    do(page, "go", step="compare")
    assert "differs from country to country" not in page.html


def test_a_rating_older_than_three_years_is_marked_and_says_when_the_body_looked(page):
    do(page, "read", key="mdft")
    assert "August 2020, 6 years ago" in page.html
    assert "Over 3 years" in page.html


def test_whether_it_could_be_given_is_no_sign_that_it_works(page):
    do(page, "read", key="helping_families_programme")
    assert "32 of 48 parents finished. That is no sign that it works." in page.html


def test_what_changed_is_a_handout_of_the_catalogues_own_changelog(page):
    do(page, "go", step="changes")
    newest, *earlier = read_changes(page.state.workspace.families.parent / CHANGELOG)
    words = html.unescape(page.html)
    assert newest.day == page.state.catalogue.version
    assert all(says in words for change in (newest, *earlier) for says in change.says)
    assert all(says.endswith((".", "?")) for change in (newest, *earlier) for says in change.says)


def test_a_catalogue_without_a_changelog_says_so(page, tmp_path):
    assert read_changes(tmp_path / CHANGELOG) == ()
    (tmp_path / CHANGELOG).write_text(
        "# Ours\n\n- no day yet\n\n## 2026-01-02\n\n- one\n  and more.\n- `two`.\n"
    )
    assert read_changes(tmp_path / CHANGELOG) == (
        Changes(day="2026-01-02", says=("one and more.", "two.")),
    )


def test_the_map_says_of_each_need_without_a_finding_why(page):
    do(page, "go", step="map")
    words = html.unescape(page.html)
    gap_map = map_gaps(page.state.catalogue)
    for row in (*gap_map.children, *gap_map.adults):
        if all(cell.is_gap for cell in row.cells):
            known = [gap.says for gap in page.state.catalogue.known_gaps if gap.need == row.need]
            assert all(says in words for says in known or [NOT_LOOKED])
    assert words.count('stroke="#71347c"') == 1 + sum(
        cell.is_gap for row in (*gap_map.children, *gap_map.adults) for cell in row.cells
    )


def test_the_map_also_has_what_was_measured_across_and_each_place_opens_its_list(page):
    do(page, "go", step="map")
    do(page, "map_by", by="results")
    assert "Needs by what was measured" in page.html
    gap_map = map_results(page.state.catalogue)
    assert len(gap_map.children) == len(page.state.catalogue.need_types)
    for row in gap_map.children:
        if row.need in {"self_harm", "housing", "neglect"}:
            for cell in row.cells:
                if not cell.is_gap:
                    do(page, "open_cell", need=row.need, band=cell.band)
                    found = page.state.found()
                    assert sum(len(match.rows) for match in found) == cell.findings, (
                        row.need,
                        cell.band,
                    )
                    do(page, "go", step="map")
    state = do(page, "map_by", by="cost")
    assert state.notice.says == ("There is no such map.",)
    do(page, "save_table")
    assert "Need,Whose,Harm and safety" in page.sent[-1]["save"]


def test_what_a_finding_measured_is_said_only_of_findings_that_measured_something(page):
    for help_ in page.state.catalogue.interventions.values():
        for row in help_.evidence:
            assert not (row.results_on and row.certainty == "not_tested"), row.id
            assert not row.outcomes or row.results_on or row.need is None, row.id


def test_the_list_sorts_both_ways(page):
    do(page, "sort", by="certainty")
    first = listed(page)
    assert 'aria-sort="ascending"' in page.html
    do(page, "sort", by="certainty")
    assert listed(page) != first
    assert 'aria-sort="descending"' in page.html


def test_up_to_four_are_compared_and_differences_are_marked(page):
    for key in ("dart", "cedar", "bounce_back_4_kids", "wematter"):
        do(page, "compare", key=key)
    state = do(page, "compare", key="tf_cbt")
    assert "up to 4" in state.notice.says[0]
    do(page, "go", step="compare")
    assert page.html.count('<tr class="differs">') >= 3
    do(page, "save_table")
    csv = page.sent[-1]["save"]
    assert csv.startswith("\ufeffFact,DART,")
    assert page.sent[-1]["name"] == "evidence-compare.csv"


def test_one_is_read_with_the_ratings_of_all_bodies_and_what_splits_them(page):
    do(page, "read", key="mst_can")
    for words in (
        "Ages, by source",
        "What splits them",
        "California Evidence-Based Clearinghouse",
        "tested 10 to 17",
        "offered 6 to 17",
    ):
        assert words in page.html, words


def test_no_kind_of_help_fails_to_be_read_or_printed(page):
    for key in page.state.catalogue.interventions:
        state = do(page, "read", key=key)
        assert state.notice is None, key
        assert '<h1 id="heading" tabindex="-1">' in page.html
        state = do(page, "go", step="sheet")
        assert state.notice is None, key


def test_a_place_of_the_map_opens_the_list_for_it(page):
    do(page, "go", step="map")
    do(page, "open_cell", need="neglect", band="2-4")
    assert page.state.view == "find"
    assert page.state.filters.need == "neglect"
    assert page.state.filters.band == "2-4"
    assert "safecare" in listed(page)


def test_the_map_is_saved_as_a_picture_of_its_own(page):
    do(page, "go", step="map")
    do(page, "save_map")
    svg = page.sent[-1]["save"]
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "tabindex" not in svg
    assert "<script" not in svg


def test_nonsense_from_a_browser_changes_nothing(page):
    before = page.html
    for act, fields in [
        ("filter", {"filter": "__class__", "__class__": "x"}), ("sort", {"by": "__init__"}), ("go", {"step": "../x"}),
        ("read", {"key": "nothing"}), ("compare", {"key": "nothing"}), ("open_cell", {"need": "x", "band": "y"}),
        ("drop_filter", {"name": "rows"}), ("nothing", {}), ("filter", {"filter": ["need"], "need": {"a": 1}}),
    ]:  # fmt: skip
        page.receive({"act": act, "fields": fields})
        assert page.state.view == "find"
    do(page, "clear")
    assert page.html == before


def test_words_of_an_authority_are_escaped(tmp_path, catalogue, page):
    do(page, "filter", filter="need", need="<img src=x onerror=alert(1)>")
    assert "<img" not in page.html
    assert "Nothing in this catalogue answers all of that" in page.html


def test_the_map_and_the_list_it_opens_tell_the_same(page):
    gap_map = map_gaps(page.state.catalogue)
    for row in (*gap_map.children, *gap_map.adults):
        for cell in row.cells:
            do(page, "open_cell", need=cell.need, band=cell.band)
            assert sum(len(match.rows) for match in page.state.found()) == cell.findings, cell


def test_what_made_no_difference_is_not_said_to_be_shown(page):
    do(page, "read", key="family_nurse_partnership", need="neglect")
    assert "No effect found" in page.html
    do(page, "filter", filter="effect", need="", effect="no_effect")
    do(page, "go", step="find")
    rows = dict(re.findall(r'data-key="([a-z0-9_]+)">.*?data-head="How sure">([^<]*)<', page.html))
    assert rows["family_nurse_partnership"] == "No effect found"


def test_a_size_is_said_of_what_was_measured(page):
    do(page, "read", key="homebuilders", need="complex_needs")
    assert "Coming into care at 24 months: 0.51, risk ratio" in page.html
    assert "How a family functions: 0.486, standardised difference" in page.html
