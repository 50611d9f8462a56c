"""Ordinary steps: for each need something to do, never as evidence, and never in a copy what is withheld."""

from dataclasses import replace

import pytest
import yaml
from builders import a_child, a_family, an_adult, answer
from conftest import ROOT
from example_plans import WORKER
from shipped import CATALOGUE, schema

from cpassist.catalogue.ordinary import ANY_NEED, StepKind
from cpassist.catalogue.vocabulary import Read, Whose
from cpassist.errors import InvalidRecord
from cpassist.family.changes import with_step
from cpassist.family.records import StepDecision
from cpassist.family.vocabulary import Choice
from cpassist.importing.family_file import parse_family, read_family, write_family
from cpassist.papers.formats.package_json import package_fields
from cpassist.papers.written.blocks import words_of
from cpassist.papers.written.document import build_document
from cpassist.papers.written.readers import Reader
from cpassist.planning.package.ordinary_steps import MOST_IN_SIGHT
from cpassist.planning.proposal import propose
from cpassist.plans.lifecycle import begin_plan

BIRTHS = {"baby": "2026-06", "small": "2023-05", "school": "2018-05", "young": "2010-06"}
DIRECT_WORK = {
    row["key"] for row in yaml.safe_load((ROOT / "catalogue" / "direct_work.yaml").read_text())
}
# What a baby cannot have, or only somebody old enough.
FROM_MONTHS = {
    "self_harm": 60, "school_absence": 60, "sexual_exploitation": 60, "criminal_exploitation": 60, "going_missing": 36,
    "child_drug_misuse": 96, "child_alcohol_misuse": 96, "young_carer": 60, "teenage_relationship_abuse": 132,
    "harmful_sexual_behaviour": 60, "conduct_problems": 36, "child_mental_health": 36, "trauma_symptoms": 36,
    "harmed_by_another_child": 24, "unaccompanied_asylum": 60, "child_to_parent_violence": 60,
    "honour_based_abuse_forced_marriage": 60, "speech_and_development": 12,
}  # fmt: skip
MONTHS = {"baby": 5, "small": 42, "school": 102, "young": 197}


def with_need(need, born, level):
    whose = CATALOGUE.need_types[need].whose
    person = "kit" if whose is Whose.CHILD else "mum"
    more = {} if person == "kit" else {"affects": ["kit"]}
    return a_family(
        people=[
            an_adult("mum", lives_in=["home"], cares_for=["kit"]),
            a_child("kit", born=born, lives_in=["home"]),
        ],
        relations=[{"person": "mum", "child": "kit", "as": "parent"}],
        needs=[{"person": person, "need": need, "level": level, **more}],
    )


# Each need at each age at which somebody can have it.
NEED_AND_AGE = [
    (need, age)
    for need in sorted(CATALOGUE.need_types)
    for age in BIRTHS
    if MONTHS[age] >= FROM_MONTHS.get(need, 0)
]


@pytest.mark.parametrize("level", [2, 3])
@pytest.mark.parametrize(("need", "age"), NEED_AND_AGE)
def test_every_need_that_asks_for_help_leaves_with_something_to_do(need, age, level):
    family = with_need(need, BIRTHS[age], level)
    package = propose(family, CATALOGUE, None, family.assessed_on)
    own = [s for s in package.steps if s.need == need]
    assert own, f"nothing to do about {need} at {age}, level {level}"
    assert any(s.in_sight for s in own)
    for key in {(s.person, s.need) for s in own}:
        in_sight = [s for s in own if (s.person, s.need) == key and s.in_sight]
        assert len(in_sight) <= MOST_IN_SIGHT


def test_every_step_of_the_dossier_is_in_and_each_need_has_one():
    direct = [s for s in CATALOGUE.ordinary_steps if s.key in DIRECT_WORK]
    assert len(CATALOGUE.ordinary_steps) - len(direct) >= 256
    assert len(direct) >= 26
    assert {s.kind for s in direct} == {StepKind.DIRECT_WORK}
    assert len(CATALOGUE.service_kinds) >= 89
    told = {need for s in CATALOGUE.ordinary_steps if s not in direct for need in s.needs} - {
        ANY_NEED
    }
    assert told == set(CATALOGUE.need_types)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "catalogue" / "families").glob("*.yaml")), ids=lambda p: p.stem
)
def test_a_need_for_help_now_that_is_answered_late_has_a_step_before(path):
    family = read_family(path, CATALOGUE)
    package = propose(family, CATALOGUE, None, family.assessed_on)
    starts = {}
    for offer in package.offers:
        for a in offer.answers:
            starts[a.person, a.need] = min(offer.starts_week, starts.get((a.person, a.need), 99))
    stepped = {(key, s.need) for s in package.steps for key in (s.person, *s.children)}
    for need in family.needs:
        if need.is_matched and need.level == 3 and starts.get((need.person, need.need), 0) > 6:
            assert (need.person, need.need) in stepped


def test_an_adults_own_need_has_steps_for_each_adult_and_a_homes_stand_once():
    people = [
        an_adult("mum", cares_for=["kit", "bo"]),
        an_adult("dad", cares_for=["kit", "bo"]),
        a_child("kit"),
        a_child("bo", "2020-01"),
    ]
    needs = [
        {"person": key, "need": "parental_learning_disability", "level": 2, "affects": ["kit"]}
        for key in ("mum", "dad")
    ]
    needs += [
        {"person": key, "need": "neglect", "level": 2, "harmed_by": ["mum"]}
        for key in ("kit", "bo")
    ]
    family = a_family(people=people, needs=needs)
    package = propose(family, CATALOGUE, None, family.assessed_on)
    own = [s.person for s in package.steps if s.step == "parental_learning_disability-1"]
    assert sorted(own) == ["dad", "mum"]
    assert len([s for s in package.steps if s.step == "neglect-6"]) == 1


def test_a_condition_that_is_open_stands_behind_what_holds_and_a_settled_one_in_its_place():
    def places(answers):
        family = a_family(
            people=[an_adult("mum", cares_for=["kit"]), a_child("kit")],
            needs=[{"person": "kit", "need": "trauma_symptoms", "level": 2}],
            circumstances=answers,
        )
        package = propose(family, CATALOGUE, None, family.assessed_on)
        return [s.step for s in package.steps if s.need == "trauma_symptoms"]

    case = {"ask": "criminal_case_open", "person": "kit", "other": None}
    assert places([])[-1] == "trauma_symptoms-2"
    assert places([case | {"answer": "true"}])[1] == "trauma_symptoms-2"
    assert "trauma_symptoms-2" not in places([case | {"answer": "false"}])


def test_a_duty_that_nobody_read_in_the_law_is_to_be_checked_and_nothing_recalled_is_sure():
    for step in CATALOGUE.ordinary_steps:
        assert (step.kind is StepKind.DUTY) == (step.law in {"read", "as_quoted", "to_check"})
        if step.read is Read.RECALLED or step.law == "as_quoted":
            assert step.is_to_check
        assert step.source in CATALOGUE.sources


def test_what_holds_only_under_a_condition_stands_behind_what_holds():
    family = with_need("school_absence", BIRTHS["school"], 3)
    package = propose(family, CATALOGUE, None, family.assessed_on)
    own = [s for s in package.steps if s.need == "school_absence"]
    conditional = [place for place, s in enumerate(own) if s.only_if]
    assert conditional
    assert min(conditional) > max(place for place, s in enumerate(own) if not s.only_if)


def test_steps_take_no_minutes_and_change_no_offer():
    family = read_family(ROOT / "catalogue" / "families" / "larkfield.yaml", CATALOGUE)
    without = replace(CATALOGUE, ordinary_steps=())
    one = propose(family, CATALOGUE, None, family.assessed_on)
    other = propose(family, without, None, family.assessed_on)
    assert one.steps
    assert not other.steps
    assert [(o.key, o.starts_week) for o in one.offers] == [(o.key, o.starts_week) for o in other.offers]  # fmt: skip


def test_declining_a_step_needs_a_reason_and_a_file_keeps_the_decision():
    family = with_need("neglect", BIRTHS["small"], 2)
    with pytest.raises(InvalidRecord):
        StepDecision(step="neglect-5", person="kit", decision=Choice.DECLINE)
    declined = StepDecision(step="neglect-5", person="kit", decision=Choice.DECLINE, because="Weighed last week.")  # fmt: skip
    kept = with_step(family, declined)
    assert parse_family(write_family(kept), CATALOGUE).steps == (declined,)
    package = propose(kept, CATALOGUE, None, kept.assessed_on)
    row = next(s for s in package.steps if s.step == "neglect-5")
    assert (row.judged, row.because) == ("decline", "Weighed last week.")


def test_an_accepted_step_is_a_line_of_the_plan_and_what_is_withheld_stands_in_no_copy():
    family = read_family(ROOT / "catalogue" / "families" / "larkfield.yaml", CATALOGUE)
    package = propose(family, CATALOGUE, None, family.assessed_on)
    for step in package.steps:
        family = with_step(family, StepDecision(step=step.step, person=step.person, decision=Choice.ACCEPT))  # fmt: skip
    package = propose(family, CATALOGUE, None, family.assessed_on)
    plan = begin_plan("k", family, package, WORKER)
    assert {s.key for s in plan.accepted_steps} == {s.key for s in package.steps}

    withheld = [s for s in package.steps if s.withheld in {"W1", "W2", "W3"} and s.family_says]
    assert withheld
    open_words = {s.family_says for s in package.steps if not s.withheld}
    for reader, person in ((Reader.PARENT, "dana"), (Reader.PARENT, "luke"), (Reader.CHILD, "mia")):
        said = " ".join(words_of(build_document(plan, CATALOGUE, reader, person)))
        for step in withheld:
            if step.family_says not in open_words:
                assert step.family_says not in said


@pytest.mark.parametrize("need", ["neglect", "housing", ANY_NEED])
def test_a_package_with_steps_holds_the_schema(need):
    family = with_need("neglect" if need == ANY_NEED else need, BIRTHS["baby"], 3)
    schema("package").validate(package_fields(propose(family, CATALOGUE, None, family.assessed_on)))


@pytest.mark.parametrize(
    ("need", "born", "level", "says"),
    [
        ("physical_abuse", "2026-08", 3, "paediatric opinion today"),
        ("self_harm", "2011-05", 3, "NHS 111"),
        ("housing", "2010-06", 3, "consent, refer anyone who is homeless"),
        ("sexual_exploitation", "2011-05", 3, "referral mechanism"),
    ],
)
def test_what_decides_today_is_in_sight(need, born, level, says):
    family = with_need(need, born, level)
    package = propose(family, CATALOGUE, None, family.assessed_on)
    in_sight = [s.says for s in package.steps if s.need == need and s.in_sight]
    assert any(says.casefold() in words.casefold() for words in in_sight), in_sight


def test_a_step_done_together_because_of_a_parents_need_is_done_with_that_parent():
    family = a_family(
        people=[an_adult("mum", cares_for=["kit"]), an_adult("dad", cares_for=["kit"]), a_child("kit", "2019-05")],
        needs=[{"person": "dad", "need": "parenting_skills", "level": 2, "affects": ["kit"]},
               {"person": "kit", "need": "physical_abuse", "level": 2, "harmed_by": ["dad"]}],
        circumstances=[
            {"ask": "safe_carer", "person": "mum", "other": "kit", "answer": "true"},
            {"ask": "afraid_of", "person": "mum", "other": "kit", "answer": "false"},
        ],
    )  # fmt: skip
    package = propose(family, CATALOGUE, None, family.assessed_on)
    together = {step.key for step in CATALOGUE.ordinary_steps if step.together}
    assert together
    assert not [s for s in package.steps if s.person == "dad" and s.step in together]


def test_a_step_that_the_file_says_is_done_is_not_shown_and_one_nobody_knows_of_is():
    def steps(*answers):
        family = a_family(
            people=[an_adult("ann", cares_for=["ada"]), an_adult("bob", lives_in=["away"]), a_child("ada")],
            relations=[
                {"person": "ann", "child": "ada", "as": "parent"},
                {"person": "bob", "child": "ada", "as": "parent"},
            ],
            needs=[{"person": "ann", "need": "domestic_abuse_victim", "level": 2, "harmed_by": ["bob"]}],
            circumstances=list(answers),
        )  # fmt: skip
        return {s.says for s in propose(family, CATALOGUE, None, family.assessed_on).steps}

    adviser = "Get an independent domestic violence adviser to ring at a safe time, and note day, number and word to use."
    assert adviser in steps()
    assert adviser in steps(answer("victim_has_own_worker", "bob", "ann", value="unknown"))
    assert adviser not in steps(answer("victim_has_own_worker", "bob", "ann"))
