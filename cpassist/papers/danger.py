"""Who may be a danger to whom where a paper lies about: the cautious reading of what is recorded.

Unknown is never read as no. While nobody has said who harms somebody, everybody who may is read as if they did.
"""

from dataclasses import dataclass
from functools import cached_property

from cpassist.family import Answer, Family, Need
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
        """Those who are recorded as causing harm, and whoever may have while nobody has said who did."""
        found = set(causing_harm(self.family))
        for need in self.family.needs:
            if need.need == "harmful_sexual_behaviour":
                found.add(need.person)
            unsaid = need.harmed_by is None or UNKNOWN in need.harmed_by
            if unsaid and need.need in self.harm_needs - WORKED_ON_TOGETHER:
                found |= self._who_may_have(need)
        for line in self._said("contact_forbidden"):
            # An order keeps two people apart and does not say from whom: whoever is no named victim.
            pair = {key for key in (line.person, line.other) if key}
            found |= {key for key in pair if not self._is_named_victim(key)}
        for line in self.family.circumstances:
            if (
                line.ask == "child_feels_safe_with"
                and line.answer is AnswerValue.FALSE
                and line.person
            ):
                found.add(line.person)
        return frozenset(found)

    def _who_may_have(self, need: Need) -> set[str]:
        """Everybody of whom it is not said: that somebody has no contact today is no alibi."""
        by_a_child = need.need == "harmed_by_another_child"
        return {
            p.key
            for p in self.family.people
            if p.key != need.person
            and not p.is_unborn
            and (p.is_child if by_a_child else self.family.is_parenting(p.key))
        }

    def _said(self, ask: str) -> tuple[Answer, ...]:
        return tuple(
            line
            for line in self.family.circumstances
            if line.ask == ask and line.answer is AnswerValue.TRUE
        )

    @cached_property
    def abuse_between_adults(self) -> bool:
        """Whether anything recorded speaks of abuse between adults of this family."""
        if any(n.need in ABUSE_BETWEEN_ADULTS for n in self.family.needs):
            return True
        about_one = {"convicted_abuse", "high_harm_signs"}
        return any(
            line.ask in about_one or (line.other and self.family.is_parenting(line.other))
            for line in self.family.circumstances
            if line.answer is AnswerValue.TRUE
            and line.ask in {*SAYS_THAT_THEY_HARM, "contact_forbidden"}
        )

    def _is_named_victim(self, person: str) -> bool:
        return self.family.need(person, "domestic_abuse_victim") is not None or any(
            line.other == person
            for line in self.family.circumstances
            if line.ask in SAYS_THAT_THEY_HARM and line.answer is AnswerValue.TRUE
        )

    def needs_a_yes(self, person: str) -> bool:
        """Whether somebody gets a copy only once it is recorded that they can keep papers safely.

        So for whoever is or may be abused, is hidden, or shares a home with somebody who harms or may. Only of
        an abuser who is recorded as one, and as no victim, is it not asked on account of the abuse.
        """
        if (
            self._is_named_victim(person)
            or self.family.answer("in_refuge", person) is AnswerValue.TRUE
        ):
            return True
        certain = person in causing_harm(self.family)
        if self.abuse_between_adults and self.family.is_parenting(person) and not certain:
            return True
        return any(
            self.live_together(person, other) is not False for other in self.harmers - {person}
        )

    def live_together(self, one: str, other: str) -> bool | None:
        """Whether two share a home, or stay over; None where nobody has said."""
        said = {
            self.family.answer("lives_together", *pair) for pair in ((one, other), (other, one))
        }
        if AnswerValue.TRUE in said:
            return True
        return self.family.lives_with(one, other)

    def is_kept_from_somebody(self, person: str) -> bool:
        """Whether it is recorded that somebody must not know where another lives, learns or gets help."""
        return any(
            line.ask == "may_know_whereabouts"
            and line.person == person
            and line.answer is AnswerValue.FALSE
            for line in self.family.circumstances
        )

    def may_hold(self, person: str) -> bool:
        """Only a recorded yes is one."""
        return self.family.answer("safe_to_hold_papers", person) is AnswerValue.TRUE

    def must_not_hold(self, person: str) -> bool:
        return self.family.answer("safe_to_hold_papers", person) is AnswerValue.FALSE

    def may_meet(self, one: str, other: str) -> bool:
        """Whether somebody lives with another or may see them: unless it is recorded that they do not, they may."""
        if self.live_together(one, other):
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
