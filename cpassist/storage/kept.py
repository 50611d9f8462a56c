"""What the store gives back and takes: a plan as it was saved, a draft, lines of lists and of the trail. No SQL is here."""

import datetime
import json
import secrets
from dataclasses import dataclass, replace
from typing import Any

from cpassist.catalogue.strict_yaml import build
from cpassist.errors import CpassistError, Mistakes
from cpassist.family.family import Family
from cpassist.plans.plan import CasePlan, PlanState
from cpassist.plans.summary import PlanLine


class NotThere(CpassistError):
    """There is no such plan."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Saved:
    """A plan as it was saved, and the number of that save."""

    plan: CasePlan
    revision: int
    by: str
    at: datetime.datetime


class ChangedByAnother(CpassistError):
    """Somebody saved this plan after it was opened; `there` is what they saved."""

    def __init__(self, there: Saved) -> None:
        super().__init__(
            f"{there.by} saved this plan at {there.at:%H:%M on %d %B} after you had opened it. Nothing of "
            "yours is lost: see what differs, then keep yours as a copy or go on from theirs."
        )
        self.there = there


@dataclass(frozen=True, kw_only=True, repr=False)
class Act:
    """One line of the trail."""

    number: int
    plan: str
    revision: int
    act: str
    by: str
    at: datetime.datetime


class ChangedElsewhere(CpassistError):
    """The draft that is kept is no longer the one that was read: another window wrote or deleted it."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Draft:
    """A family as last confirmed, with the step it was left at."""

    key: str
    family: Family
    step: str
    kept: datetime.datetime
    revision: int = 0
    """The number of this save; 0 for one that was never kept."""
    plan: str = ""
    """The key of the plan that was begun from it, if any."""


@dataclass(frozen=True, kw_only=True, repr=False)
class DraftLine:
    """A draft as a list shows it."""

    key: str
    label: str
    kept: datetime.datetime
    plan: str


def new_key() -> str:
    """A name for a draft that says nothing about anybody."""
    return secrets.token_hex(8)


def sortable(at: datetime.datetime) -> str:
    """A moment as text that sorts as moments do, summer and winter."""
    return at.astimezone(datetime.UTC).isoformat()


def in_team(name: str) -> str:
    """A name as it stands in the list of a plan's team: no other name is a part of it."""
    return f"\n{name}\n"


def line_from(row: Any) -> PlanLine:
    when = datetime.datetime.fromisoformat
    return PlanLine(
        key=row.plan,
        revision=row.revision,
        version=row.version,
        state=PlanState(row.state),
        label=row.label,
        begun_by=row.begun_by,
        saved_by=row.saved_by,
        saved_at=when(row.saved_at),
        sent_at=when(row.sent_at) if row.sent_at else None,
        keep_until=row.keep_until,
        said=row.summary,
    )


def saved_from(row: Any) -> Saved:
    try:
        plan = build(CasePlan, json.loads(row.content), "plan")
    except (ValueError, Mistakes):
        raise CpassistError(
            "A plan in the store does not read. It was left as it is; tell whoever looks after this machine."
        ) from None
    if not plan.team:
        # Kept before there were teams: whoever wrote in it writes in it.
        plan = replace(plan, team=plan.authors)
    return Saved(
        plan=plan,
        revision=row.revision,
        by=row.saved_by,
        at=datetime.datetime.fromisoformat(row.saved_at),
    )
