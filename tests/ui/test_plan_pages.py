"""Both pages around a plan, driven by the messages that a browser sends: two people, no browser."""

import datetime
import re
from dataclasses import replace

import pytest
from example_plans import CATALOGUE, decided
from page_driver import do, listening, text_of

from cpassist.importing.family_file import write_family
from cpassist.plans.compare import Change
from cpassist.plans.dates import is_working_day, review_day
from cpassist.plans.lifecycle import is_approved
from cpassist.plans.plan import Duty, PlanState, lines_of
from cpassist.ui.case_planning.page import SocialWorkerPage
from cpassist.ui.case_planning.plan_forms import line_id
from cpassist.ui.case_planning.view_plan import change_lines
from cpassist.ui.supervision.page import SupervisorPage

DAY = {"day": "16", "month": "11", "year": "2026"}


def dated(name, day="16", month="11", year="2026"):
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


@pytest.fixture
def worker(page):
    """The worker's page with a family that is decided on and a plan that is begun."""
    do(page, "hello")
    do(page, "open_text", text=write_family(decided()[0]))
    do(page, "go", step="plan")
    do(page, "plan_begin")
    assert page.state.editor.saved
    return page


@pytest.fixture
def supervisor(workspace):
    page = listening(SupervisorPage(replace(workspace, user="Ruth Hale")))
    do(page, "hello")
    return page


def action(offer, owner="Health visitor"):
    """The fields of one action, in the package's own week from next week on."""
    starts = datetime.date.today() + datetime.timedelta(weeks=offer.starts_week)  # noqa: DTZ011  as the page's own clock
    review = starts + datetime.timedelta(weeks=10)
    return {
        "offer": offer.key,
        "owner": owner,
        "change": "Theo eats breakfast.",
        "noticed": "Nursery tells us.",
        "contingency": "The core group meets.",
        "form": f"act-{line_id(offer.key)}",
        **dated("starts", str(starts.day), str(starts.month), str(starts.year)),
        **dated("review", str(review.day), str(review.month), str(review.year)),
    }


def fill_in(page):
    """Everything that the forms ask for."""
    editor = page.state.editor
    for offer in editor.plan.package.offers:
        do(page, "plan_action", **action(offer))
    for gap in editor.plan.package.gaps:
        do(page, "plan_meanwhile", person=gap.person, need=gap.need, says="Tea at her aunt’s.")
    for child in editor.plan.family.children:
        do(
            page, "plan_aim", child=child.key, change="Feels safe.", how_much="No police for three months.",
            child_says="Wants a dog.", parents_say="Dana agrees.", seen_by="Jo Marsh",
            **dated("seen_on", "28", "10", "2026"), **dated("by", "01", "02", "2090"),
        )  # fmt: skip
    for person in ("dana", "luke"):
        do(page, "plan_consent", person=person, answer="agrees", says="")
    do(page, "plan_shared", shared_with="school\nnursery\n")


def test_the_family_group_meeting_is_kept_with_the_plan_and_survives_what_is_brought_up_to_date(
    worker,
):
    do(
        worker,
        "plan_meeting",
        form="meeting",
        accepted_by=["dana"],
        offered_in="Letter",
        **dated("offered_on", "2"),
    )
    do(worker, "plan_lead", form="lead", led_by="Family help lead practitioner")
    plan = worker.state.editor.plan
    assert (plan.meeting.offered_on, plan.meeting.accepted_by) == ("2026-11-02", ("dana",))
    do(worker, "plan_up_to_date")
    assert worker.state.editor.plan.meeting == plan.meeting
    state = do(
        worker, "plan_meeting", form="meeting", accepted_by=["theo"], **dated("offered_on", "2")
    )
    assert "parental responsibility" in state.mistakes["accepted_by"]
    assert worker.state.editor.plan.meeting == plan.meeting, "what was kept stays"
    do(worker, "plan_meeting", form="meeting")
    assert worker.state.editor.plan.meeting.says_nothing, (
        "emptied, and not filled again from the family"
    )
    assert worker.state.editor.plan.led_by == "Family help lead practitioner"


def sent(page):
    fill_in(page)
    do(page, "plan_send")
    assert page.state.editor.plan.state is PlanState.SUBMITTED, page.state.notice
    return page.state.editor.plan


def agree_to_all(page, plan):
    for line in lines_of(plan):
        do(page, "line_verdict", line=line, **{f"verdict-{line_id(line)}": "agree"})


def test_a_plan_goes_from_draft_through_a_return_to_approval_and_a_later_review(worker, supervisor):
    plan = sent(worker)
    assert "The Larkfield family" in text_of(do_and(supervisor, "queue", queue="waiting"))
    do(supervisor, "open", key=plan.key)
    assert "all of it is new to you" in text_of(supervisor)
    first = lines_of(plan)[0]
    do(supervisor, "line_verdict", line=first, **{f"verdict-{line_id(first)}": "query"})
    do(supervisor, "decide", line=first, verdict="query", says="Who speaks with Luke?")
    do(supervisor, "return_plan", says="Say who speaks with Luke, please.")
    assert supervisor.state.plan.state is PlanState.RETURNED

    do(worker, "plan_open", key=plan.key)
    assert "Say who speaks with Luke, please." in text_of(worker)
    assert "Who speaks with Luke?" in text_of(worker)
    do(worker, "plan_reply", line=first, says="A colleague of the other team.")
    do(worker, "plan_again")
    do(worker, "plan_action", **action(plan.package.offers[0], "A colleague of the other team"))
    do(worker, "plan_send")
    assert worker.state.editor.plan.version == 2

    do(supervisor, "open", key=plan.key)
    words = text_of(supervisor)
    assert "What changed since you last saw it" in words
    assert "who is responsible" in words
    assert "Now:</span> A colleague of the other team" in supervisor.html
    assert "A colleague of the other team." in words
    agree_to_all(supervisor, supervisor.state.plan)
    do(supervisor, "approve", seen=supervisor.state.plan.content, says="Good work.")
    assert is_approved(supervisor.state.plan), supervisor.state.notice

    do(worker, "plan_open", key=plan.key)
    assert "Approved by Ruth Hale" in text_of(worker)
    do(worker, "plan_review")
    assert (worker.state.editor.plan.version, worker.state.editor.plan.review_of) == (3, 2)
    for offer in worker.state.editor.plan.reviewed_offers:
        do(worker, "plan_found", offer=offer, became="declined", says="Dana did not want it.")
    assert "With the approval" not in text_of(worker)
    assert "Good work." in text_of(worker), (
        "what was written with the approval is seen at the review"
    )
    assert "In version 2: “Wants a dog.”" in text_of(worker)
    do(worker, "plan_send")
    assert "Say why it goes on" in text_of(worker)
    fill_in(worker)
    for offer in worker.state.editor.plan.package.offers:
        do(worker, "plan_action", **action(offer), goes_on_because="Dana wants to try again.")
    for value, day in (("2", "10"), ("4", "20")):
        do(
            worker, "plan_measure", person="theo", what="Days at nursery", value=value, better="more",
            **dated("on", day, "11", "2026"),
        )  # fmt: skip
    assert "The family did not want it" in text_of(worker)
    assert '<polyline class="run"' in worker.html
    for person in ("dana", "luke"):
        do(worker, "plan_consent", person=person, answer="agrees", says="")
    do(worker, "plan_send")
    assert worker.state.editor.plan.state is PlanState.SUBMITTED, worker.state.notice

    do(supervisor, "open", key=plan.key)
    words = re.sub(r"\s+", " ", text_of(supervisor))
    assert "what became of it new: The family did not want it. Dana did not want it." in words
    assert "is in it although the family did not want it" in words
    for line in lines_of(supervisor.state.plan):
        assert f'id="dec-{line_id(line)}"' in supervisor.html
        assert f'name="verdict-{line_id(line)}"' in supervisor.html
    agree_to_all(supervisor, supervisor.state.plan)
    do(supervisor, "approve", seen=supervisor.state.plan.content, says="")
    assert is_approved(supervisor.state.plan)
    assert supervisor.state.workspace.store.verify_trail() == ()


def bo_beside(worker, workspace):
    """A colleague's page with the same plan, let in by its worker."""
    do(worker, "plan_invite", says="Bo")
    other = listening(SocialWorkerPage(replace(workspace, user="Bo")))
    do(other, "hello")
    do(other, "plan_open", key=worker.state.editor.key)
    return other


def do_and(page, act, **fields):
    do(page, act, **fields)
    return page


def test_what_is_missing_is_said_with_a_link_to_its_field(worker):
    do(worker, "plan_part", part="check")
    plan = worker.state.editor.plan
    field = f"act-{line_id(plan.package.offers[0].key)}-owner"
    assert f'data-focus="{field}"' in worker.html
    do(worker, "plan_part", part="write", focus=field)
    assert f'id="{field}"' in worker.html
    assert {"focus": [field, "status"]} in worker.sent
    for link in re.findall(r'<a href="#([a-z0-9_-]+)" data-focus="\1"', worker.html):
        assert f'id="{link}"' in worker.html, link
    do(worker, "plan_send")
    assert "cannot be sent yet" in text_of(worker)
    assert worker.state.editor.plan.state is PlanState.DRAFT


@pytest.mark.parametrize("user", ["Jo Marsh", "Will Worker"])
def test_a_forged_message_cannot_approve(user, worker, workspace):
    plan = sent(worker)
    duties = frozenset(Duty) if user == "Jo Marsh" else frozenset({Duty.WORKER})
    page = listening(SupervisorPage(replace(workspace, user=user, duties=duties)))
    do(page, "hello")
    do(page, "open", key=plan.key)
    agree_to_all(page, plan)
    do(page, "approve", seen=plan.content, says="")
    do(page, "decide", line=lines_of(plan)[0], verdict="agree", says="")
    do(page, "return_plan", says="So.")
    now = workspace.store.read(plan.key, None)
    assert now.plan.state is PlanState.SUBMITTED
    assert now.plan.remarks == ()
    assert "That could not be done" in text_of(page)


def test_a_supervisor_cannot_approve_what_they_did_not_read(worker, supervisor):
    plan = sent(worker)
    do(supervisor, "open", key=plan.key)
    agree_to_all(supervisor, plan)
    do(supervisor, "approve", seen="0" * 64, says="")
    assert "has changed since you opened it" in text_of(supervisor)
    do(worker, "plan_again")
    do(worker, "plan_shared", shared_with="school")
    do(supervisor, "approve", seen=plan.content, says="")
    assert "saved this plan after you had opened it" in text_of(supervisor)
    assert not is_approved(supervisor.state.plan)


def test_lines_without_a_decision_hold_the_approval_and_are_named(worker, supervisor):
    plan = sent(worker)
    do(supervisor, "open", key=plan.key)
    do(supervisor, "approve", seen=plan.content, says="")
    assert "without a decision" in text_of(supervisor)
    assert f"{len(lines_of(plan))} lines wait" in text_of(supervisor)
    do(supervisor, "line_verdict", line=lines_of(plan)[0], verdict="return")
    do(supervisor, "decide", line=lines_of(plan)[0], verdict="return", says=" ")
    assert "Say what has to change." in text_of(supervisor)


def test_two_who_write_at_once_lose_nothing(worker, workspace):
    key = worker.state.editor.key
    other = bo_beside(worker, workspace)
    assert other.state.editor.key == key
    do(other, "plan_shared", shared_with="police")

    do(worker, "plan_shared", shared_with="school\nzoo keeper")
    words = text_of(worker)
    assert "Bo saved this plan while you were writing" in words
    assert "zoo keeper" in words
    do(worker, "plan_theirs")
    assert worker.state.editor.plan.shared_with == ("police",)
    assert "What you had written before" in text_of(worker)
    assert "zoo keeper" in text_of(worker)
    assert "not kept yet" in text_of(do_and(worker, "new_family"))
    assert worker.state.editor.key == key
    do(worker, "plan_put_away")
    assert "zoo keeper" not in text_of(worker)

    do(worker, "plan_shared", shared_with="school")
    do(other, "plan_shared", shared_with="health visitor")
    do(other, "plan_copy")
    assert other.state.editor.key != key
    assert other.state.editor.plan.shared_with == ("health visitor",)
    assert workspace.store.read(key, None).plan.shared_with == ("school",)
    assert set(other.state.editor.plan.authors) >= {"Bo", "Jo Marsh"}, "a copy keeps its authors"


def test_what_was_put_aside_stays_until_it_is_put_away_however_often(worker, workspace):
    other = bo_beside(worker, workspace)
    for number, words in enumerate(("zoo keeper", "lighthouse")):
        do(other, "plan_shared", shared_with=f"police {number}")
        do(worker, "plan_shared", shared_with=words)
        do(worker, "plan_theirs")
    assert "zoo keeper" in text_of(worker)
    assert "lighthouse" in text_of(worker)


def test_a_page_is_drawn_again_after_nonsense_and_without_its_store(supervisor, workspace):
    do(supervisor, "look_for", label="a\ud800")
    assert "hidden character" in text_of(supervisor)
    do(supervisor, "queue", queue="all")
    assert "Plans to review" in text_of(supervisor)
    do(supervisor, "child", child="nobody")
    assert "No plan is open" in text_of(supervisor)
    with workspace.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE plans")
    do(supervisor, "queue", queue="approved")
    assert "The database could not do that" in text_of(supervisor)
    assert "Plans to review" in text_of(supervisor)


def test_a_changed_family_is_shown_and_taken_over_when_somebody_says_so(worker):
    fill_in(worker)
    do(worker, "record_wish", person="mia", says="A dog of her own.")
    do(worker, "go", step="plan")
    assert "has changed since this plan was written" in text_of(worker)
    assert "A dog of her own." in text_of(worker)
    do(worker, "plan_up_to_date")
    assert any(w.says == "A dog of her own." for w in worker.state.editor.plan.family.wishes)
    assert worker.state.editor.plan.actions[0].owner == "Health visitor"
    assert "has changed since" not in text_of(worker)


def test_a_plan_and_its_draft_are_found_again(worker, workspace):
    fill_in(worker)
    later = listening(SocialWorkerPage(workspace))
    do(later, "hello")
    assert later.state.editor.plan == worker.state.editor.plan
    do(later, "new_family")
    assert later.state.editor.key == ""
    do(later, "plan_open", key=worker.state.editor.key)
    assert later.state.family == worker.state.family
    assert later.state.step == "plan"


@pytest.mark.parametrize(
    ("act", "fields", "says"),
    [
        ("plan_shared", {"shared_with": "12 Acacia Road, BN1 4ZZ"}, "a postcode"),
        ("plan_shared", {"shared_with": "school, 01273 555 019"}, "a phone number"),
        ("plan_consent", {"person": "dana", "answer": "agrees", "says": "NHS 943 476 5919"}, "an NHS number"),
        ("plan_consent", {"person": "dana", "answer": "perhaps"}, "Choose what fits best"),
        ("plan_measure", {"person": "mia", "what": "x", "value": "many", "better": "more", **dated("on")}, "Give a number"),
        ("plan_measure", {"person": "nobody", "what": "x", "value": "1", "better": "more", **dated("on")}, "Choose from the list"),
        ("plan_keep_until", dated("until", "1", "1", "2020"), "That day has passed"),
        ("plan_keep_until", dated("until", "", "", "2030"), "the day, the month and the year"),
        ("plan_keep_until", dated("until", "31", "12", "9999"), "before the year 2101"),
        ("plan_shared", {"shared_with": "a\x00b"}, "hidden character"),
        ("plan_shared", {"shared_with": "a\ud800b"}, "hidden character"),
        ("plan_shared", {"shared_with": "x" * 201}, "Keep it under 200"),
        ("plan_shared", {"shared_with": "x" * 5000}, "Keep it under 4000"),
        ("plan_invite", {"says": "a\x1bb"}, "hidden character"),
        ("plan_consent", {"person": "dana", "answer": "agrees", "says": "a\x00b"}, "hidden character"),
        ("plan_measure", {"person": "mia", "what": "a\x00", "value": "1", "better": "more", **dated("on")}, "hidden character"),
        ("plan_measure", {"person": "mia", "what": "x", "value": "1e999", "better": "more", **dated("on")}, "Give a number"),
        ("plan_aim", {"child": "mia", **dated("by", "31", "12", "9999")}, "before the year 2101"),
        ("plan_close", {"says": ""}, "Say why the plan ends"),
        ("plan_invite", {"says": ""}, "Say whom"),
        ("plan_open", {"key": "../../etc"}, "There is no such plan"),
        ("plan_measure_out", {"index": "7"}, "no longer there"),
        ("plan_theirs", {}, "nothing to go on from"),
        ("plan_copy", {}, "nothing to keep beside"),
        ("plan_part", {"part": "x"}, "no such part"),
        ("plan_action", {"offer": "gone:dana"}, "no longer in the plan"),
        ("plan_meanwhile", {"person": "dana", "need": "x", "says": "y"}, "no longer in the plan"),
        ("plan_aim", {"child": "x"}, "no longer in the plan"),
        ("plan_review", {}, "cannot be reviewed for what became of it"),
    ],
)  # fmt: skip
def test_a_mistake_is_a_sentence_and_costs_nothing(act, fields, says, worker):
    before = worker.state.editor.saved
    do(worker, act, **fields)
    assert says in text_of(worker)
    assert worker.state.editor.saved == before


def test_no_message_leaves_a_plan_that_cannot_be_drawn(worker):
    offer = worker.state.editor.plan.package.offers[0].key
    for year in ("2100", "9999", "0001", "10000"):
        do(worker, "plan_action", offer=offer, **dated("starts", "31", "12", year), **dated("review", "31", "12", year))  # fmt: skip
        do(worker, "go", step="plan")
        assert worker.state.step == "plan"
        assert "Something went wrong" not in text_of(worker)


def test_a_name_for_a_label_is_warned_of(worker):
    do(
        worker,
        "record_details",
        family_label="Rosalind Carter",
        **dated("assessed", "02", "11", "2026"),
    )
    do(worker, "go", step="plan")
    assert "looks like a full name" in text_of(worker)


def test_what_people_typed_stays_words(worker, supervisor):
    evil = "<img src=x onerror=alert(1)>"
    fill_in(worker)
    offer = worker.state.editor.plan.package.offers[0]
    do(worker, "plan_action", **{**action(offer), **dict.fromkeys(("owner", "change", "noticed", "contingency"), evil)})  # fmt: skip
    do(worker, "plan_consent", person="dana", answer="partly", says=evil)
    do(worker, "plan_send")
    plan = worker.state.editor.plan
    do(supervisor, "open", key=plan.key)
    do(supervisor, "decide", line=lines_of(plan)[0], verdict="query", says=evil)
    do(worker, "plan_open", key=plan.key)
    for page in (worker, supervisor):
        assert "<img" not in page.html
        assert "&lt;img" in page.html


def test_a_training_has_a_supervisor_of_its_own_and_invented_families_only(workspace):
    training = replace(workspace, training=True)
    page = listening(SocialWorkerPage(training))
    do(page, "hello")
    text = write_family(decided()[0])
    do(page, "open_text", text=text.replace("invented: true", "invented: false"))
    do(page, "plan_begin")
    assert "only invented families" in text_of(page)
    do(page, "new_family")
    do(page, "open_text", text=text)
    do(page, "go", step="plan")
    do(page, "plan_begin")
    plan = sent(page)
    reviewer = listening(SupervisorPage(training))
    do(reviewer, "hello")
    do(reviewer, "open", key=plan.key)
    assert "Training" in text_of(reviewer)
    agree_to_all(reviewer, plan)
    do(reviewer, "approve", seen=plan.content, says="")
    assert is_approved(reviewer.state.plan)
    assert workspace.store.plans(None) == (), "what is practised stands in a file of its own"


def test_the_queue_says_in_words_what_to_look_at_and_filters(worker, supervisor):
    plan = sent(worker)
    words = text_of(do_and(supervisor, "queue", queue="all"))
    assert "questions about safety are open" in words
    assert "since today" in words
    assert "No plan waits" not in words
    assert "No plan has that in its label" in text_of(do_and(supervisor, "look_for", label="Zebra"))
    assert "1 plan with" in text_of(do_and(supervisor, "look_for", label="larkfield"))
    do(supervisor, "open", key=plan.key)
    do(supervisor, "child", child="mia")
    assert 'aria-pressed="true" id="child-mia"' in supervisor.html
    do(supervisor, "child", child="")
    do(supervisor, "look_again")
    assert supervisor.state.looks is not None
    assert "Look again" in text_of(supervisor) or "Nothing that is open" in text_of(supervisor)


def test_patterns_show_no_count_under_five(worker, workspace, supervisor):
    plan = sent(worker)
    store, who = workspace.store, workspace.colleague
    for number in range(5):
        text = text_of(do_and(supervisor, "go", step="patterns"))
        assert (f"{CATALOGUE.label(plan.package.gaps[0].need)}:" in text) == (number == 4)
        if number < 4:
            begun = store.begin(
                plan.family, plan.package, who, workspace.now(), team=("Ruth Hale",)
            )
            assert begun.revision == 1


def test_the_day_of_a_review_is_offered_with_its_rule(worker, workspace):
    assert "The core group meets at least every six weeks" in text_of(worker)
    offer = worker.state.editor.plan.package.offers[0]
    assert offer.starts_week == 1
    # An invented family was assessed some time ago: its plan begins today all the same.
    starts = workspace.today()
    while not is_working_day(starts):
        starts += datetime.timedelta(days=1)
    due = review_day("action", offer.children, worker.state.family, CATALOGUE, starts).day
    for name, day in (("starts", starts), ("review", due)):
        form = worker.html.split(f'id="act-{line_id(offer.key)}-{name}"')[1].split("</fieldset>")[0]
        # Beside the fields, and in none of them: nobody has said it yet.
        assert f'data-fill="{day.isoformat()}"' in form
        assert not re.findall(r'value="\d+"', form)


def test_keeping_everything_makes_no_suggested_day_a_statement(worker):
    do(worker, "plan_keep_all")
    plan = worker.state.editor.plan
    assert not any(action.starts or action.review for action in plan.actions)
    assert not any(aim.by for aim in plan.aims)


def together(page, act, *forms, **fields):
    """A button that keeps what is on the page first."""
    page.receive({"act": act, "fields": fields, "forms": [{"act": a, "fields": f} for a, f in forms]})  # fmt: skip


def test_one_button_keeps_everything_that_was_begun_and_stops_at_what_is_wrong(worker):
    first, second = worker.state.editor.plan.package.offers[:2]
    wrong = {"shared_with": "12 Acacia Road, BN1 4ZZ", "form": "shared"}
    together(
        worker, "plan_part", ("plan_action", action(first)), ("plan_shared", wrong), ("plan_action", action(second)),
        part="check",
    )  # fmt: skip
    assert [a.offer for a in worker.state.editor.plan.actions] == [first.key, second.key]
    assert "a postcode" in text_of(worker)
    assert worker.state.chosen.get("part") != "check"
    kept = [m["kept"] for m in worker.sent if "kept" in m]
    assert kept == [f"act-{line_id(o.key)}" for o in (first, second)]

    together(worker, "plan_part", ("plan_shared", {"shared_with": "school", "form": "shared"}), part="check")  # fmt: skip
    assert worker.state.editor.plan.shared_with == ("school",)
    assert worker.state.chosen["part"] == "check"


def test_only_forms_of_the_plan_come_along_and_nonsense_does_not(worker):
    before = worker.state.editor.saved
    together(worker, "plan_part", ("plan_close", {"says": "So."}), ("plan_send", {}), ("x", {}), part="check")  # fmt: skip
    for forms in ("x", [1], [{"act": "plan_shared"}], [{"act": "plan_shared", "fields": {"a": 1}}]):
        worker.receive({"act": "plan_part", "fields": {"part": "write"}, "forms": forms})
    assert worker.state.editor.saved == before


def test_nothing_is_sent_while_something_is_begun_and_not_kept(worker):
    fill_in(worker)
    do(worker, "plan_send", begun="an answer about Mia")
    assert worker.state.editor.plan.state is PlanState.DRAFT
    assert "Begun and not kept yet: an answer about Mia" in text_of(worker)
    do(worker, "plan_send", begun="")
    assert worker.state.editor.plan.state is PlanState.SUBMITTED


def test_what_is_kept_while_two_have_written_is_added_and_nothing_is_lost(worker, workspace):
    other = bo_beside(worker, workspace)
    do(other, "plan_shared", shared_with="police")
    offer = worker.state.editor.plan.package.offers[0]
    do(worker, "plan_shared", shared_with="zoo keeper")
    do(worker, "plan_action", **action(offer, "The lighthouse keeper"))
    do(worker, "plan_consent", person="dana", answer="partly", says="Not on Mondays.")
    assert worker.state.editor.mine.action(offer.key).owner == "The lighthouse keeper"
    assert "The lighthouse keeper" in worker.html.split('id="two-h"')[1].split("</section>")[0]
    do(worker, "plan_theirs")
    for words in ("zoo keeper", "The lighthouse keeper", "Not on Mondays."):
        assert words in text_of(worker)
    assert worker.state.editor.plan.action(offer.key).owner == ""


def test_a_return_is_seen_without_loading_the_page_anew(worker, supervisor):
    plan = sent(worker)
    worker.receive({"beat": 1})
    assert "It is with the supervisor." in text_of(worker)
    do(supervisor, "open", key=plan.key)
    do(supervisor, "return_plan", says="Say who speaks with Luke.")
    assert "all of it is new to you" not in text_of(supervisor)
    assert "Ruth Hale sent it back on" in text_of(supervisor)
    worker.receive({"beat": 2})
    assert "Say who speaks with Luke." in text_of(worker)


def test_a_queue_shows_what_was_sent_meanwhile(worker, supervisor):
    do(supervisor, "queue", queue="waiting")
    assert "No plan waits for a decision" in text_of(supervisor)
    sent(worker)
    supervisor.receive({"beat": 1})
    assert "The Larkfield family" in text_of(supervisor)
    drawn = supervisor.html
    supervisor.receive({"beat": 2})
    assert supervisor.html is drawn


def test_a_question_is_answered_while_the_plan_is_mended(worker, supervisor):
    plan = sent(worker)
    line = lines_of(plan)[0]
    do(supervisor, "open", key=plan.key)
    do(supervisor, "decide", line=line, verdict="query", says="Who speaks with Luke?")
    do(supervisor, "return_plan", says="See my question.")
    do(worker, "plan_open", key=plan.key)
    do(worker, "plan_again")
    assert f'id="reply-{line_id(line)}-form"' in worker.html
    do(worker, "plan_reply", line=line, says="A colleague.")
    assert worker.state.editor.plan.remarks[-1].says == "A colleague."


def test_what_a_supervisor_looks_at_first_is_told_to_the_worker_before_sending(worker, supervisor):
    fill_in(worker)
    do(worker, "plan_shared", shared_with="both parents")
    do(worker, "plan_part", part="check")
    assert "They will look at this first" in text_of(worker)
    assert "Through “both parents” the plan may reach Luke." in text_of(worker)
    do(worker, "plan_send")
    do(supervisor, "open", key=worker.state.editor.key)
    words = text_of(supervisor)
    assert "Through “both parents”" in words
    assert "The very same words stand for Mia and Theo." in words
    assert "What was assessed" in words
    do(supervisor, "tell_changes")
    told = supervisor.state.told[2]
    assert "who is responsible" in told
    assert told.endswith("and 3 more: what is done")


def test_the_whole_plan_counts_its_gaps_as_the_queue_does(worker, supervisor):
    plan = sent(worker)
    do(supervisor, "queue", queue="waiting")
    assert f"{len(plan.package.gaps)} gap" in text_of(supervisor)


def test_a_note_with_an_approval_points_at_nobody(worker, supervisor):
    plan = sent(worker)
    do(supervisor, "open", key=plan.key)
    agree_to_all(supervisor, plan)
    do(supervisor, "approve", seen=plan.content, says="See 12 Acacia Road, BN1 4ZZ.")
    assert "a postcode" in text_of(supervisor)
    assert supervisor.state.plan.state is PlanState.SUBMITTED


def test_a_conflict_shows_only_what_one_wrote_oneself(worker, workspace):
    do(worker, "plan_invite", says="Bo")
    do(worker, "plan_shared", shared_with="school")
    other = listening(SocialWorkerPage(replace(workspace, user="Bo")))
    do(other, "hello")
    do(other, "plan_open", key=worker.state.editor.key)
    do(other, "plan_shared", shared_with="school\npolice")
    do(worker, "plan_consent", person="dana", answer="partly", says="Not on Mondays.")
    (only,) = worker.state.editor.mine_and_theirs()
    assert only.what == "Dana’s word on the plan"
    assert worker.html.count('id="notice"') == 1
    assert "That could not be done" not in text_of(worker)


def test_what_is_wrong_in_a_form_is_said_beside_a_conflict(worker, workspace):
    other = bo_beside(worker, workspace)
    do(other, "plan_shared", shared_with="police")
    first, second = worker.state.editor.plan.package.offers[:2]
    wrong = {**action(second), **dated("review", "1", "1", "20xx")}
    together(worker, "plan_part", ("plan_action", action(first)), ("plan_action", wrong), part="check")  # fmt: skip
    assert worker.state.editor.mine.action(first.key).owner == "Health visitor"
    assert worker.state.mistaken_form == f"act-{line_id(second.key)}"
    assert "Bo saved this plan while you were writing" in text_of(worker)
    assert worker.state.chosen.get("part") != "check"


def test_a_supervisor_decides_nothing_while_a_question_is_begun(worker, supervisor):
    plan = sent(worker)
    do(supervisor, "open", key=plan.key)
    agree_to_all(supervisor, plan)
    for act in ("approve", "return_plan"):
        do(supervisor, act, seen=plan.content, says="So.", begun="what you ask about Mia")
        assert "Begun and not recorded yet: what you ask about Mia" in text_of(supervisor)
    assert supervisor.state.plan.state is PlanState.SUBMITTED


def test_an_answer_pressed_twice_stands_once(worker, supervisor):
    plan = sent(worker)
    line = lines_of(plan)[0]
    for _ in range(2):
        do(worker, "plan_reply", line=line, says="A colleague of mine.")
    assert [r.says for r in worker.state.editor.plan.remarks] == ["A colleague of mine."]


def test_a_supervisor_is_told_that_the_plan_being_read_was_saved_meanwhile(worker, supervisor):
    plan = sent(worker)
    do(supervisor, "open", key=plan.key)
    supervisor.receive({"beat": 1})
    assert "has saved this plan since" not in text_of(supervisor)
    do(worker, "plan_again")
    supervisor.receive({"beat": 2})
    assert "Jo Marsh has saved this plan since you opened it." in text_of(supervisor)
    do(supervisor, "open", key=plan.key)
    assert "has saved this plan since" not in text_of(supervisor)


def test_an_answer_is_among_what_changed_and_the_harm_under_its_child(worker, supervisor):
    plan = sent(worker)
    line = lines_of(plan)[0]
    do(supervisor, "open", key=plan.key)
    do(supervisor, "decide", line=line, verdict="query", says="Who speaks with Luke?")
    do(supervisor, "return_plan", says="See my question.")
    do(worker, "plan_open", key=plan.key)
    do(worker, "plan_again")
    do(worker, "plan_reply", line=line, says="A colleague of mine.")
    do(worker, "plan_send")
    do(supervisor, "open", key=plan.key)
    changes = supervisor.html.split('id="ch-h"')[1].split("</section>")[0]
    assert "A colleague of mine." in changes


# --- papers ---


@pytest.fixture
def papers(worker):
    """The worker's page with the papers of a plan that is filled in."""
    fill_in(worker)
    do(worker, "plan_part", part="paper")
    return worker


def show(page, whose):
    do(page, "paper_show", whose=whose, form="paper")
    return page


def saved_files(page):
    return [message for message in page.sent if "save" in message]


def test_the_whole_plan_is_shown_and_handed_over_as_a_file(papers):
    assert "Which paper?" in text_of(papers)
    show(papers, "worker:")
    assert "What was assessed" in text_of(papers)
    for ending, start in ((".docx", b"PK"), (".html", b"<!doctype html>"), (".pdf", b"%PDF")):
        do(papers, "paper_save", ending=ending)
        assert saved_files(papers)[-1]["name"] == f"support-plan{ending}"
        assert papers.buffers[-1][0].startswith(start)
    for ending in (".json", ".csv"):
        do(papers, "paper_save", ending=ending)
        assert saved_files(papers)[-1]["name"] == f"plan{ending}"
    do(papers, "paper_save", ending=".exe")
    assert "a paper ends in" in text_of(papers)


def test_a_familys_copy_is_saved_only_once_somebody_has_read_and_ticked_it(papers):
    show(papers, "parent:luke")
    assert "Left out of it" in text_of(papers)
    assert "Not checked: do not give to anyone" in papers.html
    do(papers, "paper_save", ending=".docx")
    assert "Read the copy through and tick" in text_of(papers)
    do(papers, "paper_tick", seen="0" * 64)
    assert "has changed since you read it" in text_of(papers)
    assert saved_files(papers) == []

    seen = re.search(r'data-seen="([0-9a-f]{64})"', papers.html)[1]
    do(papers, "paper_tick", seen=seen)
    assert "Not checked" not in papers.html
    do(papers, "paper_save", ending=".json")
    assert "no paper for anybody else" in text_of(papers)
    do(papers, "paper_save", ending=".html")
    assert saved_files(papers)[-1]["name"] == "plan-for-an-adult.html"
    assert b"Not checked" not in papers.buffers[-1][0]

    # Another word in it, or another person's copy, has to be read again.
    luke = next(o for o in papers.state.editor.plan.package.offers if o.people == ("luke",))
    do(papers, "plan_action", **{**action(luke), "change": "He stops."})
    do(papers, "paper_save", ending=".html")
    assert "Read the copy through and tick" in text_of(papers)
    show(papers, "parent:dana")
    do(papers, "paper_save", ending=".html")
    assert "Read the copy through and tick" in text_of(papers)
    assert len(saved_files(papers)) == 1


def test_a_paper_that_cannot_be_is_a_sentence_and_the_one_before_stays(papers):
    show(papers, "worker:")
    for whose in ("x:", "parent:nobody", "child:dana", "child:", "../../etc"):
        show(papers, whose)
        assert "That could not be done" in text_of(papers), whose
        assert papers.state.editor.paper[0] == "worker"
    do(papers, "plan_part", part="write")
    do(papers, "new_family")
    do(papers, "paper_save", ending=".docx")
    assert saved_files(papers) == []


def test_the_councils_text_stands_in_blocks_to_be_copied(papers):
    show(papers, "council:")
    assert papers.html.count("data-copy=") == 13
    assert "Mia: What we are worried about" in text_of(papers)
    do(papers, "paper_save", ending=".txt")
    assert "MIA" in papers.buffers[-1][0].decode().upper()


def test_a_review_opens_what_is_flagged_and_never_folds_safety(worker, supervisor):
    plan = sent(worker)
    do(supervisor, "open", key=plan.key)
    html = supervisor.html
    # Each answer on which an offer rests stands there once, open, with what it lets in.
    table = html[html.index('id="in-h"') : html.index('id="li-h"')]
    assert "<details" not in table
    assert table.count("Is Mia safe in the care of Dana?") == 1
    assert "SafeCare" in table
    before = html[: html.index('id="li-h"')]
    for step in plan.package.safety_steps:
        assert step.says.split(".")[0].replace("'", "&#39;") in before
    # A line beside which nothing stands is one row; what it says is folded, and in brief beside it.
    assert "Health visitor, from" in text_of(supervisor)
    lines = html[html.index('id="li-h"') :].split('class="dec"')[1:]
    flagged = [bool(re.search(r'class="small beside', line)) for line in lines]
    opened = [bool(re.search(r'<details class="wide" open', line)) for line in lines]
    assert opened == flagged
    assert not all(opened)


def test_a_state_is_read_whole_and_of_long_words_only_what_changed_is_marked():
    long = "The health visitor looks in on the first Monday of each month and rings the school."
    short, longer = change_lines(
        (
            Change(kind="changed", about="offer", what="Help", before="proposed", after="accepted"),
            Change(kind="changed", about="action", what="Help", before=long, after=long.replace("Monday", "Friday")),
        )
    )  # fmt: skip
    assert (short["was"], short["now"], short["parts"]) == ("proposed", "accepted", ())
    assert longer["was"] == ""
    assert ("gone", "Monday ") in longer["parts"]
    assert ("new", "Friday ") in longer["parts"]
