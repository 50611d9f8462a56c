"""The answers to safety questions, read strictly: of two that contradict, the one that holds more back stands."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.conditions import Asked, asked_about, by_question
from cpassist.catalogue.named_in_code import (
    ABUSE_PATTERN,
    AFRAID_OF,
    CHILD_FEELS_SAFE_WITH,
    COERCIVE_CONTROL,
    CONTACT_FORBIDDEN,
    CONVICTED_ABUSE,
    DOMESTIC_ABUSE_CAUSING,
    HARM_CONTINUES,
    HAS_HARMED,
    HIGH_HARM_SIGNS,
    IMMEDIATE_DANGER,
    IN_REFUGE,
    LIVES_TOGETHER,
    SAFE_CARER,
    SETTLED_HOME,
    SEXUAL_HARM_SUSPECTED,
    SUICIDE_RISK,
)
from cpassist.family.family import Family
from cpassist.family.vocabulary import ActionLevel, AnswerValue, When

SAID: Mapping[AnswerValue, bool | None] = {
    AnswerValue.TRUE: True,
    AnswerValue.FALSE: False,
    AnswerValue.UNKNOWN: None,
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Contradiction:
    """An answer against which the file itself speaks: the stricter of the two is followed, and somebody is asked."""

    asked: Asked
    said: bool
    """What was answered."""
    because: str
    """What speaks against it, in a sentence."""


class Answers:
    """The answers of one family. What is worked out of the file stands beside what somebody said."""

    def __init__(self, family: Family, catalogue: Catalogue, on: datetime.date) -> None:
        self.family, self.catalogue, self.on = family, catalogue, on
        self._read: dict[tuple[str, str | None, str | None], bool | None] = {}

    def value(self, ask: str, person: str | None = None, other: str | None = None) -> bool | None:
        """What a question comes to about a person, a pair or the family; None while nobody knows."""
        key = (ask, person, other)
        if key not in self._read:
            recorded = self.recorded(ask, person, other)
            facts = FACTS.get(ask)
            self._read[key] = (
                facts.holds_back
                if facts is not None and facts.speak(self, person, other)
                else recorded
            )
        return self._read[key]

    def recorded(
        self, ask: str, person: str | None = None, other: str | None = None
    ) -> bool | None:
        """What somebody said; about a pair as such, either way round."""
        question = self.catalogue.questions.get(ask)
        answer = SAID[self.family.answer(ask, person, other)]
        if question is None or not question.two_way:
            return answer
        turned = SAID[self.family.answer(ask, other, person)]
        if None not in (answer, turned) and answer is not turned:
            return question.holds_back
        return turned if answer is None else answer

    @cached_property
    def named_for_sexual_harm(self) -> frozenset[str]:
        """Those named as the one who harmed somebody of the family sexually."""
        kinds = self.catalogue.need_types
        needs = (need for need in self.family.needs if kinds[need.need].sexual)
        return frozenset(harmer for need in needs for harmer in need.harmed_by or ())

    def contradictions(self) -> tuple[Contradiction, ...]:
        """Each answer against which the file speaks, or which was given twice in two ways."""
        found: dict[Asked, Contradiction] = {}
        for line in self.family.circumstances:
            said = SAID[line.answer]
            question = self.catalogue.questions.get(line.ask)
            if said is None or question is None:
                continue
            asked = asked_about(self.catalogue, line.ask, line.person, line.other)
            turned = SAID[self.family.answer(line.ask, line.other, line.person)]
            facts = FACTS.get(line.ask)
            if question.two_way and turned is not None and turned is not said:
                because = "It was answered in two ways."
            elif facts and said is not facts.holds_back and facts.speak(self, line.person, line.other):  # fmt: skip
                because = facts.says
            else:
                continue
            found[asked] = Contradiction(asked=asked, said=said, because=because)
        return tuple(found[key] for key in sorted(found, key=by_question))


# --- what the file itself says to a question ---


@dataclass(frozen=True, repr=False)
class _Facts:
    """What of the file answers a question with the value that holds more back, whatever was said."""

    holds_back: bool
    says: str
    speak: Callable[[Answers, str | None, str | None], bool]


def _live_together(answers: Answers, person: str | None, other: str | None) -> bool:
    return bool(person and other and answers.family.lives_with(person, other))


def _sexual_harm(answers: Answers, person: str | None, other: str | None) -> bool:
    return bool(person and other) and any(
        person in (need.harmed_by or ())
        for need in answers.family.needs_of(other or "")
        if answers.catalogue.need_types[need.need].sexual
    )


def _gravely_self_harming(answers: Answers, person: str | None, _: str | None) -> bool:
    kinds = answers.catalogue.need_types
    return any(
        kinds[need.need].now_means == SUICIDE_RISK
        and need.level is ActionLevel.NEEDS_HELP_NOW
        and need.when is not When.PAST
        for need in answers.family.needs_of(person or "")
    )


def _harm_goes_on(answers: Answers, person: str | None, _: str | None) -> bool:
    """Somebody who harmed this person sexually shares their home, or danger is today."""
    family = answers.family
    if person is None:
        return False
    if answers.recorded(IMMEDIATE_DANGER, person):
        return True
    return any(
        answers.value(SEXUAL_HARM_SUSPECTED, other.key, person)
        and answers.value(LIVES_TOGETHER, other.key, person)
        for other in family.people
        if other.key != person
    )


def _known_to_abuse(answers: Answers, person: str | None, other: str | None) -> bool:
    """One adult who is recorded as abusing, or named by the other, in a pair of adults.

    Whom somebody abused before is no reason to take a new partner for safe with them.
    """
    family = answers.family
    if not (person and other and family.is_parenting(person) and family.is_parenting(other)):
        return False
    causing = family.need(person, DOMESTIC_ABUSE_CAUSING)
    named = any(
        person in (need.harmed_by or ())
        for need in family.needs_of(other)
        if answers.catalogue.need_types[need.need].between_adults
    )
    # Who made a child live with abuse abused somebody: whoever else looks after that child is taken for abused.
    named = named or any(
        person in (need.harmed_by or ()) and other in _looking_after(need.person, family)
        for need in family.needs
        if need.need in answers.catalogue.children_beside_abuse
    )
    return (
        named
        or (causing is not None and causing.when is not When.PAST)
        or any(answers.recorded(ask, person) for ask in (CONVICTED_ABUSE, HIGH_HARM_SIGNS))
    )


def _looking_after(child: str, family: Family) -> set[str]:
    return {*family.carers_of(child), *(r.person for r in family.relations if r.child == child)}


def _harmed_the_child(answers: Answers, person: str | None, other: str | None) -> bool:
    """Recorded as having harmed this child, neglect apart, or anybody sexually."""
    family, kinds = answers.family, answers.catalogue.need_types
    if person is None or other is None:
        return False
    harmed = any(
        person in (need.harmed_by or ())
        for need in family.needs_of(other)
        if kinds[need.need].harm and kinds[need.need].joint_work != "usual"
    )
    spoken = any(
        answers.recorded(ask, person, other)
        for ask in (HAS_HARMED, AFRAID_OF, ABUSE_PATTERN, COERCIVE_CONTROL, CONTACT_FORBIDDEN)
    )  # fmt: skip
    unsafe = spoken or answers.recorded(CHILD_FEELS_SAFE_WITH, person, other) is False
    # Where nobody knows who made a child live with abuse, whoever is recorded as abusing may have.
    beside_abuse = answers.catalogue.children_beside_abuse
    if any(n.is_unexplained for n in family.needs_of(other) if n.need in beside_abuse):
        unsafe = unsafe or family.need(person, DOMESTIC_ABUSE_CAUSING) is not None
    return harmed or unsafe or person in answers.named_for_sexual_harm


def _is_feared(answers: Answers, person: str | None, other: str | None) -> bool:
    return answers.recorded(AFRAID_OF, person, other) is True


def _in_refuge(answers: Answers, person: str | None, _: str | None) -> bool:
    return answers.recorded(IN_REFUGE, person) is True


FACTS: Mapping[str, _Facts] = {
    LIVES_TOGETHER: _Facts(True, "They are recorded in the same home.", _live_together),
    SEXUAL_HARM_SUSPECTED: _Facts(
        True, "This person is recorded as the one who harmed sexually.", _sexual_harm
    ),
    SUICIDE_RISK: _Facts(
        True, "Self-harm is recorded as needing help now.", _gravely_self_harming
    ),
    HARM_CONTINUES: _Facts(
        True, "Danger today is recorded, or the one who harmed sexually lives there.", _harm_goes_on
    ),
    ABUSE_PATTERN: _Facts(
        True, "Abuse by this person, a conviction for it or signs of grave harm are recorded.", _known_to_abuse
    ),
    SAFE_CARER: _Facts(False, "Harm by this person, fear of them or a ban on contact is recorded.", _harmed_the_child),
    CHILD_FEELS_SAFE_WITH: _Facts(False, "Fear of this person is recorded.", _is_feared),
    SETTLED_HOME: _Facts(False, "A refuge or another secret address is recorded.", _in_refuge),
}  # fmt: skip
"""What the file says to a question. Each speaks only for the value that holds more back."""
