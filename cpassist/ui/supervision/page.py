"""The supervisor's page: the queue, a plan read in five minutes and decided on, what many plans share."""

from collections.abc import Callable
from typing import Any

from cpassist.drawing.templating import template
from cpassist.plans.plan import Verdict
from cpassist.ui.case_planning import plan_forms as forms
from cpassist.ui.frame.rendered import RenderedPage, text
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
        super().__init__(state=state, draw=supervisor_html, acts=_acts(state))

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


def _acts(state: CaseloadState) -> dict[str, Callable[[dict[str, Any]], object]]:
    """What the browser may ask for, and the verb that does it. Nothing else is done."""

    def verdict(fields: dict[str, Any]) -> object:
        """Agreeing is done at once; asking and disagreeing need words first."""
        said, line = text(fields, "verdict") or _chosen(fields), text(fields, "line")
        if said == Verdict.AGREE.value:
            return state.decide_on(line, Verdict.AGREE, "")
        return state.choose(line=line, verdict=said if said in set(Verdict) else "")

    def decide(fields: dict[str, Any]) -> object:
        return state.attempt(lambda: state.decide_on(*forms.read_verdict(fields)))

    def approve(fields: dict[str, Any]) -> object:
        return state.attempt(
            lambda: state.approve(
                text(fields, "seen"),
                forms.read_note(fields, "approve"),
                text(fields, "begun")[:400],
            )
        )

    def return_to(fields: dict[str, Any]) -> object:
        """Back to a question that was begun and left."""
        state.go("plan")
        return state.choose(child="", line=text(fields, "line"), verdict=text(fields, "verdict"))

    def send_back(fields: dict[str, Any]) -> object:
        sentence = "Say what has to change before it comes back."
        return state.attempt(
            lambda: state.return_plan(
                forms.read_because(fields, "decision", sentence), text(fields, "begun")[:400]
            )
        )

    return {
        "hello": lambda _: state.connect(),
        "go": lambda f: state.go(text(f, "step")),
        "queue": lambda f: state.show_queue(text(f, "queue")),
        "look_for": lambda f: state.look_for(text(f, "label")),
        "more": lambda _: state.show_more(),
        "open": lambda f: state.open_plan(text(f, "key")),
        "child": lambda f: state.choose(child=text(f, "child")),
        "line_verdict": verdict,
        "put_away": lambda _: state.choose(line="", verdict=""),
        "decide": decide,
        "return_plan": send_back,
        "approve": approve,
        "look_again": lambda _: state.look_again(),
        "tell_changes": lambda _: state.tell_changes(),
        "return_to": return_to,
    }


def _chosen(fields: dict[str, Any]) -> str:
    """The value of the radio that was chosen; its name says to which line it belongs."""
    return next(
        (v for k, v in fields.items() if k.startswith("verdict-") and isinstance(v, str)), ""
    )
