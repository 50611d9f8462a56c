"""What a list shows of a plan and what counts over many plans use: kept beside it, so that neither opens all."""

import datetime
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from cpassist.family.vocabulary import Choice
from cpassist.plans.attention import Attention, attention_to
from cpassist.plans.plan import CasePlan, PlanState

FEWEST_SHOWN = 5
"""A count under five could point at a family, and is not shown."""


@dataclass(frozen=True, kw_only=True, repr=False)
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


@dataclass(frozen=True, kw_only=True, repr=False)
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


@dataclass(frozen=True, kw_only=True, repr=False)
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
