"""What could help a family, before anything is chosen: every offer that could be made, and what speaks against the rest."""

from dataclasses import dataclass

from cpassist.catalogue.catalogue import Catalogue
from cpassist.errors import Mistakes
from cpassist.family.consistency import age_mistakes
from cpassist.family.family import Family
from cpassist.harm.reading import HarmReading
from cpassist.planning.candidates import Candidate, Question, RuledOut
from cpassist.planning.matching.eligibility import sort_out


@dataclass(frozen=True, kw_only=True, repr=False)
class Matching:
    """One family's needs matched with what is known to help: nothing that speaks of a need is left out."""

    question: Question
    """What it follows from: the family, the catalogue, what is to be had here, the day."""
    candidates: tuple[Candidate, ...]
    """The offers that could be made, in the order of their keys."""
    ruled_out: tuple[RuledOut, ...]
    """The first reason against each intervention for each need, by person, need and intervention."""

    @property
    def family(self) -> Family:
        return self.question.family

    @property
    def catalogue(self) -> Catalogue:
        return self.question.catalogue

    @property
    def harm(self) -> HarmReading:
        return self.question.harm


def match(question: Question) -> Matching:
    """Each need of a family with each intervention that some finding connects with it.

    Raises Mistakes when somebody's age on that day contradicts their role.
    """
    mistakes = tuple(age_mistakes(question.family, question.on))
    if mistakes:
        raise Mistakes(mistakes)
    candidates, ruled_out = sort_out(question)
    return Matching(
        question=question,
        candidates=candidates,
        ruled_out=tuple(
            sorted(ruled_out, key=lambda row: (row.person, row.need, row.intervention))
        ),
    )
