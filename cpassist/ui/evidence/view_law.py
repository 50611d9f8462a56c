"""Which edition of each law the catalogue knows, and what rests on it."""

from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.records import LawEdition, Source
from cpassist.family.vocabulary import day_words
from cpassist.ui.evidence.state import EvidenceState
from cpassist.words.evidence import (
    READ_WORDS,
)


def law_context(state: EvidenceState) -> dict[str, Any]:
    """Each law with its edition and the day on which somebody last looked; what is old is said first."""
    catalogue, today = state.catalogue, state.workspace.today()
    return {
        "laws": [
            {
                "title": law.title,
                "edition": law.edition,
                "says": law.says,
                "begun": law.begun,
                "looked": day_words(law.looked_on),
                "old": law.is_old(today),
                "sources": "; ".join(_source_words(catalogue.sources[key]) for key in law.source),
                "rests": _rests_words(law, catalogue),
            }
            for law in catalogue.laws
        ],
        "old": [law.title for law in catalogue.laws if law.is_old(today)],
        "roles": catalogue.roles,
    }


def _source_words(source: Source) -> str:
    return f"{source.body}: {READ_WORDS[source.read].rstrip('.').lower()}"


def _rests_words(law: LawEdition, catalogue: Catalogue) -> str:
    """How much in the catalogue rests on it, so that whoever finds a change knows where to look."""
    steps = sum(step.source in law.source for step in catalogue.ordinary_steps)
    rules = [rule.id for rule in catalogue.rules if set(rule.source) & set(law.source)]
    parts = [
        f"{steps} ordinary step{'s' * (steps != 1)}" if steps else "",
        f"rule{'s' * (len(rules) != 1)} {', '.join(rules)}" if rules else "",
    ]
    said = " and ".join(part for part in parts if part)
    return f"Resting on it here: {said}." if said else ""
