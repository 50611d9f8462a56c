"""Who of a family is recorded as causing harm, as the file alone says it: a kept plan stands without a catalogue."""

from cpassist.family.family import Family
from cpassist.family.vocabulary import AnswerValue

# Neglect is worked on with the parent, who gets the plan; so, with what is safe, are harsh care and a child's violence.
WORKED_ON_TOGETHER = frozenset({"neglect", "emotional_abuse", "child_to_parent_violence"})
CAUSING = frozenset({"domestic_abuse_causing", "causing_harm_to_child"})
SAYS_THAT_THEY_HARM = frozenset(
    {
        "abuse_pattern", "coercive_control", "afraid_of", "convicted_abuse", "sexual_harm_suspected", "high_harm_signs",
        "loses_control_fear", "has_harmed",
    }
)  # fmt: skip
"""Questions whose yes says that the person they are about harms, or is feared."""
SAYS_THAT_THEY_DO_NOT = frozenset({"child_feels_safe_with", "safe_carer"})
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
    named = {n.person for n in family.needs if n.need == "domestic_abuse_causing"}
    named |= {
        harmer
        for n in family.needs
        if n.need == "domestic_abuse_victim"
        for harmer in n.harmed_by or ()
    }
    return frozenset(named & {person.key for person in family.people})
