"""Who could take part in an intervention for somebody's need. Roles come from the file, never from guesses."""

import datetime
from collections.abc import Iterator, Mapping
from itertools import product

from cpassist.catalogue.conditions import harmers_of
from cpassist.catalogue.records import Catalogue, Intervention, Part, Read, Who
from cpassist.family import SUBSTITUTE_PLACEMENTS, Family, Person, RelationKind

PARTNERED = frozenset(
    {RelationKind.PARENT, RelationKind.STEP_PARENT, RelationKind.PARTNER_OF_CARER}
)
STANDING_IN = frozenset(
    {RelationKind.KINSHIP_CARER, RelationKind.FOSTER_CARER, RelationKind.ADOPTER}
)
CARING_ROLES = frozenset(
    {
        Who.CARER,
        Who.HARMING_CARER,
        Who.SUBSTITUTE_CARER,
        Who.PREGNANT_PERSON,
        Who.VICTIM,
        Who.COUPLE,
    }
)
# Help for a whole family takes in every child it suits, not one at a time.
WHOLE_FAMILY_TAGS = frozenset({"whole_family", "family_group"})


def harm_needs(catalogue: Catalogue) -> frozenset[str]:
    """The needs in which somebody does something to the person."""
    return frozenset(key for key, kind in catalogue.need_types.items() if kind.harm)


def carers_of(family: Family, child: str) -> tuple[str, ...]:
    """Those who care for a child; for an unborn child, whoever carries it."""
    carers = [person.key for person in family.carers_of(child)]
    carried_by = family.person(child).carried_by
    if carried_by and carried_by not in carers:
        carers.append(carried_by)
    return tuple(sorted(carers))


def cared_for_by(family: Family, person: str) -> tuple[str, ...]:
    return tuple(
        sorted(child.key for child in family.children if person in carers_of(family, child.key))
    )


def partners_of(family: Family, person: str) -> tuple[str, ...]:
    """Adults who are parent, step-parent or carer's partner to a child this person cares for or is parent of."""

    def bound_to(key: str) -> set[str]:
        related = {r.child for r in family.relations if r.person == key and r.kind in PARTNERED}
        return related | set(cared_for_by(family, key))

    theirs = bound_to(person)
    return tuple(
        sorted(
            other.key
            for other in family.people
            if other.key != person
            and not other.is_unborn
            and (not other.is_child or other.cares_for)
            and theirs & bound_to(other.key)
        )
    )


def combinations_for(
    intervention: Intervention,
    person: Person,
    family: Family,
    catalogue: Catalogue,
    on: datetime.date,
) -> Iterator[dict[str, tuple[str, ...]]]:
    """Each way in which people could fill an intervention's parts for one person's need.

    Yields role → keys. Nothing is yielded when a part that is needed cannot be filled.
    """
    choices: list[list[tuple[str, tuple[str, ...]]]] = []
    for part in intervention.takes_part:
        found = [
            (part.who.value, coming)
            for people in _who(part, intervention, person, family, catalogue)
            if (coming := _of_age(part, people, intervention, person, family, on))
        ]
        if found:
            choices.append(found)
        elif not part.optional:
            return
    seen: set[frozenset[str]] = set()
    for combination in product(*choices):
        parts: dict[str, tuple[str, ...]] = {}
        for role, people in combination:
            parts[role] = tuple(sorted({*parts.get(role, ()), *people}))
        everybody = frozenset(key for people in parts.values() for key in people)
        # Two parts need two people: nobody is both the child and the child's carer.
        if everybody in seen or len(everybody) < sum(len(people) for people in parts.values()):
            continue
        seen.add(everybody)
        yield parts


def _of_age(
    part: Part,
    people: tuple[str, ...],
    intervention: Intervention,
    person: Person,
    family: Family,
    on: datetime.date,
) -> tuple[str, ...]:
    """Of the children who would come along, those whom the help is for; the child in question stays."""
    rows = [ages for ages in intervention.ages if ages.read is not Read.RECALLED]
    if not rows or part.who is not Who.CHILD:
        return people
    ages = {key: family.age(key, on) for key in people}
    return tuple(
        key
        for key in people
        if key == person.key
        or any(row.low <= ages[key][0] and ages[key][1] <= row.high for row in rows)
    )


def _who(
    part: Part,
    intervention: Intervention,
    person: Person,
    family: Family,
    catalogue: Catalogue,
) -> list[tuple[str, ...]]:
    finders = {
        Who.CHILD: _children,
        Who.CARER: _carers,
        Who.HARMING_CARER: _harming_carers,
        Who.VICTIM: _victims,
        Who.PERSON_CAUSING_HARM: _causing_harm,
        Who.PREGNANT_PERSON: _pregnant,
        Who.COUPLE: _couples,
        Who.HOUSEHOLD: _household,
        Who.SUBSTITUTE_CARER: _substitute_carers,
        Who.ADULT: _adults,
    }
    found = finders[part.who](intervention, person, family, catalogue)
    return [
        people
        for people in found
        if people
        and not any(family.person(key).is_unborn for key in people)
        and _facts_hold(part, people, person, family, catalogue)
    ]


def _facts_hold(
    part: Part,
    people: tuple[str, ...],
    person: Person,
    family: Family,
    catalogue: Catalogue,
) -> bool:
    """Whether what must be true of this part is, as far as the file itself says."""
    for key in people:
        children = (person.key,) if person.is_child else cared_for_by(family, key)
        if "did_not_harm_this_child" in part.must:
            # Neglect is left out: much of the help for it is that very carer with that child.
            harm = harm_needs(catalogue) - {"neglect"}
            if any(key in harmers_of(family, child, harm)[0] for child in children):
                return False
        if "lives_with_child" in part.must and person.is_child:
            if family.lives_with(key, person.key) is False:
                return False
        if "has_parental_responsibility" in part.must and not any(
            r.person == key and r.child in children and r.parental_responsibility
            for r in family.relations
        ):
            return False
    return True


def _children(
    intervention: Intervention, person: Person, family: Family, _: Catalogue
) -> list[tuple[str, ...]]:
    if person.is_child and not intervention.plays(Who.ADULT, Who.PERSON_CAUSING_HARM):
        return [(person.key,)]
    mine = [key for key in cared_for_by(family, person.key) if not family.person(key).is_unborn]
    own = next(
        (need for need in family.needs_of(person.key) if need.need in intervention.needs),
        None,
    )
    affected = [key for key in mine if own is None or not own.affects or key in own.affects]
    if WHOLE_FAMILY_TAGS & set(intervention.tags):
        return [tuple(affected)]
    return [(key,) for key in affected]


def _carers(
    _: Intervention, person: Person, family: Family, __: Catalogue
) -> list[tuple[str, ...]]:
    if person.is_child and not person.cares_for:
        return [(key,) for key in carers_of(family, person.key)]
    if person.is_child:
        return [(key,) for key in (person.key, *carers_of(family, person.key))]
    return [(person.key,)] if cared_for_by(family, person.key) else []


def _harming_carers(
    _: Intervention, person: Person, family: Family, catalogue: Catalogue
) -> list[tuple[str, ...]]:
    if not person.is_child:
        return [(person.key,)] if family.need(person.key, "causing_harm_to_child") else []
    harmers, _unknown = harmers_of(family, person.key, harm_needs(catalogue))
    carers = set(carers_of(family, person.key))
    carers |= {r.person for r in family.relations if r.child == person.key and r.kind in PARTNERED}
    return [(key,) for key in sorted(harmers & carers)]


def _victims(
    _: Intervention, person: Person, family: Family, __: Catalogue
) -> list[tuple[str, ...]]:
    around = (
        carers_of(family, person.key) if person.is_child and not person.cares_for else (person.key,)
    )
    return [(key,) for key in around if family.need(key, "domestic_abuse_victim")]


def _causing_harm(
    _: Intervention, person: Person, family: Family, __: Catalogue
) -> list[tuple[str, ...]]:
    recorded = any(
        family.need(person.key, kind)
        for kind in ("domestic_abuse_causing", "causing_harm_to_child")
    )
    return [(person.key,)] if recorded else []


def _pregnant(
    _: Intervention, person: Person, family: Family, __: Catalogue
) -> list[tuple[str, ...]]:
    if person.is_unborn:
        return [(str(person.carried_by),)]
    carries = any(child.carried_by == person.key for child in family.children)
    return [(person.key,)] if carries else []


def _couples(
    _: Intervention, person: Person, family: Family, __: Catalogue
) -> list[tuple[str, ...]]:
    first = (
        carers_of(family, person.key) if person.is_child and not person.cares_for else (person.key,)
    )
    pairs = {
        (min(one, other), max(one, other)) for one in first for other in partners_of(family, one)
    }
    return [*sorted(pairs)]


def _household(
    _: Intervention, person: Person, family: Family, __: Catalogue
) -> list[tuple[str, ...]]:
    living = [
        p.key for p in family.people if not p.is_unborn and set(p.lives_in) & set(person.lives_in)
    ]
    return [tuple(sorted({person.key, *living}))]


def _substitute_carers(
    _: Intervention, person: Person, family: Family, __: Catalogue
) -> list[tuple[str, ...]]:
    def stands_in(carer: str, child: Person) -> bool:
        related = any(
            r.person == carer and r.child == child.key and r.kind in STANDING_IN
            for r in family.relations
        )
        return related and child.placement in SUBSTITUTE_PLACEMENTS

    if person.is_child:
        return [(key,) for key in carers_of(family, person.key) if stands_in(key, person)]
    theirs = [family.person(key) for key in cared_for_by(family, person.key)]
    return [(person.key,)] if any(stands_in(person.key, child) for child in theirs) else []


def _adults(
    _: Intervention, person: Person, family: Family, __: Catalogue
) -> list[tuple[str, ...]]:
    if person.is_child and not person.cares_for and not _carries(family, person.key):
        return [(key,) for key in carers_of(family, person.key)]
    return [(person.key,)]


def _carries(family: Family, person: str) -> bool:
    return any(child.carried_by == person for child in family.children)


def serves(
    intervention: Intervention,
    parts: Mapping[str, tuple[str, ...]],
    person: Person,
    family: Family,
) -> bool:
    """Whether an intervention with these people can answer a need of this person."""
    if any(person.key in people for people in parts.values()):
        return True
    # Work with a carer alone is for every child of that carer: shared help is counted once.
    if not person.is_child or intervention.plays(Who.CHILD):
        return False
    caring = {key for role, people in parts.items() if Who(role) in CARING_ROLES for key in people}
    return any(person.key in cared_for_by(family, key) for key in caring)
