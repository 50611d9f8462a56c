"""Plans for tests: an invented family, its package decided on, and everything a plan needs filled in."""

import datetime
from functools import cache

from conftest import example
from shipped import CATALOGUE

from benchmarks.generated import settled
from cpassist.family.changes import with_answer, with_judgements
from cpassist.family.records import Answer, Judgement
from cpassist.family.vocabulary import AnswerValue, Choice
from cpassist.importing.family_file import read_family
from cpassist.planning.proposal import propose
from cpassist.plans.blockers import people_to_ask
from cpassist.plans.lifecycle import begin_plan, changed, remarked, submitted
from cpassist.plans.plan import (
    Action,
    Agreement,
    Aim,
    CasePlan,
    Colleague,
    Consent,
    Duty,
    Meanwhile,
    Remark,
    Verdict,
    lines_of,
)

DAY = datetime.date(2026, 11, 2)
WORKER = Colleague(name="wanda", duties=frozenset({Duty.WORKER}))
SUPERVISOR = Colleague(name="sam", duties=frozenset({Duty.SUPERVISOR}))
BOTH = Colleague(name="bo", duties=frozenset({Duty.WORKER, Duty.SUPERVISOR}))
PEOPLE = (WORKER, SUPERVISOR, BOTH)


def at(minute: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 11, 2, 9, minute % 60, tzinfo=datetime.UTC)


@cache
def decided(name: str = "larkfield"):
    """A family whose package was gone through: every offer is accepted, nothing blocks."""
    family = settled(read_family(example(name), CATALOGUE), CATALOGUE)
    for carer in family.adults:
        for child in family.children:
            # By chance nobody might be safe, and then no plan is sent at all.
            safe = Answer(
                ask="safe_carer", person=carer.key, other=child.key, answer=AnswerValue.TRUE
            )
            family = with_answer(family, safe, two_way=False)
    for _ in range(4):
        package = propose(family, CATALOGUE, None, family.assessed_on)
        undecided = [o for o in package.offers if o.judged is None]
        if not undecided:
            return family, package
        family = with_judgements(
            family,
            *(
                Judgement(intervention=o.intervention, people=o.people, decision=Choice.ACCEPT)
                for o in undecided
            ),
        )
    raise AssertionError("the package does not come to rest")


def filled(plan: CasePlan, day: datetime.date = DAY) -> dict:
    """Everything that a plan needs before it is sent; it begins two weeks after `day`."""

    def starts(offer) -> datetime.date:
        return day + datetime.timedelta(weeks=offer.starts_week + 1)

    return {
        "actions": tuple(
            Action(
                offer=offer.key,
                owner="Dana's social worker",
                starts=starts(offer).isoformat(),
                review=(starts(offer) + datetime.timedelta(weeks=10)).isoformat(),
                change="Theo has breakfast and clean clothes every day.",
                noticed="Nursery tells us each Friday.",
                contingency="The core group meets within a week.",
            )
            for offer in plan.package.offers
        ),
        "meanwhile": tuple(
            Meanwhile(person=gap.person, need=gap.need, says="The school nurse looks in each week.")
            for gap in plan.package.gaps
        ),
        "aims": tuple(
            Aim(
                child=child.key,
                change=f"{child.label} feels safe at home.",
                how_much="No police called out for three months.",
                by=(day + datetime.timedelta(weeks=13)).isoformat(),
                seen_by="Dana's social worker",
                seen_on="2026-10-28",
                child_says=f"{child.label} wants to see her aunt more.",
                parents_say="Dana agrees.",
            )
            for child in plan.family.children
        ),
        "consents": tuple(
            Consent(person=key, answer=Agreement.AGREES) for key in people_to_ask(plan)
        ),
        "shared_with": ("school",),
    }


def ready(store, team=("bo",)):
    """A plan in a store that only has to be sent."""
    begun = store.begin(*decided(), WORKER, at(), team=team)
    return store.change(begun.plan.key, 1, WORKER, at(1), **filled(begun.plan))


@cache
def drafted() -> CasePlan:
    """A draft that says everything, in whose team BOTH is as well."""
    plan = begin_plan("k", *decided(), WORKER, team=("bo",))
    return changed(plan, WORKER, **filled(plan))


@cache
def submitted_plan() -> CasePlan:
    """The same, sent for review."""
    return submitted(drafted(), WORKER, at(), ())


def agreements(plan: CasePlan, by: Colleague = SUPERVISOR) -> tuple[Remark, ...]:
    """A reviewer's agreement with every line."""
    return tuple(
        Remark(line=line, by=by.name, at=at(), verdict=Verdict.AGREE) for line in lines_of(plan)
    )


def agreed(plan: CasePlan, by: Colleague = SUPERVISOR) -> CasePlan:
    """A plan that was sent, with its reviewer's agreement with every line."""
    for remark in agreements(plan, by):
        plan = remarked(plan, by, remark)
    return plan
