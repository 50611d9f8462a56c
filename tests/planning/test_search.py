"""The choice is the best there is: three ways of finding it, written apart, agree on every level."""

import os
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shipped import CATALOGUE

from cpassist.catalogue.interventions import Asks, Cost
from cpassist.catalogue.vocabulary import Certainty, Effect
from cpassist.family.vocabulary import ActionLevel
from cpassist.planning.candidates import Answers, Candidate, Load
from cpassist.planning.choosing import search
from cpassist.planning.choosing.choice import Wanted, choice_of, tie_value
from cpassist.planning.choosing.search import TooManyTurns, choose, searched
from cpassist.planning.choosing.solver import solved

PATTERN = next(iter(CATALOGUE.interventions.values()))
PROFESSIONS = ["psychologist", "social worker", "nurse"]
SOAK = bool(os.environ.get("CPASSIST_SOAK"))
usual = settings(
    max_examples=5000 if SOAK else 300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def an_offer(number, kind, needs, minutes=0, wait=0, band=1, uk=1, profession=0):
    """An offer with these (need, level, safety, certainty, fit); the rest does not matter here."""
    return Candidate(
        intervention=replace(
            PATTERN,
            key=f"help-{kind}",
            title=f"Help {kind}",
            uk_delivered=bool(uk),
            cost=Cost(band=band, source="x"),
            asks=Asks(given_by=PROFESSIONS[profession]),
        ),
        people=(f"p{number}",),
        parts={},
        answers=tuple(
            Answers(
                person="c",
                need=f"need_{need}",
                level=level,
                safety=safety,
                certainty=certainty,
                effect=Effect.HELPS,
                age_fit=fit,
                evidence=(),
            )
            for need, level, safety, certainty, fit in needs
        ),
        load=Load(minutes_per_week=minutes, weeks_low=1, weeks_high=1, stated=True),
        available="unknown",
        wait_weeks=wait,
    )


NEEDS = st.tuples(st.sampled_from(list(ActionLevel)[1:]), st.booleans())
KINDS = st.lists(
    st.tuples(st.integers(1, 5), st.booleans(), st.integers(0, 2)), min_size=6, max_size=6
)
HOW_SURE = st.tuples(
    st.sampled_from(list(Certainty)[1:]), st.sampled_from(["tested", "offered", "not_stated"])
)
ASKS = st.tuples(st.integers(0, 5), st.sampled_from([0, 60, 60, 90]), st.sampled_from([0, 0, 4]))
ORDERS = st.one_of(st.just(CATALOGUE.priorities), st.permutations(CATALOGUE.priorities))


@st.composite
def choices(draw, most_offers=9, most_needs=6):
    """A random choice: offers, clashes, requirements, judgements, a package to differ from, any order."""
    needs = [
        (number, *need)
        for number, need in enumerate(draw(st.lists(NEEDS, min_size=1, max_size=most_needs)))
    ]
    some_needs = st.lists(st.sampled_from(needs), min_size=1, max_size=3, unique=True)
    kinds = draw(KINDS)
    offers = []
    for number in range(draw(st.integers(0, most_offers))):
        kind, minutes, wait = draw(ASKS)
        answers = [(*need, *draw(HOW_SURE)) for need in draw(some_needs)]
        offers.append(an_offer(number, kind, answers, minutes, wait, *kinds[kind]))
    catalogue = CATALOGUE
    order = draw(ORDERS)
    if order != CATALOGUE.priorities:
        catalogue = replace(CATALOGUE, priorities=tuple(order))
    choice = choice_of(offers, catalogue)
    if not offers:
        return choice
    one = st.integers(0, len(offers) - 1)
    pairs = st.lists(st.tuples(one, one).filter(lambda p: p[0] < p[1]), max_size=5, unique=True)
    required = draw(st.lists(st.tuples(one, st.lists(one, max_size=3, unique=True)), max_size=3))
    package = draw(st.lists(one, max_size=3, unique=True))
    kinds_used = sorted({choice.candidates[i].intervention.key for i in package})
    left_out = tuple(
        tuple(i for i, c in enumerate(choice.candidates) if c.intervention.key == kind)
        for kind in kinds_used
    )
    return replace(
        choice,
        clashes=tuple(draw(pairs)) if len(offers) > 1 else (),
        requires=tuple((i, tuple(o for o in sorted(others) if o != i)) for i, others in required),
        forced=tuple(sorted(draw(st.lists(one, max_size=2, unique=True)))) if draw(st.booleans()) else (),
        left_out=(left_out,) if left_out and draw(st.booleans()) else (),
    )  # fmt: skip


def is_allowed(choice, chosen):
    return (
        all(not {a, b} <= chosen for a, b in choice.clashes)
        and all(i not in chosen or chosen & set(others) for i, others in choice.requires)
        and set(choice.forced) <= chosen
        and all(any(not chosen & set(kind) for kind in kinds) for kinds in choice.left_out)
    )


def reached(choice, chosen):
    """What a set of offers reaches, counted from the records in the plainest way, by level name."""
    offers = [choice.candidates[i] for i in chosen]
    best = {}
    for offer in offers:
        for a in offer.answers:
            old = best.get(a.need)
            if old is None or a.quality > old.quality:
                best[a.need] = a

    def answered(level, safety=None):
        return sum(a.level == level and safety in {None, a.safety} for a in best.values())

    return {
        "safety_needs_now": answered(ActionLevel.NEEDS_HELP_NOW, safety=True),
        "safety_needs": answered(ActionLevel.NEEDS_HELP, safety=True),
        "other_needs_now": answered(ActionLevel.NEEDS_HELP_NOW, safety=False),
        "other_needs": answered(ActionLevel.NEEDS_HELP, safety=False),
        "watched_needs": answered(ActionLevel.KEEP_AN_EYE),
        "certainty_and_fit": sum(a.quality * int(a.level) for a in best.values()),
        "not_known_in_uk": sum(not o.intervention.uk_delivered for o in offers),
        "wait_weeks": sum(o.wait_weeks for o in offers),
        "family_minutes": sum(o.family_minutes for o in offers),
        "services": len({o.intervention.key for o in offers}),
        "professionals": len({o.intervention.asks.given_by for o in offers}),
        "cost": sum(o.intervention.cost.band for o in offers),
        "tie": sum(tie_value(o) for o in offers),
        "tie_again": sum(tie_value(o, again=1) for o in offers),
    }


def by_brute_force(choice):
    """Every set of offers, one after the other."""
    best = None
    numbers = range(len(choice.candidates))
    for size in range(len(choice.candidates) + 1):
        for some in combinations(numbers, size):
            if not is_allowed(choice, set(some)):
                continue
            values = reached(choice, some)
            rank = [
                values[p.name] if p.better == "more" else -values[p.name] for p, _ in choice.levels
            ]
            if best is None or rank > best[0]:
                best = rank, choice.keys(some), [values[p.name] for p, _ in choice.levels]
    return best and best[1:]


def said(chosen):
    return chosen and (chosen.keys, [value for _, value in chosen.values])


@usual
@given(choice=choices())
def test_the_search_finds_what_trying_everything_finds(choice):
    assert said(searched(choice, most_turns=10**6)) == by_brute_force(choice)


@usual
@given(choice=choices(most_offers=24, most_needs=12))
def test_the_search_and_the_solver_give_the_same_package(choice):
    assert said(searched(choice, most_turns=10**6)) == said(solved(choice))


def test_a_hard_family_goes_to_the_solver_and_gets_the_same_package(monkeypatch):
    level = ActionLevel.NEEDS_HELP
    offers = [
        an_offer(
            number,
            number % 6,
            [
                (need, level, bool(need % 2), certainty, "tested")
                for need, certainty in (
                    (number % 7, Certainty.ONCE),
                    ((number + 1 + number // 7) % 7, Certainty.EARLY),
                )
            ],
            minutes=30 + number,
        )
        for number in range(16)
    ]
    choice = choice_of(offers, CATALOGUE)
    ours = choose(choice)
    with pytest.raises(TooManyTurns):
        searched(choice, most_turns=3)

    monkeypatch.setattr(search, "MOST_TURNS", 3)
    theirs = choose(choice)

    assert (ours.solved_by, theirs.solved_by) == ("search", "highs")
    assert said(ours) == said(theirs)
    assert ours.keys


def test_nothing_can_be_left_out_of_a_package_of_nothing():
    offer = an_offer(0, 0, [(0, ActionLevel.NEEDS_HELP, False, Certainty.ONCE, "tested")])

    wanted = Wanted(differs_from=(frozenset(),))
    assert choose(choice_of([offer], CATALOGUE).wanting(wanted)) is None
