"""Records written down: one way, and fingerprints that hold."""

from dataclasses import dataclass, field

from builders import a_child, a_family, an_adult

from cpassist.codec import canonical, fingerprint, plain, unordered_fingerprint
from cpassist.family.vocabulary import Basis


@dataclass(frozen=True)
class Leaf:
    name: str
    basis: Basis = Basis.CONFIRMED


@dataclass(frozen=True)
class Twig:
    leaves: tuple[Leaf, ...] = ()
    minutes: dict = field(default_factory=dict)
    later: tuple[str, ...] = ()


TWIG = Twig(leaves=(Leaf("b"), Leaf("ä", Basis.SUSPECTED)), minutes={"zoe": 0, "ann": 5})


def test_a_record_is_written_in_one_way():
    assert canonical(TWIG) == (
        '{"later":[],"leaves":[{"basis":"confirmed","name":"b"},{"basis":"suspected","name":"ä"}],'
        '"minutes":{"ann":5,"zoe":0}}'
    )
    spare = plain(TWIG, spare=True, names={"name": "called"})
    assert spare == {
        "leaves": [{"called": "b"}, {"called": "ä", "basis": "suspected"}],
        "minutes": {"zoe": 0, "ann": 5},
    }


def test_fingerprints_of_before_hold():
    """Pinned: a change here would take every approval back, and make every kept family another."""
    assert fingerprint(TWIG) == "705361127d6cd3fc50df55263f7ea27f7a88fd7fa1c9885373af34384e909ff9"
    assert (
        fingerprint(TWIG, only=("minutes",))
        == "2b51e37a3ead3097b3ec14e4b43f19c1a8387f663829d169a34030b7e3805223"
    )
    assert (
        unordered_fingerprint(TWIG, frozenset({"later"}))
        == "c2428a85435bfb846b9f0d1f2a2639edf18d177c277e2d94201c5ab883b7a194"
    )
    family = a_family(people=[an_adult("luke"), a_child("mia")])
    assert (
        family.fingerprint() == "de8f52727e83108ef1365e326dd807b49e9f4275143bce99b764f0d29a05de45"
    )


def test_what_was_added_later_counts_only_where_it_says_something():
    turned = Twig(leaves=TWIG.leaves[::-1], minutes=TWIG.minutes)
    more = Twig(leaves=TWIG.leaves, minutes=TWIG.minutes, later=("x",))
    here = unordered_fingerprint(TWIG, frozenset({"later"}))
    assert unordered_fingerprint(turned, frozenset({"later"})) == here
    assert unordered_fingerprint(more, frozenset({"later"})) != here
    # A person may have the name of a field.
    minutes = frozenset({"later", "zoe"})
    assert unordered_fingerprint(TWIG, minutes) == here
