"""What in a person's words looks like something that must not stand here: names, places, numbers."""

import re
import unicodedata
from collections.abc import Iterator

POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2}\b", re.IGNORECASE)
PHONE = re.compile(r"(?<!\d)(?:\+44\s?|0)(?:\d[\s-]?){9,10}(?!\d)")
TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[\s-]?\d{3}[\s-]?\d{4}(?!\d)")
_NAME = r"[A-Z][A-Za-z'’-]"
FULL_NAME = re.compile(rf"\A{_NAME}+(\s+[A-Z]\.?)?\s+{_NAME}{{2,}}(\s+{_NAME}{{2,}})?\Z")
NO_NAMES = frozenset(
    {
        "child",
        "baby",
        "mother",
        "father",
        "family",
        "the",
        "mum",
        "dad",
        "gran",
        "aunt",
        "uncle",
        "teacher",
        "worker",
    }
)


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the check digit of an NHS number (modulus 11, weights 10 to 2)."""
    found = [int(d) for d in digits if d.isdigit()]
    if len(found) != 10:
        return False
    rest = 11 - sum(d * w for d, w in zip(found[:9], range(10, 1, -1), strict=True)) % 11
    return rest != 10 and found[9] == rest % 11


def identifying(text: str) -> Iterator[str]:
    """What in some words points at a person or a place, each in a phrase."""
    if POSTCODE.search(text):
        yield "a postcode"
    if any(is_nhs_number(match[0]) for match in TEN_DIGITS.finditer(text)):
        yield "an NHS number"
    elif PHONE.search(text):
        yield "a phone number"


def bare_letters(words: str) -> str:
    """Words as they are compared: without case, without marks on letters, however wide they were typed."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def looks_like_a_name(label: str) -> bool:
    """Whether a label reads like a first name with a family name."""
    words = re.findall(r"[A-Za-z]+", label.casefold())
    return bool(FULL_NAME.match(label.strip())) and not NO_NAMES & set(words)


def label_warnings(label: str) -> tuple[str, ...]:
    """Sentences about a label; none where nothing in it points at anybody."""
    found = list(identifying(label))
    if looks_like_a_name(label):
        found.insert(0, "a full name")
    return tuple(
        f"“{label}” looks like {what}. Use a label that says nothing to a stranger, such as an initial."
        for what in found
    )
