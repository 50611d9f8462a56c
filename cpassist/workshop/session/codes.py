"""The codes of a workshop: to join, to come back to a seat, and the trainer's secret."""

import hashlib
import hmac
import secrets

JOIN_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, O, 1, I and L, which people mix up."""
JOIN_LENGTH = 6
SECRET_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105  the letters, not a secret
COLOURS = [
    "amber",
    "apricot",
    "ashen",
    "azure",
    "beige",
    "bronze",
    "brown",
    "cherry",
    "coal",
    "cobalt",
    "copper",
    "coral",
    "cream",
    "crimson",
    "emerald",
    "golden",
    "green",
    "hazel",
    "indigo",
    "ivory",
    "jade",
    "khaki",
    "lemon",
    "lilac",
    "lime",
    "maroon",
    "mauve",
    "mint",
    "mossy",
    "ochre",
    "olive",
    "orange",
    "peach",
    "pearl",
    "pink",
    "plum",
    "purple",
    "red",
    "rosy",
    "ruby",
    "rusty",
    "saffron",
    "salmon",
    "sandy",
    "scarlet",
    "sepia",
    "silver",
    "slate",
    "snowy",
    "tan",
    "teal",
    "topaz",
    "umber",
    "velvet",
    "violet",
    "walnut",
    "wheat",
    "white",
    "yellow",
]
BIRDS = [
    "avocet",
    "bittern",
    "blackbird",
    "bunting",
    "buzzard",
    "chiffchaff",
    "chough",
    "coot",
    "cormorant",
    "crane",
    "crow",
    "cuckoo",
    "curlew",
    "dipper",
    "dotterel",
    "dove",
    "dunnock",
    "eider",
    "falcon",
    "finch",
    "fulmar",
    "gannet",
    "goldcrest",
    "goose",
    "grebe",
    "gull",
    "harrier",
    "hawk",
    "heron",
    "hoopoe",
    "jackdaw",
    "jay",
    "kestrel",
    "kingfisher",
    "kite",
    "lapwing",
    "lark",
    "linnet",
    "magpie",
    "mallard",
    "martin",
    "merlin",
    "moorhen",
    "nightjar",
    "nuthatch",
    "oriole",
    "osprey",
    "owl",
    "petrel",
    "pigeon",
    "pipit",
    "plover",
    "puffin",
    "quail",
    "raven",
    "redstart",
    "robin",
    "rook",
    "sandpiper",
    "shrike",
    "siskin",
    "skylark",
    "snipe",
    "sparrow",
    "starling",
    "stork",
    "swallow",
    "swan",
    "swift",
    "teal",
    "tern",
    "thrush",
    "turnstone",
    "wagtail",
    "warbler",
    "whimbrel",
    "wigeon",
    "wren",
]


def new_join_code() -> str:
    return "".join(secrets.choice(JOIN_LETTERS) for _ in range(JOIN_LENGTH))


def new_secret() -> str:
    """Twelve letters in three groups: some 59 bits."""
    return "-".join("".join(secrets.choice(SECRET_LETTERS) for _ in range(4)) for _ in range(3))


def new_seat_words() -> str:
    """Two words and three letters: the words are what people remember, the letters what nobody guesses."""
    tail = "".join(secrets.choice(SECRET_LETTERS) for _ in range(3))
    return f"{secrets.choice(COLOURS)}-{secrets.choice(BIRDS)}-{tail}"


def join_code(said: str) -> str:
    """A join code as it was meant: capitals, without spaces and dashes."""
    return "".join(letter for letter in said.upper() if letter.isalnum())[:20]


def seat_words(said: str) -> str:
    """The words of a seat as they were meant: small, with dashes between."""
    return "-".join(said.casefold().replace("-", " ").split())[:60]


def hashed(session: str, said: str) -> str:
    """A code as it is kept: not to be read back from the file, different in each session."""
    return hashlib.scrypt(said.encode(), salt=session.encode(), n=2**12, r=8, p=1, dklen=32).hex()


def is_same(kept: str, session: str, said: str) -> bool:
    """Whether a code is the one that was kept, in even time."""
    return hmac.compare_digest(kept, hashed(session, said))
