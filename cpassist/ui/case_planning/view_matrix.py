"""What could help one person, on one screen: each need with its answer, how sure, the right age, and what was looked at."""

from collections import Counter
from dataclasses import dataclass

from cpassist.family.records import Need, Person
from cpassist.family.vocabulary import ActionLevel, When
from cpassist.planning.asking_why.next_questions import NextQuestion, question_words
from cpassist.planning.package.offers import names
from cpassist.ui.case_planning.plan_forms import line_id
from cpassist.ui.case_planning.state import CaseState
from cpassist.words.evidence import CERTAINTY_WORDS, FIT_WORDS
from cpassist.words.package import BECAUSE_WORDS, GAP_WORDS


@dataclass(frozen=True, kw_only=True, repr=False)
class MatrixOffer:
    """One offer that answers a need."""

    node: str
    title: str
    says: str
    """With whom, and from which week."""
    sure: str
    age: str
    """Whether it was tested at this age; empty for an adult's need."""
    judged: bool


@dataclass(frozen=True, kw_only=True, repr=False)
class AsideReason:
    """What was set aside for one reason, each kind of help with its own words."""

    words: str
    helps: tuple[tuple[str, str, str], ...]
    """Node, title and why."""


@dataclass(frozen=True, kw_only=True, repr=False)
class MatrixRow:
    """One need and what there is for it."""

    id: str
    whose: str
    """Through whom the need reaches the person who is looked at; empty for a need of their own."""
    need: str
    level: ActionLevel | None
    offers: tuple[MatrixOffer, ...]
    gap: str
    waits: bool
    """Whether what could be offered waits for an answer about safety."""
    steps: int
    steps_id: str
    aside: tuple[AsideReason, ...]
    lit: bool
    """Whether the kind of help that is looked at answers this need."""

    @property
    def looked_at(self) -> int:
        """How many kinds of help were looked at and set aside."""
        return sum(len(reason.helps) for reason in self.aside)


@dataclass(frozen=True, kw_only=True, repr=False)
class WhatIf:
    """One question whose answer would free help."""

    says: str
    field: str
    """The id of its first answer among the safety questions."""


def matrix(state: CaseState, path: str, node: str) -> tuple[MatrixRow, ...]:
    """The needs of one person, then those that reach them through somebody else; of everybody, each person's own."""
    family = state.the_family()
    people = family.people if path == "everyone" else (family.person(path),)
    needs = [n for n in family.needs if n.when is not When.PAST and n.level != 0]
    rows = []
    for person in people:
        own = [n for n in needs if n.person == person.key]
        through = [n for n in needs if person.key in n.affects and path != "everyone"]
        for need in (*_by_urgency(own), *_by_urgency(through)):
            rows.append(_row(state, need, person, node, alone=path != "everyone"))
    return tuple(rows)


def cut_links(state: CaseState, path: str) -> tuple[str, ...]:
    """Carers' needs that somebody said affect another child and not this one, each as "whose: which need"."""
    family = state.the_family()
    if path == "everyone":
        return ()
    carers = set(family.carers_of(path))
    return tuple(
        f"{family.label_of(need.person)}: {state.catalogue.label(need.need).lower()}"
        for need in family.needs
        if need.person in carers and need.is_matched and need.affects and path not in need.affects
    )


def _by_urgency(needs: list[Need]) -> list[Need]:
    return sorted(needs, key=lambda need: -(need.level or 0))


def _row(state: CaseState, need: Need, person: Person, node: str, *, alone: bool) -> MatrixRow:
    package, family, catalogue = state.package, state.the_family(), state.catalogue
    key = (need.person, need.need)
    offers = []
    for offer in package.offers:
        for answer in offer.answers:
            if (answer.person, answer.need) == key:
                others = [k for k in offer.people if k != need.person]
                says = f"with {names(others, family)}, " if others else ""
                offers.append(
                    MatrixOffer(
                        node=f"help:{offer.intervention}",
                        title=catalogue.title(offer.intervention),
                        says=f"{says}weeks {offer.starts_week} to {offer.last_week}",
                        sure=CERTAINTY_WORDS[answer.certainty].capitalize(),
                        age=FIT_WORDS[answer.age_fit].capitalize() if answer.of_child else "",
                        judged=offer.judged is not None,
                    )
                )
    gap = next((g for g in package.gaps if (g.person, g.need) == key), None)
    aside = [s for s in package.set_aside if (s.person, s.need) == key]
    reasons = Counter(s.because for s in aside)
    return MatrixRow(
        id=line_id(f"{need.person}-{need.need}"),
        whose=family.label_of(need.person) if need.person != person.key or not alone else "",
        need=catalogue.label(need.need),
        level=need.level,
        offers=tuple(offers),
        gap=GAP_WORDS[gap.kind] if gap else "",
        waits=bool(gap and gap.kind == "safety_not_answered"),
        steps=sum((step.person, step.need) == key for step in package.steps),
        steps_id=f"sg-{line_id(f'{need.person}-{need.need}')}",
        aside=tuple(
            AsideReason(
                words=f"{count} {BECAUSE_WORDS[because].lower()}",
                helps=tuple(
                    (f"help:{s.intervention}", catalogue.title(s.intervention), s.says)
                    for s in aside
                    if s.because == because
                ),
            )
            for because, count in reasons.most_common()
        ),
        lit=any(offer.node == node for offer in offers)
        or any(f"help:{s.intervention}" == node for s in aside),
    )


def what_if(state: CaseState) -> tuple[WhatIf, ...]:
    """The questions whose answers would free most, with where each is answered."""
    return tuple(
        WhatIf(says=question_words(question, state.matching.question), field=_field(question))
        for question in state.freeing()
    )


def _field(question: NextQuestion) -> str:
    ask = question.ask
    row = "-".join(key for key in (ask.key, ask.person, ask.other) if key)
    return f"q-{row}" if ask.key == "harmed_by" else f"q-{row}-answer-{row}"
