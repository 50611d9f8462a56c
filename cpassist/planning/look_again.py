"""What is worth another look: answers and levels that would change the package if they were otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cpassist.catalogue.conditions import Asked
from cpassist.family import Answer, Family, Need
from cpassist.family_changes import with_answer, with_need
from cpassist.family_vocabulary import LEVEL_WORDS, ActionLevel, AnswerValue, When
from cpassist.planning.candidates import Question
from cpassist.planning.graph import build_support_graph
from cpassist.planning.package import SupportPackage, compose_package
from cpassist.planning.rule_reading import asked_words

# The border on which help is sought or not sought at once.
BORDER = {
    ActionLevel.NEEDS_HELP: ActionLevel.NEEDS_HELP_NOW,
    ActionLevel.NEEDS_HELP_NOW: ActionLevel.NEEDS_HELP,
}
OTHERWISE = ((AnswerValue.TRUE, "yes"), (AnswerValue.FALSE, "no"))


@dataclass(frozen=True, kw_only=True)
class SecondLook:
    """One thing that would change the package, and how."""

    about: tuple[str, ...]
    says: str
    """The question with the answer that would change it, or the need with its other level."""
    adds: tuple[str, ...]
    """Keys of interventions that would be offered as well."""
    drops: tuple[str, ...]
    ask: Asked | None = None


def worth_another_look(question: Question, package: SupportPackage) -> tuple[SecondLook, ...]:
    """Each unanswered safety question, and each level on the border of 2 and 3, that would change it.

    Each is turned by itself, all else as it is. A package that would stay the same is not told.
    """
    now = {offer.key: offer.intervention for offer in package.offers}
    found = []
    for about, says, family, ask in (
        *_other_answers(question, package),
        *_other_levels(question),
    ):
        then = {offer.key: offer.intervention for offer in _composed(family, question).offers}
        adds = tuple(sorted({then[key] for key in then if key not in now}))
        drops = tuple(sorted({now[key] for key in now if key not in then}))
        if adds or drops:
            found.append(SecondLook(about=about, says=says, adds=adds, drops=drops, ask=ask))
    return tuple(found)


def _composed(family: Family, question: Question) -> SupportPackage:
    graph = build_support_graph(family, question.catalogue, question.availability, question.on)
    return compose_package(graph)


Turned = tuple[tuple[str, ...], str, Family, Asked | None]


def _other_answers(question: Question, package: SupportPackage) -> Iterator[Turned]:
    catalogue, family = question.catalogue, question.family
    asked = [f.ask for f in package.findings if f.ask and f.ask.key in catalogue.questions]
    for ask in dict.fromkeys(asked):
        about = tuple(key for key in (ask.person, ask.other) if key)
        words = asked_words(family, catalogue, ask)
        for value, said in OTHERWISE:
            answer = Answer(ask=ask.key, person=ask.person, other=ask.other, answer=value)
            two_way = catalogue.questions[ask.key].two_way
            yield about, f"{words} If {said}:", with_answer(family, answer, two_way=two_way), ask


def _other_levels(question: Question) -> Iterator[Turned]:
    for need in sorted(question.family.needs, key=lambda n: (n.person, n.need)):
        other = BORDER.get(need.level) if need.level is not None else None
        if other is None or need.when is When.PAST:
            continue
        turned: Need = replace(need, level=other)
        label = question.family.label_of(need.person)
        what = question.catalogue.label(need.need).lower()
        says = f"{label}, {what}: if it were “{LEVEL_WORDS[other]}” ({int(other)}):"
        yield (need.person,), says, with_need(question.family, turned), None
