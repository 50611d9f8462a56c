"""The answers to safety questions, read strictly: of two that contradict, the one that holds more back stands."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cpassist.catalogue.conditions import Asked, asked_about
from cpassist.catalogue.records import Catalogue
from cpassist.family.family import Family
from cpassist.family.vocabulary import ActionLevel, AnswerValue, When

SAID: Mapping[AnswerValue, bool | None] = {
    AnswerValue.TRUE: True,
    AnswerValue.FALSE: False,
    AnswerValue.UNKNOWN: None,
}


@dataclass(frozen=True, kw_only=True)
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
        return tuple(found[key] for key in sorted(found, key=_by_about))


def _by_about(asked: Asked) -> tuple[str, str, str]:
    return (asked.key, asked.person or "", asked.other or "")


# --- what the file itself says to a question ---


@dataclass(frozen=True)
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
    need = answers.family.need(person or "", "self_harm")
    return (
        need is not None and need.level is ActionLevel.NEEDS_HELP_NOW and need.when is not When.PAST
    )


def _harm_goes_on(answers: Answers, person: str | None, _: str | None) -> bool:
    """Somebody who harmed this person sexually shares their home, or danger is today."""
    family = answers.family
    if person is None:
        return False
    if answers.recorded("immediate_danger", person):
        return True
    return any(
        answers.value("sexual_harm_suspected", other.key, person)
        and answers.value("lives_together", other.key, person)
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
    causing = family.need(person, "domestic_abuse_causing")
    named = any(
        person in (need.harmed_by or ())
        for need in family.needs_of(other)
        if answers.catalogue.need_types[need.need].between_adults
    )
    # Who made a child live with abuse abused somebody: whoever else looks after that child is taken for abused.
    named = named or any(
        person in (need.harmed_by or ()) and other in _looking_after(need.person, family)
        for need in family.needs
        if need.need == "exposed_to_domestic_abuse"
    )
    return (
        named
        or (causing is not None and causing.when is not When.PAST)
        or any(answers.recorded(ask, person) for ask in ("convicted_abuse", "high_harm_signs"))
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
        for ask in ("has_harmed", "afraid_of", "abuse_pattern", "coercive_control", "contact_forbidden")
    )  # fmt: skip
    unsafe = spoken or answers.recorded("child_feels_safe_with", person, other) is False
    # Where nobody knows who made a child live with abuse, whoever is recorded as abusing may have.
    exposed = family.need(other, "exposed_to_domestic_abuse")
    if exposed is not None and exposed.is_unexplained:
        unsafe = unsafe or family.need(person, "domestic_abuse_causing") is not None
    return harmed or unsafe or person in answers.named_for_sexual_harm


def _is_feared(answers: Answers, person: str | None, other: str | None) -> bool:
    return answers.recorded("afraid_of", person, other) is True


def _in_refuge(answers: Answers, person: str | None, _: str | None) -> bool:
    return answers.recorded("in_refuge", person) is True


FACTS: Mapping[str, _Facts] = {
    "lives_together": _Facts(True, "They are recorded in the same home.", _live_together),
    "sexual_harm_suspected": _Facts(
        True, "This person is recorded as the one who harmed sexually.", _sexual_harm
    ),
    "suicide_risk": _Facts(
        True, "Self-harm is recorded as needing help now.", _gravely_self_harming
    ),
    "harm_continues": _Facts(
        True, "Danger today is recorded, or the one who harmed sexually lives there.", _harm_goes_on
    ),
    "abuse_pattern": _Facts(
        True, "Abuse by this person, a conviction for it or signs of grave harm are recorded.", _known_to_abuse
    ),
    "safe_carer": _Facts(False, "Harm by this person, fear of them or a ban on contact is recorded.", _harmed_the_child),
    "child_feels_safe_with": _Facts(False, "Fear of this person is recorded.", _is_feared),
    "settled_home": _Facts(False, "A refuge or another secret address is recorded.", _in_refuge),
}  # fmt: skip
"""What the file says to a question. Each speaks only for the value that holds more back."""
