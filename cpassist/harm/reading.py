"""One reading of harm in a family: who harmed or may have harmed whom, who is unsafe with whom, who is in danger today.

Everything that has to know asks here. Unknown is never no, an empty list is unknown, the stricter of two that
contradict stands, and neither the order of lines nor anybody's key changes anything.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Any

from cpassist.catalogue.conditions import Asked, asked_about
from cpassist.catalogue.records import Catalogue, NeedType
from cpassist.catalogue.vocabulary import Whose
from cpassist.family.family import Family, Need
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
from cpassist.harm.records import FREE, Danger, Ground, Harm, Room
from cpassist.harm.ties import partners_of

FRIGHTENING = ("abuse_pattern", "coercive_control", "afraid_of", "contact_forbidden")
# What is said of one person and makes nobody a parent for other people's children.
KNOWN_OF_ONE = ("convicted_abuse", "high_harm_signs", "loses_control_fear")
MADE_FOR_HARMED_CHILD = "for_carer_who_harmed"
MADE_FOR_ADULT_PAIR = "for_cleared_pair"
MADE_FOR = frozenset({MADE_FOR_HARMED_CHILD, MADE_FOR_ADULT_PAIR})
# Old enough to be asked about. What is recorded of anybody younger still counts.
ASKED_ABOUT_FROM_MONTHS = 10 * 12
WAITS = "Not known yet whether everybody in the room would be safe with each other."
GROUNDS = {
    Basis.CONFIRMED: Ground.RECORDED,
    Basis.SAID_BY_CHILD: Ground.SAID,
    Basis.SAID_BY_PARENT: Ground.SAID,
    Basis.SUSPECTED: Ground.SUSPECTED,
}
# What a parent says of themselves or of who abused them is no mere suspicion.
KNOWN = frozenset({Basis.CONFIRMED, Basis.SAID_BY_PARENT})


@dataclass(frozen=True, kw_only=True)
class HarmReading:
    """What one family's file says of harm on one day."""

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

    # --- who harmed whom ---

    @cached_property
    def harms(self) -> tuple[Harm, ...]:
        """Every harm that is recorded, told, suspected or possible, each with the place where it stands."""
        found = set(self._harms_in_needs())
        for line in self.family.circumstances:
            says = {True: SAYS_THAT_THEY_HARM, False: SAYS_THAT_THEY_DO_NOT}
            said = {AnswerValue.TRUE: True, AnswerValue.FALSE: False}.get(line.answer)
            if said is not None and line.ask in says[said] and line.person:
                convicted = line.ask == "convicted_abuse"
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
            if kind.key in CAUSING or kind.key == "harmful_sexual_behaviour":
                yield Harm(by=need.person, to="", kind=kind.key, ground=GROUNDS[need.basis], where=where)  # fmt: skip
                if kind.key == "causing_harm_to_child":
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
            by_a_child = need.need == "harmed_by_another_child"
            if person.is_child if by_a_child else self.family.is_parenting(person.key):
                yield person.key

    def harmers_of(
        self, person: str, kinds: Iterable[str] | None = None
    ) -> tuple[frozenset[str], bool]:
        """Who of the family is recorded, said or suspected to harm somebody, and whether some harm has no name.

        `kinds` are harm needs; without them all but those that carer and child are helped with together
        (neglect). Past harm counts.
        """
        wanted = self.frightening_needs if kinds is None else frozenset(kinds)
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
        kinds = self.catalogue.need_types.values()
        return frozenset(kind.key for kind in kinds if kind.harm and kind.joint_work != "usual")

    def victims_of(self, person: str) -> tuple[str, ...]:
        """Those recorded as subjected to domestic abuse by somebody, or by nobody who is known."""
        found = []
        for other in self.family.people:
            if other.key == person or self.family.need(other.key, "domestic_abuse_victim") is None:
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
        causing = self.family.need(person, "causing_harm_to_child")
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
                    "has_harmed",
                    "sexual_harm_suspected",
                    "abuse_pattern",
                    "coercive_control",
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
            self.answers.value(ask, person) is True
            for ask in ("convicted_abuse", "high_harm_signs")
        )

    def is_known_to_harm(self, person: str, child: str) -> bool:
        """Whether that somebody harms this child, neglect apart, stands on more than suspicion or the child's word."""
        own = [
            n
            for n in self.family.needs_of(person)
            if n.need == "causing_harm_to_child" and (not n.affects or child in n.affects)
        ]
        named = [n for n in self.family.needs_of(child) if person in (n.harmed_by or ()) and n.need in self.frightening_needs]  # fmt: skip
        return any(need.basis in KNOWN for need in (*own, *named))

    def may_have_harmed(self, person: str, child: str) -> bool:
        """Whether nobody knows who did some harm to a child, and nothing says that it was not this person."""
        _, unknown = self.harmers_of(child)
        return unknown and not self._is_ruled_out(person, child)

    @cached_property
    def sexual_harmers(self) -> frozenset[str]:
        """Those recorded or suspected to have harmed anybody sexually. Not being feared clears nobody."""
        found = {
            harmer
            for need in self.family.needs
            if self._kind(need).sexual
            for harmer in need.harmed_by or ()
        }
        found |= {n.person for n in self.family.needs if n.need == "harmful_sexual_behaviour"}
        found |= {
            line.person
            for line in self.family.circumstances
            if line.ask == "sexual_harm_suspected"
            and line.answer is AnswerValue.TRUE
            and line.person
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
            and self.answers.value("safe_carer", person, need.person) is not True
            for asked in (
                Asked(key="harmed_by", person=need.person),
                Asked(key="safe_carer", person=person, other=need.person),
            )
        )

    # --- for papers: whom a plan has to be kept from ---

    @cached_property
    def may_cause(self) -> frozenset[str]:
        """Those of whom it is recorded that they cause harm, and whoever may while nobody has said who does."""
        found = set(self.causing)
        found |= {
            harm.by
            for harm in self.harms
            if harm.kind == "harmful_sexual_behaviour"
            or harm.kind in SAYS_THAT_THEY_DO_NOT
            or (harm.ground is Ground.POSSIBLE and harm.kind not in WORKED_ON_TOGETHER)
        }
        for line in self.family.circumstances:
            if line.ask == "contact_forbidden" and line.answer is AnswerValue.TRUE:
                # An order keeps two people apart and does not say from whom: whoever is no named victim.
                pair = {key for key in (line.person, line.other) if key}
                found |= {key for key in pair if not self.is_named_victim(key)}
        return frozenset(found)

    def is_named_victim(self, person: str) -> bool:
        return self.family.need(person, "domestic_abuse_victim") is not None or any(
            line.other == person
            for line in self.family.circumstances
            if line.ask in SAYS_THAT_THEY_HARM and line.answer is AnswerValue.TRUE
        )

    @cached_property
    def abuse_between_adults(self) -> bool:
        """Whether anything recorded speaks of abuse between adults of this family."""
        if any(self._kind(need).between_adults for need in self.family.needs):
            return True
        about_one = {"convicted_abuse", "high_harm_signs"}
        return any(
            line.ask in about_one or (line.other and self.family.is_parenting(line.other))
            for line in self.family.circumstances
            if line.answer is AnswerValue.TRUE
            and line.ask in {*SAYS_THAT_THEY_HARM, "contact_forbidden"}
        )

    # --- who may be with whom ---

    def lives_with(self, one: str, other: str) -> bool | None:
        """Whether two share a home, or stay over; None where nobody has said."""
        said = self.answers.value("lives_together", one, other)
        return self.family.lives_with(one, other) if said is None else said

    def room(self, person: str, other: str, made_for: frozenset[str] = frozenset()) -> Room:
        """Whether `other` is safe in one room with `person` (H1, H2, H24).

        `made_for` are the tags of help that is made for such a pair. Danger has no direction: ask both ways round.
        """
        key = (person, other, made_for & MADE_FOR)
        if key not in self._rooms:
            self._rooms[key] = self._room(*key)
        return self._rooms[key]

    @cached_property
    def _rooms(self) -> dict[tuple[str, str, frozenset[str]], Room]:
        return {}

    def _room(self, person: str, other: str, made_for: frozenset[str]) -> Room:
        value = self.answers.value
        answers = {ask: value(ask, person, other) for ask in FRIGHTENING}
        if answers["contact_forbidden"]:
            # A ban by police or court is not lifted by what anybody feels.
            return self._not_in_a_room("H1", person, other, "contact is forbidden or supervised")
        if self.is_child(other):
            if person in self.sexual_harmers:
                why = f"sexual harm by {self.family.label_of(person)} is recorded or suspected"
                return self._not_in_a_room("H24", person, other, why)
            unnamed = self.may_have_harmed_sexually(person)
            if unnamed:
                return Room(held="H24", asked=unnamed, says=WAITS)
        apart = self._hidden_from(person, other)
        if apart:
            return Room(blocked="H1", says=apart)
        safe = value("safe_carer", person, other)
        recorded = self.has_harmed(person, other) or True in answers.values()
        if self.answers.recorded("safe_carer", person, other) is False:
            # Neither work made for whoever harmed nor the child's own yes outweighs that somebody said so.
            why = f"{self.family.label_of(person)} is recorded as not a safe carer"
            return self._not_in_a_room("H1", person, other, why)
        if value("child_feels_safe_with", person, other) is False:
            why = f"{self.family.label_of(other)} does not feel safe there"
            return self._not_in_a_room("H1", person, other, why)
        if recorded:
            cleared = self._cleared(person, other, made_for)
            if cleared is None:
                asked = frozenset({self._clearing(person, other)})
                return Room(held="H1", says=WAITS, asked=asked)
            if cleared is False:
                why = "harm or fear is recorded between them"
                return self._not_in_a_room("H1", person, other, why)
            if self.is_young(other) and self.has_harmed(person, other):
                # That a child feels safe does not end a harm that goes on.
                goes_on = value("harm_continues", other)
                if goes_on is None:
                    asked = frozenset({Asked(key="harm_continues", person=other)})
                    return Room(held="H30", says=WAITS, asked=asked)
                if goes_on:
                    why = "the harm goes on or can start again"
                    return self._not_in_a_room("H30", person, other, why)
        _, unknown = self.harmers_of(other)
        if unknown and self._could_harm(person) and not self._is_ruled_out(person, other):
            # Of a brother or sister it is asked whether they hurt somebody, never whether they are a safe carer.
            key = "has_harmed" if self.is_young(person) else "safe_carer"
            which = (
                Asked(key="harmed_by", person=other),
                Asked(key=key, person=person, other=other),
            )
            return Room(held="H2", says=WAITS, asked=frozenset(which))
        # What is recorded and cleared leaves nothing more to ask about this pair.
        return FREE if recorded else self._unanswered(person, other, answers, safe)

    def _not_in_a_room(self, rule: str, person: str, other: str, why: str) -> Room:
        label = self.family.label_of
        return Room(blocked=rule, says=f"Not {label(other)} in a room with {label(person)}: {why}.")

    def _hidden_from(self, person: str, other: str) -> str:
        """Why somebody's whereabouts are kept from another, in a sentence: an appointment would give them away."""
        if not self._somebody_hides:
            return ""
        label = self.family.label_of
        for one, two in ((person, other), (other, person)):
            if self.answers.recorded("may_know_whereabouts", one, two) is False:
                return f"{label(one)} may not know where {label(two)} is: no appointment for both."
            hidden = self.answers.recorded("in_refuge", two) and not self.is_young(one)
            if hidden and self.lives_with(one, two) is not True:
                return f"{label(two)} is in a refuge or at a secret address: no appointment with {label(one)}."
        return ""

    @cached_property
    def _somebody_hides(self) -> bool:
        asks = {line.ask for line in self.family.circumstances}
        return not asks.isdisjoint({"may_know_whereabouts", "in_refuge"})

    def _is_ruled_out(self, person: str, other: str) -> bool:
        """Whether somebody is not the one who did a harm that nobody has explained."""
        if self.is_young(person):
            return self.answers.value("has_harmed", person, other) is False
        return self.answers.value("safe_carer", person, other) is True

    def _unanswered(
        self, person: str, other: str, answers: dict[str, bool | None], safe: bool | None
    ) -> Room:
        """What is held while questions about a pair are open."""
        towards_child = self.is_young(other) and not self.is_young(person)
        if towards_child and safe is not True and self._is_known_to_harm_somebody(person):
            # That a child is not afraid says nothing of what its other parent lives with, nor does anybody's age.
            asked = frozenset({asked_about(self.catalogue, "safe_carer", person, other)})
            return Room(held="H1", says=WAITS, asked=asked)
        if not self._could_harm(person) or not self._holds_while_open:
            return FREE
        if self.is_young(person) and self.is_young(other):
            # Brothers and sisters are not asked about each other where nothing is recorded between them;
            # a harm that nobody has explained has been asked about before.
            return FREE
        if not self.is_young(other):
            if self.is_young(person):
                # Asked of a child towards an adult only where something is recorded.
                return FREE
            left = [ask for ask, value in answers.items() if value is None]
        else:
            # One answer about somebody and a child stands for the whole pattern of questions.
            feels_safe = self.answers.value("child_feels_safe_with", person, other)
            settled = answers["afraid_of"] is False or safe is True or feels_safe is True
            if settled:
                apart = self.lives_with(person, other) is not True
                left = (
                    ["contact_forbidden"] if apart and answers["contact_forbidden"] is None else []
                )
            elif self._is_too_small_to_ask(other) and safe is not True:
                # A baby is not asked whether it is afraid: whoever knows them says who is safe.
                left = ["safe_carer"]
            else:
                left = ["afraid_of"]
        if not left:
            return FREE
        asked = frozenset(asked_about(self.catalogue, ask, person, other) for ask in left)
        return Room(held="H1", says=WAITS, asked=asked)

    def is_child(self, key: str) -> bool:
        """Under 18, or not surely over it."""
        person = self.family.person(key)
        return person.is_child or self.family.age(key, self.on)[0] < ADULT_FROM_MONTHS

    def is_young(self, key: str) -> bool:
        """A child who is nobody's parent."""
        return not self.family.is_parenting(key)

    def _is_known_to_harm_somebody(self, key: str) -> bool:
        """Whether abuse of an adult, a conviction or a fear of losing control is recorded of somebody."""
        return self.harms_an_adult(key) or any(self.answers.value(ask, key) for ask in KNOWN_OF_ONE)

    def _could_harm(self, key: str) -> bool:
        return self.family.age(key, self.on)[1] >= ASKED_ABOUT_FROM_MONTHS

    def _cleared(self, person: str, other: str, made_for: frozenset[str]) -> bool | None:
        """Whether help with these tags is made for such a pair and the child, or a specialist, cleared it."""
        young = self.is_young(other) and not self.is_young(person)
        if (MADE_FOR_HARMED_CHILD if young else MADE_FOR_ADULT_PAIR) not in made_for:
            return False
        if any(
            self._kind(need).joint_work == "never" and person in (need.harmed_by or ())
            for need in self.family.needs_of(other)
        ):
            return False
        if young and (
            self.harms_an_adult(person)
            or any(
                self.answers.value(ask, person, other) for ask in ("afraid_of", "coercive_control")
            )
            or any(
                self.answers.value(ask, person) for ask in ("convicted_abuse", "high_harm_signs")
            )
        ):
            # Work made for a parent who hit is not made for one who abuses the other parent; fear and control are not cleared for a child.
            return False
        asked = self._clearing(person, other)
        return self.answers.value(asked.key, asked.person, asked.other)

    def _clearing(self, person: str, other: str) -> Asked:
        asks_the_child = self.is_young(other) and not self._is_too_small_to_ask(other)
        key = "child_feels_safe_with" if asks_the_child else "joint_session_cleared"
        return asked_about(self.catalogue, key, person, other)

    def _is_too_small_to_ask(self, key: str) -> bool:
        """Too small to say whether they are afraid of somebody, or feel safe with them."""
        question = self.catalogue.questions.get("afraid_of")
        return (
            question is not None and self.family.age(key, self.on)[1] < question.other_from_months
        )

    @cached_property
    def _holds_while_open(self) -> bool:
        """Unanswered questions hold help only where somebody of the family gives reason to ask.

        A family of one carer with no abuse recorded is not frozen by questions about nobody; nor is one
        whose child is harmed by people outside it.
        """
        family = self.family
        for need in family.needs:
            within = set(need.harmed_by or (UNKNOWN_HARMER,)) - {OUTSIDE_FAMILY}
            if need.need in CAUSING or (need.need in self.frightening_needs and within):
                return True
        if any(
            line.ask in SAYS_THAT_THEY_HARM and line.answer is AnswerValue.TRUE
            for line in family.circumstances
        ):
            return True
        grown = [p.key for p in family.people if not p.is_unborn and family.is_parenting(p.key)]
        for one, other in permutations(grown, 2):
            in_touch = self.answers.value("has_contact", one, other)
            near = family.lives_with(one, other) is not False
            if near or in_touch is True or (in_touch is None and other in partners_of(family, one)):
                return True
        return False

    def unfit_to_stand_in(self, carer: str, child: str) -> str:
        """Why somebody does not stand in as a parent for a child, in a sentence; empty where nothing speaks against it."""
        value, label = self.answers.value, self.family.label_of
        known, _ = self.harmers_of(child, self.catalogue.harm_needs)
        if carer in known or self.has_harmed(carer, child):
            return f"Harm to {label(child)} by {label(carer)} is recorded or suspected."
        if self.harms_an_adult(carer):
            return f"Abuse of an adult by {label(carer)} is recorded or suspected."
        for other in self.family.children:
            if self.has_harmed(carer, other.key) or value("contact_forbidden", carer, other.key):
                return f"Harm to {label(other.key)} by {label(carer)}, or a ban on contact, is recorded or suspected."
        if value("safe_carer", carer, child) is False:
            return f"{label(carer)} is recorded as not a safe carer for {label(child)}."
        if any(value(ask, carer) for ask in KNOWN_OF_ONE):
            return f"Abuse, a conviction or fear of losing control is recorded of {label(carer)}."
        if any(value(ask, carer, child) for ask in FRIGHTENING):
            return f"Fear, abuse or a ban on contact is recorded between {label(carer)} and {label(child)}."
        if self.answers.recorded("child_feels_safe_with", carer, child) is False:
            return f"{label(child)} does not feel safe with {label(carer)}."
        return ""

    def are_kept_apart(self, one: str, other: str) -> bool:
        """Whether two people are not brought to one group or provider at one time: one harmed or frightens the other,
        one harmed somebody sexually and the other is a child, or they may not meet.
        """
        return any(
            self.has_harmed(a, b)
            or any(self.answers.value(ask, a, b) is True for ask in FRIGHTENING)
            or self.answers.value("child_feels_safe_with", a, b) is False
            or (a in self.sexual_harmers and self.is_child(b))
            for a, b in ((one, other), (other, one))
        )

    def harms_an_adult(self, person: str) -> bool:
        """Whether it is recorded, said or suspected that somebody abuses an adult."""
        return person in self._harming_an_adult

    @cached_property
    def _harming_an_adult(self) -> frozenset[str]:
        found = set(abusing_an_adult(self.family))
        for need in self.family.needs:
            if need.need == "exposed_to_domestic_abuse":
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

    # --- danger today ---

    @cached_property
    def in_danger(self) -> tuple[Danger, ...]:
        """Those who are in danger today, or of whom nobody said that they are not and who may be."""
        urgent, asked = self._may_be_in_danger()
        lines = {
            a.person: a.answer for a in self.family.circumstances if a.ask == "immediate_danger"
        }
        said = {key for key, answer in lines.items() if key and answer is not AnswerValue.FALSE}
        return tuple(
            Danger(
                person=key,
                today=self.answers.value("immediate_danger", key),
                was_asked=key in lines,
                urgent=key in urgent or key in said,
            )
            for key in sorted(urgent | asked | said)
            if self.answers.value("immediate_danger", key) is not False
        )

    def _may_be_in_danger(self) -> tuple[set[str], set[str]]:
        """Those for whom a need speaks of danger: where help is needed now, and where it is needed."""
        now: set[str] = set()
        needed: set[str] = set()
        for need in self.family.needs:
            kind = self._kind(need)
            # A harm that nobody has rated may be of any level.
            level = need.level or (ActionLevel.NEEDS_HELP if kind.harm else None)
            if level is None or level < ActionLevel.NEEDS_HELP or need.when is When.PAST:
                continue
            who = {need.person} if "self" in kind.danger_to else set()
            if "children" in kind.danger_to:
                # That nobody ticked whom it touches leaves out none of those they look after.
                who |= set(need.affects) or set(self.family.cared_for_by(need.person))
            if "victims" in kind.danger_to:
                who |= set(self.victims_of(need.person))
            if kind.harm or need.need in CAUSING:
                # Of these somebody asked, and said that it has stopped and cannot begin again.
                who = {key for key in who if self.answers.value("harm_continues", key) is not False}
            if level is ActionLevel.NEEDS_HELP_NOW:
                now |= who
            elif kind.harm or need.need in CAUSING:
                needed |= who
        for harm in self.harms:
            if harm.kind in {"abuse_pattern", "coercive_control"} and harm.to:
                needed.add(harm.to)
        return now, needed - now

    @cached_property
    def danger_today(self) -> tuple[str, ...]:
        """Those recorded as in danger today."""
        return tuple(danger.person for danger in self.in_danger if danger.today)


def read_harm(family: Family, catalogue: Catalogue, on: datetime.date) -> HarmReading:
    """The reading of harm for a family on a day."""
    return HarmReading(family=family, catalogue=catalogue, on=on)
