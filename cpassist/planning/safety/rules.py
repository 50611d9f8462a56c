"""What all rules say of one offer that could be made: a reason against it, or warnings and conditions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.conditions import Asked, asked_about, by_question
from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.named_in_code import VICTIM_HAS_OWN_WORKER
from cpassist.catalogue.records import Availability
from cpassist.catalogue.references import FACTS
from cpassist.catalogue.rules import Rule
from cpassist.catalogue.vocabulary import PHASES, IfUnknown, RuleBasis, Severity
from cpassist.family.family import Family
from cpassist.family.vocabulary import SupportState
from cpassist.planning.candidates import (
    REASONS,
    OpenCondition,
    Question,
    Required,
)
from cpassist.planning.safety.conditions import TRUE, Case, Reading, answer_of, read_condition
from cpassist.planning.safety.kept_apart import why_kept_apart
from cpassist.planning.taking_part.support_words import is_about


@dataclass(frozen=True, kw_only=True, repr=False)
class Problem:
    because: str
    says: str
    blocked_by: tuple[str, ...] = ()
    asked: frozenset[Asked] = frozenset()
    waits: bool = False
    """Whether it has yet to be said what it waits for."""


@dataclass(frozen=True, kw_only=True, repr=False)
class _ToSettle:
    """What has to be settled beside an offer because of a rule; nothing asked: what the rule says has to be so."""

    rule: Rule
    asked: frozenset[Asked]

    def conditions(self) -> list[OpenCondition]:
        """One for everybody of whom it is asked, whatever their key."""
        asked = sorted(self.asked, key=by_question)
        return [OpenCondition(rule=self.rule.id, asked=a, says=self.rule.says) for a in asked or (None,)]  # fmt: skip


@dataclass(frozen=True, kw_only=True, repr=False)
class RulesRead:
    problem: Problem | None
    warnings: tuple[str, ...] = ()
    conditions: tuple[OpenCondition, ...] = ()
    requires: tuple[Required, ...] = ()


def read_rules(intervention: Intervention, case: Case, question: Question) -> RulesRead:
    """What all rules say of one set of people: a reason against, or warnings and conditions."""
    musts = tuple(_musts(intervention, case, question))
    problems: list[Problem] = [must for must in musts if isinstance(must, Problem)]
    problems += [
        _held(kept.rule, kept.asked, kept.says)
        if kept.asked
        else Problem(because=kept.because, says=kept.says, blocked_by=(kept.rule,))
        for kept in why_kept_apart(intervention, case.parts, question.harm)
    ]
    warnings: list[str] = []
    settle: list[_ToSettle] = []
    requires: list[Required] = []
    for rule, basis in _rules_that_may_act(intervention, question):
        reading = TRUE if rule.when is None else read_condition(rule.when, case)
        if reading.value is False and rule.severity is not Severity.MATCH:
            continue
        outcome = _apply(rule, basis, reading, intervention, case, question)
        if isinstance(outcome, Problem):
            problems.append(outcome)
        elif isinstance(outcome, _ToSettle):
            settle.append(outcome)
            warnings.append(rule.id)
        elif isinstance(outcome, tuple):
            requires += outcome
        elif outcome:
            warnings.append(rule.id)
    first = min(problems, key=lambda p: (REASONS.index(p.because), p.blocked_by), default=None)
    if first is not None:
        # Everything that speaks against it for the same reason, so that answering one question
        # does not uncover another.
        alike = [p for p in problems if p.because == first.because]
        waits = f" {_waits(first.asked, question)}" if first.waits else ""
        return RulesRead(
            problem=Problem(
                because=first.because,
                says=first.says + waits,
                blocked_by=tuple(dict.fromkeys(b for p in alike for b in p.blocked_by)),
                asked=frozenset[Asked]().union(*(p.asked for p in alike)),
            )
        )
    return RulesRead(
        problem=None,
        warnings=tuple(sorted(set(warnings))),
        conditions=(
            *(must for must in musts if isinstance(must, OpenCondition)),
            *(condition for one in settle for condition in one.conditions()),
        ),
        requires=tuple(requires),
    )


def _rules_that_may_act(
    intervention: Intervention, question: Question
) -> tuple[tuple[Rule, RuleBasis], ...]:
    """The rules for offers of an intervention, without those that speak of needs which nobody of the family has."""
    key = ("rules that may act", intervention.key)
    if key not in question.harm.worked_out:
        recorded = question.family.recorded_needs
        question.harm.worked_out[key] = tuple(
            (rule, basis)
            for rule, basis in question.catalogue.rules_for_offers(intervention)
            if rule.severity is Severity.MATCH
            or rule.when is None
            or rule.when.could_hold(recorded)
        )
    found: tuple[tuple[Rule, RuleBasis], ...] = question.harm.worked_out[key]
    return found


def _musts(
    intervention: Intervention, case: Case, question: Question
) -> Iterator[Problem | OpenCondition]:
    """What must be true of those who take part, where a safety question says it."""
    for part in intervention.takes_part:
        people = case.parts.get(part.who.value, ())
        for must in part.must:
            if must in FACTS:
                continue
            scope = question.catalogue.questions[must].scope.value
            for key in people:
                pairs: list[tuple[str | None, str | None]] = [(key, None)]
                if scope == "pair":
                    pairs = [(key, child) for child in case.children if child != key]
                elif scope == "family":
                    pairs = [(None, None)]
                for person, other in pairs:
                    value = answer_of(case, must, person, other)
                    if value is True:
                        continue
                    asked = asked_about(question.catalogue, must, person, other)
                    words = question_words(question, asked)
                    word = question.catalogue.questions[must].if_unknown
                    if value is False or word is IfUnknown.WORST:
                        yield Problem(
                            because="no_one_to_take_part",
                            says=f"It needs a yes to: {words}",
                            blocked_by=(must,),
                            asked=frozenset({asked}) if value is None else frozenset(),
                        )
                    elif word is IfUnknown.HOLD:
                        yield _held(must, frozenset({asked}), f"It waits for an answer: {words}")
                    elif word is IfUnknown.ASK:
                        yield OpenCondition(
                            rule=None, asked=asked, says=f"It needs a yes to: {words}"
                        )


def _held(by: str, asked: frozenset[Asked], says: str, *, waits: bool = False) -> Problem:
    keys = sorted({question.key for question in asked})
    return Problem(
        because="safety_not_answered",
        says=says,
        blocked_by=tuple(dict.fromkeys((by, *keys))),
        asked=asked,
        waits=waits,
    )


def question_words(question: Question, asked: Asked) -> str:
    """A safety question with the labels in it."""
    return asked_words(question.family, question.catalogue, asked)


def asked_words(family: Family, catalogue: Catalogue, asked: Asked) -> str:
    """A safety question about certain people, as it is asked."""
    person = family.label_of(asked.person) if asked.person else "the family"
    other = family.label_of(asked.other) if asked.other else "them"
    if asked.key == "harms_whom":
        return f"Who is, or was, harmed by {person}? Nobody is recorded."
    if asked.key == "harmed_by":
        return f"Who harms, or harmed, {person}{_unexplained(asked.person, family, catalogue)}?"
    return (
        catalogue.questions[asked.key].words.replace("{person}", person).replace("{other}", other)
    )


def _unexplained(person: str | None, family: Family, catalogue: Catalogue) -> str:
    """The harms of which nobody knows who did them, in brackets."""
    kinds = sorted(
        catalogue.label(need.need).lower()
        for need in family.needs_of(person or "")
        if need.need in catalogue.harm_needs and need.is_unexplained
    )
    return f" ({', '.join(kinds)})" if kinds else ""


def _waits(open_questions: frozenset[Asked], question: Question) -> str:
    """What a rule waits for: the first question in full, and how many more."""
    first, *rest = sorted(open_questions, key=by_question)
    more = f" (and {len(rest)} more)" if rest else ""
    return f"It waits for an answer{more}: {question_words(question, first)}"


def _apply(
    rule: Rule,
    basis: RuleBasis,
    reading: Reading,
    intervention: Intervention,
    case: Case,
    question: Question,
) -> Problem | _ToSettle | tuple[Required, ...] | bool:
    """What one rule does to one offer; True means that it warns, False that it is silent."""
    value, open_questions = reading.value, reading.open
    matches = rule.severity is Severity.MATCH
    if matches and rule.once_per_family:
        return False
    if matches and value is not None and rule.when:
        # What must be so acts when it is not.
        value = not value
    warns_only = basis is RuleBasis.INFERRED or rule.severity is Severity.WARN
    if value is None:
        left_open = (asked.key for asked in open_questions)
        word = rule.unanswered(question.catalogue.questions, left_open)
        if word is IfUnknown.HOLD and not warns_only:
            return _held(rule.id, open_questions, rule.says, waits=True)
        if word is IfUnknown.ASK:
            return _ToSettle(rule=rule, asked=open_questions)
        if word in {IfUnknown.WARN, IfUnknown.IGNORE}:
            return word is IfUnknown.WARN
    if value is False:
        return False
    if warns_only:
        return True
    acted = _acted(rule, intervention, case, question)
    # Read as the worst: it acts, and the answer that would set it free is asked.
    return replace(acted, asked=open_questions) if isinstance(acted, Problem) else acted


def _acted(
    rule: Rule,
    intervention: Intervention,
    case: Case,
    question: Question,
) -> Problem | _ToSettle | tuple[Required, ...] | bool:
    """What a rule does whose condition holds."""
    if rule.severity is Severity.BLOCK:
        return Problem(because="not_safe_now", says=rule.says, blocked_by=(rule.id,))
    if rule.severity is Severity.MATCH:
        return Problem(because="no_one_to_take_part", says=rule.says, blocked_by=(rule.id,))
    if rule.severity is Severity.REQUIRE:
        if _is_strict(rule, question):
            return Problem(because="not_safe_now", says=rule.says, blocked_by=(rule.id,))
        return _ToSettle(rule=rule, asked=frozenset())
    # pair and sequence
    wanted = question.catalogue.wanted_by(rule) - {intervention.key}
    if rule.severity is Severity.SEQUENCE and _is_safety(intervention):
        # H3: help for safety waits for nothing; what should come beside it is said.
        return True
    missing = _still_without(rule, wanted, case, question)
    if missing is None:
        return False
    if rule.before:
        # What belongs to a later phase is given later: it cannot come first.
        wanted = frozenset(
            key
            for key in wanted
            if _phase(question.catalogue.interventions[key]) <= _phase(intervention)
        )
    if not wanted:
        return Problem(because="needs_another_first", says=rule.says, blocked_by=(rule.id,))
    return tuple(
        Required(rule=rule.id, interventions=wanted, people=people, first=rule.before)
        for people in missing
    )


def _is_strict(rule: Rule, question: Question) -> bool:
    """Whether what a rule requires has to be so before anything is offered, rather than be settled beside it."""
    if rule.when is None:
        return False
    word = rule.unanswered(question.catalogue.questions, rule.when.questions())
    return word in {IfUnknown.HOLD, IfUnknown.WORST}


def _still_without(
    rule: Rule, wanted: frozenset[str], case: Case, question: Question
) -> tuple[frozenset[str], ...] | None:
    """For whom the other part is still to be found: one set of people for each time it is needed.

    None when it is in place. A pair needs it now; what comes first may also be over.
    """
    family = question.family
    states = {SupportState.CURRENT}
    if rule.severity is Severity.SEQUENCE:
        states.add(SupportState.COMPLETED)
    have = {s.person for s in family.support if s.intervention in wanted and s.state in states}
    if rule.needs_for != "their_victims":
        # Of work with a child alone the child is who has to have had it.
        grown = frozenset(key for key in case.people if family.is_parenting(key))
        grown = grown or frozenset(case.people)
        return None if have & grown else (grown,)
    victims = {
        victim
        for key in case.people
        for victim in question.harm.victims_of(key)
        if answer_of(case, VICTIM_HAS_OWN_WORKER, key, victim) is not True
    }
    recorded = any(question.harm.victims_of(key) for key in case.people)
    if not recorded:
        return (frozenset(),)
    return tuple(frozenset({v}) for v in sorted(victims - have)) or None


def _phase(intervention: Intervention) -> int:
    return PHASES.index(intervention.phase)


def _is_safety(intervention: Intervention) -> bool:
    return intervention.phase.value == "safety"


def read_here(
    intervention: Intervention,
    parts: Mapping[str, tuple[str, ...]],
    question: Question,
    *,
    children: tuple[str, ...] = (),
    is_added: bool,
) -> Problem | None:
    """Whether it can be had here for these children, and whether it is in place already."""
    if question.programmes_here is not None and not is_added:
        place = question.programmes_here.get(intervention.key)
        if place is None:
            return Problem(because="not_here", says="The local directory does not list it.")
        if place.places == 0:
            return Problem(
                because="no_places",
                says="The local directory lists it without a free place.",
            )
        younger_or_older = _outside_here(place, children, question)
        if younger_or_older:
            return Problem(because="not_here", says=younger_or_older)
    everybody = {key for keys in parts.values() for key in keys}
    for line in question.family.support:
        # A child's place in a programme is that child's: a brother has no help by it.
        people = set(parts.get("child", ())) or everybody
        running = line.state in {SupportState.CURRENT, SupportState.WAITING}
        if running and line.person in people and is_about(line, intervention):
            label = question.family.label_of(line.person)
            return Problem(
                because="already_in_place",
                says=f"{label} has it already, or is waiting for it."
                if line.intervention
                else f"{label} seems to have it already (“{line.says}”). Say whether that is meant.",
            )
    return _in_that_group(intervention, everybody, question) or _beside_support(
        intervention, everybody, question
    )


def _in_that_group(
    intervention: Intervention, people: set[str], question: Question
) -> Problem | None:
    """H29: whoever harmed or frightens somebody sits in that very group already."""
    for line in question.family.support if intervention.group else ():
        there = line.intervention == intervention.key and line.state in {SupportState.CURRENT, SupportState.WAITING}  # fmt: skip
        if there and line.person not in people:
            if any(question.harm.are_kept_apart(line.person, one) for one in sorted(people)):
                label = question.family.label_of(line.person)
                return Problem(
                    because="not_safe_now",
                    says=f"{label} is in such a group, or waits for it, and the two are kept apart.",
                    blocked_by=("H29",),
                )
    return None


def _outside_here(place: Availability, children: tuple[str, ...], question: Question) -> str:
    """For which of the children it is not given here, in a sentence; empty where it may be for each."""
    if not place.ages_months:
        return ""
    outside = [
        question.family.label_of(child)
        for child in children
        if not any(
            low <= high_age and low_age <= high
            for low, high in place.ages_months
            for low_age, high_age in (question.family.age(child, question.on),)
        )
    ]
    if not outside:
        return ""
    ages = " and ".join(f"{low} to {high}" for low, high in place.ages_months)
    return f"Here it is given for children of {ages} months, and not for {' or '.join(outside)}."


def _beside_support(
    intervention: Intervention, people: set[str], question: Question
) -> Problem | None:
    """What clashes with help that somebody taking part has now."""
    catalogue = question.catalogue
    for line in question.family.support:
        other = catalogue.interventions.get(line.intervention or "")
        if other is None or line.person not in people or line.state is not SupportState.CURRENT:
            continue
        for rule in catalogue.rules:
            both = rule.aims_at(intervention) and rule.aims_at(other)
            if rule.clashes_with and both and other.key != intervention.key:
                return Problem(because="clashes", says=rule.says, blocked_by=(rule.id,))
    return None
