"""The plan that belongs to the family on the screen: what its worker does with it, and what is still missing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cpassist.errors import CpassistError, Mistakes
from cpassist.family.records import FamilyMeeting
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
from cpassist.storage.kept import ChangedByAnother, Saved, new_key
from cpassist.ui.case_planning import plan_forms as forms
from cpassist.ui.frame.acts import Act, act
from cpassist.ui.frame.fields import place_in, text
from cpassist.ui.frame.verbs import Notice

if TYPE_CHECKING:
    from cpassist.ui.case_planning.state import CaseState

PARTS = frozenset({"", "write", "check", "paper"})
NOT_SAVED_YET = "Added to what you have. It is saved once you have decided whose plan goes on."
WHOM_TO_INVITE = "Say whom: the name with which they sign in here."
CHANGED_BY_ANOTHER = (
    "Somebody saved this plan after you had opened it. Both stand below; nothing of yours is lost."
)


def _words_beside(form: Mapping[str, Any]) -> tuple[str, str]:
    line = text(form, "line")
    wanted = "Write what you want to say."
    return line, forms.read_because(form, f"reply-{forms.line_id(line)}", wanted)


def _kept(name: str, read: Callable[..., object]) -> Callable[[Any], Any]:
    """A form of the plan that is kept by itself, or with the others of the page by one button."""
    return act(name, reads=lambda _, form: (read(form),), says="Kept.", together=True)


class PlanEditor:
    """One plan on the page of whoever writes it. Its acts raise what the store raises."""

    def __init__(self, state: "CaseState") -> None:
        self.state = state
        self.leave()

    def was_done(self, done: Act, fields: Mapping[str, Any]) -> None:
        """Says which form was kept, and what was done."""
        self.just_kept = text(fields, "form")
        if done.says:
            # While two have written nothing is saved, whatever the act says of itself.
            self.state.say(NOT_SAVED_YET if self.theirs is not None else done.says)

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
                self.saved = self._store.read(key, self.state.workspace.colleague)
            except CpassistError as gone:
                self.state.notice = Notice(level="changed", says=(str(gone),))

    @property
    def _store(self) -> Any:
        return self.state.workspace.store

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
        return blockers(self.writing, self.state.catalogue, self.state.workspace.today())

    def document(self) -> Document | None:
        """The paper that is shown, as it would leave now; None while none is."""
        if self.paper is None:
            return None
        made_on = self.state.workspace.today()
        bare = build_document(self.plan, self.state.catalogue, *self.paper, made_on=made_on)
        if digest_of_paper(bare) != self.checked:
            return bare
        return build_document(self.plan, self.state.catalogue, *self.paper, checked=True, made_on=made_on)  # fmt: skip

    @act(
        "paper_show",
        reads=lambda _, form: text(form, "whose").partition(":")[::2],
        focus="paper-h",
    )
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

    @act("paper_tick", "seen", focus="status", says="Ticked. It can be saved now.")
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
            return f"plan{ending}", data_bytes(self.plan, self.state.catalogue, ending)
        made_on = self.state.workspace.today()
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
                self.key, self.saved.revision, self.state.workspace.colleague
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
        plan, state = self.plan, self.state
        return bool(plan.family != state.family or plan.package.offers != state.package.offers)

    def what_changed(self) -> tuple[Change, ...]:
        """What bringing the plan up to date would change in it."""
        plan, state = self.plan, self.state
        now = replace(plan, family=state.the_family(), package=state.package)
        return differences(plan, now, state.catalogue)

    def mine_and_theirs(self) -> tuple[Change, ...]:
        """What we wrote since we opened it, while two have written at once: never what only they did."""
        if self.mine is None or self.theirs is None:
            return ()
        return differences(self.plan, self.mine, self.state.catalogue)

    def my_plans(self) -> tuple[PlanLine, ...]:
        """Every plan in which this person may write, the last saved first; none while no browser has spoken."""
        if not self.state.connected:
            return ()
        mine = self._store.plans(self.state.workspace.colleague, mine=True)
        return tuple(sorted(mine, key=lambda line: line.saved_at, reverse=True))

    # --- what is done with it ---

    @act(
        "plan_begin",
        focus="heading",
        says="The plan is begun. Say for each offer who does what, from when.",
    )
    def begin(self) -> None:
        """A plan from the package on the screen."""
        state = self.state
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
        state.keep()

    @act("plan_open", "key", focus="heading")
    def open(self, key: str) -> None:
        """Opens one of the plans in which this person may write."""
        self.state.open_plan(key)

    @act("plan_part", "part", focus="heading")
    def show_part(self, part: str) -> None:
        """The plan, its forms, what is still missing, or its papers."""
        if part not in PARTS:
            raise Mistakes(("There is no such part of the plan.",))
        if part == "check":
            self.tried_to_send = True
        self.state.chosen = {**self._person_chosen(), "part": part}

    def _person_chosen(self) -> dict[str, str]:
        return {key: value for key, value in self.state.chosen.items() if key == "person"}

    @act("plan_keep_all", focus="status", says="Everything on this page is kept.")
    def keep_all(self) -> None:
        """The forms of the page have been kept one by one before this."""

    @act(
        "plan_up_to_date",
        focus="status",
        says="The plan holds the package of today. What you wrote for each offer stays.",
    )
    def bring_up_to_date(self) -> None:
        """The family and the package of the screen into the plan; what was written for each offer stays."""
        family = self.state.the_family()
        meeting = family.meeting if self.writing.meeting is None else self.writing.meeting
        self._change(family=family, package=self.state.package, meeting=meeting)

    @_kept("plan_action", forms.read_action)
    def record_action(self, action: Action) -> None:
        if action.offer not in {o.key for o in self.writing.package.offers}:
            raise Mistakes(("That offer is no longer in the plan.",))
        kept = tuple(a for a in self.writing.actions if a.offer != action.offer)
        self._change(actions=(*kept, action))

    @_kept("plan_meanwhile", forms.read_meanwhile)
    def record_meanwhile(self, meanwhile: Meanwhile) -> None:
        place = (meanwhile.person, meanwhile.need)
        if place not in {(gap.person, gap.need) for gap in self.writing.package.gaps}:
            raise Mistakes(("That gap is no longer in the plan.",))
        kept = tuple(m for m in self.writing.meanwhile if (m.person, m.need) != place)
        self._change(meanwhile=(*kept, meanwhile))

    @_kept("plan_task", forms.read_task)
    def record_task(self, task: StepTask) -> None:
        if task.step not in {step.key for step in self.writing.accepted_steps}:
            raise Mistakes(("That step is no longer in the plan.",))
        kept = tuple(t for t in self.writing.tasks if t.step != task.step)
        self._change(tasks=(*kept, task))

    @act(
        "plan_aim",
        reads=lambda self, form: (forms.read_aim(form, self.state.workspace.today()),),
        says="Kept.",
        together=True,
    )
    def record_aim(self, aim: Aim) -> None:
        if aim.child not in {child.key for child in self.writing.family.children}:
            raise Mistakes(("That child is no longer in the plan.",))
        kept = tuple(a for a in self.writing.aims if a.child != aim.child)
        self._change(aims=(*kept, aim))

    @_kept("plan_consent", forms.read_consent)
    def record_consent(self, consent: Consent) -> None:
        if consent.person not in {person.key for person in self.writing.family.people}:
            raise Mistakes(("That person is no longer in the plan.",))
        kept = tuple(c for c in self.writing.consents if c.person != consent.person)
        self._change(consents=(*kept, consent))

    @act(
        "plan_meeting",
        reads=lambda self, form: (
            forms.read_meeting(form, self.writing.family, self.state.workspace.today()),
        ),
        says="Kept.",
        together=True,
    )
    def record_meeting(self, meeting: FamilyMeeting) -> None:
        # What was emptied stays empty: the family's own days do not come back into it.
        nothing = meeting.says_nothing and self.writing.meeting is None
        self._change(meeting=None if nothing else meeting)

    @_kept("plan_lead", forms.read_lead)
    def record_lead(self, led_by: str) -> None:
        self._change(led_by=led_by)

    @_kept("plan_shared", forms.read_shared)
    def record_shared(self, with_whom: tuple[str, ...]) -> None:
        self._change(shared_with=with_whom)

    @act(
        "plan_found",
        reads=lambda self, form: (forms.read_progress(form, self.plan.version),),
        says="Kept.",
        together=True,
    )
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

    @act(
        "plan_measure",
        reads=lambda self, form: (
            forms.read_measure(form, self.plan.family, self.state.workspace.today()),
        ),
        says="The value is kept.",
        together=True,
    )
    def record_measure(self, measure: Measure) -> None:
        same = (measure.person, measure.what, measure.on)
        kept = tuple(m for m in self.writing.measures if (m.person, m.what, m.on) != same)
        self._change(measures=(*kept, measure))

    @act(
        "plan_measure_out",
        reads=lambda _, form: (place_in(form),),
        focus="measure-person",
        says="The value is taken out.",
    )
    def remove_measure(self, index: int) -> None:
        if not 0 <= index < len(self.writing.measures):
            raise Mistakes(("That value is no longer there.",))
        kept = tuple(m for at, m in enumerate(self.writing.measures) if at != index)
        self._change(measures=kept)

    @act(
        "plan_send",
        reads=lambda _, form: (text(form, "begun")[:400],),
        focus="heading",
        says="Sent for review. Nothing in it changes until it comes back.",
    )
    def send(self, begun: str = "") -> None:
        """Sends it for review. Raises NotAllowed with what is missing.

        `begun` is what stands in forms and was not kept.
        """
        if begun:
            raise Mistakes((f"Begun and not kept yet: {begun}. Keep it, or clear it, then send.",))
        self.tried_to_send = True
        self._act("submit", self.state.catalogue)
        self.tried_to_send = False
        self.state.chosen = self._person_chosen()

    @act(
        "plan_review",
        focus="heading",
        says="The review is begun. Say of each offer what became of it; then bring the plan up to date.",
    )
    def begin_review(self) -> None:
        """A new version that says what became of the approved one; the package is the one of today."""
        self._act("review")
        self.turn += 1

    @act(
        "plan_close",
        reads=lambda _, form: (forms.read_because(form, "close", "Say why the plan ends."),),
        focus="heading",
        says="The plan is closed.",
    )
    def close(self, because: str) -> None:
        self._act("close", because)
        self.state.chosen = self._person_chosen()

    @act(
        "plan_invite",
        reads=lambda _, form: (forms.read_because(form, "invite", WHOM_TO_INVITE),),
        says="They can write in it from now on; it stands among their plans.",
    )
    def invite(self, name: str) -> None:
        """Lets a colleague write in it as well."""
        self._act("invite", name)

    @act(
        "plan_keep_until",
        reads=lambda self, form: (forms.read_keep_until(form, self.state.workspace.today()),),
        says="The day is kept.",
    )
    def keep_until(self, until: Any) -> None:
        self._act("keep_until", until)

    @act(
        "plan_reply",
        reads=lambda _, form: _words_beside(form),
        says="Your words stand beside the line.",
    )
    def reply(self, line: str, says: str) -> None:
        """Words of the worker in the thread of a line."""
        workspace = self.state.workspace
        beside = [r for r in self.plan.remarks if r.line == line]
        if beside and (beside[-1].by, beside[-1].says) == (workspace.user, says):
            # Pressed twice.
            return
        remark = Remark(line=line, by=workspace.user, at=workspace.now(), says=says)
        self._act("remark", remark)

    @act("plan_again", focus="heading", says="This is a new version; it has to be sent again.")
    def open_again(self) -> None:
        """What was sent or approved, to be changed: a new version, which has to be sent again."""
        if self.plan.state is not PlanState.DRAFT:
            self._change()

    # --- two at once ---

    @act(
        "plan_theirs",
        focus="status",
        says="Theirs stands now. What you had written is below it.",
    )
    def go_on_from_theirs(self) -> None:
        """Theirs stands; what we wrote stays in sight until it is put away."""
        if self.theirs is None:
            raise Mistakes(("There is nothing to go on from.",))
        self.aside = (*self.aside, *self.mine_and_theirs())
        self.saved, self.turn = self.theirs, self.turn + 1
        self.theirs = self.mine = None

    @act("plan_copy", focus="status", says="Yours is a plan of its own now, beside theirs.")
    def keep_mine_as_a_copy(self) -> None:
        """Ours becomes a plan of its own, beside theirs."""
        if self.mine is None or self.theirs is None:
            raise Mistakes(("There is nothing to keep beside theirs.",))
        mine, who, now = self.mine, self.state.workspace.colleague, self.state.workspace.now()
        begun = self._store.begin(
            mine.family, mine.package, who, now, mine.availability, authors=mine.authors
        )
        wanted = {name: getattr(mine, name) for name in CONTENT}
        saved = self._store.change(begun.plan.key, begun.revision, who, now, **wanted)
        self.leave()
        self.saved = saved
        self.state.draft_key, self.state.revision = new_key(), 0
        self.state.keep()

    @act("plan_put_away", focus="status")
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
        who = self.state.workspace.colleague
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
        who, now = self.state.workspace.colleague, self.state.workspace.now()
        step: Callable[..., Saved] = getattr(self._store, act)
        try:
            self.saved = step(self.key, saved.revision, who, now, *given, **named)
        except ChangedByAnother as told:
            there = told.there
            if (there.plan.content, there.plan.state) != (before.content, before.state):
                raise
            self.saved = step(self.key, there.revision, who, now, *given, **named)
