"""A family with one thing changed: a person, a need, an answer, a judgement. Plain functions."""

from dataclasses import replace

from cpassist.family import (
    Answer,
    Family,
    Judgement,
    Need,
    Person,
    Relation,
)


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
    limits = family.limits
    return family.with_changes(
        people=people,
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
        limits=replace(
            limits,
            minutes_per_week={k: v for k, v in limits.minutes_per_week.items() if k not in gone},
            languages={k: v for k, v in limits.languages.items() if k not in gone},
            access_needs={k: v for k, v in limits.access_needs.items() if k not in gone},
        ),
    )
