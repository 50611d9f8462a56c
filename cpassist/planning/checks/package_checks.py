"""What has to be said of a package: gaps, thin evidence, weeks that ask too much, decisions that no longer hold."""

import datetime
from collections.abc import Iterator
from itertools import permutations

from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.vocabulary import Certainty, Read
from cpassist.family.vocabulary import (
    ActionLevel,
    Choice,
    SupportState,
    When,
)
from cpassist.planning.candidates import Candidate, OpenCondition
from cpassist.planning.checks.checked import Checked, check
from cpassist.planning.package.offers import names, not_known_words
from cpassist.planning.package.package import Finding
from cpassist.planning.taking_part.support_words import is_about
from cpassist.planning.weeks.schedule import LATE_AFTER_WEEK

SETTLE_FIRST = ", settle this: "
"""Between the help that has to wait and what has to be settled first."""
MOST_STARTS = 4
START_WINDOW_WEEKS = 4
# House settings: the weeks that steadying takes, and the three months until a first review.
LATE_AFTER_WEEKS = {ActionLevel.NEEDS_HELP_NOW: LATE_AFTER_WEEK, ActionLevel.NEEDS_HELP: 13}


@check
def condition_open(checked: Checked) -> Iterator[Finding]:
    """What a rule asks for beside an offer and nobody has met or answered yet."""
    offered = {offer.key for offer in checked.package.offers}
    alike: dict[OpenCondition, list[Candidate]] = {}
    for candidate in checked.candidates:
        if candidate.key in offered:
            for condition in candidate.conditions:
                alike.setdefault(condition, []).append(candidate)
    for condition, those in alike.items():
        titles = sorted({c.intervention.title for c in those})
        people = tuple(sorted({key for c in those for key in c.people}))
        yield Finding(
            code="condition_open",
            level="asks",
            about=people,
            says=f"Before {' and '.join(titles)} ({names(people, checked.family)}){SETTLE_FIRST}{condition.says}",
            ask=condition.asked,
            holds=(),
            rule=condition.rule,
        )


@check
def brings_together(checked: Checked) -> Iterator[Finding]:
    """An offer that puts somebody in one room with whoever is recorded as harming them, since a rule allows it.

    Neglect is left out, as everywhere: much of the help for it is that very carer with that child.
    """
    label = checked.family.label_of
    for offer in checked.package.offers:
        for one, other in permutations(offer.people, 2) if offer.together else ():
            if checked.harm.has_harmed(other, one):
                title = checked.catalogue.title(offer.intervention)
                yield Finding(
                    code="brings_together",
                    level="asks",
                    about=(one, other),
                    says=(
                        f"{title} brings {label(one)} together with {label(other)}, who is recorded as harming {label(one)}. "
                        f"Before it begins get the risk looked at as it is now, check contact and any court order, and ask "
                        f"{label(one)} again, alone."
                    ),
                )


@check
def travel_not_possible(checked: Checked) -> Iterator[Finding]:
    """Help away from home for a family that cannot travel to it; support for a victim is asked about apart."""
    if checked.family.limits.transport is not False:
        return
    help_ = checked.catalogue.interventions
    away = [o for o in checked.package.offers if _is_away(help_[o.intervention])]
    support = [o for o in away if "victim_support" in help_[o.intervention].tags]
    others = sorted({help_[o.intervention].title for o in away if o not in support})
    if others:
        says = f"The family cannot travel to help. Ask where and how it can be reached: {', '.join(others)}."
        yield Finding(code="travel_not_possible", level="asks", about=(), says=says)
    for offer in support:
        who = names(offer.people, checked.family)
        says = (
            f"{who} cannot travel to {help_[offer.intervention].title}. Ask alone, by the safe way that was agreed, "
            "where to meet; not at home unless it is certain that whoever abuses will not be there or hear of it."
        )
        yield Finding(code="travel_not_possible", level="asks", about=offer.people, says=says)


@check
def may_not_be_here(checked: Checked) -> Iterator[Finding]:
    """A need of which every offer may not be given in this country: a gap until somebody has found out."""
    for need in checked.family.needs:
        if not need.is_matched or need.level is ActionLevel.KEEP_AN_EYE:
            continue
        answering = [
            offer
            for offer in checked.package.offers
            if any((a.person, a.need) == (need.person, need.need) for a in offer.answers)
        ]
        if answering and all(not_known_words(o, checked.catalogue) for o in answering):
            label = checked.family.label_of(need.person)
            what = checked.catalogue.label(need.need).lower()
            one = len(answering) == 1
            yield Finding(
                code="may_not_be_here",
                level="warns",
                about=(need.person,),
                says=(
                    f"{label}, {what}: we do not know if {'the one offer' if one else 'any of the offers'} runs in the UK. "
                    "Check that first; until you know, use the usual local service and the ordinary steps."
                ),
            )


def _is_away(intervention: Intervention) -> bool:
    setting = intervention.asks.setting if intervention.asks else ""
    return not any(word in setting for word in ("home", "any", "phone", "online"))


@check
def unmet_need(checked: Checked) -> Iterator[Finding]:
    for gap in checked.package.gaps:
        need = checked.family.need(gap.person, gap.need)
        urgent = need is not None and need.level is ActionLevel.NEEDS_HELP_NOW
        label = checked.family.label_of(gap.person)
        yield Finding(
            code="unmet_need",
            level="warns" if urgent else "notes",
            about=(gap.person,),
            says=f"Nothing here answers {checked.catalogue.label(gap.need).lower()} for {label}. {gap.says}",
        )


@check
def only_thin(checked: Checked) -> Iterator[Finding]:
    """An offer on unclear evidence: proposed because nothing better fits, never without saying so."""
    better = {
        (answer.person, answer.need)
        for offer in checked.package.offers
        for answer in offer.answers
        if answer.certainty is not Certainty.UNCLEAR
    }
    for offer in checked.package.offers:
        for answer in offer.answers:
            if (answer.person, answer.need) in better:
                continue
            if answer.certainty is Certainty.UNCLEAR:
                title = checked.catalogue.title(offer.intervention)
                yield Finding(
                    code="only_thin",
                    level="warns",
                    about=(answer.person,),
                    says=(
                        f"{title} for {checked.family.label_of(answer.person)}: the evidence is unclear, and "
                        "nothing better fits. Say so to the family, and agree how you will notice a change."
                    ),
                )


@check
def outside_tested_age(checked: Checked) -> Iterator[Finding]:
    for offer in checked.package.offers:
        if offer.judged == "add" and any(a.age_fit == "outside" for a in offer.answers):
            yield Finding(
                code="outside_tested_age",
                level="warns",
                about=offer.children,
                says=f"{checked.catalogue.title(offer.intervention)} was added outside the age it was tested or offered for.",
            )


@check
def over_limit(checked: Checked) -> Iterator[Finding]:
    """Weeks that ask more than a person's limit, and which offers pass it."""
    for person in sorted(checked.family.limits.minutes_per_week):
        over = [
            line
            for line in checked.package.load
            if line.person == person and line.minutes + line.assumed_minutes > (line.limit or 0)
        ]
        if not over:
            continue
        weeks = {line.week for line in over}
        passing = [
            checked.catalogue.title(offer.intervention)
            + (" (for safety)" if offer.phase == "safety" else " (minutes assumed)")
            for offer in checked.package.offers
            if person in offer.people
            and (offer.phase == "safety" or offer.load_basis == "assumed")
            and weeks & set(range(offer.starts_week, offer.starts_week + offer.weeks_high))
        ]
        most = max(line.minutes + line.assumed_minutes for line in over)
        yield Finding(
            code="over_limit",
            level="warns",
            about=(person,),
            says=(
                f"From week {min(weeks)} on, {checked.family.label_of(person)} is asked for up to {most} minutes a "
                f"week, over the limit of {over[0].limit}. Not held back by it: {', '.join(passing)}. Talk it "
                "through."
            ),
            rule="H3",
        )


@check
def late_start(checked: Checked) -> Iterator[Finding]:
    """A need whose help begins late: after the weeks it takes to steady where it is needed now, and after
    the first review where it is needed.
    """
    for need in checked.family.needs:
        if need.when is When.PAST or need.level not in LATE_AFTER_WEEKS:
            continue
        helping = [
            offer
            for offer in checked.package.offers
            if any((a.person, a.need) == (need.person, need.need) for a in offer.answers)
        ]
        first = min(helping, key=lambda offer: (offer.starts_week, offer.key), default=None)
        if first is None or first.starts_week <= LATE_AFTER_WEEKS[need.level]:
            continue
        label = checked.family.label_of(need.person)
        what = checked.catalogue.label(need.need).lower()
        title = checked.catalogue.title(first.intervention)
        now = need.level is ActionLevel.NEEDS_HELP_NOW
        yield Finding(
            code="late_start",
            level="warns" if now else "notes",
            about=(need.person,),
            says=(
                f"{label} needs help{' now' * now} with {what}, and {title} is the first to answer it. "
                f"{first.starts_because} "
                + (
                    "Say who holds this until then, or set aside what can wait."
                    if now
                    else f"That is after the first review. Say who sees {label} until then, and what they look for."
                )
            ),
        )


@check
def support_ends_sooner(checked: Checked) -> Iterator[Finding]:
    """Work with whoever abuses that goes on after the support of the person abused has ended."""
    offers = checked.package.offers
    for offer in offers:
        if "perpetrator_work" not in checked.catalogue.interventions[offer.intervention].tags:
            continue
        for victim in {v for key in offer.people for v in checked.harm.victims_of(key)}:
            theirs = [
                o
                for o in offers
                if victim in o.people
                and "victim_support" in checked.catalogue.interventions[o.intervention].tags
            ]
            ends = max((o.last_week for o in theirs), default=None)
            if ends is not None and ends < offer.last_week:
                label = checked.family.label_of(victim)
                title = checked.catalogue.title(offer.intervention)
                yield Finding(
                    code="support_ends_sooner",
                    level="warns",
                    about=(victim,),
                    says=(
                        f"Support for {label} ends in week {ends}, and {title} with "
                        f"{names(offer.people, checked.family)} runs to week {offer.last_week}. Before it begins, "
                        f"name who sees {label}, apart, until after it has ended, and tells the same day of any "
                        "new danger."
                    ),
                )


@check
def too_old_by_then(checked: Checked) -> Iterator[Finding]:
    """A child who will have grown out of the ages an offer was tested or offered for when it begins."""
    for offer in checked.package.offers:
        ages = [
            a
            for a in checked.catalogue.interventions[offer.intervention].ages
            if a.read is not Read.RECALLED
        ]
        start = checked.on + datetime.timedelta(weeks=offer.starts_week - 1)
        for answer in offer.answers:
            if not answer.of_child or not ages or answer.age_fit not in {"tested", "offered"}:
                continue
            low, high = checked.family.age(answer.person, start)
            if not any(a.low <= low and high <= a.high for a in ages):
                label = checked.family.label_of(answer.person)
                title = checked.catalogue.title(offer.intervention)
                yield Finding(
                    code="too_old_by_then",
                    level="warns",
                    about=(answer.person,),
                    says=(
                        f"{label} will have grown out of the ages that {title} is for by week "
                        f"{offer.starts_week}, when it would begin. Begin it sooner, or choose something else."
                    ),
                )


@check
def limits_not_stated(checked: Checked) -> Iterator[Finding]:
    limits = checked.family.limits.minutes_per_week
    people = sorted({p for o in checked.package.offers for p in o.people} - set(limits))
    people = [p for p in people if not checked.family.person(p).is_child]
    if people:
        yield Finding(
            code="limits_not_stated",
            level="asks",
            about=tuple(people),
            says=f"How many minutes a week can {names(people, checked.family)} give? Nobody has said.",
        )


@check
def many_starts(checked: Checked) -> Iterator[Finding]:
    """House rule H8."""
    for person in checked.family.people:
        starts = sorted(o.starts_week for o in checked.package.offers if person.key in o.people)
        for index in range(len(starts) - MOST_STARTS + 1):
            if starts[index + MOST_STARTS - 1] < starts[index] + START_WINDOW_WEEKS:
                yield Finding(
                    code="many_starts",
                    level="warns",
                    about=(person.key,),
                    says=f"{MOST_STARTS} kinds of help or more start for {person.label} within {START_WINDOW_WEEKS} weeks. Ask what can wait.",
                    rule="H8",
                )
                break


@check
def judgement_not_possible(checked: Checked) -> Iterator[Finding]:
    """An accept or add that no longer leads to an offer: said, never dropped."""
    offered = {(o.intervention, frozenset(o.people)) for o in checked.package.offers}
    for judgement in checked.family.judgements:
        if judgement.decision is Choice.DECLINE:
            continue
        if (judgement.intervention, frozenset(judgement.people)) in offered:
            continue
        known = checked.catalogue.interventions.get(judgement.intervention)
        title = known.title if known else judgement.intervention
        reasons = [
            row.says
            for row in checked.package.set_aside
            if row.intervention == judgement.intervention and row.person in judgement.people
        ]
        because = f" {reasons[0]}" if reasons else " Nothing recorded now leads to it."
        yield Finding(
            code="judgement_not_possible",
            level="warns",
            about=tuple(sorted(judgement.people)),
            says=f"{title} was chosen by a worker and cannot be offered now.{because}",
            holds=(judgement.intervention,) if known else (),
        )


@check
def tried_before(checked: Checked) -> Iterator[Finding]:
    for offer in checked.package.offers:
        for line in checked.family.support:
            help_ = checked.catalogue.interventions[offer.intervention]
            ended = line.state in {SupportState.STOPPED, SupportState.REFUSED}
            if ended and line.person in offer.people and is_about(line, help_):
                yield Finding(
                    code="tried_before",
                    level="asks",
                    about=(line.person,),
                    says=f"{checked.catalogue.title(offer.intervention)} was {line.state.value} before. What was in the way?",
                )
