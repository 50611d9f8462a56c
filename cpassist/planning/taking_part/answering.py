"""What one intervention is to one need: on what evidence, for which children, and what it asks of them."""

import datetime
from collections.abc import Sequence
from math import ceil
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import AgeRow, Asks, Intervention
from cpassist.catalogue.records import Assumption
from cpassist.catalogue.vocabulary import Whose
from cpassist.family.records import Need
from cpassist.harm.ties import children_meant
from cpassist.planning.candidates import (
    Answers,
    Load,
    Question,
)
from cpassist.planning.taking_part.age_fit import age_fit, carrying, rows_for


def outside_words(intervention: Intervention, need: Need, question: Question) -> str:
    """Which ages go with what was found for this need, and who is outside them."""
    family, catalogue = question.family, question.catalogue
    rows = [
        ages
        for row in intervention.evidence_for(need.need)
        if row.may_be_offered_on
        for ages in rows_for(intervention, row, catalogue)
    ] or list(intervention.ages_read)
    whose = family.label_of(need.person)
    of_child = catalogue.need_types[need.need].whose is Whose.CHILD
    if not rows:
        adult = intervention.adult_ages
        return (
            f"It is for adults of {range_words(adult.low, adult.high)}; {whose} is not, or may not be."
            if adult
            else f"{intervention.title} is for another age."
        )
    ranges = " and ".join(
        range_words(low, high) for low, high in sorted({(a.low, a.high) for a in rows})
    )
    if not of_child:
        return (
            f"Tested or offered for children of {ranges}; no child whom {whose}'s need affects is "
            "surely that old."
        )
    low, high = family.age(need.person, question.on)
    inside_another = any(ages.low <= low and high <= ages.high for ages in intervention.ages_read)
    more = " Its other ages go with other findings." if inside_another else ""
    partly = any(ages.low <= high and low <= ages.high for ages in rows)
    who = f"{whose} may be older or younger than that" if partly else f"{whose} is outside that"
    return f"Tested or offered for this at {ranges}; {who}.{more}"


def range_words(low: int, high: int) -> str:
    """Ages in months, both ends included, as people say them: "0 to 5", "12 to 26 months"."""
    if low < 0:
        return f"{-low} months before birth to {_until(high)}"
    if low % 12 == 0 and high % 12 == 11:
        return f"{low // 12} to {high // 12}"
    if high < 36:
        return f"{low} to {high} months"
    unit = "month" if low == 1 else "months"
    first = f"{low} {unit}" if low % 12 and low < 36 else str(low // 12)
    return f"{first} to {_until(high)}"


def _until(high: int) -> str:
    """The last age that is inside."""
    if high < 36:
        return f"{high} months"
    return f"{high // 12}" if high % 12 in {0, 11} else f"{high // 12} years {high % 12} months"


def answers_for(
    intervention: Intervention, need: Need, question: Question, *, outside: bool
) -> Answers | None:
    """What one intervention is to one need: evidence and age fit, or None when the age is outside.

    `outside` lets an age outside every range through, for a judgement that adds it.
    """
    family, catalogue = question.family, question.catalogue
    person = family.person(need.person)
    rows = intervention.evidence_for(need.need)
    if person.is_child and catalogue.need_types[need.need].whose is Whose.CHILD:
        return _answers_at(intervention, need, question, (person.key,), outside=outside)
    if intervention.adult_ages is not None:
        low, high = family.age(person.key, question.on)
        if (
            low < intervention.adult_ages.low or high > intervention.adult_ages.high
        ) and not outside:
            return None
    kind = catalogue.need_types[need.need]
    affected = children_meant(need, kind, family)
    if not intervention.ages or not affected:
        found = carrying((row, "not_stated") for row in rows)
        return _made(
            need, question, found, affected if kind.by_a_child else tuple(sorted(need.affects))
        )
    each = {
        child: _answers_at(intervention, need, question, (child,), outside=False)
        for child in affected
    }
    fitting = [child for child in affected if each[child] is not None]
    if not fitting and outside:
        return _answers_at(intervention, need, question, affected, outside=True)
    if not fitting:
        return None
    weakest = min((a for a in each.values() if a is not None), key=lambda a: a.quality)
    return _made(
        need,
        question,
        (weakest.certainty, weakest.effect, weakest.age_fit, weakest.evidence),
        tuple(fitting),
    )


def _answers_at(
    intervention: Intervention,
    need: Need,
    question: Question,
    children: tuple[str, ...],
    *,
    outside: bool,
) -> Answers | None:
    age = question.family.age(children[0], question.on)
    rows = [
        (row, age_fit(intervention, row, age, question.catalogue))
        for row in intervention.evidence_for(need.need)
    ]
    fitting = [(row, fit) for row, fit in rows if fit != "outside"]
    found = carrying(fitting)
    if found is None and outside:
        found = carrying(rows)
    return None if found is None else _made(need, question, found, children)


def _made(need: Need, question: Question, found: Any, children: tuple[str, ...]) -> Answers | None:
    if found is None or need.level is None:
        return None
    certainty, effect, fit, evidence = found
    return Answers(
        person=need.person,
        need=need.need,
        level=need.level,
        safety=question.catalogue.need_types[need.need].safety,
        certainty=certainty,
        effect=effect,
        age_fit=fit,
        evidence=evidence,
        children=children,
        of_child=question.catalogue.need_types[need.need].whose is Whose.CHILD,
    )


# Beyond a year, and the waiting time here, nothing is planned, so nobody has to know.
FURTHEST_WEEK = 53


def last_week_of_age(
    intervention: Intervention, answers: tuple[Answers, ...], question: Question, wait: int | None
) -> int | None:
    """The last week in which it can begin while each child whose need it answers is inside its ages.

    `wait` is how many weeks one waits for it here. None where the week is further away than anything is planned, or
    no source states an age.
    """
    furthest = FURTHEST_WEEK + (wait or 0)
    ages = intervention.ages_read
    weeks = [
        _last_week(answer.person, ages, question, furthest)
        for answer in answers
        if answer.of_child and ages and answer.age_fit in {"tested", "offered"}
    ]
    return min((week for week in weeks if week is not None), default=None)


def _last_week(child: str, ages: Sequence[AgeRow], question: Question, furthest: int) -> int | None:
    def is_inside(week: int) -> bool:
        start = question.on + datetime.timedelta(weeks=week - 1)
        low, high = question.family.age(child, start)
        return any(row.low <= low and high <= row.high for row in ages)

    if is_inside(furthest):
        return None
    first, last = 1, furthest
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if is_inside(middle) else (first, middle)
    return first


def _assumed_words(asks: Asks | None, assumed: Assumption, per_week: float) -> str:
    """What of a load is ours, where a source states some of it."""
    if asks is None or not (asks.minutes or asks.sessions or asks.weeks):
        return assumed.says
    parts = [] if asks.minutes else [f"{assumed.minutes} minutes a meeting"]
    if not (asks.sessions or asks.per_week):
        parts.append(f"{per_week:g} meeting{'s' * (per_week != 1)} a week")
    if not (asks.weeks or asks.sessions):
        parts.append(f"{assumed.weeks} weeks")
    return f"Of this we assume {' and '.join(parts)}."


def load_of(intervention: Intervention, catalogue: Catalogue) -> Load:
    """Minutes a week for each who takes part, and its length in weeks; assumed where not stated."""
    asks, assumed = intervention.asks, catalogue.assumed(intervention)
    minutes = asks.minutes.high if asks and asks.minutes else None
    weeks = asks.weeks if asks else None
    sessions = asks.sessions.high if asks and asks.sessions else None
    stated = minutes is not None and (weeks is not None or sessions is not None)
    low = weeks.low if weeks else (asks.sessions.low if asks and asks.sessions else assumed.weeks)
    high = weeks.high if weeks else (sessions or assumed.weeks)
    per_week = asks.per_week if asks and asks.per_week else 1.0
    if not (asks and asks.per_week) and sessions and weeks:
        per_week = sessions / weeks.high
    elif not (asks and (asks.per_week or asks.sessions)):
        per_week = assumed.sessions / assumed.weeks
    return Load(
        minutes_per_week=ceil((minutes or assumed.minutes) * per_week),
        weeks_low=max(1, low),
        weeks_high=max(1, high),
        stated=stated,
        says="" if stated else _assumed_words(asks, assumed, per_week),
    )
