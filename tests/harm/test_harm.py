"""Who may be with whom: what must never break, over families as odd as they come."""

import os
import re
from itertools import combinations, permutations

import pytest
from builders import a_child, a_family, an_adult, answer
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from random_families import bodies, families
from shipped import CATALOGUE

from cpassist.family.vocabulary import AnswerValue, RelationKind
from cpassist.harm.reading import read_harm
from cpassist.planning.proposal import propose

SIZE = 20_000 if os.environ.get("CPASSIST_SOAK") else 150
usual = settings(
    max_examples=SIZE,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SEXUAL = {"sexual_abuse", "sexual_exploitation"}
PARTNERED = {RelationKind.PARENT, RelationKind.STEP_PARENT, RelationKind.PARTNER_OF_CARER}


def said(family, ask, person, other=None):
    return family.answer(ask, person, other) is AnswerValue.TRUE


def ways(package):
    """What is proposed, and each other way to put it together."""
    return (package.offers, *(way.offers for way in package.alternatives))


def help_of(offer):
    return CATALOGUE.interventions[offer.intervention]


def names_as_harmer(family, one, other):
    """Whether any line names one as harming the other, neglect and a child's violence apart."""
    return any(
        one in (n.harmed_by or ())
        for n in family.needs_of(other)
        if n.need not in {"neglect", "child_to_parent_violence"}
    )


def sexual_harmers(family):
    named = {h for n in family.needs if n.need in SEXUAL for h in n.harmed_by or ()}
    return named | {
        a.person for a in family.circumstances
        if a.ask == "sexual_harm_suspected" and a.answer is AnswerValue.TRUE
    }  # fmt: skip


@usual
@given(family=families())
def test_nothing_unsafe_is_proposed_in_any_way(family):
    """One oracle, apart from both readings: it looks at lines of the file and at tags, and at nothing else."""
    package = propose(family, CATALOGUE, None, family.assessed_on)
    in_danger = any(said(family, "immediate_danger", p.key) for p in family.people)
    for offers in ways(package):
        for offer in offers:
            assert help_of(offer).phase.value == "safety" or not in_danger
            nobody_is_with_who_harms_them(offer, family)
            couples_are_grown_up_and_safe(offer, family)
            who_stands_in_is_safe(offer, family)
            it_is_for_these_people(offer, family)
        for one, other in combinations(offers, 2):
            if one.intervention == other.intervention and help_of(one).group:
                for a in one.people:
                    for b in other.people:
                        assert not names_as_harmer(family, a, b)
                        assert not names_as_harmer(family, b, a)


def is_young(family, key):
    return family.age(key, family.assessed_on)[0] < 18 * 12


def nobody_is_with_who_harms_them(offer, family):
    help_, tags = help_of(offer), set(help_of(offer).tags)
    if not (help_.together or help_.group):
        return
    young = [k for k in offer.people if is_young(family, k)]
    assert not [k for k in young if sexual_harmers(family) & (set(offer.people) - {k})]
    for one, other in permutations(offer.people, 2):
        assert not said(family, "contact_forbidden", one, other)
        if names_as_harmer(family, one, other):
            assert {"for_carer_who_harmed", "for_cleared_pair"} & tags
            cleared = ("child_feels_safe_with", "joint_session_cleared")
            assert any(said(family, ask, one, other) for ask in cleared)


def couples_are_grown_up_and_safe(offer, family):
    if not {"couple_work", "joint_adults"} & set(help_of(offer).tags):
        return
    assert not any(is_young(family, k) for k in offer.people)
    assert not sexual_harmers(family) & set(offer.people)
    for key in offer.people:
        assert not said(family, "convicted_abuse", key)
        assert not said(family, "high_harm_signs", key)
    for one, other in combinations(offer.people, 2):
        bound = [
            {r.child for r in family.relations if r.person == k and r.kind in PARTNERED}
            for k in (one, other)
        ]
        assert set.intersection(*bound)
        assert not names_as_harmer(family, one, other)


def who_stands_in_is_safe(offer, family):
    if "foster_care" not in help_of(offer).tags:
        return
    for child in family.children:
        for carer in set(family.carers_of(child.key)) & set(offer.people):
            assert not names_as_harmer(family, carer, child.key)
            assert family.answer("safe_carer", carer, child.key) is not AnswerValue.FALSE


def it_is_for_these_people(offer, family):
    tags = set(help_of(offer).tags)
    if "after_harm" in tags:
        treated = [k for k in offer.people if not family.is_parenting(k)] or offer.people
        assert all(family.answer("harm_continues", k) is AnswerValue.FALSE for k in treated)
    if "perpetrator_work" in tags:
        assert not any(family.person(k).is_child for k in offer.people)
    for line in offer.answers:
        whose = CATALOGUE.need_types[line.need].whose.value
        person = family.person(line.person)
        assert whose != "child" or person.is_child
        assert whose != "adult" or family.is_parenting(person.key)


def renamed(value, names):
    if isinstance(value, dict):
        return {names.get(k, k): renamed(v, names) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [renamed(v, names) for v in value]
    return names.get(value, value) if isinstance(value, str) else value


@usual
@given(body=bodies())
def test_who_is_asked_and_who_is_unsafe_does_not_depend_on_anybodys_key(body):
    keys = sorted(p["key"] for p in body["people"])
    # The keys turned round: who was first in the alphabet is now last.
    names = {key: f"z{len(keys) - at:02d}" for at, key in enumerate(keys)}
    family, other = a_family(**body), a_family(**renamed(body, names))
    on = family.assessed_on
    here, there = (read_harm(f, CATALOGUE, on) for f in (family, other))

    def turned(asked):
        return (asked.key, *(names.get(k, k) for k in sorted(filter(None, (asked.person, asked.other)))))  # fmt: skip

    def plain(asked):
        return (asked.key, *sorted(filter(None, (asked.person, asked.other))))

    def about(pairs):
        return {(key, *sorted(rest)) for key, *rest in pairs}

    assert {(names[d.person], d.today, d.urgent) for d in here.in_danger} == {
        (d.person, d.today, d.urgent) for d in there.in_danger
    }
    assert about(turned(c.asked) for c in here.contradictions) == about(
        plain(c.asked) for c in there.contradictions
    )
    for one, two in permutations(keys, 2):
        mine, theirs = here.room(one, two), there.room(names[one], names[two])
        assert (mine.blocked, mine.held) == (theirs.blocked, theirs.held)
        assert about(map(turned, mine.asked)) == about(map(plain, theirs.asked))
    first = propose(family, CATALOGUE, None, on).findings
    second = propose(other, CATALOGUE, None, on).findings
    ours = about(turned(f.ask) for f in first if f.code == "safety_question_open")
    assert ours == about(plain(f.ask) for f in second if f.code == "safety_question_open")


@usual
@given(body=bodies())
def test_an_empty_list_of_harmers_reads_as_unknown(body):
    empty = {**body, "needs": [{**n, "harmed_by": []} if "harmed_by" in n else n for n in body["needs"]]}  # fmt: skip
    unknown = {**body, "needs": [{**n, "harmed_by": ["unknown"]} if "harmed_by" in n else n for n in body["needs"]]}  # fmt: skip
    one, other = a_family(**empty), a_family(**unknown)
    here, there = (propose(f, CATALOGUE, None, f.assessed_on) for f in (one, other))

    assert [o.key for o in here.offers] == [o.key for o in there.offers]
    assert here.gaps == there.gaps
    assert here.safety_steps == there.safety_steps


STRICT = [
    ("lives_together", ("dad", "kit"), "false", True),
    ("sexual_harm_suspected", ("dad", "kit"), "false", True),
    ("safe_carer", ("dad", "kit"), "true", False),
    ("child_feels_safe_with", ("bob", "kit"), "true", False),
    ("harm_continues", ("kit",), "false", True),
    ("suicide_risk", ("kit",), "false", True),
    ("settled_home", ("mum",), "true", False),
    ("abuse_pattern", ("dad", "mum"), "false", True),
]


@pytest.mark.parametrize(("ask", "about", "value", "read"), STRICT, ids=[row[0] for row in STRICT])
def test_the_stricter_of_two_that_contradict_stands_and_is_asked(ask, about, value, read):
    family = a_family(
        people=[
            an_adult("mum", cares_for=["kit"]),
            an_adult("dad", cares_for=["kit"]),
            an_adult("bob"),
            a_child("kit"),
        ],
        relations=[{"person": k, "child": "kit", "as": "parent"} for k in ("mum", "dad")],
        needs=[
            {"person": "kit", "need": "sexual_abuse", "level": 3, "harmed_by": ["dad"]},
            {"person": "kit", "need": "self_harm", "level": 3},
            {"person": "mum", "need": "domestic_abuse_victim", "level": 2, "harmed_by": ["dad"]},
        ],
        circumstances=[
            answer(ask, *about, value=value),
            answer("afraid_of", "bob", "kit"),
            answer("in_refuge", "mum"),
        ],
    )
    harm = read_harm(family, CATALOGUE, family.assessed_on)

    assert harm.answers.value(ask, *about) is read
    assert ask in {found.asked.key for found in harm.contradictions}
    package = propose(family, CATALOGUE, None, family.assessed_on)
    assert ask in {f.ask.key for f in package.findings if f.code == "answers_contradict"}


def test_only_the_room_on_harm_works_out_harm():
    """Who harms whom is read in `cpassist.harm`, and a second time in the second check; nowhere else."""
    may = {"harm/", "planning/safety/second_check", "family/", "catalogue/"}
    # Who draws, writes down or changes what the file says works nothing out.
    shows = {
        "ui/case_planning/forms.py",
        "ui/case_planning/view_people.py",
        "planning/matching/support_graph.py",
        "planning/package/gaps.py",
        "importing/census.py",
        "ui/case_planning/state.py",
        "notebook/family_shown.py",
        "papers/written/readers.py",
        "papers/written/family_papers.py",
    }
    found = []
    for path in sorted((ROOT / "cpassist").rglob("*.py")):
        name = path.relative_to(ROOT / "cpassist").as_posix()
        text = path.read_text(encoding="utf-8")
        if not any(name.startswith(part) for part in may) and name not in shows:
            found += [name] if ".harmed_by" in text or 'answer("safe_carer"' in text else []
    assert not found


TWO_CHILDREN = {
    "people": [
        an_adult("mum", lives_in=["home"]),
        a_child("theo", born="2014-05", lives_in=["home"]),
        a_child("mia", born="2016-05", lives_in=["home"]),
    ],
    "relations": [{"person": "mum", "child": child, "as": "parent"} for child in ("theo", "mia")],
}


@pytest.mark.parametrize(
    ("needs", "answers"),
    [
        ([], [answer("afraid_of", "theo", "mia", "true")]),
        ([], [answer("abuse_pattern", "theo", "mia", "true")]),
        ([], [answer("coercive_control", "theo", "mia", "true")]),
        ([], [answer("child_feels_safe_with", "theo", "mia", "false")]),
        ([], [answer("has_harmed", "theo", "mia", "true")]),
        ([{"person": "theo", "need": "harmful_sexual_behaviour", "level": 2}], []),
    ],
)
def test_brothers_and_sisters_who_frighten_or_harm_are_kept_apart_both_ways(needs, answers):
    family = a_family(**TWO_CHILDREN, needs=needs, circumstances=answers)
    harm = read_harm(family, CATALOGUE, family.assessed_on)
    assert harm.are_kept_apart("theo", "mia")
    assert harm.are_kept_apart("mia", "theo")


def test_brothers_and_sisters_of_whom_nothing_is_recorded_may_go_together():
    family = a_family(**TWO_CHILDREN)
    assert not read_harm(family, CATALOGUE, family.assessed_on).are_kept_apart("theo", "mia")


@pytest.mark.parametrize("ask", ["convicted_abuse", "high_harm_signs", "loses_control_fear"])
def test_what_is_known_of_a_carer_keeps_them_from_standing_in(ask):
    family = a_family(
        **TWO_CHILDREN, needs=[], circumstances=[{"ask": ask, "person": "mum", "answer": "true"}]
    )
    assert read_harm(family, CATALOGUE, family.assessed_on).unfit_to_stand_in("mum", "mia")


@pytest.mark.parametrize(
    ("harmed_by", "shown"), [(["dad"], False), (["mum"], True), (["unknown"], False)]
)
def test_play_at_home_is_never_asked_of_a_parent_who_harmed_the_child(harmed_by, shown):
    family = a_family(
        people=[
            an_adult("dad", lives_in=["home"], cares_for=["kit"]),
            an_adult("mum", lives_in=["away"], cares_for=["kit"]),
            a_child("kit", born="2019-05", lives_in=["home"]),
        ],
        relations=[{"person": who, "child": "kit", "as": "parent"} for who in ("dad", "mum")],
        needs=[
            {"person": "dad", "need": "parenting_skills", "level": 2, "affects": ["kit"]},
            {"person": "kit", "need": "physical_abuse", "level": 2, "harmed_by": harmed_by},
        ],
        circumstances=[
            answer("safe_carer", "dad", "kit", "true"),
            answer("afraid_of", "dad", "kit", "false"),
        ]
        if shown
        else [],
    )
    package = propose(family, CATALOGUE, None, family.assessed_on)
    with_dad = {s.step for s in package.steps if s.person == "dad"}
    assert ("child_led_play" in with_dad) is shown


def test_help_whose_words_put_people_together_is_marked_or_says_why_not():
    """Who reads "together" or "both" in a summary must be able to trust that the rules on rooms apply."""
    speaks = re.compile(r"\b(together|both|joint|jointly|conjoint|family sessions?|whole family)\b", re.IGNORECASE)  # fmt: skip
    unmarked = {
        key
        for key, help_ in CATALOGUE.interventions.items()
        if speaks.search(f"{help_.title} {help_.summary} {help_.family_summary}")
        and not help_.together
    }
    explained = {key for key, help_ in CATALOGUE.interventions.items() if help_.apart_because}
    assert unmarked == explained
