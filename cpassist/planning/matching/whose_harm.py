"""Whose a harm is to answer for: work with a carer alone answers a child's abuse only where it is that carer who did it."""

from collections.abc import Iterable, Mapping

from cpassist.catalogue.conditions import Asked
from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.named_in_code import SAFE_CARER
from cpassist.catalogue.vocabulary import Who
from cpassist.family.records import Need
from cpassist.harm.who_may_meet import MADE_FOR_HARMED_CHILD
from cpassist.planning.candidates import Question, RuledOut, against
from cpassist.planning.taking_part.participants import People, everybody

# Parts of those who stand in for parents: their training is not about what they did.
STANDING_IN_PARTS = frozenset({Who.SUBSTITUTE_CARER.value, Who.HOUSEHOLD.value})


def not_theirs_to_answer(
    intervention: Intervention,
    parts: Mapping[str, People],
    need: Need,
    question: Question,
) -> RuledOut | None:
    """Work with a carer alone answers a child's abuse only where it is that carer who did it.

    While nobody knows who did, it waits for every need of that child: to teach one parent calm
    would say that it was them.
    """
    # Abuse that work with a carer alone may answer, if it is that carer's own; neglect is the carer's too.
    carer_answers = question.catalogue.carer_answers
    neglect = question.catalogue.neglect
    if need.person in parts.get("child", ()):
        if need.need not in carer_answers and need.need not in neglect:
            return None
        people = tuple(sorted(everybody(parts)))
        done, unsaid = question.harm.harmers_of(need.person, {need.need})
        # Work made for whoever did it, and a course in parenting, is no answer to a harm that somebody else did.
        taught = {MADE_FOR_HARMED_CHILD, "parenting"} & set(intervention.tags)
        for_harmers = taught and not STANDING_IN_PARTS & set(parts)
        grown = {key for key in people if question.family.is_parenting(key)} - {need.person}
        safe = question.harm.answers.value
        if (
            unsaid
            and need.need in carer_answers
            and not done & grown
            and not all(safe(SAFE_CARER, key, need.person) is True for key in grown)
        ):
            return _nobody_knows(intervention, need, people, asked_of=grown)
        if for_harmers and not unsaid and not done & set(people):
            return against(
                intervention,
                need,
                "no_one_to_take_part",
                "It is work with the carer who did the harm, and that is somebody else.",
                people=people,
            )
        return None
    family = question.family
    abuse = {need.need}.intersection(carer_answers)
    if not abuse:
        theirs = {n.need for n in family.needs_of(need.person)} & carer_answers
        abuse = {key for key in theirs if intervention.evidence_for(key)}
    if not abuse and need.need not in neglect:
        return None
    people = tuple(sorted(everybody(parts)))
    known, unknown = question.harm.harmers_of(need.person, abuse)
    if known & set(people):
        return None
    if need.need in neglect and not abuse and not STANDING_IN_PARTS & set(parts):
        neglecting, _ = question.harm.harmers_of(need.person, {need.need})
        if neglecting and not neglecting & set(people):
            return against(
                intervention,
                need,
                "no_one_to_take_part",
                "It is work with the person whose care is the worry, and that is somebody else.",
                people=people,
            )
    if unknown:
        safe = question.harm.answers.value
        all_safe = all(safe(SAFE_CARER, key, need.person) is True for key in people)
        if need.need not in abuse and all_safe:
            return None
        return _nobody_knows(intervention, need, people)
    if need.need not in abuse:
        return None
    return against(
        intervention,
        need,
        "no_one_to_take_part",
        "It is work with the person who did the harm, and that is somebody else.",
        people=people,
    )


def _nobody_knows(
    intervention: Intervention, need: Need, people: People, asked_of: Iterable[str] = ()
) -> RuledOut:
    """While nobody knows who did a harm, no carer is asked to answer for it (H2)."""
    return against(
        intervention,
        need,
        "safety_not_answered",
        "Nobody knows yet who did the harm, so no carer is asked to answer for it.",
        people=people,
        blocked_by=("H2", "harmed_by"),
        asked=frozenset(
            (
                Asked(key="harmed_by", person=need.person),
                *(Asked(key=SAFE_CARER, person=key, other=need.person) for key in asked_of),
            )
        ),
    )
