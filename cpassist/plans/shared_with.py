"""Where the words of a plan would bring it to somebody who causes harm."""

import re
from collections.abc import Iterator

from cpassist.harm.causing import causing_harm
from cpassist.plans.labels import bare_letters
from cpassist.plans.plan import CasePlan

# Words that may well mean the person who causes harm, beside others. "Family" before a service is none.
SERVICE = r"(hub|help|support|cent(?:re|er)|court|solicitor|group|nurse|worker|service|team|intervention|drug|safeguarding|information|rights)"
MAY_MEAN_THEM = re.compile(
    r"\b(parents?(?!\s+evening)|both|couple|household|every(?:one|body)|all|adults|family(?!\s+"
    + SERVICE
    + r")"
    r"|partner|boyfriend|girlfriend|spouse|husband|wife|fianc\w*|ex(?!-)|ex-(?:partner|husband|wife)|other half"
    r"|fella|bloke|(?:her|his|old) man|(?:the )?two of them|perpetrator|abuser"
    r"|fathers?|dad(?:dy)?|papa|mothers?|mum(?:my)?|mam|step\w+|(?<!foster )(?<!young )carers?)\b"
)
A_PARENT = (
    r"[\s,(\u2013-]*(?:(?:the|their|his|her)\s+)?(?:mother|mum|mam|father|dad|parent|carer)\)?"
)
NOT_THEM = re.compile(r"\b(?:except|not|without|apart from|never|but)\s+(?:for\s+)?$")


def goes_to_them(plan: CasePlan) -> Iterator[tuple[str, str]]:
    """(line, person) for each line of those who get the plan that names somebody who causes harm.

    "Luke" and "Luke, stepfather" are Luke; "Luke's probation officer" and "all except Luke" are others.
    """
    for line in plan.shared_with:
        for key in causing_harm(plan.family):
            label = re.escape(_plain(plan.family.label_of(key)))
            said = _plain(line)
            found = re.search(rf"(?<!\w){label}(?![\w’'])", said)
            if found and not NOT_THEM.search(said[: found.start()]):
                yield line, key


def may_reach_them(plan: CasePlan) -> tuple[str, ...]:
    """Lines of those who get the plan through which it may reach somebody who causes harm."""
    harmers = causing_harm(plan.family)
    certain = {line for line, _ in goes_to_them(plan)}
    theirs = [_plain(plan.family.label_of(key)) for key in harmers]
    others = [_plain(p.label) for p in plan.family.adults if p.key not in harmers]

    def may(line: str) -> bool:
        said = _plain(line)
        if any(re.fullmatch(re.escape(label) + A_PARENT, said) for label in others):
            return False
        return bool(MAY_MEAN_THEM.search(said)) or any(label in said for label in theirs)

    return tuple(line for line in plan.shared_with if harmers and line not in certain and may(line))


def _plain(words: str) -> str:
    """Bare letters, however far apart they were typed: "L u k e" is Luke."""
    return re.sub(r"\b(\w) (?=\w\b)", r"\1", bare_letters(words).strip())
