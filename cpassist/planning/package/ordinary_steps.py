"""The ordinary steps that hold for a family: what a worker does because of each need, beside tested help.

Duties, guidance, practice and direct work. They are never dropped for minutes, never counted and never weighed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cpassist.catalogue.ordinary import ANY_NEED, ForWhom, OrdinaryStep, StepKind
from cpassist.catalogue.records import Availability, service_row
from cpassist.catalogue.vocabulary import IfUnknown, Whose
from cpassist.family.records import Need, StepDecision
from cpassist.family.vocabulary import ActionLevel
from cpassist.harm.reading import HarmReading
from cpassist.harm.records import Room
from cpassist.harm.ties import children_meant, partners_of
from cpassist.planning.safety.conditions import Case, Reading, read_condition

MOST_IN_SIGHT = 4
RANKS = {StepKind.DUTY: 0, StepKind.GUIDANCE: 2, StepKind.PRACTICE: 2, StepKind.DIRECT_WORK: 4}
LAST = 5
TODAY = ("now", "same day", "today", "without delay", "by the close of the next")


@dataclass(frozen=True, kw_only=True, repr=False)
class PackageStep:
    """One ordinary step for one person's need, with what was decided about it."""

    step: str
    person: str
    """Whose need; empty where it is for the family as a whole."""
    need: str
    """A key of needs.yaml, or any."""
    children: tuple[str, ...]
    kind: str
    says: str
    how: str = ""
    only_if: str = ""
    timescale: str = ""
    by_whom: str = ""
    refer_to: str = ""
    """The kind of local service, in words."""
    local: str = ""
    """Who does it here, and how to refer, where a local directory says so."""
    consent: str = ""
    not_when: str = ""
    family_says: str = ""
    withheld: str = ""
    stays_with_worker: bool = False
    source: str
    read: str
    law: str = ""
    law_says: str = ""
    """What is known of the law behind it: whether it has begun, and how old the page is that quotes it."""
    to_check: bool = False
    in_sight: bool = True
    """Whether it stands at first sight; the rest is one click away."""
    judged: str | None = None
    because: str = ""
    own_words: str = ""

    @property
    def key(self) -> str:
        return step_key(self.step, self.person)

    @property
    def words(self) -> str:
        """As the worker put it, or as it stands in the catalogue."""
        return self.own_words or self.says


def step_key(step: str, person: str) -> str:
    """The name of a step in a package: `<step>:<person>`."""
    return f"{step}:{person}"


def ordinary_steps(
    harm: HarmReading, availability: Mapping[str, Availability] | None
) -> tuple[PackageStep, ...]:
    """Every step that holds, need by need, what decides first; decisions of the worker with them."""
    rows: dict[tuple[str, str], list[_Holding]] = {}
    said: set[str] = set()
    for need in sorted(harm.family.needs, key=lambda n: (-(n.level or 0), n.person, n.need)):
        if not _asks_for_help(need):
            continue
        for step in harm.catalogue.steps_for(need.need):
            holding = _done_for(step, need, harm)
            # What is done with a home, or with adults for their children, is said once for all of whom the same
            # need is recorded; what is done with an adult about a need of their own, for each.
            own = step.who_for is ForWhom.CHILD or (
                step.who_for is ForWhom.ADULT and harm.family.is_parenting(need.person)
            )
            home = f"{step.key}:{need.person}" if own else step.key
            if holding is not None and home not in said:
                said.add(home)
                rows.setdefault((need.person, need.need), []).append(holding)
    for person, holding in _for_any_need(harm):
        rows.setdefault((person, ANY_NEED), []).append(holding)
    decided = {(line.step, line.person): line for line in harm.family.steps}
    made = []
    for (person, need_key), found in rows.items():
        level = max((n.level or 0 for n in harm.family.needs_of(person) if n.need == need_key), default=0)  # fmt: skip
        ordered = sorted(found, key=lambda holding: _rank(holding, level))
        for place, holding in enumerate(ordered):
            step = holding.step
            tool = need_key == ANY_NEED and step.kind is StepKind.DIRECT_WORK
            in_sight = place < MOST_IN_SIGHT and not tool
            row = _made(step, person, need_key, holding.children, harm, availability, in_sight)
            decision = decided.get((step.key, person))
            made.append(row if decision is None else _decided(row, decision))
    return tuple(made)


def needs_with_steps(steps: tuple[PackageStep, ...]) -> frozenset[tuple[str, str]]:
    """The needs for which a step holds: its own person's, and the same need of others whom it is for."""
    return frozenset((key, step.need) for step in steps for key in (step.person, *step.children))


def _decided(row: PackageStep, decision: StepDecision) -> PackageStep:
    """What somebody decided on stays in sight."""
    return replace(
        row,
        judged=decision.decision.value,
        because=decision.because,
        own_words=decision.says,
        in_sight=True,
    )


def _asks_for_help(need: Need) -> bool:
    return need.is_matched and (need.level or 0) >= ActionLevel.NEEDS_HELP


@dataclass(frozen=True, kw_only=True, repr=False)
class _Holding:
    """A step that holds for somebody, or that may."""

    step: OrdinaryStep
    children: tuple[str, ...]
    is_open: bool
    """Whether an unanswered question leaves it open."""


def _rank(holding: _Holding, level: int) -> int:
    """Duties first, then what decides today, then the rest as their file orders them, direct work after it.

    What holds only if something else is so does not stand before what holds; a condition already settled it.
    """
    step = holding.step
    if holding.is_open or (step.only_if and step.when is None):
        return LAST
    today = step.timescale.casefold().startswith(TODAY) or (level == 3 and min(step.levels) == 3)
    rank = RANKS[step.kind]
    return 1 if today and rank > 1 else rank


def _done_for(step: OrdinaryStep, need: Need, harm: HarmReading) -> _Holding | None:
    """A step that holds because of a need, with the children whom it is for."""
    if need.level is None or int(need.level) not in step.levels:
        return None
    family = harm.family
    person = family.person(need.person)
    of_child = harm.catalogue.need_types[need.need].whose is Whose.CHILD
    about = (
        (need.person,)
        if person.is_child and of_child
        else children_meant(need, harm.catalogue.need_types[need.need], family)
    )
    children = tuple(key for key in about if _is_of_age(step, key, harm))
    bounded = step.from_months or step.below_months is not None
    if not children and (step.who_for is ForWhom.CHILD or bounded):
        return None
    if step.together and not _safe_together(need.person, children, harm):
        return None
    return _holding(step, need.person, children, harm)


def _is_of_age(step: OrdinaryStep, key: str, harm: HarmReading) -> bool:
    """Whether the child surely is of the age; an age that nobody knows exactly does not rule a step out."""
    low, high = harm.family.age(key, harm.on)
    if step.who_for is ForWhom.CHILD and harm.family.person(key).is_unborn:
        return False
    return high >= step.from_months and (step.below_months is None or low < step.below_months)


def _holding(
    step: OrdinaryStep, person: str, children: tuple[str, ...], harm: HarmReading
) -> _Holding | None:
    is_open = False
    if step.when is not None:
        reading = read_condition(step.when, _case((person,) if person else (), children, harm))
        is_open = reading.value is None
        if reading.value is False or (is_open and _is_silent(reading, harm)):
            return None
    if step.not_if is not None or step.done_if is not None:
        pair = (person, *partners_of(harm.family, person)) if person else ()
        case = _case(pair, children, harm)
        if step.not_if is not None and read_condition(step.not_if, case).value is not False:
            return None
        if step.done_if is not None and read_condition(step.done_if, case).value:
            return None
    return _Holding(step=step, children=children, is_open=is_open)


def _is_silent(reading: Reading, harm: HarmReading) -> bool:
    """Whether nothing is said while the questions are open: nobody speaks of a pregnancy that nobody recorded."""
    questions = harm.catalogue.questions
    words = {questions[a.key].if_unknown for a in reading.open if a.key in questions}
    return bool(words) and words <= {IfUnknown.IGNORE}


def _case(people: tuple[str, ...], children: tuple[str, ...], harm: HarmReading) -> Case:
    return Case(family=harm.family, on=harm.on, people=people, children=children, parts={}, harm=harm)  # fmt: skip


def _safe_together(person: str, children: tuple[str, ...], harm: HarmReading) -> bool:
    """Whether nothing recorded or open keeps the children from one room with whoever does it with them.

    What is done because of an adult's need is done with that adult; because of a child's, with any one of its carers.
    """
    if harm.family.is_parenting(person):
        return all(_is_free(harm.room(person, child)) for child in children)
    return all(
        any(_is_free(harm.room(carer, child)) for carer in harm.family.carers_of(child))
        for child in children
    )


def _is_free(room: Room) -> bool:
    return not room.blocked and not room.held


def _for_any_need(harm: HarmReading) -> Iterator[tuple[str, _Holding]]:
    """Steps that hold whatever the need: for each child who needs help, and for the family once."""
    asking = [need for need in harm.family.needs if _asks_for_help(need)]
    level = max((int(need.level or 0) for need in asking), default=0)
    concerned = {need.person for need in asking} | {c for need in asking for c in need.affects}
    children = tuple(c.key for c in sorted(harm.family.children, key=lambda c: c.key) if c.key in concerned)  # fmt: skip
    for step in harm.catalogue.steps_for(ANY_NEED):
        if level not in step.levels:
            continue
        if step.who_for is not ForWhom.CHILD:
            if holding := _holding(step, "", children, harm):
                yield "", holding
            continue
        for child in children:
            if _is_of_age(step, child, harm) and (holding := _holding(step, child, (child,), harm)):
                yield child, holding


def _made(
    step: OrdinaryStep,
    person: str,
    need: str,
    children: tuple[str, ...],
    harm: HarmReading,
    availability: Mapping[str, Availability] | None,
    in_sight: bool,
) -> PackageStep:
    kind = harm.catalogue.service_kinds.get(step.refer_to or "")
    here = (availability or {}).get(service_row(step.refer_to)) if step.refer_to else None
    return PackageStep(
        step=step.key,
        person=person,
        need=need,
        children=children,
        kind=step.kind.value,
        says=step.says,
        how=step.how,
        only_if=step.only_if,
        timescale=step.timescale,
        by_whom=step.by_whom,
        refer_to=kind.label if kind else "",
        local=", ".join(part for part in (here.provider, here.refer) if part) if here else "",
        consent=step.consent,
        not_when=step.not_when,
        family_says=step.family_says,
        withheld=step.withheld,
        stays_with_worker=step.stays_with_worker,
        source=step.source,
        read=step.read.value,
        law=step.law,
        law_says=step.law_says,
        to_check=step.is_to_check,
        in_sight=in_sight,
    )
