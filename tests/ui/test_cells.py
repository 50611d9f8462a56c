"""Widgets for cells: what they show, what they hear, how they are joined, and that nothing they hold is saved."""

import json
import re
from dataclasses import replace

import ipywidgets
import pytest
import traitlets as tl
from page_driver import do

import cpassist as cp
from cpassist.errors import Mistakes
from cpassist.notebook.family_shown import NotebookFamily
from cpassist.ui.case_planning.page import SocialWorkerPage
from cpassist.ui.cells.widgets import (
    EvidenceTable,
    FamilyForm,
    GapMapView,
    PackageView,
    SupportGraph,
)

CANARY = "Quokka"


def real():
    record = cp.family("larkfield").record
    people = tuple(replace(p, label=f"{CANARY} {p.key}") for p in record.people)
    needs = tuple(replace(n, says=f"{CANARY} said") for n in record.needs)
    changed = record.with_changes(invented=False, label=CANARY, people=people, needs=needs)
    return NotebookFamily(changed, cp.catalogue())


def every(family="larkfield"):
    return (
        FamilyForm(family),
        PackageView(family),
        SupportGraph(family),
        EvidenceTable(need="neglect", age=8),
        GapMapView(),
    )


def saved(widget):
    """What a notebook would save of it: its synced traits."""
    return json.dumps({key: str(value) for key, value in widget.get_state().items()})


def test_what_a_notebook_saves_of_a_widget_holds_nothing_of_the_family():
    for widget in every(real()):
        if isinstance(widget, FamilyForm | PackageView | SupportGraph):
            assert CANARY in widget.html()
        for said in (saved(widget), repr(widget), str(widget)):
            assert CANARY not in said
        widget.pick("safecare") if hasattr(widget, "selected") else None
        assert "safecare" not in saved(widget)
        assert "mia" not in saved(widget)


def test_what_a_notebook_saves_of_a_page_holds_nothing_of_the_family(workspace):
    page = SocialWorkerPage(workspace)
    page.send = lambda *_, **__: None
    do(page, "open_example", name="larkfield")
    assert "The Larkfield family" in page.html
    assert "Larkfield" not in saved(page)


@pytest.mark.parametrize(
    "message",
    [
        None,
        3,
        [],
        {},
        {"pick": 3},
        {"pick": "nothing"},
        {"pick": "x" * 10_000},
        {"field": "need"},
        {"field": "nothing", "value": "x"},
        {"field": "need", "value": "<script>"},
        {"hello": True},
        {"pick": "<img src=x onerror=alert(1)>"},
    ],
)
def test_nonsense_changes_nothing_and_is_answered_in_a_sentence_at_most(message):
    for widget in every():
        before = {
            name: getattr(widget, name)
            for name in widget.trait_names()
            if name in {"family", "package", "selected", "filters", "cell", "shown"}
        }
        sent = []
        widget.send = sent.append
        widget.receive(message)
        assert before == {name: getattr(widget, name) for name in before}
        assert all(set(one) == {"html"} for one in sent)
        assert "onerror" not in widget.html()
        if (
            isinstance(message, dict)
            and set(map(type, message.values())) == {str}
            and len(str(message)) < 200
            and ({"pick"} <= set(message) or {"field", "value"} <= set(message))
        ):
            assert "not there any more" in widget.html()


def test_they_are_joined_and_composed_like_any_other():
    package = cp.plan("larkfield")
    table, graph, view = EvidenceTable(need="neglect"), SupportGraph(package), PackageView(package)
    tl.dlink((table, "selected"), (graph, "selected"))
    tl.dlink((view, "selected"), (graph, "selected"))
    box = ipywidgets.VBox([table, ipywidgets.HBox([view, graph])])
    assert box.children[0] is table
    table.receive({"pick": "safecare"})
    assert graph.selected == "safecare"
    assert "What became of it" in graph.html()
    view.receive({"pick": package.record.offers[0].key})
    assert graph.selected == package.record.offers[0].key
    assert 'aria-pressed="true"' in view.html()
    graph.receive({"field": "shown", "value": "mia"})
    assert graph.shown == "mia"
    graph.package = cp.plan("brindle")
    assert "Brindle" in graph.package.family.record.label
    assert graph.html()


def test_a_level_is_chosen_and_the_family_is_another_one():
    form = FamilyForm("larkfield")
    seen = []
    form.observe(lambda change: seen.append(change["new"]), "family")
    form.receive({"field": "mia:neglect", "value": "3"})
    assert form.family.record.need("mia", "neglect").level == 3
    form.receive({"field": "mia:neglect", "value": "not_rated"})
    assert form.family.record.need("mia", "neglect").level is None
    assert len(seen) == 2
    assert form.mistakes == ()
    form.family = cp.family("brindle")
    assert "Brindle" in form.html()


def test_filters_ask_anew_and_a_wrong_one_is_refused():
    table = EvidenceTable()
    whole = len(table.matches.matches)
    table.receive({"field": "need", "value": "neglect"})
    assert table.filters == {"need": "neglect"}
    assert 0 < len(table.matches.matches) < whole
    table.receive({"field": "age", "value": "8"})
    assert table.filters == {"need": "neglect", "age": 8.0}
    table.receive({"field": "need", "value": ""})
    assert table.filters == {"age": 8.0}
    with pytest.raises(Mistakes, match="The nearest are neglect"):
        EvidenceTable(need="neglct")


def test_a_cell_of_the_gap_map_is_picked():
    view = GapMapView()
    view.receive({"pick": "neglect"})
    assert view.cell == "neglect"


def test_ids_are_unique_and_tables_have_captions():
    for widget in every():
        html = widget.html()
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        assert html.count("<table") == html.count("<caption")
        assert "http" not in html.replace("http://www.w3.org", "")
