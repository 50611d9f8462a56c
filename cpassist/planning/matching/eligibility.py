"""Eligibility: for each need and intervention every offer that could be made, or the first reason against it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations

from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.vocabulary import Who
from cpassist.family.records import Need
from cpassist.family.vocabulary import Choice
from cpassist.planning.candidates import (
    Answers,
    Candidate,
    Question,
    Required,
    RuledOut,
    against,
    offer_key,
)
from cpassist.planning.matching.against_it import reason_whoever_takes_part
from cpassist.planning.matching.whose_harm import not_theirs_to_answer
from cpassist.planning.safety.conditions import Case
from cpassist.planning.safety.rules import Problem, read_here, read_rules
from cpassist.planning.taking_part.answering import (
    answers_for,
    last_week_of_age,
    load_of,
    outside_words,
)
from cpassist.planning.taking_part.participants import (
    People,
    Seeking,
    combinations_for,
    everybody,
    seek,
    serves,
)


def sort_out(
    question: Question, only: frozenset[str] | None = None
) -> tuple[tuple[Candidate, ...], tuple[RuledOut, ...]]:
    """Every offer that could be made, and a reason for every intervention and need that has none.

    `only` looks at some interventions, for asking what one answer would change.
    """
    found: dict[str, Candidate] = {}
    reasons: dict[tuple[str, str, str], RuledOut] = {}
    asking = _EligibilityRun(question, only)
    for early in asking.early:
        _keep_deepest(reasons, early)
    for key, needs in asking.open_to.items():
        intervention = question.catalogue.interventions[key]
        for need in needs:
            for outcome in _try_people(intervention, need, asking):
                if isinstance(outcome, RuledOut):
                    _keep_deepest(reasons, outcome)
                else:
                    found[outcome.key] = outcome
    found |= {candidate.key: candidate for candidate in _shared(found, asking)}
    _drop_unmet(found, reasons, question)
    answered = {
        (candidate.intervention.key, answer.person, answer.need)
        for candidate in found.values()
        for answer in candidate.answers
    }
    left = {key: row for key, row in reasons.items() if key not in answered}
    return tuple(found[key] for key in sorted(found)), tuple(left[key] for key in sorted(left))


class _EligibilityRun:
    """One question while it is worked on: what is looked up for many sets of people is found once."""

    def __init__(self, question: Question, only: frozenset[str] | None) -> None:
        self.question = question
        self.added = {
            j.intervention for j in question.family.judgements if j.decision is Choice.ADD
        }
        """What a worker added, whatever the age."""
        self.early: list[RuledOut] = []
        """What speaks against help whoever would take part."""
        self.open_to: dict[str, list[Need]] = {}
        """Intervention → the needs against which nothing of that kind speaks."""
        for need in sorted(question.family.needs, key=lambda n: (n.person, n.need)):
            for intervention in question.catalogue.speaking_of(need.need):
                if only is not None and intervention.key not in only:
                    continue
                early = reason_whoever_takes_part(intervention, need, question)
                if early is None:
                    self.open_to.setdefault(intervention.key, []).append(need)
                else:
                    self.early.append(early)
        self._seeking: dict[tuple[str, str], Seeking] = {}
        self._answers: dict[tuple[str, bool], list[tuple[Need, Answers]]] = {}
        self._judged: dict[tuple[str, tuple[tuple[str, People], ...]], _Judged] = {}

    def seeking(self, need: Need) -> Seeking:
        key = (need.person, need.need)
        if key not in self._seeking:
            self._seeking[key] = seek(need, self.question.harm)
        return self._seeking[key]

    def answers(self, intervention: Intervention, *, outside: bool) -> list[tuple[Need, Answers]]:
        """The needs that an intervention answers if nothing but the people speaks against it."""
        key = (intervention.key, outside)
        if key not in self._answers:
            found = [
                (need, answers_for(intervention, need, self.question, outside=outside))
                for need in self.open_to[intervention.key]
            ]
            self._answers[key] = [(need, answer) for need, answer in found if answer is not None]
        return self._answers[key]

    def could_take_part(self) -> list[tuple[str, tuple[tuple[str, People], ...]]]:
        """Each intervention with people against whom nothing speaks, or only that somebody declined it for them."""
        return [
            key
            for key, judged in self._judged.items()
            if isinstance(judged.offer, Candidate) or judged.offer.because == "declined"
        ]

    def judged(self, intervention: Intervention, parts: Mapping[str, People]) -> "_Judged":
        """What these people's taking part comes to, whichever need they were looked for."""
        key = (intervention.key, tuple(sorted(parts.items())))
        if key not in self._judged:
            self._judged[key] = _judge(intervention, parts, self)
        return self._judged[key]


def _keep_deepest(reasons: dict[tuple[str, str, str], RuledOut], row: RuledOut) -> None:
    """Of several ways to take part, the one that came furthest gives the reason.

    Of two that came as far, everybody is asked about, whatever their key.
    """
    key = (row.intervention, row.person, row.need)
    known = reasons.get(key)
    if known is None or row.depth > known.depth:
        reasons[key] = row
    elif row.depth == known.depth:
        first = max(row, known, key=lambda r: r.people)
        reasons[key] = replace(first, asked=row.asked | known.asked)


def _drop_unmet(
    found: dict[str, Candidate],
    reasons: dict[tuple[str, str, str], RuledOut],
    question: Question,
) -> None:
    """Takes out offers whose other part nobody could be offered, until nothing more falls."""
    while True:
        for _, candidate in sorted(found.items()):
            unmet = [r for r in candidate.requires if not _can_be_met(r, candidate, found)]
            if unmet:
                break
        else:
            return
        del found[candidate.key]
        rule = question.catalogue.rule(unmet[0].rule)
        for answer in candidate.answers:
            _keep_deepest(
                reasons,
                RuledOut(
                    intervention=candidate.intervention.key,
                    person=answer.person,
                    need=answer.need,
                    because="needs_another_first",
                    says=rule.says,
                    blocked_by=(rule.id,),
                    people=candidate.people,
                ),
            )


def _can_be_met(required: Required, candidate: Candidate, found: Mapping[str, Candidate]) -> bool:
    return any(required.is_met_by(other) for other in found.values() if other.key != candidate.key)


def _try_people(
    intervention: Intervention, need: Need, asking: _EligibilityRun
) -> Iterator[Candidate | RuledOut]:
    """Each way to take part in one intervention for one need: an offer, or the reason against it."""
    question = asking.question
    added = intervention.key in asking.added
    if all(answered is not need for answered, _ in asking.answers(intervention, outside=added)):
        says = outside_words(intervention, need, question)
        yield against(intervention, need, "outside_age", says)
        return
    tried = False
    for parts in combinations_for(intervention, asking.seeking(need)):
        tried = True
        yield _judge_for(intervention, parts, need, asking)
    if not tried:
        yield against(intervention, need, "no_one_to_take_part", _no_one_words(intervention))


def _no_one_words(intervention: Intervention) -> str:
    words = {
        "child": "the child",
        "carer": "a carer who did not harm this child"
        if any("did_not_harm_this_child" in part.must for part in intervention.takes_part)
        else "a carer",
        "harming_carer": "a carer who hurt the child",
        "victim": "an adult who was subjected to domestic abuse",
        "person_causing_harm": "a person who causes domestic abuse",
        "pregnant_person": "somebody who is pregnant",
        "couple": "a couple of parents",
        "household": "the household",
        "substitute_carer": "a foster, kinship or adoptive carer with whom the child is placed",
        "adult": "the adult",
    }
    parts = " and ".join(
        words[part.who.value] for part in intervention.takes_part if not part.optional
    )
    return f"Nobody in this family is in a place to take part in {intervention.title}: it is for {parts}."


@dataclass(frozen=True, kw_only=True, repr=False)
class _Judged:
    """What certain people's taking part in an intervention comes to: an offer, or what speaks against it."""

    answers: tuple[Answers, ...]
    offer: Candidate | Problem


def _judge_for(
    intervention: Intervention, parts: Mapping[str, People], need: Need, asking: _EligibilityRun
) -> Candidate | RuledOut:
    """One set of people looked for one need: the offer, or the first reason against it."""
    people = tuple(sorted(everybody(parts)))
    harmers = not_theirs_to_answer(intervention, parts, need, asking.question)
    if harmers is not None:
        return harmers
    judged = asking.judged(intervention, parts)
    if not any((a.person, a.need) == (need.person, need.need) for a in judged.answers):
        # Whether the age fits was asked before anybody was looked for, so it is who they are.
        says = _no_one_words(intervention)
        return against(intervention, need, "no_one_to_take_part", says, people=people)
    if isinstance(judged.offer, Candidate):
        return judged.offer
    return against(
        intervention,
        need,
        judged.offer.because,
        judged.offer.says,
        blocked_by=judged.offer.blocked_by,
        asked=judged.offer.asked,
        people=people,
    )


def _judge(
    intervention: Intervention, parts: Mapping[str, People], asking: _EligibilityRun
) -> _Judged:
    question = asking.question
    family, catalogue = question.family, question.catalogue
    people = tuple(sorted(everybody(parts)))
    judgements = {
        j.decision: j
        for j in family.judgements
        if j.intervention == intervention.key and set(j.people) == set(people)
    }
    is_added = Choice.ADD in judgements
    answers = _all_answers(intervention, parts, asking, outside=is_added)
    children = tuple(sorted({child for a in answers for child in a.children}))
    case = Case(
        family=family,
        on=question.on,
        people=people,
        children=children,
        parts=parts,
        harm=question.harm,
    )
    reading = read_rules(intervention, case, question)
    here = read_here(intervention, parts, question, children=children, is_added=is_added)
    # What runs already is not said to be for others.
    in_place = here if here is not None and here.because == "already_in_place" else None
    problem = in_place or reading.problem or here
    if problem is None and Choice.DECLINE in judgements:
        problem = Problem(because="declined", says=judgements[Choice.DECLINE].because)
    if problem is not None:
        return _Judged(answers=answers, offer=problem)
    chosen = judgements.get(Choice.ADD) or judgements.get(Choice.ACCEPT)
    place = (question.programmes_here or {}).get(intervention.key)
    offer = Candidate(
        intervention=intervention,
        people=people,
        parts=parts,
        answers=answers,
        load=load_of(intervention, catalogue),
        available="unknown" if question.programmes_here is None else ("yes" if place else "no"),
        wait_weeks=place.wait_weeks if place else None,
        warnings=reading.warnings,
        conditions=reading.conditions,
        requires=reading.requires,
        judged=chosen.decision.value if chosen else None,
        judged_because=chosen.because if chosen else "",
        until_week=last_week_of_age(
            intervention, answers, question, place.wait_weeks if place else None
        ),
        risk_first=intervention.together
        and any(question.harm.has_harmed(one, other) for one, other in permutations(people, 2)),
        not_beside=_not_beside(intervention, people, question),
        youngest_months=min((family.age(key, question.on)[0] for key in children), default=None),
    )
    return _Judged(answers=answers, offer=offer)


# Work with one child and what that child went through, each by itself.
FOR_ONE_CHILD = frozenset({"trauma_focused", "after_harm"})


def _shared(found: Mapping[str, Candidate], asking: _EligibilityRun) -> list[Candidate]:
    """Help that one carer gets for several children at once, counted once: a visitor does not come twice a week
    to teach the same mother the same thing. With it the offers for one child each, which then do not add up.
    """
    alike: dict[tuple[str, tuple[tuple[str, People], ...]], list[dict[str, People]]] = {}
    for key, parts_of in asking.could_take_part():
        help_ = asking.question.catalogue.interventions[key]
        by_itself = FOR_ONE_CHILD & set(help_.tags) and not help_.group
        once = any(r.once_per_family for r, _ in asking.question.catalogue.rules_for(help_))
        parts = dict(parts_of)
        grown = tuple((r, k) for r, k in parts_of if r != Who.CHILD.value)
        if Who.CHILD.value in parts and grown and not by_itself and not once:
            alike.setdefault((key, grown), []).append(parts)
    made: list[Candidate] = []
    for (key, grown), each in sorted(alike.items()):
        children = {child for parts in each for child in parts[Who.CHILD.value]}
        if len(each) < 2 or len(children) < 2:
            continue
        shared = {**dict(grown), Who.CHILD.value: tuple(sorted(children))}
        judged = asking.judged(asking.question.catalogue.interventions[key], shared).offer
        if isinstance(judged, Candidate) and judged.key not in found:
            singles = [offer_key(key, tuple(everybody(parts))) for parts in each]
            made += [judged, *(replace(found[k], shared=True) for k in singles if k in found)]
    return made


def _not_beside(intervention: Intervention, people: People, question: Question) -> frozenset[str]:
    """H29: whoever harmed, or was harmed by, somebody in a group does not go to the same group."""
    if not intervention.group:
        return frozenset()
    everybody = {person.key for person in question.family.people} - set(people)
    return frozenset(
        other
        for other in everybody
        if any(
            question.harm.are_kept_apart(one, other)
            # While nobody knows who did a harm, whoever may have done it does not sit in the same group either.
            or "H2" in {question.harm.room(one, other).held, question.harm.room(other, one).held}
            for one in people
        )
    )


def _all_answers(
    intervention: Intervention,
    parts: Mapping[str, People],
    asking: _EligibilityRun,
    *,
    outside: bool,
) -> tuple[Answers, ...]:
    """Every need that these people's taking part would answer."""
    return tuple(
        answer
        for need, answer in asking.answers(intervention, outside=outside)
        if serves(intervention, parts, asking.seeking(need))
        and not_theirs_to_answer(intervention, parts, need, asking.question) is None
    )
