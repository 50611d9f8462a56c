"""Which offers are not made side by side, and by which rule."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.vocabulary import Who
from cpassist.planning.candidates import Candidate


def clashes_among(
    candidates: Sequence[Candidate], catalogue: Catalogue
) -> Iterator[tuple[Candidate, Candidate, str]]:
    """Pairs of offers of which at most one may be in a package, with the rule."""
    for one, other in combinations(candidates, 2):
        help_, others = one.intervention.key, other.intervention.key
        if help_ == others or catalogue.clashes_of(help_, others):
            for rule in clashes_between(one, other, catalogue):
                yield one, other, rule


def _is_counted_twice(one: Candidate, other: Candidate) -> bool:
    """Whether one carer would get the same help twice in a week, where it can be had once for all of the children."""
    return one.shared and other.shared and not _grown_in(one).isdisjoint(_grown_in(other))


def _grown_in(one: Candidate) -> set[str]:
    """Those of an offer who do not take part as a child."""
    return {k for role, keys in one.parts.items() if role != Who.CHILD for k in keys}


def clashes_between(one: Candidate, other: Candidate, catalogue: Catalogue) -> Iterator[str]:
    """The rules that keep two offers apart; "same_help" where one has all the people of the other."""
    help_, others = one.intervention.key, other.intervention.key
    same = help_ == others
    if same:
        mine, theirs = set(one.people), set(other.people)
        if mine < theirs or theirs < mine or _is_counted_twice(one, other):
            yield "same_help"
        if one.not_beside & theirs or other.not_beside & mine:
            yield "H29"
    for rule in catalogue.clashes_of(help_, others):
        shared = set(one.children) & set(other.children)
        if rule.clash_for == "takes_part":
            shared = _grown_in(one) & _grown_in(other)
        if (rule.once_per_family and same) or (rule.clashes_with and shared):
            yield rule.id
