"""The trail: what was done with plans, each line bound to the one before, and nothing to guess back."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

BEGINNING = "0" * 64
PURGE = "purge"
"""The act after which nothing of a plan is left but its lines in the trail."""


def digest_of(salt: str, act: str, by: str, at: str, content: str) -> str:
    """A digest of one act that tells nothing without the salt, which lives with the plan."""
    said = json.dumps([salt, act, by, at, content], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def link(
    before: str, number: int, plan: str, revision: int, act: str, by: str, at: str, digest: str
) -> str:
    """What binds a line to the one before: neither can be changed, taken out or moved unseen."""
    return hashlib.sha256(
        json.dumps(
            [before, number, plan, revision, act, by, at, digest], ensure_ascii=False
        ).encode()
    ).hexdigest()


def wrong_lines(
    lines: Sequence[Any], salts: Mapping[str, str], saves: Mapping[tuple[str, int], Any]
) -> Iterator[str]:
    """What does not hold, in sentences. `lines` come in order, `saves` are rows by plan and number."""
    before = BEGINNING
    purged = {line.plan for line in lines if line.act == PURGE}
    for expected, line in enumerate(lines, start=1):
        if line.number != expected:
            yield f"Line {expected} of the trail is missing."
            return
        save = saves.get((line.plan, line.revision))
        if line.plan in purged:
            if save is not None or line.plan in salts:
                yield f"Line {line.number} of the trail is of a plan that was deleted, and something of it is left."
        elif save is None or line.plan not in salts:
            yield f"Line {line.number} of the trail speaks of a save that is gone."
        elif line.digest != digest_of(salts[line.plan], line.act, line.by, line.at, save.content):
            yield f"Line {line.number} of the trail is not what was written."
        elif (save.saved_by, save.saved_at) != (line.by, line.at):
            yield f"A save says another name or time than line {line.number} of the trail."
        if line.chain != link(
            before, line.number, line.plan, line.revision, line.act, line.by, line.at, line.digest
        ):
            yield f"Line {line.number} of the trail does not follow from the one before."
        before = line.chain
    told = {(line.plan, line.revision) for line in lines}
    if any(place not in told for place in saves):
        yield "There is a save of which the trail does not know."
    if set(salts) - {line.plan for line in lines}:
        yield "There is a salt of a plan of which the trail does not know."
