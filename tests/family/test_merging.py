"""Two changed copies of one family, brought together: nothing that either recorded is lost."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st
from random_families import families

from cpassist.errors import Mistakes
from cpassist.family.changes import with_need, without_person
from cpassist.family.merging import merged
from cpassist.family.records import Strength, Wish


@pytest.fixture
def larkfield(invented):
    return invented["larkfield"]


@given(family=families(), data=st.data())
def test_whoever_is_taken_out_comes_back_with_all_that_was_said(family, data):
    key = data.draw(st.sampled_from([p.key for p in family.people if not p.is_unborn]))
    try:
        left = without_person(family, key)
    except Mistakes:
        # The last one of a family is not taken out.
        reject()
    assert merged(left, left, family) == (family, True)


@given(family=families(), data=st.data())
def test_what_was_recorded_since_stays_when_a_need_comes_back(family, data):
    assume(family.needs)
    gone = data.draw(st.sampled_from(family.needs))
    left = family.with_changes(needs=tuple(n for n in family.needs if n is not gone))
    since = left.with_changes(wishes=(*left.wishes, Wish(person=gone.person, says="A dog.")))
    back, agree = merged(left, since, family)

    assert agree
    assert back.need(gone.person, gone.need) == gone
    assert back.wishes == since.wishes
    assert back.needs == family.needs


def test_two_windows_that_add_different_lines_keep_both(larkfield):
    mine = larkfield.with_changes(wishes=(*larkfield.wishes, Wish(person="mia", says="A dog.")))
    theirs = larkfield.with_changes(wishes=(*larkfield.wishes, Wish(person="theo", says="A boat.")))
    both, agree = merged(larkfield, mine, theirs)

    assert agree
    assert {w.says for w in both.wishes} >= {"A dog.", "A boat."}


def test_where_both_changed_one_line_mine_stands_and_that_is_said(larkfield):
    need = larkfield.needs[0]
    mine = with_need(larkfield, replace(need, says="What I saw."))
    theirs = with_need(larkfield, replace(need, says="What they saw."))
    both, agree = merged(larkfield, mine, theirs)

    assert not agree
    assert both == mine


def test_limits_of_two_people_are_brought_together(larkfield):
    def with_minutes(**minutes):
        limits = larkfield.limits
        return larkfield.with_changes(
            limits=replace(limits, minutes_per_week={**limits.minutes_per_week, **minutes})
        )

    both, agree = merged(larkfield, with_minutes(mia=60), with_minutes(theo=90))
    assert agree
    assert both.limits.minutes_per_week["mia"] == 60
    assert both.limits.minutes_per_week["theo"] == 90


@pytest.mark.parametrize("times", [2, 3])
def test_a_line_that_stands_there_twice_stays_twice(larkfield, times):
    same = Strength(person="mia", says="Likes school.")
    mine = larkfield.with_changes(strengths=(*larkfield.strengths, *[same] * times))
    theirs = larkfield.with_changes(
        strengths=(*larkfield.strengths, Strength(person="theo", says="Sleeps well."))
    )
    both, _ = merged(larkfield, mine, theirs)
    assert both.strengths.count(same) == times
