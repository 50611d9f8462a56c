"""Weeks: what must come first does, nobody is asked for more than they can give, and what is said of it is true."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped import CATALOGUE
from test_search import an_offer, reached, usual

from cpassist.catalogue.vocabulary import Certainty, Phase
from cpassist.family.vocabulary import ActionLevel
from cpassist.planning.candidates import Load, Required
from cpassist.planning.choosing import capacity as room
from cpassist.planning.choosing.capacity import best_within_capacity
from cpassist.planning.choosing.choice import Wanted, choice_of
from cpassist.planning.weeks import schedule
from cpassist.planning.weeks.schedule import STAGGER_WEEKS, Why

NEEDED = [(0, ActionLevel.NEEDS_HELP, False, Certainty.ONCE, "tested")]


def offer(number, people=("ann",), minutes=60, weeks=4, **more):
    """An offer for these people, of stated minutes a week over so many weeks."""
    made = an_offer(number, number, more.pop("needs", NEEDED))
    phase = more.pop("phase", Phase.STABILISE)
    load = Load(
        minutes_per_week=minutes,
        weeks_low=weeks,
        weeks_high=weeks,
        stated=more.pop("stated", True),
    )
    return replace(
        made,
        intervention=replace(made.intervention, phase=phase),
        people=people,
        load=load,
        **more,
    )


def after(other, people=("ann",), *, first=True):
    required = Required(
        rule="X", interventions=frozenset({other}), people=frozenset(people), first=first
    )
    return (required,)


def test_what_fills_the_weeks_moves_the_next_offer_and_says_for_whom():
    offers = [offer(0), offer(1), offer(2, people=("bob",))]

    planned = schedule.schedule(offers, {"ann": 100})

    assert sorted(planned.starts.values()) == [1, 1, 5]
    late = next(key for key, week in planned.starts.items() if week == 5)
    (delay,) = planned.delays[late]
    assert (delay.why, delay.about) == (Why.ROOM, "ann")


def test_what_a_rule_wants_first_comes_first():
    first = offer(1)
    second = offer(0, requires=after("help-1"))

    planned = schedule.schedule([second, first], {})

    assert planned.starts == {first.key: 1, second.key: 1 + STAGGER_WEEKS}
    (delay,) = planned.delays[second.key]
    assert (delay.why, delay.about) == (Why.FIRST, first.key)


def test_recovery_begins_some_weeks_after_help_that_steadies_the_same_person():
    steady, recover = offer(0), offer(1, phase=Phase.RECOVERY)
    elsewhere = offer(2, phase=Phase.RECOVERY, people=("bob",))

    planned = schedule.schedule([recover, steady, elsewhere], {})

    assert planned.starts == {steady.key: 1, recover.key: 1 + STAGGER_WEEKS, elsewhere.key: 1}
    assert planned.delays[recover.key][0].why is Why.STEADY


def test_a_wait_is_waited_for_and_said():
    planned = schedule.schedule([offer(0, wait_weeks=6)], {})

    assert planned.starts["help-0:ann"] == 7
    assert planned.delays["help-0:ann"][0].why is Why.WAIT


def test_the_risk_is_looked_at_before_a_child_and_whoever_harmed_it_are_in_one_room():
    planned = schedule.schedule([offer(0, risk_first=True), offer(1)], {})

    assert planned.starts == {"help-0:ann": 1 + STAGGER_WEEKS, "help-1:ann": 1}
    (delay,) = planned.delays["help-0:ann"]
    assert delay.why is Why.RISK


def test_of_two_that_are_as_urgent_what_answers_more_comes_first():
    two = [NEEDED[0], (1, ActionLevel.NEEDS_HELP, False, Certainty.ONCE, "tested")]
    planned = schedule.schedule([offer(0, weeks=8), offer(1, needs=two)], {"ann": 60})

    assert planned.starts == {"help-1:ann": 1, "help-0:ann": 5}


def test_help_for_safety_passes_a_limit_and_waits_for_nothing():
    safe = offer(0, phase=Phase.SAFETY, minutes=500, requires=after("help-1"))

    planned = schedule.schedule([safe, offer(1, minutes=10)], {"ann": 10})

    assert planned.starts[safe.key] == 1
    assert planned.starts["help-1:ann"] == 5
    assert not planned.no_room


def test_assumed_minutes_never_push_out_what_is_stated():
    """Nothing is set aside on an assumption alone."""
    assumed = offer(0, weeks=60, stated=False)
    stated = offer(1)

    planned = schedule.schedule([assumed, stated], {"ann": 90})

    assert not planned.no_room
    assert planned.starts == {assumed.key: 1, stated.key: 1}


def test_offers_without_room_are_those_that_cannot_all_be_had_and_no_others():
    long = [offer(n, weeks=40) for n in range(3)]
    other = offer(7, people=("bob",))

    planned = schedule.schedule([*long, other], {"ann": 60})

    assert set(planned.no_room) == {o.key for o in long}
    assert planned.proven


class Filling(tuple):
    """Offers and limits, said so that a person can read a failure."""

    __slots__ = ()

    def __repr__(self):
        offers, limits = self
        said = [
            f"{o.key}: {o.intervention.phase}, weeks={o.load.weeks_high}, minutes={o.load.minutes_per_week}, "
            f"stated={o.load.stated}, wait={o.wait_weeks}, "
            f"needs={[(sorted(r.interventions), r.first) for r in o.requires]}"
            for o in offers
        ]
        return "\n".join([*said, f"limits {limits}"])


@st.composite
def weeks_to_fill(draw):
    """A few offers for one or two people with limits, some of which wait for others."""
    offers = []
    for number in range(draw(st.integers(1, 4))):
        people = draw(st.sampled_from([("ann",), ("bob",), ("ann", "bob")]))
        requires = ()
        if number and draw(st.booleans()):
            other = draw(st.integers(0, number - 1))
            requires = after(f"help-{other}", people=("ann", "bob"), first=draw(st.booleans()))
        offers.append(
            offer(
                number,
                people=people,
                minutes=draw(st.sampled_from([30, 60])),
                weeks=draw(st.integers(1, 5)),
                wait_weeks=draw(st.sampled_from([0, 0, 1])),
                phase=draw(st.sampled_from([Phase.SAFETY, Phase.STABILISE, Phase.RECOVERY])),
                stated=draw(st.sampled_from([True, True, True, False])),
                requires=requires,
                needs=[
                    (draw(st.integers(0, 2)), ActionLevel.NEEDS_HELP, False, Certainty.ONCE, "tested")
                ],
            )
        )  # fmt: skip
    limits = {key: draw(st.sampled_from([60, 90])) for key in ("ann", "bob") if draw(st.booleans())}
    return Filling((offers, limits))


# So small that every week can be tried, and no chain of waits leads past them.
HORIZON = 9
GAP = 2


def earlier_by_rule(one, offers):
    """Those that one offer has to wait for, with the weeks between; safety waits for nobody."""
    order = [Phase.SAFETY, Phase.STABILISE, Phase.RECOVERY]
    place = order.index(one.intervention.phase)
    if one.is_safety:
        return []
    found = []
    for other in offers:
        theirs = order.index(other.intervention.phase)
        if other is one or theirs > place:
            continue
        for required in one.requires:
            if required.is_met_by(other):
                found.append((other, GAP if required.first else 0))
        if place > 1 and theirs < place and set(other.people) & set(one.people):
            found.append((other, GAP))
    return found


def fits(offers, limits, starts=None):
    """Whether some weeks hold everything that has to find room, by trying all of them."""
    starts = starts or {}
    placed = [o for o in offers if o.key in starts]
    if not is_plan(starts, placed, limits):
        return False
    left = [o for o in offers if o.key not in starts]
    if not left:
        return True
    weeks = range(1, HORIZON + 1)
    return any(fits(offers, limits, {**starts, left[0].key: week}) for week in weeks)


def is_plan(starts, offers, limits):
    for one in offers:
        start = starts[one.key]
        if start < 1 + one.wait_weeks or (one.is_safety and start != 1 + one.wait_weeks):
            return False
        if any(start < starts[other.key] + gap for other, gap in earlier_by_rule(one, offers)):
            return False
    for one in offers:
        if not one.load.stated or one.is_safety:
            continue
        for person, week in product(one.people, range(starts[one.key], starts[one.key] + one.load.weeks_high)):  # fmt: skip
            asked = sum(
                o.load.minutes_per_week
                for o in offers
                if o.load.stated
                and person in o.people
                and 0 <= week - starts[o.key] < o.load.weeks_high
            )
            if person in limits and asked > limits[person]:
                return False
    return True


@usual
@given(case=weeks_to_fill())
def test_weeks_are_found_where_there_are_any(case):
    offers, limits = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "HORIZON_WEEKS", HORIZON)
        patch.setattr(schedule, "STAGGER_WEEKS", GAP)
        planned = schedule.schedule(offers, limits)

    assert planned.proven
    if planned.no_room:
        too_many = [o for o in offers if o.key in planned.no_room]
        assert not fits(too_many, limits)
        for spared in too_many:
            assert fits([o for o in too_many if o is not spared], limits)
    else:
        assert is_plan(planned.starts, offers, limits)


@usual
@given(case=weeks_to_fill())
def test_the_package_is_the_best_of_all_that_find_room(case):
    """Every set of offers, one after the other, asked whether there are weeks for it."""
    offers, limits = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "HORIZON_WEEKS", HORIZON)
        patch.setattr(schedule, "STAGGER_WEEKS", GAP)
        choice = choice_of(offers, CATALOGUE)
        best = best_within_capacity(choice, Wanted(), limits)

        def rank(some):
            values = reached(choice, some)
            return [values[p.name] if p.better == "more" else -values[p.name] for p, _ in choice.levels]  # fmt: skip

        allowed = [
            some
            for some in _subsets(len(offers))
            if all(i not in some or some & set(others) for i, others in choice.requires)
            and not schedule.schedule([choice.candidates[i] for i in some], limits).no_room
        ]
    chosen = {i for i, c in enumerate(choice.candidates) if c.key in best.chosen.keys}
    assert best.proven
    assert rank(chosen) == max(map(rank, allowed))


def _subsets(count):
    for bits in range(1 << count):
        yield {i for i in range(count) if bits >> i & 1}


def test_after_many_tries_something_is_left_out_for_good_and_nothing_is_called_proven(monkeypatch):
    monkeypatch.setattr(room, "MOST_TRIES", 0)
    offers = [
        offer(n, weeks=40, needs=[(n, ActionLevel.NEEDS_HELP, False, Certainty.ONCE, "tested")])
        for n in range(3)
    ]

    best = best_within_capacity(choice_of(offers, CATALOGUE), Wanted(), {"ann": 60})

    assert len(best.picked) == 2
    assert not best.proven


def test_what_only_comes_before_another_is_left_out_in_somebodys_name():
    """Of a crowded set one offer may be of people who have stated no limit: it still has its reason."""
    crowded = frozenset({"help-0:bob", "help-1:ann"})
    kept = offer(1)
    best = best_within_capacity(choice_of([kept], CATALOGUE), Wanted(), {"ann": 60})

    said = room.crowded_out(replace(best, crowded=(crowded,)), {"ann": 60})

    assert said == {"help-0:bob": room.TooMuch(person="ann", beside=frozenset({kept.key}))}
