"""Where plans are kept: the only module that knows SQL.

Every save appends a whole snapshot, so nothing is overwritten; a save says which one it was made
from, so that nobody writes over another person's work in silence. Every step is taken here, on what
the database holds, by the rules of `plan`: no caller can hand in a plan that calls itself approved.
"""

import datetime
import secrets
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.records import Availability
from cpassist.codec import canonical
from cpassist.family.family import Family
from cpassist.planning.package.package import SupportPackage
from cpassist.plans.blockers import blockers
from cpassist.plans.lifecycle import (
    approved,
    begin_plan,
    changed,
    closed,
    invited,
    kept_until,
    must_be_forgettable,
    must_read,
    remarked,
    returned,
    reviewed,
    submitted,
    superseded,
)
from cpassist.plans.plan import CasePlan, Colleague, Duty, PlanState, Remark
from cpassist.plans.summary import PlanLine, summary_of
from cpassist.storage.audit_trail import BEGINNING, PURGE, digest_of, link, wrong_lines
from cpassist.storage.database import (
    ACTS,
    DRAFTS,
    HEADS,
    SALTS,
    SAVES,
    open_database,
    reading,
    scrub,
    writing,
)
from cpassist.storage.kept import (
    Act,
    ChangedByAnother,
    NotThere,
    Saved,
    in_team,
    line_from,
    saved_from,
    sortable,
)

DAYS_KEPT = 365
"""Ours: the tool is not the council's record, and a plan is exported before its day comes."""


KEEPER = Colleague(name="the keeper of this machine", duties=frozenset())
"""Who deletes at the command line: whoever may delete the file."""


def open_store(url: str) -> "Store":
    """The store at a database address. Raises CpassistError with a sentence."""
    return Store(open_database(url))


class Store:
    """The plans of one workspace."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    # --- what a worker does ---

    def begin(
        self,
        family: Family,
        package: SupportPackage,
        by: Colleague,
        at: datetime.datetime,
        availability: tuple[Availability, ...] | None = None,
        team: tuple[str, ...] = (),
        authors: tuple[str, ...] = (),
    ) -> Saved:
        """A new draft, kept for a year unless somebody says otherwise. Raises NotAllowed."""
        until = (at.date() + datetime.timedelta(days=DAYS_KEPT)).isoformat()
        plan = begin_plan(
            secrets.token_hex(16), family, package, by, availability, until, team, authors
        )
        with writing(self.engine) as connection:
            connection.execute(SALTS.insert().values(plan=plan.key, salt=secrets.token_hex(32)))
            return self._append(connection, plan, 1, "begin", by, at)

    def change(
        self, key: str, expected: int, by: Colleague, at: datetime.datetime, **changes: Any
    ) -> Saved:
        """Saves what changed. Raises NotAllowed, ChangedByAnother, NotThere."""
        return self._step(
            key, expected, by, at, "change", lambda plan: changed(plan, by, **changes)
        )

    def submit(
        self, key: str, expected: int, by: Colleague, at: datetime.datetime, catalogue: Catalogue
    ) -> Saved:
        """Sends a plan for review; what blocks it is looked for here. Raises NotAllowed as well."""

        def step(plan: CasePlan) -> CasePlan:
            missing = tuple(blocker.says for blocker in blockers(plan, catalogue, at.date()))
            return submitted(plan, by, at, missing)

        return self._step(key, expected, by, at, "submit", step)

    def review(self, key: str, expected: int, by: Colleague, at: datetime.datetime) -> Saved:
        """A new version that says what became of the approved one. Raises NotAllowed as well."""
        return self._step(key, expected, by, at, "review", lambda plan: reviewed(plan, by))

    def invite(
        self, key: str, expected: int, by: Colleague, at: datetime.datetime, name: str
    ) -> Saved:
        """Lets one more person write in the plan. Raises NotAllowed as well."""
        return self._step(key, expected, by, at, "invite", lambda plan: invited(plan, by, name))

    def keep_until(
        self, key: str, expected: int, by: Colleague, at: datetime.datetime, until: datetime.date
    ) -> Saved:
        """Another day from which the plan is due for deletion. Raises NotAllowed as well."""
        return self._step(
            key, expected, by, at, "keep", lambda plan: kept_until(plan, by, until.isoformat())
        )

    def close(
        self, key: str, expected: int, by: Colleague, at: datetime.datetime, because: str
    ) -> Saved:
        return self._step(
            key, expected, by, at, "close", lambda plan: closed(plan, by, at, because)
        )

    # --- what a supervisor does ---

    def remark(
        self, key: str, expected: int, by: Colleague, at: datetime.datetime, *remarks: Remark
    ) -> Saved:
        """One entry or more in the threads of lines, in one save. Raises NotAllowed as well."""

        def step(plan: CasePlan) -> CasePlan:
            for remark in remarks:
                plan = remarked(plan, by, remark)
            return plan

        return self._step(key, expected, by, at, "remark", step)

    def return_plan(
        self, key: str, expected: int, by: Colleague, at: datetime.datetime, because: str
    ) -> Saved:
        return self._step(
            key, expected, by, at, "return", lambda plan: returned(plan, by, at, because)
        )

    def approve(
        self,
        key: str,
        expected: int,
        by: Colleague,
        at: datetime.datetime,
        seen: str,
        because: str = "",
    ) -> Saved:
        """Signs exactly what was read: `seen` is its fingerprint. Raises NotAllowed as well."""
        return self._step(
            key, expected, by, at, "approve", lambda plan: approved(plan, by, at, seen, because)
        )

    # --- reading: `by` is whoever asks; None is the keeper of this machine, at the command line ---

    def read(self, key: str, by: Colleague | None) -> Saved:
        """The plan as last saved. Raises NotThere, NotAllowed."""
        with reading(self.engine) as connection:
            there = self._latest(connection, key)
        if by is not None:
            must_read(there.plan, by)
        return there

    def changed_since(self, key: str, revision: int, by: Colleague) -> Saved | None:
        """The plan as it is now, if it was saved after that revision. Raises NotThere, NotAllowed."""
        wanted = sa.select(HEADS.c.revision).where(HEADS.c.plan == key)
        with reading(self.engine) as connection:
            now = connection.execute(wanted).scalar_one_or_none()
        return None if now == revision else self.read(key, by)

    def newest(self) -> int:
        """The number of the last line of the trail: while it is the same, nothing has happened."""
        with reading(self.engine) as connection:
            return connection.execute(sa.select(sa.func.max(ACTS.c.number))).scalar_one() or 0

    def history(self, key: str, by: Colleague | None) -> tuple[Saved, ...]:
        """Every save of a plan, the first first. Raises NotThere, NotAllowed."""
        self.read(key, by)
        with reading(self.engine) as connection:
            rows = connection.execute(
                sa.select(SAVES).where(SAVES.c.plan == key).order_by(SAVES.c.revision)
            )
            return tuple(saved_from(row) for row in rows)

    def last_left(self, key: str, by: Colleague) -> Saved | None:
        """The plan as somebody last left it with an act of theirs before it was last sent; None if never.

        Raises NotThere, NotAllowed.
        """
        self.read(key, by)
        sent = sa.select(sa.func.max(ACTS.c.revision)).where(
            ACTS.c.plan == key, ACTS.c.act == "submit"
        )
        wanted = (
            sa.select(SAVES)
            .where(SAVES.c.plan == key, SAVES.c.saved_by == by.name)
            .where(SAVES.c.revision < sent.scalar_subquery())
            .order_by(SAVES.c.revision.desc())
            .limit(1)
        )
        with reading(self.engine) as connection:
            row = connection.execute(wanted).first()
        return None if row is None else saved_from(row)

    def versions(self, key: str, by: Colleague | None) -> tuple[Saved, ...]:
        """The last save of each version; an approved one counts as replaced once a later one is approved."""
        last = {saved.plan.version: saved for saved in self.history(key, by)}
        signed = [v for v, saved in last.items() if saved.plan.state is PlanState.APPROVED]
        return tuple(
            Saved(plan=superseded(s.plan), revision=s.revision, by=s.by, at=s.at)
            if s.plan.state is PlanState.APPROVED and s.plan.version != max(signed)
            else s
            for s in last.values()
        )

    def plans(
        self, by: Colleague | None, *states: PlanState, mine: bool = False, label: str = ""
    ) -> tuple[PlanLine, ...]:
        """The plans that stand in one of these states (or all), those that wait longest first.

        A worker sees those that they write in, a supervisor also every one that was sent. `label` is part
        of a family's label, in whatever case.
        """
        wanted = sa.select(HEADS).order_by(HEADS.c.sent_at, HEADS.c.saved_at, HEADS.c.plan)
        if states:
            wanted = wanted.where(HEADS.c.state.in_([state.value for state in states]))
        if by is not None and not by.duties:
            return ()
        sees_sent = by is not None and Duty.SUPERVISOR in by.duties and not mine
        if by is not None:
            own = HEADS.c.team.contains(in_team(by.name), autoescape=True)
            wanted = wanted.where(sa.or_(own, HEADS.c.sent_at != "") if sees_sent else own)
        if label:
            wanted = wanted.where(HEADS.c.label.icontains(label, autoescape=True))
        with reading(self.engine) as connection:
            # SQLite takes "Bo" for "bo"; here they are two people.
            return tuple(
                line_from(row)
                for row in connection.execute(wanted)
                if by is None or (sees_sent and row.sent_at) or in_team(by.name) in row.team
            )

    def trail(self, key: str | None, by: Colleague | None) -> tuple[Act, ...]:
        """What was done, by whom and when, in order: of one plan, or of all for the machine's keeper."""
        if by is not None:
            self.read(key or "", by)
        wanted = sa.select(ACTS).order_by(ACTS.c.number)
        with reading(self.engine) as connection:
            rows = connection.execute(wanted if key is None else wanted.where(ACTS.c.plan == key))
            return tuple(
                Act(
                    number=row.number,
                    plan=row.plan,
                    revision=row.revision,
                    act=row.act,
                    by=row.by,
                    at=datetime.datetime.fromisoformat(row.at),
                )
                for row in rows
            )

    def verify_trail(self) -> tuple[str, ...]:
        """What does not hold in the trail, in sentences; nothing when every link and every content does."""
        with reading(self.engine) as connection:
            salts = {row.plan: row.salt for row in connection.execute(sa.select(SALTS))}
            saves = {(row.plan, row.revision): row for row in connection.execute(sa.select(SAVES))}
            lines = connection.execute(sa.select(ACTS).order_by(ACTS.c.number)).all()
            heads = connection.execute(sa.select(HEADS)).all()
        last = {key: saves[key, revision] for key, revision in sorted(saves)}
        listed = (
            f"The list says something else of a plan than its last save ({head.plan[:8]})."
            for head in heads
            if not _is_listed_right(head, last.get(head.plan))
        )
        return (*wrong_lines(lines, salts, saves), *listed)

    # --- forgetting ---

    def due(self, on: datetime.date) -> tuple[PlanLine, ...]:
        """The plans whose day has come: they are due for deletion."""
        return tuple(line for line in self.plans(None) if line.is_due(on))

    def purge(self, key: str, by: Colleague | None, at: datetime.datetime) -> None:
        """Deletes a plan for good: every save, its salt, its draft, and the pages of the file they were on.

        The trail keeps that something was done and deleted, and nobody can guess back with what.
        Raises NotAllowed, NotThere.
        """
        with writing(self.engine) as connection:
            there = self._latest(connection, key)
            must_be_forgettable(there.plan, by, at.date())
            # A salt of its own that nobody keeps: the line is bound into the chain and tells nothing.
            last, salt = there.revision + 1, secrets.token_hex(32)
            self._bind(connection, key, last, PURGE, by or KEEPER, at, salt, "")
            connection.execute(SAVES.delete().where(SAVES.c.plan == key))
            connection.execute(SALTS.delete().where(SALTS.c.plan == key))
            connection.execute(HEADS.delete().where(HEADS.c.plan == key))
            connection.execute(DRAFTS.delete().where(DRAFTS.c.plan == key))
        scrub(self.engine)

    def holds_drafts(self) -> bool:
        """Whether there is any draft, whoever's."""
        with reading(self.engine) as connection:
            return connection.execute(sa.select(DRAFTS.c.draft).limit(1)).first() is not None

    def purge_drafts(self, now: datetime.datetime) -> int:
        """Deletes for good every draft that nobody has touched for a year; gives how many."""
        oldest = now - datetime.timedelta(days=DAYS_KEPT)
        with writing(self.engine) as connection:
            rows = connection.execute(sa.select(DRAFTS.c.draft, DRAFTS.c.kept)).all()
            old = [r.draft for r in rows if datetime.datetime.fromisoformat(r.kept) < oldest]
            connection.execute(DRAFTS.delete().where(DRAFTS.c.draft.in_(old)))
        scrub(self.engine)
        return len(old)

    # --- how it is written ---

    def _step(
        self,
        key: str,
        expected: int,
        by: Colleague,
        at: datetime.datetime,
        act: str,
        step: Callable[[CasePlan], CasePlan],
    ) -> Saved:
        with writing(self.engine) as connection:
            there = self._latest(connection, key)
            # Before anything else: whoever is told what another saved gets to see it.
            must_read(there.plan, by)
            if there.revision != expected:
                raise ChangedByAnother(there)
            return self._append(connection, step(there.plan), expected + 1, act, by, at)

    def _latest(self, connection: Connection, key: str) -> Saved:
        row = connection.execute(
            sa.select(SAVES).where(SAVES.c.plan == key).order_by(SAVES.c.revision.desc()).limit(1)
        ).first()
        if row is None:
            raise NotThere("There is no such plan here. It may have been deleted; see the list.")
        return saved_from(row)

    def _append(
        self,
        connection: Connection,
        plan: CasePlan,
        revision: int,
        act: str,
        by: Colleague,
        at: datetime.datetime,
    ) -> Saved:
        content, when = canonical(plan), at.isoformat()
        connection.execute(
            SAVES.insert().values(
                plan=plan.key,
                revision=revision,
                version=plan.version,
                state=plan.state.value,
                saved_by=by.name,
                saved_at=when,
                content=content,
            )
        )
        sent = [d.at for d in plan.decisions if d.state is PlanState.SUBMITTED]
        line = {
            "revision": revision,
            "version": plan.version,
            "state": plan.state.value,
            "label": plan.family.label,
            "begun_by": plan.authors[0],
            "team": "".join(in_team(name) for name in plan.team),
            "saved_by": by.name,
            "saved_at": sortable(at),
            "sent_at": sortable(sent[-1]) if sent else "",
            "keep_until": plan.keep_until,
            "summary": canonical(summary_of(plan)),
        }
        connection.execute(
            HEADS.insert().values(plan=plan.key, **line)
            if revision == 1
            else HEADS.update().where(HEADS.c.plan == plan.key).values(**line)
        )
        salt = connection.execute(
            sa.select(SALTS.c.salt).where(SALTS.c.plan == plan.key)
        ).scalar_one()
        self._bind(connection, plan.key, revision, act, by, at, salt, content)
        return Saved(plan=plan, revision=revision, by=by.name, at=at)

    def _bind(
        self,
        connection: Connection,
        plan: str,
        revision: int,
        act: str,
        by: Colleague,
        at: datetime.datetime,
        salt: str,
        content: str,
    ) -> None:
        """One more line in the trail, bound to the one before."""
        last = connection.execute(
            sa.select(ACTS.c.number, ACTS.c.chain).order_by(ACTS.c.number.desc()).limit(1)
        ).first()
        number, before = (last.number + 1, last.chain) if last else (1, BEGINNING)
        digest = digest_of(salt, act, by.name, at.isoformat(), content)
        connection.execute(
            ACTS.insert().values(
                number=number,
                plan=plan,
                revision=revision,
                act=act,
                by=by.name,
                at=at.isoformat(),
                digest=digest,
                chain=link(before, number, plan, revision, act, by.name, at.isoformat(), digest),
            )
        )


def _is_listed_right(head: Any, last: Any) -> bool:
    """Whether the line of a list says what the last save of its plan does."""
    if last is None:
        return False
    plan = saved_from(last).plan
    return (head.revision, head.state, head.state, head.version, head.label) == (
        last.revision,
        last.state,
        plan.state.value,
        last.version,
        plan.family.label,
    ) and head.team == "".join(in_team(name) for name in plan.team)
