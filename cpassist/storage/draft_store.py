"""Drafts: a family as last confirmed on the page of whoever works on it, and nobody else's to see."""

import contextlib
import datetime
import json
import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from cpassist.catalogue.strict_yaml import build
from cpassist.codec import canonical
from cpassist.errors import Mistakes
from cpassist.family.family import Family
from cpassist.storage.database import DRAFTS, reading, scrub, writing
from cpassist.storage.kept import ChangedElsewhere, Draft, DraftLine

NAME = re.compile(r"[0-9a-f]{16}\Z")


class Drafts:
    """The drafts of one person."""

    def __init__(self, engine: Engine, owner: str) -> None:
        self.engine, self.owner = engine, owner

    def keep(self, draft: Draft) -> int:
        """Keeps a draft over the version that it was made from; gives the number of the new one.

        Raises ChangedElsewhere when another version is there, CpassistError when it cannot be kept.
        """
        values = {
            "revision": draft.revision + 1,
            "kept": draft.kept.isoformat(timespec="seconds"),
            "step": draft.step,
            "plan": draft.plan,
            "label": draft.family.label,
            "family": canonical(draft.family),
        }
        mine = sa.and_(DRAFTS.c.draft == draft.key, DRAFTS.c.owner == self.owner)
        with writing(self.engine) as connection:
            there = connection.execute(sa.select(DRAFTS.c.revision).where(mine)).scalar() or 0
            if there != draft.revision:
                raise ChangedElsewhere("This draft was changed or deleted in another window.")
            connection.execute(
                DRAFTS.update().where(mine).values(**values)
                if there
                else DRAFTS.insert().values(draft=draft.key, owner=self.owner, **values)
            )
        return draft.revision + 1

    def take(self, key: str, family: Family, step: str, kept: datetime.datetime) -> None:
        """Takes in a draft from elsewhere, unless there is one of that name already."""
        with contextlib.suppress(ChangedElsewhere):
            self.keep(Draft(key=key, family=family, step=step, kept=kept))

    def read(self, key: str) -> Draft:
        """One draft; raises Mistakes when it is not there or does not read."""
        if NAME.match(key):
            with reading(self.engine) as connection:
                row = connection.execute(sa.select(DRAFTS).where(self._mine(key))).first()
            if row is not None:
                return _draft(row)
        raise Mistakes(("There is no such draft. Choose one from the list.",))

    def changed_since(self, key: str, revision: int) -> Draft | None:
        """The draft as it is now, where another window has kept it since that revision; None where none has."""
        there = sa.select(DRAFTS.c.revision).where(self._mine(key))
        with reading(self.engine) as connection:
            now = connection.execute(there).scalar()
        return None if now is None or now <= revision else self.read(key)

    def listed(self) -> tuple[DraftLine, ...]:
        """Every draft, the newest first."""
        wanted = (
            sa.select(DRAFTS.c.draft, DRAFTS.c.label, DRAFTS.c.kept, DRAFTS.c.plan)
            .where(DRAFTS.c.owner == self.owner)
            .order_by(DRAFTS.c.kept.desc(), DRAFTS.c.draft)
        )
        with reading(self.engine) as connection:
            return tuple(
                DraftLine(
                    key=row.draft,
                    label=row.label,
                    kept=datetime.datetime.fromisoformat(row.kept),
                    plan=row.plan,
                )
                for row in connection.execute(wanted)
            )

    def holding(self, family: Family) -> Draft | None:
        """The draft that holds exactly this family, if there is one."""
        wanted = sa.select(DRAFTS).where(
            DRAFTS.c.owner == self.owner, DRAFTS.c.family == canonical(family)
        )
        with reading(self.engine) as connection:
            row = connection.execute(wanted).first()
        return None if row is None else _draft(row)

    def delete(self, key: str) -> None:
        """Really deletes; raises Mistakes for a name that is no draft's."""
        if not NAME.match(key):
            raise Mistakes(("There is no such draft. Choose one from the list.",))
        with writing(self.engine) as connection:
            connection.execute(DRAFTS.delete().where(self._mine(key)))
        scrub(self.engine)

    def _mine(self, key: str) -> Any:
        return sa.and_(DRAFTS.c.draft == key, DRAFTS.c.owner == self.owner)


def _draft(row: Any) -> Draft:
    try:
        family = build(Family, json.loads(row.family), "draft")
    except (ValueError, Mistakes):
        raise Mistakes(("This draft does not read. Open the family from its file.",)) from None
    return Draft(
        key=row.draft,
        family=family,
        step=row.step,
        kept=datetime.datetime.fromisoformat(row.kept),
        revision=row.revision,
        plan=row.plan,
    )
