"""House rules H1 and H2: nobody shares a room with someone who frightens or harms them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import permutations

from cpassist.catalogue.conditions import Asked, Case, answer_of, asked_about, harmers_of
from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.records import Catalogue
from cpassist.family import Family
from cpassist.planning.people import partners_of

MADE_FOR_HARMED_CHILD = "for_carer_who_harmed"
MADE_FOR_ADULT_PAIR = "for_cleared_pair"
MADE_FOR = frozenset({MADE_FOR_HARMED_CHILD, MADE_FOR_ADULT_PAIR})
FRIGHTENING = ("abuse_pattern", "coercive_control", "afraid_of", "contact_forbidden")
# Harm after which no joint work with the one who did it is ever proposed here.
NEVER_CLEARED = frozenset({"sexual_abuse", "sexual_exploitation", "criminal_exploitation"})
ASKED_ABOUT_FROM_MONTHS = 10 * 12
WAITS = "Not known yet whether everybody in the room would be safe with each other."


@dataclass(frozen=True, kw_only=True)
class PairReading:
    """What H1 and H2 say of one offer."""

    blocked: str | None = None
    """The rule that forbids it, or None."""
    says: str = ""
    held: str | None = None
    """The rule that holds it until questions are answered, or None."""
    asked: frozenset[Asked] = field(default_factory=frozenset)


class Pairs:
    """Who may be in a room with whom in one family; each pair is read once.

    Neglect is not counted as frightening: much of the help for it is that carer with that child.
    """

    def __init__(self, family: Family, catalogue: Catalogue, on: datetime.date) -> None:
        everybody = tuple(sorted(person.key for person in family.people))
        self.family, self.catalogue, self.on = family, catalogue, on
        self.case = Case(
            family=family, on=on, people=everybody, children=(), parts={}, catalogue=catalogue
        )
        self._read: dict[tuple[str, str, frozenset[str]], PairReading] = {}

    def read(self, intervention: Intervention, people: Sequence[str]) -> PairReading:
        """Whether everyone who would be in one room may be."""
        if not intervention.together or len(people) < 2:
            return PairReading()
        held: dict[str, frozenset[Asked]] = {}
        made_for = MADE_FOR & set(intervention.tags)
        for person, other in permutations(people, 2):
            key = (person, other, made_for)
            if key not in self._read:
                self._read[key] = self._pair(person, other, made_for)
            reading = self._read[key]
            if reading.blocked:
                return reading
            if reading.held:
                held[reading.held] = held.get(reading.held, frozenset()) | reading.asked
        if not held:
            return PairReading()
        return PairReading(
            held=min(held),
            asked=frozenset().union(*held.values()),
            says=WAITS,
        )

    def _answer(self, ask: str, person: str | None, other: str | None) -> bool | None:
        return answer_of(self.case, ask, person, other)

    def _pair(self, person: str, other: str, made_for: frozenset[str]) -> PairReading:
        """Whether `other` is safe in a room with `person`."""
        family = self.family
        known, unknown = harmers_of(family, other, self.catalogue.harm_needs - {"neglect"})
        causing = family.need(person, "causing_harm_to_child")
        harms = person in known or (causing is not None and other in causing.affects)
        answers = {ask: self._answer(ask, person, other) for ask in FRIGHTENING}
        safe = self._answer("safe_carer", person, other)
        labels = f"{family.label_of(other)} in a room with {family.label_of(person)}"
        if answers["contact_forbidden"]:
            # A ban by police or court is not lifted by what anybody feels.
            says = f"Not {labels}: contact is forbidden or supervised."
            return PairReading(blocked="H1", says=says)
        recorded = harms or True in answers.values()
        if recorded:
            cleared = self._cleared(person, other, made_for)
            if cleared is None:
                asked = frozenset({self._clearing(person, other)})
                return PairReading(held="H1", says=WAITS, asked=asked)
            if cleared is False:
                says = f"Not {labels}: harm or fear is recorded between them."
                return PairReading(blocked="H1", says=says)
        if unknown and self._could_harm(person) and safe is not True:
            if safe is False:
                says = (
                    f"Nobody knows yet who hurt {family.label_of(other)}, and {family.label_of(person)} is "
                    "recorded as not a safe carer: no work with both until it is known who is safe."
                )
                return PairReading(blocked="H2", says=says)
            return PairReading(
                held="H2",
                says=WAITS,
                asked=frozenset(
                    {
                        Asked(key="harmed_by", person=other),
                        Asked(key="safe_carer", person=person, other=other),
                    }
                ),
            )
        # What is recorded and cleared leaves nothing more to ask about this pair.
        return PairReading() if recorded else self._unanswered(person, other, answers, safe)

    def _unanswered(
        self, person: str, other: str, answers: dict[str, bool | None], safe: bool | None
    ) -> PairReading:
        """What is held while questions about a pair are open."""
        family = self.family
        if not self._could_harm(person) or not self._holds_while_open:
            return PairReading()
        if not self._is_young(other):
            if self._is_young(person):
                # Asked of a child towards an adult only where something is recorded.
                return PairReading()
            left = [ask for ask, value in answers.items() if value is None]
        else:
            # One answer about somebody and a child stands for the whole pattern of questions.
            settled = answers["afraid_of"] is False or safe is True
            abuses = family.need(person, "domestic_abuse_causing") is not None
            if abuses and safe is not True:
                left = ["safe_carer"]
            elif settled:
                apart = family.lives_with(person, other) is not True
                open_ban = apart and answers["contact_forbidden"] is None
                left = ["contact_forbidden"] if open_ban else []
            else:
                left = ["afraid_of"]
        if not left:
            return PairReading()
        asked = frozenset(asked_about(self.catalogue, ask, person, other) for ask in left)
        return PairReading(held="H1", says=WAITS, asked=asked)

    def _is_young(self, key: str) -> bool:
        """A child who is nobody's parent."""
        return not self.family.is_parenting(key)

    def _could_harm(self, key: str) -> bool:
        """Old enough to be asked about: from ten. What is recorded of anybody younger still counts."""
        return self.family.age(key, self.on)[1] >= ASKED_ABOUT_FROM_MONTHS

    def _cleared(self, person: str, other: str, made_for: frozenset[str]) -> bool | None:
        """Whether help with these tags is made for such a pair and the child, or a specialist, cleared it."""
        young = self._is_young(other) and not self._is_young(person)
        if (MADE_FOR_HARMED_CHILD if young else MADE_FOR_ADULT_PAIR) not in made_for:
            return False
        if any(
            n.need in NEVER_CLEARED and person in (n.harmed_by or ())
            for n in self.family.needs_of(other)
        ):
            return False
        asked = self._clearing(person, other)
        return self._answer(asked.key, asked.person, asked.other)

    def _clearing(self, person: str, other: str) -> Asked:
        key = "child_feels_safe_with" if self._is_young(other) else "joint_session_cleared"
        return asked_about(self.catalogue, key, person, other)

    @cached_property
    def _holds_while_open(self) -> bool:
        """Unanswered questions hold help only where some pair of adults gives reason to ask.

        A family of one carer with no recorded abuse is not frozen by questions about nobody.
        """
        family = self.family
        abuse = self.catalogue.harm_needs | {"domestic_abuse_causing", "causing_harm_to_child"}
        if any(need.need in abuse - {"neglect"} for need in family.needs):
            return True
        grown = [p.key for p in family.people if not p.is_unborn and family.is_parenting(p.key)]
        for one, other in permutations(grown, 2):
            in_touch = self._answer("has_contact", one, other)
            near = family.lives_with(one, other) is not False
            if near or in_touch is True or (in_touch is None and other in partners_of(family, one)):
                return True
        return False
