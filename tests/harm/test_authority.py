"""A catalogue of an authority: its needs, questions and rules are followed as ours are, in both readings."""

import json
import os
import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from itertools import permutations

from builders import a_family
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_families import bodies
from shipped import CATALOGUE

from cpassist.catalogue import named_in_code
from cpassist.catalogue.conditions import Condition
from cpassist.catalogue.records import NeedType
from cpassist.catalogue.rules import Rule, SafetyQuestion, Target
from cpassist.catalogue.vocabulary import Domain, IfUnknown, RuleBasis, Scope, Severity, Whose
from cpassist.family.vocabulary import AnswerValue
from cpassist.papers.formats.package_json import to_json
from cpassist.planning.proposal import propose

SIZE = 4000 if os.environ.get("CPASSIST_SOAK") else 100
usual = settings(
    max_examples=SIZE,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

OURS = named_in_code.NEEDS | named_in_code.QUESTIONS | named_in_code.ANSWERED_BY_THE_FILE
# Longer ones first, so that no key is taken for the beginning of another.
THEIRS = sorted({*CATALOGUE.need_types, *CATALOGUE.questions} - OURS, key=lambda k: (-len(k), k))
NAMES = {key: f"{key}_here" for key in THEIRS}
EITHER = re.compile(rf"\b({'|'.join(map(re.escape, THEIRS))})(_here)?\b")


def renamed(value):
    """A record, or plain values, with each key that the code does not name called otherwise."""
    if isinstance(value, Enum) or not value:
        return value
    if isinstance(value, str):
        return NAMES.get(value, value)
    if is_dataclass(value):
        return replace(value, **{f.name: renamed(getattr(value, f.name)) for f in fields(value)})
    if hasattr(value, "items"):
        return {renamed(key): renamed(within) for key, within in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return type(value)(renamed(within) for within in value)
    return value


@cache
def catalogue_renamed():
    return renamed(CATALOGUE)


@usual
@given(body=bodies())
def test_the_package_is_the_same_under_other_keys(body):
    """What the code knows of a need or question it knows from YAML: their names change nothing."""
    family, other = a_family(**body), a_family(**renamed(body))

    ours = propose(family, CATALOGUE, None, family.assessed_on)
    theirs = propose(other, catalogue_renamed(), None, family.assessed_on)

    assert _plain(ours) == _plain(theirs)


def _plain(package):
    """Its fields as they would be under our keys; the mark of the file, which holds keys, apart."""
    said = json.loads(EITHER.sub(r"\1", to_json(package)))
    return {name: value for name, value in said.items() if name != "family_fingerprint"}


LIKE = sorted(
    key for key, kind in CATALOGUE.need_types.items() if kind.harm and kind.whose is Whose.CHILD
)
SEVERITIES = (Severity.BLOCK, Severity.REQUIRE, Severity.MATCH, Severity.PAIR, Severity.WARN)


@st.composite
def authorities(draw):
    """A harm need, a question and a rule of an authority's own, and the need of ours that is helped alike."""
    like = draw(st.sampled_from(LIKE))
    need = NeedType(
        key="house_harm",
        whose=Whose.CHILD,
        domain=Domain.SAFETY,
        label="Harm of our own making",
        family_label="Being hurt",
        safety=True,
        harm=True,
        joint_work=draw(st.sampled_from(("usual", "cleared", "never"))),
        sexual=draw(st.booleans()),
        between_adults=draw(st.booleans()),
        by_a_child=draw(st.booleans()),
        carer_answers=draw(st.booleans()),
        danger_to=("self",),
    )
    question = SafetyQuestion(
        key="house_question",
        scope=Scope.CHILD,
        words="Is it so for {person}?",
        if_unknown=draw(st.sampled_from((IfUnknown.HOLD, IfUnknown.ASK, IfUnknown.WORST))),
        safe_answer=draw(st.booleans()),
        asked_when=draw(st.sampled_from((None, Condition(need="house_harm", of="anyone")))),
    )
    severity = draw(st.sampled_from(SEVERITIES))
    words = [IfUnknown.ASK, IfUnknown.WORST, None]
    words += [] if severity is Severity.WARN else [IfUnknown.HOLD]
    rule = Rule(
        id="X-1",
        severity=severity,
        says="Not while it is so.",
        targets=(
            Target(basis=RuleBasis.STATED, tag=draw(st.sampled_from(("together", "group", "all")))),
        ),
        when=Condition(ask="house_question", of="children"),
        needs=("advocacy",) if severity is Severity.PAIR else (),
        if_unknown=draw(st.sampled_from(words)),
    )
    return like, need, question, rule


def with_ours(like, need, question, rule):
    """Our catalogue with what an authority added; its need is helped by whatever helps with `like`."""
    interventions = {
        key: replace(
            i,
            evidence=i.evidence
            + tuple(replace(row, id=f"{row.id}-x", need=need.key) for row in i.evidence_for(like)),
        )
        for key, i in CATALOGUE.interventions.items()
    }  # fmt: skip
    return replace(
        CATALOGUE,
        need_types={**CATALOGUE.need_types, need.key: need},
        questions={**CATALOGUE.questions, question.key: question},
        rules=(*CATALOGUE.rules, rule),
        interventions=interventions,
    )


@st.composite
def asked_there(draw):
    """What an authority added, and a family that has its need and its answers."""
    added = draw(authorities())
    like = added[0]
    body = draw(bodies(most_children=3))
    needs = [n | {"need": "house_harm"} if n["need"] == like else n for n in body["needs"]]
    said = {
        person["key"]: draw(st.sampled_from(("true", "false", "false", "unknown", None)))
        for person in body["people"]
        if person["role"] == "child"
    }
    answers = [
        {"ask": "house_question", "person": key, "other": None, "answer": value}
        for key, value in said.items()
        if value
    ]
    body |= {"needs": needs, "circumstances": [*body["circumstances"], *answers]}
    return a_family(**body), added


@usual
@given(case=asked_there())
def test_a_need_a_question_and_a_rule_of_an_authority_hold_in_both_readings(case):
    """That the second reading agrees with the first is asked by `propose` itself, which refuses a package otherwise."""
    family, added = case
    catalogue, rule = with_ours(*added), added[-1]

    package = propose(family, catalogue, None, family.assessed_on)

    addressed = {(o.intervention, a.person, a.need) for o in package.offers for a in o.answers}
    addressed |= {(s.intervention, s.person, s.need) for s in package.set_aside}
    for need in (n for n in family.needs if n.need == "house_harm"):
        for key, help_ in catalogue.interventions.items():
            assert ("house_harm" not in help_.needs) or (key, need.person, need.need) in addressed
    word = rule.unanswered(catalogue.questions, ["house_question"])
    strict = word in {IfUnknown.HOLD, IfUnknown.WORST}
    for offers in (package.offers, *(way.offers for way in package.alternatives)):
        for offer in offers:
            help_ = catalogue.interventions[offer.intervention]
            _keeps_to_the_rule(offer, help_, rule, strict, family)
            _keeps_apart(offer, help_, family, catalogue.need_types["house_harm"])


def _keeps_to_the_rule(offer, help_, rule, strict, family):
    """What forbids is asked of the children whom the help is for; what a rule wants otherwise is tested word by word elsewhere."""
    if rule.aims_at(help_) is None or rule.severity is not Severity.BLOCK:
        return
    said = [family.answer("house_question", key, None) for key in offer.children]
    assert AnswerValue.TRUE not in said
    assert not strict or AnswerValue.UNKNOWN not in said


def _keeps_apart(offer, help_, family, kind):
    """Who is named beside the authority's need is in no room with the child but as its own words allow."""
    if not (help_.together or help_.group) or kind.joint_work == "usual":
        return
    for one, other in permutations(offer.people, 2):
        lines = [n for n in family.needs_of(other) if n.need == kind.key]
        if any(one in (n.harmed_by or ()) for n in lines):
            assert kind.joint_work != "never"
            assert not kind.sexual
            assert {"for_carer_who_harmed", "for_cleared_pair"} & set(help_.tags)
