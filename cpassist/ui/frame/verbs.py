"""What a verb of a page's state does with what goes wrong: a mistake becomes a sentence, a bug a reference."""

import functools
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from cpassist.errors import CpassistError, Mistakes, NotWorkedOut
from cpassist.ui.frame.fields import FieldMistakes

# Tests turn it off: there a bug of ours is red, with its trace and the line of the template, and no sentence.
bugs_are_caught = True
LOG = logging.getLogger("cpassist")
NOT_RECORDED = (
    "The change is not recorded, and what stands here is the package from before it. Tell whoever looks "
    "after this machine."
)


@dataclass(frozen=True, kw_only=True, repr=False)
class Notice:
    """One thing that the page says about what was just done."""

    level: str
    """done, changed (done, with something to know), mistake or ours (our own error)."""
    says: tuple[str, ...]
    undo: bool = False
    """Whether what was just taken out can be put back from here."""


def tried(state: Any, change: Callable[[], object], name: str) -> bool:
    """Does something to the state of a page, and catches once what it may raise: a mistake becomes a sentence, a bug a reference.

    Whether it was done. Nothing that was there before is lost by a mistake. `name` is for the log.
    """
    try:
        with state.hold_trait_notifications():
            state.mistakes = {}
            state.notice = None
            change()
    except FieldMistakes as mistakes:
        state.mistakes = mistakes.by_field
        state.mistaken_form = mistakes.form
    except Mistakes as mistakes:
        state.notice = Notice(level="mistake", says=mistakes.mistakes)
    except NotWorkedOut as failed:
        state.notice = Notice(level="ours", says=(str(failed), NOT_RECORDED))
    except CpassistError as mistake:
        state.notice = Notice(level="mistake", says=(str(mistake),))
    except Exception as bug:  # noqa: BLE001  the page's one net: a visitor never sees a trace
        state.notice = our_bug(bug, name)
    else:
        return True
    return False


def verb(change: Callable[..., None]) -> Callable[..., bool]:
    """A verb of a page's state: it is `tried`, and returns whether it was done."""

    @functools.wraps(change)
    def done(self: Any, *given: Any, **named: Any) -> bool:
        return tried(self, lambda: change(self, *given, **named), change.__name__)

    return done


def not_drawn(trouble: Exception) -> Notice:
    """What a page says that could not be drawn: what was in the way, or that it is a bug of ours."""
    if isinstance(trouble, CpassistError):
        return Notice(level="mistake", says=(str(trouble),))
    return our_bug(trouble, "draw")


def our_bug(bug: Exception, act: str) -> Notice:
    """A sentence with a reference; the log says where it happened, and never with what values."""
    if not bugs_are_caught:
        raise bug
    reference = secrets.token_hex(2).upper()
    LOG.warning("Reference %s: %s at %s in %s", reference, type(bug).__name__, _where(bug), act)
    said = (
        f"Something went wrong on our side (reference {reference}). Try again, or go on with another "
        "step. What you confirmed before is kept."
    )
    return Notice(level="ours", says=(said,))


def _where(bug: BaseException) -> str:
    trace = bug.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "nowhere"
    code = trace.tb_frame.f_code
    # Of a template the function has a name that says nothing; the file says which one it is.
    return f"{PurePath(code.co_filename).name}, {code.co_name}:{trace.tb_lineno}"
