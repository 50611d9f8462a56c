"""Who of a family is recorded as causing harm, as the file alone says it: a kept plan stands without a catalogue."""

from cpassist.catalogue.named_in_code import (
    ABUSE_PATTERN,
    AFRAID_OF,
    CAUSING_HARM_TO_CHILD,
    CHILD_FEELS_SAFE_WITH,
    CHILD_TO_PARENT_VIOLENCE,
    COERCIVE_CONTROL,
    CONVICTED_ABUSE,
    DOMESTIC_ABUSE_CAUSING,
    DOMESTIC_ABUSE_VICTIM,
    EMOTIONAL_ABUSE,
    HAS_HARMED,
    HIGH_HARM_SIGNS,
    LOSES_CONTROL_FEAR,
    NEGLECT,
    SAFE_CARER,
    SEXUAL_HARM_SUSPECTED,
)
from cpassist.family.family import Family
from cpassist.family.vocabulary import AnswerValue

# Neglect is worked on with the parent, who gets the plan; so, with what is safe, are harsh care and a child's violence.
WORKED_ON_TOGETHER = frozenset({NEGLECT, EMOTIONAL_ABUSE, CHILD_TO_PARENT_VIOLENCE})
CAUSING = frozenset({DOMESTIC_ABUSE_CAUSING, CAUSING_HARM_TO_CHILD})
SAYS_THAT_THEY_HARM = frozenset(
    {
        ABUSE_PATTERN, COERCIVE_CONTROL, AFRAID_OF, CONVICTED_ABUSE, SEXUAL_HARM_SUSPECTED, HIGH_HARM_SIGNS,
        LOSES_CONTROL_FEAR, HAS_HARMED,
    }
)  # fmt: skip
"""Questions whose yes says that the person they are about harms, or is feared."""
SAYS_THAT_THEY_DO_NOT = frozenset({CHILD_FEELS_SAFE_WITH, SAFE_CARER})
"""Questions whose no says that somebody is not safe with the person they are about."""


def causing_harm(family: Family) -> tuple[str, ...]:
    """The people of the family from whom a plan has to be kept: recorded as abusing, or named by whom they harm.

    A parent who neglects a child is not among them.
    """
    named = {n.person for n in family.needs if n.need in CAUSING}
    named |= {
        harmer
        for n in family.needs
        if n.need not in WORKED_ON_TOGETHER
        for harmer in n.harmed_by or ()
    }
    # What is recorded only as an answer about safety is recorded.
    named |= {
        line.person
        for line in family.circumstances
        if line.ask in SAYS_THAT_THEY_HARM and line.answer is AnswerValue.TRUE and line.person
    }
    return tuple(person.key for person in family.people if person.key in named)


def abusing_an_adult(family: Family) -> frozenset[str]:
    """Those recorded as causing domestic abuse, or named by the adult they abuse."""
    named = {n.person for n in family.needs if n.need == DOMESTIC_ABUSE_CAUSING}
    named |= {
        harmer
        for n in family.needs
        if n.need == DOMESTIC_ABUSE_VICTIM
        for harmer in n.harmed_by or ()
    }
    return frozenset(named & {person.key for person in family.people})
