"""The closed lists of a family file, and how its days and words are read."""

import calendar
import datetime
import functools
import re
import unicodedata
from enum import IntEnum, StrEnum

from cpassist.errors import InvalidRecord

MOST_PEOPLE = 40


LONGEST_LABEL = 80


LONGEST_WORDS = 4_000


ADULT_FROM_MONTHS = 18 * 12


KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


# A harmer the file cannot name: not a key of anyone in the family.
UNKNOWN_HARMER = "unknown"


OUTSIDE_FAMILY = "outside_family"


class Role(StrEnum):
    """Child means under 18 on the planning day, whatever else the person is."""

    CHILD = "child"
    ADULT = "adult"


class ActionLevel(IntEnum):
    """What an assessed need asks of us. A need that is not rated has no level; it is never 0."""

    NO_HELP = 0
    KEEP_AN_EYE = 1
    NEEDS_HELP = 2
    NEEDS_HELP_NOW = 3


class Basis(StrEnum):
    """On whose word a need stands."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    SAID_BY_CHILD = "said_by_child"
    SAID_BY_PARENT = "said_by_parent"


class When(StrEnum):
    """A past need matches no help but still feeds the rules; unknown is treated as current."""

    CURRENT = "current"
    PAST = "past"
    UNKNOWN = "unknown"


class Placement(StrEnum):
    """Where a child lives."""

    PARENTS = "parents"
    KINSHIP = "kinship"
    FOSTER = "foster"
    ADOPTIVE = "adoptive"
    RESIDENTIAL = "residential"
    HOSPITAL = "hospital"
    CUSTODY = "custody"
    UNKNOWN = "unknown"


SUBSTITUTE_PLACEMENTS = frozenset({Placement.KINSHIP, Placement.FOSTER, Placement.ADOPTIVE})


AWAY_FROM_PARENTS = SUBSTITUTE_PLACEMENTS | {
    Placement.RESIDENTIAL,
    Placement.HOSPITAL,
    Placement.CUSTODY,
}


class Legal(StrEnum):
    """A child's standing with children's social care and the court."""

    FAMILY_HELP = "family_help"
    CHILD_IN_NEED = "child_in_need"
    PROTECTION_PLAN = "protection_plan"
    PRE_PROCEEDINGS = "pre_proceedings"
    CARE_PROCEEDINGS = "care_proceedings"
    LOOKED_AFTER = "looked_after"
    SUPERVISION_ORDER = "supervision_order"
    NONE = "none"


class RelationKind(StrEnum):
    """What one person is to a child."""

    PARENT = "parent"
    STEP_PARENT = "step_parent"
    KINSHIP_CARER = "kinship_carer"
    FOSTER_CARER = "foster_carer"
    ADOPTER = "adopter"
    PARTNER_OF_CARER = "partner_of_carer"
    FORMER_PARTNER_OF_CARER = "former_partner_of_carer"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    OTHER = "other"


class SupportState(StrEnum):
    """Where a piece of earlier or present support stands."""

    CURRENT = "current"
    WAITING = "waiting"
    COMPLETED = "completed"
    STOPPED = "stopped"
    REFUSED = "refused"


class AnswerValue(StrEnum):
    """Unknown is an answer of its own and is never read as false."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class Choice(StrEnum):
    """What a worker decided about one offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    ADD = "add"


@functools.lru_cache(maxsize=4096)
def read_day(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and last day that "2018", "2018-06" or "2018-06-03" can mean.

    Raises InvalidRecord for anything else, an impossible day included.
    """
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
    try:
        if match and match[3]:
            whole = datetime.date(int(match[1]), int(match[2]), int(match[3]))
            return whole, whole
        if match and match[2]:
            first = datetime.date(int(match[1]), int(match[2]), 1)
            return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
        if match:
            return datetime.date(int(match[1]), 1, 1), datetime.date(int(match[1]), 12, 31)
    except ValueError:
        pass
    raise InvalidRecord(f'"{text[:20]}" is no date. Write it as 2018, 2018-06 or 2018-06-03.')


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def day_words(text: str) -> str:
    """A day as people write it: "2 November 2026", "November 2026", "2026"; empty where there is none."""
    if not text:
        return ""
    first, last = read_day(text)
    if first == last:
        return f"{first.day} {MONTHS[first.month - 1]} {first.year}"
    return (
        f"{MONTHS[first.month - 1]} {first.year}" if first.month == last.month else str(first.year)
    )


def months_between(earlier: datetime.date, later: datetime.date) -> int:
    """Whole months from one day to another; negative when `later` comes first."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)


HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Letters by their class, and nothing to see.
BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def check_words(what: str, words: str, longest: int) -> None:
    """Raise InvalidRecord for words that are too long or carry characters that mislead the eye.

    Control characters and the marks that turn the direction of writing can make a name read as
    another; people who write from right to left lose nothing, since their letters need no marks.
    """
    if len(words) > longest:
        raise InvalidRecord(f"{what} has {len(words)} characters. Keep it under {longest}.")
    for character in words:
        hidden = unicodedata.category(character) in HIDDEN and character not in "\n\t\u200d"
        if hidden or character in BLANK_LETTERS:
            raise InvalidRecord(
                f"{what} holds a hidden character (U+{ord(character):04X}). Type it again without."
            )


def check_label(what: str, label: str) -> None:
    if not label.strip():
        raise InvalidRecord(f"{what} is empty. Give a short label, never a full name.")
    check_words(what, label, LONGEST_LABEL)
    if re.search(r"[<>\n\t]", label):
        raise InvalidRecord(f"{what} holds < or > or a line break. Use plain words.")
