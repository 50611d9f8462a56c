"""What has to be said aloud: each with a family of which it is said, and one of which it is not."""

import datetime

from builders import a_child, a_family, an_adult, answer
from conftest import example
from shipped import CATALOGUE

from benchmarks.generated import settled
from cpassist.catalogue.records import Availability
from cpassist.importing.family_file import read_family
from cpassist.planning.asking_why.look_again import stands_whatever, worth_another_look
from cpassist.planning.proposal import propose, propose_with_matching

DAY = datetime.date(2026, 11, 2)


def said(package, code):
    return [finding.says for finding in package.findings if finding.code == code]


def steps(package):
    return {step.rule: step for step in package.safety_steps}


def a_drinking_mother(**more):
    return a_family(
        people=[an_adult("ann", cares_for=["ada"]), a_child("ada")],
        needs=[{"person": "ann", "need": "alcohol_misuse", "level": 2, "affects": ["ada"]}],
        **more,
    )


def test_thoughts_of_suicide_are_said_first_and_name_whose_they_are():
    asked = propose(a_drinking_mother(circumstances=[answer("suicide_risk", "ann")]), CATALOGUE, None, DAY)  # fmt: skip
    assert steps(asked)["H21"].about == ("ann",)
    for value in ("false", "unknown"):
        family = a_drinking_mother(circumstances=[answer("suicide_risk", "ann", value=value)])
        assert "H21" not in steps(propose(family, CATALOGUE, None, DAY))


def test_serious_mental_illness_is_said_first():
    ill = a_drinking_mother(circumstances=[answer("serious_mental_illness", "ada")])
    assert steps(propose(ill, CATALOGUE, None, DAY))["H22"].about == ("ada",)
    assert "H22" not in steps(propose(a_drinking_mother(), CATALOGUE, None, DAY))


def test_nobody_who_may_depend_on_alcohol_is_told_to_stop_at_once():
    assert "H13" in steps(propose(a_drinking_mother(), CATALOGUE, None, DAY)), "nobody asked yet"
    nobody_drinks = a_family(people=[an_adult("ann", cares_for=["ada"]), a_child("ada")])
    assert "H13" not in steps(propose(nobody_drinks, CATALOGUE, None, DAY))


def test_support_for_the_person_abused_outlasts_the_work_with_whoever_abuses_or_it_is_said():
    package = propose(settled(read_family(example("jarvis"), CATALOGUE), CATALOGUE), CATALOGUE, None, DAY)  # fmt: skip
    ends = {o.intervention: o.last_week for o in package.offers}
    assert ends["advocacy"] < ends["caring_dads"]
    (says,) = said(package, "support_ends_sooner")
    assert f"ends in week {ends['advocacy']}" in says
    assert not said(propose(a_drinking_mother(), CATALOGUE, None, DAY), "support_ends_sooner")


def test_a_baby_who_will_have_grown_out_of_it_is_said():
    def waiting(weeks):
        family = a_family(
            people=[an_adult("ann", cares_for=["ada"]), a_child("ada", "2025-01")],
            needs=[{"person": "ada", "need": "neglect", "level": 2, "harmed_by": ["ann"]}],
        )
        here = {"abc_infant": Availability(intervention="abc_infant", wait_weeks=weeks)}
        return propose(family, CATALOGUE, here, DAY)

    assert {o.intervention for o in waiting(0).offers} == {"abc_infant"}
    assert not said(waiting(0), "too_old_by_then")
    # What she would have outgrown before it begins is not proposed, and the reason says so.
    late = waiting(30)
    assert not late.offers
    assert any("grown out of its ages" in s.says for s in late.set_aside if s.intervention == "abc_infant")  # fmt: skip


def test_conflict_recorded_beside_abuse_is_asked_about():
    def of(*kinds):
        return a_family(
            people=[an_adult("ann"), an_adult("bob"), a_child("ada")],
            needs=[{"person": "ann", "need": kind, "level": 2} for kind in kinds],
        )

    both = propose(of("parental_conflict", "domestic_abuse_victim"), CATALOGUE, None, DAY)
    assert "Is it abuse?" in said(both, "conflict_beside_abuse")[0]
    assert not said(propose(of("parental_conflict"), CATALOGUE, None, DAY), "conflict_beside_abuse")


def test_no_other_way_takes_a_medicine_away():
    package = propose(read_family(example("ingram"), CATALOGUE), CATALOGUE, None, DAY)
    medicine = {
        o.key for o in package.offers if "medicine" in CATALOGUE.interventions[o.intervention].tags
    }
    assert medicine
    assert package.alternatives
    for other in package.alternatives:
        assert medicine <= {o.key for o in other.offers}


def test_a_way_that_joins_a_child_with_whoever_harmed_it_says_so_first():
    package = propose(settled(read_family(example("calder"), CATALOGUE), CATALOGUE), CATALOGUE, None, DAY)  # fmt: skip
    ours = {o.key for o in package.offers}
    joining = [
        other
        for other in package.alternatives
        if any(o.together and {"rob", "sam"} <= set(o.people) and o.key not in ours for o in other.offers)
    ]  # fmt: skip
    assert joining
    for other in package.alternatives:
        assert other.because.startswith("It brings Sam together with Rob") is (other in joining)


def test_neglect_is_no_reason_to_keep_a_carer_and_a_child_apart():
    family = a_family(
        people=[an_adult("ann", cares_for=["ada"]), a_child("ada", "2023-05")],
        needs=[{"person": "ada", "need": "neglect", "level": 2, "harmed_by": ["ann"]}],
    )
    package = propose(family, CATALOGUE, None, DAY)
    assert any(o.together for other in package.alternatives for o in other.offers)
    assert not any("together with" in other.because for other in package.alternatives)


def test_the_youngest_child_comes_first_among_needs_that_are_as_urgent():
    package = propose(settled(read_family(example("brindle"), CATALOGUE), CATALOGUE), CATALOGUE, None, DAY)  # fmt: skip
    first = {}
    for offer in package.offers:
        for a in offer.answers:
            if a.need == "neglect":
                first[a.person] = min(first.get(a.person, 999), offer.starts_week)
    assert first["ned"] == min(first.values())


def test_where_nobody_is_recorded_as_safe_that_stands_first():
    def of(value):
        return a_family(
            people=[an_adult("ann", cares_for=["ada"]), a_child("ada", "2026-05")],
            needs=[{"person": "ada", "need": "physical_abuse", "level": 2, "harmed_by": ["unknown"]},
                   {"person": "ada", "need": "neglect", "level": 2}],
            circumstances=[answer("safe_carer", "ann", "ada", value)],
        )  # fmt: skip

    package = propose(of("false"), CATALOGUE, None, DAY)
    (says,) = said(package, "no_safe_carer")
    assert says.startswith("Nobody who looks after Ada is recorded as safe (Ann).")
    assert package.findings[0].code == "no_safe_carer"
    leans = {key for gap in package.gaps for key in gap.lean_on}
    assert leans
    assert not leans & {"joint_work", "structured_parenting"}
    assert not said(propose(of("true"), CATALOGUE, None, DAY), "no_safe_carer")


def test_signs_of_the_gravest_harm_are_asked_today_and_first():
    package = propose(read_family(example("larkfield"), CATALOGUE), CATALOGUE, None, DAY)
    asks = [f for f in package.findings if f.level == "asks"]
    assert asks[0].ask.key == "high_harm_signs"
    assert "Ask the person abused today, alone." in asks[0].says


def test_a_victim_who_cannot_travel_is_asked_alone_where_to_meet():
    package = propose(read_family(example("larkfield"), CATALOGUE), CATALOGUE, None, DAY)
    says = [words for words in said(package, "travel_not_possible") if "Advocacy" in words]
    assert len(says) == 1
    assert "Ask alone, by the safe way that was agreed, where to meet" in says[0]


def test_help_that_may_not_exist_here_counts_as_a_gap_until_somebody_knows():
    package = propose(read_family(example("garland"), CATALOGUE), CATALOGUE, None, DAY)
    assert any("Eve, alcohol misuse" in words for words in said(package, "may_not_be_here"))
    here = {key: Availability(intervention=key) for key in CATALOGUE.interventions}
    listed = propose(read_family(example("garland"), CATALOGUE), CATALOGUE, here, DAY)
    assert not said(listed, "may_not_be_here")


def test_who_speaks_no_english_is_met_with_an_interpreter_and_who_does_is_not():
    package = propose(a_drinking_mother(limits={"languages": {"ann": ["ti"]}}), CATALOGUE, None, DAY)  # fmt: skip
    (says,) = said(package, "interpreter")
    assert says.startswith("Ann speaks Tigrinya: book a professional interpreter")
    both = a_drinking_mother(limits={"languages": {"ann": ["ti", "en"]}})
    assert not said(propose(both, CATALOGUE, None, DAY), "interpreter")


def test_support_in_words_that_sounds_like_help_here_is_asked_about_and_other_words_are_not():
    def with_support(says):
        return propose(
            a_drinking_mother(support=[{"person": "ann", "says": says, "state": "current"}]),
            CATALOGUE,
            None,
            DAY,
        )

    (says,) = said(with_support("Safe Care visitor on Tuesdays"), "support_may_be")
    assert "is that SafeCare?" in says
    assert not said(with_support("Her sister, on Tuesdays"), "support_may_be")


def test_somebody_who_harms_and_of_whom_nothing_is_recorded_is_said():
    def hit_by(**more):
        return a_family(
            people=[an_adult("ann", cares_for=["ada"]), a_child("ada")],
            needs=[
                {"person": "ada", "need": "physical_abuse", "level": 2, "harmed_by": ["ann"]},
                *more.get("needs", []),
            ],
        )

    (says,) = said(propose(hit_by(), CATALOGUE, None, DAY), "harm_without_need")
    assert says.startswith("Ann harmed somebody, or may have")
    known = hit_by(needs=[{"person": "ann", "need": "causing_harm_to_child", "level": 2, "affects": ["ada"]}])  # fmt: skip
    assert not said(propose(known, CATALOGUE, None, DAY), "harm_without_need")


def test_work_that_brings_a_child_together_with_whoever_hit_it_says_so():
    package = propose(read_family(example("calder"), CATALOGUE), CATALOGUE, None, DAY)
    together = {o.intervention for o in package.offers if {"sam", "rob"} <= set(o.people)}
    assert together == {"pcit"}
    (says,) = said(package, "brings_together")
    assert "brings Sam together with Rob" in says
    assert not said(propose(a_drinking_mother(), CATALOGUE, None, DAY), "brings_together")


def test_what_stands_whatever_the_answers_is_what_no_look_takes_out():
    family = read_family(example("larkfield"), CATALOGUE)
    matching, package = propose_with_matching(family, CATALOGUE, None, DAY)
    looks = worth_another_look(matching.question, package)
    dropped = {key for look in looks for key in look.drops}
    standing = stands_whatever(package, looks)
    assert standing, "some of this package is sure"
    assert dropped, "and some of it hangs on an answer or a level"
    assert {package.offer(key).intervention for key in standing}.isdisjoint(dropped)
    sure = {o.key for o in package.offers if o.intervention not in dropped}
    assert set(standing) == sure
