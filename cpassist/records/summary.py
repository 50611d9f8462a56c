"""What a list shows of a plan and what counts over many plans use: kept beside it, so that neither opens all."""

import datetime
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from cpassist.catalogue.vocabulary import Certainty
from cpassist.family_vocabulary import ActionLevel, Choice
from cpassist.planning.offers import names
from cpassist.records.days import full_weeks, moved
from cpassist.records.harm import may_reach_them
from cpassist.records.plan import (
    NOT_SIMPLY_CONTINUED,
    Agreement,
    Became,
    CasePlan,
    PlanState,
)

FEWEST_SHOWN = 5
"""A count under five could point at a family, and is not shown."""
THIN = frozenset({Certainty.EARLY, Certainty.UNCLEAR})
OPEN_SAFETY = frozenset({"safety_question_open", "step_question", "harmer_not_recorded"})


@dataclass(frozen=True, kw_only=True)
class Attention:
    """Something that a supervisor should look at first, with whom and what it is about, by label and key."""

    why: str
    who: str = ""
    need: str = ""
    number: int = 0
    help_: str = ""
    """An intervention by key, where it is about one."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One plan in short."""

    children: int = 0
    offers: int = 0
    attention: tuple[Attention, ...] = ()
    """In the order in which it should be looked at."""
    gaps: tuple[str, ...] = ()
    """<need>:<kind>, each once."""
    missing: tuple[str, ...] = ()
    """Interventions that cannot be had here."""
    departures: tuple[str, ...] = ()
    """decline:<intervention> or add:<intervention>."""
    gap_lines: int = 0
    """How many gaps the plan has; two children may have the same one."""


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """A plan as a list shows it."""

    key: str
    revision: int
    version: int
    state: PlanState
    label: str
    begun_by: str
    saved_by: str
    saved_at: datetime.datetime
    sent_at: datetime.datetime | None
    keep_until: str
    said: str
    """The summary as it is kept; read when somebody asks for it, since a list may be long."""

    def is_due(self, on: datetime.date) -> bool:
        """Whether the day until which it is kept has come; never for a plan without such a day."""
        return "" < self.keep_until <= on.isoformat()

    @cached_property
    def summary(self) -> Summary:
        return read_summary(self.said)


def read_summary(said: str) -> Summary:
    """A summary as it was kept; it is ours, so nothing in it is looked at twice."""
    kept = json.loads(said)
    return Summary(
        children=kept["children"],
        offers=kept["offers"],
        attention=tuple(Attention(**one) for one in kept["attention"]),
        gaps=tuple(kept["gaps"]),
        missing=tuple(kept["missing"]),
        departures=tuple(kept["departures"]),
        # Kept before it was counted: each kind of gap once.
        gap_lines=kept.get("gap_lines", len(kept["gaps"])),
    )


def summary_of(plan: CasePlan) -> Summary:
    """One plan in short."""
    package = plan.package
    return Summary(
        children=len(plan.family.children),
        offers=len(package.offers),
        attention=attention_to(plan),
        gaps=tuple(sorted({f"{gap.need}:{gap.kind}" for gap in package.gaps})),
        missing=tuple(
            sorted(
                {
                    s.intervention
                    for s in package.set_aside
                    if s.because in {"not_here", "no_places"}
                }
            )
        ),
        departures=tuple(
            sorted(
                {
                    f"{j.decision.value}:{j.intervention}"
                    for j in plan.family.judgements
                    if j.decision is not Choice.ACCEPT
                }
            )
        ),
        gap_lines=len(package.gaps),
    )


def attention_to(plan: CasePlan) -> tuple[Attention, ...]:
    """What a supervisor should look at first. Words about the plan, never a score of the family."""
    family, package = plan.family, plan.package
    found = []
    for finding in package.findings:
        if finding.code == "immediate_danger":
            who = ", ".join(family.label_of(key) for key in finding.about)
            found.append(Attention(why="danger", who=who))
    found.extend(_found_wanting(plan))
    open_questions = sum(finding.code in OPEN_SAFETY for finding in package.findings)
    if open_questions:
        found.append(Attention(why="safety_open", number=open_questions))
    for line in may_reach_them(plan):
        found.append(Attention(why="may_reach", who=line))
    for gap in package.gaps:
        need = family.need(gap.person, gap.need)
        if need and need.level == ActionLevel.NEEDS_HELP_NOW:
            who = family.label_of(gap.person)
            found.append(Attention(why="help_now_unanswered", who=who, need=gap.need))
    if rests_on_the_victim(plan):
        found.append(Attention(why="rests_on_victim"))
    for key in without_anything(plan):
        found.append(Attention(why="without_anything", who=family.label_of(key)))
    for consent in plan.consents:
        if consent.answer in {Agreement.DISAGREES, Agreement.PARTLY}:
            who = family.label_of(consent.person)
            found.append(Attention(why="does_not_agree", who=who))
    for child in family.children:
        aim = plan.aim(child.key)
        if not child.is_unborn and aim.seen_by and not aim.seen_on:
            found.append(Attention(why="not_seen_alone", who=child.label))
    same = same_words(plan)
    if same:
        found.append(Attention(why="same_words", who=names(same, family)))
    for full in full_weeks(plan):
        who = family.label_of(full.person)
        found.append(Attention(why="too_full", who=who, number=full.minutes))
    late = len(moved(plan))
    if late:
        found.append(Attention(why="days_moved", number=late))
    returns = sum(d.state is PlanState.RETURNED for d in plan.decisions)
    if returns and plan.state is not PlanState.RETURNED:
        found.append(Attention(why="was_returned", number=returns))
    thin = sum(all(a.certainty in THIN for a in offer.answers) for offer in package.offers)
    if thin:
        found.append(Attention(why="thin_evidence", number=thin))
    return tuple(dict.fromkeys(found))


def _found_wanting(plan: CasePlan) -> Iterator[Attention]:
    """What a review found that must not be passed over: harm first, then what goes on all the same."""
    offers = {offer.key: offer for offer in plan.package.offers}
    found = {key: plan.found(key) for key in plan.reviewed_offers}
    for key, one in found.items():
        if one and one.became is Became.MADE_WORSE:
            kind, _, rest = key.partition(":")
            people = rest.split(":")[0].split(",")
            who = names([p.key for p in plan.family.people if p.key in people], plan.family)
            if kind in {"aim", "gap"}:
                yield Attention(why="grew_worse", who=who, need=rest.partition(":")[2])
            else:
                yield Attention(why="did_harm", who=who, help_=kind)
    for key, one in found.items():
        if one and one.became in NOT_SIMPLY_CONTINUED and key in offers:
            yield Attention(why=f"goes_on_{one.became.value}", help_=offers[key].intervention)


def same_words(plan: CasePlan) -> tuple[str, ...]:
    """Children of whom a plan says the very same: what must change, or what the child says."""
    said: dict[tuple[str, str], list[str]] = {}
    for child in plan.family.children:
        aim = plan.aim(child.key)
        for name in ("change", "child_says"):
            words = " ".join(getattr(aim, name).casefold().split())
            if words:
                said.setdefault((name, words), []).append(child.key)
    alike = {key for keys in said.values() if len(keys) > 1 for key in keys}
    return tuple(child.key for child in plan.family.children if child.key in alike)


def without_anything(plan: CasePlan) -> tuple[str, ...]:
    """Children, and adults with a need, for whom no offer is made."""
    family = plan.family
    reached = {
        key
        for offer in plan.package.offers
        for answer in offer.answers
        for key in (*offer.people, answer.person, *answer.children)
    }
    return tuple(
        person.key
        for person in (*family.children, *family.adults)
        if person.key not in reached and (person.is_child or family.needs_of(person.key))
    )


def rests_on_the_victim(plan: CasePlan) -> bool:
    """Whether somebody abuses, somebody is abused, and nothing in the plan asks anything of the first."""
    causing = {n.person for n in plan.family.needs if n.need == "domestic_abuse_causing"}
    for need in plan.family.needs:
        if need.need == "domestic_abuse_victim":
            causing |= set(need.harmed_by or ()) & {p.key for p in plan.family.people}
    victims = {n.person for n in plan.family.needs if n.need == "domestic_abuse_victim"}
    asked = {key for offer in plan.package.offers for key in offer.people}
    return bool(victims & asked and causing and not causing & asked)


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """How many plans share something; nothing in it says which."""

    kind: str
    """gap, missing or departure."""
    about: str
    plans: int


def patterns(summaries: Iterable[Summary]) -> tuple[Pattern, ...]:
    """What many plans share, the most frequent first; what fewer than five share is left out."""
    counts: Counter[tuple[str, str]] = Counter()
    for summary in summaries:
        counts.update(("gap", gap) for gap in summary.gaps)
        counts.update(("missing", help_) for help_ in summary.missing)
        counts.update(("departure", departure) for departure in summary.departures)
    return tuple(
        Pattern(kind=kind, about=about, plans=number)
        for (kind, about), number in sorted(counts.items(), key=lambda row: (-row[1], row[0]))
        if number >= FEWEST_SHOWN
    )
