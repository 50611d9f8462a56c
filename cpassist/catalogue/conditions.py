"""The closed language in which rules, questions and ordinary steps say when they hold."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from cpassist.errors import InvalidRecord

if TYPE_CHECKING:
    from cpassist.catalogue.catalogue import Catalogue

OPERATORS = (
    "all",
    "any",
    "negated",
    "ask",
    "need",
    "harm_at",
    "interpreter",
    "harms",
    "takes_part",
    "has_support",
    "age",
    "legal",
    "placement",
)
RANGES = frozenset(
    {"takes_part", "adults", "children", "treated", "anyone", "harmed", "harmers", "their_victims"}
)
"""takes_part: those who come; adults, children: those of them; treated: the children who come, or where none does the
adults; anyone: everybody of the family; harmed: the children with a harm need; harmers, their_victims: by the reading
of harm, of those who come.
"""


@dataclass(frozen=True, kw_only=True)
class AgeTest:
    """The age in months of the children (or adults) an offer is for."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    of: str = "child"
    """child: the children whom the help is for; anything else: those who take part."""
    low: int | None = None
    """At least so many months."""
    below: int | None = None
    """Under so many months."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One operator of the closed language."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    all: tuple["Condition", ...] | None = None
    """Each of these conditions holds."""
    any: tuple["Condition", ...] | None = None
    """At least one of them holds."""
    negated: "Condition | None" = None
    """The condition does not hold; while it is open, so is this."""
    ask: str | None = None
    """The safety question of that key is answered with yes."""
    of: str = "takes_part"
    """Over whom a question or a need ranges."""
    harm: tuple[str, ...] = ()
    """Which harm needs make a harmer; empty: all but neglect."""
    every: bool = False
    """True for each of them, rather than for at least one."""
    need: str | None = None
    """Somebody of those in `of` has the need of that key."""
    level: int = 1
    """With need: of at least this level; a need that nobody rated counts."""
    when: str = "current"
    """With need: current, past or ever."""
    aged: AgeTest | None = None
    """With need: the age of whoever has it."""
    harm_at: int | None = None
    """Whether a child has a harm need of at least this level, whichever it is."""
    interpreter: bool | None = None
    """Whether somebody concerned has stated languages and English is none of them."""
    harms: str | None = None
    """Whether the first of those it is about harms, or is said or suspected to harm: anybody; an adult; the other of a pair."""
    takes_part: str | None = None
    """Somebody takes part in this role, such as carer."""
    has_support: str | None = None
    """Somebody concerned has this intervention, or one with this tag, now."""
    age: AgeTest | None = None
    """Somebody is surely of that age, in months."""
    legal: str | None = None
    """A child whom it is for is in this legal position, such as care_proceedings."""
    placement: str | None = None
    """A child whom it is for is placed so, such as foster."""

    def __post_init__(self) -> None:
        said = [name for name in OPERATORS if getattr(self, name) is not None]
        if len(said) != 1:
            raise InvalidRecord(
                "A condition has exactly one of all, any, not, ask, need, harm_at, interpreter, harms, takes_part, "
                "has_support, age, legal, placement."
            )
        if self.harms not in {None, "anybody", "adult", "other"}:
            raise InvalidRecord("harms is anybody, adult or other.")
        if self.of not in RANGES:
            raise InvalidRecord(f"of is one of {', '.join(sorted(RANGES))}.")
        if self.when not in {"current", "past", "ever"}:
            raise InvalidRecord("when is current, past or ever.")

    def questions(self) -> Iterator[str]:
        """The key of each safety question in it."""
        if self.ask:
            yield self.ask
        for part in (
            *(self.all or ()),
            *(self.any or ()),
            *((self.negated,) if self.negated else ()),
        ):
            yield from part.questions()

    def could_hold(self, needs: Collection[str]) -> bool:
        """Whether it may hold in a family in which only these needs are recorded; true where needs do not tell."""
        if self.need is not None:
            return self.need in needs
        if self.all is not None:
            return all(part.could_hold(needs) for part in self.all)
        if self.any is not None:
            return any(part.could_hold(needs) for part in self.any)
        return True

    def needs(self) -> Iterator[str]:
        if self.need:
            yield self.need
        for part in (
            *(self.all or ()),
            *(self.any or ()),
            *((self.negated,) if self.negated else ()),
        ):
            yield from part.needs()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One safety question about one person, pair or family."""

    key: str
    person: str | None = None
    other: str | None = None


def by_question(asked: Asked) -> tuple[str, str, str]:
    """The order in which questions stand wherever they are listed: by key, then by whom they are about."""
    return (asked.key, asked.person or "", asked.other or "")


def asked_about(
    catalogue: "Catalogue", key: str, person: str | None = None, other: str | None = None
) -> Asked:
    """A question about somebody; one that goes both ways names the pair in one order."""
    question = catalogue.questions.get(key)
    if question is not None and question.two_way and person and other:
        person, other = sorted((person, other))
    return Asked(key=key, person=person, other=other)
