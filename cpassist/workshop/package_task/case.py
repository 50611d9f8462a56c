"""An invented family as a task for "Build a package", with what the real planner makes of it."""

import datetime
from dataclasses import replace

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.vocabulary import Certainty
from cpassist.family.family import Family
from cpassist.family.vocabulary import read_day
from cpassist.planning.candidates import Question
from cpassist.planning.matching.matching import match
from cpassist.planning.package.package import SetAside, SupportPackage, compose_package
from cpassist.words.evidence import CERTAINTY_WORDS
from cpassist.words.package import GAP_WORDS
from cpassist.words.workshop import SOON_WORDS
from cpassist.workshop.exercises.records import (
    Card,
    CaseHelp,
    CaseNeed,
    CaseNotes,
    PackageCase,
    PlannerOffer,
)

FIRST_RATED = 2
"""From this level of action a need asks for a response."""
NOT_HELP = frozenset(
    {
        "below_action_level",
        "not_rated",
        "not_an_intervention",
        "withdrawn",
        "not_tested_for_this",
        "to_be_checked",
    }
)
"""Reasons for which something is no help to choose here at all."""
UNFIT = frozenset({"outside_age", "no_effect_found", "may_harm", "no_one_to_take_part"})
JOINT = frozenset({"couple_work", "joint_adults"})
SURE_ENOUGH = frozenset({Certainty.REPLICATED, Certainty.ONCE})
NEXT_WEEKS = 12


def deal_case(key: str, family: Family, notes: CaseNotes, catalogue: Catalogue) -> PackageCase:
    """The family with its needs, the help there is to choose from, and the planner's package."""
    day = read_day(family.assessed)[0] if isinstance(family.assessed, str) else family.assessed
    assert isinstance(day, datetime.date)
    package = compose_package(
        match(Question(family=family, catalogue=catalogue, availability=None, on=day))
    )
    label = {person.key: person.label for person in family.people}
    needs = tuple(
        CaseNeed(
            key=f"{need.person}:{need.need}",
            person=label[need.person],
            kind=catalogue.need_types[need.need].label,
            says=f"{label[need.person]}: {catalogue.need_types[need.need].label}",
            thin=_is_thin(need.person, need.need, package, catalogue),
        )
        for need in family.needs
        if need.level is not None and need.level >= FIRST_RATED
    )
    return PackageCase(
        family=key,
        label=family.label,
        notes=notes,
        needs=needs,
        steps=tuple((step.rule, step.says) for step in package.safety_steps),
        strengths=tuple(s.says for s in family.strengths),
        help=_help(family, package, catalogue, {need.key for need in needs}, label),
        planner=tuple(
            PlannerOffer(
                intervention=offer.intervention,
                title=catalogue.interventions[offer.intervention].title,
                people=" and ".join(label[p] for p in offer.people),
                when=_when(offer.starts_week),
                says="; ".join(
                    f"{label[a.person]}, {catalogue.need_types[a.need].label}: {CERTAINTY_WORDS[Certainty(a.certainty)]}"
                    for a in offer.answers
                ),
            )
            for offer in package.offers
        ),
        gaps=tuple(
            (f"{label[g.person]}: {catalogue.need_types[g.need].label}", GAP_WORDS[g.kind])
            for g in package.gaps
        ),
        not_chosen={row.intervention: row.says for row in package.set_aside},
    )


def _when(week: int) -> str:
    return "now" if week <= 1 else "next" if week <= NEXT_WEEKS else "later"


def _is_thin(person: str, need: str, package: SupportPackage, catalogue: Catalogue) -> bool:
    """A gap of the planner's, a gap that is known to research, or nothing surer than early evidence behind what is offered."""
    if any((g.person, g.need) == (person, need) for g in package.gaps):
        return True
    if any(gap.need == need for gap in catalogue.known_gaps):
        return True
    bands = [a.certainty for o in package.offers for a in o.answers if (a.person, a.need) == (person, need)]  # fmt: skip
    return not any(Certainty(band) in SURE_ENOUGH for band in bands)


def _help(
    family: Family,
    package: SupportPackage,
    catalogue: Catalogue,
    needs: set[str],
    label: dict[str, str],
) -> tuple[CaseHelp, ...]:
    abuse = any(catalogue.need_types[n.need].between_adults for n in family.needs)
    rows: dict[tuple[str, str], list[tuple[str, SetAside | None]]] = {}
    for offer in package.offers:
        for answer in offer.answers:
            rows.setdefault((offer.intervention, answer.person), []).append((f"{answer.person}:{answer.need}", None))  # fmt: skip
    for aside in package.set_aside:
        if aside.because not in NOT_HELP:
            rows.setdefault((aside.intervention, aside.person), []).append((f"{aside.person}:{aside.need}", aside))  # fmt: skip
    made = []
    for (intervention, person), answers in sorted(rows.items()):
        kept = [(need, aside) for need, aside in answers if need in needs]
        if not kept:
            continue
        entry = catalogue.interventions[intervention]
        reasons = [aside for _, aside in kept if aside is not None]
        answered = tuple(need for need, aside in kept if aside is None or aside.because not in UNFIT)  # fmt: skip
        unsafe = any(r.because == "not_safe_now" for r in reasons) or (abuse and bool(JOINT & set(entry.tags)))  # fmt: skip
        made.append(
            CaseHelp(
                key=f"{intervention}:{person}",
                intervention=intervention,
                title=entry.title,
                person=label[person],
                answers=answered,
                fits=bool(answered) and not unsafe,
                flag=_flag(reasons, unsafe=unsafe),
                unsafe=unsafe,
                phase=entry.phase.value,
            )
        )
    return tuple(made)


def _flag(reasons: list[SetAside], *, unsafe: bool) -> str:
    """What speaks against it: the first reason that weighs; nothing where it was merely not the best."""
    for row in reasons:
        if row.because in UNFIT or row.because in {"not_safe_now", "safety_not_answered"}:
            return row.says
    return (
        "Both adults in one room while abuse is current or feared: our rule, to be confirmed by a specialist."
        if unsafe
        else ""
    )


# --- packages with faults put in, for "Spot the flaw" ---


def flawed_card(card: Card, case: PackageCase) -> Card:
    """The planner's package as a card, with the faults that the card names put in."""
    flaws = card.flaws or ()
    lines = [f"{one.title}, for {one.people}, {SOON_WORDS[one.when]}." for one in case.planner]
    if "too_much" in flaws:
        more = [h for h in case.help if h.fits and h.intervention not in {o.intervention for o in case.planner}]  # fmt: skip
        lines = [f"{one.title}, for {one.people}, now." for one in case.planner]
        lines += [f"{one.title}, for {one.person}, now." for one in _one_each(more)[:2]]
    if "unsafe" in flaws:
        unsafe = next(h for h in case.help if h.unsafe and h.person == "Dana")
        lines.append(f"{unsafe.title}, with Dana and Luke together, now.")
    if "outside_age" in flaws:
        off = next(h for h in case.help if not h.fits and not h.unsafe and h.flag)
        lines.append(f"{off.title}, for {off.person}, within twelve weeks.")
    if "rating_as_size" in flaws:
        lines.append(
            "SafeCare has the second best rating of five, so that it will help a good deal."
        )
    if "silent_gap" not in flaws:
        lines.append(
            "No help is proposed for: "
            + "; ".join(f"{need}" for need, _ in case.gaps)
            + ". We say so, and lean on what is known otherwise."
        )
    return replace(card, says="\n".join(lines))


def _one_each(help_: list[CaseHelp]) -> list[CaseHelp]:
    """One line for each intervention."""
    return list({one.intervention: one for one in help_}.values())
