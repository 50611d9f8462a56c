"""What the page works out only when somebody asks: another course, and what is worth another look."""

import re
from dataclasses import replace

from page_driver import do, listening, text_of

from cpassist.catalogue.records import Availability
from cpassist.planning.choosing import search, solver
from cpassist.ui.case_planning.page import SocialWorkerPage


def test_what_choosing_otherwise_would_cost_is_said_on_demand(page):
    do(page, "open_example", name="larkfield")
    do(page, "go", step="package")
    offer = re.search(r'data-act="what_if" data-offer="([^"]+)"', page.html)[1]

    do(page, "what_if", offer=offer)

    assert "Chosen instead, with the rest put together anew around it." in text_of(page)


def test_what_is_worth_another_look_is_said_on_demand_and_forgotten_with_the_next_change(page):
    do(page, "open_example", name="larkfield")
    do(page, "go", step="package")
    do(page, "look_again")
    assert "adds The Drive Project" in text_of(page)

    do(page, "record_wish", person="mia", says="A dog.")
    assert page.state.second_looks is None


def test_help_that_cannot_be_had_here_is_worth_another_look(workspace):
    here = {"safecare": Availability(intervention="safecare", places=3)}
    page = listening(SocialWorkerPage(replace(workspace, availability=here)))
    do(page, "open_example", name="larkfield")
    do(page, "go", step="package")
    do(page, "look_again")
    assert "If Video Interaction Guidance could be had here: adds it." in " ".join(
        text_of(page).split()
    )


def test_a_solver_that_does_not_end_in_time_costs_nothing_that_was_there(page, monkeypatch):
    do(page, "open_example", name="larkfield")
    do(page, "go", step="package")
    family, package = page.state.family, page.state.package
    assert package.offers
    monkeypatch.setattr(search, "MOST_TURNS", 0)
    monkeypatch.setattr(solver, "MOST_SECONDS", 0.0)

    do(page, "record_wish", person="mia", says="A dog.")

    assert page.state.notice.level == "ours"
    said = " ".join(text_of(page).split())
    assert "could be proven the best one in time" in said
    assert "the package from before it" in said
    assert (page.state.family, page.state.package) == (family, package)

    monkeypatch.undo()
    do(page, "record_wish", person="mia", says="A dog.")
    assert "A dog." in {wish.says for wish in page.state.family.wishes}


def test_why_an_offer_does_not_start_sooner_and_who_comes_is_said(workspace):
    here = {
        key: Availability(intervention=key, wait_weeks=6)
        for key in workspace.catalogue.interventions
    }
    page = listening(SocialWorkerPage(replace(workspace, availability=here)))
    do(page, "open_example", name="larkfield")
    do(page, "go", step="package")

    said = " ".join(text_of(page).split())
    assert "It begins in week 7: the local directory gives a wait of 6 weeks." in said
    assert re.search(r"The family would meet \d+ professionals? in weeks? ", said)


def test_what_is_not_proven_is_not_called_proven(page):
    do(page, "open_example", name="larkfield")
    do(page, "go", step="package")
    assert "Proven: no other set of offers" in text_of(page)

    page.state.package = replace(page.state.package, proven_best=False)
    do(page, "choose", node="")

    assert "Proven: no other" not in text_of(page)
    assert "Not proven: " in text_of(page)


def test_what_the_local_directory_says_stands_beside_what_was_tested(workspace):
    here = {
        "safecare": Availability(
            intervention="safecare",
            places=2,
            wait_weeks=6,
            provider="Invented provider",
            refer="social worker",
            as_of="2026-11-02",
        )
    }
    page = listening(SocialWorkerPage(replace(workspace, availability=here)))
    do(page, "hello")
    do(page, "open_example", name="larkfield")
    do(page, "go", step="help")
    node = re.search(r'data-node="([^"]*safecare[^"]*)"', page.html)[1]
    do(page, "choose", node=node)
    words = text_of(page)
    assert "What the local directory says" in words
    assert "Invented provider" in words
    assert "as of 2 November 2026" in words
