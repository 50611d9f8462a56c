"""Who may see what on paper: rules as data, and what follows from them for one family.

A copy for somebody of the family holds only what is named here. What is not named does not appear: another
person's health, what they use, what they told, where they are; who told it; the worker's notes, ratings and
census words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.named_in_code import NEGLECT
from cpassist.catalogue.ordinary import WITHHELD
from cpassist.errors import Mistakes
from cpassist.family.family import Family
from cpassist.family.records import Need
from cpassist.family.vocabulary import Basis
from cpassist.harm.causing import CAUSING
from cpassist.harm.reading import read_harm
from cpassist.papers.written.blocks import LeftOut
from cpassist.papers.written.danger import Danger, children_of
from cpassist.planning.package.offers import Offer, names
from cpassist.planning.package.ordinary_steps import PackageStep
from cpassist.plans.plan import CasePlan


class Reader(StrEnum):
    """For whom a paper is made."""

    WORKER = "worker"
    COUNCIL = "council"
    PARENT = "parent"
    CHILD = "child"


FAMILY_COPIES = frozenset({Reader.PARENT, Reader.CHILD})


class Standing(StrEnum):
    """How somebody stands towards the rest of the family; the strictest that fits decides."""

    NOT_SAFE_TO_HOLD = "not_safe_to_hold"
    """Harmed by a partner, and nobody has said that they can keep papers safely."""
    CAUSES_HARM = "causes_harm"
    KEPT_FROM = "kept_from"
    """Must not know where somebody of the family is."""
    YOUNG_PARENT = "young_parent"
    """A child who is a parent: the copy lies about in a home of others."""
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
    WORDS_ABOUT_HELP = "words_about_help"
    """What people wrote about help: who sees to it, what will be different, how it is known, what if not."""
    CHILDRENS_HELP = "childrens_help"
    """Help for children of the reader, in which the reader has no part."""
    CHILDRENS_NEEDS = "childrens_needs"
    AIMS = "aims"
    OWN_STEPS = "own_steps"
    """Ordinary steps that were accepted for the reader's own needs, in the words for families."""
    OWN_WORD = "own_word"
    GAPS = "gaps"


MAY_SHOW: dict[Standing, frozenset[Part]] = {
    Standing.NOT_SAFE_TO_HOLD: frozenset(),
    Standing.CAUSES_HARM: frozenset({Part.OWN_NEEDS, Part.OWN_HELP}),
    Standing.KEPT_FROM: frozenset({Part.OWN_NEEDS, Part.OWN_HELP}),
    Standing.YOUNG_PARENT: frozenset(
        {Part.OWN_NEEDS, Part.OWN_HELP, Part.CHILDRENS_HELP, Part.CHILDRENS_NEEDS}
    ),
    Standing.CHILD_SEEN_BY_SUCH: frozenset({Part.OWN_HELP}),
    Standing.CHILD: frozenset({Part.OWN_WISHES, Part.OWN_HELP, Part.OWN_STEPS}),
    Standing.ADULT: frozenset(Part),
}
"""The whole of what a family's copy may hold. Where harm comes from it holds nothing that anybody typed: a list of
labels cannot find "her refuge in Hove".
"""


@dataclass(frozen=True, kw_only=True, repr=False)
class Copy:
    """What one person of the family may have on paper."""

    plan: CasePlan
    catalogue: Catalogue
    person: str
    standing: Standing
    around: tuple[str, ...] = ()
    """For a child's copy: those whom the child lives with or may see, who may read it as well."""

    @property
    def family(self) -> Family:
        return self.plan.family

    @property
    def children(self) -> tuple[str, ...]:
        """The children of whom the plan speaks to this person."""
        return children_of(self.family, self.person)

    def may_show(self, part: Part) -> bool:
        return part in MAY_SHOW[self.standing]

    def may_see_need(self, need: Need) -> bool:
        """Whether a need may stand here: marked as known to all who may read it; unmarked, its own person's only."""
        return all(_is_known_to(reader, need) for reader in (self.person, *self.around))

    def help_shown(self) -> tuple[Offer, ...]:
        """The offers that may stand here, in order."""
        return tuple(offer for offer in self.plan.package.offers if not self.why_not(offer))

    def why_not(self, offer: Offer) -> str:
        """Why an offer does not stand here; empty where it does.

        What an offer is called says what it is for: so every need that it answers has to be one that each
        reader may know of, also where they take part.
        """
        takes_part = self.person in offer.people
        if not self.may_show(Part.OWN_HELP):
            return "this copy holds nothing of the plan"
        if not takes_part:
            theirs = {a.person for a in offer.answers} | set(offer.people) | set(offer.children)
            if not (self.may_show(Part.CHILDRENS_HELP) and theirs <= set(self.children)):
                return "it is not theirs"
        for reader in (self.person, *self.around):
            for need in self._told_by(offer):
                if need is None or not (
                    _is_known_to(reader, need) or self._works_on(reader, offer, need)
                ):
                    label = self.family.label_of(reader)
                    return f"what it is for is not marked as known to {label}: speak with {label} first"
        return ""

    def _told_by(self, offer: Offer) -> Iterator[Need | None]:
        """The needs that an offer gives away: those it answers, and those that its name or its evidence speak of.

        None for one that is not recorded (any more): nobody can have marked it as known.
        """
        for answer in offer.answers:
            yield self.family.need(answer.person, answer.need)
        help_ = self.catalogue.interventions.get(offer.intervention)
        if help_ is None:
            yield None
            return
        concerned = [n for key in offer.people for n in self.family.needs_of(key)]
        yield from (n for n in concerned if n.need in {*help_.needs, *help_.tells_of})
        if help_.tells_of and not any(n.need in help_.tells_of for n in concerned):
            yield None

    def _works_on(self, reader: str, offer: Offer, need: Need) -> bool:
        """Whether somebody takes part in help for their own child's confirmed need, which nobody has kept from them."""
        return (
            not need.known_to
            and reader in offer.people
            and need.person in children_of(self.family, reader)
            and need.basis in TOLD
            and self.standing in {Standing.ADULT, Standing.CHILD, Standing.YOUNG_PARENT}
        )

    def steps_shown(self) -> tuple[PackageStep, ...]:
        """The accepted steps that may stand here: the reader's own, in words for families, of needs that all may know.

        What tells of safety, of a suspicion or of an investigation (W1 to W3) stands in no copy until a specialist has
        read it; what tells of health or money (W4, W5) in the own copy of somebody, where no abuse is recorded.
        """
        if not self.may_show(Part.OWN_STEPS):
            return ()
        harm = read_harm(self.family, self.catalogue, self.plan.package.planned_on)
        private = not harm.abuse_between_adults and not self.around
        return tuple(
            step
            for step in self.plan.accepted_steps
            if step.family_says
            and (
                step.person == self.person
                or (step.person in self.children and self.may_show(Part.CHILDRENS_HELP))
            )
            and (not step.withheld or (private and step.withheld in {"W4", "W5"}))
            and (need := self.family.need(step.person, step.need)) is not None
            and self.may_see_need(need)
        )

    def left_out(self) -> Iterator[LeftOut]:
        """What concerns this person and does not stand here, each with the reason."""
        catalogue = self.catalogue
        label = self.family.label_of(self.person)
        for need in self.family.needs_of(self.person):
            if need.is_matched and not (self.may_show(Part.OWN_NEEDS) and self.may_see_need(need)):
                because = _why_need_is_left(need, label, self)
                what = f"{label}: {catalogue.label(need.need).lower()}"
                yield LeftOut(what=what, because=because)
        if self.may_show(Part.CHILDRENS_NEEDS):
            for child in self.children:
                for need in self.family.needs_of(child):
                    if need.is_matched and not self.may_see_need(need):
                        what = (
                            f"{self.family.label_of(child)}: {catalogue.label(need.need).lower()}"
                        )
                        yield LeftOut(what=what, because=f"it is not marked as known to {label}")
        concerned = {self.person, *self.children}
        for offer in self.plan.package.offers:
            because = self.why_not(offer)
            if because and concerned & {*offer.people, *offer.children}:
                title = catalogue.title(offer.intervention)
                what = f"{title} with {names(offer.people, self.family)}"
                yield LeftOut(what=what, because=because)
        shown = self.steps_shown()
        for step in self.plan.accepted_steps:
            if step.person == self.person and step not in shown:
                because = (
                    f"it tells {WITHHELD[step.withheld]}: our reading, to be confirmed by a specialist"
                    if step.withheld
                    else f"speak with {label} about it; it does not stand on this paper"
                )
                yield LeftOut(what=step.words, because=because)
        if self.standing in STRICT:
            yield LeftOut(
                what="Everything that anybody typed",
                because="this copy may come to where harm comes from",
            )


STRICT = frozenset(
    {Standing.CAUSES_HARM, Standing.KEPT_FROM, Standing.YOUNG_PARENT, Standing.CHILD_SEEN_BY_SUCH}
)
"""Nothing that anybody typed, and no other's label."""
TOLD = frozenset({Basis.CONFIRMED})
"""What nobody marked is taken as spoken of only where it is confirmed: what one told is not another's to read."""


def copy_for(plan: CasePlan, catalogue: Catalogue, reader: Reader, person: str) -> Copy:
    """What one person may have on paper. Raises Mistakes where there is no such copy."""
    family = plan.family
    danger = Danger(read_harm(family, catalogue, plan.package.planned_on))
    known = {p.key: p for p in family.people}
    if person not in known:
        raise Mistakes((f'Nobody in this family has the key "{person[:40]}". Known are: {", ".join(sorted(known))}.',))  # fmt: skip
    here = known[person]
    if reader is Reader.PARENT and not family.is_parenting(person):
        raise Mistakes((f"{here.label} is a child: make a copy for a child.",))
    if reader is Reader.CHILD and (not here.is_child or here.is_unborn):
        who = "not born yet" if here.is_unborn else "an adult: make a copy for an adult"
        raise Mistakes((f"{here.label} is {who}.",))
    # A young parent is a child as well: whoever may read a child's paper may read theirs.
    around = danger.readers_of(person) if here.is_child else ()
    if any(_keeps_none(danger, key) for key in (person, *around)):
        standing = Standing.NOT_SAFE_TO_HOLD
    elif person in danger.harmers:
        standing = Standing.CAUSES_HARM
    elif danger.harmers & set(around):
        standing = Standing.CHILD_SEEN_BY_SUCH
    elif danger.is_kept_from_somebody(person):
        standing = Standing.KEPT_FROM
    elif reader is Reader.CHILD:
        standing = Standing.CHILD
    else:
        standing = Standing.YOUNG_PARENT if around else Standing.ADULT
    return Copy(plan=plan, catalogue=catalogue, person=person, standing=standing, around=around)


def _keeps_none(danger: Danger, person: str) -> bool:
    """Whether papers are not known to be safe with somebody."""
    return danger.must_not_hold(person) or (
        danger.needs_a_yes(person) and not danger.may_hold(person)
    )


def _is_known_to(reader: str, need: Need) -> bool:
    if need.known_to:
        return reader in need.known_to
    # What is only suspected or told by somebody, and having harmed somebody, is said by a person and not by a paper.
    if need.basis not in TOLD or need.need in CAUSING:
        return False
    # Neglect is worked on with the parent who is named in it.
    return need.person == reader or (need.need == NEGLECT and reader in (need.harmed_by or ()))


def _why_need_is_left(need: Need, label: str, copy: Copy) -> str:
    if not copy.may_show(Part.OWN_NEEDS):
        return "a copy like this holds no needs"
    if need.known_to and copy.person not in need.known_to:
        return f"it is marked as known to others, and not to {label}"
    if not need.known_to and need.person == copy.person and not copy.around:
        return f"speak with {label} first, and then mark it as known to {label}"
    return "it is not marked as known to everybody who may read this copy"
