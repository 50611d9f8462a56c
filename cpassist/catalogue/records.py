"""What is known, beside the interventions and rules themselves: needs, sources, scales, and the whole catalogue."""

import datetime
from dataclasses import dataclass
from typing import Any, ClassVar

from cpassist.catalogue.interventions import Span, Withdrawn
from cpassist.catalogue.vocabulary import (
    FORBID,
    Certainty,
    Domain,
    Kind,
    Read,
    Whose,
)
from cpassist.errors import InvalidRecord
from cpassist.family.vocabulary import Legal, Role, read_day


@dataclass(frozen=True, kw_only=True)
class NeedType:
    """A kind of need we plan for."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    whose: Whose
    domain: Domain
    """Where it stands in the assessment framework: lists to choose from are grouped by it."""
    label: str
    family_label: str
    safety: bool = False
    """Its answer comes first in the order of what matters."""
    harm: bool = False
    """Somebody does this to the person, so `harmed_by` is asked."""
    joint_work: str = "cleared"
    """Of a harm: whether the one harmed and the one who did it may be helped together. usual: much of the help is
    just that; cleared: only in help made for it, once the child or a specialist agrees; never."""
    sexual: bool = False
    """Of a harm: who does it is kept from joint work with every child."""
    between_adults: bool = False
    """It speaks of abuse between adults."""
    danger_to: tuple[str, ...] = ()
    """For whom danger today is asked where help is needed now: self, children (whom it affects), victims."""
    by_a_child: bool = False
    """Of a harm: another child does it."""
    carer_answers: bool = False
    """Of a harm to a child: work with a carer alone may answer it, where it is that carer who did it."""
    now_means: str = ""
    """A safety question that counts as answered with yes where help is needed now; empty: none."""
    basic: int = 0
    """Its place among what a family needs first of all, 1 first; 0: not among them."""
    cin: tuple[str, ...] = ()
    """Census factor codes that suggest it; a factor never sets a level."""

    def __post_init__(self) -> None:
        if self.joint_work not in {"usual", "cleared", "never"}:
            raise InvalidRecord("joint_work is usual, cleared or never.")
        if not set(self.danger_to) <= {"self", "children", "victims"}:
            raise InvalidRecord("danger_to names self, children or victims.")
        if self.harm and not (self.safety and self.danger_to):
            raise InvalidRecord(
                "A harm says safety: true, and in danger_to for whom danger today is asked (self, children or victims)."
            )
        if not self.harm and (
            self.joint_work != "cleared" or self.by_a_child or self.carer_answers
        ):
            raise InvalidRecord("joint_work, by_a_child and carer_answers are said of a harm.")


@dataclass(frozen=True, kw_only=True)
class UnmappedFactor:
    """A census factor that suggests no need, and why not."""

    __pydantic_config__: ClassVar[Any] = FORBID

    code: str
    label: str
    why_not: str


LAW_GROWS_OLD_DAYS = 365
SOURCE_KINDS = frozenset({"study", "guideline", "register", "page"})


@dataclass(frozen=True, kw_only=True)
class Source:
    """One study, register page or guideline, listed once."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    title: str
    body: str
    """Who publishes it; two rows of one body speak of the same rating."""
    kind: str
    year: int | None = None
    url: str | None = None
    read: Read = Read.PART
    retrieved: str | None = None
    practice_guide: str = ""
    """The national practice guide that it is or tells of, by a short name; several pages may tell of one."""

    def __post_init__(self) -> None:
        if self.kind not in SOURCE_KINDS:
            raise InvalidRecord(
                f'kind is "{self.kind[:40]}". Use {", ".join(sorted(SOURCE_KINDS))}.'
            )
        if self.year is not None and not 1900 <= self.year <= 2100:
            raise InvalidRecord(f"year is {self.year}. Check it.")


@dataclass(frozen=True, kw_only=True)
class ScaleLevel:
    """One level of a body's scale, in our words."""

    __pydantic_config__: ClassVar[Any] = FORBID

    level: str
    label: str
    means: str
    band: Certainty | None = None
    """Our crosswalk; None where the scale says nothing about certainty of an effect."""
    read: Read = Read.PART


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How one body rates, level by level."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    title: str
    body: str
    rates: str
    levels: tuple[ScaleLevel, ...]
    listed_under: tuple[str, ...] = ()
    """Other names under which `sources.yaml` has the body's own pages."""


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """What we assume where no source states it, shown as assumed."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    kind: Kind
    sessions: int
    minutes: int
    weeks: int
    says: str
    tag: str | None = None

    def __post_init__(self) -> None:
        if min(self.sessions, self.minutes, self.weeks) < 1:
            raise InvalidRecord("sessions, minutes and weeks are 1 or more.")


@dataclass(frozen=True, kw_only=True)
class PracticeElement:
    """What reviews say tends to matter in any help; what a gap leans on."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    label: str
    says: str
    source: tuple[str, ...]
    needs: tuple[str, ...] = ()
    """Empty: for any need."""
    dossier: tuple[str, ...] = ()
    with_carer: bool = False
    """Whether it speaks of work with a carer, which nobody leans on while who is safe is open."""


@dataclass(frozen=True, kw_only=True)
class KnownGap:
    """What the reviews themselves say is not known about a need."""

    __pydantic_config__: ClassVar[Any] = FORBID

    need: str
    says: str
    source: str = ""
    """Empty only where `looked` says that somebody looked and found nothing."""
    ages: Span | None = None
    dossier: str = ""
    looked: str = ""
    """When somebody looked, and where, in words."""

    def __post_init__(self) -> None:
        if not self.source and not self.looked:
            raise InvalidRecord(
                "source: what is not known stands on a source, or on where somebody looked (looked)."
            )


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """Where bodies or studies differ about one intervention, and what splits them; both stand."""

    __pydantic_config__: ClassVar[Any] = FORBID

    intervention: str
    about: str
    """age, rating, effect, version or figure."""
    says: str
    source: tuple[str, ...]
    criterion: str = ""
    """What explains the difference; empty where nobody said."""
    dossier: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.about not in {"age", "rating", "effect", "version", "figure"}:
            raise InvalidRecord("about is age, rating, effect, version or figure.")


@dataclass(frozen=True, kw_only=True)
class LeadersQuestion:
    """What leaders can ask, of their own arrangements or of a bid without evidence of impact."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    audience: str
    """leaders or missing_evidence; `for` in the file."""
    asks: str
    because: str
    source: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.audience not in {"leaders", "missing_evidence"}:
            raise InvalidRecord("for is leaders or missing_evidence.")


@dataclass(frozen=True, kw_only=True)
class Timescale:
    """By when something is looked at again, as a rule that differs by place: offered, never set."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    about: str
    """action (when what is done is reviewed), child (by when something must have changed) or family (a step
    of the procedure)."""
    legal: tuple[Legal, ...] = ()
    """The legal standings to which it belongs; empty: where none of the others fits."""
    after: int
    unit: str
    """working_days, weeks or months; working days before a review are negative."""
    says: str
    basis: str
    """stated, local (places differ), or house (ours, to be checked)."""
    source: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.about not in {"action", "child", "family"}:
            raise InvalidRecord("about is action, child or family.")
        if self.unit not in {"working_days", "weeks", "months"}:
            raise InvalidRecord("unit is working_days, weeks or months.")
        if self.basis not in {"stated", "local", "house"}:
            raise InvalidRecord("basis is stated, local or house.")
        if (self.basis == "house") == bool(self.source):
            raise InvalidRecord(
                "source: what is stated or local names its source; what is house has none."
            )
        if not 1 <= abs(self.after) <= 400:
            raise InvalidRecord("after lies between 1 and 400, or between -400 and -1.")


@dataclass(frozen=True, kw_only=True)
class LawEdition:
    """Which edition of a law or of national guidance this catalogue knows, and on which day somebody looked."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    title: str
    edition: str
    """Such as "chapter 21, 29 April 2026", or "2026, in place of 2023"."""
    says: str
    """What of it matters here, in our words."""
    begun: str = ""
    """What of it is in force and what still waits; empty: nothing was read that says it waits."""
    looked_on: str
    """YYYY-MM-DD or YYYY-MM: when somebody last looked whether it had changed."""
    source: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.looked_on) < len("2026-11"):
            raise InvalidRecord("looked_on: give the month at least, such as 2026-11.")
        read_day(self.looked_on)
        if not (self.title.strip() and self.edition.strip() and self.says.strip() and self.source):
            raise InvalidRecord("A law has a title, an edition, what it says here, and a source.")

    def is_old(self, on: datetime.date) -> bool:
        """Whether nobody has looked for over a year; a day that is still to come was no look either."""
        first, last = read_day(self.looked_on)
        return (on - last).days > LAW_GROWS_OLD_DAYS or first > on


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """Something that happened: which need it is for whoever was hurt, was there or did it. Empty: nobody is that in it."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    label: str
    adult_hurt: str = ""
    child_hurt: str = ""
    child_there: str = ""
    adult_did: str = ""
    done_by: Role | None = None
    """Who can have done it; None: nobody does it to somebody."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Every need that it can be."""
        all_of_it = (self.adult_hurt, self.child_hurt, self.child_there, self.adult_did)
        return tuple(need for need in all_of_it if need)


@dataclass(frozen=True, kw_only=True)
class PlanRole:
    """A role that leads a plan, as it is called: offered where somebody is named, never set. Names differ by place."""

    __pydantic_config__: ClassVar[Any] = FORBID

    key: str
    label: str
    legal: tuple[Legal, ...] = ()
    """The standings in which it leads; empty: any."""
    says: str
    source: tuple[str, ...]

    def __post_init__(self) -> None:
        if not (self.label.strip() and self.says.strip()):
            raise InvalidRecord("A role has a label and what it does.")


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """What a later folder takes back: one intervention, or one finding, with the day and the reason."""

    __pydantic_config__: ClassVar[Any] = FORBID

    date: str
    because: str
    intervention: str | None = None
    finding: str | None = None

    def __post_init__(self) -> None:
        if (self.intervention is None) == (self.finding is None):
            raise InvalidRecord("A withdrawal names either an intervention or a finding.")
        Withdrawn(date=self.date, because=self.because)


@dataclass(frozen=True, kw_only=True)
class Priority:
    """One level of what matters, decided before the next."""

    __pydantic_config__: ClassVar[Any] = FORBID

    name: str
    better: str
    label: str
    """What it means to be better at this level."""
    otherwise: str
    """What it means to be worse."""
    because: str


SERVICE = "kind:"


def service_row(kind: str) -> str:
    """Under what a local directory holds a kind of local service, beside its interventions."""
    return f"{SERVICE}{kind}"


def service_of(row: str) -> str:
    """The kind of local service under which a row of a directory is held; empty for an intervention."""
    return row.removeprefix(SERVICE) if row.startswith(SERVICE) else ""


@dataclass(frozen=True, kw_only=True)
class Availability:
    """What an authority offers of one intervention, or of one kind of local service."""

    __pydantic_config__: ClassVar[Any] = FORBID

    intervention: str
    """Its key; for a kind of local service see `service_row`."""
    places: int | None = None
    """Free places; None: not known, which is not none."""
    wait_weeks: int | None = None
    provider: str = ""
    ages_months: tuple[tuple[int, int], ...] = ()
    """Ages of children for whom it is given here, both included; empty: not stated."""
    languages: tuple[str, ...] = ()
    """Languages in which it is given here; empty: not stated."""
    refer: str = ""
    """Who may refer, and how."""
    fidelity: str = ""
    """licensed, adapted, or empty where nobody has said."""
    as_of: str = ""
    """YYYY-MM-DD: the day on which places and wait were looked at last; empty: not stated."""

    def __post_init__(self) -> None:
        if self.as_of:
            read_day(self.as_of)
        if self.fidelity not in {"", "licensed", "adapted"}:
            raise InvalidRecord("fidelity is licensed or adapted.")
        for low, high in self.ages_months:
            if not -9 <= low <= high <= 300:
                raise InvalidRecord("ages lie between -9 and 300 months, the lower one first.")
        if self.places is not None and not 0 <= self.places <= 100_000:
            raise InvalidRecord("places must lie between 0 and 100000.")
        if self.wait_weeks is not None and not 0 <= self.wait_weeks <= 520:
            raise InvalidRecord("wait_weeks must lie between 0 and 520.")


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A folder the catalogue was read from."""

    name: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class CensusFactor:
    """A code of the CIN census for something found at the end of an assessment. It says present or absent, never how much."""

    __pydantic_config__: ClassVar[Any] = FORBID

    code: str
    label: str
    about: str
    """child, parent_carer, household (another person who lives there), family_or_household, or nobody."""
    harmed_by: str = ""
    """Where it says that the person is harmed: adult, child or not_recorded."""
    since: int | None = None
    """The return year (ending on 31 March) in which it came; None: in the earliest that was read, 2017, or before."""
    until: int | None = None
    """The last return year that had it; None: it is still there."""

    def __post_init__(self) -> None:
        if self.about not in {
            "child",
            "parent_carer",
            "household",
            "family_or_household",
            "nobody",
        }:
            raise InvalidRecord(
                "about is child, parent_carer, household, family_or_household or nobody."
            )
        if self.harmed_by not in {"", "adult", "child", "not_recorded"}:
            raise InvalidRecord("harmed_by is adult, child or not_recorded.")

    def is_in(self, year: int) -> bool:
        """Whether the list of a return year holds it."""
        return (self.since or 0) <= year <= (self.until or year)
