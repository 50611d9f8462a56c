"""Who may be with whom: in one room, in one group, in a parent's place."""

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

from cpassist.catalogue.conditions import Asked, asked_about
from cpassist.catalogue.named_in_code import (
    ABUSE_PATTERN,
    AFRAID_OF,
    CHILD_FEELS_SAFE_WITH,
    COERCIVE_CONTROL,
    CONTACT_FORBIDDEN,
    CONVICTED_ABUSE,
    HARM_CONTINUES,
    HAS_CONTACT,
    HAS_HARMED,
    HIGH_HARM_SIGNS,
    IN_REFUGE,
    JOINT_SESSION_CLEARED,
    LIVES_TOGETHER,
    LOSES_CONTROL_FEAR,
    MAY_KNOW_WHEREABOUTS,
    SAFE_CARER,
)
from cpassist.family.vocabulary import (
    OUTSIDE_FAMILY,
    UNKNOWN_HARMER,
    AnswerValue,
)
from cpassist.harm.causing import (
    CAUSING,
    SAYS_THAT_THEY_HARM,
)
from cpassist.harm.records import FREE, Room
from cpassist.harm.ties import partners_of
from cpassist.harm.who_harmed import WhoHarmed

FRIGHTENING = (ABUSE_PATTERN, COERCIVE_CONTROL, AFRAID_OF, CONTACT_FORBIDDEN)
# What is said of one person and makes nobody a parent for other people's children.
KNOWN_OF_ONE = (CONVICTED_ABUSE, HIGH_HARM_SIGNS, LOSES_CONTROL_FEAR)
MADE_FOR_HARMED_CHILD = "for_carer_who_harmed"
MADE_FOR_ADULT_PAIR = "for_cleared_pair"
MADE_FOR = frozenset({MADE_FOR_HARMED_CHILD, MADE_FOR_ADULT_PAIR})
# Old enough to be asked about. What is recorded of anybody younger still counts.
ASKED_ABOUT_FROM_MONTHS = 10 * 12
WAITS = "Not known yet whether everybody in the room would be safe with each other."


@dataclass(frozen=True, kw_only=True, repr=False)
class WhoMayMeet(WhoHarmed):
    """Who is safe in one room with whom, by what is recorded, answered or still open (H1, H2, H24, H30)."""

    def lives_with(self, one: str, other: str) -> bool | None:
        """Whether two share a home, or stay over; None where nobody has said."""
        said = self.answers.value(LIVES_TOGETHER, one, other)
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
        if answers[CONTACT_FORBIDDEN]:
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
        safe = value(SAFE_CARER, person, other)
        recorded = self.has_harmed(person, other) or True in answers.values()
        if self.answers.recorded(SAFE_CARER, person, other) is False:
            # Neither work made for whoever harmed nor the child's own yes outweighs that somebody said so.
            why = f"{self.family.label_of(person)} is recorded as not a safe carer"
            return self._not_in_a_room("H1", person, other, why)
        if value(CHILD_FEELS_SAFE_WITH, person, other) is False:
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
                goes_on = value(HARM_CONTINUES, other)
                if goes_on is None:
                    asked = frozenset({Asked(key=HARM_CONTINUES, person=other)})
                    return Room(held="H30", says=WAITS, asked=asked)
                if goes_on:
                    why = "the harm goes on or can start again"
                    return self._not_in_a_room("H30", person, other, why)
        _, unknown = self.harmers_of(other)
        if unknown and self._could_harm(person) and not self._is_ruled_out(person, other):
            # Of a brother or sister it is asked whether they hurt somebody, never whether they are a safe carer.
            key = HAS_HARMED if self.is_young(person) else SAFE_CARER
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
            if self.answers.recorded(MAY_KNOW_WHEREABOUTS, one, two) is False:
                return f"{label(one)} may not know where {label(two)} is: no appointment for both."
            hidden = self.answers.recorded(IN_REFUGE, two) and not self.is_young(one)
            if hidden and self.lives_with(one, two) is not True:
                return f"{label(two)} is in a refuge or at a secret address: no appointment with {label(one)}."
        return ""

    @cached_property
    def _somebody_hides(self) -> bool:
        asks = {line.ask for line in self.family.circumstances}
        return not asks.isdisjoint({MAY_KNOW_WHEREABOUTS, IN_REFUGE})

    def _unanswered(
        self, person: str, other: str, answers: dict[str, bool | None], safe: bool | None
    ) -> Room:
        """What is held while questions about a pair are open."""
        towards_child = self.is_young(other) and not self.is_young(person)
        if towards_child and safe is not True and self._is_known_to_harm_somebody(person):
            # That a child is not afraid says nothing of what its other parent lives with, nor does anybody's age.
            asked = frozenset({asked_about(self.catalogue, SAFE_CARER, person, other)})
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
            feels_safe = self.answers.value(CHILD_FEELS_SAFE_WITH, person, other)
            settled = answers[AFRAID_OF] is False or safe is True or feels_safe is True
            if settled:
                apart = self.lives_with(person, other) is not True
                left = [CONTACT_FORBIDDEN] if apart and answers[CONTACT_FORBIDDEN] is None else []
            elif self._is_too_small_to_ask(other) and safe is not True:
                # A baby is not asked whether it is afraid: whoever knows them says who is safe.
                left = [SAFE_CARER]
            else:
                left = [AFRAID_OF]
        if not left:
            return FREE
        asked = frozenset(asked_about(self.catalogue, ask, person, other) for ask in left)
        return Room(held="H1", says=WAITS, asked=asked)

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
            or any(self.answers.value(ask, person, other) for ask in (AFRAID_OF, COERCIVE_CONTROL))
            or any(self.answers.value(ask, person) for ask in (CONVICTED_ABUSE, HIGH_HARM_SIGNS))
        ):
            # Work made for a parent who hit is not made for one who abuses the other parent; fear and control are not cleared for a child.
            return False
        asked = self._clearing(person, other)
        return self.answers.value(asked.key, asked.person, asked.other)

    def _clearing(self, person: str, other: str) -> Asked:
        asks_the_child = self.is_young(other) and not self._is_too_small_to_ask(other)
        key = CHILD_FEELS_SAFE_WITH if asks_the_child else JOINT_SESSION_CLEARED
        return asked_about(self.catalogue, key, person, other)

    def _is_too_small_to_ask(self, key: str) -> bool:
        """Too small to say whether they are afraid of somebody, or feel safe with them."""
        question = self.catalogue.questions.get(AFRAID_OF)
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
            in_touch = self.answers.value(HAS_CONTACT, one, other)
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
            if self.has_harmed(carer, other.key) or value(CONTACT_FORBIDDEN, carer, other.key):
                return f"Harm to {label(other.key)} by {label(carer)}, or a ban on contact, is recorded or suspected."
        if value(SAFE_CARER, carer, child) is False:
            return f"{label(carer)} is recorded as not a safe carer for {label(child)}."
        if any(value(ask, carer) for ask in KNOWN_OF_ONE):
            return f"Abuse, a conviction or fear of losing control is recorded of {label(carer)}."
        if any(value(ask, carer, child) for ask in FRIGHTENING):
            return f"Fear, abuse or a ban on contact is recorded between {label(carer)} and {label(child)}."
        if self.answers.recorded(CHILD_FEELS_SAFE_WITH, carer, child) is False:
            return f"{label(child)} does not feel safe with {label(carer)}."
        return ""

    def are_kept_apart(self, one: str, other: str) -> bool:
        """Whether two people are not brought to one group or provider at one time: one harmed or frightens the other,
        one harmed somebody sexually and the other is a child, or they may not meet.
        """
        return any(
            self.has_harmed(a, b)
            or any(self.answers.value(ask, a, b) is True for ask in FRIGHTENING)
            or self.answers.value(CHILD_FEELS_SAFE_WITH, a, b) is False
            or (a in self.sexual_harmers and self.is_child(b))
            for a, b in ((one, other), (other, one))
        )
