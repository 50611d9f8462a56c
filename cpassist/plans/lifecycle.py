"""What people do with a plan: each step gives the next plan, or refuses with a sentence.

Who may do what is decided here and nowhere else: a page or a message that asks for more gets the same refusal.
"""

import datetime
from dataclasses import replace
from typing import Any

from cpassist.catalogue.records import Availability
from cpassist.family.family import Family
from cpassist.planning.package.package import SupportPackage
from cpassist.plans.plan import (
    CONTENT,
    ApprovedBaseline,
    CasePlan,
    Colleague,
    Decision,
    Duty,
    NotAllowed,
    PlanState,
    Remark,
    Verdict,
    lines_of,
)
from cpassist.words.plan import STATE_WORDS

# --- what a worker does ---


def begin_plan(
    key: str,
    family: Family,
    package: SupportPackage,
    by: Colleague,
    availability: tuple[Availability, ...] | None = None,
    keep_until: str = "",
    team: tuple[str, ...] = (),
    authors: tuple[str, ...] = (),
) -> CasePlan:
    """A draft from a proposed package. Raises NotAllowed.

    `authors` are those whose words it takes over from another plan; whoever decided on an offer wrote too.
    """
    _must_be(by, Duty.WORKER, "begin a plan")
    return CasePlan(
        key=key,
        family=family,
        package=package,
        meeting=family.meeting,
        availability=availability,
        keep_until=keep_until,
        team=tuple(dict.fromkeys((by.name, *team))),
        authors=tuple(dict.fromkeys((by.name, *authors, *_judges(family)))),
    )


def changed(plan: CasePlan, by: Colleague, **changes: Any) -> CasePlan:
    """The plan with some of its content replaced; whatever was approved or sent becomes a new version.

    `changes` are parts of CONTENT. Raises NotAllowed.
    """
    _must_write(plan, by, "change a plan")
    if plan.state in {PlanState.SUPERSEDED, PlanState.CLOSED}:
        raise NotAllowed(
            f"This version is {STATE_WORDS[plan.state]}. Open the latest one, or begin a new plan."
        )
    if not set(changes) <= set(CONTENT):
        raise NotAllowed("Only what the plan says can be changed here.")
    taken = _judges(changes["family"]) if "family" in changes else ()
    authors = tuple(dict.fromkeys((*plan.authors, by.name, *taken)))
    fresh = replace(plan, **changes, authors=authors, state=PlanState.DRAFT)
    if plan.state is PlanState.DRAFT:
        return fresh
    then = plan.then
    if plan.state is PlanState.APPROVED:
        then = ApprovedBaseline(actions=plan.actions, meanwhile=plan.meanwhile, aims=plan.aims)
    # A version that was sent back is mended as what it was: a review stays a review.
    reviews = 0 if plan.state is PlanState.APPROVED else plan.review_of
    found = tuple(
        replace(p, version=plan.version + 1) if reviews and p.version == plan.version else p
        for p in fresh.progress
    )
    offers = plan.reviewed_offers if reviews else ()
    return replace(
        fresh,
        version=plan.version + 1,
        review_of=reviews,
        reviewed_offers=offers,
        progress=found,
        then=then,
    )


def _judges(family: Family) -> tuple[str, ...]:
    """Those who decided on what was proposed: their reasons are words of the plan."""
    return tuple(judgement.by for judgement in family.judgements if judgement.by)


def reviewed(plan: CasePlan, by: Colleague) -> CasePlan:
    """A new version that says what became of an approved one. Raises NotAllowed."""
    _must_stand(plan, PlanState.APPROVED, "reviewed for what became of it")
    planned = (
        *(offer.key for offer in plan.package.offers),
        *(f"aim:{child.key}" for child in plan.family.children),
        *(f"gap:{gap.person}:{gap.need}" for gap in plan.package.gaps if gap.kind != "in_place"),
    )
    # Everybody is seen and asked anew: what they said was about the version before.
    unasked = {"seen_by": "", "seen_on": "", "child_says": "", "parents_say": ""}
    return replace(
        changed(plan, by),
        review_of=plan.version,
        reviewed_offers=planned,
        consents=(),
        aims=tuple(replace(aim, **unasked) for aim in plan.aims),
        actions=tuple(replace(action, goes_on_because="") for action in plan.actions),
    )


def invited(plan: CasePlan, by: Colleague, name: str) -> CasePlan:
    """The plan with one more person who may write in it, as when a case changes hands. Raises NotAllowed."""
    must_read(plan, by)
    if not name.strip() or "\n" in name.strip():
        raise NotAllowed("Say whom: the name with which they sign in here.")
    return replace(plan, team=tuple(dict.fromkeys((*plan.team, name.strip()))))


def kept_until(plan: CasePlan, by: Colleague, until: str) -> CasePlan:
    """The plan with another day from which it is due for deletion. Raises NotAllowed."""
    must_read(plan, by)
    if plan.decisions and until < plan.keep_until and Duty.SUPERVISOR not in by.duties:
        raise NotAllowed(
            "A plan that was sent is kept as long as it was: ask a supervisor to shorten it."
        )
    return replace(plan, keep_until=until)


def submitted(
    plan: CasePlan, by: Colleague, at: datetime.datetime, missing: tuple[str, ...]
) -> CasePlan:
    """The plan sent for review. `missing` are the sentences of what blocks it. Raises NotAllowed."""
    _must_write(plan, by, "send a plan for review")
    _must_stand(plan, PlanState.DRAFT, "sent for review")
    if missing:
        raise NotAllowed("This plan cannot be sent yet. " + " ".join(missing))
    authors = tuple(dict.fromkeys((*plan.authors, by.name)))
    return _decided(replace(plan, authors=authors), PlanState.SUBMITTED, by, at)


def closed(plan: CasePlan, by: Colleague, at: datetime.datetime, because: str) -> CasePlan:
    """The plan ended, with a reason. Raises NotAllowed."""
    must_read(plan, by)
    if plan.state in {PlanState.SUPERSEDED, PlanState.CLOSED}:
        raise NotAllowed(f"This version is {STATE_WORDS[plan.state]} already.")
    if not because.strip():
        raise NotAllowed("Closing needs a reason. Say why the plan ends.")
    return _decided(plan, PlanState.CLOSED, by, at, because)


def must_be_forgettable(plan: CasePlan, by: Colleague | None, on: datetime.date) -> None:
    """Raises NotAllowed unless a plan may be deleted for good: it is due or closed, or was never sent.

    Without a colleague it is the keeper of the machine who asks, for whom only the day counts.
    """
    if by is not None:
        must_read(plan, by)
    never_sent = not plan.decisions and (by is None or by.name in plan.authors)
    due = plan.state is PlanState.CLOSED or (plan.keep_until and plan.keep_until <= on.isoformat())
    if not (never_sent or (due and (by is None or Duty.SUPERVISOR in by.duties))):
        raise NotAllowed(
            "A plan that was sent is deleted only by a supervisor, once it is closed or the day until which "
            "it is kept has come. Close it first, with a reason."
        )


# --- what a supervisor does ---


def remarked(plan: CasePlan, by: Colleague, remark: Remark) -> CasePlan:
    """The plan with one more entry in the thread of a line; a verdict is a supervisor's. Raises NotAllowed."""
    if plan.state in {PlanState.SUPERSEDED, PlanState.CLOSED}:
        raise NotAllowed(f"This version is {STATE_WORDS[plan.state]}. Open the latest one.")
    must_read(plan, by)
    if remark.by != by.name:
        raise NotAllowed("Nobody writes in another person's name.")
    if remark.verdict is None and not remark.says.strip():
        raise NotAllowed("An empty remark says nothing. Write what you want to say.")
    if remark.line not in {*lines_of(plan), "plan"}:
        raise NotAllowed(
            "That line is no longer in the plan. Open it again to see where it stands."
        )
    if remark.verdict is not None:
        _must_review(plan, by)
        if remark.verdict is not Verdict.AGREE and not remark.says.strip():
            raise NotAllowed(
                "A question or a disagreement needs words. Say what is to be thought about again."
            )
    of = plan.digest(remark.line) if remark.verdict else ""
    return replace(plan, remarks=(*plan.remarks, replace(remark, of=of)))


def verdict_on(plan: CasePlan, line: str) -> Verdict | None:
    """The verdict that stands on a line: each reviewer's last one, unless the line has changed since.

    A doubt outweighs another's agreement, and who has become an author is no reviewer any more.
    """
    of = plan.digest(line)
    last = {
        r.by: r
        for r in plan.remarks
        if r.line == line and r.verdict is not None and r.by not in plan.authors
    }
    stands = [r.verdict for r in last.values() if r.of == of]
    return next((v for v in stands if v is not Verdict.AGREE), stands[0] if stands else None)


def undecided(plan: CasePlan) -> tuple[str, ...]:
    """The lines on which no verdict stands."""
    return tuple(line for line in lines_of(plan) if verdict_on(plan, line) is None)


def doubted(plan: CasePlan) -> tuple[str, ...]:
    """The lines under question or disagreement."""
    lines = dict.fromkeys((*lines_of(plan), "plan"))
    return tuple(line for line in lines if verdict_on(plan, line) not in {None, Verdict.AGREE})


def returned(plan: CasePlan, by: Colleague, at: datetime.datetime, because: str) -> CasePlan:
    """The plan sent back with a reason. Raises NotAllowed."""
    _must_review(plan, by)
    if not because.strip():
        raise NotAllowed(
            "Sending it back needs a reason. Say what has to change before it comes back."
        )
    return _decided(plan, PlanState.RETURNED, by, at, because)


def approved(
    plan: CasePlan, by: Colleague, at: datetime.datetime, seen: str, because: str = ""
) -> CasePlan:
    """The plan signed by somebody who wrote nothing in it.

    `seen` is the fingerprint of what was on the reviewer's screen: nobody signs what they have not
    read. Raises NotAllowed.
    """
    _must_review(plan, by)
    if seen != plan.content:
        raise NotAllowed(
            "The plan has changed since you opened it. Read it again before you approve it."
        )
    for lines, what in (
        (
            doubted(plan),
            "{0} of it {1} under question or disagreement. Settle {2} first, or send the plan back.",
        ),
        (
            undecided(plan),
            "{0} of it {1} without a decision. Decide on each: somebody has to have read it.",
        ),
    ):
        if lines:
            one = len(lines) == 1
            words = ("1 line", "is", "it") if one else (f"{len(lines)} lines", "are", "them")
            raise NotAllowed(what.format(*words))
    return _decided(plan, PlanState.APPROVED, by, at, because)


def superseded(plan: CasePlan) -> CasePlan:
    """An approved version once a later one is approved in its place."""
    _must_stand(plan, PlanState.APPROVED, "replaced")
    return replace(plan, state=PlanState.SUPERSEDED)


def is_approved(plan: CasePlan) -> bool:
    """Whether somebody other than its authors approved exactly what it says now."""
    last = plan.decisions[-1] if plan.decisions else None
    return (
        plan.state is PlanState.APPROVED
        and last is not None
        and last.state is PlanState.APPROVED
        and last.content == plan.content
        and last.by not in plan.authors
    )


def _decided(
    plan: CasePlan, state: PlanState, by: Colleague, at: datetime.datetime, because: str = ""
) -> CasePlan:
    decision = Decision(state=state, by=by.name, at=at, content=plan.content, because=because)
    return replace(plan, state=state, decisions=(*plan.decisions, decision))


def _must_be(by: Colleague, duty: Duty, what: str) -> None:
    if duty not in by.duties:
        raise NotAllowed(f"Only a {duty} can {what}. Ask one to do it.")


def must_read(plan: CasePlan, by: Colleague) -> None:
    """Raises NotAllowed unless somebody may see a plan: they write in it, or supervise and it was sent."""
    if by.name in plan.team and Duty.WORKER in by.duties:
        return
    if not (Duty.SUPERVISOR in by.duties and (plan.decisions or by.name in plan.team)):
        raise NotAllowed(
            "This plan is not yours to see. Ask whoever writes it to let you in, or to send it for review."
        )


def _must_write(plan: CasePlan, by: Colleague, what: str) -> None:
    _must_be(by, Duty.WORKER, what)
    if by.name not in plan.team:
        raise NotAllowed("Others write this plan. Ask one of them, or a supervisor, to let you in.")


def _must_stand(plan: CasePlan, state: PlanState, what: str) -> None:
    if plan.state is not state:
        raise NotAllowed(
            f"This plan is {STATE_WORDS[plan.state]}, so it cannot be {what} now. Open it again to see "
            "where it stands."
        )


def _must_review(plan: CasePlan, by: Colleague) -> None:
    _must_be(by, Duty.SUPERVISOR, "review a plan")
    if by.name in plan.authors:
        raise NotAllowed("Nobody reviews a plan that they wrote in. Ask another supervisor.")
    _must_stand(plan, PlanState.SUBMITTED, "reviewed")
