"""The trainer's page: set up a session, run it from the console, and show it on the wall."""

from typing import Any

from cpassist.classroom import Workshop
from cpassist.drawing.templating import template
from cpassist.papers.workshop.export import export_zip
from cpassist.papers.workshop.handouts import handout
from cpassist.ui.frame.acts import act
from cpassist.ui.frame.rendered import RenderedPage, whole_letters
from cpassist.ui.workshop.trainer_state import TrainerState
from cpassist.ui.workshop.view_trainer import trainer_context
from cpassist.workshop.session.session import ACTS


def trainer_html(state: TrainerState) -> str:
    """The whole page as it stands now."""
    return template("trainer.html.j2").render(trainer_context(state))


class TrainerPage(RenderedPage):
    """Console and projector of a workshop."""

    def __init__(self, workshop: Workshop) -> None:
        state = TrainerState(workshop)
        super().__init__(state=state, draw=trainer_html)

    def has_news(self) -> bool:
        return bool(self.state.look())

    def answer(self, act: str, fields: dict[str, Any]) -> None:
        """Does what was asked, shows it, and says where the focus goes."""
        state = self.state
        before = (state.view, state.stage and (state.stage.at, state.stage.phase))
        self.act(act, whole_letters(fields))
        self.show()
        if state.mistakes:
            self.send({"focus": f"{state.mistaken_form}-summary"})
        elif state.notice and state.notice.level not in {"done", "changed"}:
            self.send({"focus": "notice"})
        elif state.sure:
            self.send({"focus": "sure"})
        elif (state.view, state.stage and (state.stage.at, state.stage.phase)) != before:
            # Whoever presses "forward" goes on pressing it; a new page begins at its heading.
            self.send({"focus": "forward" if act in ACTS else "heading", "top": act not in ACTS})

    @act("export")
    def export(self) -> None:
        """Hands the results to the browser as one zip: seats by number, nobody by name."""
        state = self.state
        if state.session is None:
            return
        given = state.workshop.rooms.everything(state.session.key, state.secret)
        packed = export_zip(state.session, state.curriculum, given)
        name = f"workshop-{state.session.code}.zip"
        self.send({"save": None, "name": name, "type": "application/zip"}, [packed])

    @act("handout", "kind")
    def hand_out(self, kind: str) -> None:
        """Hands a guide, cards or slides to the browser, made from what is taught."""
        state = self.state
        parts = (
            tuple((part.key, part.minutes) for part in state.session.programme)
            if state.session
            else state.programme
        )
        made = handout(kind, state.curriculum, parts, state.session.title if state.session else "")
        if made is not None:
            self.send({"save": made, "name": f"workshop-{kind}.html", "type": "text/html"})
