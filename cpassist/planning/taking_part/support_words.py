"""Help that a family has or had and that stands in the file in words only: which intervention it sounds like.

A near name joins nothing for good: it is asked. While it is, help that seems to run already is not offered again.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Intervention
from cpassist.family.records import Support


def sounds_like(line: Support, catalogue: Catalogue) -> tuple[str, ...]:
    """The interventions of which a support line without a key speaks, by name or as people call them."""
    if line.intervention is not None or not line.says.strip():
        return ()
    return tuple(
        help_.key
        for help_ in catalogue.interventions.values()
        if help_.is_offered_kind and any(_speaks_of(name, line.says) for name in _names(help_))
    )


def is_about(line: Support, intervention: Intervention) -> bool:
    """Whether a support line is, or may be, this intervention."""
    if line.intervention is not None:
        return line.intervention == intervention.key
    return any(_speaks_of(name, line.says) for name in _names(intervention))


def _names(intervention: Intervention) -> Iterator[str]:
    yield intervention.title.partition(" (")[0]
    yield from intervention.also_called
    yield from intervention.spoken_of


@lru_cache(maxsize=1024)
def _pattern(name: str) -> re.Pattern[str]:
    """A short name in capitals is looked for as it is written, so that KEEP is not every "keep"; others with or
    without the gaps between their words: "Safe Care" is SafeCare.
    """
    flags = 0 if name.isupper() else re.IGNORECASE
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("-", " ").split()
    gaps = r"[\s-]*".join(map(re.escape, words))
    return re.compile(rf"(?<!\w){gaps}(?!\w)", flags)


def _speaks_of(name: str, words: str) -> bool:
    return bool(_pattern(name).search(words))
