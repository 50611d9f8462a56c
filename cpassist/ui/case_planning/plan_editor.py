"""The plan that belongs to the family on the screen: what its worker does with it, and what is still missing."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cpassist.errors import CpassistError, Mistakes
from cpassist.papers.formats.files import DATA, data_bytes, digest_of_paper, paper_bytes
from cpassist.papers.written.blocks import Document
from cpassist.papers.written.document import NOT_CHECKED, build_document
from cpassist.papers.written.readers import FAMILY_COPIES, Reader
from cpassist.plans.blockers import Blocker, blockers
from cpassist.plans.compare import Change, differences
from cpassist.plans.lifecycle import changed
from cpassist.plans.plan import (
    CONTENT,
    Action,
    Aim,
    CasePlan,
    Consent,
    Meanwhile,
    Measure,
    NotAllowed,
    PlanState,
    Progress,
    Remark,
    StepTask,
)
from cpassist.plans.summary import PlanLine
from cpassist.storage.kept import ChangedByAnother, Saved
from cpassist.ui.frame.verbs import Notice

if TYPE_CHECKING:
    from cpassist.ui.case_planning.state import CaseState

CHANGED_BY_ANOTHER = (
    "Somebody saved this plan after you had opened it. Both stand below; nothing of yours is lost."
)


class PlanEditor:
    """One plan on the page of whoever writes it. Its acts raise what the store raises."""

    def __init__(self, state: "CaseState") -> None:
        self._state = state
        self.leave()

    def leave(self) -> None:
        """No plan in the editor."""
        self.saved: Saved | None = None
        self.theirs: Saved | None = None
        """What somebody else saved while we wrote."""
        self.mine: CasePlan | None = None
        """What we wrote on what they have replaced."""
        self.aside: tuple[Change, ...] = ()
        """What we had written whenever we went on from theirs, until it is put away."""
        self.turn = 0
        """Counts up when what stands in the forms has to be read anew."""
        self.tried_to_send = False
        self.just_kept = ""
        """The form that was kept last: it says so where somebody is looking."""
        self.paper: tuple[Reader, str] | None = None
        """The paper that is shown: for whom, and whose copy it is."""
        self.checked = ""
        """The digest of the family's copy that somebody has read through and ticked."""

    def take_up(self, key: str) -> None:
        """The plan that was begun from a draft, as it stands now; one that was deleted is no more."""
        self.leave()
        if key:
            try:
                self.saved = self._store.read(key, self._state.workspace.colleague)
            except CpassistError as gone:
                self._state.notice = Notice(level="changed", says=(str(gone),))

    @property
    def _store(self) -> Any:
        return self._state.workspace.store

    @property
    def key(self) -> str:
        """The plan's key; empty while there is none."""
        return self.saved.plan.key if self.saved else ""

    @property
    def plan(self) -> CasePlan:
        """The plan in the editor; raises Mistakes while there is none."""
        if self.saved is None:
            raise Mistakes(("There is no plan yet. Begin one from the package.",))
        return self.saved.plan

    @property
    def writing(self) -> CasePlan:
        """What stands in the forms: ours, also while somebody else has replaced what we wrote on."""
        return self.plan if self.mine is None else self.mine

    # --- what it looks like ---

    def missing(self) -> tuple[Blocker, ...]:
        """What keeps it from being sent."""
        return blockers(self.writing, self._state.catalogue, self._state.workspace.today())

    def document(self) -> Document | None:
        """The paper that is shown, as it would leave now; None while none is."""
        if self.paper is None:
            return None
        made_on = self._state.workspace.today()
        bare = build_document(self.plan, self._state.catalogue, *self.paper, made_on=made_on)
        if digest_of_paper(bare) != self.checked:
            return bare
        return build_document(self.plan, self._state.catalogue, *self.paper, checked=True, made_on=made_on)  # fmt: skip

    def show_paper(self, reader: str, person: str) -> None:
        """Opens a paper to be read; raises Mistakes where there is no such copy."""
        if reader not in set(Reader):
            raise Mistakes(("There is no such paper. Choose one from the list.",))
        before = self.paper
        self.paper = (Reader(reader), person)
        try:
            self.document()
        except Mistakes:
            self.paper = before
            raise

    def tick_paper(self, seen: str) -> None:
        """Somebody says that they have read exactly this copy, and that it is safe for them to hold."""
        document = self._must_show()
        if seen != digest_of_paper(document):
            raise Mistakes(
                ("The copy has changed since you read it. Read it again, then tick it.",)
            )
        self.checked = seen

    def paper_file(self, ending: str) -> tuple[str, bytes]:
        """The paper as a file with a name that says nothing of the case. Raises Mistakes."""
        document = self._must_show()
        if self.paper and self.paper[0] in FAMILY_COPIES and NOT_CHECKED in document.marks:
            raise Mistakes(("Read the copy through and tick that it is safe, before it is saved.",))
        if ending in DATA:
            if self.paper and self.paper[0] is not Reader.WORKER:
                raise Mistakes(("That is the whole plan as data, and no paper for anybody else.",))
            return f"plan{ending}", data_bytes(self.plan, self._state.catalogue, ending)
        made_on = self._state.workspace.today()
        made = paper_bytes(document, self.plan, ending, made_on=made_on)
        return f"{document.file_name}{ending}", made

    def _must_show(self) -> Document:
        document = self.document()
        if document is None:
            raise Mistakes(("No paper is open. Choose one from the list.",))
        return document

    def look(self) -> bool:
        """Whether others have done something with a plan that was sent; it is then shown as it is now."""
        if self.saved is None or self.plan.state is not PlanState.SUBMITTED:
            return False
        try:
            now = self._store.changed_since(
                self.key, self.saved.revision, self._state.workspace.colleague
            )
        except CpassistError:
            # Whatever it is, the next act says it.
            return False
        if now is None:
            return False
        self.saved = now
        return True

    def is_out_of_date(self) -> bool:
        """Whether the family or the package on the screen is no longer what the plan holds."""
        plan, state = self.plan, self._state
        return bool(plan.family != state.family or plan.package.offers != state.package.offers)

    def what_changed(self) -> tuple[Change, ...]:
        """What bringing the plan up to date would change in it."""
        plan, state = self.plan, self._state
        now = replace(plan, family=state.the_family(), package=state.package)
        return differences(plan, now, state.catalogue)

    def mine_and_theirs(self) -> tuple[Change, ...]:
        """What we wrote since we opened it, while two have written at once: never what only they did."""
        if self.mine is None or self.theirs is None:
            return ()
        return differences(self.plan, self.mine, self._state.catalogue)

    def my_plans(self) -> tuple[PlanLine, ...]:
        """Every plan in which this person may write, the last saved first; none while no browser has spoken."""
        if not self._state.connected:
            return ()
        mine = self._store.plans(self._state.workspace.colleague, mine=True)
        return tuple(sorted(mine, key=lambda line: line.saved_at, reverse=True))

    # --- what is done with it ---

    def begin(self) -> None:
        """A plan from the package on the screen."""
        state = self._state
        family = state.the_family()
        if state.workspace.training and not family.invented:
            raise NotAllowed(
                "This workspace is for training: only invented families get a plan here. Open one of the examples."
            )
        here = state.workspace.availability
        rows = None if here is None else tuple(here[key] for key in sorted(here))
        who = state.workspace.colleague
        saved = self._store.begin(family, state.package, who, state.workspace.now(), rows)
        self.leave()
        self.saved = saved

    def bring_up_to_date(self) -> None:
        """The family and the package of the screen into the plan; what was written for each offer stays."""
        self._change(family=self._state.the_family(), package=self._state.package)

    def record_action(self, action: Action) -> None:
        if action.offer not in {o.key for o in self.writing.package.offers}:
            raise Mistakes(("That offer is no longer in the plan.",))
        kept = tuple(a for a in self.writing.actions if a.offer != action.offer)
        self._change(actions=(*kept, action))

    def record_meanwhile(self, meanwhile: Meanwhile) -> None:
        place = (meanwhile.person, meanwhile.need)
        if place not in {(gap.person, gap.need) for gap in self.writing.package.gaps}:
            raise Mistakes(("That gap is no longer in the plan.",))
        kept = tuple(m for m in self.writing.meanwhile if (m.person, m.need) != place)
        self._change(meanwhile=(*kept, meanwhile))

    def record_task(self, task: StepTask) -> None:
        if task.step not in {step.key for step in self.writing.accepted_steps}:
            raise Mistakes(("That step is no longer in the plan.",))
        kept = tuple(t for t in self.writing.tasks if t.step != task.step)
        self._change(tasks=(*kept, task))

    def record_aim(self, aim: Aim) -> None:
        if aim.child not in {child.key for child in self.writing.family.children}:
            raise Mistakes(("That child is no longer in the plan.",))
        kept = tuple(a for a in self.writing.aims if a.child != aim.child)
        self._change(aims=(*kept, aim))

    def record_consent(self, consent: Consent) -> None:
        if consent.person not in {person.key for person in self.writing.family.people}:
            raise Mistakes(("That person is no longer in the plan.",))
        kept = tuple(c for c in self.writing.consents if c.person != consent.person)
        self._change(consents=(*kept, consent))

    def record_shared(self, with_whom: tuple[str, ...]) -> None:
        self._change(shared_with=with_whom)

    def record_progress(self, progress: Progress) -> None:
        if progress.offer not in self.writing.reviewed_offers:
            raise Mistakes(("That offer was not in the version under review.",))
        kept = tuple(
            p
            for p in self.writing.progress
            if (p.offer, p.version) != (progress.offer, progress.version)
        )
        found = replace(progress, review_of=self.writing.review_of)
        self._change(progress=(*kept, found))

    def record_measure(self, measure: Measure) -> None:
        same = (measure.person, measure.what, measure.on)
        kept = tuple(m for m in self.writing.measures if (m.person, m.what, m.on) != same)
        self._change(measures=(*kept, measure))

    def remove_measure(self, index: int) -> None:
        if not 0 <= index < len(self.writing.measures):
            raise Mistakes(("That value is no longer there.",))
        kept = tuple(m for at, m in enumerate(self.writing.measures) if at != index)
        self._change(measures=kept)

    def send(self, begun: str = "") -> None:
        """Sends it for review. Raises NotAllowed with what is missing.

        `begun` is what stands in forms and was not kept.
        """
        if begun:
            raise Mistakes((f"Begun and not kept yet: {begun}. Keep it, or clear it, then send.",))
        self.tried_to_send = True
        self._act("submit", self._state.catalogue)
        self.tried_to_send = False

    def begin_review(self) -> None:
        """A new version that says what became of the approved one; the package is the one of today."""
        self._act("review")
        self.turn += 1

    def close(self, because: str) -> None:
        self._act("close", because)

    def invite(self, name: str) -> None:
        """Lets a colleague write in it as well."""
        self._act("invite", name)

    def keep_until(self, until: Any) -> None:
        self._act("keep_until", until)

    def reply(self, line: str, says: str) -> None:
        """Words of the worker in the thread of a line."""
        workspace = self._state.workspace
        beside = [r for r in self.plan.remarks if r.line == line]
        if beside and (beside[-1].by, beside[-1].says) == (workspace.user, says):
            # Pressed twice.
            return
        remark = Remark(line=line, by=workspace.user, at=workspace.now(), says=says)
        self._act("remark", remark)

    def open_again(self) -> None:
        """What was sent or approved, to be changed: a new version, which has to be sent again."""
        if self.plan.state is not PlanState.DRAFT:
            self._change()

    # --- two at once ---

    def go_on_from_theirs(self) -> None:
        """Theirs stands; what we wrote stays in sight until it is put away."""
        if self.theirs is None:
            raise Mistakes(("There is nothing to go on from.",))
        self.aside = (*self.aside, *self.mine_and_theirs())
        self.saved, self.turn = self.theirs, self.turn + 1
        self.theirs = self.mine = None

    def keep_mine_as_a_copy(self) -> None:
        """Ours becomes a plan of its own, beside theirs."""
        if self.mine is None or self.theirs is None:
            raise Mistakes(("There is nothing to keep beside theirs.",))
        mine, who, now = self.mine, self._state.workspace.colleague, self._state.workspace.now()
        begun = self._store.begin(
            mine.family, mine.package, who, now, mine.availability, authors=mine.authors
        )
        wanted = {name: getattr(mine, name) for name in CONTENT}
        saved = self._store.change(begun.plan.key, begun.revision, who, now, **wanted)
        self.leave()
        self.saved = saved

    def put_mine_away(self) -> None:
        """What we wrote on what they replaced is not wanted any more."""
        self.aside = ()

    def must_be_left(self) -> None:
        """Raises Mistakes while something that we wrote is kept nowhere else."""
        if self.theirs is not None or self.aside:
            raise Mistakes(
                (
                    "What you wrote while another saved is not kept yet. Decide on it in the plan first, or put it away.",
                )
            )

    def _change(self, **changes: Any) -> None:
        """Saves what changed; when somebody was faster, both are kept in sight."""
        who = self._state.workspace.colleague
        if self.theirs is not None:
            # Nothing more is saved until it is decided whose stands, and nothing typed is lost.
            self.mine = changed(self.writing, who, **changes)
            return
        try:
            self._act("change", **changes)
        except ChangedByAnother as told:
            self.theirs, self.mine = told.there, changed(self.plan, who, **changes)
            raise

    def _act(self, act: str, *given: Any, **named: Any) -> None:
        """One step in the store, on the plan as it was opened.

        Where others have only written beside it meanwhile, it is taken on what they left.
        """
        if self.theirs is not None:
            raise Mistakes((CHANGED_BY_ANOTHER,))
        before, saved = self.plan, self.saved
        assert saved is not None  # self.plan has looked
        who, now = self._state.workspace.colleague, self._state.workspace.now()
        step: Callable[..., Saved] = getattr(self._store, act)
        try:
            self.saved = step(self.key, saved.revision, who, now, *given, **named)
        except ChangedByAnother as told:
            there = told.there
            if (there.plan.content, there.plan.state) != (before.content, before.state):
                raise
            self.saved = step(self.key, there.revision, who, now, *given, **named)
