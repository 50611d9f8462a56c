"""A plan: a package that somebody owns, what is still missing in it, and what a supervisor did with it.

Every step is a function from a plan to the next one, and refuses with a sentence. Who may do what is
decided here and nowhere else: a page or a message that asks for more gets the same refusal.
"""

import datetime
import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from cpassist.catalogue.records import Availability
from cpassist.errors import CpassistError
from cpassist.family import Family
from cpassist.planning.package import SupportPackage
from cpassist.records.canonical import canonical


class NotAllowed(CpassistError):
    """A step that this person cannot take with this plan now; says why and what to do."""


class PlanState(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    CLOSED = "closed"


STATE_WORDS = {
    PlanState.DRAFT: "a draft",
    PlanState.SUBMITTED: "with the supervisor",
    PlanState.RETURNED: "returned",
    PlanState.APPROVED: "approved",
    PlanState.SUPERSEDED: "replaced by a later version",
    PlanState.CLOSED: "closed",
}


class Duty(StrEnum):
    """What somebody does here; one person may have both."""

    WORKER = "worker"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who works with plans: the account's name and what they do here."""

    name: str
    duties: frozenset[Duty]


@dataclass(frozen=True, kw_only=True)
class Action:
    """What is done about one offer: by whom, from when, and how anybody will know that it helped."""

    offer: str
    owner: str = ""
    """Who sees to it; may be somebody of the family, by label."""
    starts: str = ""
    """YYYY-MM-DD."""
    review: str = ""
    change: str = ""
    """What will be different for the child; going to something is no change."""
    noticed: str = ""
    """How anybody will know."""
    contingency: str = ""
    """What happens if nothing changes, and what would bring it forward."""


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What must change for one child, and what the child and the parents say, each apart."""

    child: str
    change: str = ""
    how_much: str = ""
    by: str = ""
    """YYYY-MM-DD."""
    child_says: str = ""
    parents_say: str = ""


class Became(StrEnum):
    """What became of something planned, as a review finds it."""

    UNDER_WAY = "under_way"
    HELPED = "helped"
    HELPED_PARTLY = "helped_partly"
    NO_CHANGE = "no_change"
    MADE_WORSE = "made_worse"
    NOT_BEGUN = "not_begun"
    NOT_TO_BE_HAD = "not_to_be_had"
    DECLINED = "declined"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What a review found about one offer; what the family did not want is no trial that failed."""

    offer: str
    version: int
    """The version of the plan in which it was found."""
    became: Became
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One value of something that is counted over time for one person, whatever is done."""

    person: str
    what: str
    """Such as "Days at nursery in a week"; the same words are the same measure."""
    on: str
    """YYYY-MM-DD."""
    value: float
    more_is_better: bool


class Agreement(StrEnum):
    """What somebody said to the plan."""

    AGREES = "agrees"
    PARTLY = "partly"
    DISAGREES = "disagrees"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What one person of the family says to the plan, in their words."""

    person: str
    answer: Agreement
    says: str = ""


class Verdict(StrEnum):
    """What a supervisor makes of one line."""

    AGREE = "agree"
    QUERY = "query"
    RETURN = "return"


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One entry in the thread of a line: a verdict, or words of either side."""

    line: str
    """offer:<offer>, gap:<person>:<need>, aim:<child> or plan."""
    by: str
    at: datetime.datetime
    says: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What was done with a plan as a whole, and with exactly which content."""

    state: PlanState
    by: str
    at: datetime.datetime
    content: str
    """SHA-256 of what was decided on."""
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class CasePlan:
    """One version of a plan. It stands by itself: the family, the package and the catalogue as they were."""

    key: str
    family: Family
    package: SupportPackage
    version: int = 1
    state: PlanState = PlanState.DRAFT
    actions: tuple[Action, ...] = ()
    aims: tuple[Aim, ...] = ()
    consents: tuple[Consent, ...] = ()
    shared_with: tuple[str, ...] = ()
    availability: tuple[Availability, ...] | None = None
    """What was to be had here when the package was made; None where no local directory was loaded."""
    review_of: int = 0
    """The approved version that this one reviews; 0 where it reviews none."""
    reviewed_offers: tuple[str, ...] = ()
    """The offers of that version: of each the review says what became of it."""
    progress: tuple[Progress, ...] = ()
    measures: tuple[Measure, ...] = ()
    keep_until: str = ""
    """YYYY-MM-DD: from then on it is due for deletion."""
    authors: tuple[str, ...] = ()
    """Everybody who wrote in this plan, in whatever version: none of them approves it."""
    remarks: tuple[Remark, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def action(self, offer: str) -> Action:
        """What is planned for an offer; empty where nobody has said yet."""
        return next((a for a in self.actions if a.offer == offer), Action(offer=offer))

    def aim(self, child: str) -> Aim:
        return next((a for a in self.aims if a.child == child), Aim(child=child))

    def found(self, offer: str) -> Progress | None:
        """What this version found about an offer of the version it reviews."""
        here = (p for p in self.progress if (p.offer, p.version) == (offer, self.version))
        return next(here, None)

    def consent(self, person: str) -> Consent:
        """What somebody said; not asked where nobody wrote anything down."""
        unasked = Consent(person=person, answer=Agreement.NOT_ASKED)
        return next((c for c in self.consents if c.person == person), unasked)

    @property
    def content(self) -> str:
        """SHA-256 over a canonical form of all that is decided on: the family, the package with the
        fingerprints of catalogue and rules, actions, aims, views, what a review found, and who the plan
        is shared with.
        """
        return hashlib.sha256(canonical(_content(self)).encode()).hexdigest()


CONTENT = (
    "family",
    "package",
    "availability",
    "actions",
    "aims",
    "consents",
    "shared_with",
    "progress",
    "measures",
)


def _content(plan: CasePlan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in CONTENT}


# --- what a worker does ---


def begin_plan(
    key: str,
    family: Family,
    package: SupportPackage,
    by: Colleague,
    availability: tuple[Availability, ...] | None = None,
    keep_until: str = "",
) -> CasePlan:
    """A draft from a proposed package. Raises NotAllowed."""
    _must_be(by, Duty.WORKER, "begin a plan")
    return CasePlan(
        key=key,
        family=family,
        package=package,
        availability=availability,
        keep_until=keep_until,
        authors=(by.name,),
    )


def changed(plan: CasePlan, by: Colleague, **changes: Any) -> CasePlan:
    """The plan with some of its content replaced; whatever was approved or sent becomes a new version.

    `changes` are parts of CONTENT. Raises NotAllowed.
    """
    _must_be(by, Duty.WORKER, "change a plan")
    if plan.state in {PlanState.SUPERSEDED, PlanState.CLOSED}:
        raise NotAllowed(
            f"This version is {STATE_WORDS[plan.state]}. Open the latest one, or begin a new plan."
        )
    if not set(changes) <= set(CONTENT):
        raise NotAllowed("Only what the plan says can be changed here.")
    authors = tuple(dict.fromkeys((*plan.authors, by.name)))
    fresh = replace(plan, **changes, authors=authors, state=PlanState.DRAFT)
    if plan.state is PlanState.DRAFT:
        return fresh
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
    )


def reviewed(plan: CasePlan, by: Colleague) -> CasePlan:
    """A new version that says what became of an approved one. Raises NotAllowed."""
    _must_stand(plan, PlanState.APPROVED, "reviewed for what became of it")
    offers = tuple(offer.key for offer in plan.package.offers)
    # Everybody is asked anew: what they said was about the version before.
    return replace(changed(plan, by), review_of=plan.version, reviewed_offers=offers, consents=())


def kept_until(plan: CasePlan, by: Colleague, until: str) -> CasePlan:
    """The plan with another day from which it is due for deletion. Raises NotAllowed."""
    if not by.duties:
        raise NotAllowed(
            "Somebody who has no duty here changes nothing. Ask whoever gives them out."
        )
    return replace(plan, keep_until=until)


def submitted(
    plan: CasePlan, by: Colleague, at: datetime.datetime, missing: tuple[str, ...]
) -> CasePlan:
    """The plan sent for review. `missing` are the sentences of what blocks it. Raises NotAllowed."""
    _must_be(by, Duty.WORKER, "send a plan for review")
    _must_stand(plan, PlanState.DRAFT, "sent for review")
    if missing:
        raise NotAllowed("This plan cannot be sent yet. " + " ".join(missing))
    authors = tuple(dict.fromkeys((*plan.authors, by.name)))
    return _decided(replace(plan, authors=authors), PlanState.SUBMITTED, by, at)


def closed(plan: CasePlan, by: Colleague, at: datetime.datetime, because: str) -> CasePlan:
    """The plan ended, with a reason. Raises NotAllowed."""
    if plan.state in {PlanState.SUPERSEDED, PlanState.CLOSED}:
        raise NotAllowed(f"This version is {STATE_WORDS[plan.state]} already.")
    if not because.strip():
        raise NotAllowed("Closing needs a reason. Say why the plan ends.")
    return _decided(plan, PlanState.CLOSED, by, at, because)


def must_be_forgettable(plan: CasePlan, by: Colleague, on: datetime.date) -> None:
    """Raises NotAllowed unless a plan may be deleted for good: it is due or closed, or was never sent."""
    never_sent = not plan.decisions and by.name in plan.authors
    due = plan.state is PlanState.CLOSED or (plan.keep_until and plan.keep_until <= on.isoformat())
    if not (never_sent or (due and Duty.SUPERVISOR in by.duties)):
        raise NotAllowed(
            "A plan that was sent is deleted only by a supervisor, once it is closed or the day until which "
            "it is kept has come. Close it first, with a reason."
        )


# --- what a supervisor does ---


def remarked(plan: CasePlan, by: Colleague, remark: Remark) -> CasePlan:
    """The plan with one more entry in the thread of a line; a verdict is a supervisor's. Raises NotAllowed."""
    if plan.state in {PlanState.SUPERSEDED, PlanState.CLOSED}:
        raise NotAllowed(f"This version is {STATE_WORDS[plan.state]}. Open the latest one.")
    if remark.by != by.name:
        raise NotAllowed("Nobody writes in another person's name.")
    if remark.verdict is None and not remark.says.strip():
        raise NotAllowed("An empty remark says nothing. Write what you want to say.")
    if remark.verdict is not None:
        _must_review(plan, by)
        if remark.verdict is not Verdict.AGREE and not remark.says.strip():
            raise NotAllowed(
                "A query or a return needs words. Say what is to be thought about again."
            )
    return replace(plan, remarks=(*plan.remarks, remark))


def verdict_on(plan: CasePlan, line: str) -> Verdict | None:
    """The verdict that stands on a line: the last one that was given."""
    given = [r.verdict for r in plan.remarks if r.line == line and r.verdict is not None]
    return given[-1] if given else None


def returned(plan: CasePlan, by: Colleague, at: datetime.datetime, because: str) -> CasePlan:
    """The plan sent back with a reason. Raises NotAllowed."""
    _must_review(plan, by)
    if not because.strip():
        raise NotAllowed("A return needs a reason. Say what has to change before it comes back.")
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
    open_ = sorted({r.line for r in plan.remarks if verdict_on(plan, r.line) not in {None, Verdict.AGREE}})  # fmt: skip
    if open_:
        number = len(open_)
        raise NotAllowed(
            f"{number} line{'s' * (number != 1)} of it {'are' if number != 1 else 'is'} queried or "
            "returned. Settle them first, or return the plan."
        )
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
