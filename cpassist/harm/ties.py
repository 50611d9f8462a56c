"""Who is bound to whom in a family: who cares for whom, who is whose partner. From the file, never from guesses."""

import datetime

from cpassist.catalogue.records import NeedType
from cpassist.family.family import Family
from cpassist.family.records import Need
from cpassist.family.vocabulary import ADULT_FROM_MONTHS, RelationKind

PARTNERED = frozenset(
    {RelationKind.PARENT, RelationKind.STEP_PARENT, RelationKind.PARTNER_OF_CARER}
)


def partners_of(family: Family, person: str) -> tuple[str, ...]:
    """Those who are, or may be, parent, step-parent or carer's partner to a child this person is bound to.

    Whoever cares for a child without a word on what they are to it may be a parent; a grandmother or
    foster carer who is recorded as such is no partner of the child's mother.
    """

    def bound_to(key: str) -> set[str]:
        related = {r.child: r.kind in PARTNERED for r in family.relations if r.person == key}
        cared_for = {child for child in family.cared_for_by(key) if child not in related}
        return cared_for | {child for child, partnered in related.items() if partnered}

    theirs = bound_to(person)
    return tuple(
        sorted(
            other.key
            for other in family.people
            if other.key != person
            and not other.is_unborn
            and family.is_parenting(other.key)
            and theirs & bound_to(other.key)
        )
    )


def children_meant(need: Need, kind: NeedType, family: Family) -> tuple[str, ...]:
    """The children whom an adult's need is about: of a harm that a child does, that child; else those whom it affects, and
    where nobody said whom, those the adult looks after.
    """
    if kind.by_a_child:
        children = {child.key for child in family.children}
        named = tuple(sorted(children & set(need.harmed_by or ())))
        if named:
            return named
    return tuple(sorted(need.affects)) or family.cared_for_by(need.person)


def couples_of(family: Family, person: str, on: datetime.date) -> tuple[str, ...]:
    """Those with whom somebody may be asked into work for couples: both grown up for certain, and both parents of one
    child, or a parent and a step-parent or carer's partner who share a home. A child's father and its mother's new
    partner are no couple; nor are two of whom nobody said what they are to it.
    """

    def children(key: str, kinds: frozenset[RelationKind]) -> set[str]:
        return {r.child for r in family.relations if r.person == key and r.kind in kinds}

    def are_a_couple(one: str, other: str) -> bool:
        parent = frozenset({RelationKind.PARENT})
        if children(one, parent) & children(other, parent):
            return True
        bound = children(one, parent) & children(other, PARTNERED - parent)
        bound |= children(other, parent) & children(one, PARTNERED - parent)
        return bool(bound) and family.lives_with(one, other) is True

    def is_grown(key: str) -> bool:
        here = family.person(key)
        return not here.is_child and family.age(key, on)[0] >= ADULT_FROM_MONTHS

    if not is_grown(person):
        return ()
    return tuple(
        sorted(
            other.key
            for other in family.adults
            if other.key != person and is_grown(other.key) and are_a_couple(person, other.key)
        )
    )
