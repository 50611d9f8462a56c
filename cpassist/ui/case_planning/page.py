"""The social worker's page: one widget that shows the state and hands what people do to its verbs."""

from typing import Any

from cpassist.papers.formats.files import MEDIA
from cpassist.ui.case_planning.state import CaseState
from cpassist.ui.case_planning.views import page_html
from cpassist.ui.frame.acts import act
from cpassist.ui.frame.fields import text
from cpassist.ui.frame.rendered import Forms, RenderedPage
from cpassist.workspace import Workspace


class SocialWorkerPage(RenderedPage):
    """Assess a family, see what could help each of them, put a package together."""

    def __init__(self, workspace: Workspace) -> None:
        state = CaseState(workspace)
        super().__init__(state=state, draw=page_html, parts=(state.editor, state.census))

    def has_news(self) -> bool:
        state = self.state
        if not state.connected:
            return False
        # Both are looked at: what a supervisor sent back stands in the list of steps as well.
        return any([state.look_elsewhere(), state.editor.look()])

    def answer(self, act: str, fields: dict[str, Any]) -> None:
        """Does what was asked, shows it, and says where the focus goes."""
        self.state.connected = True
        step, opener = self.state.step, _opener(self.state.chosen)
        kept, done = self._keep(self.came_along)
        done = done and self.act(act, fields)
        self.show()
        if done and (act.startswith("plan_") or act == "record_grid"):
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
        for name, fields in forms:
            if self.acts[name].act.together:
                if self.act(name, fields):
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
        elif moved and act not in {"return_to", "go_to"}:
            self.send({"focus": "heading", "top": True})
        elif done and (target := fields.get("focus")) and isinstance(target, str):
            # What was to take the focus may not be there: a decision can take an offer away.
            self.send({"focus": [target, "status"]})
        elif form := state.chosen.get("form"):
            self.send(
                {"focus": "confirm" if form.startswith(("remove", "forget")) else f"{form}-form"}
            )
        elif target := self.acts[act].act.focus or closed:
            # The control that was pressed is gone: focus goes where the form was opened.
            self.send({"focus": [target, "heading"]})

    @act("paper_save", "ending")
    def save_paper(self, ending: str) -> None:
        """Hands the paper that is shown to the browser as a file."""
        name, made = self.state.editor.paper_file(ending)
        media = MEDIA[f".{name.rpartition('.')[2]}"]
        self.send({"save": None, "name": name, "type": media}, buffers=[made])

    @act("save_file")
    def save_file(self) -> None:
        """Hands the family file to the browser; its name says nothing of the case."""
        self.send({"save": self.state.family_text(), "name": "family.yaml", "type": "text/yaml"})


def _opener(chosen: dict[str, str]) -> str:
    """The id of the button that opened the form that is open; empty when none is."""
    parts = (chosen.get("form"), chosen.get("editing"))
    return "-".join(("open", *(part for part in parts if part))) if parts[0] else ""
