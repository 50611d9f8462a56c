"""What is worth another look: answers, levels and local help that would change the package if otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.conditions import Asked
from cpassist.catalogue.records import Availability
from cpassist.family.changes import with_answer, with_need
from cpassist.family.records import Answer
from cpassist.family.vocabulary import ActionLevel, AnswerValue, When
from cpassist.planning.candidates import Question
from cpassist.planning.matching.matching import match
from cpassist.planning.package.package import SupportPackage, offers_for
from cpassist.planning.safety.rules import asked_words
from cpassist.words.family import LEVEL_WORDS

# The border on which help is sought or not sought at once.
BORDER = {
    ActionLevel.NEEDS_HELP: ActionLevel.NEEDS_HELP_NOW,
    ActionLevel.NEEDS_HELP_NOW: ActionLevel.NEEDS_HELP,
}
NOT_TO_BE_HAD = frozenset({"not_here", "no_places"})
OTHERWISE = ((AnswerValue.TRUE, "yes"), (AnswerValue.FALSE, "no"))


@dataclass(frozen=True, kw_only=True, repr=False)
class SecondLook:
    """One thing that would change the package, and how."""

    about: tuple[str, ...]
    says: str
    """The question with the answer that would change it, the need with its other level, or the help that
    cannot be had here."""
    adds: tuple[str, ...] = ()
    """Keys of interventions that would be offered as well."""
    drops: tuple[str, ...] = ()
    ask: Asked | None = None
    intervention: str | None = None
    """The help that cannot be had here, where that is what it is about."""

    def then(self, catalogue: Catalogue) -> str:
        """What would change, in words: "adds it; leaves out SafeCare."."""

        def titles(keys: Sequence[str]) -> str:
            return ", ".join(
                "it" if key == self.intervention else catalogue.title(key) for key in keys
            )

        parts = [
            f"{word} {titles(keys)}"
            for word, keys in (("adds", self.adds), ("leaves out", self.drops))
            if keys
        ]
        return f"{'; '.join(parts)}."


def worth_another_look(question: Question, package: SupportPackage) -> tuple[SecondLook, ...]:
    """Each open safety question, each level on the border of 2 and 3, and each kind of help that cannot be
    had here, that would change it.

    Each is turned by itself, all else as it is. A package that would stay the same is not told.
    """
    now = {offer.key: offer.intervention for offer in package.offers}
    found = []
    for look, turned in (
        *_other_answers(question, package),
        *_other_levels(question),
        *_were_it_here(question, package),
    ):
        then = {offer.key: offer.intervention for offer in offers_for(match(turned))}
        adds = tuple(sorted({then[key] for key in then if key not in now}))
        drops = tuple(sorted({now[key] for key in now if key not in then}))
        if adds or drops:
            found.append(replace(look, adds=adds, drops=drops))
    return tuple(found)


def stands_whatever(package: SupportPackage, looks: Sequence[SecondLook]) -> tuple[str, ...]:
    """The offers that no open answer, level on the border or local lack would take out: what stands in any case."""
    dropped = {key for look in looks for key in look.drops}
    return tuple(o.key for o in package.offers if o.intervention not in dropped)


# What is looked at, and the question as it would then be.
Turned = tuple[SecondLook, Question]


def _other_answers(question: Question, package: SupportPackage) -> Iterator[Turned]:
    catalogue, family = question.catalogue, question.family
    asked = [f.ask for f in package.findings if f.ask and f.ask.key in catalogue.questions]
    for ask in dict.fromkeys(asked):
        about = tuple(key for key in (ask.person, ask.other) if key)
        words = asked_words(family, catalogue, ask)
        for value, said in OTHERWISE:
            answer = Answer(ask=ask.key, person=ask.person, other=ask.other, answer=value)
            two_way = catalogue.questions[ask.key].two_way
            turned = replace(question, family=with_answer(family, answer, two_way=two_way))
            yield SecondLook(about=about, says=f"{words} If {said}:", ask=ask), turned


def _other_levels(question: Question) -> Iterator[Turned]:
    for need in sorted(question.family.needs, key=lambda n: (n.person, n.need)):
        other = BORDER.get(need.level) if need.level is not None else None
        if other is None or need.when is When.PAST:
            continue
        turned = replace(question, family=with_need(question.family, replace(need, level=other)))
        label = question.family.label_of(need.person)
        what = question.catalogue.label(need.need).lower()
        says = f"{label}, {what}: if it were “{LEVEL_WORDS[other]}” ({int(other)}):"
        yield SecondLook(about=(need.person,), says=says), turned


def _were_it_here(question: Question, package: SupportPackage) -> Iterator[Turned]:
    """Each kind of help that the local directory lacks, as if it had it."""
    lacking = {row.intervention for row in package.set_aside if row.because in NOT_TO_BE_HAD}
    if question.programmes_here is None or not lacking:
        return

    def with_place(keys: set[str]) -> Question:
        had = {key: Availability(intervention=key) for key in keys}
        return replace(question, availability={**(question.availability or {}), **had})

    # Most of it no rule or age would let through, wherever it could be had: one look finds the rest.
    reached = {c.intervention.key for c in match(with_place(lacking)).candidates}
    for key in sorted(lacking & reached):
        says = f"If {question.catalogue.title(key)} could be had here:"
        yield SecondLook(about=(), says=says, intervention=key), with_place({key})
