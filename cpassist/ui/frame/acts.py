"""What the browser may ask for: each act stands beside the verb that does it, with how its fields are read and where focus goes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from cpassist.ui.frame.fields import text
from cpassist.ui.frame.verbs import tried

Does = TypeVar("Does", bound=Callable[..., object])
Reads = Callable[[Any, Mapping[str, Any]], tuple[object, ...]]


@dataclass(frozen=True, kw_only=True, repr=False)
class Act:
    """One act: its name in the page, and what goes with it."""

    name: str
    reads: Reads
    """Makes what the verb is given of whoever has the verb and of the fields of the form. Raises what is wrong in them."""
    focus: str = ""
    """The id of what takes the focus once it is done, where the control that was pressed is gone."""
    says: str = ""
    """What the page says once it is done, where the verb does not say it itself."""
    together: bool = False
    """Whether its form is kept with the other forms of the page, by one button."""


def act(
    name: str,
    *fields: str,
    reads: Reads | None = None,
    focus: str = "",
    says: str = "",
    together: bool = False,
) -> Callable[[Does], Does]:
    """Marks a verb as what an act of the browser does; nothing else is ever done for it.

    `fields` are those that the verb is given, as text. Where more has to be read, `reads` does it, inside the
    page's net: what it raises is shown beside the field.
    """
    wanted = reads or (lambda _, form: tuple(text(form, field) for field in fields))
    made = Act(name=name, reads=wanted, focus=focus, says=says, together=together)

    def mark(does: Does) -> Does:
        does.acts = (made, *getattr(does, "acts", ()))  # type: ignore[attr-defined]
        return does

    return mark


@dataclass(frozen=True, kw_only=True, repr=False)
class Doing:
    """An act with whoever has the verb: the state of the page, a part of it, or the page."""

    act: Act
    owner: Any
    does: Callable[..., object]

    def __call__(self, fields: Mapping[str, Any]) -> bool:
        """Reads the fields and does it; whether it was done. What goes wrong becomes a sentence on the page."""

        def both() -> None:
            self.does(self.owner, *self.act.reads(self.owner, fields))
            if hasattr(self.owner, "was_done"):
                self.owner.was_done(self.act, fields)

        return tried(getattr(self.owner, "state", self.owner), both, self.act.name)


def acts_of(*owners: Any) -> Mapping[str, Doing]:
    """Every act that the verbs of these are marked with, by its name. Raises ValueError where a name is there twice."""
    found: dict[str, Doing] = {}
    for owner in owners:
        for kind in type(owner).__mro__:
            for does in vars(kind).values():
                for made in getattr(does, "acts", ()):
                    if made.name in found:
                        raise ValueError(f"The act {made.name} is there twice.")
                    # The net is drawn once, around reading and doing.
                    inner = getattr(does, "__wrapped__", does)
                    found[made.name] = Doing(act=made, owner=owner, does=inner)
    return found
