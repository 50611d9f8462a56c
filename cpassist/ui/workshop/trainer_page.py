"""The trainer's page: set up a session, run it from the console, and show it on the wall."""

from collections.abc import Callable
from typing import Any

from cpassist.classroom import Workshop
from cpassist.drawing.templating import template
from cpassist.errors import CpassistError
from cpassist.papers.workshop.export import export_zip
from cpassist.papers.workshop.handouts import handout
from cpassist.ui.frame.rendered import RenderedPage, text, whole_letters
from cpassist.ui.frame.verbs import Notice
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
        super().__init__(state=state, draw=trainer_html, acts=_acts(self, state))

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

    def export(self) -> None:
        """Hands the results to the browser as one zip: seats by number, nobody by name."""
        state = self.state
        if state.session is None:
            return
        try:
            given = state.workshop.rooms.everything(state.session.key, state.secret)
        except CpassistError as refused:
            state.notice = Notice(level="mistake", says=(str(refused),))
            return
        packed = export_zip(state.session, state.curriculum, given)
        name = f"workshop-{state.session.code}.zip"
        self.send({"save": None, "name": name, "type": "application/zip"}, [packed])

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


def _acts(page: TrainerPage, state: TrainerState) -> dict[str, Callable[[dict[str, Any]], object]]:
    """What the browser may ask for, and the verb that does it. Nothing else is done."""

    def stage_act(act: str) -> Callable[[dict[str, Any]], object]:
        return lambda fields: state.act(
            act, {"picture": text(fields, "picture"), "minutes": text(fields, "minutes")}
        )

    def words(fields: dict[str, Any]) -> dict[str, str]:
        return {key: value for key, value in fields.items() if isinstance(value, str)}

    return {
        "hello": lambda _: None,
        "go": lambda _: None,
        "timetable": lambda f: state.choose_timetable(text(f, "timetable")),
        "part_up": lambda f: state.move_part(text(f, "at"), "up"),
        "part_down": lambda f: state.move_part(text(f, "at"), "down"),
        "part_out": lambda f: state.move_part(text(f, "at"), "out"),
        "part_in": lambda f: state.add_part(text(f, "part")),
        "open": lambda f: state.open_session(words(f)),
        "come_back": lambda f: state.come_back(text(f, "code"), text(f, "secret"), text(f, "view")),
        "leave": lambda _: state.leave(),
        "view": lambda f: state.show_view(text(f, "view")),
        "noted": lambda _: state.noted(),
        "not_sure": lambda _: state.not_sure(),
        "delete": lambda _: state.delete(),
        "compare": lambda f: state.compare(text(f, "code"), text(f, "secret")),
        "export": lambda _: page.export(),
        "handout": lambda f: page.hand_out(text(f, "kind")),
        **{act: stage_act(act) for act in ACTS},
    }
