"""Generated families and a generated catalogue: seeded, invented, only for measuring and for tests."""

import random
import zlib
from collections.abc import Sequence
from dataclasses import replace

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Cost, Evidence, Intervention
from cpassist.catalogue.vocabulary import Certainty
from cpassist.family.changes import with_answer
from cpassist.family.family import Family
from cpassist.family.records import Answer, Limits, Need, Person, Relation
from cpassist.family.vocabulary import ActionLevel, AnswerValue, RelationKind, Role
from cpassist.planning.candidates import Question
from cpassist.planning.matching.eligibility import sort_out

LEVELS = (ActionLevel.KEEP_AN_EYE, *(ActionLevel.NEEDS_HELP, ActionLevel.NEEDS_HELP_NOW) * 2)
CERTAINTIES = (Certainty.REPLICATED, Certainty.ONCE, Certainty.EARLY, Certainty.UNCLEAR)
# In so many of a hundred generated families one adult is violent to another.
ABUSE_IN_A_HUNDRED = 35


def a_generated_family(children: int, seed: int, catalogue: Catalogue) -> Family:
    """A family of so many children, each with one to five needs; its questions are answered by chance."""
    chance = random.Random(f"{seed} {children}")
    kinds = {
        whose: sorted(k for k, kind in catalogue.need_types.items() if kind.whose.value == whose)
        for whose in ("child", "adult")
    }
    young = [f"child_{n}" for n in range(children)]
    grown = [f"adult_{n}" for n in range(chance.randint(1, 2 + (children > 3)))]
    people = [
        Person(
            key=key,
            role=Role.ADULT,
            label=f"Adult {key[-1]}",
            born=str(chance.randint(1975, 2004)),
            lives_in=("home",),
            cares_for=tuple(young),
        )
        for key in grown
    ]
    people += [
        Person(
            key=key,
            role=Role.CHILD,
            label=f"Child {key[-1]}",
            born=f"{chance.randint(2010, 2025)}-{chance.randint(1, 10):02d}",
            lives_in=("home",),
        )
        for key in young
    ]
    needs = [
        Need(person=key, need=kind, level=chance.choice(LEVELS), harmed_by=_harmer(kind, grown, catalogue, chance))
        for key in young
        for kind in sorted(chance.sample(kinds["child"], chance.randint(1, 5)))
    ]  # fmt: skip
    abuse = len(grown) > 1 and chance.randrange(100) < ABUSE_IN_A_HUNDRED
    for index, key in enumerate(grown):
        theirs = set(chance.sample(kinds["adult"], chance.randint(0, 3)))
        theirs -= {"domestic_abuse_victim", "domestic_abuse_causing"}
        if abuse and index < 2:
            theirs |= {("domestic_abuse_victim", "domestic_abuse_causing")[index]}
        needs += [
            Need(
                person=key,
                need=kind,
                level=chance.choice(LEVELS),
                affects=tuple(young),
                harmed_by=(grown[1],) if kind == "domestic_abuse_victim" else None,
            )
            for kind in sorted(theirs)
        ]
    minutes = {key: chance.choice((90, 180, 300)) for key in grown if chance.random() < 0.5}
    family = Family(
        label="A generated family",
        assessed="2026-11-02",
        invented=True,
        people=tuple(people),
        relations=tuple(
            Relation(person=key, child=child, kind=RelationKind.PARENT)
            for key in grown
            for child in young
        ),
        needs=tuple(needs),
        limits=Limits(minutes_per_week=minutes),
    )
    return settled(family, catalogue)


def _harmer(
    kind: str, grown: Sequence[str], catalogue: Catalogue, chance: random.Random
) -> tuple[str, ...] | None:
    if not catalogue.need_types[kind].harm:
        return None
    return (chance.choice((*grown, "outside_family")),)


def settled(family: Family, catalogue: Catalogue, rounds: int = 4) -> Family:
    """The same family with the questions that hold help answered, so that there is more to choose among.

    Which way a question is answered follows from its own name: the same for the same family.
    """
    for _ in range(rounds):
        question = Question(
            family=family, catalogue=catalogue, availability=None, on=family.assessed_on
        )
        held = [row for row in sort_out(question)[1] if row.because == "safety_not_answered"]
        asked = {ask for row in held for ask in row.asked if ask.key in catalogue.questions}
        if not asked:
            break
        for ask in sorted(asked, key=lambda a: (a.key, a.person or "", a.other or "")):
            yes = zlib.crc32(f"{ask.key} {ask.person} {ask.other}".encode()) % 3 == 0
            answer = Answer(
                ask=ask.key,
                person=ask.person,
                other=ask.other,
                answer=AnswerValue.TRUE if yes else AnswerValue.FALSE,
            )
            family = with_answer(family, answer, two_way=catalogue.questions[ask.key].two_way)
    return family


def a_generated_catalogue(catalogue: Catalogue, size: int, seed: int = 1) -> Catalogue:
    """A catalogue of so many invented interventions, each made of the parts of a real one.

    People, tags (and so the rules) and ages come from one real intervention, needs and ratings by
    chance: as much in conflict as the real catalogue, and nothing in it is true.
    """
    chance = random.Random(seed)
    patterns = [
        i
        for _, i in sorted(catalogue.interventions.items())
        if i.is_offered_kind and any(row.may_be_offered_on and row.need for row in i.evidence)
    ]
    made = {}
    for number in range(size):
        pattern = chance.choice(patterns)
        key = f"help_{number}"
        made[key] = replace(
            pattern,
            key=key,
            title=f"Help {number}",
            uk_delivered=chance.random() < 0.7,
            cost=Cost(band=chance.randint(1, 5), source=pattern.evidence[0].source),
            evidence=_evidence(key, pattern, catalogue, chance),
        )
    return replace(catalogue, interventions=made)


def _evidence(
    key: str, pattern: Intervention, catalogue: Catalogue, chance: random.Random
) -> tuple[Evidence, ...]:
    """Findings like those of the pattern, about needs of the same people, of any certainty."""
    rows = [row for row in pattern.evidence if row.may_be_offered_on and row.need]
    found = []
    for number in range(chance.randint(1, 3)):
        row = chance.choice(rows)
        whose = catalogue.need_types[row.need].whose
        alike = sorted(k for k, kind in catalogue.need_types.items() if kind.whose is whose)
        found.append(
            replace(
                row,
                id=f"{key}_{number}",
                need=chance.choice(alike),
                certainty=chance.choice(CERTAINTIES),
                rating=None,
            )
        )
    return tuple({row.need: row for row in found}.values())
