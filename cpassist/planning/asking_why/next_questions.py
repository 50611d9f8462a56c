"""The answers that free most: of all open safety questions the few that a worker should ask first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cpassist.catalogue.conditions import Asked, by_question
from cpassist.catalogue.named_in_code import CONTACT_FORBIDDEN, SAFE_CARER
from cpassist.family.changes import with_answer
from cpassist.family.family import Family
from cpassist.family.records import Answer
from cpassist.family.vocabulary import AnswerValue
from cpassist.harm.causing import SAYS_THAT_THEY_HARM
from cpassist.planning.candidates import Candidate, Question
from cpassist.planning.choosing.capacity import able_to_carry, best_for_judgements
from cpassist.planning.choosing.choice import choice_of
from cpassist.planning.matching.eligibility import sort_out
from cpassist.planning.matching.matching import Matching
from cpassist.planning.package.offers import names
from cpassist.planning.package.package import SupportPackage
from cpassist.planning.safety.rules import asked_words

MOST_SHOWN = 3
# Help that waits for more answers than this is not freed by asking one thing more.
MOST_TOGETHER = 4
SAID = {AnswerValue.TRUE: "yes", AnswerValue.FALSE: "no"}


@dataclass(frozen=True, kw_only=True, repr=False)
class IfAnswered:
    """What one answer would change, all else as it is."""

    answer: str
    """yes or no."""
    adds: tuple[str, ...]
    """Interventions that would be offered as well."""
    removes: tuple[str, ...]
    frees: tuple[tuple[str, str], ...]
    """Needs that would have an offer: person and need."""


@dataclass(frozen=True, kw_only=True, repr=False)
class NextQuestion:
    """One question, or a few that only help together, and what each answer would change."""

    ask: Asked
    beside: tuple[Asked, ...]
    """Questions that have to be answered with it before anything is freed."""
    says: str
    answers: tuple[IfAnswered, ...]

    @property
    def frees(self) -> tuple[tuple[str, str], ...]:
        return max((a.frees for a in self.answers), key=len, default=())


def next_questions(matching: Matching, package: SupportPackage) -> tuple[NextQuestion, ...]:
    """At most three questions, the one whose answer frees most first; needs that need help now count first.

    Only the kinds of help that wait for an answer, or stand under it, are looked at again: an answer changes no other.
    """
    looking = _Looking(matching, package)
    found = [*map(looking.one, looking.single), *map(looking.several, looking.together)]
    telling = [q for q in found if any(a.frees or a.adds for a in q.answers)]
    telling.sort(key=lambda q: (*looking.worth(q), by_question(q.ask)))
    plain = [q for q in telling if not looking.accuses(q)]
    kept: list[NextQuestion] = []
    # Whether somebody harms is asked first only where a need waits for nothing else.
    accusing = [q for q in telling if q not in plain and q.frees]
    for question in (*plain, *looking.most_waited_for(), *accusing):
        known = {asked for other in kept for asked in (other.ask, *other.beside)}
        if not {question.ask, *question.beside} & known:
            kept.append(question)
    return tuple(kept[:MOST_SHOWN])


class _Looking:
    """One package while it is asked what would change it."""

    def __init__(self, matching: Matching, package: SupportPackage) -> None:
        self.question = matching.question
        self.candidates = {c.key: c for c in matching.candidates}
        self.now = {o.intervention for o in package.offers}
        self.answered = {(a.person, a.need) for o in package.offers for a in o.answers}
        waiting: dict[frozenset[Asked], set[str]] = {}
        self.rows = matching.ruled_out
        for row in self.rows:
            asked = frozenset(a for a in row.asked if a.key in self.question.catalogue.questions)
            if asked and asked == row.asked and len(asked) <= MOST_TOGETHER:
                waiting.setdefault(asked, set()).add(row.intervention)
        self.waiting: Mapping[frozenset[Asked], set[str]] = waiting
        singles = {a for group in waiting if len(group) == 1 for a in group}
        self.single = sorted(singles, key=by_question)
        self.together = sorted(
            (g for g in waiting if len(g) > 1), key=lambda g: sorted(map(by_question, g))
        )

    def accuses(self, question: NextQuestion) -> bool:
        return any(map(self._is_no_beginning, (question.ask, *question.beside)))

    def _is_no_beginning(self, asked: Asked) -> bool:
        """Whether it asks if somebody harms of whom nothing of the kind is recorded: that is asked of everybody,
        alone, and is no way to begin.
        """
        harm = self.question.harm
        recorded = {*harm.causing, *harm.may_cause} & {asked.person, asked.other}
        return asked.key in {*SAYS_THAT_THEY_HARM, CONTACT_FORBIDDEN} and not recorded

    def worth(self, question: NextQuestion) -> tuple[int, int, int]:
        """What an answer frees, the most urgent needs first; fewer questions before more."""
        family = self.question.family
        levels = [need.level or 0 for p, n in question.frees if (need := family.need(p, n))]
        return (-sum(v == 3 for v in levels), -len(levels), len(question.beside))  # fmt: skip

    def one(self, asked: Asked) -> NextQuestion:
        return self._made(
            asked, (), tuple(self._if({asked: value}) for value in (AnswerValue.TRUE, AnswerValue.FALSE))
        )  # fmt: skip

    def several(self, group: frozenset[Asked]) -> NextQuestion:
        first, *rest = sorted(group, key=by_question)
        safe = {asked: self._safe(asked) for asked in group}
        return self._made(first, tuple(rest), (self._if(safe),))

    def most_waited_for(self) -> list[NextQuestion]:
        """The questions for which most help waits, among others: each frees nothing by itself.

        One of a kind: the same question about a brother or sister is asked with it anyway. Help for a need that
        other help answers keeps nobody waiting.
        """
        waits: dict[Asked, set[str]] = {}
        for row in self.rows:
            for asked in row.asked if (row.person, row.need) not in self.answered else ():
                waits.setdefault(asked, set()).add(row.intervention)
        ordered = sorted(
            waits, key=lambda a: (a.key != "harmed_by", -len(waits[a]), by_question(a))
        )
        first: dict[str, Asked] = {}
        unexplained = {asked.person for asked in waits if asked.key == "harmed_by"}
        for asked in ordered:
            # While nobody knows who did it, to ask of one carer whether the child is safe with them says that it was they.
            accuses = asked.key == SAFE_CARER and asked.other in unexplained
            if not accuses and not self._is_no_beginning(asked):
                first.setdefault(asked.key, asked)
        return [self._made(asked, (), ()) for asked in first.values()]

    def _safe(self, asked: Asked) -> AnswerValue:
        question = self.question.catalogue.questions[asked.key]
        return AnswerValue.TRUE if question.safe_answer else AnswerValue.FALSE

    def _made(
        self, ask: Asked, beside: tuple[Asked, ...], answers: tuple[IfAnswered, ...]
    ) -> NextQuestion:
        says = asked_words(self.question.family, self.question.catalogue, ask)
        return NextQuestion(ask=ask, beside=beside, says=says, answers=answers)

    def _if(self, said: Mapping[Asked, AnswerValue]) -> IfAnswered:
        family = _answered(self.question, said)
        turned = replace(self.question, family=family)
        touched = self._touched(said)
        again, _ = sort_out(turned, frozenset(touched))
        kept = [c for c in self.candidates.values() if c.intervention.key not in touched]
        keys = {c.key for c in (*kept, *again)}
        both = [c for c in (*kept, *again) if _still_met(c, (*kept, *again))]
        offers = _offered(both, turned)
        there = {c.intervention.key for c in offers}
        needs = {(a.person, a.need) for c in offers for a in c.answers}
        # Of several answers together it names the first one's.
        value = said[min(said, key=by_question)]
        return IfAnswered(
            answer=SAID[value],
            adds=tuple(sorted(there - self.now)),
            removes=tuple(sorted(self.now - there)) if keys else (),
            frees=tuple(sorted(needs - self.answered)),
        )

    def _touched(self, said: Iterable[Asked]) -> set[str]:
        """The interventions that wait for these answers, or are offered on condition of them."""
        asked = set(said)
        touched = {key for group, keys in self.waiting.items() if group & asked for key in keys}
        return touched | {
            c.intervention.key
            for c in self.candidates.values()
            if any(condition.asked in asked for condition in c.conditions)
        }


def _answered(question: Question, said: Mapping[Asked, AnswerValue]) -> Family:
    family = question.family
    for asked, value in said.items():
        answer = Answer(ask=asked.key, person=asked.person, other=asked.other, answer=value)
        two_way = question.catalogue.questions[asked.key].two_way
        family = with_answer(family, answer, two_way=two_way)
    return family


def _still_met(candidate: Candidate, those: Iterable[Candidate]) -> bool:
    return all(
        any(required.is_met_by(other) for other in those if other.key != candidate.key)
        for required in candidate.requires
    )


def _offered(candidates: Iterable[Candidate], question: Question) -> tuple[Candidate, ...]:
    limits = question.family.limits.minutes_per_week
    able, _ = able_to_carry(sorted(candidates, key=lambda c: c.key), limits)
    return best_for_judgements(choice_of(able, question.catalogue), limits).picked


def question_words(question: NextQuestion, asked: Question) -> str:
    """A question and what its answers would change, in one paragraph."""
    beside = [asked_words(asked.family, asked.catalogue, other) for other in question.beside]
    changes = [
        answer_words(found, question, asked)
        for found in question.answers
        if found.adds or found.removes
    ]
    waits = [] if changes else ["Some help can only be chosen once this is known."]
    return " ".join((question.says, *beside, *changes, *waits))


def answer_words(found: IfAnswered, question: NextQuestion, asked: Question) -> str:
    """What an answer would change, in words: "If no: SafeCare could begin, for neglect of Theo"."""
    family, catalogue = asked.family, asked.catalogue
    parts = []
    if found.adds:
        what = ", ".join(catalogue.title(key) for key in found.adds)
        whose = "; ".join(
            f"{names([person], family)}, {catalogue.label(need).lower()}" for person, need in found.frees
        )  # fmt: skip
        parts.append(f"{what} could be offered{f' ({whose})' if whose else ''}")
    if found.removes:
        parts.append(
            f"{', '.join(catalogue.title(key) for key in found.removes)} would be left out"
        )
    says = "; ".join(parts) or "nothing changes"
    return f"If {'nothing speaks against it' if question.beside else found.answer}: {says}."
