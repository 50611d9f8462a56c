"""What the page works out only when somebody asks: another course, and what is worth another look."""

import re
from dataclasses import replace

from page_driver import do, listening, text_of

from cpassist.catalogue.records import Availability
from cpassist.ui.pages import SocialWorkerPage


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
