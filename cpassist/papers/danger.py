"""Who may be a danger to whom where a paper lies about: the cautious reading of what is recorded.

Unknown is never read as no. While nobody has said who harms somebody, everybody who may is read as if they did.
"""

from dataclasses import dataclass
from functools import cached_property

from cpassist.family import Family
from cpassist.family_vocabulary import AnswerValue, RelationKind
from cpassist.records.harm import SAYS_THAT_THEY_HARM, WORKED_ON_TOGETHER, causing_harm

UNKNOWN = "unknown"
ABUSE_BETWEEN_ADULTS = frozenset(
    {"domestic_abuse_victim", "domestic_abuse_causing", "exposed_to_domestic_abuse"}
)
OF_PARENTS = frozenset({RelationKind.PARENT, RelationKind.ADOPTER})


@dataclass(frozen=True)
class Danger:
    """One family, read for what a paper may do in it."""

    family: Family
    harm_needs: frozenset[str]
    """The needs in which somebody does something to the person, from the catalogue."""

    @cached_property
    def harmers(self) -> frozenset[str]:
        """Those who are recorded as causing harm, and whoever may be while nobody has said who does."""
        found = set(causing_harm(self.family))
        for need in self.family.needs:
            if need.need not in self.harm_needs - WORKED_ON_TOGETHER:
                continue
            if need.harmed_by is None or UNKNOWN in need.harmed_by:
                found |= {
                    p.key
                    for p in self.family.people
                    if p.key != need.person
                    and (not p.is_child or self.family.is_parenting(p.key))
                    and self.may_meet(p.key, need.person)
                }
        for line in self.family.circumstances:
            if line.ask == "contact_forbidden" and line.answer is AnswerValue.TRUE:
                pair = {line.person, line.other} - {None}
                found |= {
                    k
                    for k in pair
                    if k and self.family.is_parenting(k) and not self._is_named_victim(k)
                }
        return frozenset(found)

    @cached_property
    def abuse_between_adults(self) -> bool:
        """Whether anything recorded speaks of abuse between adults of this family."""
        return any(n.need in ABUSE_BETWEEN_ADULTS for n in self.family.needs) or any(
            line.ask in SAYS_THAT_THEY_HARM
            and line.answer is AnswerValue.TRUE
            and line.other
            and self.family.is_parenting(line.other)
            for line in self.family.circumstances
        )

    def _is_named_victim(self, person: str) -> bool:
        return self.family.need(person, "domestic_abuse_victim") is not None or any(
            line.ask in SAYS_THAT_THEY_HARM
            and line.answer is AnswerValue.TRUE
            and line.other == person
            for line in self.family.circumstances
        )

    def needs_a_yes(self, person: str) -> bool:
        """Whether somebody gets a copy only once it is recorded that they can keep papers safely.

        So for whoever is or may be abused, and for whoever shares a home with somebody who harms.
        """
        if self._is_named_victim(person):
            return True
        if person in self.harmers:
            return False
        if self.abuse_between_adults and self.family.is_parenting(person):
            return True
        return any(self.family.lives_with(person, other) is not False for other in self.harmers)

    def may_hold(self, person: str) -> bool:
        """Only a recorded yes is one."""
        return self.family.answer("safe_to_hold_papers", person) is AnswerValue.TRUE

    def must_not_hold(self, person: str) -> bool:
        return self.family.answer("safe_to_hold_papers", person) is AnswerValue.FALSE

    def may_meet(self, one: str, other: str) -> bool:
        """Whether somebody lives with another or may see them: unless it is recorded that they do not, they may."""
        if self.family.lives_with(one, other):
            return True
        here, there = (
            self.family.answer("has_contact", *pair) for pair in ((one, other), (other, one))
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
