"""The package: what is offered together, the gaps, what was set aside and why, and other ways."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cpassist.catalogue.conditions import Asked
from cpassist.catalogue.records import Catalogue, Folder, Priority
from cpassist.family import Family
from cpassist.planning.alternatives import Alternative, find_alternatives
from cpassist.planning.candidates import Candidate, RuledOut
from cpassist.planning.choice import Chosen, SearchFailed, Wanted, only
from cpassist.planning.gaps import Gap, find_gaps
from cpassist.planning.graph import (
    candidates_in,
    clashes_among,
    question_of,
    ruled_out_in,
)
from cpassist.planning.offers import Offer, offers_of
from cpassist.planning.reasons import not_chosen
from cpassist.planning.schedule import Schedule, schedule
from cpassist.planning.search import choose
from cpassist.planning.steps import SafetyStep, safety_steps
from cpassist.planning.verify import verify

if TYPE_CHECKING:
    import networkx as nx

FORMAT = "cpassist-package/1"


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """Why an intervention is not offered for one person's need."""

    intervention: str
    person: str
    need: str
    because: str
    says: str
    blocked_by: tuple[str, ...] = ()
    instead: str | None = None


@dataclass(frozen=True, kw_only=True)
class WeekLoad:
    """What one week asks of one person, stated and assumed minutes apart."""

    person: str
    week: int
    minutes: int
    assumed_minutes: int
    limit: int | None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something a check has to say: blocks, warns, asks or notes."""

    code: str
    level: str
    about: tuple[str, ...]
    says: str
    ask: Asked | None = None
    holds: tuple[str, ...] = ()
    rule: str | None = None


@dataclass(frozen=True, kw_only=True)
class SupportPackage:
    """The offers proposed together, the gaps, what was set aside and why."""

    catalogue_version: str = ""
    folders: tuple[Folder, ...] = ()
    rules_fingerprint: str = ""
    planned_on: datetime.date = datetime.date.min
    family_fingerprint: str = ""
    order: tuple[tuple[Priority, int], ...] = ()
    safety_steps: tuple[SafetyStep, ...] = ()
    offers: tuple[Offer, ...] = ()
    gaps: tuple[Gap, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    findings: tuple[Finding, ...] = ()
    load: tuple[WeekLoad, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    no_alternative_because: str | None = None
    proven_best: bool = False
    solved_by: str = ""

    def offer(self, key: str) -> Offer:
        return next(offer for offer in self.offers if offer.key == key)


def compose_package(graph: "nx.DiGraph[str]") -> SupportPackage:
    """The best package by the order of what matters, checked a second time from the raw records.

    Raises PackageRefused when the second check finds a rule broken, SearchFailed when the solver
    proves nothing.
    """
    question = question_of(graph)
    family, catalogue = question.family, question.catalogue
    candidates = candidates_in(graph)
    chosen, planned, too_much, able = _chosen_and_planned(candidates, family, catalogue)
    picked = only(candidates, chosen.keys)
    offers = offers_of(picked, planned, family, catalogue)
    ruled_out = [
        *ruled_out_in(graph),
        *not_chosen(candidates, picked, too_much, catalogue, family),
    ]
    set_aside = tuple(
        sorted(
            (_set_aside(row, picked) for row in ruled_out),
            key=lambda s: (s.person, s.need, s.intervention),
        )
    )
    package = SupportPackage(
        catalogue_version=catalogue.version,
        folders=catalogue.folders,
        rules_fingerprint=catalogue.rules_fingerprint,
        planned_on=question.on,
        family_fingerprint=family.fingerprint(),
        order=chosen.values,
        offers=offers,
        gaps=find_gaps(family, catalogue, ruled_out, offers, question.on),
        set_aside=set_aside,
        safety_steps=safety_steps(family, catalogue, question.on),
        load=_load(offers, family),
        # What found no room in the weeks was taken out one by one, which proves nothing.
        proven_best=all(
            _over_alone(c, family.limits.minutes_per_week) for c in candidates if c.key in too_much
        ),
        solved_by=chosen.solved_by,
    )
    alternatives, because = find_alternatives(offers, able, chosen, family, catalogue)
    package = replace(package, alternatives=alternatives, no_alternative_because=because)
    verify(package, family, catalogue, question.on)
    return package


def _chosen_and_planned(
    candidates: Sequence[Candidate], family: Family, catalogue: Catalogue
) -> tuple[Chosen, Schedule, dict[str, str], list[Candidate]]:
    """The choice that also finds room in the weeks; what had to be left; what was left to choose from."""
    limits = dict(family.limits.minutes_per_week)
    too_much: dict[str, str] = {}
    able = []
    for candidate in candidates:
        person = _over_alone(candidate, limits)
        if person:
            too_much[candidate.key] = person
        else:
            able.append(candidate)
    while True:
        chosen = _choose_with_judgements(able, catalogue)
        planned = schedule(only(able, chosen.keys), limits)
        if not planned.no_room:
            break
        for key in planned.no_room:
            people = [p for p in only(able, {key})[0].people if p in limits]
            too_much[key] = min(people, key=limits.__getitem__)
        # Fewer each time, so this ends.
        able = [candidate for candidate in able if candidate.key not in too_much]
    return chosen, planned, too_much, able


def _choose_with_judgements(able: Sequence[Candidate], catalogue: Catalogue) -> Chosen:
    """The best choice with what workers accepted or added, as far as the rules allow it together."""
    forced = frozenset(c.key for c in able if c.judged is not None)
    for wanted in (forced, _compatible(able, forced, catalogue), frozenset[str]()):
        chosen = choose(able, catalogue, Wanted(forced=wanted))
        if chosen is not None:
            return chosen
    raise SearchFailed("No package could be put together. This is our mistake.")


def _compatible(
    candidates: Sequence[Candidate], forced: frozenset[str], catalogue: Catalogue
) -> frozenset[str]:
    kept: list[str] = []
    clashing = {
        frozenset((a.key, b.key)) for a, b, _ in clashes_among(tuple(candidates), catalogue)
    }
    for key in sorted(forced):
        if all(frozenset((key, other)) not in clashing for other in kept):
            kept.append(key)
    return frozenset(kept)


def _set_aside(row: RuledOut, picked: Sequence[Candidate]) -> SetAside:
    instead = [
        c.key
        for c in picked
        if any((a.person, a.need) == (row.person, row.need) for a in c.answers)
    ]
    return SetAside(
        intervention=row.intervention,
        person=row.person,
        need=row.need,
        because=row.because,
        says=row.says,
        blocked_by=row.blocked_by,
        instead=min(instead, default=None),
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


def _over_alone(candidate: Candidate, limits: Mapping[str, int]) -> str | None:
    """Who could not carry this offer even alone; never asked of safety help or of assumed minutes."""
    if candidate.is_safety or not candidate.load.stated:
        return None
    over = [p for p in candidate.people if candidate.load.minutes_per_week > limits.get(p, 10**6)]
    return over[0] if over else None
