"""What one family on one screen is made of, and the verbs that change it."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import traitlets as tl

from cpassist.errors import CpassistError, Mistakes
from cpassist.family.changes import (
    with_answer,
    with_harmers,
    with_judgements,
    with_need,
    with_person,
    with_step,
    without_person,
    without_step,
)
from cpassist.family.family import Family
from cpassist.family.merging import merged
from cpassist.family.records import (
    Answer,
    Judgement,
    Limits,
    Need,
    Person,
    Relation,
    StepDecision,
    Strength,
    Support,
    Wish,
)
from cpassist.family.vocabulary import Choice
from cpassist.importing.family_file import parse_family, unknown_words, write_family
from cpassist.planning.asking_why.look_again import worth_another_look
from cpassist.planning.asking_why.next_questions import NextQuestion, next_questions
from cpassist.planning.package.ordinary_steps import step_key
from cpassist.planning.package.package import SupportPackage
from cpassist.planning.proposal import propose_with_matching
from cpassist.storage.kept import ChangedElsewhere, Draft, DraftLine, new_key
from cpassist.ui.case_planning import forms
from cpassist.ui.case_planning.census_editor import CensusEditor
from cpassist.ui.case_planning.decisions import (
    judgements_against_all,
    judgements_for,
    judgements_for_all,
    what_changed,
)
from cpassist.ui.case_planning.needs_grid import Seen, read_event, read_grid
from cpassist.ui.case_planning.people_table import Table, read_people, read_start
from cpassist.ui.case_planning.plan_editor import PlanEditor
from cpassist.ui.frame.acts import act
from cpassist.ui.frame.fields import place_in, text, texts
from cpassist.ui.frame.verbs import Notice, tried, verb
from cpassist.workspace import Workspace, open_beside

IN_ANOTHER_WINDOW = (
    "This family was changed or deleted in another window while it was open here. What you see here is "
    "kept as a draft of its own, beside that one; both stand on the first step."
)
ALSO_CHANGED = (
    "This family was changed in another window too. What you see holds both changes; check them."
)
CHANGED_THERE = "This family was just changed in another window. You see it as it is now."
OPENED = ("person", "form", "editing", "node", "steps", "way")
"""What one act may open on the screen."""
FIRST_EXAMPLE = "larkfield"
STEPS = ("family", "needs", "safety", "limits", "help", "package", "plan")


@dataclass(frozen=True, kw_only=True, repr=False)
class Removal:
    """Something that was taken out of the family, and can be put back while the page is open."""

    number: int
    """Its own: pressing twice puts one thing back."""
    what: str
    before: Family
    after: Family


class CaseState(tl.HasTraits):
    """One family on one screen: what was assessed and what follows from it."""

    family = tl.Instance(Family, allow_none=True)
    """The family as assessed so far. Replaced, never changed in place."""

    matching = tl.Any(None)
    """The support graph of `family`, or None while there is no family."""

    package = tl.Instance(SupportPackage, ())
    """What is proposed. Follows from `family` alone."""

    step = tl.Enum(STEPS, default_value="family")
    """The step that is shown."""

    chosen = tl.Dict()
    """What is open on the screen: person, form, node, filter; nothing of it is kept."""

    mistakes = tl.Dict()
    """Field → sentence, for the form in `mistaken_form`."""

    mistaken_form = tl.Unicode("")
    """The form to which `mistakes` belong."""

    notice = tl.Instance(Notice, allow_none=True)
    """What the page says about the last act."""

    kept = tl.Any(None)
    """When the draft was last written, or None."""

    not_kept_because = tl.Unicode("")
    """Why the last confirmed step is not on disk; empty when it is."""

    second_looks = tl.Any(None)
    """What would change the package if it were otherwise; None until somebody asks."""

    recorded = tl.Dict(default_value={"wishes": 0, "support": 0, "limits": 0, "event": 0})
    """How often each form that stays open was recorded: only that form then begins empty."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.catalogue = workspace.catalogue
        self.connected = False
        """Whether a browser has spoken: a warm page, built before anybody comes, holds nobody's drafts."""
        self.draft_key, self.revision = new_key(), 0
        self.as_kept: Family | None = None
        """The family as it was last kept or read: what another window changed is told by it."""
        self.removals: tuple[Removal, ...] = ()
        self._taken_out = 0
        """What was taken out since this family was opened, the last one last."""
        self.seen = Seen()
        """Who saw what was recorded last: offered for the next need, where it can be changed."""
        self.groups_in_sight: tuple[tuple[str, ...], ...] = ()
        """About whom questions stand on the page, in their order; anew whenever somebody comes to that step."""
        self.editor = PlanEditor(self)
        self.census = CensusEditor(self)
        open_beside(workspace)

    def fall_back(self) -> None:
        """To a screen that can be drawn: the first, with nothing opened on it."""
        self.chosen = {k: v for k, v in self.chosen.items() if k == "person"}
        self.step = "family"

    # --- opening and keeping ---

    @act("hello")
    @verb
    def resume(self) -> None:
        """Opens the newest draft; called when a browser connects, never before."""
        drafts = self.workspace.drafts.listed()
        if self.family is None and drafts:
            self._open(self.workspace.drafts.read(drafts[0].key))

    @act("open_draft", "key", focus="heading")
    @verb
    def open_draft(self, key: str) -> None:
        self.editor.must_be_left()
        self._open(self.workspace.drafts.read(key))

    def open_plan(self, key: str) -> None:
        """Puts a plan in the editor with the draft from which it was begun; else with its own family."""
        self.editor.must_be_left()
        mine = [d for d in self.workspace.drafts.listed() if d.plan == key]
        if mine:
            self._open(self.workspace.drafts.read(mine[0].key))
        else:
            saved = self.workspace.store.read(key, self.workspace.colleague)
            self.begin(saved.plan.family)
            self.editor.take_up(key)
            self.keep()
        self.step = "plan"

    @act("forget_draft", "key", focus="heading")
    @verb
    def forget_draft(self, key: str) -> None:
        """Deletes a draft for good; the one that is open is closed with it, or it would come back."""
        self.workspace.drafts.delete(key)
        if key == self.draft_key:
            self._close()
        self.say("The draft is deleted.")

    @act("open_example", "name", focus="heading")
    @verb
    def open_example(self, name: str) -> None:
        path = self.workspace.families / f"{name}.yaml"
        if name not in self.examples():
            raise Mistakes(("There is no such example. Choose one from the list.",))
        self.begin(parse_family(path.read_text(encoding="utf-8"), self.catalogue, path.name))

    @act("show_example", focus="heading")
    @verb
    def show_example(self) -> None:
        """A finished package of an invented family, for somebody who sees the page for the first time."""
        if self.open_example(FIRST_EXAMPLE):
            self.go("package")

    @act("open_text", "text", focus="heading")
    @verb
    def open_text(self, text: str) -> None:
        """Opens a family file that was chosen in the browser."""
        self.begin(parse_family(text, self.catalogue, "the file"))

    @act(
        "start_family",
        reads=lambda state, form: (forms.read_new_family(form, state.workspace.today()),),
        focus="heading",
    )
    @verb
    def start_family(self, family: Family) -> None:
        self.begin(family)

    @act("new_family", focus="heading")
    @verb
    def close_family(self) -> None:
        """An empty page for a new family; the draft of the one before stays."""
        self.editor.must_be_left()
        self._close()

    def _close(self) -> None:
        self.family, self.matching, self.package = None, None, SupportPackage()
        self.draft_key, self.revision = new_key(), 0
        self.as_kept, self.removals, self.seen = None, (), Seen()
        self.editor.leave()
        self.kept, self.not_kept_because = None, ""
        self.chosen = {}
        self.step = "family"

    def examples(self) -> tuple[str, ...]:
        return tuple(sorted(path.stem for path in self.workspace.families.glob("*.yaml")))

    def drafts(self) -> tuple[DraftLine, ...]:
        """The drafts of whoever is there; none before a browser has spoken, or when they cannot be read."""
        if self.connected:
            with contextlib.suppress(CpassistError):
                return self.workspace.drafts.listed()
        return ()

    def family_text(self) -> str:
        """The family file of what is on the screen; raises Mistakes while there is none."""
        if self.family is None:
            raise Mistakes(("There is no family to save yet.",))
        return write_family(self.family)

    def _open(self, draft: Draft) -> None:
        mistakes = tuple(unknown_words(draft.family, self.catalogue))
        if mistakes:
            raise Mistakes(mistakes)
        self._show(draft.family)
        self.draft_key, self.revision = draft.key, draft.revision
        self.as_kept, self.removals, self.seen = draft.family, (), Seen()
        self.kept = draft.kept
        self.editor.take_up(draft.plan)
        self.step = draft.step if draft.step in STEPS else "family"

    def begin(self, family: Family) -> None:
        """A family from elsewhere: a draft of its own, so that the one before stays as it was.

        The same family that is kept already goes on in its draft.
        """
        self.editor.must_be_left()
        known = None
        with contextlib.suppress(CpassistError):
            known = self.workspace.drafts.holding(family)
        self.draft_key = known.key if known else new_key()
        self.revision = known.revision if known else 0
        self.as_kept, self.removals, self.seen = None, (), Seen()
        self.editor.leave()
        self.change(family)
        self.editor.take_up(known.plan if known else "")
        self.step = "family"

    def _show(self, family: Family) -> None:
        """Family, graph and package together: no view ever sees one without the others."""
        on = family.assessed_on if family.invented else self.workspace.today()
        matching, package = propose_with_matching(
            family, self.catalogue, self.workspace.availability, on
        )
        first = family.children[0].key if family.children else family.people[0].key
        if self.chosen.get("person") not in {person.key for person in family.people}:
            self.chosen = {**self.chosen, "person": first}
        self.family, self.matching, self.package = family, matching, package
        self.second_looks = None

    def change(self, family: Family) -> None:
        """Shows a changed family and keeps it; a family that contradicts itself changes nothing."""
        mistakes = tuple(unknown_words(family, self.catalogue))
        if mistakes:
            raise Mistakes(mistakes)
        accepted = {o.key: o.intervention for o in self.package.offers if o.judged}
        self._show(family)
        self.chosen = {key: value for key, value in self.chosen.items() if key != "form"}
        self.keep()
        judged = {(j.intervention, frozenset(j.people)) for j in family.judgements}
        offered = {o.key for o in self.package.offers}
        lost = [
            self.catalogue.title(help_)
            for key, help_ in accepted.items()
            if key not in offered and (help_, frozenset(key.partition(":")[2].split(","))) in judged
        ]
        if lost:
            says = f"You had accepted {', '.join(lost)}; after this change it can no longer be offered. The package says why."
            told = self.notice.says if self.notice else ()
            self.notice = Notice(level="changed", says=(*told, says))

    def say(self, *says: str) -> None:
        """What was done; what a change had to tell beside it stands first and stays in sight."""
        before = self.notice
        self.notice = Notice(
            level="changed" if before else "done", says=(*(before.says if before else ()), *says)
        )

    def _empty(self, form: str) -> None:
        self.recorded = {**self.recorded, form: self.recorded.get(form, 0) + 1}

    def keep(self) -> None:
        now = self.workspace.now()
        draft = Draft(
            key=self.draft_key,
            family=self.the_family(),
            step=self.step,
            kept=now,
            revision=self.revision,
            plan=self.editor.key,
        )
        try:
            try:
                self.revision = self.workspace.drafts.keep(draft)
            except ChangedElsewhere:
                draft = self._brought_together(draft)
                self.revision = self.workspace.drafts.keep(draft)
        except CpassistError as trouble:
            self.not_kept_because = str(trouble)
        else:
            self.kept, self.not_kept_because = now, ""
            self.as_kept = draft.family

    def _brought_together(self, mine: Draft) -> Draft:
        """What was changed in two windows in one draft; where both changed one line, two drafts."""
        base = self.as_kept
        if base is not None:
            with contextlib.suppress(Mistakes):
                there = self.workspace.drafts.read(mine.key)
                both, agree = merged(base, mine.family, there.family)
                if agree:
                    self._show(both)
                    self.notice = Notice(level="changed", says=(ALSO_CHANGED,))
                    if there.plan and not mine.plan:
                        self.editor.take_up(there.plan)
                    plan = mine.plan or there.plan
                    return replace(mine, family=both, revision=there.revision, plan=plan)
        self.draft_key = new_key()
        self.notice = Notice(level="changed", says=(IN_ANOTHER_WINDOW,))
        return replace(mine, key=self.draft_key, revision=0)

    def look_elsewhere(self) -> bool:
        """Whether another window changed this family since; it is then shown as it is now."""
        if self.family is None or self.as_kept != self.family:
            return False
        try:
            there = self.workspace.drafts.changed_since(self.draft_key, self.revision)
        except CpassistError:
            # Whatever it is, the next act says it.
            return False
        if there is None:
            return False
        same, begun_there = there.family == self.family, there.plan != self.editor.key

        def brought_here() -> None:
            if not same:
                self._open_as_it_is(there)
            self.revision, self.kept, self.as_kept = there.revision, there.kept, there.family
            if begun_there:
                self.editor.take_up(there.plan)
            if not same:
                self.notice = Notice(level="changed", says=(CHANGED_THERE,))

        if same and not begun_there:
            brought_here()
            return False
        return tried(self, brought_here, "look_elsewhere")

    def _open_as_it_is(self, there: Draft) -> None:
        mistakes = tuple(unknown_words(there.family, self.catalogue))
        if mistakes:
            raise Mistakes(mistakes)
        self._show(there.family)

    # --- moving about ---

    @act("go", "step")
    @verb
    def go(self, step: str) -> None:
        if step not in STEPS:
            raise Mistakes(("There is no such step.",))
        came_from, self.step = self.step, step
        if came_from != step:
            self.groups_in_sight = ()
        self.chosen = {key: value for key, value in self.chosen.items() if key == "person"}
        if self.family is not None:
            if (came_from, step) == ("family", "needs"):
                self.chosen = {
                    "person": next(iter(self.not_looked_at()), self.family.people[0]).key
                }
            self.keep()

    def not_looked_at(self) -> tuple[Person, ...]:
        """Those of whom neither a need nor a strength is recorded, children first."""
        family = self.the_family()
        seen = {need.person for need in family.needs} | {s.person for s in family.strengths}
        return tuple(p for p in (*family.children, *family.adults) if p.key not in seen)

    @act("return_to", reads=lambda _, form: (form,))
    @verb
    def return_to(self, form: Mapping[str, Any]) -> None:
        """Back to a form that was begun and left."""
        if self.go(text(form, "step")):
            self._choose(**_named(form, "person", "form", "editing"))

    @act("go_to", "step")
    @verb
    def go_to(self, step: str) -> None:
        """To one place on another step: the page brings the focus there, and not to the heading."""
        self.go(step)

    @act("open_help", "node")
    @verb
    def open_help(self, node: str) -> None:
        """From anywhere to one kind of help, with why it is or is not offered."""
        if self.go("help"):
            self._choose(node=node)

    @act("choose", reads=lambda _, form: (form,))
    @verb
    def choose_of(self, form: Mapping[str, Any]) -> None:
        """Opens a person, a form or a node; what comes empty is closed."""
        self._choose(**{k: text(form, k) for k in OPENED if k in form})

    @act("choose_path", "paths")
    @verb
    def choose_path(self, paths: str) -> None:
        """One child's way through the picture."""
        self._choose(path=paths, node="")

    @act("choose_reason", "reason")
    @verb
    def choose_reason(self, reason: str) -> None:
        """What was set aside for one reason."""
        self._choose(reason=reason)

    @act("what_if", "offer")
    @verb
    def what_if(self, offer: str) -> None:
        """Asks what would be proposed without an offer."""
        self._choose(instead=offer)

    @verb
    def choose(self, **what: str | None) -> None:
        """Opens something on the screen: a person, a form, a node of the graph, a filter."""
        self._choose(**what)

    def _choose(self, **what: str | None) -> None:
        people = {person.key for person in self.family.people} if self.family else set()
        if what.get("person") is not None and what["person"] not in people:
            raise Mistakes(("That person is no longer there.",))
        kept = {**self.chosen, **what}
        self.chosen = {key: value for key, value in kept.items() if value}

    # --- what was assessed ---

    @act(
        "record_person",
        reads=lambda state, form: forms.read_person(
            form, state.family, state.the_family().assessed_on, state.keys_gone()
        ),
    )
    @verb
    def record_person(
        self, person: Person, relations: tuple[Relation, ...], replacing: str | None
    ) -> None:
        """Adds a person, or replaces the one of that key with everything that names them."""
        self.change(with_person(self.the_family(), person, relations, replacing))
        self.chosen = {**self.chosen, "person": person.key}

    @act("remove_person", "key", focus="undo")
    @verb
    def remove_person(self, key: str) -> None:
        """Takes a person out with every line about them, and their name out of the others' lines."""
        family = self.the_family()
        self._take_out(without_person(family, key), family.label_of(key))

    @act(
        "record_details",
        reads=lambda state, form: forms.read_details(form, state.workspace.today()),
    )
    @verb
    def record_details(self, label: str, assessed: str, invented: bool) -> None:
        """Another label for the family, another day of its assessment, or whether it is invented."""
        changed = self.the_family().with_changes(label=label, assessed=assessed, invented=invented)
        self.change(changed)

    @act(
        "record_people",
        reads=lambda state, form: (
            read_people(
                form, state.the_family(), state.the_family().assessed_on, state.keys_gone()
            ),
        ),
    )
    @verb
    def record_people(self, table: Table) -> None:
        """Everybody in the table of people, at once."""
        before = {person.key for person in self.the_family().people}
        self.change(table.done_to(self.the_family()))
        self.say("Recorded.")
        new = [c.label for c in self.the_family().children if c.key not in before]
        if new and self.the_family().adults:
            are = "is" if len(new) == 1 else "are"
            self.say(f"{', '.join(new)} {are} new: say under “Change” what each adult is to them.")

    @act(
        "start_with_people",
        reads=lambda state, form: (read_start(form, state.workspace.today()),),
        focus="heading",
    )
    @verb
    def start_with_people(self, family: Family) -> None:
        """A new family from the table of people."""
        self.begin(family)

    @act(
        "record_grid",
        reads=lambda state, form: read_grid(
            form, state.the_family(), state.catalogue, state.workspace.today()
        ),
    )
    @verb
    def record_grid(self, family: Family, gone: frozenset[tuple[str, str]], seen: Seen) -> None:
        """Every level that was written in the grid; what was emptied is taken out and can be put back."""
        before = {(n.person, n.need): n for n in self.the_family().needs}
        written = sum(before.get((n.person, n.need)) != n for n in family.needs)
        self.seen = seen if seen.seen_by else self.seen
        if written:
            self.change(family)
        if gone:
            # Of the family as it is now: another window may have brought something in.
            now = self.the_family()
            kept = tuple(n for n in now.needs if (n.person, n.need) not in gone)
            what = f"{len(gone)} need{'s' * (len(gone) != 1)} emptied in the grid"
            self._take_out(now.with_changes(needs=kept), what)
        if written:
            self.say(f"{written} need{'s' * (written != 1)} recorded.")
        self.chosen = {**self.chosen, "way": "grid"}

    @act(
        "record_event",
        reads=lambda state, form: read_event(
            form, state.the_family(), state.catalogue, state.workspace.today()
        ),
    )
    @verb
    def record_event(self, family: Family, touched: int, seen: Seen) -> None:
        """Something that happened, in the needs of everybody whom it touches."""
        self.seen = seen
        self.change(family)
        self._empty("event")
        self.say(f"Recorded in {touched} need{'s' * (touched != 1)}.")

    @act(
        "record_need",
        reads=lambda state, form: (
            forms.read_need(form, state.catalogue, state.workspace.today()),
        ),
    )
    @verb
    def record_need(self, need: Need) -> None:
        """Adds a need, or replaces the same need of the same person."""
        self.seen = Seen(seen_by=need.seen_by, basis=need.basis.value, seen_on=need.seen_on or "")
        self.change(with_need(self.the_family(), need))

    @act("remove_need", "person", "need", focus="undo")
    @verb
    def remove_need(self, person: str, need: str) -> None:
        family = self.the_family()
        kept = tuple(n for n in family.needs if (n.person, n.need) != (person, need))
        if len(kept) == len(family.needs):
            raise Mistakes(("That need is no longer there.",))
        what = f"{family.label_of(person)}: {self.catalogue.label(need).lower()}"
        self._take_out(family.with_changes(needs=kept), what)

    @act("record_strength", reads=lambda _, form: (forms.read_strength(form),))
    @act("record_wish", reads=lambda _, form: (forms.read_wish(form),), focus="wish-person")
    @act(
        "record_support",
        reads=lambda state, form: (forms.read_support(form, state.catalogue),),
        focus="support-person",
    )
    @verb
    def record_line(self, line: Strength | Wish | Support) -> None:
        """Adds a strength, a wish or a line of present support."""
        family = self.the_family()
        group = _GROUPS[type(line)]
        self.change(family.with_changes(**{group: (*getattr(family, group), line)}))
        self._empty(group)

    @act("remove_line", reads=lambda _, form: (text(form, "group"), place_in(form)), focus="undo")
    @verb
    def remove_line(self, group: str, index: int) -> None:
        family = self.the_family()
        if group not in _GROUPS.values() or not 0 <= index < len(getattr(family, group)):
            raise Mistakes(("That line is no longer there.",))
        lines = list(getattr(family, group))
        gone = lines.pop(index)
        what = f"{family.label_of(gone.person)}: {_LINE_WORDS[group]}"
        self._take_out(family.with_changes(**{group: tuple(lines)}), what)

    def keys_gone(self) -> frozenset[str]:
        """The keys of people who were taken out and can be put back: nobody else gets one of them."""
        return frozenset(p.key for removal in self.removals for p in removal.before.people)

    def _take_out(self, left: Family, what: str) -> None:
        """Takes something out, so that it can be put back."""
        before = self.the_family()
        self.change(left)
        self._taken_out += 1
        gone = Removal(number=self._taken_out, what=what, before=before, after=left)
        self.removals = (*self.removals, gone)
        self.say(f"Removed. {what}.")
        self.notice = replace(self.notice, undo=True)

    @act("put_back", reads=lambda _, form: (place_in(form),), focus="heading")
    @verb
    def put_back(self, index: int) -> None:
        """Puts back what was taken out; what was recorded since stays."""
        removal = next((one for one in self.removals if one.number == index), None)
        if removal is None:
            raise Mistakes(("That was put back already.",))
        back, agree = merged(removal.after, self.the_family(), removal.before)
        if not agree:
            says = f"{removal.what}: it was recorded again since, so nothing is put back. Change it where it stands."
            raise Mistakes((says,))
        self.change(back)
        self.removals = tuple(one for one in self.removals if one is not removal)
        self.say(f"Put back. {removal.what}.")

    @act("answer_question", reads=lambda state, form: (forms.read_answer(form, state.catalogue),))
    @verb
    def answer_question(self, answer: Answer) -> None:
        """Records an answer; that nobody knows is one."""
        dated = replace(answer, date=self.workspace.today().isoformat())
        before = {
            s.intervention for s in self.package.set_aside if s.because == "safety_not_answered"
        }
        question = self.catalogue.questions[dated.ask]
        self.change(with_answer(self.the_family(), dated, two_way=question.two_way))
        after = {
            s.intervention for s in self.package.set_aside if s.because == "safety_not_answered"
        }
        offered = {offer.intervention for offer in self.package.offers}
        says = "Answer kept."
        # An answer may free help or rule it out: which of the two is never left to be guessed.
        for words, keys in (
            ("Now proposed", (before - after) & offered),
            ("No longer waiting, but set aside for another reason", before - after - offered),
        ):
            if keys:
                says += f" {words}: {', '.join(sorted(map(self.catalogue.title, keys)))}."
        self.say(says)

    @act(
        "set_limits",
        reads=lambda state, form: (forms.read_limits(form, state.the_family()),),
        focus="keep-limits",
    )
    @verb
    def set_limits(self, limits: Limits) -> None:
        self.change(self.the_family().with_changes(limits=limits))
        self._empty("limits")
        self.say("Limits kept.")

    @act(
        "name_harmers",
        reads=lambda _, form: (text(form, "person"), texts(form, "harmers")),
        focus="status",
    )
    @verb
    def name_harmers(self, person: str, harmers: tuple[str, ...]) -> None:
        """Who harms somebody, for each of their harm needs where nobody has said yet."""
        harm = self.catalogue.harm_needs
        self.change(with_harmers(self.the_family(), person, harmers, harm))
        self.say("Kept.")

    # --- what people decide ---

    @act(
        "judge_offer",
        reads=lambda _, form: (forms.read_judgement(form, text(form, "form") or "judge"),),
        focus="status",
    )
    @verb
    def judge_offer(self, judgement: Judgement) -> None:
        """Records an accept, decline or add; it never lifts a rule, which the core sees to."""
        if judgement.intervention not in self.catalogue.interventions:
            raise Mistakes(("There is no such help in the catalogue.",))
        self._judge(judgement)
        self.say(
            what_changed(judgement, self.package, self.catalogue.title(judgement.intervention))
        )

    @act("accept_all", focus="status")
    @verb
    def accept_all(self) -> None:
        """Accepts every offer that nobody has decided on yet."""
        left = list(judgements_for_all(self.package))
        if not left:
            raise Mistakes(("Every offer is decided already.",))
        self._judge(*left)
        still = sum(offer.judged is None for offer in self.package.offers)
        self.say(
            f"{len(left)} offer{'s' * (len(left) != 1)} accepted."
            + (f" {still} more came in their place: look at them first." if still else "")
        )

    @act("decide_step", reads=lambda _, form: (forms.read_step(form),))
    @verb
    def decide_step(self, decision: StepDecision) -> None:
        """Records an accept or decline of an ordinary step that holds for this family."""
        there = {step.key for step in self.package.steps}
        if step_key(decision.step, decision.person) not in there:
            raise Mistakes(("That step is no longer there.",))
        by, date = self.workspace.user[:60], self.workspace.today().isoformat()
        self.change(with_step(self.the_family(), replace(decision, by=by, date=date)))
        done = "accepted: it is in the plan" if decision.decision is Choice.ACCEPT else "declined"
        self.say(f"The step is {done}.")

    @act("undo_step", "ordinary", "whose")
    @verb
    def undo_step(self, step: str, person: str) -> None:
        self.change(without_step(self.the_family(), step, person))
        self.say("Your decision on the step is taken back.")

    def freeing(self) -> tuple[NextQuestion, ...]:
        """The questions whose answers free most; worked out once for each package."""
        if self._freeing is None or self._freeing[0] is not self.matching:
            found = next_questions(self.matching, self.package) if self.matching is not None else ()
            self._freeing = (self.matching, found)
        return self._freeing[1]

    _freeing: "tuple[Any, tuple[NextQuestion, ...]] | None" = None

    @act("look_again", focus="look-lead")
    @verb
    def look_again(self) -> None:
        """Turns each open question and each level on the border, and says what would change."""
        self.the_family()
        self.second_looks = worth_another_look(self.matching.question, self.package)
        number = len(self.second_looks)
        self.say(
            f"{number} thing{'s' * (number != 1)} would change the package."
            if number
            else "Nothing that is open would change the package by itself."
        )

    @act(
        "withdraw_judgement",
        reads=lambda _, form: (
            text(form, "intervention"),
            tuple(filter(None, text(form, "people").split(","))),
        ),
        focus="status",
    )
    @verb
    def withdraw_judgement(self, intervention: str, people: tuple[str, ...]) -> None:
        family = self.the_family()
        kept = tuple(
            j
            for j in family.judgements
            if (j.intervention, set(j.people)) != (intervention, set(people))
        )
        self.change(family.with_changes(judgements=kept))
        self.say("Your decision is taken back.")

    @act("use_alternative", reads=lambda _, form: (place_in(form),), focus="heading")
    @verb
    def use_alternative(self, index: int) -> None:
        """Takes another way: what it adds is accepted, what it leaves out is declined, with the reason."""
        if not 0 <= index < len(self.package.alternatives):
            raise Mistakes(("That way is no longer there.",))
        other = self.package.alternatives[index]
        self._judge(*judgements_for(other, self.package))
        self.say(f"Put together anew: {other.name.lower()}.")

    @act("use_none", reads=lambda _, form: (forms.read_reason(form, "none"),), focus="heading")
    @verb
    def use_none(self, because: str) -> None:
        """None of these: every offer is declined with one reason."""
        self._judge(*judgements_against_all(self.package, because))
        self.say("Each offer is set aside with your reason. What comes next best stands below.")

    def _judge(self, *judgements: Judgement) -> None:
        """Records judgements as made now by the person at the page."""
        by, date = self.workspace.user[:60], self.workspace.today().isoformat()
        signed = [replace(judgement, by=by, date=date) for judgement in judgements]
        self.change(with_judgements(self.the_family(), *signed))

    def the_family(self) -> Family:
        """The family on the screen; raises Mistakes while there is none."""
        if self.family is None:
            raise Mistakes(("There is no family yet. Start one in the first step.",))
        family: Family = self.family
        return family


def _named(form: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Those of the fields that hold something."""
    return {name: said for name in names if (said := text(form, name))}


_LINE_WORDS = {
    "strengths": "a strength",
    "wishes": "a wish",
    "support": "help that is or was there",
}
_GROUPS: Mapping[type, str] = {Strength: "strengths", Wish: "wishes", Support: "support"}
