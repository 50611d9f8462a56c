"""Who harmed whom, or may have: each harm in a family's file with the ground on which it stands."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.conditions import Asked
from cpassist.catalogue.named_in_code import (
    ABUSE_PATTERN,
    CAUSING_HARM_TO_CHILD,
    COERCIVE_CONTROL,
    CONTACT_FORBIDDEN,
    CONVICTED_ABUSE,
    HARMFUL_SEXUAL_BEHAVIOUR,
    HAS_HARMED,
    HIGH_HARM_SIGNS,
    SAFE_CARER,
    SEXUAL_HARM_SUSPECTED,
)
from cpassist.catalogue.records import NeedType
from cpassist.catalogue.vocabulary import Whose
from cpassist.family.family import Family
from cpassist.family.records import Need
from cpassist.family.vocabulary import (
    ADULT_FROM_MONTHS,
    OUTSIDE_FAMILY,
    UNKNOWN_HARMER,
    ActionLevel,
    AnswerValue,
    Basis,
    When,
)
from cpassist.harm.answers import Answers, Contradiction
from cpassist.harm.causing import (
    CAUSING,
    SAYS_THAT_THEY_DO_NOT,
    SAYS_THAT_THEY_HARM,
    WORKED_ON_TOGETHER,
    abusing_an_adult,
    causing_harm,
)
from cpassist.harm.records import Ground, Harm

GROUNDS = {
    Basis.CONFIRMED: Ground.RECORDED,
    Basis.SAID_BY_CHILD: Ground.SAID,
    Basis.SAID_BY_PARENT: Ground.SAID,
    Basis.SUSPECTED: Ground.SUSPECTED,
}
# What a parent says of themselves or of who abused them is no mere suspicion.
KNOWN = frozenset({Basis.CONFIRMED, Basis.SAID_BY_PARENT})


@dataclass(frozen=True, kw_only=True, repr=False)
class WhoHarmed:
    """Who harmed or may have harmed whom, as one family's file says it on one day."""

    family: Family
    catalogue: Catalogue
    on: datetime.date

    @cached_property
    def answers(self) -> Answers:
        """The answers to safety questions, read strictly."""
        return Answers(self.family, self.catalogue, self.on)

    @cached_property
    def worked_out(self) -> dict[tuple[object, ...], Any]:
        """Where whoever asks it over and over keeps what they worked out, as long as the reading stands."""
        return {}

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        return self.answers.contradictions()

    def is_child(self, key: str) -> bool:
        """Under 18, or not surely over it."""
        person = self.family.person(key)
        return person.is_child or self.family.age(key, self.on)[0] < ADULT_FROM_MONTHS

    def is_young(self, key: str) -> bool:
        """A child who is nobody's parent."""
        return not self.family.is_parenting(key)

    # --- who harmed whom ---

    @cached_property
    def harms(self) -> tuple[Harm, ...]:
        """Every harm that is recorded, told, suspected or possible, each with the place where it stands."""
        found = set(self._harms_in_needs())
        for line in self.family.circumstances:
            says = {True: SAYS_THAT_THEY_HARM, False: SAYS_THAT_THEY_DO_NOT}
            said = {AnswerValue.TRUE: True, AnswerValue.FALSE: False}.get(line.answer)
            if said is not None and line.ask in says[said] and line.person:
                convicted = line.ask == CONVICTED_ABUSE
                found.add(
                    Harm(
                        by=line.person,
                        to=line.other or "",
                        kind=line.ask,
                        ground=Ground.RECORDED if convicted else Ground.SAID,
                        where=f"circumstances: {line.ask}",
                    )
                )
        return tuple(sorted(found, key=lambda h: (h.to, h.kind, h.by, h.ground)))

    def _harms_in_needs(self) -> Iterator[Harm]:
        for need in self.family.needs:
            kind, where = self._kind(need), f"needs: {need.need} of {need.person}"
            if kind.key in CAUSING or kind.key == HARMFUL_SEXUAL_BEHAVIOUR:
                yield Harm(by=need.person, to="", kind=kind.key, ground=GROUNDS[need.basis], where=where)  # fmt: skip
                if kind.key == CAUSING_HARM_TO_CHILD:
                    for child in need.affects:
                        yield Harm(by=need.person, to=child, kind=kind.key, ground=GROUNDS[need.basis], where=where)  # fmt: skip
            for harmer in (need.harmed_by or (UNKNOWN_HARMER,)) if kind.harm else ():
                if harmer == UNKNOWN_HARMER:
                    for key in self._who_may_have(need):
                        yield Harm(by=key, to=need.person, kind=kind.key, ground=Ground.POSSIBLE, where=where)  # fmt: skip
                else:
                    yield Harm(by=harmer, to=need.person, kind=kind.key, ground=GROUNDS[need.basis], where=where)  # fmt: skip

    def _kind(self, need: Need) -> NeedType:
        return self.catalogue.need_types[need.need]

    def _who_may_have(self, need: Need) -> Iterator[str]:
        """Everybody of whom it is not said: that somebody has no contact today is no alibi."""
        for person in self.family.people:
            if person.key == need.person or person.is_unborn:
                continue
            by_a_child = self._kind(need).by_a_child
            if person.is_child if by_a_child else self.family.is_parenting(person.key):
                yield person.key

    def harmers_of(
        self, person: str, kinds: Iterable[str] | None = None
    ) -> tuple[frozenset[str], bool]:
        """Who of the family is recorded, said or suspected to harm somebody, and whether some harm has no name.

        `kinds` are harm needs; without them all but those that carer and child are helped with together
        (neglect). Past harm counts.
        """
        wanted = None if kinds is None else frozenset(kinds)
        key = (person, wanted)
        if key not in self._harmers:
            self._harmers[key] = self._harmers_of(person, wanted)
        return self._harmers[key]

    @cached_property
    def _harmers(self) -> dict[tuple[str, frozenset[str] | None], tuple[frozenset[str], bool]]:
        return {}

    def _harmers_of(self, person: str, kinds: frozenset[str] | None) -> tuple[frozenset[str], bool]:
        wanted = self.frightening_needs if kinds is None else kinds
        known: set[str] = set()
        unknown = False
        for need in self.family.needs_of(person):
            # Somebody named beside a need that is no harm of its own is named all the same.
            named = kinds is None and need.harmed_by and not self._kind(need).harm
            if need.need not in wanted and not named:
                continue
            for harmer in need.harmed_by or (UNKNOWN_HARMER,):
                if harmer == UNKNOWN_HARMER:
                    unknown = True
                elif harmer != OUTSIDE_FAMILY:
                    known.add(harmer)
        return frozenset(known), unknown

    @cached_property
    def frightening_needs(self) -> frozenset[str]:
        """The harm needs after which two people are not simply put in one room."""
        return self.catalogue.harm_needs - self.catalogue.worked_on_together

    def victims_of(self, person: str) -> tuple[str, ...]:
        """Those recorded as subjected to domestic abuse by somebody, or by nobody who is known."""
        found = []
        for other in self.family.people:
            if other.key == person or not self.is_abused(other.key):
                continue
            known, unknown = self.harmers_of(other.key)
            if person in known or unknown:
                found.append(other.key)
        return tuple(sorted(found))

    def has_harmed(self, person: str, other: str) -> bool:
        """Whether it is recorded, said or suspected that somebody harmed another, neglect apart."""
        key = (person, other)
        if key not in self._harmed:
            self._harmed[key] = self._has_harmed(person, other)
        return self._harmed[key]

    @cached_property
    def _harmed(self) -> dict[tuple[str, str], bool]:
        return {}

    def _has_harmed(self, person: str, other: str) -> bool:
        known, _ = self.harmers_of(other)
        causing = self.family.need(person, CAUSING_HARM_TO_CHILD)
        # That nobody ticked whom it touches leaves out no child.
        touched = causing is not None and (
            other in causing.affects or (not causing.affects and self.family.person(other).is_child)
        )
        return (
            person in known
            or touched
            or any(
                self.answers.value(ask, person, other) is True
                for ask in (
                    HAS_HARMED,
                    SEXUAL_HARM_SUSPECTED,
                    ABUSE_PATTERN,
                    COERCIVE_CONTROL,
                )
            )
        )

    def is_known_to_abuse(self, person: str) -> bool:
        """Whether that somebody abuses stands on more than suspicion or a child's word."""
        own = [n for n in self.family.needs_of(person) if n.need in CAUSING]
        named = [
            n
            for n in self.family.needs
            if n.need in self.frightening_needs
            and person in (n.harmed_by or ())
            and n.when is not When.PAST
        ]
        return any(need.basis in KNOWN for need in (*own, *named)) or any(
            self.answers.value(ask, person) is True for ask in (CONVICTED_ABUSE, HIGH_HARM_SIGNS)
        )

    def is_known_to_harm(self, person: str, child: str) -> bool:
        """Whether that somebody harms this child, neglect apart, stands on more than suspicion or the child's word."""
        own = [
            n
            for n in self.family.needs_of(person)
            if n.need == CAUSING_HARM_TO_CHILD and (not n.affects or child in n.affects)
        ]
        named = [
            n
            for n in self.family.needs_of(child)
            if person in (n.harmed_by or ()) and n.need in self.frightening_needs
        ]
        return any(need.basis in KNOWN for need in (*own, *named))

    def may_have_harmed(self, person: str, child: str) -> bool:
        """Whether nobody knows who did some harm to a child, and nothing says that it was not this person."""
        _, unknown = self.harmers_of(child)
        return unknown and not self._is_ruled_out(person, child)

    def _is_ruled_out(self, person: str, other: str) -> bool:
        """Whether somebody is not the one who did a harm that nobody has explained."""
        if self.is_young(person):
            return self.answers.value(HAS_HARMED, person, other) is False
        return self.answers.value(SAFE_CARER, person, other) is True

    @cached_property
    def sexual_harmers(self) -> frozenset[str]:
        """Those recorded or suspected to have harmed anybody sexually. Not being feared clears nobody."""
        found = set(self.answers.named_for_sexual_harm)
        found |= {n.person for n in self.family.needs if n.need == HARMFUL_SEXUAL_BEHAVIOUR}
        found |= {
            line.person
            for line in self.family.circumstances
            if line.ask == SEXUAL_HARM_SUSPECTED and line.answer is AnswerValue.TRUE and line.person
        }
        return frozenset(found - {UNKNOWN_HARMER, OUTSIDE_FAMILY})

    def may_have_harmed_sexually(self, person: str) -> frozenset[Asked]:
        """What has to be answered before somebody grown up is ruled out as one who harmed a child sexually."""
        if person not in self._may_have_harmed_sexually:
            self._may_have_harmed_sexually[person] = self._asked_of_sexual_harm(person)
        return self._may_have_harmed_sexually[person]

    @cached_property
    def _may_have_harmed_sexually(self) -> dict[str, frozenset[Asked]]:
        return {}

    def _asked_of_sexual_harm(self, person: str) -> frozenset[Asked]:
        if not self.family.is_parenting(person):
            return frozenset()
        return frozenset(
            asked
            for need in self.family.needs
            if self._kind(need).sexual
            and UNKNOWN_HARMER in (need.harmed_by or (UNKNOWN_HARMER,))
            and need.person != person
            and self.answers.value(SAFE_CARER, person, need.person) is not True
            for asked in (
                Asked(key="harmed_by", person=need.person),
                Asked(key=SAFE_CARER, person=person, other=need.person),
            )
        )

    def harms_an_adult(self, person: str) -> bool:
        """Whether it is recorded, said or suspected that somebody abuses an adult."""
        return person in self._harming_an_adult

    @cached_property
    def _harming_an_adult(self) -> frozenset[str]:
        found = set(abusing_an_adult(self.family))
        beside_abuse = self.catalogue.children_beside_abuse | self.catalogue.adults_abused
        for need in self.family.needs:
            if need.need in beside_abuse:
                found.update(need.harmed_by or ())
        for line in self.family.circumstances:
            harms = line.ask in SAYS_THAT_THEY_HARM and line.answer is AnswerValue.TRUE
            if harms and line.person and line.other and self.family.is_parenting(line.other):
                found.add(line.person)
        return frozenset(found)

    @cached_property
    def causing(self) -> tuple[str, ...]:
        """Those recorded as abusing, or named by whom they harm; not a parent who neglects."""
        return causing_harm(self.family)

    @cached_property
    def worst_harm(self) -> dict[str, int]:
        """The highest level of harm to a child now, by child; one that nobody rated counts as the highest."""
        found: dict[str, int] = {}
        for need in self.family.needs:
            kind = self._kind(need)
            if kind.harm and kind.whose is Whose.CHILD and need.when is not When.PAST:
                level = int(need.level if need.level is not None else ActionLevel.NEEDS_HELP_NOW)
                found[need.person] = max(level, found.get(need.person, 0))
        return found

    # --- for papers: whom a plan has to be kept from ---

    @cached_property
    def may_cause(self) -> frozenset[str]:
        """Those of whom it is recorded that they cause harm, and whoever may while nobody has said who does."""
        found = set(self.causing)
        found |= {
            harm.by
            for harm in self.harms
            if harm.kind == HARMFUL_SEXUAL_BEHAVIOUR
            or harm.kind in SAYS_THAT_THEY_DO_NOT
            or (harm.ground is Ground.POSSIBLE and harm.kind not in WORKED_ON_TOGETHER)
        }
        for line in self.family.circumstances:
            if line.ask == CONTACT_FORBIDDEN and line.answer is AnswerValue.TRUE:
                # An order keeps two people apart and does not say from whom: whoever is no named victim.
                pair = {key for key in (line.person, line.other) if key}
                found |= {key for key in pair if not self.is_named_victim(key)}
        return frozenset(found)

    def is_abused(self, person: str) -> bool:
        """Whether a need says that an adult is or was subjected to abuse."""
        return any(n.need in self.catalogue.adults_abused for n in self.family.needs_of(person))

    def is_named_victim(self, person: str) -> bool:
        return self.is_abused(person) or any(
            line.other == person
            for line in self.family.circumstances
            if line.ask in SAYS_THAT_THEY_HARM and line.answer is AnswerValue.TRUE
        )

    @cached_property
    def abuse_between_adults(self) -> bool:
        """Whether anything recorded speaks of abuse between adults of this family."""
        if any(self._kind(need).between_adults for need in self.family.needs):
            return True
        about_one = {CONVICTED_ABUSE, HIGH_HARM_SIGNS}
        return any(
            line.ask in about_one or (line.other and self.family.is_parenting(line.other))
            for line in self.family.circumstances
            if line.answer is AnswerValue.TRUE
            and line.ask in {*SAYS_THAT_THEY_HARM, CONTACT_FORBIDDEN}
        )
