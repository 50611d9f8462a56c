"""The mistakes we explain to people; anything else that is raised is a bug of ours."""


class CpassistError(Exception):
    """A mistake in what was given, said in sentences: what, where, what to do."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the sentences, and no trace with what stood in variables."""
        return str(self).split("\n")


class InvalidRecord(CpassistError, ValueError):
    """A record that cannot be: refused when it is built.

    A ValueError too, so that the strict reader goes on to the next record and knows the place.
    """


class Mistakes(CpassistError, ValueError):
    """Every mistake found in one piece of work, so that nobody has to mend them one run at a time.

    What can be mended in one sitting is told; of a flood the first lines and how many more.
    """

    MOST = 60

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        if len(mistakes) > self.MOST:
            more = len(mistakes) - self.MOST
            mistakes = (*mistakes[: self.MOST], f"And {more} more mistakes. Mend these first.")
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class NotReleased(CpassistError):
    """Something of a real family that may not leave as it is."""


class NotWorkedOut(CpassistError):
    """Something of ours that failed, and nobody else's mistake."""


class PackageRefused(NotWorkedOut):
    """A package that the second check would not let out; it names each rule that was broken."""
