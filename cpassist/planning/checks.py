"""What the checks have to say about a family and its package: blocks, warns, asks or notes."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import networkx as nx

from cpassist.catalogue.conditions import Asked, victims_of
from cpassist.catalogue.records import Catalogue
from cpassist.catalogue.vocabulary import Certainty
from cpassist.family import Family
from cpassist.family_vocabulary import (
    ActionLevel,
    AnswerValue,
    Choice,
    SupportState,
    When,
    read_day,
)
from cpassist.planning.candidates import Candidate, RuledOut
from cpassist.planning.fit import touches_range
from cpassist.planning.graph import (
    candidates_in,
    question_of,
    ruled_out_in,
)
from cpassist.planning.offers import names
from cpassist.planning.package import Finding, SupportPackage
from cpassist.planning.rule_reading import asked_words

MOST_STARTS = 4
START_WINDOW_WEEKS = 4


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a check looks at."""

    family: Family
    catalogue: Catalogue
    package: SupportPackage
    candidates: tuple[Candidate, ...]
    ruled_out: tuple[RuledOut, ...]
    on: datetime.date


def immediate_danger(checked: Checked) -> Iterator[Finding]:
    """Danger today, true or not asked, for anyone who needs help now."""
    for about in in_possible_danger(checked.family):
        label = checked.family.label_of(about)
        answered = checked.family.answer("immediate_danger", about) is AnswerValue.TRUE
        says = (
            f"{label} is in danger today. Follow your procedures now; no programme comes first."
            if answered
            else f"Nobody has said whether {label} is in danger today. Ask before anything else."
        )
        yield Finding(
            code="immediate_danger",
            level="blocks",
            about=(about,),
            says=says,
            ask=None if answered else Asked(key="immediate_danger", person=about),
        )


def in_possible_danger(family: Family) -> tuple[str, ...]:
    """Those who need help now and of whom nobody said that they are not in danger today."""
    urgent = {
        n.person
        for n in family.needs
        if n.level is ActionLevel.NEEDS_HELP_NOW and n.when is not When.PAST
    }
    urgent |= {
        p.key for p in family.people if family.answer("immediate_danger", p.key) is AnswerValue.TRUE
    }
    return tuple(
        sorted(
            key for key in urgent if family.answer("immediate_danger", key) is not AnswerValue.FALSE
        )
    )


def safety_question_open(checked: Checked) -> Iterator[Finding]:
    """A safety question on which help in reach depends."""
    for asked, holds in held_questions(checked.ruled_out).items():
        yield Finding(
            code="safety_question_open",
            level="asks",
            about=tuple(key for key in (asked.person, asked.other) if key),
            says=asked_words(checked.family, checked.catalogue, asked),
            ask=asked,
            holds=tuple(sorted(holds)),
        )


def held_questions(rows: Iterable[RuledOut]) -> dict[Asked, set[str]]:
    """Each open safety question and the interventions that wait for it."""
    held: dict[Asked, set[str]] = {}
    for row in rows:
        if row.because == "safety_not_answered":
            for asked in row.asked:
                held.setdefault(asked, set()).add(row.intervention)
    return held


def victim_not_recorded(checked: Checked) -> Iterator[Finding]:
    """Somebody who causes abuse, and nobody recorded as subjected to it by them."""
    harm = checked.catalogue.harm_needs
    for need in checked.family.needs:
        if need.need == "domestic_abuse_causing" and need.is_matched:
            if not victims_of(checked.family, need.person, harm):
                yield Finding(
                    code="victim_not_recorded",
                    level="asks",
                    about=(need.person,),
                    says=(
                        f"Who is, or was, harmed by {checked.family.label_of(need.person)}? Nobody is "
                        "recorded, and work with them runs only beside support for that person."
                    ),
                    rule="R-DA-04",
                )


def condition_open(checked: Checked) -> Iterator[Finding]:
    """What a rule asks for beside an offer and nobody has met or answered yet."""
    offered = {offer.key for offer in checked.package.offers}
    for candidate in checked.candidates:
        if candidate.key in offered:
            for condition in candidate.conditions:
                yield Finding(
                    code="condition_open",
                    level="asks",
                    about=candidate.people,
                    says=f"{candidate.intervention.title}: {condition.says}",
                    ask=condition.asked,
                    holds=(),
                    rule=condition.rule,
                )


def not_rated(checked: Checked) -> Iterator[Finding]:
    for need in checked.family.needs:
        if need.level is None and need.when is not When.PAST:
            label = checked.family.label_of(need.person)
            yield Finding(
                code="not_rated",
                level="asks",
                about=(need.person,),
                says=f"How much help does {label} need with {checked.catalogue.label(need.need).lower()}?",
            )


def harmer_not_recorded(checked: Checked) -> Iterator[Finding]:
    for need in checked.family.needs:
        if checked.catalogue.need_types[need.need].harm and need.harmed_by is None:
            label = checked.family.label_of(need.person)
            yield Finding(
                code="harmer_not_recorded",
                level="asks",
                about=(need.person,),
                says=f"Who harms, or harmed, {label} ({checked.catalogue.label(need.need).lower()})? Nobody has said.",
                ask=Asked(key="harmed_by", person=need.person),
            )


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


def only_thin(checked: Checked) -> Iterator[Finding]:
    """An offer on unclear evidence: proposed because nothing better fits, never without saying so."""
    for offer in checked.package.offers:
        for answer in offer.answers:
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


def outside_tested_age(checked: Checked) -> Iterator[Finding]:
    for offer in checked.package.offers:
        if offer.judged == "add" and any(a.age_fit == "outside" for a in offer.answers):
            yield Finding(
                code="outside_tested_age",
                level="warns",
                about=offer.children,
                says=f"{checked.catalogue.title(offer.intervention)} was added outside the age it was tested or offered for.",
            )


def age_not_sure(checked: Checked) -> Iterator[Finding]:
    """A birth date known only in part, where knowing it could change what fits."""
    for child in checked.family.children:
        low, high = checked.family.age(child.key, checked.on)
        could = sorted(
            {
                row.intervention
                for row in checked.ruled_out
                if row.because == "outside_age"
                and row.person == child.key
                and touches_range(
                    checked.catalogue.interventions[row.intervention],
                    row.need,
                    (low, high),
                    checked.catalogue,
                )
            }
        )
        if could:
            yield Finding(
                code="age_not_sure",
                level="asks",
                about=(child.key,),
                says=f"How old is {child.label}? Some help would fit at one possible age and not at another.",
                holds=tuple(could),
            )


def birth_overdue(checked: Checked) -> Iterator[Finding]:
    for child in checked.family.children:
        if child.due and read_day(child.due)[1] < checked.on:
            yield Finding(
                code="birth_overdue",
                level="asks",
                about=(child.key,),
                says=f"{child.label} was due in {child.due}. Has the baby been born? If so, record the birth date.",
            )


def over_limit(checked: Checked) -> Iterator[Finding]:
    over = {
        line.person
        for line in checked.package.load
        if line.limit is not None and line.minutes + line.assumed_minutes > line.limit
    }
    for person in sorted(over):
        yield Finding(
            code="over_limit",
            level="warns",
            about=(person,),
            says=(
                f"Some weeks ask more of {checked.family.label_of(person)} than the limit. Help for safety and "
                "minutes that are only assumed are not held back by it: talk it through."
            ),
            rule="H3",
        )


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


def tried_before(checked: Checked) -> Iterator[Finding]:
    for offer in checked.package.offers:
        for line in checked.family.support:
            if line.intervention == offer.intervention and line.state in {
                SupportState.STOPPED,
                SupportState.REFUSED,
            }:
                yield Finding(
                    code="tried_before",
                    level="asks",
                    about=(line.person,),
                    says=f"{checked.catalogue.title(offer.intervention)} was {line.state.value} before. What was in the way?",
                )


def support_not_known(checked: Checked) -> Iterator[Finding]:
    for line in checked.family.support:
        if line.intervention and line.intervention not in checked.catalogue.interventions:
            yield Finding(
                code="support_not_known",
                level="notes",
                about=(line.person,),
                says="A support line names help that this catalogue does not hold; it counts as words only.",
            )


def stale_answer(checked: Checked) -> Iterator[Finding]:
    for answer in checked.family.circumstances:
        question = checked.catalogue.questions.get(answer.ask)
        if question is None or question.stale_days is None or answer.date is None:
            continue
        if answer.answer is AnswerValue.UNKNOWN:
            continue
        age = (checked.on - read_day(answer.date)[1]).days
        if age > question.stale_days:
            asked = Asked(key=answer.ask, person=answer.person, other=answer.other)
            yield Finding(
                code="stale_answer",
                level="asks",
                about=tuple(k for k in (answer.person, answer.other) if k),
                says=f"Answered {age} days ago; ask again: {asked_words(checked.family, checked.catalogue, asked)}",
                ask=asked,
            )


def children_of_abuse_considered(checked: Checked) -> Iterator[Finding]:
    """R-CH-09: each child an adult's abuse affects has an assessed need of its own, or is asked about."""
    for need in checked.family.needs:
        if need.need != "domestic_abuse_victim" or not need.is_matched:
            continue
        for child in need.affects:
            if not any(
                n.need == "exposed_to_domestic_abuse" for n in checked.family.needs_of(child)
            ):
                label = checked.family.label_of(child)
                yield Finding(
                    code="child_not_considered",
                    level="asks",
                    about=(child,),
                    says=f"{label} lived with abuse of {checked.family.label_of(need.person)}. What does {label} need? Nothing is recorded.",
                    rule="R-CH-09",
                )


CHECKS: tuple[Callable[[Checked], Iterator[Finding]], ...] = (
    immediate_danger,
    safety_question_open,
    harmer_not_recorded,
    victim_not_recorded,
    condition_open,
    not_rated,
    children_of_abuse_considered,
    unmet_need,
    only_thin,
    outside_tested_age,
    age_not_sure,
    birth_overdue,
    over_limit,
    limits_not_stated,
    many_starts,
    judgement_not_possible,
    tried_before,
    support_not_known,
    stale_answer,
)
LEVELS = ("blocks", "asks", "warns", "notes")


def run_checks(graph: "nx.DiGraph[str]", package: SupportPackage) -> tuple[Finding, ...]:
    """Every finding, what blocks first; questions that hold most come before those that hold less."""
    question = question_of(graph)
    checked = Checked(
        family=question.family,
        catalogue=question.catalogue,
        package=package,
        candidates=candidates_in(graph),
        ruled_out=ruled_out_in(graph),
        on=question.on,
    )
    found = [finding for check in CHECKS for finding in check(checked)]
    return tuple(
        sorted(
            dict.fromkeys(found),
            key=lambda f: (
                LEVELS.index(f.level),
                f.code != "immediate_danger",
                -len(f.holds),
                f.code,
                f.about,
                f.says,
            ),
        )
    )
