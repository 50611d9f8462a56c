"""One reading of harm in a family: who harmed or may have harmed whom, who is unsafe with whom, who is in danger today.

Everything that has to know asks here. Unknown is never no, an empty list is unknown, the stricter of two that
contradict stands, and neither the order of lines nor anybody's key changes anything.
"""

import datetime
from dataclasses import dataclass
from functools import cached_property

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.named_in_code import (
    ABUSE_PATTERN,
    COERCIVE_CONTROL,
    HARM_CONTINUES,
    IMMEDIATE_DANGER,
)
from cpassist.family.family import Family
from cpassist.family.vocabulary import (
    ActionLevel,
    AnswerValue,
    When,
)
from cpassist.harm.causing import (
    CAUSING,
)
from cpassist.harm.records import Danger
from cpassist.harm.who_may_meet import WhoMayMeet


@dataclass(frozen=True, kw_only=True, repr=False)
class HarmReading(WhoMayMeet):
    """What one family's file says of harm on one day: who harmed whom, who may meet, who is in danger."""

    @cached_property
    def in_danger(self) -> tuple[Danger, ...]:
        """Those who are in danger today, or of whom nobody said that they are not and who may be."""
        urgent, asked = self._may_be_in_danger()
        lines = {a.person: a.answer for a in self.family.circumstances if a.ask == IMMEDIATE_DANGER}
        said = {key for key, answer in lines.items() if key and answer is not AnswerValue.FALSE}
        return tuple(
            Danger(
                person=key,
                today=self.answers.value(IMMEDIATE_DANGER, key),
                was_asked=key in lines,
                urgent=key in urgent or key in said,
            )
            for key in sorted(urgent | asked | said)
            if self.answers.value(IMMEDIATE_DANGER, key) is not False
        )

    def _may_be_in_danger(self) -> tuple[set[str], set[str]]:
        """Those for whom a need speaks of danger: where help is needed now, and where it is needed."""
        now: set[str] = set()
        needed: set[str] = set()
        for need in self.family.needs:
            kind = self._kind(need)
            # A harm that nobody has rated may be of any level.
            level = need.level or (ActionLevel.NEEDS_HELP if kind.harm else None)
            if level is None or level < ActionLevel.NEEDS_HELP or need.when is When.PAST:
                continue
            who = {need.person} if "self" in kind.danger_to else set()
            if "children" in kind.danger_to:
                # That nobody ticked whom it touches leaves out none of those they look after.
                who |= set(need.affects) or set(self.family.cared_for_by(need.person))
            if "victims" in kind.danger_to:
                who |= set(self.victims_of(need.person))
            if kind.harm or need.need in CAUSING:
                # Of these somebody asked, and said that it has stopped and cannot begin again.
                who = {key for key in who if self.answers.value(HARM_CONTINUES, key) is not False}
            if level is ActionLevel.NEEDS_HELP_NOW:
                now |= who
            elif kind.harm or need.need in CAUSING:
                needed |= who
        for harm in self.harms:
            if harm.kind in {ABUSE_PATTERN, COERCIVE_CONTROL} and harm.to:
                needed.add(harm.to)
        return now, needed - now

    @cached_property
    def danger_today(self) -> tuple[str, ...]:
        """Those recorded as in danger today."""
        return tuple(danger.person for danger in self.in_danger if danger.today)


def read_harm(family: Family, catalogue: Catalogue, on: datetime.date) -> HarmReading:
    """The reading of harm for a family on a day."""
    return HarmReading(family=family, catalogue=catalogue, on=on)
