"""A census return that was opened in the browser: its children until a person has joined them into a family."""

import io
from typing import TYPE_CHECKING

from cpassist.errors import Mistakes
from cpassist.family.changes import joined, with_factor_named, without_factor
from cpassist.importing.census import Candidate, Oddity

if TYPE_CHECKING:
    from cpassist.ui.case_planning.state import CaseState


TOO_LARGE = "file: too large"
"""What the browser says in place of a file that it does not send."""


class CensusEditor:
    """One return on the page of a worker; nothing of it is kept until it is a family. Its acts raise Mistakes."""

    def __init__(self, state: "CaseState") -> None:
        self._state = state
        self.children: tuple[Candidate, ...] = ()

    def open(self, text: str) -> None:
        """Opens a return: its children, to be joined into families."""
        if text == TOO_LARGE:
            says = "The return is over 6 MB. Use the command import-census, which takes any size."
            raise Mistakes((says,))
        from cpassist.importing.census_files import read_census  # noqa: PLC0415  the parser waits until a return comes

        content = io.BytesIO(text.encode("utf-8", "replace"))
        found = list(read_census(content, "the file", self._state.catalogue))
        self.children = tuple(one for one in found if isinstance(one, Candidate))
        about_the_file = [f"{one.says} {one.remedy}" for one in found if isinstance(one, Oddity)]
        number = len(self.children)
        self._state.say(f"{number} child{'ren' * (number != 1)} in the return.", *about_the_file)

    def join(self, numbers: tuple[int, ...], label: str) -> None:
        """Makes one family of the children that a person has chosen; nobody guesses who belongs together."""
        families = [c.family for c in self.children if c.number in numbers and c.family is not None]
        if not families or len(families) != len(numbers):
            says = "Choose at least one child of the list, and only such as can be taken."
            raise Mistakes((says,))
        self._state.begin(joined(families, label))
        # The others of the return stay in sight: they are the next family.
        self.children = tuple(c for c in self.children if c.number not in numbers)
        self._state.say(
            "These are candidates: nothing is rated, and what is said of adults waits for a name."
        )

    def close(self) -> None:
        """Puts the return away; nothing of it was kept."""
        self.children = ()

    def name_factor(self, index: int, person: str, need: str) -> None:
        """Says of whom a waiting factor is; it becomes a need that somebody has to rate."""
        family = self._state.the_family()
        if not 0 <= index < len(family.waiting) or need not in family.waiting[index].needs:
            raise Mistakes(("That is no longer waiting.",))
        self._state.change(with_factor_named(family, index, person, need))
        self._state.say("Recorded as a need. Say how much help it asks for, and who has seen it.")

    def drop_factor(self, index: int) -> None:
        """Takes a waiting factor out: it does not hold, or is about nobody here."""
        family = self._state.the_family()
        if not 0 <= index < len(family.waiting):
            raise Mistakes(("That is no longer waiting.",))
        self._state.change(without_factor(family, index))
        self._state.say("Taken out.")
