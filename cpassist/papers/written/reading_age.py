"""How hard a page is to read."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

SENTENCE = re.compile(r"[.!?]+(?:\s|$)|\n")
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


@cache
def _hyphens() -> Any:
    import pyphen  # noqa: PLC0415  its dictionary is read only where somebody asks for a reading age

    return pyphen.Pyphen(lang="en_GB", left=1, right=1)


def syllables(word: str) -> int:
    """How many syllables a word has, as its hyphenation tells; a short word has one."""
    return len(_hyphens().positions(word.casefold())) + 1


def reading_age(texts: Iterable[str]) -> int | None:
    """The age in years at which most can read it, by Flesch and Kincaid's grade (1975) plus five; None for hardly any words.

    A rough measure: it counts lengths and knows nothing of what the words mean.
    """
    sentences = words = sounds = 0
    for text in texts:
        found = WORD.findall(text)
        if not found:
            continue
        words += len(found)
        sounds += sum(syllables(word) for word in found)
        sentences += max(1, sum(bool(WORD.search(part)) for part in SENTENCE.split(text)))
    if words < FEWEST_WORDS:
        return None
    grade = 0.39 * words / sentences + 11.8 * sounds / words - 15.59
    return max(5, round(grade + 5))


FEWEST_WORDS = 20
"""Of fewer words no age is said."""
