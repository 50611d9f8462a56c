"""Who may do what with a plan, and what keeps it from being sent."""

import datetime
from dataclasses import dataclass, replace
from dataclasses import field as made_of

import pytest
from example_plans import (
    BOTH,
    CATALOGUE,
    SUPERVISOR,
    WORKER,
    agreed,
    agreements,
    at,
    decided,
    drafted,
    submitted_plan,
)
from hypothesis import given
from hypothesis import strategies as st

from cpassist.codec import fingerprint
from cpassist.errors import InvalidRecord
from cpassist.family.records import FamilyMeeting
from cpassist.harm.causing import CAUSING
from cpassist.planning.package.package import Finding
from cpassist.plans.attention import attention_to
from cpassist.plans.blockers import blockers, is_attendance
from cpassist.plans.days import full_weeks, moved, too_soon
from cpassist.plans.lifecycle import (
    approved,
    begin_plan,
    changed,
    closed,
    is_approved,
    kept_until,
    remarked,
    returned,
    reviewed,
    submitted,
    superseded,
    undecided,
    verdict_on,
)
from cpassist.plans.plan import (
    CONTENT,
    NOT_SIMPLY_CONTINUED,
    Action,
    Agreement,
    Aim,
    Became,
    Consent,
    Measure,
    NotAllowed,
    PlanState,
    Progress,
    Remark,
    Verdict,
    lines_of,
)


@pytest.fixture
def draft():
    return drafted()


@pytest.fixture
def sent():
    return submitted_plan()


def test_a_plan_that_says_everything_is_not_held_up(draft):
    assert blockers(draft, CATALOGUE) == ()


def test_an_empty_plan_says_all_that_is_missing_with_its_place():
    plan = begin_plan("k", *decided(), WORKER, team=("bo",))

    found = blockers(plan, CATALOGUE)

    places = {(b.about, b.field) for b in found}
    for offer in plan.package.offers:
        for field in ("owner", "starts", "review", "change", "noticed", "contingency"):
            assert (f"offer:{offer.key}", field) in places
    for child in plan.family.children:
        for field in ("change", "how_much", "by", "child_says", "parents_say"):
            assert (f"aim:{child.key}", field) in places
    assert ("plan", "shared_with") in places
    assert {about for about, field in places if field == "answer"} == {
        "consent:dana",
        "consent:luke",
    }
    assert all(b.says.endswith((".", "?")) for b in found)


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("Dana attends all sessions.", True),
        ("Luke completes the programme", True),
        ("Dana engages with services.", True),
        ("Mia attends school every day.", False),
        ("Dana keeps all her appointments.", True),
        ("Dana keeps the house warm.", False),
        ("Mia sleeps through the night.", False),
        ("Mia is calm when she goes to bed after the group.", False),
    ],
)
def test_going_to_something_is_no_change(words, held):
    assert is_attendance(words) is held


def test_an_offer_that_nobody_decided_on_holds_the_plan(draft):
    offers = tuple(replace(o, judged=None) for o in draft.package.offers)
    plan = replace(draft, package=replace(draft.package, offers=offers))

    found = blockers(plan, CATALOGUE)

    assert {b.field for b in found} == {"judged"}
    assert len(found) == len(offers)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"starts": ""}, "from which day"),
        ({"starts": "2026-10-01"}, "before the day of this plan"),
        ({"review": "2026-11-10"}, "after the start"),
        ({"review": ""}, "reviewed on which day"),
    ],
)
def test_a_day_that_cannot_be_is_said(draft, action, words):
    first, *rest = draft.actions
    plan = replace(draft, actions=(replace(first, **action), *rest))

    (found,) = blockers(plan, CATALOGUE)

    assert words in found.says


@pytest.mark.parametrize(
    "made",
    [
        lambda: Action(offer="x", starts="2026-13-01"),
        lambda: Action(offer="x", review="2026-11"),
        lambda: Aim(child="x", by="9999-12-31"),
        lambda: Aim(child="x", child_says="a\x00b"),
        lambda: Consent(person="x", answer=Agreement.AGREES, says="a\ud800"),
        lambda: Remark(line="plan", by="x", at=at(), says="\u202eabc"),
        lambda: Progress(offer="x", version=1, became=Became.HELPED, says="x" * 4001),
        lambda: begin_plan("k", *decided(), replace(WORKER, name="a\x1b")),
    ],
)
def test_what_cannot_be_kept_cannot_be_made(made):
    with pytest.raises(InvalidRecord):
        made()


def test_whoever_does_not_agree_is_heard_in_their_words(draft):
    luke = Consent(person="luke", answer=Agreement.AGREES)
    plan = replace(draft, consents=(Consent(person="dana", answer=Agreement.DISAGREES), luke))
    (found,) = blockers(plan, CATALOGUE)
    assert (found.about, found.field) == ("consent:dana", "says")

    dana = Consent(person="dana", answer=Agreement.DISAGREES, says="Too much.")
    heard = replace(plan, consents=(dana, luke))
    assert blockers(heard, CATALOGUE) == ()


def test_what_blocks_stops_sending(draft):
    with pytest.raises(NotAllowed, match=r"cannot be sent yet\. Who gets this plan"):
        submitted(draft, WORKER, at(), ("Who gets this plan?",))


def test_nobody_approves_what_they_wrote_in(draft):
    shared = changed(draft, BOTH, shared_with=("school", "nursery"))
    sent = submitted(shared, WORKER, at(), ())

    with pytest.raises(NotAllowed, match="Nobody reviews a plan that they wrote in"):
        approved(sent, BOTH, at(), sent.content)

    assert is_approved(approved(agreed(sent), SUPERVISOR, at(), sent.content))


def test_whoever_decided_on_an_offer_or_whose_words_were_copied_wrote(draft):
    family, package = decided()
    signed = family.with_changes(judgements=tuple(replace(j, by="bo") for j in family.judgements))
    assert "bo" in begin_plan("k", signed, package, WORKER).authors
    assert "bo" in begin_plan("k", family, package, WORKER, authors=("bo",)).authors
    assert "bo" in changed(draft, WORKER, family=signed).authors


def test_a_doubt_outweighs_anothers_agreement_and_an_author_reviews_nothing(sent):
    line = lines_of(sent)[0]
    sue = replace(SUPERVISOR, name="sue")
    doubt = Remark(line=line, by="sam", at=at(), says="No.", verdict=Verdict.RETURN)
    plan = remarked(agreed(sent), SUPERVISOR, doubt)
    plan = remarked(plan, sue, Remark(line=line, by="sue", at=at(), verdict=Verdict.AGREE))
    with pytest.raises(NotAllowed, match="1 line of it is under question or disagreement"):
        approved(plan, sue, at(), plan.content)

    by_bo = agreed(sent, BOTH)
    again = submitted(changed(by_bo, BOTH, shared_with=("x",)), WORKER, at(), ())
    assert undecided(again) == lines_of(again)


def test_a_plan_that_was_sent_is_kept_no_shorter_by_its_worker(sent):
    longer = kept_until(sent, WORKER, "2030-01-01")
    with pytest.raises(NotAllowed, match="ask a supervisor to shorten it"):
        kept_until(longer, WORKER, "2026-12-01")
    assert kept_until(longer, SUPERVISOR, "2026-12-01").keep_until == "2026-12-01"


def test_whoever_wrote_in_an_earlier_version_approves_no_later_one(sent):
    first = approved(agreed(sent), SUPERVISOR, at(), sent.content)
    second = changed(first, BOTH, shared_with=("health visitor",))
    third = submitted(changed(second, WORKER, shared_with=("school",)), WORKER, at(), ())

    with pytest.raises(NotAllowed, match="wrote in"):
        approved(third, BOTH, at(), third.content)


def test_a_worker_reviews_nothing_and_a_supervisor_writes_nothing(sent, draft):
    with pytest.raises(NotAllowed, match="Only a supervisor"):
        approved(sent, replace(WORKER, name="will"), at(), sent.content)
    with pytest.raises(NotAllowed, match="Only a supervisor"):
        returned(sent, replace(WORKER, name="will"), at(), "So.")
    with pytest.raises(NotAllowed, match="Only a worker"):
        changed(draft, SUPERVISOR, shared_with=())
    with pytest.raises(NotAllowed, match="Only a worker"):
        begin_plan("k", *decided(), SUPERVISOR)
    with pytest.raises(NotAllowed, match="Only a worker"):
        submitted(draft, SUPERVISOR, at(), ())


def test_what_is_signed_is_what_was_read(sent, draft):
    with pytest.raises(NotAllowed, match="changed since you opened it"):
        approved(sent, SUPERVISOR, at(), "0" * 64)
    other = submitted(changed(draft, WORKER, shared_with=("police",)), WORKER, at(), ())
    with pytest.raises(NotAllowed, match="changed since you opened it"):
        approved(other, SUPERVISOR, at(), sent.content)


def test_every_part_of_the_content_counts(draft):
    for name, value in {
        "actions": draft.actions[1:],
        "aims": draft.aims[1:],
        "meanwhile": draft.meanwhile[1:],
        "progress": (Progress(offer="x", version=1, became=Became.HELPED),),
        "measures": (
            Measure(person="mia", what="Days", on="2026-11-02", value=3, more_is_better=True),
        ),
        "availability": (),
        "consents": (),
        "shared_with": ("police",),
        "led_by": "Family help lead practitioner",
        "meeting": FamilyMeeting(offered_on="2026-11-02"),
        "family": draft.family.with_changes(label="Another"),
        "package": replace(draft.package, rules_fingerprint="another"),
    }.items():
        assert name in CONTENT
        assert replace(draft, **{name: value}).content != draft.content, name
    assert replace(draft, authors=("x",), remarks=(), version=9).content == draft.content


def test_a_field_that_is_added_later_changes_no_fingerprint():
    @dataclass(frozen=True, kw_only=True)
    class Then:
        label: str
        note: str = ""

    @dataclass(frozen=True, kw_only=True)
    class Now(Then):
        added: tuple[str, ...] = ()
        listed: list[str] = made_of(default_factory=list)

    assert fingerprint([Then(label="Mia")]) == fingerprint([Now(label="Mia")])
    assert fingerprint(Now(label="Mia", added=("x",))) != fingerprint(Then(label="Mia"))
    assert fingerprint(Then(label="Mia", note="x")) != fingerprint(Then(label="Mia"))


def test_an_approved_plan_that_is_edited_is_a_new_version_that_nobody_approved(sent):
    signed = approved(agreed(sent), SUPERVISOR, at(), sent.content)

    edited = changed(signed, WORKER, shared_with=("school", "police"))

    assert (edited.version, edited.state) == (2, PlanState.DRAFT)
    assert is_approved(signed)
    assert not is_approved(edited)
    assert not is_approved(replace(edited, state=PlanState.APPROVED))
    assert superseded(signed).state is PlanState.SUPERSEDED


def test_a_plan_that_was_sent_and_is_edited_has_to_be_sent_again(sent):
    edited = changed(sent, WORKER, shared_with=("police",))
    assert (edited.version, edited.state) == (2, PlanState.DRAFT)
    with pytest.raises(NotAllowed, match="a draft, so it cannot be reviewed"):
        approved(edited, SUPERVISOR, at(), edited.content)


def test_a_return_and_a_close_need_a_reason(sent):
    for words in ("", "  "):
        with pytest.raises(NotAllowed, match="needs a reason"):
            returned(sent, SUPERVISOR, at(), words)
        with pytest.raises(NotAllowed, match="needs a reason"):
            closed(sent, WORKER, at(), words)
    back = returned(sent, SUPERVISOR, at(), "Who looks after Theo on Fridays?")
    assert back.state is PlanState.RETURNED
    assert back.decisions[-1].because == "Who looks after Theo on Fridays?"


def test_a_line_that_is_queried_holds_the_approval_until_it_is_settled(sent):
    line = lines_of(sent)[0]
    query = Remark(line=line, by="sam", at=at(1), says="Why now?", verdict=Verdict.QUERY)
    queried = remarked(agreed(sent), SUPERVISOR, query)
    with pytest.raises(NotAllowed, match="1 line of it is under question"):
        approved(queried, SUPERVISOR, at(), queried.content)

    answered = remarked(
        queried, WORKER, Remark(line=line, by="wanda", at=at(2), says="Dana asked.")
    )
    with pytest.raises(NotAllowed, match="1 line of it is under question"):
        approved(answered, SUPERVISOR, at(), answered.content)
    settled = remarked(
        answered, SUPERVISOR, Remark(line=line, by="sam", at=at(3), verdict=Verdict.AGREE)
    )
    assert [r.by for r in settled.remarks[-3:]] == ["sam", "wanda", "sam"]
    assert is_approved(approved(settled, SUPERVISOR, at(4), settled.content))


def test_nobody_signs_lines_on_which_nobody_has_decided(sent):
    first, *others = agreements(sent)
    partly = remarked(sent, SUPERVISOR, first)
    assert undecided(partly) == tuple(remark.line for remark in others)
    with pytest.raises(NotAllowed, match=f"{len(others)} lines of it are without a decision"):
        approved(partly, SUPERVISOR, at(), partly.content)
    with pytest.raises(NotAllowed, match="no longer in the plan"):
        remarked(sent, SUPERVISOR, replace(first, line="offer:nothing"))


@pytest.mark.parametrize("kind", ["offer", "gap", "aim"])
def test_a_verdict_stands_while_its_line_stays_as_it_was(kind, sent):
    line = next(line for line in lines_of(sent) if line.startswith(kind))
    key = line.partition(":")[2]
    signed = approved(agreed(sent), SUPERVISOR, at(), sent.content)
    changes = {
        "offer": {
            "actions": tuple(
                replace(a, owner="Another") if a.offer == key else a for a in sent.actions
            )
        },
        "gap": {
            "meanwhile": tuple(
                replace(m, says="Another") if f"{m.person}:{m.need}" == key else m
                for m in sent.meanwhile
            )
        },
        "aim": {
            "aims": tuple(replace(a, change="Another") if a.child == key else a for a in sent.aims)
        },
    }[kind]
    again = submitted(changed(signed, WORKER, **changes), WORKER, at(2), ())

    assert undecided(again) == (line,)
    with pytest.raises(NotAllowed, match="1 line of it is without a decision"):
        approved(again, SUPERVISOR, at(), again.content)
    assert undecided(submitted(changed(signed, WORKER, shared_with=("x",)), WORKER, at(), ())) == ()


def test_a_review_says_of_each_offer_what_became_of_it(sent):
    signed = approved(agreed(sent), SUPERVISOR, at(), sent.content)
    review = reviewed(signed, WORKER)
    assert (review.version, review.review_of, review.consents) == (2, 1, ())
    wanted = [b for b in blockers(review, CATALOGUE) if b.about.startswith("found:")]
    about = [b.about.removeprefix("found:") for b in wanted]
    assert about == [
        *(o.key for o in sent.package.offers),
        *(f"aim:{child.key}" for child in sent.family.children),
        *(f"gap:{g.person}:{g.need}" for g in sent.package.gaps if g.kind != "in_place"),
    ]
    # Whoever is reviewed was seen and asked for the version before, not for this one.
    assert {(a.seen_on, a.child_says, a.parents_say) for a in review.aims} == {("", "", "")}
    assert {a.change for a in review.aims} == {a.change for a in sent.aims}

    told = changed(review, WORKER, **found_all(review, Became.HELPED), aims=sent.aims)
    told = changed(told, WORKER, consents=sent.consents)
    assert blockers(told, CATALOGUE) == ()
    back = returned(submitted(told, WORKER, at(), ()), SUPERVISOR, at(), "Why?")
    mended = changed(back, WORKER, shared_with=("school", "police"))
    assert (mended.version, mended.review_of) == (3, 1)
    assert all(mended.found(offer) for offer in mended.reviewed_offers)
    with pytest.raises(NotAllowed, match="a draft, so it cannot be reviewed"):
        reviewed(mended, WORKER)


def found_all(review, became, says=""):
    return {
        "progress": tuple(
            Progress(offer=key, version=review.version, became=became, says=says)
            for key in review.reviewed_offers
        )
    }


@pytest.mark.parametrize("became", sorted(NOT_SIMPLY_CONTINUED))
def test_what_did_not_help_goes_on_only_with_a_reason(became, sent):
    signed = approved(agreed(sent), SUPERVISOR, at(), sent.content)
    review = changed(reviewed(signed, WORKER), WORKER, aims=sent.aims, consents=sent.consents)
    told = changed(review, WORKER, **found_all(review, became, "Shouting every evening."))

    held = blockers(told, CATALOGUE)
    assert {b.field for b in held} == {"goes_on_because"}
    assert [b.about for b in held] == [f"offer:{o.key}" for o in sent.package.offers]

    reasons = tuple(replace(a, goes_on_because="The worker changes.") for a in told.actions)
    assert blockers(changed(told, WORKER, actions=reasons), CATALOGUE) == ()


def test_harm_that_a_review_finds_needs_words_and_undoes_every_agreement_on_it(sent):
    signed = approved(agreed(sent), SUPERVISOR, at(), sent.content)
    review = reviewed(signed, WORKER)
    line = f"offer:{review.package.offers[0].key}"
    assert verdict_on(review, line) is Verdict.AGREE, "until it is known what became of it"

    worse = changed(review, WORKER, **found_all(review, Became.MADE_WORSE))

    assert {b.about for b in blockers(worse, CATALOGUE) if b.field == "says"} == {
        f"found:{key}" for key in review.reviewed_offers
    }
    for offer in review.package.offers:
        assert verdict_on(worse, f"offer:{offer.key}") is None
    first = attention_to(worse)[0]
    assert (first.why, first.help_) == ("did_harm", review.package.offers[0].intervention)
    assert {"grew_worse", "goes_on_made_worse"} <= {a.why for a in attention_to(worse)}


@pytest.mark.parametrize(
    ("who", "held"),
    [
        ("Luke", True),
        ("luke, stepfather", True),
        ("Dana and Luke", True),
        ("Luke's probation officer", False),
        ("Luke’s solicitor", False),
        ("Lukewarm Ltd", False),
        ("\uff2c\uff55\uff4b\uff45", True),
        ("everyone except Luke", False),
        ("L u k e", True),
        ("L\u00f9ke", True),
        ("Dana", False),
        ("school", False),
    ],
)
def test_whoever_causes_harm_does_not_get_the_plan(who, held, draft):
    plan = changed(draft, WORKER, shared_with=("school", who))
    assert bool(blockers(plan, CATALOGUE)) is held
    if held:
        (found,) = blockers(plan, CATALOGUE)
        assert (found.about, found.field) == ("plan", "shared_with")
        assert "recorded as causing harm" in found.says


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("Luke's probation officer", True),
        ("both parents", True),
        ("the family", True),
        ("Dad", True),
        ("Dana, their mother", False),
        ("Dana (mum)", False),
        ("Theo's dad", True),
        ("Mia’s stepfather", True),
        ("Dana and her boyfriend", True),
        ("School, nursery, Dana, Theo's father", True),
        ("the couple", True),
        ("the family home", True),
        ("everyone except Luke", True),
        ("Family Help team", False),
        ("the adults", True),
        ("Dana and her fella", True),
        ("her other half", True),
        ("L\u00f9ke's aunt", True),
        ("Family Rights Group", False),
        ("Cafcass guardian", False),
        ("foster carers", False),
        ("Young carers service", False),
        ("ex-army mentor", False),
        ("Dana and her partner", True),
        ("Family Hub", False),
        ("school", False),
    ],
)
def test_where_a_plan_may_reach_whoever_causes_harm_is_said(who, may, draft):
    plan = changed(draft, WORKER, shared_with=(who,))
    assert (("may_reach", who) in {(a.why, a.who) for a in attention_to(plan)}) is may
    nobody = plan.family.with_changes(
        needs=tuple(replace(n, harmed_by=None) for n in plan.family.needs if n.need not in CAUSING)
    )
    harmless = replace(plan, family=nobody)
    assert not {"may_reach"} & {a.why for a in attention_to(harmless)}


def test_what_has_to_come_first_may_not_be_turned_round_by_a_day(draft):
    offer = next(o for o in draft.package.offers if o.needs_first)
    first = draft.package.offer(offer.needs_first[0])
    late = tuple(
        replace(a, starts="2027-09-01") if a.offer == first.key else a for a in draft.actions
    )
    held = blockers(changed(draft, WORKER, actions=late), CATALOGUE)
    assert (f"offer:{offer.key}", "starts") in {(b.about, b.field) for b in held}
    assert any("has to come first" in b.says for b in held)


@given(st.integers(-3, 30))
def test_a_plan_that_begins_later_as_a_whole_has_moved_nothing(weeks):
    plan = drafted()
    later = tuple(
        replace(a, starts=(datetime.date.fromisoformat(a.starts) + datetime.timedelta(weeks=weeks)).isoformat())
        for a in plan.actions
    )  # fmt: skip
    shifted = replace(plan, actions=later)
    assert moved(shifted) == ()
    assert full_weeks(shifted) == ()
    assert too_soon(shifted) == ()


def test_days_that_crowd_a_week_are_said_with_their_minutes(draft):
    day = max(a.starts for a in draft.actions)
    plan = replace(draft, actions=tuple(replace(a, starts=day) for a in draft.actions))

    found = attention_to(plan)

    assert {"days_moved", "too_full"} <= {a.why for a in found}
    for full in full_weeks(plan):
        asked = sum(o.minutes_per_week for o in plan.package.offers if full.person in o.people)
        assert full.planned < full.minutes <= asked


def test_what_goes_on_may_have_begun_before_the_review(sent):
    signed = approved(agreed(sent), SUPERVISOR, at(), sent.content)
    later = replace(sent.package, planned_on=sent.package.planned_on + datetime.timedelta(weeks=12))
    review = changed(reviewed(signed, WORKER), WORKER, package=later)
    assert not [b for b in blockers(review, CATALOGUE) if "starts before" in b.says]
    plain = changed(signed, WORKER, package=later)
    assert not [b for b in blockers(plain, CATALOGUE) if "starts before" in b.says]
    # A day that is typed anew is no day on which it really began.
    moved_back = tuple(replace(a, starts="2026-10-26") for a in plain.actions)
    again = changed(plain, WORKER, actions=moved_back)
    assert len([b for b in blockers(again, CATALOGUE) if "starts before" in b.says]) == len(moved_back)  # fmt: skip


def test_a_remark_is_in_ones_own_name_and_says_something(sent):
    with pytest.raises(NotAllowed, match="another person's name"):
        remarked(sent, WORKER, Remark(line="plan", by="sam", at=at(), says="Fine."))
    with pytest.raises(NotAllowed, match="says nothing"):
        remarked(sent, WORKER, Remark(line="plan", by="wanda", at=at(), says=" "))
    with pytest.raises(NotAllowed, match="needs words"):
        remarked(sent, SUPERVISOR, Remark(line="plan", by="sam", at=at(), verdict=Verdict.RETURN))
    with pytest.raises(NotAllowed, match="Only a supervisor"):
        remarked(sent, WORKER, Remark(line="plan", by="wanda", at=at(), says="So.", verdict=Verdict.AGREE))  # fmt: skip


def test_what_has_ended_is_not_changed(sent):
    ended = closed(sent, WORKER, at(), "The family moved away.")
    for act in (
        lambda: changed(ended, WORKER, shared_with=()),
        lambda: submitted(ended, WORKER, at(), ()),
        lambda: approved(ended, SUPERVISOR, at(), ended.content),
        lambda: returned(ended, SUPERVISOR, at(), "So."),
        lambda: closed(ended, WORKER, at(), "Again."),
        lambda: remarked(ended, WORKER, Remark(line="plan", by="wanda", at=at(), says="Hm.")),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_while_something_comes_before_any_programme_no_plan_is_sent(draft):
    danger = Finding(
        code="immediate_danger", level="blocks", about=("mia",), says="Mia is in danger."
    )
    noted = Finding(code="unmet_need", level="warns", about=("mia",), says="A gap.")
    plan = replace(draft, package=replace(draft.package, findings=(danger, noted)))

    (found,) = blockers(plan, CATALOGUE)

    assert (found.field, found.says) == ("package", "Mia is in danger.")


def a_reviewed(sent, became):
    """A review in which everything became so, approved; and a later version that is no review."""
    signed = approved(agreed(sent), SUPERVISOR, at(), sent.content)
    review = changed(reviewed(signed, WORKER), WORKER, aims=sent.aims, consents=sent.consents)
    reasons = tuple(replace(a, goes_on_because="The worker changes.") for a in review.actions)
    told = changed(review, WORKER, **found_all(review, became, "Shouting."), actions=reasons)
    again = submitted(told, WORKER, at(), ())
    return approved(agreed(again), SUPERVISOR, at(), again.content)


def test_what_a_review_found_binds_until_a_later_one_says_otherwise(sent):
    signed = a_reviewed(sent, Became.MADE_WORSE)
    without = tuple(replace(a, goes_on_because="") for a in signed.actions)
    later = changed(signed, WORKER, actions=without)
    assert (later.version, later.review_of) == (3, 0)
    assert {b.field for b in blockers(later, CATALOGUE)} == {"goes_on_because"}
    assert "goes_on_made_worse" in {a.why for a in attention_to(later)}

    better = reviewed(signed, WORKER)
    better = changed(better, WORKER, **found_all(better, Became.HELPED))
    assert not {b.field for b in blockers(better, CATALOGUE)} & {"goes_on_because"}


def test_a_review_quotes_what_was_approved_and_not_what_is_written_now(sent):
    signed = approved(agreed(sent), SUPERVISOR, at(), sent.content)
    review = reviewed(signed, WORKER)
    offer = sent.package.offers[0].key
    anew = tuple(replace(a, change="Something else.") for a in review.actions)
    review = changed(review, WORKER, actions=anew)
    assert review.planned(offer) == sent.action(offer).change
    child = sent.family.children[0].key
    assert review.planned(f"aim:{child}").startswith(sent.aim(child).change)


def test_a_gap_and_an_aim_that_grew_worse_are_decided_on_again(sent):
    signed = approved(agreed(sent), SUPERVISOR, at(), sent.content)
    review = changed(reviewed(signed, WORKER), WORKER, aims=sent.aims)
    told = changed(review, WORKER, **found_all(review, Became.MADE_WORSE, "Worse."))
    for line in lines_of(sent):
        assert verdict_on(sent_again(told), line) is None, line


def sent_again(plan):
    return submitted(plan, WORKER, at(), ())


def test_a_review_that_is_mended_keeps_the_agreement_on_what_stayed(sent):
    signed = approved(agreed(sent), SUPERVISOR, at(), sent.content)
    review = changed(reviewed(signed, WORKER), WORKER, aims=sent.aims, consents=sent.consents)
    told = sent_again(changed(review, WORKER, **found_all(review, Became.HELPED)))
    back = returned(agreed(told), SUPERVISOR, at(), "One word.")
    mended = changed(back, WORKER, shared_with=("school", "police"))
    assert undecided(mended) == ()


def test_days_that_are_long_past_or_far_off_are_said(draft):
    first, *rest = draft.actions
    child, *others = draft.aims
    odd = replace(
        draft,
        actions=(replace(first, review="2099-01-05"), *rest),
        aims=(replace(child, seen_on="2019-03-01"), *others),
    )
    assert {"reviewed_late", "seen_long_ago"} <= {a.why for a in attention_to(odd)}
    years = tuple(
        replace(a, starts=f"{int(a.starts[:4]) + 3}{a.starts[4:]}") for a in draft.actions
    )
    assert "begins_late" in {a.why for a in attention_to(replace(draft, actions=years))}
    past = replace(draft, actions=(replace(first, review="2026-11-20"), *rest))
    said = [b.says for b in blockers(past, CATALOGUE, datetime.date(2026, 11, 25))]
    assert any("the day of the review has been already" in says for says in said)


def test_a_question_without_an_answer_is_said_and_one_with_an_answer_is_not(sent):
    line = lines_of(sent)[0]
    query = Remark(line=line, by="sam", at=at(1), says="Why now?", verdict=Verdict.QUERY)
    asked = remarked(sent, SUPERVISOR, query)
    assert "unanswered" in {a.why for a in attention_to(asked)}
    answer = Remark(line=line, by="wanda", at=at(2), says="Because.")
    assert "unanswered" not in {a.why for a in attention_to(remarked(asked, WORKER, answer))}


def test_the_same_words_with_another_name_in_them_are_the_same(draft):
    aims = tuple(replace(a, child_says=f"{draft.family.label_of(a.child)} wants a dog.") for a in draft.aims)  # fmt: skip
    assert ("same_words", "Mia and Theo") in {
        (a.why, a.who) for a in attention_to(replace(draft, aims=aims))
    }


def test_what_two_reviews_find_in_the_same_words_is_read_twice(sent):
    first = a_reviewed(sent, Became.MADE_WORSE)
    second = reviewed(first, WORKER)
    found = tuple(
        replace(p, version=second.version, review_of=second.review_of)
        for p in found_all(second, Became.MADE_WORSE, "Shouting.")["progress"]
    )
    same = replace(first, version=first.version)
    told = changed(
        second, WORKER, progress=(*second.progress, *found), aims=same.aims, consents=same.consents,
        actions=same.actions,
    )  # fmt: skip
    again = sent_again(told)
    assert set(undecided(again)) == set(lines_of(again))


def test_what_grew_worse_for_a_child_is_said_in_later_versions_as_well(sent):
    signed = a_reviewed(sent, Became.MADE_WORSE)
    later = changed(signed, WORKER, shared_with=("school",))
    assert later.review_of == 0
    worse = {(a.why, a.who) for a in attention_to(later)}
    for child in sent.family.children:
        assert ("grew_worse", child.label) in worse


def test_what_help_that_runs_needs_first_is_not_moved_behind_it(sent):
    signed = approved(agreed(sent), SUPERVISOR, at(), sent.content)
    offer = next(o for o in sent.package.offers if o.needs_first)
    first = sent.package.offer(offer.needs_first[0])
    later = replace(sent.package, planned_on=sent.package.planned_on + datetime.timedelta(weeks=60))
    plain = changed(signed, WORKER, package=later)
    assert too_soon(plain) == ()
    moved_on = tuple(
        replace(a, starts="2028-05-01", review="2028-08-01") if a.offer == first.key else a
        for a in plain.actions
    )
    held = blockers(changed(plain, WORKER, actions=moved_on), CATALOGUE)
    assert any(b.about == f"offer:{first.key}" and "has begun already" in b.says for b in held)


def test_a_day_far_away_by_which_a_child_must_be_better_off_is_said(draft):
    aims = tuple(replace(a, by="2045-01-01") for a in draft.aims)
    assert "due_late" in {a.why for a in attention_to(replace(draft, aims=aims))}
    assert "due_late" not in {a.why for a in attention_to(draft)}
