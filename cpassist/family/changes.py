"""A family with one thing changed: a person, a need, an answer, a judgement. Plain functions."""

from collections.abc import Sequence
from dataclasses import replace

from cpassist.family.family import Family
from cpassist.family.records import (
    Answer,
    FamilyMeeting,
    Judgement,
    Need,
    Person,
    Relation,
    StepDecision,
    WaitingFactor,
)
from cpassist.family.vocabulary import Basis, When


def with_person(
    family: Family, person: Person, relations: tuple[Relation, ...], replacing: str | None
) -> Family:
    """Adds a person, or puts them in the place of the one of the key `replacing`."""
    people = [p for p in family.people if p.key != replacing]
    place = next((i for i, p in enumerate(family.people) if p.key == replacing), len(people))
    people.insert(place, person)
    others = tuple(r for r in family.relations if r.person != person.key)
    return family.with_changes(people=tuple(people), relations=(*others, *relations))


def with_need(family: Family, need: Need) -> Family:
    """Adds a need, or replaces the same need of the same person in its place."""
    key = (need.person, need.need)
    kept = [n for n in family.needs if (n.person, n.need) != key]
    place = next((i for i, n in enumerate(family.needs) if (n.person, n.need) == key), len(kept))
    kept.insert(place, need)
    return family.with_changes(needs=tuple(kept))


def with_answer(family: Family, answer: Answer, *, two_way: bool) -> Family:
    """Records an answer in place of an earlier one; `two_way`: also of one the other way round.

    That nobody knows is recorded too: it is not the same as never having asked.
    """
    abouts = {(answer.ask, answer.person, answer.other)}
    if two_way:
        abouts.add((answer.ask, answer.other, answer.person))
    kept = [a for a in family.circumstances if (a.ask, a.person, a.other) not in abouts]
    return family.with_changes(circumstances=(*kept, answer))


def with_harmers(
    family: Family, person: str, harmers: tuple[str, ...], harm_needs: frozenset[str]
) -> Family:
    """Says who harms somebody, for each of their harm needs where nobody has said yet."""
    needs = tuple(
        replace(n, harmed_by=harmers)
        if n.person == person and n.need in harm_needs and n.harmed_by in {None, ("unknown",)}
        else n
        for n in family.needs
    )
    return family.with_changes(needs=needs)


def with_judgements(family: Family, *judgements: Judgement) -> Family:
    """Records judgements; each takes the place of an earlier one on the same help and people."""
    judged = {(j.intervention, frozenset(j.people)) for j in judgements}
    kept = [j for j in family.judgements if (j.intervention, frozenset(j.people)) not in judged]
    return family.with_changes(judgements=(*kept, *judgements))


def with_step(family: Family, *decisions: StepDecision) -> Family:
    """Records what was decided about ordinary steps, each in place of an earlier decision on the same one."""
    decided = {(d.step, d.person) for d in decisions}
    kept = [d for d in family.steps if (d.step, d.person) not in decided]
    return family.with_changes(steps=(*kept, *decisions))


def without_step(family: Family, step: str, person: str) -> Family:
    """The family with one step open again."""
    kept = tuple(d for d in family.steps if (d.step, d.person) != (step, person))
    return family.with_changes(steps=kept)


def with_factor_named(family: Family, index: int, person: str, need: str) -> Family:
    """Says of whom a waiting factor is: it becomes a need without a level, suspected, of that person.

    A need that is recorded already stays as it is, and affects the children of the factor as well.
    """
    factor = family.waiting[index]
    children = tuple(child for child in factor.children if child != person)
    known = family.need(person, need)
    made = known or Need(
        person=person,
        need=need,
        basis=Basis.SUSPECTED,
        when=When.UNKNOWN,
        says=factor.says,
        seen_by="census return",
    )
    affects = tuple(dict.fromkeys((*made.affects, *children)))
    return with_need(without_factor(family, index), replace(made, affects=affects))


def without_factor(family: Family, index: int) -> Family:
    """The family without one waiting factor."""
    kept = tuple(w for at, w in enumerate(family.waiting) if at != index)
    return family.with_changes(waiting=kept)


def joined(families: Sequence[Family], label: str) -> Family:
    """Several families as one, people and lines apart under new keys; the same waiting factor stands once.

    Nothing is copied from one child to another. Raises Mistakes where the result could not be.
    """
    people: list[Person] = []
    needs: list[Need] = []
    waiting: dict[tuple[str, tuple[str, ...]], WaitingFactor] = {}
    meetings: list[FamilyMeeting] = []
    for number, family in enumerate(families, start=1):
        new = {p.key: f"{p.key}_{number}" for p in family.people}
        people += [replace(p, key=new[p.key]) for p in family.people]
        needs += [replace(n, person=new[n.person]) for n in family.needs]
        if family.meeting:
            accepted = tuple(new[key] for key in family.meeting.accepted_by)
            meetings.append(replace(family.meeting, accepted_by=accepted))
        for factor in family.waiting:
            key = (factor.code, factor.needs)
            before = waiting.get(key, replace(factor, children=()))
            named = tuple(new[child] for child in factor.children)
            waiting[key] = replace(before, children=(*before.children, *named))
    return Family(
        label=label,
        meeting=max(meetings, key=lambda meeting: meeting.last_day, default=None),
        assessed=max(family.assessed for family in families),
        people=tuple(people),
        needs=tuple(needs),
        waiting=tuple(waiting.values()),
    )


def without_person(family: Family, key: str) -> Family:
    """The family without one person: lines about them go, mentions of them are taken out."""
    people = tuple(
        replace(p, cares_for=tuple(k for k in p.cares_for if k != key))
        for p in family.people
        if key not in {p.key, p.carried_by}
    )
    gone = {p.key for p in family.people} - {p.key for p in people}
    needs = tuple(
        replace(
            n,
            affects=tuple(k for k in n.affects if k not in gone),
            known_to=tuple(k for k in n.known_to if k not in gone),
            # Who harmed somebody is not forgotten with the person: it becomes unknown, and asks.
            harmed_by=n.harmed_by
            if not n.harmed_by or not gone & set(n.harmed_by)
            else ("unknown",),
        )
        for n in family.needs
        if n.person not in gone
    )
    limits, meeting = family.limits, family.meeting
    if meeting:
        accepted = tuple(k for k in meeting.accepted_by if k not in gone)
        meeting = replace(meeting, accepted_by=accepted)
    return family.with_changes(
        people=people,
        meeting=meeting,
        needs=needs,
        relations=tuple(
            r for r in family.relations if r.person not in gone and r.child not in gone
        ),
        strengths=tuple(s for s in family.strengths if s.person not in gone),
        support=tuple(s for s in family.support if s.person not in gone),
        wishes=tuple(w for w in family.wishes if w.person not in gone),
        circumstances=tuple(
            a for a in family.circumstances if a.person not in gone and a.other not in gone
        ),
        judgements=tuple(j for j in family.judgements if not gone & set(j.people)),
        steps=tuple(s for s in family.steps if s.person not in gone),
        waiting=tuple(
            replace(w, children=tuple(k for k in w.children if k not in gone))
            for w in family.waiting
            if not w.children or set(w.children) - gone
        ),
        limits=replace(
            limits,
            minutes_per_week={k: v for k, v in limits.minutes_per_week.items() if k not in gone},
            languages={k: v for k, v in limits.languages.items() if k not in gone},
            access_needs={k: v for k, v in limits.access_needs.items() if k not in gone},
        ),
    )
