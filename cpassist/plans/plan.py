"""A plan: a package that somebody owns, who does what, what was said about it and what was decided."""

import datetime
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from cpassist.catalogue.records import Availability
from cpassist.codec import fingerprint
from cpassist.errors import CpassistError, InvalidRecord
from cpassist.family.family import Family
from cpassist.family.records import FamilyMeeting
from cpassist.family.vocabulary import check_words, read_day
from cpassist.planning.package.ordinary_steps import PackageStep
from cpassist.planning.package.package import SupportPackage


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


class Duty(StrEnum):
    """What somebody does here; one person may have both."""

    WORKER = "worker"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, kw_only=True, repr=False)
class Colleague:
    """Somebody who works with plans: the account's name and what they do here."""

    name: str
    duties: frozenset[Duty]


LONGEST_SAID = 4000
LONGEST_NAME = 200
LAST_YEAR = 2100
"""Nothing is planned for later; a day near the end of the calendar could not be reckoned with."""


class _Said:
    """What people say in a plan: words of a bearable length without hidden characters, and real days."""

    DAYS: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, str):
                check_words("The text", value, LONGEST_SAID)
                if name in self.DAYS:
                    check_day(value)


def check_day(said: str) -> None:
    """Raises InvalidRecord unless it is empty or a day that can be planned for, as YYYY-MM-DD."""
    if said:
        first, last = read_day(said)
        if first != last or first.year > LAST_YEAR:
            raise InvalidRecord(f"Give a whole day before the year {LAST_YEAR + 1}.")


@dataclass(frozen=True, kw_only=True, repr=False)
class Action(_Said):
    """What is done about one offer: by whom, from when, and how anybody will know that it helped."""

    DAYS: ClassVar[tuple[str, ...]] = ("starts", "review")

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
    goes_on_because: str = ""
    """Why it goes on although a review found that it did not help, did harm or was not wanted."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Meanwhile(_Said):
    """What is done about a need that no offer answers."""

    person: str
    need: str
    says: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)
class StepTask(_Said):
    """Who does an ordinary step that was accepted, and by when."""

    DAYS: ClassVar[tuple[str, ...]] = ("by",)

    step: str
    """The key of the step in the package: `<step>:<person>`."""
    owner: str = ""
    by: str = ""
    """YYYY-MM-DD."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Aim(_Said):
    """What must change for one child, who saw the child alone, and what child and parents say, each apart."""

    DAYS: ClassVar[tuple[str, ...]] = ("by", "seen_on")

    child: str
    change: str = ""
    how_much: str = ""
    by: str = ""
    """YYYY-MM-DD."""
    seen_by: str = ""
    """Who saw the child alone; where nobody has, why not."""
    seen_on: str = ""
    """YYYY-MM-DD; empty where nobody has."""
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


NOT_SIMPLY_CONTINUED = frozenset(
    {Became.NO_CHANGE, Became.MADE_WORSE, Became.NOT_TO_BE_HAD, Became.DECLINED}
)
"""After these an offer that stays in the plan needs a reason."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Progress(_Said):
    """What a review found about one thing planned; what the family did not want is no trial that failed."""

    offer: str
    """An offer's key, aim:<child> or gap:<person>:<need>."""
    version: int
    """The version of the plan in which it was found."""
    review_of: int = 0
    """The approved version that was reviewed: what two reviews find in the same words is found twice."""
    became: Became
    says: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)
class Measure(_Said):
    """One value of something that is counted over time for one person, whatever is done."""

    DAYS: ClassVar[tuple[str, ...]] = ("on",)

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


@dataclass(frozen=True, kw_only=True, repr=False)
class Consent(_Said):
    """What one person of the family says to the plan, in their words."""

    person: str
    answer: Agreement
    says: str = ""


class Verdict(StrEnum):
    """What a supervisor makes of one line."""

    AGREE = "agree"
    QUERY = "query"
    RETURN = "return"


@dataclass(frozen=True, kw_only=True, repr=False)
class Remark(_Said):
    """One entry in the thread of a line: a verdict, or words of either side."""

    line: str
    """offer:<offer>, step:<step>, gap:<person>:<need>, aim:<child>, found:<offer> or plan."""
    by: str
    at: datetime.datetime
    says: str = ""
    verdict: Verdict | None = None
    of: str = ""
    """What a verdict was given on: a digest of the line as it stood then."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Decision(_Said):
    """What was done with a plan as a whole, and with exactly which content."""

    state: PlanState
    by: str
    at: datetime.datetime
    content: str
    """SHA-256 of what was decided on."""
    because: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)
class ApprovedBaseline:
    """What was approved last, as it stood when a new version was begun from it."""

    actions: tuple[Action, ...] = ()
    meanwhile: tuple[Meanwhile, ...] = ()
    aims: tuple[Aim, ...] = ()


@dataclass(frozen=True, kw_only=True, repr=False)
class CasePlan:
    """One version of a plan. It stands by itself: the family, the package and the catalogue as they were."""

    key: str
    family: Family
    package: SupportPackage
    version: int = 1
    state: PlanState = PlanState.DRAFT
    actions: tuple[Action, ...] = ()
    meanwhile: tuple[Meanwhile, ...] = ()
    tasks: tuple[StepTask, ...] = ()
    """Of the ordinary steps that were accepted."""
    aims: tuple[Aim, ...] = ()
    consents: tuple[Consent, ...] = ()
    shared_with: tuple[str, ...] = ()
    led_by: str = ""
    """Who leads the plan: a role, with a label where there are several."""
    meeting: FamilyMeeting | None = None
    """The family group decision-making meeting before proceedings; None while nobody has said anything of it."""
    availability: tuple[Availability, ...] | None = None
    """What was to be had here when the package was made; None where no local directory was loaded."""
    review_of: int = 0
    """The approved version that this one reviews; 0 where it reviews none."""
    reviewed_offers: tuple[str, ...] = ()
    """What that version planned: offers by key, aim:<child>, gap:<person>:<need>. The review says of each
    what became of it.
    """
    then: ApprovedBaseline | None = None
    """What was approved last; None while nothing was."""
    progress: tuple[Progress, ...] = ()
    measures: tuple[Measure, ...] = ()
    keep_until: str = ""
    """YYYY-MM-DD: from then on it is due for deletion."""
    team: tuple[str, ...] = ()
    """Those who may write in this plan: whoever began it, and whom they or a supervisor let in."""
    authors: tuple[str, ...] = ()
    """Everybody who wrote in this plan, in whatever version: none of them approves it."""
    remarks: tuple[Remark, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def __post_init__(self) -> None:
        for name in (*self.shared_with, *self.team, self.led_by):
            check_words("The name", name, LONGEST_NAME)
        check_day(self.keep_until)

    @property
    def here(self) -> dict[str, Availability] | None:
        """What was to be had here, by intervention, as the planner takes it."""
        rows = self.availability
        return None if rows is None else {row.intervention: row for row in rows}

    def action(self, offer: str) -> Action:
        """What is planned for an offer; empty where nobody has said yet."""
        return next((a for a in self.actions if a.offer == offer), None) or Action(offer=offer)

    @property
    def accepted_steps(self) -> tuple[PackageStep, ...]:
        """The ordinary steps that somebody accepted: lines of the plan."""
        return tuple(step for step in self.package.steps if step.judged == "accept")

    def task(self, step: str) -> StepTask:
        """Who does a step and by when; empty where nobody has said yet."""
        return next((t for t in self.tasks if t.step == step), None) or StepTask(step=step)

    def done_about(self, person: str, need: str) -> str:
        """What is done about a gap; empty where nobody has said."""
        return next((m.says for m in self.meanwhile if (m.person, m.need) == (person, need)), "")

    def aim(self, child: str) -> Aim:
        return next((a for a in self.aims if a.child == child), None) or Aim(child=child)

    def found(self, offer: str) -> Progress | None:
        """What this version found about an offer of the version it reviews."""
        here = (p for p in self.progress if (p.offer, p.version) == (offer, self.version))
        return next(here, None)

    def last_found(self, offer: str) -> Progress | None:
        """What the latest review found about something planned: it binds until a later one says otherwise."""
        found = [p for p in self.progress if p.offer == offer and p.version <= self.version]
        return max(found, key=lambda p: p.version, default=None)

    def planned(self, key: str) -> str:
        """What was to become of something that is reviewed, in the words that were approved."""
        then = self.then or ApprovedBaseline(
            actions=self.actions, meanwhile=self.meanwhile, aims=self.aims
        )
        kind, _, rest = key.partition(":")
        if kind == "aim":
            aim = next((a for a in then.aims if a.child == rest), Aim(child=rest))
            return " ".join(part for part in (aim.change, aim.how_much) if part)
        if kind == "gap":
            person, _, need = rest.partition(":")
            return next(
                (m.says for m in then.meanwhile if (m.person, m.need) == (person, need)), ""
            )
        return next((a.change for a in then.actions if a.offer == key), "")

    def consent(self, person: str) -> Consent:
        """What somebody said; not asked where nobody wrote anything down."""
        said = next((c for c in self.consents if c.person == person), None)
        return said or Consent(person=person, answer=Agreement.NOT_ASKED)

    @cached_property
    def content(self) -> str:
        """SHA-256 over a canonical form of all that is decided on: the family, the package with the
        fingerprints of catalogue and rules, actions, aims, views, what a review found, and who the plan
        is shared with.
        """
        return fingerprint(self, CONTENT)

    @cached_property
    def _digests(self) -> dict[str, str]:
        return {}

    def digest(self, line: str) -> str:
        """What a verdict on a line is bound to; empty for the plan as a whole, whose verdict stands till the next."""
        if line not in self._digests:
            self._digests[line] = _line_digest(self, line)
        return self._digests[line]


def lines_of(plan: CasePlan) -> tuple[str, ...]:
    """The lines of a plan that are decided on one by one: what a review found, offers, gaps, aims."""
    return (
        *(f"found:{offer}" for offer in plan.reviewed_offers),
        *(f"offer:{offer.key}" for offer in plan.package.offers),
        *(f"step:{step.key}" for step in plan.accepted_steps),
        *(f"gap:{gap.person}:{gap.need}" for gap in plan.package.gaps),
        *(f"aim:{child.key}" for child in plan.family.children),
    )


def _line_digest(plan: CasePlan, line: str) -> str:
    kind, _, key = line.partition(":")
    said: Any = None
    if kind == "offer":
        said = [next((o for o in plan.package.offers if o.key == key), None), plan.action(key)]
    elif kind == "gap":
        person, _, need = key.partition(":")
        gap = next((g for g in plan.package.gaps if (g.person, g.need) == (person, need)), None)
        said = [gap, plan.family.need(person, need), plan.done_about(person, need)]
    elif kind == "step":
        said = [next((s for s in plan.accepted_steps if s.key == key), None), plan.task(key)]
    elif kind == "aim":
        said = [plan.aim(key), plan.family.needs_of(key)]
    elif kind == "found":
        said = [_unnumbered(plan.found(key))]
    # Whoever agreed before it was known what became of it has to decide again.
    found = plan.last_found(key if kind == "offer" else line) if kind != "found" else None
    if found and said is not None:
        said = [*said, _unnumbered(found)]
    return fingerprint(said) if said is not None else ""


def _unnumbered(found: Progress | None) -> Progress | None:
    """A finding without its version: a review that is mended says the same under another number."""
    return replace(found, version=0) if found else None


CONTENT = (
    "family",
    "package",
    "availability",
    "actions",
    "meanwhile",
    "tasks",
    "aims",
    "consents",
    "shared_with",
    "led_by",
    "meeting",
    "progress",
    "measures",
)
