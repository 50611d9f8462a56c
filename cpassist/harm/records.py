"""What a reading of harm says: who harmed or may have harmed whom, and who may be in a room with whom."""

from dataclasses import dataclass, field
from enum import StrEnum

from cpassist.catalogue.conditions import Asked


class Ground(StrEnum):
    """On what it stands that somebody harmed somebody."""

    RECORDED = "recorded"
    """A need that is confirmed, or a conviction."""
    SAID = "said"
    """Told by the child or a parent, or answered to a safety question."""
    SUSPECTED = "suspected"
    POSSIBLE = "possible"
    """Nobody has said who did it, and this person is not ruled out."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Harm:
    """One person who harmed another, is said or suspected to have, or may have."""

    by: str
    to: str
    """Empty where it is not recorded whom."""
    kind: str
    """A need of the catalogue, or the safety question that says it."""
    ground: Ground
    where: str
    """The place in the file, such as `needs: sexual_abuse of kit`."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Room:
    """Whether two people may be in one room: forbidden by a rule, held until questions are answered, or neither."""

    blocked: str | None = None
    says: str = ""
    held: str | None = None
    asked: frozenset[Asked] = field(default_factory=frozenset)


FREE = Room()


@dataclass(frozen=True, kw_only=True, repr=False)
class Danger:
    """Somebody who is, or may be, in danger today."""

    person: str
    today: bool | None
    """True where it is recorded; None while nobody knows."""
    was_asked: bool
    """Whether somebody wrote down that it is not known."""
    urgent: bool
    """Whether help is needed now, so that nothing goes out before it is known."""
