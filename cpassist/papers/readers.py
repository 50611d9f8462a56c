"""Who may see what on paper: rules as data, and what follows from them for one family.

A copy for somebody of the family holds only what is named here. What is not named does not appear: another
person's health, what they use, what they told, where they are; who told it; the worker's notes, ratings and
census words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cpassist.catalogue.records import Catalogue
from cpassist.errors import Mistakes
from cpassist.family import Family, Need
from cpassist.family_vocabulary import AnswerValue, Basis
from cpassist.papers.blocks import LeftOut
from cpassist.planning.offers import Offer, names
from cpassist.records.harm import CAUSING, causing_harm
from cpassist.records.plan import CasePlan


class Reader(StrEnum):
    """For whom a paper is made."""

    WORKER = "worker"
    COUNCIL = "council"
    PARENT = "parent"
    CHILD = "child"


READER_WORDS = {
    Reader.WORKER: "the whole plan, for professionals",
    Reader.COUNCIL: "plain blocks for the council’s form",
    Reader.PARENT: "a copy for an adult of the family",
    Reader.CHILD: "a copy for a child",
}
FAMILY_COPIES = frozenset({Reader.PARENT, Reader.CHILD})


class Standing(StrEnum):
    """How somebody stands towards the rest of the family; the strictest that fits decides."""

    NOT_SAFE_TO_HOLD = "not_safe_to_hold"
    """Harmed by a partner, and nobody has said that they can keep papers safely."""
    CAUSES_HARM = "causes_harm"
    CHILD_SEEN_BY_SUCH = "child_seen_by_such"
    """A child who lives with, or may see, somebody who causes harm."""
    CHILD = "child"
    ADULT = "adult"


class Part(StrEnum):
    """A part of a family's copy."""

    OWN_STRENGTHS = "own_strengths"
    OWN_WISHES = "own_wishes"
    OWN_NEEDS = "own_needs"
    OWN_HELP = "own_help"
    CHILDRENS_HELP = "childrens_help"
    """Help for children whom the reader cares for, in which the reader has no part."""
    HOW_IT_IS_NOTICED = "how_it_is_noticed"
    CONTINGENCY = "contingency"
    AIMS = "aims"
    OWN_WORD = "own_word"
    GAPS = "gaps"


MAY_SHOW: dict[Standing, frozenset[Part]] = {
    Standing.NOT_SAFE_TO_HOLD: frozenset(),
    Standing.CAUSES_HARM: frozenset({Part.OWN_NEEDS, Part.OWN_HELP, Part.OWN_WORD}),
    Standing.CHILD_SEEN_BY_SUCH: frozenset({Part.OWN_HELP}),
    Standing.CHILD: frozenset({Part.OWN_WISHES, Part.OWN_HELP, Part.AIMS}),
    Standing.ADULT: frozenset(Part),
}
"""The whole of what a family's copy may hold."""


@dataclass(frozen=True, kw_only=True)
class Copy:
    """What one person of the family may have on paper."""

    plan: CasePlan
    person: str
    standing: Standing
    around: tuple[str, ...] = ()
    """For a child's copy: the adults whom the child lives with or may see, who may read it as well."""

    @property
    def family(self) -> Family:
        return self.plan.family

    def may_show(self, part: Part) -> bool:
        return part in MAY_SHOW[self.standing]

    def may_see_need(self, need: Need) -> bool:
        """Whether a need may stand here: marked as known to all who may read it; unmarked, its own person's only."""
        return all(_is_known_to(reader, need) for reader in (self.person, *self.around))

    def help_shown(self) -> tuple[Offer, ...]:
        """The offers that may stand here, in order."""
        return tuple(offer for offer in self.plan.package.offers if not self.why_not(offer))

    def why_not(self, offer: Offer) -> str:
        """Why an offer does not stand here; empty where it does."""
        takes_part = self.person in offer.people
        if takes_part and not self.may_show(Part.OWN_HELP):
            return "this copy holds nothing of the plan"
        if not takes_part:
            theirs = {a.person for a in offer.answers} | set(offer.people) | set(offer.children)
            cared_for = set(self.family.person(self.person).cares_for)
            if not (self.may_show(Part.CHILDRENS_HELP) and theirs <= cared_for):
                return "it is not theirs"
        for reader in (self.person, *self.around):
            for key in self._answered_by(offer):
                need = self.family.need(*key)
                if need and reader not in offer.people and not _is_known_to(reader, need):
                    return (
                        f"what it answers is not marked as known to {self.family.label_of(reader)}"
                    )
        return ""

    def _answered_by(self, offer: Offer) -> tuple[tuple[str, str], ...]:
        return tuple((answer.person, answer.need) for answer in offer.answers)

    def left_out(self, catalogue: Catalogue) -> Iterator[LeftOut]:
        """What concerns this person and does not stand here, each with the reason."""
        label = self.family.label_of(self.person)
        for need in self.family.needs_of(self.person):
            if need.is_matched and not (self.may_show(Part.OWN_NEEDS) and self.may_see_need(need)):
                because = _why_need_is_left(need, label, self)
                yield LeftOut(
                    what=f"{label}: {catalogue.label(need.need).lower()}", because=because
                )
        concerned = {self.person, *self.family.person(self.person).cares_for}
        for offer in self.plan.package.offers:
            because = self.why_not(offer)
            if because and concerned & {*offer.people, *offer.children}:
                title = catalogue.title(offer.intervention)
                yield LeftOut(
                    what=f"{title} with {names(offer.people, self.family)}", because=because
                )


def copy_for(plan: CasePlan, reader: Reader, person: str) -> Copy:
    """What one person may have on paper. Raises Mistakes where there is no such copy."""
    family = plan.family
    known = {p.key: p for p in family.people}
    if person not in known:
        raise Mistakes((f'Nobody in this family has the key "{person[:40]}". Known are: {", ".join(sorted(known))}.',))  # fmt: skip
    here = known[person]
    if reader is Reader.PARENT:
        if not family.is_parenting(person):
            raise Mistakes((f"{here.label} is a child: make a copy for a child.",))
        return Copy(plan=plan, person=person, standing=_standing(family, person))
    if not here.is_child or here.is_unborn:
        who = "not born yet" if here.is_unborn else "an adult: make a copy for an adult"
        raise Mistakes((f"{here.label} is {who}.",))
    around = tuple(adult.key for adult in family.people if _may_read(family, adult.key, person))
    strictest = {_standing(family, key) for key in (person, *around)}
    if Standing.NOT_SAFE_TO_HOLD in strictest or _answered_no(family, person):
        standing = Standing.NOT_SAFE_TO_HOLD
    elif Standing.CAUSES_HARM in strictest:
        standing = Standing.CHILD_SEEN_BY_SUCH
    else:
        standing = Standing.CHILD
    return Copy(plan=plan, person=person, standing=standing, around=around)


def _standing(family: Family, person: str) -> Standing:
    if _answered_no(family, person):
        return Standing.NOT_SAFE_TO_HOLD
    if is_victim(family, person) and not _may_hold(family, person):
        return Standing.NOT_SAFE_TO_HOLD
    if person in causing_harm(family):
        return Standing.CAUSES_HARM
    return Standing.ADULT


def is_victim(family: Family, person: str) -> bool:
    """Whether somebody is or was subjected to domestic abuse, as recorded."""
    return family.need(person, "domestic_abuse_victim") is not None


def _may_hold(family: Family, person: str) -> bool:
    """Only a recorded yes is one: unknown is never read as yes here."""
    return family.answer("safe_to_hold_papers", person) is AnswerValue.TRUE


def _answered_no(family: Family, person: str) -> bool:
    return family.answer("safe_to_hold_papers", person) is AnswerValue.FALSE


def _may_read(family: Family, adult: str, child: str) -> bool:
    """Whether an adult lives with a child or may see it, and so may come to read its paper.

    Unknown is never read as no: whoever stands in some relation to the child sees it unless somebody has
    said otherwise.
    """
    if adult == child or not family.is_parenting(adult):
        return False
    if family.lives_with(adult, child):
        return True
    return AnswerValue.FALSE not in {
        family.answer("has_contact", adult, child),
        family.answer("has_contact", child, adult),
    }


def _is_known_to(reader: str, need: Need) -> bool:
    if need.known_to:
        return reader in need.known_to
    # What is only suspected, and having harmed somebody, is told by a person and not by a paper.
    told_first = need.basis is Basis.SUSPECTED or need.need in CAUSING
    return need.person == reader and not told_first


def _why_need_is_left(need: Need, label: str, copy: Copy) -> str:
    if not copy.may_show(Part.OWN_NEEDS):
        return "a copy like this holds no needs"
    if need.known_to and copy.person not in need.known_to:
        return f"it is marked as known to others, and not to {label}"
    if not need.known_to and need.person == copy.person and not copy.around:
        return f"speak with {label} first, and then mark it as known to {label}"
    return "it is not marked as known to everybody who may read this copy"
