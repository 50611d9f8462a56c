"""What choosing otherwise would cost, and what would change the package."""

import datetime
from dataclasses import replace

from builders import a_child, a_family, an_adult
from conftest import example
from hypothesis import given
from hypothesis import strategies as st
from random_families import families
from shipped import CATALOGUE
from test_properties import usual

from cpassist.catalogue.records import Availability
from cpassist.family.changes import with_answer
from cpassist.family.records import Answer, Limits
from cpassist.family.vocabulary import AnswerValue
from cpassist.importing.family_file import read_family
from cpassist.planning.asking_why.instead import cost_of_choosing
from cpassist.planning.asking_why.look_again import worth_another_look
from cpassist.planning.choosing.choice import Wanted, choice_of
from cpassist.planning.choosing.search import choose
from cpassist.planning.proposal import propose, propose_with_matching

DAY = datetime.date(2026, 11, 2)


def test_what_another_course_would_cost_is_said_with_how_much():
    family = a_family(
        people=[an_adult("ann", cares_for=["ada"]), a_child("ada", "2023-05")],
        needs=[{"person": "ada", "need": "neglect", "level": 2, "harmed_by": ["ann"]}],
    )
    matching, package = propose_with_matching(family, CATALOGUE, None, DAY)
    assert "safecare:ada,ann" in {offer.key for offer in package.offers}

    weighed = cost_of_choosing(matching, package, "vig:ada,ann")

    assert weighed is not None
    assert "Against it: " in weighed.says
    assert "there are more separate kinds of help (by 1)" in weighed.says
    assert cost_of_choosing(matching, package, "nothing:ada") is None


@usual
@given(family=families())
def test_taking_what_was_left_out_never_does_better(family):
    """Where no limit leaves anything for want of room, what is proposed is the best by the order: whatever
    else is forced in reaches no more."""
    family = replace(family, limits=Limits())
    matching, package = propose_with_matching(family, CATALOGUE, None, family.assessed_on)
    kept = {offer.key for offer in package.offers}
    judged = frozenset(offer.key for offer in package.offers if offer.judged)

    def rank(values):
        return [v if p.better == "more" else -v for p, v in values]

    for candidate in matching.candidates[:6]:
        if candidate.key in kept:
            continue
        wanted = Wanted(forced=frozenset({*judged, candidate.key}))
        other = choose(choice_of(matching.candidates, CATALOGUE).wanting(wanted))
        if other is not None:
            assert rank(other.values) < rank(package.order)


def test_an_open_question_that_would_change_the_package_is_worth_another_look():
    family = read_family(example("larkfield"), CATALOGUE)
    matching, package = propose_with_matching(family, CATALOGUE, None, DAY)

    looks = worth_another_look(matching.question, package)

    said = {(look.ask.key, look.says[-7:]) for look in looks if look.ask}
    assert ("high_harm_signs", "If yes:") in said
    drive = next(
        x for x in looks if x.ask and x.ask.key == "high_harm_signs" and x.says.endswith("yes:")
    )
    assert drive.adds == ("drive",)
    for look in looks:
        assert look.adds or look.drops


@usual
@given(family=families(most_children=2, most_adults=2))
def test_a_second_look_tells_the_truth(family):
    matching, package = propose_with_matching(family, CATALOGUE, None, family.assessed_on)
    for look in worth_another_look(matching.question, package)[:3]:
        if look.ask is None:
            continue
        value = AnswerValue.TRUE if look.says.endswith("yes:") else AnswerValue.FALSE
        answer = Answer(
            ask=look.ask.key, person=look.ask.person, other=look.ask.other, answer=value
        )
        two_way = CATALOGUE.questions[look.ask.key].two_way
        turned = with_answer(family, answer, two_way=two_way)
        then = propose(turned, CATALOGUE, None, family.assessed_on)
        before = {offer.key for offer in package.offers}
        after = {offer.key: offer.intervention for offer in then.offers}
        assert set(look.adds) == {help_ for key, help_ in after.items() if key not in before}


def test_help_that_cannot_be_had_here_and_would_change_the_package_is_said():
    family = a_family(
        people=[an_adult("ann", cares_for=["ada"]), a_child("ada", "2023-05")],
        needs=[{"person": "ada", "need": "neglect", "level": 2, "harmed_by": ["ann"]}],
    )
    here = {"vig": Availability(intervention="vig")}
    matching, package = propose_with_matching(family, CATALOGUE, here, DAY)
    assert {offer.intervention for offer in package.offers} == {"vig"}

    looks = {look.says: look for look in worth_another_look(matching.question, package)}

    assert "safecare" in looks["If SafeCare could be had here:"].adds
    title = CATALOGUE.title("vig")
    assert f"If {title} could be had here:" not in looks

    nothing_known = propose_with_matching(family, CATALOGUE, None, DAY)
    without = worth_another_look(nothing_known[0].question, nothing_known[1])
    assert not any("could be had here" in look.says for look in without)


@usual
@given(family=families(most_children=2, most_adults=2), data=st.data())
def test_more_to_be_had_never_reaches_less(family, data):
    """A directory with one more entry answers no fewer of the most urgent safety needs."""
    keys = sorted(CATALOGUE.interventions)
    listed = data.draw(st.sets(st.sampled_from(keys), max_size=30))
    more = data.draw(st.sampled_from(keys))
    order = [
        propose(
            family, CATALOGUE, {k: Availability(intervention=k) for k in had}, family.assessed_on
        ).order
        for had in (listed, {*listed, more})
    ]
    less, other = ([v if p.better == "more" else -v for p, v in values] for values in order)
    assert other[0] >= less[0]
