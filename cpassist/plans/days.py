"""What the days of a plan do to the weeks of its package: what moved, what comes too soon, whose week is too full."""

import datetime
import statistics
from dataclasses import dataclass

from cpassist.planning.package.offers import Offer
from cpassist.plans.plan import CasePlan

A_WEEK = 7


@dataclass(frozen=True, kw_only=True, repr=False)
class FullWeek:
    """The fullest week of one person by the days of the plan, where the package did not plan as much."""

    person: str
    minutes: int
    planned: int
    """The fullest week in the package."""
    limit: int | None
    begins: datetime.date


def runs_already(plan: CasePlan, offer: Offer) -> bool:
    """Whether an offer began before the package of today, on the very day that was approved then."""
    starts = plan.action(offer.key).starts
    return is_as_approved(plan, offer) and "" < starts < plan.package.planned_on.isoformat()


def is_as_approved(plan: CasePlan, offer: Offer) -> bool:
    """Whether an offer starts on the day that was approved last."""
    approved = {a.offer: a.starts for a in plan.then.actions} if plan.then else {}
    return approved.get(offer.key) == plan.action(offer.key).starts


def begins_on(plan: CasePlan, offer: Offer) -> datetime.date | None:
    """The day on which an offer starts by the plan; None where nobody has said."""
    starts = plan.action(offer.key).starts
    return datetime.date.fromisoformat(starts) if starts else None


def first_day(plan: CasePlan) -> datetime.date:
    """The day that most of the plan's days take for the first of the package's weeks.

    A plan that begins three weeks later as a whole has moved nothing.
    """
    meant = [
        starts.toordinal() - A_WEEK * (offer.starts_week - 1)
        for offer in plan.package.offers
        if (starts := begins_on(plan, offer)) and not runs_already(plan, offer)
    ]
    if not meant:
        return plan.package.planned_on
    return datetime.date.fromordinal(statistics.median_low(meant))


def moved_weeks(plan: CasePlan, offer: Offer) -> int:
    """By how many whole weeks an offer begins later (or, below 0, sooner) than the package has it."""
    starts = begins_on(plan, offer)
    if starts is None or runs_already(plan, offer):
        return 0
    days = (starts - first_day(plan)).days - A_WEEK * (offer.starts_week - 1)
    return int(days / A_WEEK)


def moved(plan: CasePlan) -> tuple[Offer, ...]:
    """The offers that begin a week or more away from where the package has them."""
    return tuple(offer for offer in plan.package.offers if moved_weeks(plan, offer))


def too_soon(plan: CasePlan) -> tuple[tuple[Offer, Offer], ...]:
    """(offer, the one that has to come first) where the days turn round what a rule wants."""
    offers = {offer.key: offer for offer in plan.package.offers}
    found = []
    for offer in offers.values():
        starts = begins_on(plan, offer)
        if starts is None:
            continue
        for first in (offers[key] for key in offer.needs_first if key in offers):
            if runs_already(plan, offer) and is_as_approved(plan, first):
                continue
            other = begins_on(plan, first)
            # What stands in one week of the package may begin on one day as well.
            apart = first.starts_week < offer.starts_week
            if other and (starts < other or (apart and starts == other)):
                found.append((offer, first))
    return tuple(found)


def begins_late(plan: CasePlan) -> int:
    """By how many weeks the plan as a whole begins after its package; 0 where nobody has said a day."""
    return max(0, (first_day(plan) - plan.package.planned_on).days // A_WEEK)


def full_weeks(plan: CasePlan) -> tuple[FullWeek, ...]:
    """Each person whom the days of the plan ask for more in one week than the package, and than they can give."""
    zero = first_day(plan)
    minutes: dict[tuple[str, int], int] = {}
    for offer in plan.package.offers:
        starts = begins_on(plan, offer)
        week = round((starts - zero).days / A_WEEK) if starts else offer.starts_week - 1
        for person in offer.people:
            for at in range(week, week + offer.weeks_high):
                minutes[person, at] = minutes.get((person, at), 0) + offer.minutes_per_week
    found = []
    for person in dict.fromkeys(person for person, _ in minutes):
        weeks = {at: total for (who, at), total in minutes.items() if who == person}
        at = max(weeks, key=lambda week: (weeks[week], -week))
        planned = max(
            (w.minutes + w.assumed_minutes for w in plan.package.load if w.person == person),
            default=0,
        )
        limit = plan.family.limits.minutes_per_week.get(person)
        if weeks[at] > max(planned, limit or 0):
            begins = zero + datetime.timedelta(weeks=at)
            found.append(
                FullWeek(
                    person=person, minutes=weeks[at], planned=planned, limit=limit, begins=begins
                )
            )
    return tuple(found)
