"""The supervisor's page: the queue, a plan read in five minutes and decided on, what many plans share."""

from typing import Any

from cpassist.drawing.templating import template
from cpassist.ui.case_planning import plan_forms as forms
from cpassist.ui.frame.fields import text
from cpassist.ui.frame.rendered import RenderedPage
from cpassist.ui.supervision.state import CaseloadState
from cpassist.ui.supervision.view_caseload import caseload_context
from cpassist.workspace import Workspace


def supervisor_html(state: CaseloadState) -> str:
    """The whole page as it stands now."""
    return template("supervisor.html.j2").render(caseload_context(state))


class SupervisorPage(RenderedPage):
    """Read what was sent, line by line; agree, ask, send back with a reason, or sign."""

    def __init__(self, workspace: Workspace) -> None:
        state = CaseloadState(workspace)
        super().__init__(state=state, draw=supervisor_html)

    def has_news(self) -> bool:
        return bool(self.state.has_news())

    def answer(self, act: str, fields: dict[str, Any]) -> None:
        """Does what was asked, shows it, and says where the focus goes."""
        state = self.state
        state.connected = True
        before = (state.view, state.opened and state.opened.plan.key, state.chosen.get("child"))
        self.act(act, fields)
        self.show()
        if state.mistakes:
            self.send({"focus": f"{state.mistaken_form}-summary"})
        elif state.notice and state.notice.level not in {"done", "changed"}:
            self.send({"focus": "notice"})
        elif (
            state.view,
            state.opened and state.opened.plan.key,
            state.chosen.get("child"),
        ) != before or act in {"approve", "return_plan"}:
            self.send({"focus": "heading", "top": True})
        elif state.chosen.get("line"):
            line = forms.line_id(state.chosen["line"])
            self.send({"focus": f"line-{line}-says"})
        elif act in {"decide", "line_verdict", "put_away"} and "line" in fields:
            self.send({"focus": f"dec-{forms.line_id(text(fields, 'line'))}"})
        elif act == "look_again":
            self.send({"focus": "look-h"})
