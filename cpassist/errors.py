"""The mistakes we explain to people; anything else that is raised is a bug of ours."""


class CpassistError(Exception):
    """A mistake in what was given, said in sentences: what, where, what to do."""


class InvalidRecord(CpassistError):
    """A record that cannot be: refused when it is built."""


class Mistakes(CpassistError):
    """Every mistake found in one piece of work, so that nobody has to mend them one run at a time."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class PackageRefused(CpassistError):
    """A package that the second check would not let out; it names each rule that was broken."""
