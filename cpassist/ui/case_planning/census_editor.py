"""A census return that was opened in the browser: its children until a person has joined them into a family."""

import io
from typing import TYPE_CHECKING

from cpassist.errors import Mistakes
from cpassist.family.changes import joined, with_factor_named, without_factor
from cpassist.importing.census import Candidate, Oddity
from cpassist.ui.case_planning import forms
from cpassist.ui.frame.acts import act
from cpassist.ui.frame.fields import place_in

if TYPE_CHECKING:
    from cpassist.ui.case_planning.state import CaseState


TOO_LARGE = "file: too large"
"""What the browser says in place of a file that it does not send."""


class CensusEditor:
    """One return on the page of a worker; nothing of it is kept until it is a family. Its acts raise Mistakes."""

    def __init__(self, state: "CaseState") -> None:
        self.state = state
        self.children: tuple[Candidate, ...] = ()

    @act("open_census", "text", focus="census-h")
    def open(self, text: str) -> None:
        """Opens a return: its children, to be joined into families."""
        if text == TOO_LARGE:
            says = "The return is over 6 MB. Use the command import-census, which takes any size."
            raise Mistakes((says,))
        from cpassist.importing.census_files import read_census  # noqa: PLC0415  the parser waits until a return comes

        content = io.BytesIO(text.encode("utf-8", "replace"))
        found = list(read_census(content, "the file", self.state.catalogue))
        self.children = tuple(one for one in found if isinstance(one, Candidate))
        about_the_file = [f"{one.says} {one.remedy}" for one in found if isinstance(one, Oddity)]
        number = len(self.children)
        self.state.say(f"{number} child{'ren' * (number != 1)} in the return.", *about_the_file)

    @act("join_census", reads=lambda _, form: forms.read_joining(form), focus="heading")
    def join(self, numbers: tuple[int, ...], label: str) -> None:
        """Makes one family of the children that a person has chosen; nobody guesses who belongs together."""
        families = [c.family for c in self.children if c.number in numbers and c.family is not None]
        if not families or len(families) != len(numbers):
            says = "Choose at least one child of the list, and only such as can be taken."
            raise Mistakes((says,))
        self.state.begin(joined(families, label))
        # The others of the return stay in sight: they are the next family.
        self.children = tuple(c for c in self.children if c.number not in numbers)
        self.state.say(
            "These are candidates: nothing is rated, and what is said of adults waits for a name."
        )

    @act("close_census", focus="heading")
    def close(self) -> None:
        """Puts the return away; nothing of it was kept."""
        self.children = ()

    @act("name_factor", reads=lambda _, form: forms.read_factor(form), focus="status")
    def name_factor(self, index: int, person: str, need: str) -> None:
        """Says of whom a waiting factor is; it becomes a need that somebody has to rate."""
        family = self.state.the_family()
        if not 0 <= index < len(family.waiting) or need not in family.waiting[index].needs:
            raise Mistakes(("That is no longer waiting.",))
        self.state.change(with_factor_named(family, index, person, need))
        self.state.say("Recorded as a need. Say how much help it asks for, and who has seen it.")

    @act("drop_factor", reads=lambda _, form: (place_in(form),), focus="status")
    def drop_factor(self, index: int) -> None:
        """Takes a waiting factor out: it does not hold, or is about nobody here."""
        family = self.state.the_family()
        if not 0 <= index < len(family.waiting):
            raise Mistakes(("That is no longer waiting.",))
        self.state.change(without_factor(family, index))
        self.state.say("Taken out.")
