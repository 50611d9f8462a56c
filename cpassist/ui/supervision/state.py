"""What a supervisor sees: the queue, one plan to read and decide on, and what many plans share."""

import contextlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets as tl

from cpassist.errors import CpassistError, Mistakes
from cpassist.family.vocabulary import check_words
from cpassist.planning.asking_why.look_again import worth_another_look
from cpassist.planning.candidates import Question
from cpassist.plans.compare import Change, differences
from cpassist.plans.plan import CasePlan, PlanState, Remark, Verdict
from cpassist.plans.summary import Pattern, PlanLine, patterns
from cpassist.storage.kept import ChangedByAnother, Saved
from cpassist.ui.case_planning import plan_forms as forms
from cpassist.ui.frame.acts import act
from cpassist.ui.frame.fields import text
from cpassist.ui.frame.verbs import Notice, verb
from cpassist.words.plan import CHANGED_WORDS
from cpassist.workspace import Workspace

VIEWS = ("queue", "plan", "patterns")
QUEUES = ("waiting", "returned", "approved", "all")
IN_QUEUE = {
    "waiting": (PlanState.SUBMITTED,),
    "returned": (PlanState.RETURNED,),
    "approved": (PlanState.APPROVED,),
    "all": (),
}
SHOWN_AT_ONCE = 50
WHAT_TO_CHANGE = "Say what has to change before it comes back."
FEW = 3


class CaseloadState(tl.HasTraits):
    """The plans that wait, and the one that is open. Whoever asks, the store looks at their duties again."""

    view = tl.Enum(VIEWS, default_value="queue")
    """Which part of the page is shown."""

    queue = tl.Enum(QUEUES, default_value="waiting")
    """Which plans are listed."""

    label = tl.Unicode("")
    """Part of a family's label to look for."""

    shown = tl.Int(SHOWN_AT_ONCE)
    """How many lines of the queue are drawn."""

    opened = tl.Instance(Saved, allow_none=True)
    """The plan that is read, as it was when it was opened. Replaced, never changed in place."""

    seen = tl.Instance(Saved, allow_none=True)
    """The plan as this supervisor last left it, before it was sent; None for a first reading."""

    chosen = tl.Dict()
    """What is open on the screen: a child, a line that is asked about; nothing of it is kept."""

    looks = tl.Any(None)
    """What would change the package if it were otherwise; None until somebody asks."""

    stale = tl.Unicode("")
    """Who saved the plan that is open since it was opened; empty while nobody has."""

    told = tl.Any(None)
    """Revision → what that save changed, in words; None until somebody asks."""

    mistakes = tl.Dict()
    mistaken_form = tl.Unicode("")
    notice = tl.Instance(Notice, allow_none=True)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.catalogue = workspace.catalogue
        self._newest = 0
        self.connected = False
        """Whether a browser has spoken: a warm page, built before anybody comes, lists nobody's plans."""

    def fall_back(self) -> None:
        """To a screen that can be drawn: the queue, without the store, which may be what failed."""
        self.view, self.opened, self.chosen, self.label = "queue", None, {}, ""
        self.connected = False

    # --- what there is ---

    def lines(self) -> tuple[PlanLine, ...]:
        """The plans in the queue that is chosen, those that wait longest first."""
        if not self.connected:
            return ()
        return self.workspace.store.plans(self._me, *IN_QUEUE[self.queue], label=self.label)

    def shared(self) -> tuple[Pattern, ...]:
        """What many plans share; nothing in it says which."""
        return patterns(line.summary for line in self.workspace.store.plans(self._me))

    @property
    def plan(self) -> CasePlan:
        """The plan that is open; raises Mistakes while there is none."""
        if self.opened is None:
            raise Mistakes(("No plan is open. Open one from the list.",))
        opened: Saved = self.opened
        return opened.plan

    # --- moving about ---

    @act("hello")
    @verb
    def connect(self) -> None:
        """Called when a browser speaks first."""
        self.workspace.store  # noqa: B018  says at once when it cannot be opened

    @act("go", "step")
    @verb
    def go(self, view: str) -> None:
        if view not in VIEWS:
            raise Mistakes(("There is no such part of the page.",))
        if view == "plan":
            self.plan  # noqa: B018  raises while there is none
        self.view = view

    @act("queue", "queue")
    @verb
    def show_queue(self, queue: str) -> None:
        if queue not in QUEUES:
            raise Mistakes(("There is no such list.",))
        self.queue, self.view, self.shown = queue, "queue", SHOWN_AT_ONCE

    @act("look_for", "label")
    @verb
    def look_for(self, label: str) -> None:
        check_words("The label", label, 80)
        self.label, self.shown = label.strip(), SHOWN_AT_ONCE

    @act("more")
    @verb
    def show_more(self) -> None:
        self.shown += SHOWN_AT_ONCE

    @act("open", "key")
    @verb
    def open_plan(self, key: str) -> None:
        store = self.workspace.store
        self.opened = store.read(key, self._me)
        self.seen = store.last_left(key, self._me)
        self.view, self.chosen, self.looks, self.told, self.stale = "plan", {}, None, None, ""

    @act("child", "child")
    @verb
    def choose_child(self, child: str) -> None:
        """Shows the lines of one child, or all of them."""
        self._choose(child=child)

    @act("put_away")
    @verb
    def put_away(self) -> None:
        """Closes the line that was being asked about."""
        self._choose(line="", verdict="")

    @act("return_to", "line", "verdict")
    @verb
    def return_to(self, line: str, verdict: str) -> None:
        """Back to a question that was begun and left."""
        if self.go("plan"):
            self._choose(child="", line=line, verdict=verdict)

    @verb
    def choose(self, **what: str) -> None:
        """Opens something on the screen; what is empty is closed."""
        self._choose(**what)

    def _choose(self, **what: str) -> None:
        children = {child.key for child in self.plan.family.children}
        if what.get("child") and what["child"] not in children:
            raise Mistakes(("That child is not in the plan.",))
        self.chosen = {k: v for k, v in {**self.chosen, **what}.items() if v}

    @act("look_again")
    @verb
    def look_again(self) -> None:
        """Turns each open question and each level on the border of the plan that is open."""
        plan = self.plan
        question = Question(
            family=plan.family,
            catalogue=self.catalogue,
            availability=plan.here,
            on=plan.package.planned_on,
        )
        self.looks = worth_another_look(question, plan.package)

    @act("tell_changes")
    @verb
    def tell_changes(self) -> None:
        """Says of each save what it changed against the one before."""
        history = self.workspace.store.history(self.plan.key, self._me)
        self.told = {
            now.revision: in_short(differences(before.plan, now.plan, self.catalogue))
            for before, now in itertools.pairwise(history)
        }

    def has_news(self) -> bool:
        """Whether something was done since the queue was last drawn, or with the plan that is open.

        What is being read stays as it was; it is only said.
        """
        if not self.connected:
            return False
        with contextlib.suppress(CpassistError):
            if self.view == "plan" and self.opened is not None and not self.stale:
                now = self.workspace.store.changed_since(
                    self.plan.key, self.opened.revision, self._me
                )
                self.stale = now.by if now else ""
                return bool(now)
            if self.view != "queue":
                return False
            before, self._newest = self._newest, self.workspace.store.newest()
            return before != self._newest
        return False

    # --- what is decided ---

    @act("line_verdict", reads=lambda _, form: (text(form, "line"), _chosen_verdict(form)))
    @verb
    def begin_to_decide(self, line: str, said: str) -> None:
        """Agreeing is done at once; asking and disagreeing need words first."""
        if said == Verdict.AGREE.value:
            self._decide_on(line, Verdict.AGREE, "")
        else:
            self._choose(line=line, verdict=said if said in set(Verdict) else "")

    @act("decide", reads=lambda _, form: forms.read_verdict(form))
    @verb
    def decide_on(self, line: str, verdict: Verdict, says: str) -> None:
        """Agrees, asks or disagrees, on one line."""
        self._decide_on(line, verdict, says)

    def _decide_on(self, line: str, verdict: Verdict, says: str) -> None:
        remark = Remark(
            line=line, by=self._me.name, at=self.workspace.now(), says=says, verdict=verdict
        )
        self._act("remark", remark)
        self.chosen = {k: v for k, v in self.chosen.items() if k not in {"line", "verdict"}}

    @act(
        "return_plan",
        reads=lambda _, form: (
            forms.read_because(form, "decision", WHAT_TO_CHANGE),
            text(form, "begun")[:400],
        ),
    )
    @verb
    def return_plan(self, because: str, begun: str = "") -> None:
        _must_be_kept(begun)
        self._act("return_plan", because)
        self.notice = Notice(level="done", says=("Sent back with your reason.",))

    @act(
        "approve",
        reads=lambda _, form: (
            text(form, "seen"),
            forms.read_note(form, "approve"),
            text(form, "begun")[:400],
        ),
    )
    @verb
    def approve(self, seen: str, note: str, begun: str = "") -> None:
        """Signs exactly what was on the screen: `seen` is what the page says was read.

        `begun` is what stands in other forms of the page and was not recorded.
        """
        _must_be_kept(begun)
        self._act("approve", seen, note)
        self.notice = Notice(
            level="done", says=("Approved. The decision carries your name and the time.",)
        )

    @property
    def _me(self) -> Any:
        return self.workspace.reviewer

    def _act(self, act: str, *given: Any) -> None:
        """A step on the plan as it was opened; when somebody was faster, theirs is shown to be read."""
        plan = self.plan
        step: Callable[..., Saved] = getattr(self.workspace.store, act)
        me, now = self._me, self.workspace.now()
        try:
            self.opened = step(plan.key, self.opened.revision, me, now, *given)
            self.stale = ""
        except ChangedByAnother as told:
            self.opened, self.stale = told.there, ""
            says = (
                f"{told.there.by} saved this plan after you had opened it. Nothing was decided. It is shown as it "
                "is now: read it, and decide again."
            )
            raise Mistakes((says,)) from None


def _chosen_verdict(form: Mapping[str, Any]) -> str:
    """The verdict that was sent, or the radio that was chosen; its name says to which line it belongs."""
    radios = (v for k, v in form.items() if k.startswith("verdict-") and isinstance(v, str))
    return text(form, "verdict") or next(radios, "")


def _must_be_kept(begun: str) -> None:
    if begun:
        raise Mistakes(
            (f"Begun and not recorded yet: {begun}. Record it, or clear it, then decide.",)
        )


def in_short(changes: Sequence[Change]) -> str:
    """What changed, the first few by name and the rest by the part of the plan in which they are."""
    named = [change.what for change in changes]
    rest = dict.fromkeys(CHANGED_WORDS[change.about] for change in changes[FEW:])
    more = f"; and {len(named) - FEW} more: {', '.join(rest)}" if rest else ""
    return "; ".join(named[:FEW]) + more


def is_about(line: str, child: str, plan: CasePlan) -> bool:
    """Whether a line of a plan concerns one child."""
    kind, _, key = line.partition(":")
    if kind == "aim":
        return key == child
    if kind == "found":
        people = key.partition(":")[2].partition(":")[0].split(",")
        return child in people or is_about(line.replace("found:", "offer:", 1), child, plan)
    if kind == "gap":
        person, _, need = key.partition(":")
        recorded = plan.family.need(person, need)
        return child == person or bool(recorded and child in recorded.affects)
    offer = next((o for o in plan.package.offers if o.key == key), None)
    if offer is None:
        return False
    reached = {c for answer in offer.answers for c in (answer.person, *answer.children)}
    return child in offer.people or child in offer.children or child in reached
