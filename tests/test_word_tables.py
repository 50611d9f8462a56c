"""Tables of words: each value of a closed list has its words, and none has words that is no value."""

import pytest

from cpassist.catalogue.vocabulary import (
    Certainty,
    Domain,
    Effect,
    Kind,
    Read,
    RuleBasis,
    Who,
)
from cpassist.family.vocabulary import (
    ActionLevel,
    Basis,
    Legal,
    Placement,
    RelationKind,
    SupportState,
    When,
)
from cpassist.plans.plan import Agreement, Became, PlanState, Verdict
from cpassist.words import evidence, family, plan, workshop
from cpassist.workshop.exercises.records import Phase


def keys(options):
    return {option[0] for option in options}


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (family.LEVEL_WORDS, {*ActionLevel, None}),
        (keys(family.LEVEL_OPTIONS), {*map(str, map(int, ActionLevel)), "none"}),
        (keys(family.PLACEMENT_OPTIONS), Placement),
        (keys(family.LEGAL_OPTIONS), Legal),
        (family.STANDING_WORDS, set(Legal) - {Legal.NONE}),
        (family.RELATION_WORDS, RelationKind),
        (keys(family.BASIS_OPTIONS), Basis),
        (family.BASIS_WORDS, Basis),
        (family.BASIS_IN_A_SENTENCE, Basis),
        (keys(family.WHEN_OPTIONS), When),
        (family.WHEN_WORDS, When),
        (keys(family.SUPPORT_OPTIONS), SupportState),
        (family.DOMAIN_WORDS, Domain),
        (evidence.KIND_WORDS, Kind),
        (evidence.WHO_WORDS, Who),
        (evidence.CERTAINTY_WORDS, Certainty),
        (evidence.READ_WORDS, Read),
        (evidence.READ_ON_A_CARD, Read),
        (evidence.RULE_BASIS_WORDS, RuleBasis),
        (evidence.EFFECT_WORDS, Effect),
        (evidence.EFFECT_ON_A_CARD, Effect),
        (plan.STATE_WORDS, PlanState),
        (plan.AGREEMENT_WORDS, Agreement),
        (keys(plan.AGREEMENT_OPTIONS), Agreement),
        (plan.BECAME_WORDS, Became),
        (plan.VERDICT_WORDS, Verdict),
        (keys(plan.VERDICT_OPTIONS), Verdict),
        (workshop.PHASE_WORDS, Phase),
    ],
)  # fmt: skip
def test_each_value_has_its_words(words, values):
    assert set(words) == set(values)
