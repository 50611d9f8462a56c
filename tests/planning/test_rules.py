"""For each rule in the catalogue: one family that triggers it and one that does not."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from builders import a_child, a_family, an_adult
from conftest import ROOT
from shipped import CATALOGUE

from cpassist.catalogue.conditions import Condition
from cpassist.catalogue.reading import read_catalogue
from cpassist.catalogue.rules import Rule, SafetyQuestion, Target
from cpassist.catalogue.vocabulary import IfUnknown, RuleBasis, Scope, Severity, Who
from cpassist.errors import Mistakes, PackageRefused
from cpassist.planning.proposal import propose, propose_with_matching
from cpassist.planning.safety.second_check import verify

# What is answered with yes where nothing stands in the way; the rest with no.
SAFE_YES = {key for key, question in CATALOGUE.questions.items() if question.safe_answer}


# Help for parents who misuse, whatever need it is sought for.
WITH_MISUSE = {"parents_under_pressure", "m_pact", "mst_bsf", "mothering_from_the_inside_out"}


def offered_rows(intervention):
    """The findings that can carry an offer for some need."""
    return [r for r in intervention.evidence if r.may_be_offered_on and r.need]


class Draft:
    """A family in which one intervention is in reach and every question has its safe answer."""

    def __init__(self, intervention):
        self.help = intervention
        rows = offered_rows(intervention)
        row = next((r for r in rows if r.need == "exposed_to_domestic_abuse"), rows[0])
        self.need = row.need
        kind = CATALOGUE.need_types[row.need]
        ages = [a for a in intervention.ages if a.read.value != "recalled"]
        months = (ages[0].low + ages[0].high) // 2 if ages else 100
        self.unborn = months < 0
        self.born = (
            f"{2026 - (months + 2) // 12}-{12 - (months + 2) % 12:02d}" if not self.unborn else None
        )
        self.needs = {("ann", "parenting_skills"): {"level": 2}}
        whose = "kid" if kind.whose.value == "child" else "ann"
        if intervention.plays(Who.PERSON_CAUSING_HARM):
            whose = "bob"
            self.needs["ann", "domestic_abuse_victim"] = {"level": 2, "harmed_by": ["bob"]}
        if intervention.plays(Who.VICTIM):
            self.needs["ann", "domestic_abuse_victim"] = {
                "level": 2,
                "harmed_by": ["bob"],
                "affects": ["kid"],
            }
        main = {"level": 1 if intervention.intensity.value == "light" else 2}
        if kind.harm:
            own = intervention.plays(Who.HARMING_CARER) or row.need in {
                "neglect",
                "physical_abuse",
                "emotional_abuse",
            }
            main["harmed_by"] = (
                ["ann"]
                if own and "did_not_harm_this_child" not in str(intervention.takes_part)
                else ["bob"]
            )
        if whose != "kid":
            main["affects"] = ["kid"]
        self.needs[whose, row.need] = main
        if row.need == "domestic_abuse_victim":
            main["harmed_by"] = ["bob"]
        if intervention.key in WITH_MISUSE:
            self.needs["ann", "drug_misuse"] = {"level": 2, "affects": ["kid"]}
        self.answers = {}
        self.legal = []
        self.placement = "kinship" if intervention.plays(Who.SUBSTITUTE_CARER) else "parents"
        # For whom it is made is so, unless a test says otherwise.
        for rule, _ in CATALOGUE.rules_for(intervention):
            if rule.severity is Severity.MATCH and rule.when and not [*rule.when.questions()]:
                settle(rule.when, True, self)

    def family(self):
        couple = self.help.plays(Who.COUPLE)
        people = [
            an_adult("ann", cares_for=["kid"]),
            an_adult(
                "bob", lives_in=["home" if couple else "away"], cares_for=["kid"] if couple else []
            ),
            {"key": "kid", "role": "child", "label": "Kid", "due": "2027-02", "carried_by": "ann"}
            if self.unborn
            else a_child("kid", self.born, placement=self.placement, legal=self.legal),
        ]
        pairs = list(permutations(["ann", "bob", "kid"], 2))
        lines = []
        for key, question in CATALOGUE.questions.items():
            wanted = key in SAFE_YES or any(key in part.must for part in self.help.takes_part)
            value = self.answers.get(key, "true" if wanted else "false")
            if value is None or key in {"lives_together", "both_partners_misuse"}:
                continue
            about = {"pair": pairs, "family": [(None, None)]}.get(
                question.scope.value, [(k, None) for k in ("ann", "bob", "kid")]
            )
            lines += [{"ask": key, "person": p, "other": o, "answer": value} for p, o in about]
        if "lives_together" in self.answers:
            people[1]["lives_in"] = ["home"]
        kinds = {"kinship": "kinship_carer", "foster": "foster_carer"}
        kind = kinds.get(self.placement, "parent")
        return a_family(
            people=people,
            needs=[{"person": p, "need": n, **more} for (p, n), more in self.needs.items()],
            relations=[
                {"person": "ann", "child": "kid", "as": kind},
                {"person": "bob", "child": "kid", "as": "parent"},
            ],
            circumstances=lines,
            support=[
                {"person": who, "intervention": first, "state": "completed"}
                for key, who, first in (
                    ("emdr", "kid", "tf_cbt"),
                    ("triple_p_pathways", "ann", "triple_p_standard"),
                )
                if self.help.key == key
            ],
        )


def settle(condition, want, draft):
    """Changes a draft so that a condition holds, or does not."""
    if condition is None:
        return
    if condition.negated is not None:
        settle(condition.negated, not want, draft)
    elif condition.all is not None:
        for part in condition.all:
            settle(part, want, draft)
    elif condition.any is not None:
        for part in condition.any if not want else condition.any[:1]:
            settle(part, want, draft)
    elif condition.ask == "both_partners_misuse":
        for key in ("ann", "bob"):
            draft.needs.pop((key, "alcohol_misuse"), None)
            if want or key == "ann":
                draft.needs[key, "alcohol_misuse"] = {"level": 2, "affects": ["kid"]}
    elif condition.ask == "lives_together":
        draft.answers.pop("lives_together", None)
        if want:
            draft.answers["lives_together"] = "true"
        if draft.help is None and want:
            # A step speaks of no help: who harms whom is on file only if it is put there, here at home.
            for harm in condition.harm:
                of_child = CATALOGUE.need_types[harm].whose.value == "child"
                draft.needs["kid" if of_child else "ann", harm] = {
                    "level": 2,
                    "harmed_by": ["ann" if of_child else "bob"],
                }
                draft.bob_lives_in = ["away" if of_child else "home"]
    elif condition.ask is not None:
        draft.answers[condition.ask] = "true" if want else "false"
        if condition.of == "harmers" and want and draft.help is None:
            # A step speaks to no help: who harms is on file only if it is put there.
            draft.needs["kid", "physical_abuse"] = {"level": 2, "harmed_by": ["ann"]}
    elif condition.need is not None:
        settle_need(condition, want, draft)
    else:
        settle_standing(condition, want, draft)


def settle_need(condition, want, draft):
    """Records a need, or takes it out."""
    for key in ("ann", "bob", "kid"):
        if condition.need != draft.need:
            draft.needs.pop((key, condition.need), None)
    if want:
        kind = CATALOGUE.need_types[condition.need]
        target = "bob" if draft.help and draft.help.plays(Who.PERSON_CAUSING_HARM) else "ann"
        target = "kid" if kind.whose.value == "child" else target
        if (target, condition.need) in draft.needs:
            return
        draft.needs[target, condition.need] = {
            "level": 3,
            **({"affects": ["kid"]} if target != "kid" else {}),
            **({"harmed_by": ["bob"]} if kind.harm else {}),
        }
        if condition.aged is not None and condition.aged.low is not None:
            draft.born = "2013-05"


def settle_standing(condition, want, draft):
    """Where the child lives, and the child's standing with the court."""
    if condition.harm_at is not None:
        if want:
            draft.needs["kid", "physical_abuse"] = {
                "level": condition.harm_at,
                "harmed_by": ["bob"],
            }
    elif condition.age is not None and condition.age.low is not None:
        draft.born = "2012-05" if want else "2018-05"
    elif condition.age is not None:
        draft.is_expecting = want
    elif condition.placement is not None:
        elsewhere = draft.help is not None and draft.help.plays(Who.SUBSTITUTE_CARER)
        draft.placement = condition.placement if want else ("foster" if elsewhere else "parents")
    elif condition.legal is not None:
        draft.legal = [condition.legal] if want else []
    else:
        raise AssertionError(f"no way to settle {condition}")


def _spoken(rule, draft):
    """Whether a rule says or does anything to its target in this family."""
    family = draft.family()
    matching, package = propose_with_matching(family, CATALOGUE, None, family.assessed_on)
    aside = [
        s for s in package.set_aside if s.intervention == draft.help.key and rule.id in s.blocked_by
    ]
    candidates = [c for c in matching.candidates if c.intervention.key == draft.help.key]
    noted = any(
        rule.id in c.warnings or any(r.rule == rule.id for r in c.requires) for c in candidates
    )
    required = any(
        rule.id in s.blocked_by for s in package.set_aside if s.intervention == draft.help.key
    )
    return bool(aside or noted or required)


AIMED = [
    pytest.param(rule, target, id=f"{rule.id}-{target}")
    for rule in CATALOGUE.rules
    if rule.when is not None and not rule.step
    for target in sorted(
        i.key for i in CATALOGUE.interventions.values() if i.is_offered_kind and rule.aims_at(i)
    )
    if offered_rows(CATALOGUE.interventions[target])
    # A question about a child says nothing of a group of parents.
    if rule.id not in {"H6", "H31"} or CATALOGUE.interventions[target].plays(Who.CHILD)
]


@pytest.mark.parametrize(("rule", "target"), AIMED)
def test_a_rule_speaks_when_its_condition_holds_and_only_then(rule, target):
    # A `match` rule says what must be so: it speaks when its condition does not hold.
    speaks_when = rule.severity is not Severity.MATCH
    triggering, silent = (
        Draft(CATALOGUE.interventions[target]),
        Draft(CATALOGUE.interventions[target]),
    )
    settle(rule.when, speaks_when, triggering)
    settle(rule.when, not speaks_when, silent)

    assert _spoken(rule, triggering)
    assert not _spoken(rule, silent)


def _word(rule):
    """What the rule does while its questions are open, as the files say it."""
    return rule.unanswered(CATALOGUE.questions, rule.when.questions()).value


# What the family file itself answers, whatever nobody was asked.
FROM_THE_FILE = {"lives_together", "both_partners_misuse", "sibling_in_same_group"}


@pytest.mark.parametrize(
    ("rule", "target"),
    [p for p in AIMED if set(p.values[0].when.questions()) - FROM_THE_FILE],
)
def test_a_rule_does_what_its_word_says_while_its_questions_are_open(rule, target):
    draft = Draft(CATALOGUE.interventions[target])
    settle(rule.when, rule.severity is not Severity.MATCH, draft)
    for key in rule.when.questions():
        draft.answers[key] = None
    family = draft.family()
    matching, package = propose_with_matching(family, CATALOGUE, None, family.assessed_on)
    candidates = [c for c in matching.candidates if c.intervention.key == target]
    held = [s for s in package.set_aside if s.intervention == target and rule.id in s.blocked_by]
    warns_only = rule.severity is Severity.WARN or rule.aims_at(draft.help) is RuleBasis.INFERRED

    youngest = min(CATALOGUE.questions[key].from_months for key in rule.when.questions())
    if (
        (rule.when.of == "treated" or {part.who for part in draft.help.takes_part} == {Who.CHILD})
        and not draft.unborn
        and family.age("kid", family.assessed_on)[1] < youngest
    ):
        # Nobody asks it of a child so small, so nothing is open.
        assert candidates
        return
    match _word(rule):
        case "ignore":
            assert not held
            assert not any(rule.id in c.warnings for c in candidates)
        case "hold" | "worst" if not warns_only:
            # A rule that wants another part beside it lets the offer stand with that part.
            assert held or all(any(r.rule == rule.id for r in c.requires) for c in candidates)
            assert not any(
                rule.severity in {Severity.BLOCK, Severity.REQUIRE, Severity.MATCH}
                for _ in candidates
            )
        case word:
            # The same open question may keep it out by another rule.
            assert candidates or any(s.intervention == target for s in package.set_aside)
            assert all(rule.id in c.warnings for c in candidates)
            if word == "ask":
                assert all(any(o.rule == rule.id for o in c.conditions) for c in candidates)


WORDS = ["hold", "ask", "warn", "worst", "ignore", None]


@pytest.mark.parametrize("severity", ["block", "require", "match", "sequence", "pair"])
@pytest.mark.parametrize("asked", ["hold", "ask", "worst", "ignore"])
@pytest.mark.parametrize("word", WORDS)
def test_the_rule_of_an_authority_is_followed_to_the_letter_in_both_readings(severity, asked, word):
    """A rule with a question of its own, both unknown to us, on help that would be offered without it."""
    key = "safecare"
    question = SafetyQuestion(
        key="house_x",
        scope=Scope.CHILD,
        words="Is it so for {person}?",
        if_unknown=IfUnknown(asked),
    )
    rule = Rule(
        id="X-1",
        severity=Severity(severity),
        says="Not while it is so.",
        targets=(Target(basis=RuleBasis.STATED, intervention=key),),
        when=Condition(ask="house_x", of="children"),
        needs=("advocacy",) if severity in {"pair", "sequence"} else (),
        if_unknown=IfUnknown(word) if word else None,
    )
    with_rule = replace(
        CATALOGUE,
        rules=(*CATALOGUE.rules, rule),
        questions={**CATALOGUE.questions, "house_x": question},
    )
    family = Draft(CATALOGUE.interventions[key]).family()
    means = word or ("worst" if severity == "pair" else asked)

    before = propose(family, CATALOGUE, None, family.assessed_on)
    package = propose(family, with_rule, None, family.assessed_on)

    assert any(o.intervention == key for o in before.offers)
    offers = [o for o in package.offers if o.intervention == key]
    aside = {s.because for s in package.set_aside if "X-1" in s.blocked_by}
    asks = {f.ask.key for f in package.findings if f.ask}
    if means == "hold":
        assert not offers
        assert aside == {"safety_not_answered"}
    elif means == "worst":
        assert not offers
        expected = {"match": "no_one_to_take_part", "pair": "needs_another_first",
                    "sequence": "needs_another_first"}  # fmt: skip
        assert aside == {expected.get(severity, "not_safe_now")}
    else:
        assert offers
        assert not aside
        assert ("X-1" in offers[0].warnings) == (means in {"ask", "warn"})
    if means in {"hold", "ask"} or (means == "worst" and severity in {"block", "require", "match"}):
        assert "house_x" in asks
    refuses = not offers and not (severity == "sequence" and means == "worst")
    with pytest.raises(PackageRefused) if refuses else nullcontext():
        verify(before, family, with_rule, family.assessed_on)


@pytest.mark.parametrize(
    "line",
    [
        "{id: X-1, severity: warn, if_unknown: hold, targets: [{intervention: safecare, basis: house}], says: So.}",
        "{id: X-1, severity: require, step: true, if_unknown: hold, says: So.}",
    ],
)
def test_a_word_that_would_do_nothing_is_refused(line, tmp_path):
    (tmp_path / "rules.yaml").write_text(f"- {line}\n")

    with pytest.raises(Mistakes) as refused:
        read_catalogue(ROOT / "catalogue", tmp_path)

    assert any("if_unknown cannot be hold" in mistake for mistake in refused.value.mistakes)


@pytest.mark.parametrize("rule", [r for r in CATALOGUE.rules if r.step], ids=lambda r: r.id)
def test_a_safety_step_is_said_when_its_condition_holds_and_asks_what_it_asks(rule):
    triggering, silent = Standing(), Standing()
    settle(rule.when, True, triggering)
    silent.needs["kid", "school_absence"] = {"level": 3}

    _, package = propose_with_matching(triggering.family(), CATALOGUE, None, date(2026, 11, 2))
    _, other = propose_with_matching(silent.family(), CATALOGUE, None, date(2026, 11, 2))

    said = {s.rule for s in package.safety_steps}
    # One that says more of the same people stands for it.
    assert rule.id in said | {key for one in said for key in CATALOGUE.rule(one).covers}
    assert rule.id not in {s.rule for s in other.safety_steps}
    asked = {f.ask.key for f in package.findings if f.code == "step_question" and f.rule == rule.id}
    assert asked == {key for key in rule.asks if key not in triggering.answers}


class Standing:
    """A mother and a child of 8, with what a safety step looks at."""

    def __init__(self):
        self.help = None
        self.need = ""
        self.needs, self.answers = {}, {}
        self.legal, self.placement, self.born = [], "parents", "2018-05"
        self.bob_lives_in = ["away"]
        self.is_expecting = False

    def family(self):
        people = [
            an_adult("ann", cares_for=["kid"]),
            an_adult("bob", lives_in=self.bob_lives_in),
            a_child("kid", self.born, legal=self.legal, placement=self.placement),
        ]
        if self.is_expecting:
            people.append(
                {
                    "key": "bump",
                    "role": "child",
                    "label": "Bump",
                    "due": "2027-02",
                    "carried_by": "ann",
                }
            )
        whose = {
            key: "kid" if CATALOGUE.need_types[key].whose.value == "child" else person
            for person, key in self.needs
        }
        return a_family(
            people=people,
            needs=[
                {
                    "affects": [] if whose[key] == "kid" else ["kid"],
                    **more,
                    "person": whose[key],
                    "need": key,
                }
                for (_, key), more in self.needs.items()
            ],
            circumstances=[
                {
                    "ask": key,
                    "person": {"family": None, "child": "kid"}.get(
                        CATALOGUE.questions[key].scope.value, "ann"
                    ),
                    "other": None,
                    "answer": value,
                }
                for key, value in self.answers.items()
            ],
        )


def test_every_rule_without_a_condition_is_always_said_or_stands_in_the_code():
    for rule in CATALOGUE.rules:
        if rule.when is None and rule.built_in:
            assert (ROOT / rule.built_in).is_file(), rule.id
    for intervention in CATALOGUE.interventions.values():
        if not offered_rows(intervention) or not intervention.is_offered_kind:
            continue
        always = {
            rule.id
            for rule, _ in CATALOGUE.rules_for(intervention)
            if rule.when is None and rule.severity is Severity.WARN and not rule.built_in
        }
        family = Draft(intervention).family()
        matching, _ = propose_with_matching(family, CATALOGUE, None, family.assessed_on)
        for candidate in matching.candidates:
            if candidate.intervention.key == intervention.key:
                assert always <= set(candidate.warnings)


def test_one_child_of_a_family_at_a_time_in_dart():
    people = [
        an_adult("ann", cares_for=["mia", "max"]),
        an_adult("bob", lives_in=["away"]),
        a_child("mia"),
        a_child("max", "2016-01"),
    ]
    needs = [
        {"person": "ann", "need": "domestic_abuse_victim", "level": 2, "harmed_by": ["bob"]},
        {"person": "mia", "need": "exposed_to_domestic_abuse", "level": 2, "harmed_by": ["bob"]},
        {"person": "max", "need": "exposed_to_domestic_abuse", "level": 2, "harmed_by": ["bob"]},
    ]
    answers = [
        {"ask": "suicide_risk", "person": k, "answer": "false"} for k in ("ann", "mia", "max")
    ]
    answers += [{"ask": "harm_continues", "person": k, "answer": "false"} for k in ("mia", "max")]
    answers += [
        {"ask": "afraid_of", "person": "ann", "other": k, "answer": "false"} for k in ("mia", "max")
    ]
    family = a_family(people=people, needs=needs, circumstances=answers)

    _, package = propose_with_matching(family, CATALOGUE, None, family.assessed_on)

    assert sum(offer.intervention == "dart" for offer in package.offers) == 1
    left = next(s for s in package.set_aside if s.intervention == "dart")
    assert (left.because, left.blocked_by) == ("clashes", ("R-CH-08",))
