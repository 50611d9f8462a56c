"""Gaps: needs that nothing here answers, of which kind, and what to lean on instead."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.named_in_code import CAUSING_HARM_TO_CHILD
from cpassist.family.family import Family
from cpassist.family.records import Need
from cpassist.harm.reading import HarmReading
from cpassist.planning.candidates import RuledOut
from cpassist.words.package import GAP_WORDS

# From what could soonest be mended to what nobody knows; the first that applies is the kind.
KINDS = (
    ("in_place", ("already_in_place",)),
    ("declined", ("declined",)),
    ("too_much_at_once", ("too_much_at_once",)),
    ("needs_another_first", ("needs_another_first", "clashes")),
    ("safety_not_answered", ("safety_not_answered",)),
    ("not_safe_now", ("not_safe_now",)),
    ("no_places", ("no_places",)),
    ("not_here", ("not_here", "does_not_reach")),
    ("no_one_to_take_part", ("no_one_to_take_part",)),
    ("outside_age", ("outside_age",)),
    ("only_thin", ("to_be_checked", "may_harm", "withdrawn")),
    ("tested_no_effect", ("no_effect_found",)),
    ("not_tested", ("not_tested_for_this", "not_an_intervention")),
)
BESIDE_ANOTHER = (
    ("safety_not_answered", "Some of what could be offered waits for answers."),
    ("not_safe_now", "Some of what exists would not be safe now."),
)
# Nobody has looked is not the same as nobody has tested.
NOT_LOOKED = "This catalogue has not looked for tested help with this."
WITH_STEPS = "What you can do all the same stands with it."
WITHOUT_STEPS = "No ordinary step is listed for it either: use your local routes, and write down what is missing."


@dataclass(frozen=True, kw_only=True, repr=False)
class Gap:
    """A need with no offer, and which kind."""

    person: str
    need: str
    kind: str
    tried: tuple[str, ...]
    lean_on: tuple[str, ...]
    says: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Beside:
    """What speaks beside one need, answered or not: what reviews say matters, and what keeps a child safe already."""

    person: str
    need: str
    lean_on: tuple[str, ...]
    strengths: tuple[str, ...]


def beside_needs(harm: HarmReading) -> tuple[Beside, ...]:
    """For each need that asks for help the practice elements that are about it, and the strengths that make safer."""
    family, catalogue = harm.family, harm.catalogue
    found = []
    for need in sorted(family.needs, key=lambda n: (n.person, n.need)):
        if not need.is_matched or need.level == 1:
            continue
        around = {need.person, *family.carers_of(need.person), *need.affects}
        lean = tuple(
            e.key
            for e in catalogue.practice_elements
            if need.need in e.needs and not (e.with_carer and need.need in harm.frightening_needs)
        )
        strengths = tuple(
            f"{family.label_of(s.person)}: {s.says}"
            for s in family.strengths
            if s.existing_safety and s.person in around
        )
        if lean or strengths:
            found.append(
                Beside(person=need.person, need=need.need, lean_on=lean, strengths=strengths)
            )
    return tuple(found)


def find_gaps(
    family: Family,
    catalogue: Catalogue,
    ruled_out: Iterable[RuledOut],
    offers: Sequence[Any],
    on: datetime.date,
    with_steps: frozenset[tuple[str, str]] = frozenset(),
) -> tuple[Gap, ...]:
    """Each need that asks for help and has no offer. A need at level 1 is watched, not a gap.

    `offers` are the package's offers; `with_steps` the needs for which an ordinary step holds.
    """
    answered = {(a.person, a.need) for offer in offers for a in offer.answers}
    by_need: dict[tuple[str, str], list[RuledOut]] = {}
    for row in ruled_out:
        by_need.setdefault((row.person, row.need), []).append(row)
    gaps = []
    for need in sorted(family.needs, key=lambda n: (n.person, n.need)):
        key = (need.person, need.need)
        if need.is_matched and need.level != 1 and key not in answered:
            steps = WITH_STEPS if key in with_steps else WITHOUT_STEPS
            gaps.append(_gap(need, by_need.get(key, []), family, catalogue, offers, on, steps))
    return tuple(gaps)


def _gap(
    need: Need,
    rows: Sequence[RuledOut],
    family: Family,
    catalogue: Catalogue,
    offers: Sequence[Any],
    on: datetime.date,
    steps: str,
) -> Gap:
    reasons = {row.because for row in rows}
    kind = next((kind for kind, because in KINDS if reasons & set(because)), "not_tested")
    # Where some of it waits for answers and some is forbidden, both are said: no answer frees the rest.
    unsafe = (
        ["Some of it would not be safe now, whatever the answers."]
        if kind == "safety_not_answered" and "not_safe_now" in reasons
        else []
    )
    # Nobody leans on work with carer and child together while who is safe with whom is open.
    apart = any({"H1", "H2"} & set(row.blocked_by) for row in rows)
    known = [
        f"{gap.says} ({gap.looked})" if gap.looked else gap.says
        for gap in catalogue.known_gaps
        if gap.need == need.need and _fits(gap.ages, family.age(need.person, on), family, need)
    ]
    first = NOT_LOOKED if kind == "not_tested" and not rows else GAP_WORDS.get(kind, "")
    if kind == "needs_another_first":
        # What has to come first, rather than that something has.
        waits = {
            f"{catalogue.title(row.intervention)} is not offered now: {row.says}"
            for row in rows
            if row.because == "needs_another_first"
        }
        # What waits for a worker's answer, or must not be, says more than what is never given by itself.
        more = [words for because, words in BESIDE_ANOTHER if because in reasons]
        first = " ".join((*more[:1], *sorted(waits)))
    return Gap(
        person=need.person,
        need=need.need,
        kind=kind,
        tried=tuple(sorted({row.intervention for row in rows})),
        # What speaks of this need comes before what holds for any.
        lean_on=tuple(
            element.key
            for element in sorted(catalogue.practice_elements, key=lambda e: not e.needs)
            if (not element.needs or need.need in element.needs)
            and not (apart and element.with_carer)
        ),
        says=" ".join(
            (
                first,
                *unsafe,
                *known,
                *_answered_through_a_child(need, family, offers),
                steps,
            )
        ),
    )


def _answered_through_a_child(need: Need, family: Family, offers: Sequence[Any]) -> list[str]:
    """Where somebody has harmed a child, work with them may stand under the child's need."""
    if need.need != CAUSING_HARM_TO_CHILD:
        return []
    children = {
        answer.person
        for offer in offers
        if need.person in offer.people
        for answer in offer.answers
        if (found := family.need(answer.person, answer.need))
        and need.person in (found.harmed_by or ())
    }
    label = family.label_of(need.person)
    return [
        f"What is proposed with {label} for {family.label_of(child)} is about that harm; it is no proof that {family.label_of(child)} is safe with them."
        for child in sorted(children)
    ]


def _fits(ages: Any, age: tuple[int, int], family: Family, need: Need) -> bool:
    if ages is None:
        return True
    return family.person(need.person).is_child and bool(age[0] <= ages.high and ages.low <= age[1])
