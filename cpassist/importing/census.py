"""Children and candidate needs from a CIN census return: XML of any year, or the flat tables that analysts hold.

A return counts a year; it is no live assessment. So what comes in is a candidate: without a level, without
a family, without a guess. Codes about adults wait for somebody to say whom they are about.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.records import CensusFactor
from cpassist.catalogue.vocabulary import Whose
from cpassist.errors import CpassistError, InvalidRecord
from cpassist.family.family import Family
from cpassist.family.records import FamilyMeeting, Need, Person, WaitingFactor
from cpassist.family.vocabulary import ADULT_FROM_MONTHS, Basis, Legal, Role, When, day_words
from cpassist.importing.tables import read_day_of

FIRST_YEAR, LAST_YEAR = 2017, 2026
"""The return years whose lists were read."""
A_YEAR = datetime.timedelta(days=366)


@dataclass(frozen=True, kw_only=True, repr=False)
class Oddity:
    """Something that a person has to look at: of which child, where, what, and what to do."""

    child: str
    """The child's reference in the return; empty where it is about the file."""
    place: str
    says: str
    remedy: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Candidate:
    """One child of a return: a family of one, as far as the return goes."""

    number: int
    """Which child of the file; the first is 1."""
    reference: str
    """The authority's own number of the child, to find it again; it is not in the family."""
    family: Family | None
    """None where the child cannot be a family file yet; an oddity says why."""
    waiting: tuple[WaitingFactor, ...] = ()
    """Factors about somebody else than the child; where there is a family they stand in it."""
    oddities: tuple[Oddity, ...] = ()


@dataclass(kw_only=True, repr=False)
class Episode:
    """One time of being in need, as the return has it: words as they stand there."""

    closed: str = ""
    assessments: list["Assessed"] = field(default_factory=list)
    protection_plans: list[tuple[str, str]] = field(default_factory=list)
    """Start and end."""
    need_plans: list[tuple[str, str]] = field(default_factory=list)
    pre_proceedings: list["PreProceedings"] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, repr=False)
class PreProceedings:
    """One time before proceedings, with the family group meeting that was offered in it (in returns from 2026-27)."""

    began: str = ""
    outcome: str = ""
    letter: str = ""
    """The day on which the letter before proceedings was sent."""
    offered: str = ""
    """Whether, or when, a family group decision-making meeting was offered."""
    held: str = ""
    """Whether, or when, it was held."""


@dataclass(kw_only=True, repr=False)
class Assessed:
    """One assessment: when it began, when it was signed, what was found."""

    began: str = ""
    signed: str = ""
    factors: list[str] = field(default_factory=list)


@dataclass(kw_only=True, repr=False)
class Entry:
    """One child as it stands in the return, whether from XML or from tables."""

    reference: str = ""
    born: str = ""
    expected: str = ""
    died: str = ""
    episodes: list[Episode] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, repr=False)
class Return:
    """What the head of a return says of it."""

    year: int
    reference_day: datetime.date


def candidate_of(entry: Entry, number: int, head: Return, catalogue: Catalogue) -> Candidate:
    """What one child of a return amounts to; nothing is guessed, and whatever is odd is said."""
    reader = _Reader(entry, number, head, catalogue)
    try:
        family = reader.family()
    except CpassistError as refused:
        reader.odd("the child", str(refused), "Enter the child by hand.")
        family = None
    return Candidate(
        number=number,
        reference=entry.reference,
        family=family,
        waiting=tuple(reader.waiting),
        oddities=tuple(reader.oddities),
    )


class _Reader:
    """Reads one entry and keeps what was odd about it."""

    def __init__(self, entry: Entry, number: int, head: Return, catalogue: Catalogue) -> None:
        self.entry, self.number, self.head, self.catalogue = entry, number, head, catalogue
        self.codes = {factor.code: factor for factor in catalogue.census_factors}
        self.oddities: list[Oddity] = []
        self.waiting: list[WaitingFactor] = []

    def odd(self, place: str, says: str, remedy: str) -> None:
        self.oddities.append(
            Oddity(child=self.entry.reference, place=place, says=says, remedy=remedy)
        )

    def family(self) -> Family | None:
        if not self.entry.reference:
            self.odd(
                f"child {self.number}", "It has no reference (LAchildID).", "Find out who it is."
            )
        assessed = self._latest()
        said = self._day("AssessmentAuthorisationDate", assessed.signed or assessed.began) if assessed else None  # fmt: skip
        day = said or self.head.reference_day
        if assessed and assessed.factors and said is None:
            self.odd(
                "AssessmentAuthorisationDate",
                "The day of the assessment is not in the return.",
                "Find out when it was.",
            )
        when = (
            f"assessment of {day_words(said.isoformat())}" if said else "assessment without a day"
        )
        needs = tuple(self._needs(assessed, when)) if assessed else ()
        if not assessed or not assessed.factors:
            self.odd("factors", "No factor of an assessment is in the return.", "Enter what was assessed.")  # fmt: skip
        meeting = self._meeting()
        person = self._person(day)
        if person is None:
            return None
        return Family(
            label=f"Census child {self.number}",
            assessed=day.isoformat(),
            people=(person,),
            needs=needs,
            waiting=tuple(self.waiting),
            meeting=meeting,
        )

    def _meeting(self) -> FamilyMeeting | None:
        """The days of the last time before proceedings; what is no day, or cannot be one, is shown as the return has it."""
        last: tuple[str, FamilyMeeting | None] = ("", None)
        for before in (p for episode in self.entry.episodes for p in episode.pre_proceedings):
            said = (before.letter, before.offered, before.held)
            if not any(said):
                continue
            letter, offered, held = (self._likely_day(value) for value in said)
            more = ""
            try:
                meeting = FamilyMeeting(letter_on=letter, offered_on=offered, held_on=held)
            except InvalidRecord as refused:
                meeting, more = FamilyMeeting(letter_on=letter), f" {refused}"
            if more or sum(map(bool, said)) > sum(map(bool, (letter, offered, held))):
                self._meeting_is_odd(said, more)
            when = max(self._likely_day(before.began), meeting.last_day)
            if when >= last[0]:
                last = when, None if meeting.says_nothing else meeting
        return last[1]

    def _likely_day(self, value: str) -> str:
        """A day as YYYY-MM-DD; empty for what is none, or lies more than a year after the return's own day."""
        day = read_day_of(value)
        latest = self.head.reference_day + A_YEAR
        return day.isoformat() if day is not None and day <= latest else ""

    def _meeting_is_odd(self, said: tuple[str, str, str], more: str = "") -> None:
        what = ("letter before proceedings", "family group meeting offered", "family group meeting held")  # fmt: skip
        words = "; ".join(f"{name}: {_as_said(value)}" for name, value in zip(what, said, strict=True) if value)  # fmt: skip
        self.odd(
            "PreProceedingsandFGDM",
            f"{words[0].upper()}{words[1:]}.{more}",
            "Days are taken into the plan; note the rest there.",
        )

    def _latest(self) -> Assessed | None:
        """The assessment that was signed last; an older one's factors are not taken, and that is said."""
        all_of_them = [a for episode in self.entry.episodes for a in episode.assessments]
        if not all_of_them:
            return None
        beginning = datetime.date.min
        # One that is signed and found something comes before one that is open still.
        ordered = sorted(
            all_of_them,
            key=lambda a: (
                bool(a.factors),
                bool(a.signed),
                read_day_of(a.signed or a.began) or beginning,
            ),
        )
        older = [a for a in ordered[:-1] if a.factors]
        if older:
            codes = ", ".join(dict.fromkeys(code for a in older for code in a.factors))
            self.odd(
                "older assessments",
                f"Factors of {len(older)} earlier assessment{'s' * (len(older) != 1)} were not taken: {codes}.",
                "Look whether any still holds.",
            )
        return ordered[-1]

    def _person(self, day: datetime.date) -> Person | None:
        entry = self.entry
        if entry.died:
            self.odd("PersonDeathDate", "The return says that the child has died.", "No family file is written.")  # fmt: skip
            return None
        if not entry.born and entry.expected:
            self.odd(
                "ExpectedPersonBirthDate",
                "The child was not born yet.",
                "Enter whoever carries the child, then the unborn child.",
            )
            return None
        born = self._day("PersonBirthDate", entry.born)
        said: str | None = born.isoformat()[:7] if born else None
        if born and born > day:
            self.odd("PersonBirthDate", f"It lies after {day_words(day.isoformat())}.", "Correct the day of birth.")  # fmt: skip
            said = None
        elif born and _months(born, self.head.reference_day) >= ADULT_FROM_MONTHS:
            self.odd("PersonBirthDate", "By it the person is 18 or older.", "Enter the person as an adult, if need be.")  # fmt: skip
            return None
        if said is None:
            self.odd(
                "PersonBirthDate",
                "No day of birth can be read.",
                "Give the age; until then any age under 18 is possible.",
            )
        return Person(
            key="child",
            role=Role.CHILD,
            label=f"Child {self.number}",
            born=said or "unknown",
            age_between=None if said else (0, 17),
            legal=self._legal(),
        )

    def _legal(self) -> tuple[Legal, ...]:
        """The standings that were open when the return was made."""
        found = []
        for episode in self.entry.episodes:
            if episode.closed:
                continue
            for plans, standing in (
                (episode.protection_plans, Legal.PROTECTION_PLAN),
                (episode.need_plans, Legal.CHILD_IN_NEED),
                ([(p.began, p.outcome) for p in episode.pre_proceedings], Legal.PRE_PROCEEDINGS),
            ):
                if any(not end for _, end in plans):
                    found.append(standing)
        return tuple(dict.fromkeys(found))

    def _needs(self, assessed: Assessed, when: str) -> Iterator[Need]:
        seen: set[str] = set()
        for code in dict.fromkeys(assessed.factors):
            factor = self.codes.get(code)
            if factor is None:
                self.odd(
                    "AssessmentFactors",
                    f"The code {code[:20]} is in no list that was read.",
                    "Find out what was meant.",
                )
                continue
            if not factor.is_in(self.head.year):
                self.odd(
                    "AssessmentFactors",
                    f"The code {code} ({factor.label}) is not in the list of {self.head.year}.",
                    "It was taken; check it.",
                )
            says = self._says(factor, when)
            if factor.about == "nobody":
                self._of_nobody(factor, assessed)
            elif factor.about == "child":
                for need in self._suggested(code, Whose.CHILD):
                    if need not in seen:
                        seen.add(need)
                        yield Need(
                            person="child",
                            need=need,
                            basis=Basis.SUSPECTED,
                            when=When.UNKNOWN,
                            says=says,
                            seen_by=f"census return {self.head.year}",
                        )
            else:
                needs = (*self._suggested(code, Whose.ADULT), *self._suggested(code, Whose.HOUSEHOLD))  # fmt: skip
                self.waiting.append(WaitingFactor(code=code, says=says, needs=needs, children=("child",)))  # fmt: skip
                self.odd("AssessmentFactors", says, "Say whom it is about; until then it stands nowhere.")  # fmt: skip
        if len(assessed.factors) != len(set(assessed.factors)):
            self.odd("AssessmentFactors", "A code stands twice in one assessment.", "It was taken once.")  # fmt: skip

    def _of_nobody(self, factor: CensusFactor, assessed: Assessed) -> None:
        """Other asks for words; no factors identified suggests nothing, and stands beside no other."""
        alone = set(assessed.factors) == {factor.code}
        if factor.code == "20":
            self.odd(
                "AssessmentFactors",
                "“Other” was found.",
                "Say in words what it was; it suggests no need by itself.",
            )
        elif not alone:
            self.odd("AssessmentFactors", "“No factors identified” stands beside others.", "Look which of them holds.")  # fmt: skip

    def _suggested(self, code: str, whose: Whose) -> tuple[str, ...]:
        return tuple(
            need.key
            for need in self.catalogue.need_types.values()
            if code in need.cin and need.whose is whose
        )

    def _says(self, factor: CensusFactor, when: str) -> str:
        by = " By whom is not recorded." if factor.harmed_by == "not_recorded" else ""
        return f"Census factor {factor.code}, {when}: {factor.label}.{by}"

    def _day(self, place: str, said: str) -> datetime.date | None:
        if not said:
            return None
        day = read_day_of(said)
        if day is None:
            self.odd(place, f"“{said[:20]}” is no day.", "Correct it.")
        return day


def _as_said(value: str) -> str:
    """A yes, a no or a day in words; anything else as it stands."""
    day = read_day_of(value)
    if day is not None:
        return day_words(day.isoformat())
    return {"true": "yes", "1": "yes", "false": "no", "0": "no"}.get(
        value.casefold(), f"“{value[:40]}”"
    )


def _months(born: datetime.date, on: datetime.date) -> int:
    return (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
