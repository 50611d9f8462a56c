"""Builds the support graph: which intervention could answer whose need, on what evidence, or why not."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import networkx as nx

from cpassist.catalogue.conditions import (
    Asked,
    Case,
    answer_of,
    harmers_of,
    read_condition,
    victims_of,
)
from cpassist.catalogue.reading import FACTS
from cpassist.catalogue.records import (
    Availability,
    Catalogue,
    Effect,
    IfUnknown,
    Intensity,
    Intervention,
    Read,
    Rule,
    RuleBasis,
    Severity,
)
from cpassist.errors import Mistakes
from cpassist.family import (
    ActionLevel,
    Choice,
    Family,
    Need,
    SupportState,
    When,
    age_mistakes,
)
from cpassist.planning.candidates import (
    REASONS,
    Answers,
    Candidate,
    Load,
    OpenCondition,
    Required,
    RuledOut,
    Trial,
)
from cpassist.planning.fit import age_fit, carrying
from cpassist.planning.pairs import read_pairs
from cpassist.planning.people import cared_for_by, combinations_for, harm_needs, seek, serves

# Abuse that work with a carer alone may answer, if it is that carer's own.
CARER_ANSWERS_FOR = frozenset({"physical_abuse", "emotional_abuse"})


@dataclass(frozen=True, kw_only=True)
class Question:
    """Everything that a proposal follows from."""

    family: Family
    catalogue: Catalogue
    availability: Mapping[str, Availability] | None
    on: datetime.date


def build_support_graph(
    family: Family,
    catalogue: Catalogue,
    availability: Mapping[str, Availability] | None,
    on: datetime.date,
) -> "nx.DiGraph[str]":
    """People, needs and help, with what was ruled out and why, as a frozen networkx graph.

    Nodes carry `kind` (person, need, offer, ruled_out) and the record itself (`person`, `need`,
    `candidate`, `ruled_out`). Edges carry `kind`: has, affects, harmed_by, answers (with
    `certainty`, `age_fit`, `effect`, `evidence`), not_offered (with `because`), needs_first, clashes.
    `graph.graph["question"]` holds what it was built from. Raises Mistakes when somebody's age on
    that day contradicts their role.
    """
    mistakes = tuple(age_mistakes(family, on))
    if mistakes:
        raise Mistakes(mistakes)
    question = Question(family=family, catalogue=catalogue, availability=availability, on=on)
    candidates, ruled_out = _sort_out(question)
    graph: nx.DiGraph[str] = nx.DiGraph(question=question)
    _draw_people(graph, family)
    _draw_offers(graph, candidates, catalogue)
    for row in ruled_out:
        node = f"ruled_out:{row.intervention}:{row.person}:{row.need}"
        graph.add_node(node, kind="ruled_out", ruled_out=row)
        graph.add_edge(
            node,
            f"need:{row.person}:{row.need}",
            kind="not_offered",
            because=row.because,
        )
    return nx.freeze(graph)


def candidates_in(graph: "nx.DiGraph[str]") -> tuple[Candidate, ...]:
    """The offers that could be made, in the order of their keys."""
    found = [data["candidate"] for _, data in graph.nodes(data=True) if data["kind"] == "offer"]
    return tuple(sorted(found, key=lambda candidate: candidate.key))


def ruled_out_in(graph: "nx.DiGraph[str]") -> tuple[RuledOut, ...]:
    found = [data["ruled_out"] for _, data in graph.nodes(data=True) if data["kind"] == "ruled_out"]
    return tuple(sorted(found, key=lambda row: (row.person, row.need, row.intervention)))


def question_of(graph: "nx.DiGraph[str]") -> Question:
    question = graph.graph["question"]
    assert isinstance(question, Question)
    return question


def _draw_people(graph: "nx.DiGraph[str]", family: Family) -> None:
    for person in sorted(family.people, key=lambda person: person.key):
        graph.add_node(f"person:{person.key}", kind="person", person=person)
    for need in sorted(family.needs, key=lambda need: (need.person, need.need)):
        node = f"need:{need.person}:{need.need}"
        graph.add_node(node, kind="need", need=need)
        graph.add_edge(f"person:{need.person}", node, kind="has")
        for child in sorted(need.affects):
            theirs = family.needs_of(child)
            for other in sorted(theirs, key=lambda n: n.need):
                graph.add_edge(node, f"need:{child}:{other.need}", kind="affects")
            if not theirs:
                graph.add_edge(node, f"person:{child}", kind="affects")
        for harmer in sorted(need.harmed_by or ()):
            if any(person.key == harmer for person in family.people):
                graph.add_edge(node, f"person:{harmer}", kind="harmed_by")


def _draw_offers(
    graph: "nx.DiGraph[str]", candidates: tuple[Candidate, ...], catalogue: Catalogue
) -> None:
    for candidate in candidates:
        node = f"offer:{candidate.key}"
        graph.add_node(node, kind="offer", candidate=candidate)
        for answer in candidate.answers:
            graph.add_edge(
                node,
                f"need:{answer.person}:{answer.need}",
                kind="answers",
                certainty=answer.certainty.value,
                effect=answer.effect.value,
                age_fit=answer.age_fit,
                evidence=answer.evidence,
            )
    for one in candidates:
        for required in one.requires:
            for other in candidates:
                if required.is_met_by(other) and other.key != one.key:
                    graph.add_edge(
                        f"offer:{one.key}",
                        f"offer:{other.key}",
                        kind="needs_first",
                        rule=required.rule,
                    )
    for one, other, rule in clashes_among(candidates, catalogue):
        graph.add_edge(f"offer:{one.key}", f"offer:{other.key}", kind="clashes", rule=rule)


def clashes_among(
    candidates: tuple[Candidate, ...], catalogue: Catalogue
) -> Iterator[tuple[Candidate, Candidate, str]]:
    """Pairs of offers of which at most one may be in a package, with the rule."""
    clashing = [rule for rule in catalogue.rules if rule.clashes_with or rule.once_per_family]
    for index, one in enumerate(candidates):
        for other in candidates[index + 1 :]:
            same = one.intervention.key == other.intervention.key
            if same and (
                set(one.people) < set(other.people) or set(other.people) < set(one.people)
            ):
                yield one, other, "same_help"
            for rule in clashing:
                if (
                    rule.aims_at(one.intervention) is None
                    or rule.aims_at(other.intervention) is None
                ):
                    continue
                if (rule.once_per_family and same) or (
                    rule.clashes_with and _share_child(one, other)
                ):
                    yield one, other, rule.id


def _share_child(one: Candidate, other: Candidate) -> bool:
    return bool(set(one.children) & set(other.children)) and one.key != other.key


def _sort_out(question: Question) -> tuple[tuple[Candidate, ...], tuple[RuledOut, ...]]:
    """Every offer that could be made, and a reason for every intervention and need that has none."""
    found: dict[str, Candidate] = {}
    reasons: dict[tuple[str, str, str], RuledOut] = {}
    for need in sorted(question.family.needs, key=lambda n: (n.person, n.need)):
        for intervention in question.catalogue.interventions.values():
            if not intervention.evidence_for(need.need):
                continue
            early = _early_reason(intervention, need)
            if early is not None:
                _keep_deepest(reasons, early)
                continue
            for outcome in _try_people(intervention, need, question):
                if isinstance(outcome, RuledOut):
                    _keep_deepest(reasons, outcome)
                else:
                    found[outcome.key] = outcome
    _drop_unmet(found, reasons, question)
    answered = {
        (candidate.intervention.key, answer.person, answer.need)
        for candidate in found.values()
        for answer in candidate.answers
    }
    left = {key: row for key, row in reasons.items() if key not in answered}
    return tuple(found[key] for key in sorted(found)), tuple(left[key] for key in sorted(left))


def _keep_deepest(reasons: dict[tuple[str, str, str], RuledOut], row: RuledOut) -> None:
    """Of several ways to take part, the one that came furthest gives the reason."""
    key = (row.intervention, row.person, row.need)
    known = reasons.get(key)
    if known is None or (row.depth, row.people) > (known.depth, known.people):
        reasons[key] = row


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


def _early_reason(intervention: Intervention, need: Need) -> RuledOut | None:
    """The reasons that do not depend on who would take part."""

    def out(because: str, says: str) -> RuledOut:
        return RuledOut(
            intervention=intervention.key,
            person=need.person,
            need=need.need,
            because=because,
            says=says,
        )

    title = intervention.title
    if need.when is When.PAST:
        return out(
            "below_action_level",
            "The need is in the past; it is remembered, not matched.",
        )
    if need.level == ActionLevel.NO_HELP:
        return out("below_action_level", "No help is needed with this now.")
    if need.level == ActionLevel.KEEP_AN_EYE and intervention.intensity is not Intensity.LIGHT:
        return out(
            "below_action_level",
            f"{title} is more than a need to keep an eye on calls for.",
        )
    if need.level is None:
        return out("not_rated", "Nobody has said yet how much help is needed.")
    if not intervention.is_offered_kind:
        return out("not_an_intervention", intervention.not_offered_because)
    rows = intervention.evidence_for(need.need)
    if intervention.withdrawn or all(row.withdrawn for row in rows):
        return out("withdrawn", f"What was said of {title} no longer holds.")
    rows = tuple(row for row in rows if row.withdrawn is None)
    if any(row.effect is Effect.HARMS for row in rows):
        return out("may_harm", f"A study found that {title} can do harm here.")
    if any(row.may_be_offered_on for row in rows):
        return None
    read = [row for row in rows if row.read is not Read.RECALLED]
    if not read:
        return out(
            "to_be_checked",
            f"What is said of {title} here is only remembered; nobody has read it yet.",
        )
    if any(row.effect is Effect.NO_EFFECT for row in read):
        return out(
            "no_effect_found",
            read[0].says if len(read) == 1 else f"{title} was tested here and no effect was found.",
        )
    return out("not_tested_for_this", read[0].says)


def _try_people(
    intervention: Intervention, need: Need, question: Question
) -> Iterator[Candidate | RuledOut]:
    """Each way to take part in one intervention for one need: an offer, or the reason against it."""
    family = question.family

    def out(because: str, says: str, **more: Any) -> RuledOut:
        return RuledOut(
            intervention=intervention.key,
            person=need.person,
            need=need.need,
            because=because,
            says=says,
            **more,
        )

    added = [
        j
        for j in family.judgements
        if j.decision is Choice.ADD and j.intervention == intervention.key
    ]
    ages = _answers_for(intervention, need, question, outside=bool(added))
    if ages is None:
        yield out("outside_age", _outside_words(intervention, need, question))
        return
    tried = False
    for parts in combinations_for(
        intervention, seek(need, family, question.catalogue, question.on)
    ):
        tried = True
        people = tuple(sorted({key for keys in parts.values() for key in keys}))
        yield _judge_trial(intervention, parts, people, need, question)
    if not tried:
        yield out(
            "no_one_to_take_part",
            f"Nobody in this family is in a place to take part in {intervention.title}: it is for "
            f"{_parts_words(intervention)}.",
        )


def _parts_words(intervention: Intervention) -> str:
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
        "substitute_carer": "a foster, kinship or adoptive carer",
        "adult": "the adult",
    }
    return " and ".join(
        words[part.who.value] for part in intervention.takes_part if not part.optional
    )


def _outside_words(intervention: Intervention, need: Need, question: Question) -> str:
    rows = [ages for ages in intervention.ages if ages.read is not Read.RECALLED]
    if not rows:
        return f"{intervention.title} is for another age."
    low, high = min(a.low for a in rows), max(a.high for a in rows)
    label = question.family.label_of(need.person)
    who = (
        label
        if question.family.person(need.person).is_child
        else f"no child whom {label}'s need affects"
    )
    return f"Tested or offered {age_words(low)} to {age_words(high)}; {who} is inside no range that goes with the evidence."


def age_words(months: int) -> str:
    """An age as people say it: "9 months before birth", "18 months", "7"."""
    if months < 0:
        return f"from {-months} months before birth"
    if months < 36 and months % 12 not in {0, 11}:
        return f"{months} months"
    return str(months // 12)


def _answers_for(
    intervention: Intervention, need: Need, question: Question, *, outside: bool
) -> Answers | None:
    """What one intervention is to one need: evidence and age fit, or None when the age is outside.

    `outside` lets an age outside every range through, for a judgement that adds it.
    """
    family, catalogue = question.family, question.catalogue
    person = family.person(need.person)
    rows = intervention.evidence_for(need.need)
    if person.is_child and catalogue.need_types[need.need].whose.value == "child":
        return _answers_at(intervention, need, question, (person.key,), outside=outside)
    if intervention.adult_ages is not None:
        low, high = family.age(person.key, question.on)
        if (
            low < intervention.adult_ages.low or high > intervention.adult_ages.high
        ) and not outside:
            return None
    # Where nobody said whom it affects, the children this person cares for are those it could.
    affected = tuple(sorted(need.affects)) or cared_for_by(family, person.key)
    if not intervention.ages or not affected:
        found = carrying((row, "not_stated") for row in rows)
        return _made(need, question, found, tuple(sorted(need.affects)))
    fitting = [
        child
        for child in affected
        if _answers_at(intervention, need, question, (child,), outside=False) is not None
    ]
    if not fitting and outside:
        return _answers_at(intervention, need, question, affected, outside=True)
    if not fitting:
        return None
    each = [_answers_at(intervention, need, question, (child,), outside=False) for child in fitting]
    weakest = min((a for a in each if a is not None), key=lambda a: a.quality)
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
        of_child=question.catalogue.need_types[need.need].whose.value == "child",
    )


def _judge_trial(
    intervention: Intervention,
    parts: Mapping[str, tuple[str, ...]],
    people: tuple[str, ...],
    need: Need,
    question: Question,
) -> Candidate | RuledOut:
    """One set of people: the offer, or the first reason against it."""
    family, catalogue = question.family, question.catalogue
    judged = {
        j.decision: j
        for j in family.judgements
        if j.intervention == intervention.key and set(j.people) == set(people)
    }
    is_added = Choice.ADD in judged
    answers = _all_answers(intervention, parts, question, outside=is_added)
    harmers = _not_the_harmer(intervention, parts, need, question)
    if harmers is not None:
        return harmers
    if not any((a.person, a.need) == (need.person, need.need) for a in answers):
        return RuledOut(
            intervention=intervention.key,
            person=need.person,
            need=need.need,
            because="outside_age",
            says=_outside_words(intervention, need, question),
            people=people,
        )
    children = tuple(sorted({child for a in answers for child in a.children}))
    trial = Trial(
        parts=parts,
        case=Case(
            family=family,
            on=question.on,
            people=people,
            children=children,
            parts=parts,
            harm_needs=harm_needs(catalogue),
            tags={i.key: i.tags for i in catalogue.interventions.values()},
            scopes={q.key: q.scope.value for q in catalogue.questions.values()},
            asked_from={q.key: q.from_months for q in catalogue.questions.values()},
        ),
    )
    reading = _read_rules(intervention, trial, question)
    here = _read_here(intervention, parts, question, is_added=is_added)
    problem = reading.problem or here
    if problem is None and Choice.DECLINE in judged:
        problem = _Problem(because="declined", says=judged[Choice.DECLINE].because)
    if problem is not None:
        return RuledOut(
            intervention=intervention.key,
            person=need.person,
            need=need.need,
            because=problem.because,
            says=problem.says,
            blocked_by=problem.blocked_by,
            asked=problem.asked,
            people=people,
        )
    chosen = judged.get(Choice.ADD) or judged.get(Choice.ACCEPT)
    place = (question.availability or {}).get(intervention.key)
    return Candidate(
        intervention=intervention,
        people=people,
        parts=parts,
        answers=answers,
        load=load_of(intervention, catalogue),
        available="unknown" if question.availability is None else ("yes" if place else "no"),
        wait_weeks=place.wait_weeks if place else None,
        warnings=reading.warnings,
        conditions=reading.conditions,
        requires=reading.requires,
        judged=chosen.decision.value if chosen else None,
        judged_because=chosen.because if chosen else "",
    )


def _all_answers(
    intervention: Intervention,
    parts: Mapping[str, tuple[str, ...]],
    question: Question,
    *,
    outside: bool,
) -> tuple[Answers, ...]:
    """Every need that these people's taking part would answer."""
    found = []
    for need in sorted(question.family.needs, key=lambda n: (n.person, n.need)):
        seeking = seek(need, question.family, question.catalogue, question.on)
        if not need.is_matched or not serves(intervention, parts, seeking):
            continue
        if not intervention.evidence_for(need.need) or _early_reason(intervention, need):
            continue
        if _not_the_harmer(intervention, parts, need, question) is not None:
            continue
        answer = _answers_for(intervention, need, question, outside=outside)
        if answer is not None:
            found.append(answer)
    return tuple(found)


def _not_the_harmer(
    intervention: Intervention,
    parts: Mapping[str, tuple[str, ...]],
    need: Need,
    question: Question,
) -> RuledOut | None:
    """Work with a carer alone answers a child's abuse only where it is that carer who did it.

    While nobody knows who did, it waits: to teach one parent calm would say that it was them.
    """
    family = question.family
    people = tuple(sorted({key for keys in parts.values() for key in keys}))
    if need.need not in CARER_ANSWERS_FOR or need.person in parts.get("child", ()):
        return None
    known, unknown = harmers_of(family, need.person, (need.need,))
    if known & set(people):
        return None
    more: dict[str, Any] = {}
    if unknown:
        because, says = (
            "safety_not_answered",
            "Nobody knows yet who did the harm, so no carer is asked to answer for it.",
        )
        more = {
            "blocked_by": ("H2", "harmed_by"),
            "asked": frozenset({Asked(key="harmed_by", person=need.person)}),
        }
    else:
        because, says = (
            "no_one_to_take_part",
            "It is work with the person who did the harm, and that is somebody else.",
        )
    return RuledOut(
        intervention=intervention.key,
        person=need.person,
        need=need.need,
        because=because,
        says=says,
        people=people,
        **more,
    )


@dataclass(frozen=True, kw_only=True)
class _Problem:
    because: str
    says: str
    blocked_by: tuple[str, ...] = ()
    asked: frozenset[Asked] = frozenset()


@dataclass(frozen=True, kw_only=True)
class _RulesRead:
    problem: _Problem | None
    warnings: tuple[str, ...] = ()
    conditions: tuple[OpenCondition, ...] = ()
    requires: tuple[Required, ...] = ()


def _read_rules(intervention: Intervention, trial: Trial, question: Question) -> _RulesRead:
    """What all rules say of one set of people: a reason against, or warnings and conditions."""
    problems: list[_Problem] = list(_must_problems(intervention, trial, question))
    pairs = read_pairs(intervention, trial)
    if pairs.blocked:
        problems.append(
            _Problem(because="not_safe_now", says=pairs.says, blocked_by=(pairs.blocked,))
        )
    elif pairs.held:
        problems.append(_held(pairs.held, pairs.asked, pairs.says))
    warnings: list[str] = []
    conditions: list[OpenCondition] = []
    requires: list[Required] = []
    for rule, basis in question.catalogue.rules_for(intervention):
        if rule.built_in or rule.clashes_with or any(t.tag == "package" for t in rule.targets):
            continue
        outcome = _apply(rule, basis, intervention, trial, question)
        if isinstance(outcome, _Problem):
            problems.append(outcome)
        elif isinstance(outcome, tuple):
            requires += outcome
        elif isinstance(outcome, OpenCondition):
            conditions.append(outcome)
            warnings.append(rule.id)
        elif outcome:
            warnings.append(rule.id)
    first = min(problems, key=lambda p: (REASONS.index(p.because), p.blocked_by), default=None)
    if first is not None:
        # Everything that speaks against it for the same reason, so that answering one question
        # does not uncover another.
        alike = [p for p in problems if p.because == first.because]
        first = _Problem(
            because=first.because,
            says=first.says,
            blocked_by=tuple(dict.fromkeys(b for p in alike for b in p.blocked_by)),
            asked=frozenset[Asked]().union(*(p.asked for p in alike)),
        )
    return _RulesRead(
        problem=first,
        warnings=tuple(sorted(set(warnings))),
        conditions=tuple(conditions),
        requires=tuple(requires),
    )


def _must_problems(
    intervention: Intervention, trial: Trial, question: Question
) -> Iterator[_Problem]:
    """What must be true of those who take part, where a safety question says it."""
    for part in intervention.takes_part:
        people = trial.parts.get(part.who.value, ())
        for must in part.must:
            if must in FACTS:
                continue
            scope = question.catalogue.questions[must].scope.value
            for key in people:
                pairs: list[tuple[str | None, str | None]] = [(key, None)]
                if scope == "pair":
                    pairs = [(key, child) for child in trial.case.children if child != key]
                elif scope == "family":
                    pairs = [(None, None)]
                for person, other in pairs:
                    value = answer_of(trial.case, must, person, other)
                    asked = Asked(key=must, person=person, other=other)
                    words = question_words(question, asked)
                    if value is False:
                        yield _Problem(
                            because="no_one_to_take_part",
                            says=f"It needs a yes to: {words}",
                            blocked_by=(must,),
                        )
                    elif value is None:
                        yield _held(must, frozenset({asked}), f"It waits for an answer: {words}")


def _held(by: str, asked: frozenset[Asked], says: str) -> _Problem:
    keys = sorted({question.key for question in asked})
    return _Problem(
        because="safety_not_answered",
        says=says,
        blocked_by=tuple(dict.fromkeys((by, *keys))),
        asked=asked,
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
        return f"Who harms, or harmed, {person}?"
    return (
        catalogue.questions[asked.key].words.replace("{person}", person).replace("{other}", other)
    )


def _apply(
    rule: Rule,
    basis: RuleBasis,
    intervention: Intervention,
    trial: Trial,
    question: Question,
) -> "_Problem | tuple[Required, ...] | OpenCondition | bool":
    """What one rule does to one offer; True means that it warns, False that it is silent."""
    reading = read_condition(rule.when, trial.case) if rule.when else None
    value = True if reading is None else reading.value
    open_questions = frozenset[Asked]() if reading is None else reading.open
    if basis is RuleBasis.INFERRED:
        return value is not True if rule.severity is Severity.MATCH else value is not False
    if rule.severity is Severity.WARN:
        if value is None and rule.if_unknown is IfUnknown.ASK:
            return _open(rule, open_questions)
        return value is not False
    if rule.severity is Severity.MATCH:
        value = (not value) if value is not None and rule.when else value
        if rule.once_per_family:
            return False
    if value is False:
        return False
    if value is None and rule.severity is not Severity.PAIR:
        if rule.if_unknown is IfUnknown.HOLD:
            return _held(rule.id, open_questions, rule.says)
        return (
            _open(rule, open_questions)
            if rule.if_unknown is IfUnknown.ASK
            else rule.if_unknown is IfUnknown.WARN
        )
    return _acted(rule, intervention, trial, question)


def _acted(
    rule: Rule,
    intervention: Intervention,
    trial: Trial,
    question: Question,
) -> "_Problem | tuple[Required, ...] | OpenCondition | bool":
    """What a rule does whose condition holds."""
    if rule.severity is Severity.BLOCK:
        return _Problem(because="not_safe_now", says=rule.says, blocked_by=(rule.id,))
    if rule.severity is Severity.MATCH:
        return _Problem(because="no_one_to_take_part", says=rule.says, blocked_by=(rule.id,))
    if rule.severity is Severity.REQUIRE:
        if rule.if_unknown is IfUnknown.HOLD and rule.when is not None:
            return _Problem(because="not_safe_now", says=rule.says, blocked_by=(rule.id,))
        return OpenCondition(rule=rule.id, asked=None, says=rule.says)
    # pair and sequence
    wanted = _interventions(rule.needs, question.catalogue) - {intervention.key}
    if rule.severity is Severity.SEQUENCE and _is_safety(intervention):
        # H3: help for safety waits for nothing; what should come beside it is said.
        return True
    missing = _still_without(rule, wanted, trial, question)
    if missing is None:
        return False
    if not wanted:
        return _Problem(because="needs_another_first", says=rule.says, blocked_by=(rule.id,))
    return tuple(
        Required(rule=rule.id, interventions=wanted, people=people, first=rule.before)
        for people in missing
    )


def _still_without(
    rule: Rule, wanted: frozenset[str], trial: Trial, question: Question
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
        grown = frozenset(key for key in trial.people if family.is_parenting(key))
        return None if have & grown else (grown,)
    victims = {
        victim
        for key in trial.people
        for victim in victims_of(family, key, trial.case.harm_needs - {"neglect"})
        if answer_of(trial.case, "victim_has_own_worker", key, victim) is not True
    }
    recorded = any(
        victims_of(family, key, trial.case.harm_needs - {"neglect"}) for key in trial.people
    )
    if not recorded:
        return (frozenset(),)
    return tuple(frozenset({v}) for v in sorted(victims - have)) or None


def _open(rule: Rule, open_questions: frozenset[Asked]) -> OpenCondition:
    asked = min(
        open_questions,
        key=lambda a: (a.key, a.person or "", a.other or ""),
        default=None,
    )
    return OpenCondition(rule=rule.id, asked=asked, says=rule.says)


def _is_safety(intervention: Intervention) -> bool:
    return intervention.phase.value == "safety"


def _interventions(wanted: tuple[str, ...], catalogue: Catalogue) -> frozenset[str]:
    return frozenset(
        intervention.key
        for intervention in catalogue.interventions.values()
        if intervention.is_offered_kind
        and any(name == intervention.key or name in intervention.tags for name in wanted)
    )


def _read_here(
    intervention: Intervention,
    parts: Mapping[str, tuple[str, ...]],
    question: Question,
    *,
    is_added: bool,
) -> _Problem | None:
    """Whether it can be had here, and whether it is in place already."""
    if question.availability is not None and not is_added:
        place = question.availability.get(intervention.key)
        if place is None:
            return _Problem(because="not_here", says="The local directory does not list it.")
        if place.places == 0:
            return _Problem(
                because="no_places",
                says="The local directory lists it without a free place.",
            )
    everybody = {key for keys in parts.values() for key in keys}
    for line in question.family.support:
        # A child's place in a programme is that child's: a brother has no help by it.
        people = set(parts.get("child", ())) or everybody
        if line.intervention == intervention.key and line.person in people:
            if line.state in {SupportState.CURRENT, SupportState.WAITING}:
                return _Problem(
                    because="already_in_place",
                    says=f"{question.family.label_of(line.person)} has it already, or is waiting for it.",
                )
    return _beside_support(intervention, everybody, question)


def _beside_support(
    intervention: Intervention, people: set[str], question: Question
) -> _Problem | None:
    """What clashes with help that somebody taking part has now."""
    catalogue = question.catalogue
    for line in question.family.support:
        other = catalogue.interventions.get(line.intervention or "")
        if other is None or line.person not in people or line.state is not SupportState.CURRENT:
            continue
        for rule in catalogue.rules:
            both = rule.aims_at(intervention) and rule.aims_at(other)
            if rule.clashes_with and both and other.key != intervention.key:
                return _Problem(because="clashes", says=rule.says, blocked_by=(rule.id,))
    return None


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
    return Load(
        minutes_per_week=ceil((minutes or assumed.minutes) * per_week),
        weeks_low=max(1, low),
        weeks_high=max(1, high),
        stated=stated,
        says="" if stated else assumed.says,
    )
