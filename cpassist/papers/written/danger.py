"""Who may be a danger to whom where a paper lies about, by the cautious reading of harm.

Unknown is never read as no. While nobody has said who harms somebody, everybody who may is read as if they did.
"""

from cpassist.catalogue.named_in_code import (
    HAS_CONTACT,
    IN_REFUGE,
    MAY_KNOW_WHEREABOUTS,
    SAFE_TO_HOLD_PAPERS,
)
from cpassist.family.family import Family
from cpassist.family.vocabulary import AnswerValue, RelationKind
from cpassist.harm.causing import causing_harm
from cpassist.harm.reading import HarmReading

OF_PARENTS = frozenset({RelationKind.PARENT, RelationKind.ADOPTER})


class Danger:
    """One family, read for what a paper may do in it."""

    def __init__(self, harm: HarmReading) -> None:
        self.family, self.harm = harm.family, harm
        self.harmers = harm.may_cause

    def needs_a_yes(self, person: str) -> bool:
        """Whether somebody gets a copy only once it is recorded that they can keep papers safely.

        So for whoever is or may be abused, is hidden, or shares a home with somebody who harms or may. Only of
        an abuser who is recorded as one, and as no victim, is it not asked on account of the abuse.
        """
        if (
            self.harm.is_named_victim(person)
            or self.family.answer(IN_REFUGE, person) is AnswerValue.TRUE
        ):
            return True
        certain = person in causing_harm(self.family)
        if self.harm.abuse_between_adults and self.family.is_parenting(person) and not certain:
            return True
        return any(
            self.harm.lives_with(person, other) is not False for other in self.harmers - {person}
        )

    def is_kept_from_somebody(self, person: str) -> bool:
        """Whether it is recorded that somebody must not know where another lives, learns or gets help."""
        return any(
            line.ask == MAY_KNOW_WHEREABOUTS
            and line.person == person
            and line.answer is AnswerValue.FALSE
            for line in self.family.circumstances
        )

    def may_hold(self, person: str) -> bool:
        """Only a recorded yes is one."""
        return self.family.answer(SAFE_TO_HOLD_PAPERS, person) is AnswerValue.TRUE

    def must_not_hold(self, person: str) -> bool:
        return self.family.answer(SAFE_TO_HOLD_PAPERS, person) is AnswerValue.FALSE

    def may_meet(self, one: str, other: str) -> bool:
        """Whether somebody lives with another or may see them: unless it is recorded that they do not, they may."""
        if self.harm.lives_with(one, other):
            return True
        here, there = (
            self.family.answer(HAS_CONTACT, *pair) for pair in ((one, other), (other, one))
        )
        return here is not AnswerValue.FALSE or there is AnswerValue.TRUE

    def readers_of(self, child: str) -> tuple[str, ...]:
        """Those who may come to read a child's paper: who cares or stands as an adult, and whoever may harm."""
        return tuple(
            p.key
            for p in self.family.people
            if p.key != child
            and (self.family.is_parenting(p.key) or p.key in self.harmers)
            and self.may_meet(p.key, child)
        )


def children_of(family: Family, person: str) -> tuple[str, ...]:
    """The children of whom a plan speaks to somebody: cared for, carried, or with parental responsibility."""
    here = family.person(person)
    carried = [child.key for child in family.children if child.carried_by == person]
    responsible = [
        r.child
        for r in family.relations
        if r.person == person and r.parental_responsibility and r.kind in OF_PARENTS
    ]
    return tuple(dict.fromkeys((*here.cares_for, *carried, *responsible)))
