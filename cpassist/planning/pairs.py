"""House rules H1 and H2: nobody shares a room with someone who frightens or harms them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import permutations

from cpassist.catalogue.conditions import Asked, answer_of, harmers_of
from cpassist.catalogue.records import Intervention
from cpassist.planning.candidates import Trial

MADE_FOR_HARMED_CHILD = "for_carer_who_harmed"
MADE_FOR_ADULT_PAIR = "for_cleared_pair"
FRIGHTENING = ("abuse_pattern", "coercive_control", "afraid_of", "contact_forbidden")


@dataclass(frozen=True, kw_only=True)
class PairReading:
    """What H1 and H2 say of one offer."""

    blocked: str | None = None
    """The rule that forbids it, or None."""
    says: str = ""
    held: str | None = None
    """The rule that holds it until questions are answered, or None."""
    asked: frozenset[Asked] = field(default_factory=frozenset)


def read_pairs(intervention: Intervention, trial: Trial) -> PairReading:
    """Whether everyone who would be in one room may be.

    Neglect is not counted as frightening: much of the help for it is that carer with that child.
    """
    if not intervention.together or len(trial.people) < 2:
        return PairReading()
    held: dict[str, frozenset[Asked]] = {}
    for person, other in permutations(trial.people, 2):
        reading = _read_pair(intervention, trial, person, other)
        if reading.blocked:
            return reading
        if reading.held:
            held[reading.held] = held.get(reading.held, frozenset()) | reading.asked
    if not held:
        return PairReading()
    return PairReading(
        held=min(held),
        asked=frozenset().union(*held.values()),
        says="Not known yet whether everybody in the room would be safe with each other.",
    )


def _read_pair(intervention: Intervention, trial: Trial, person: str, other: str) -> PairReading:
    """Whether `other` is safe in a room with `person`."""
    case = trial.case
    family = case.family
    harm = case.harm_needs - {"neglect"}
    known, unknown = harmers_of(family, other, harm)
    is_child_pair = _is_young(trial, other) and not _is_young(trial, person)
    answers = {ask: answer_of(case, ask, person, other) for ask in _asked_of(trial, person, other)}
    cleared = _cleared(intervention, trial, person, other)
    labels = f"{family.label_of(other)} in a room with {family.label_of(person)}"
    if person in known or True in answers.values():
        if cleared is True:
            return PairReading()
        if cleared is None and answers.get("contact_forbidden") is not True:
            return PairReading(held="H1", asked=_clearing(trial, person, other))
        return PairReading(
            blocked="H1",
            says=f"Not {labels}: harm, fear or a ban on contact is recorded between them.",
        )
    safe = answer_of(case, "safe_carer", person, other) is True
    if unknown and not safe and not _is_young(trial, person):
        if answer_of(case, "safe_carer", person, other) is False:
            return PairReading(
                blocked="H2",
                says=f"Not {labels}: not a safe carer, and who harms is unknown.",
            )
        return PairReading(
            held="H2",
            asked=frozenset(
                {
                    Asked(key="harmed_by", person=other),
                    Asked(key="safe_carer", person=person, other=other),
                }
            ),
        )
    left = frozenset(
        Asked(key=ask, person=person, other=other)
        for ask, value in answers.items()
        if value is None
    )
    if left and not _is_young(trial, person) and _holds_while_open(trial):
        if is_child_pair:
            # One answer about carer and child stands for the whole pattern of questions.
            if safe or answers["afraid_of"] is False:
                return PairReading()
            return PairReading(
                held="H1", asked=frozenset({Asked(key="afraid_of", person=person, other=other)})
            )
        return PairReading(held="H1", asked=left)
    return PairReading()


def _is_young(trial: Trial, key: str) -> bool:
    """A child who cares for nobody: not somebody of whom one asks whether they are a safe carer."""
    person = trial.case.family.person(key)
    return person.is_child and not person.cares_for


def _asked_of(trial: Trial, person: str, other: str) -> Iterator[str]:
    """The questions of H1 for a pair; control of money or clothes is no question about a child."""
    for ask in FRIGHTENING:
        both_adult = not _is_young(trial, person) and not _is_young(trial, other)
        if ask != "coercive_control" or both_adult:
            yield ask


def _cleared(intervention: Intervention, trial: Trial, person: str, other: str) -> bool | None:
    """Whether this intervention is made for such a pair and a specialist or the child cleared it."""
    readings = [
        answer_of(trial.case, asked.key, asked.person, asked.other)
        for asked in _clearing(trial, person, other)
    ]
    child_pair = (
        trial.case.family.person(other).is_child and not trial.case.family.person(person).is_child
    )
    made_for = MADE_FOR_HARMED_CHILD if child_pair else MADE_FOR_ADULT_PAIR
    if made_for not in intervention.tags:
        return False
    if True in readings:
        return True
    return None if None in readings else False


def _clearing(trial: Trial, person: str, other: str) -> frozenset[Asked]:
    if trial.case.family.person(other).is_child:
        return frozenset({Asked(key="child_feels_safe_with", person=person, other=other)})
    return frozenset({Asked(key="joint_session_cleared", person=person, other=other)})


def _holds_while_open(trial: Trial) -> bool:
    """Unanswered questions hold help only where some pair of adults gives reason to ask.

    A family of one carer with no recorded abuse is not frozen by questions about nobody.
    """
    case = trial.case
    family = case.family
    grown = [p.key for p in family.people if not p.is_unborn and (not p.is_child or p.cares_for)]
    for one, other in permutations(grown, 2):
        if (
            family.lives_with(one, other) is not False
            or answer_of(case, "has_contact", one, other) is True
        ):
            return True
    abuse = case.harm_needs | {"domestic_abuse_causing", "causing_harm_to_child"}
    return any(need.need in abuse - {"neglect"} for need in family.needs)
