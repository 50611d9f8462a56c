"""Who of a family is recorded as causing harm, and where the words of a plan would bring it to them."""

import re
from collections.abc import Iterator

from cpassist.family import Family
from cpassist.records.plan import CasePlan

# Neglect is worked on with the parent, who gets the plan; so, with what is safe, is harsh care.
WORKED_ON_TOGETHER = frozenset({"neglect", "emotional_abuse"})
CAUSING = frozenset({"domestic_abuse_causing", "causing_harm_to_child"})
# Words that may well mean the person who causes harm, beside others; the second kind only where the
# line names nobody else: "Dana, their mother" is Dana.
MAY_MEAN_THEM = re.compile(
    r"\b(parents|both|partner|husband|wife|household|everyone|everybody|family(?!\s+\w))\b",
    re.IGNORECASE,
)
MAY_BE_THEM = re.compile(
    r"\b(parent|father|dad|mother|mum|mam|step(father|mother|dad|mum))\b", re.IGNORECASE
)


def causing_harm(family: Family) -> tuple[str, ...]:
    """The people of the family from whom a plan has to be kept: recorded as abusing, or named by whom they harm.

    A parent who neglects a child is not among them.
    """
    named = {n.person for n in family.needs if n.need in CAUSING}
    named |= {harmer for n in family.needs if n.need not in WORKED_ON_TOGETHER for harmer in n.harmed_by or ()}  # fmt: skip
    return tuple(person.key for person in family.people if person.key in named)


def goes_to_them(plan: CasePlan) -> Iterator[tuple[str, str]]:
    """(line, person) for each line of those who get the plan that names somebody who causes harm.

    "Luke" and "Luke, stepfather" are Luke; "Luke's probation officer" is somebody else.
    """
    for line in plan.shared_with:
        for key in causing_harm(plan.family):
            label = re.escape(plan.family.label_of(key))
            if re.search(rf"(?<!\w){label}(?![\w’'])", line, re.IGNORECASE):
                yield line, key


def may_reach_them(plan: CasePlan) -> tuple[str, ...]:
    """Lines of those who get the plan through which it may reach somebody who causes harm."""
    harmers = causing_harm(plan.family)
    certain = {line for line, _ in goes_to_them(plan)}
    theirs = [plan.family.label_of(key).casefold() for key in harmers]
    others = [p.label.casefold() for p in plan.family.people if p.key not in harmers]

    def may(line: str) -> bool:
        said = line.casefold()
        return bool(
            MAY_MEAN_THEM.search(said)
            or any(label in said for label in theirs)
            or (MAY_BE_THEM.search(said) and not any(label in said for label in others))
        )

    return tuple(line for line in plan.shared_with if harmers and line not in certain and may(line))
