"""The package: what is offered together, the gaps, what was set aside and why, and other ways."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cpassist.catalogue.conditions import Asked
from cpassist.catalogue.records import Folder, Priority
from cpassist.family.family import Family
from cpassist.planning.candidates import Candidate, RuledOut
from cpassist.planning.choosing.capacity import able_to_carry, best_for_judgements, crowded_out
from cpassist.planning.choosing.choice import choice_of
from cpassist.planning.matching.matching import Matching
from cpassist.planning.package.alternatives import Alternative, find_alternatives
from cpassist.planning.package.gaps import Beside, Gap, beside_needs, find_gaps
from cpassist.planning.package.not_chosen import not_chosen
from cpassist.planning.package.offers import Offer, offers_of
from cpassist.planning.package.ordinary_steps import PackageStep, needs_with_steps, ordinary_steps
from cpassist.planning.safety.safety_steps import SafetyStep, safety_steps
from cpassist.planning.safety.second_check import verify

FORMAT = "cpassist-package/1"


@dataclass(frozen=True, kw_only=True, repr=False)
class SetAside:
    """Why an intervention is not offered for one person's need."""

    intervention: str
    person: str
    need: str
    because: str
    says: str
    blocked_by: tuple[str, ...] = ()
    instead: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class WeekLoad:
    """What one week asks of one person, stated and assumed minutes apart."""

    person: str
    week: int
    minutes: int
    assumed_minutes: int
    limit: int | None


@dataclass(frozen=True, kw_only=True, repr=False)
class Finding:
    """Something a check has to say: blocks, warns, asks or notes."""

    code: str
    level: str
    about: tuple[str, ...]
    says: str
    ask: Asked | None = None
    holds: tuple[str, ...] = ()
    rule: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class SupportPackage:
    """The offers proposed together, the gaps, what was set aside and why."""

    catalogue_version: str = ""
    folders: tuple[Folder, ...] = ()
    rules_fingerprint: str = ""
    planned_on: datetime.date = datetime.date.min
    family_fingerprint: str = ""
    order: tuple[tuple[Priority, int], ...] = ()
    safety_steps: tuple[SafetyStep, ...] = ()
    steps: tuple[PackageStep, ...] = ()
    """Ordinary steps, need by need; never evidence of effect."""
    beside: tuple[Beside, ...] = ()
    """Beside each need, answered or not: what reviews say matters, and what keeps a child safe already."""
    offers: tuple[Offer, ...] = ()
    gaps: tuple[Gap, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    findings: tuple[Finding, ...] = ()
    load: tuple[WeekLoad, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    no_alternative_because: str | None = None
    proven_best: bool = False
    solved_by: str = ""

    def __repr__(self) -> str:
        """Counts and nothing else, as of a family."""
        return (
            f"SupportPackage({len(self.offers)} offers, {len(self.gaps)} gaps, "
            f"{len(self.set_aside)} set aside, {len(self.steps)} ordinary steps)"
        )

    def offer(self, key: str) -> Offer:
        return next(offer for offer in self.offers if offer.key == key)


def compose_package(matching: Matching) -> SupportPackage:
    """The best package by the order of what matters, checked a second time from the raw records.

    Raises PackageRefused when the second check finds a rule broken, SearchFailed when the solver
    proves nothing.
    """
    question = matching.question
    family, catalogue = question.family, question.catalogue
    limits = family.limits.minutes_per_week
    candidates = matching.candidates
    able, too_much = able_to_carry(candidates, limits)
    choice = choice_of(able, catalogue)
    best = best_for_judgements(choice, limits)
    offers = offers_of(best.picked, best.planned, family, catalogue)
    ruled_out = [
        *matching.ruled_out,
        *not_chosen(
            candidates, best.picked, {**crowded_out(best, limits), **too_much}, catalogue, family
        ),
    ]
    steps = ordinary_steps(question.harm, question.availability)
    alternatives, because = find_alternatives(offers, choice, best, question.harm)
    package = SupportPackage(
        catalogue_version=catalogue.version,
        folders=catalogue.folders,
        rules_fingerprint=catalogue.rules_fingerprint,
        planned_on=question.on,
        family_fingerprint=family.fingerprint(),
        order=best.chosen.values,
        offers=offers,
        gaps=find_gaps(
            family, catalogue, ruled_out, offers, question.on, with_steps=needs_with_steps(steps)
        ),
        beside=beside_needs(question.harm),
        set_aside=tuple(_set_aside(ruled_out, best.picked)),
        safety_steps=safety_steps(question.harm),
        steps=steps,
        load=_load(offers, family),
        alternatives=alternatives,
        no_alternative_because=because,
        proven_best=best.proven,
        solved_by=best.chosen.solved_by,
    )
    verify(package, family, catalogue, question.on)
    return package


def offers_for(matching: Matching) -> tuple[Offer, ...]:
    """Only the offers of the package, unchecked: for asking what would be different if."""
    question = matching.question
    limits = question.family.limits.minutes_per_week
    able, _ = able_to_carry(matching.candidates, limits)
    best = best_for_judgements(choice_of(able, question.catalogue), limits)
    return offers_of(best.picked, best.planned, question.family, question.catalogue)


def _set_aside(rows: Sequence[RuledOut], picked: Sequence[Candidate]) -> Iterator[SetAside]:
    """Each with the offer that is made for the same need, if there is one."""
    instead: dict[tuple[str, str], str] = {}
    for candidate in sorted(picked, key=lambda c: c.key):
        for answer in candidate.answers:
            instead.setdefault((answer.person, answer.need), candidate.key)
    for row in sorted(rows, key=lambda r: (r.person, r.need, r.intervention)):
        yield SetAside(
            intervention=row.intervention,
            person=row.person,
            need=row.need,
            because=row.because,
            says=row.says,
            blocked_by=row.blocked_by,
            instead=instead.get((row.person, row.need)),
        )


def _load(offers: Sequence[Offer], family: Family) -> tuple[WeekLoad, ...]:
    """Minutes by person and week, as far as anything runs."""
    minutes: dict[tuple[str, int], list[int]] = {}
    for offer in offers:
        for person in offer.people:
            for week in range(offer.starts_week, offer.starts_week + offer.weeks_high):
                both = minutes.setdefault((person, week), [0, 0])
                both[offer.load_basis == "assumed"] += offer.minutes_per_week
    return tuple(
        WeekLoad(
            person=person,
            week=week,
            minutes=stated,
            assumed_minutes=assumed,
            limit=family.limits.minutes_per_week.get(person),
        )
        for (person, week), (stated, assumed) in sorted(minutes.items())
    )
