"""What a supervisor should look at first in one plan: words about the plan, never a score of the family."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from cpassist.catalogue.named_in_code import DOMESTIC_ABUSE_VICTIM
from cpassist.catalogue.vocabulary import Certainty
from cpassist.family.vocabulary import ActionLevel
from cpassist.harm.causing import abusing_an_adult
from cpassist.planning.package.offers import names
from cpassist.plans.days import begins_late, full_weeks, moved
from cpassist.plans.lifecycle import doubted
from cpassist.plans.plan import (
    NOT_SIMPLY_CONTINUED,
    Agreement,
    Became,
    CasePlan,
    PlanState,
)
from cpassist.plans.shared_with import may_reach_them

THIN = frozenset({Certainty.EARLY, Certainty.UNCLEAR})
# Ours: the interval of core groups is the yardstick for how long a child may go unseen alone.
LONG_UNSEEN = 42
LATEST_MONTHS = 13
"""Months from the package to the day by which something must have changed for a child; ours."""
LATE_BEGINNING = 6
"""Weeks between a package and the beginning of its plan."""
HALF_A_YEAR = datetime.timedelta(days=184)
"""Later reviews of a child protection plan are at most six months apart."""
OPEN_SAFETY = frozenset({"safety_question_open", "step_question", "harmer_not_recorded"})


@dataclass(frozen=True, kw_only=True, repr=False)
class Attention:
    """Something that a supervisor should look at first, with whom and what it is about, by label and key."""

    why: str
    who: str = ""
    need: str = ""
    number: int = 0
    help_: str = ""
    """An intervention by key, where it is about one."""


def attention_to(plan: CasePlan) -> tuple[Attention, ...]:
    """What should be looked at first, in that order."""
    parts = (
        _about_safety,
        _about_needs,
        _about_children,
        _about_days,
        _about_aims,
        _about_people,
        _about_the_rest,
    )
    return tuple(dict.fromkeys(found for part in parts for found in part(plan)))


def _about_safety(plan: CasePlan) -> Iterator[Attention]:
    for finding in plan.package.findings:
        if finding.code == "immediate_danger":
            who = ", ".join(plan.family.label_of(key) for key in finding.about)
            yield Attention(why="danger", who=who)
    yield from _found_wanting(plan)
    open_questions = sum(finding.code in OPEN_SAFETY for finding in plan.package.findings)
    if open_questions:
        yield Attention(why="safety_open", number=open_questions)
    for line in may_reach_them(plan):
        yield Attention(why="may_reach", who=line)


def _about_needs(plan: CasePlan) -> Iterator[Attention]:
    for gap in plan.package.gaps:
        need = plan.family.need(gap.person, gap.need)
        if need and need.level == ActionLevel.NEEDS_HELP_NOW:
            who = plan.family.label_of(gap.person)
            yield Attention(why="help_now_unanswered", who=who, need=gap.need)
    if rests_on_the_victim(plan):
        yield Attention(why="rests_on_victim")
    for key in without_anything(plan):
        yield Attention(why="without_anything", who=plan.family.label_of(key))


def _about_children(plan: CasePlan) -> Iterator[Attention]:
    for child in plan.family.children:
        aim = plan.aim(child.key)
        if not child.is_unborn and aim.seen_by and not aim.seen_on:
            yield Attention(why="not_seen_alone", who=child.label)
        elif aim.seen_on:
            days = (plan.package.planned_on - datetime.date.fromisoformat(aim.seen_on)).days
            if days > LONG_UNSEEN:
                yield Attention(why="seen_long_ago", who=child.label, number=days // 7)
    same = same_words(plan)
    if same:
        yield Attention(why="same_words", who=names(same, plan.family))


def _about_days(plan: CasePlan) -> Iterator[Attention]:
    for full in full_weeks(plan):
        who = plan.family.label_of(full.person)
        yield Attention(why="too_full", who=who, number=full.minutes)
    for why, number in (
        ("days_moved", len(moved(plan))),
        ("reviewed_late", len(reviewed_late(plan))),
    ):
        if number:
            yield Attention(why=why, number=number)
    weeks = begins_late(plan)
    if weeks > LATE_BEGINNING:
        yield Attention(why="begins_late", number=weeks)


def _about_aims(plan: CasePlan) -> Iterator[Attention]:
    for child in plan.family.children:
        by = plan.aim(child.key).by
        if by:
            months = (datetime.date.fromisoformat(by) - plan.package.planned_on).days // 30
            if months > LATEST_MONTHS:
                yield Attention(why="due_late", who=child.label, number=months)


def _about_people(plan: CasePlan) -> Iterator[Attention]:
    for consent in plan.consents:
        if consent.answer in {Agreement.DISAGREES, Agreement.PARTLY}:
            yield Attention(why="does_not_agree", who=plan.family.label_of(consent.person))


def _about_the_rest(plan: CasePlan) -> Iterator[Attention]:
    open_lines = len(unanswered(plan))
    if open_lines and plan.state in {PlanState.DRAFT, PlanState.SUBMITTED}:
        yield Attention(why="unanswered", number=open_lines)
    returns = sum(d.state is PlanState.RETURNED for d in plan.decisions)
    if returns and plan.state is not PlanState.RETURNED:
        yield Attention(why="was_returned", number=returns)
    thin = sum(all(a.certainty in THIN for a in offer.answers) for offer in plan.package.offers)
    if thin:
        yield Attention(why="thin_evidence", number=thin)


def _found_wanting(plan: CasePlan) -> Iterator[Attention]:
    """What a review found that must not be passed over: harm first, then what goes on all the same."""
    offers = {offer.key: offer for offer in plan.package.offers}
    # What a review found binds until a later one says otherwise, also in versions that are no review.
    lines = (
        *plan.reviewed_offers,
        *offers,
        *(f"aim:{child.key}" for child in plan.family.children),
        *(f"gap:{gap.person}:{gap.need}" for gap in plan.package.gaps),
    )
    found = {key: plan.last_found(key) for key in dict.fromkeys(lines)}
    for key, one in found.items():
        if one and one.became is Became.MADE_WORSE:
            kind, _, rest = key.partition(":")
            people = rest.split(":")[0].split(",")
            who = names([p.key for p in plan.family.people if p.key in people], plan.family)
            if kind in {"aim", "gap"}:
                yield Attention(why="grew_worse", who=who, need=rest.partition(":")[2])
            else:
                yield Attention(why="did_harm", who=who, help_=kind)
    for key, one in found.items():
        if one and one.became in NOT_SIMPLY_CONTINUED and key in offers:
            yield Attention(why=f"goes_on_{one.became.value}", help_=offers[key].intervention)


def reviewed_late(plan: CasePlan) -> tuple[str, ...]:
    """Offers that are first looked at again more than half a year after they begin."""
    late = []
    for action in plan.actions:
        if action.starts and action.review:
            starts, review = map(datetime.date.fromisoformat, (action.starts, action.review))
            if review - starts > HALF_A_YEAR:
                late.append(action.offer)
    return tuple(offer.key for offer in plan.package.offers if offer.key in late)


def unanswered(plan: CasePlan) -> tuple[str, ...]:
    """Lines under question or disagreement to which nobody of the team has written anything since."""
    last = {remark.line: remark for remark in plan.remarks}
    return tuple(line for line in doubted(plan) if line in last and last[line].verdict is not None)


def same_words(plan: CasePlan) -> tuple[str, ...]:
    """Children of whom a plan says the very same: what must change, or what the child says."""
    said: dict[tuple[str, str], list[str]] = {}
    for child in plan.family.children:
        aim = plan.aim(child.key)
        for name in ("change", "child_says"):
            words = " ".join(getattr(aim, name).casefold().split())
            for person in plan.family.people:
                # A copy with another name in it is a copy.
                words = words.replace(person.label.casefold(), "·")
            if words:
                said.setdefault((name, words), []).append(child.key)
    alike = {key for keys in said.values() if len(keys) > 1 for key in keys}
    return tuple(child.key for child in plan.family.children if child.key in alike)


def without_anything(plan: CasePlan) -> tuple[str, ...]:
    """Children, and adults with a need, for whom no offer is made."""
    family = plan.family
    reached = {
        key
        for offer in plan.package.offers
        for answer in offer.answers
        for key in (*offer.people, answer.person, *answer.children)
    }
    return tuple(
        person.key
        for person in (*family.children, *family.adults)
        if person.key not in reached and (person.is_child or family.needs_of(person.key))
    )


def rests_on_the_victim(plan: CasePlan) -> bool:
    """Whether somebody abuses, somebody is abused, and nothing in the plan asks anything of the first."""
    causing = abusing_an_adult(plan.family)
    victims = {n.person for n in plan.family.needs if n.need == DOMESTIC_ABUSE_VICTIM}
    asked = {key for offer in plan.package.offers for key in offer.people}
    return bool(victims & asked and causing and not causing & asked)
