"""Days for reviews, offered from the rules of procedure: England's working days, weeks and months."""

import calendar
import datetime
from dataclasses import dataclass
from functools import cache

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.records import Timescale
from cpassist.family.family import Family
from cpassist.family.vocabulary import Legal
from cpassist.plans.plan import LAST_YEAR

A_DAY = datetime.timedelta(days=1)
# Of several standings of one child the first here decides: its rule is the stricter one.
STRICTEST_FIRST = (
    Legal.PROTECTION_PLAN,
    Legal.PRE_PROCEEDINGS,
    Legal.CARE_PROCEEDINGS,
    Legal.LOOKED_AFTER,
    Legal.SUPERVISION_ORDER,
    Legal.CHILD_IN_NEED,
    Legal.FAMILY_HELP,
)


@dataclass(frozen=True, kw_only=True, repr=False)
class DueDay:
    """A day on which something is due, and the rule that gives it."""

    day: datetime.date
    rule: Timescale


@cache
def _bank_holidays(year: int) -> frozenset[datetime.date]:
    import holidays  # noqa: PLC0415  only whoever plans days waits for it

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: datetime.date) -> bool:
    """Neither a Saturday or Sunday nor a bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def working_days_after(day: datetime.date, number: int) -> datetime.date:
    """The day that many working days later; earlier for a negative number."""
    step = A_DAY if number > 0 else -A_DAY
    left = abs(number)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def _months_after(day: datetime.date, months: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def due_after(day: datetime.date, rule: Timescale) -> datetime.date:
    """The last day that a rule leaves, on a working day: what falls on another is done before it."""
    if rule.unit == "working_days":
        return working_days_after(day, rule.after)
    due = (
        day + datetime.timedelta(weeks=rule.after)
        if rule.unit == "weeks"
        else _months_after(day, rule.after)
    )
    return due if is_working_day(due) else working_days_after(due, -1)


def review_day(
    about: str,
    children: tuple[str, ...],
    family: Family,
    catalogue: Catalogue,
    start: datetime.date,
) -> DueDay | None:
    """When something about certain children is reviewed by the rules; None where there is no rule.

    `about` is action or child. Of several children the one with the strictest standing decides.
    """
    if start.year > LAST_YEAR:
        return None
    standings = {standing for key in children for standing in family.person(key).legal}
    for standing in STRICTEST_FIRST:
        if standing in standings:
            rule = _rule(catalogue, about, standing)
            if rule is not None:
                return DueDay(day=due_after(start, rule), rule=rule)
    rule = _rule(catalogue, about, None)
    return None if rule is None else DueDay(day=due_after(start, rule), rule=rule)


def _rule(catalogue: Catalogue, about: str, standing: Legal | None) -> Timescale | None:
    fitting = (
        rule
        for rule in catalogue.timescales
        if rule.about == about and (standing in rule.legal if standing else not rule.legal)
    )
    return next(fitting, None)


def steps_of_procedure(family: Family, catalogue: Catalogue) -> tuple[Timescale, ...]:
    """What else the rules ask for the standings in this family, to be kept in mind."""
    standings = {standing for child in family.children for standing in child.legal}
    return tuple(
        rule
        for rule in catalogue.timescales
        if rule.about == "family" and (not rule.legal or standings & set(rule.legal))
    )
