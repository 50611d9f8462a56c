"""Ordinary steps: what the law, guidance and practice ask of a worker, beside tested help. Never evidence of effect."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from cpassist.catalogue.conditions import Condition
from cpassist.catalogue.vocabulary import FORBID, Read
from cpassist.errors import InvalidRecord

ANY_NEED = "any"


class StepKind(StrEnum):
    """On what a step stands. None of them says that it works."""

    DUTY = "duty"
    """The law or statutory guidance says that somebody must."""
    GUIDANCE = "guidance"
    """National guidance or a national body advises it, or a local procedure quotes it."""
    PRACTICE = "practice"
    """What services ordinarily do."""
    DIRECT_WORK = "direct_work"
    """What the worker can do themselves."""


class ForWhom(StrEnum):
    """With whom a step is done."""

    CHILD = "child"
    ADULT = "adult"
    CARER = "carer"
    HOUSEHOLD = "household"


WITHHELD = {
    "W1": "where somebody is safe, gets help or is seen, or what they or a child said",
    "W2": "a suspicion or an enquiry, before police, health and social care have agreed who says what",
    "W3": "what is known of a person who exploits, hides or harms a child, of places or of friends",
    "W4": "another adult's health, drinking, drug use, therapy or past",
    "W5": "money of somebody who may be controlled through it",
}
"""Why a step is kept from papers that may reach somebody who may cause harm."""


@dataclass(frozen=True, kw_only=True)
class OrdinaryStep:
    """One thing that a worker does or sees to because of a need."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    who_for: ForWhom
    kind: StepKind
    says: str
    source: str
    read: Read
    needs: tuple[str, ...] = ()
    """Keys of needs, or any. In ordinary_steps/<need>.yaml it is the name of the file."""
    title: str = ""
    how: str = ""
    levels: tuple[int, ...] = (1, 2, 3)
    """The action levels at which it holds."""
    from_months: int = 0
    """The age of the child it is done with: at least so many months."""
    below_months: int | None = None
    when: Condition | None = None
    """When it holds, for the person with the need and the children it is about; what is not known leaves it in sight."""
    not_if: Condition | None = None
    """While this holds, or is not known, it is not shown."""
    done_if: Condition | None = None
    """Once this is so it has been done, and is not shown; while it is not known it stands."""
    only_if: str = ""
    """What stays in words: the worker judges it."""
    timescale: str = ""
    by_whom: str = ""
    refer_to: str | None = None
    """A kind of local service."""
    consent: str = ""
    not_when: str = ""
    family_says: str = ""
    withheld: str = ""
    """W1 to W5; empty: it may stand in a copy of the one it is for."""
    together: bool = False
    """Carer and child do it together: not with a carer whom the child should not be in a room with."""
    stays_with_worker: bool = False
    """What is written or drawn is not left at home."""
    law: str = ""
    """Of a duty: read (in the law or statutory guidance), as_quoted (by the page named) or to_check."""
    law_says: str = ""
    partly_recalled: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not set(self.levels) <= {1, 2, 3} or not self.levels:
            raise InvalidRecord("levels are of 1, 2 and 3.")
        if self.withheld and self.withheld not in WITHHELD:
            raise InvalidRecord(f"withheld is one of {', '.join(WITHHELD)}.")
        if (self.kind is StepKind.DUTY) != (self.law in {"read", "as_quoted", "to_check"}):
            raise InvalidRecord("law is read, as_quoted or to_check for a duty, and left out otherwise.")  # fmt: skip
        if not self.says.endswith((".", "?")):
            raise InvalidRecord("says is a sentence. End it with a full stop.")
        if self.below_months is not None and self.from_months >= self.below_months:
            raise InvalidRecord("from_months is not below below_months. Swap them.")

    @property
    def is_to_check(self) -> bool:
        """Whether nobody has read, in the law or anywhere, what it says."""
        return self.read is Read.RECALLED or self.law in {"as_quoted", "to_check"} or bool(self.law_says)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ServiceKind:
    """A kind of local service to which a step refers."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    label: str
