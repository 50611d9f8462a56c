"""The social worker's page: one widget that shows the state and hands what people do to its verbs."""

from collections.abc import Callable
from typing import Any

from cpassist.papers.formats.files import MEDIA
from cpassist.ui.case_planning import forms
from cpassist.ui.case_planning.plan_acts import KEPT_TOGETHER, plan_acts
from cpassist.ui.case_planning.state import CaseState
from cpassist.ui.case_planning.views import page_html
from cpassist.ui.frame.rendered import Forms, RenderedPage, text
from cpassist.workspace import Workspace

RETURN_TO = {
    "remove_person": "open-person",
    "remove_need": "open-need",
    "remove_line": "heading",
    "record_wish": "wish-person",
    "record_support": "support-person",
    "set_limits": "keep-limits",
    "name_harmers": "status",
    "judge_offer": "status",
    "withdraw_judgement": "status",
    "use_alternative": "heading",
    "use_none": "heading",
    "look_again": "look-h",
    "forget_draft": "heading",
    "new_family": "heading",
    "start_family": "heading",
    "open_example": "heading",
    "open_text": "heading",
    "open_census": "census-h",
    "close_census": "heading",
    "join_census": "heading",
    "name_factor": "status",
    "drop_factor": "status",
    "open_draft": "heading",
    "plan_begin": "heading",
    "plan_open": "heading",
    "plan_part": "heading",
    "plan_send": "heading",
    "plan_again": "heading",
    "plan_review": "heading",
    "plan_close": "heading",
    "plan_up_to_date": "status",
    "plan_theirs": "status",
    "plan_copy": "status",
    "plan_put_away": "status",
    "plan_measure_out": "measure-person",
    "plan_keep_all": "status",
    "paper_show": "paper-h",
    "paper_tick": "status",
}


class SocialWorkerPage(RenderedPage):
    """Assess a family, see what could help each of them, put a package together."""

    def __init__(self, workspace: Workspace) -> None:
        state = CaseState(workspace)
        super().__init__(
            state=state,
            draw=page_html,
            acts={**_acts(self, state), **plan_acts(state, self.hand_over)},
        )

    def has_news(self) -> bool:
        return bool(self.state.connected and self.state.step == "plan" and self.state.editor.look())

    def answer(self, act: str, fields: dict[str, Any]) -> None:
        """Does what was asked, shows it, and says where the focus goes."""
        self.state.connected = True
        step, opener = self.state.step, _opener(self.state.chosen)
        kept, done = self._keep(self.came_along)
        done = done and self.act(act, fields)
        self.show()
        if done and act.startswith("plan_"):
            kept.append(text(fields, "form"))
        for form in filter(None, kept):
            # The browser takes the words as they were kept, so that the form counts as begun no more.
            self.send({"kept": form})
        self._move_focus(
            act,
            fields,
            done=done,
            moved=self.state.step != step,
            # A link to another person stays where it is, and keeps the focus.
            closed=opener if "person" not in fields or act != "choose" else "",
        )

    def _keep(self, forms: Forms) -> tuple[list[str], bool]:
        """Keeps forms that came along, all that can be; which were kept, and whether all of them."""
        state, kept = self.state, []
        wrong, notice, all_kept = None, None, True
        for act, fields in forms:
            if act in KEPT_TOGETHER:
                if self.act(act, fields):
                    kept.append(text(fields, "form"))
                    continue
                all_kept = False
                wrong = wrong or (state.mistakes and (state.mistaken_form, state.mistakes))
                notice = notice or state.notice
        if not all_kept:
            # Both are said: what is wrong in a form, and that another was faster.
            state.mistaken_form, state.mistakes = wrong or ("", {})
            state.notice = notice
        return kept, all_kept

    def _move_focus(
        self, act: str, fields: dict[str, Any], *, done: bool, moved: bool, closed: str
    ) -> None:
        """Says where focus goes: to what is wrong, to what was opened, or back to what opened it."""
        state = self.state
        if state.mistakes:
            self.send({"focus": f"{state.mistaken_form}-summary"})
        elif state.notice and state.notice.level not in {"done", "changed"}:
            self.send({"focus": "notice"})
        elif moved and act != "return_to":
            self.send({"focus": "heading", "top": True})
        elif done and (target := fields.get("focus")) and isinstance(target, str):
            self.send({"focus": target})
        elif form := state.chosen.get("form"):
            self.send(
                {"focus": "confirm" if form.startswith(("remove", "forget")) else f"{form}-form"}
            )
        elif closed or act in RETURN_TO:
            # The control that was pressed is gone: focus goes where the form was opened.
            self.send({"focus": [RETURN_TO.get(act, closed), "heading"]})

    def hand_over(self, name: str, made: bytes) -> None:
        """Hands a file to the browser as bytes."""
        media = MEDIA[f".{name.rpartition('.')[2]}"]
        self.send({"save": None, "name": name, "type": media}, buffers=[made])

    def save_file(self) -> None:
        """Hands the family file to the browser; its name says nothing of the case."""
        self.send({"save": self.state.family_text(), "name": "family.yaml", "type": "text/yaml"})


def _opener(chosen: dict[str, str]) -> str:
    """The id of the button that opened the form that is open; empty when none is."""
    parts = (chosen.get("form"), chosen.get("editing"))
    return "-".join(("open", *(part for part in parts if part))) if parts[0] else ""


def _acts(
    page: SocialWorkerPage, state: CaseState
) -> dict[str, Callable[[dict[str, Any]], object]]:
    """What the browser may ask for, and the verb that does it. Nothing else is done."""

    def people(fields: dict[str, Any]) -> tuple[str, ...]:
        return tuple(key for key in text(fields, "people").split(",") if key)

    def index(fields: dict[str, Any]) -> int:
        said = text(fields, "index")
        return int(said) if forms.WHOLE.match(said) else -1

    def filled(
        read: Callable[[dict[str, Any]], Any], do: Callable[..., object]
    ) -> Callable[[dict[str, Any]], object]:
        """Reads a form inside the verb's net, so that its mistakes are shown and nothing is lost."""
        return lambda fields: state.attempt(lambda: do(read(fields)))

    def judged(fields: dict[str, Any]) -> object:
        name = text(fields, "form") or "judge"
        return state.attempt(lambda: state.judge_offer(forms.read_judgement(fields, name)))

    def new_family(_: dict[str, Any]) -> object:
        return state.close_family()

    def return_to(fields: dict[str, Any]) -> object:
        """Back to a form that was begun and left."""
        state.go(text(fields, "step"))
        wanted = {k: text(fields, k) for k in ("person", "form", "editing")}
        return state.choose(**{k: v for k, v in wanted.items() if v})

    def open_help(fields: dict[str, Any]) -> object:
        state.go("help")
        return state.choose(node=text(fields, "node"))

    return {
        "hello": lambda _: state.resume(),
        "go": lambda f: state.go(text(f, "step")),
        "choose": lambda f: state.choose(
            **{k: text(f, k) for k in ("person", "form", "editing", "node") if k in f}
        ),
        "choose_path": lambda f: state.choose(path=text(f, "paths"), node=""),
        "choose_reason": lambda f: state.choose(reason=text(f, "reason")),
        "look_again": lambda _: state.look_again(),
        "what_if": lambda f: state.choose(instead=text(f, "offer")),
        "open_help": open_help,
        "return_to": return_to,
        "start_family": filled(
            lambda f: forms.read_new_family(f, state.workspace.today()),
            state.start_family,
        ),
        "new_family": new_family,
        "open_example": lambda f: state.open_example(text(f, "name")),
        "open_text": lambda f: state.open_text(text(f, "text")),
        "open_census": lambda f: state.attempt(lambda: state.census.open(text(f, "text"))),
        "join_census": filled(forms.read_joining, lambda read: state.census.join(*read)),
        "close_census": lambda _: state.attempt(state.census.close),
        "name_factor": filled(forms.read_factor, lambda read: state.census.name_factor(*read)),
        "drop_factor": lambda f: state.attempt(lambda: state.census.drop_factor(index(f))),
        "open_draft": lambda f: state.open_draft(text(f, "key")),
        "forget_draft": lambda f: state.forget_draft(text(f, "key")),
        "save_file": lambda _: state.attempt(page.save_file),
        "record_person": lambda f: state.attempt(
            lambda: state.record_person(
                *forms.read_person(f, state.family, state.the_family().assessed_on)
            )
        ),
        "record_details": lambda f: state.attempt(
            lambda: state.record_details(*forms.read_details(f, state.workspace.today()))
        ),
        "remove_person": lambda f: state.remove_person(text(f, "key")),
        "record_need": filled(
            lambda f: forms.read_need(f, state.catalogue, state.workspace.today()),
            state.record_need,
        ),
        "remove_need": lambda f: state.remove_need(text(f, "person"), text(f, "need")),
        "record_strength": filled(forms.read_strength, state.record_line),
        "record_wish": filled(forms.read_wish, state.record_line),
        "record_support": filled(
            lambda f: forms.read_support(f, state.catalogue), state.record_line
        ),
        "remove_line": lambda f: state.remove_line(text(f, "group"), index(f)),
        "answer_question": filled(
            lambda f: forms.read_answer(
                {**f, "answer": next((v for k, v in f.items() if k.startswith("answer-")), "")},
                state.catalogue,
            ),
            state.answer_question,
        ),
        "name_harmers": lambda f: state.name_harmers(
            text(f, "person"),
            tuple(f["harmers"] if isinstance(f.get("harmers"), list) else [text(f, "harmers")]),
        ),
        "set_limits": filled(lambda f: forms.read_limits(f, state.the_family()), state.set_limits),
        "judge_offer": judged,
        "decide_step": filled(forms.read_step, state.decide_step),
        "undo_step": lambda f: state.undo_step(text(f, "ordinary"), text(f, "whose")),
        "withdraw_judgement": lambda f: state.withdraw_judgement(
            text(f, "intervention"), people(f)
        ),
        "use_alternative": lambda f: state.use_alternative(index(f)),
        "use_none": filled(lambda f: forms.read_reason(f, "none"), state.use_none),
    }
