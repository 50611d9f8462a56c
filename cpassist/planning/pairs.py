"""House rules H1 and H2: nobody shares a room with someone who frightens or harms them."""

from dataclasses import dataclass, field
from itertools import permutations

from cpassist.catalogue.conditions import Asked, answer_of, asked_about, harmers_of
from cpassist.catalogue.interventions import Intervention
from cpassist.planning.candidates import Trial
from cpassist.planning.people import partners_of

MADE_FOR_HARMED_CHILD = "for_carer_who_harmed"
MADE_FOR_ADULT_PAIR = "for_cleared_pair"
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
        says=WAITS,
    )


def _read_pair(intervention: Intervention, trial: Trial, person: str, other: str) -> PairReading:
    """Whether `other` is safe in a room with `person`."""
    case = trial.case
    family = case.family
    known, unknown = harmers_of(family, other, case.catalogue.harm_needs - {"neglect"})
    causing = family.need(person, "causing_harm_to_child")
    harms = person in known or (causing is not None and other in causing.affects)
    answers = {ask: answer_of(case, ask, person, other) for ask in FRIGHTENING}
    safe = answer_of(case, "safe_carer", person, other)
    labels = f"{family.label_of(other)} in a room with {family.label_of(person)}"
    if answers["contact_forbidden"]:
        # A ban by police or court is not lifted by what anybody feels.
        return PairReading(blocked="H1", says=f"Not {labels}: contact is forbidden or supervised.")
    recorded = harms or True in answers.values()
    if recorded:
        cleared = _cleared(intervention, trial, person, other)
        if cleared is None:
            return PairReading(held="H1", says=WAITS, asked=_clearing(trial, person, other))
        if cleared is False:
            says = f"Not {labels}: harm or fear is recorded between them."
            return PairReading(blocked="H1", says=says)
    if unknown and _could_harm(trial, person) and safe is not True:
        if safe is False:
            return PairReading(
                blocked="H2", says=f"Not {labels}: not a safe carer, and who harms is unknown."
            )
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
    return PairReading() if recorded else _read_unanswered(trial, person, other, answers, safe)


def _read_unanswered(
    trial: Trial, person: str, other: str, answers: dict[str, bool | None], safe: bool | None
) -> PairReading:
    """What is held while questions about a pair are open."""
    family = trial.case.family
    if not _could_harm(trial, person) or not _holds_while_open(trial):
        return PairReading()
    if not _is_young(trial, other):
        if _is_young(trial, person):
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
            left = ["contact_forbidden"] if apart and answers["contact_forbidden"] is None else []
        else:
            left = ["afraid_of"]
    if not left:
        return PairReading()
    asked = frozenset(asked_about(trial.case.catalogue, ask, person, other) for ask in left)
    return PairReading(held="H1", says=WAITS, asked=asked)


def _is_young(trial: Trial, key: str) -> bool:
    """A child who is nobody's parent."""
    return not trial.case.family.is_parenting(key)


def _could_harm(trial: Trial, key: str) -> bool:
    """Old enough to be asked about: from ten. What is recorded of anybody younger still counts."""
    return trial.case.family.age(key, trial.case.on)[1] >= ASKED_ABOUT_FROM_MONTHS


def _cleared(intervention: Intervention, trial: Trial, person: str, other: str) -> bool | None:
    """Whether this intervention is made for such a pair and the child, or a specialist, cleared it."""
    family = trial.case.family
    young = _is_young(trial, other) and not _is_young(trial, person)
    made_for = MADE_FOR_HARMED_CHILD if young else MADE_FOR_ADULT_PAIR
    if made_for not in intervention.tags:
        return False
    if any(
        n.need in NEVER_CLEARED and person in (n.harmed_by or ()) for n in family.needs_of(other)
    ):
        return False
    (asked,) = _clearing(trial, person, other)
    return answer_of(trial.case, asked.key, asked.person, asked.other)


def _clearing(trial: Trial, person: str, other: str) -> frozenset[Asked]:
    key = "child_feels_safe_with" if _is_young(trial, other) else "joint_session_cleared"
    return frozenset({asked_about(trial.case.catalogue, key, person, other)})


def _holds_while_open(trial: Trial) -> bool:
    """Unanswered questions hold help only where some pair of adults gives reason to ask.

    A family of one carer with no recorded abuse is not frozen by questions about nobody.
    """
    case = trial.case
    family = case.family
    abuse = case.catalogue.harm_needs | {"domestic_abuse_causing", "causing_harm_to_child"}
    if any(need.need in abuse - {"neglect"} for need in family.needs):
        return True
    grown = [p.key for p in family.people if not p.is_unborn and family.is_parenting(p.key)]
    for one, other in permutations(grown, 2):
        in_touch = answer_of(case, "has_contact", one, other)
        near = family.lives_with(one, other) is not False
        if near or in_touch is True or (in_touch is None and other in partners_of(family, one)):
            return True
    return False
