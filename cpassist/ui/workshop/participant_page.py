"""The participant's page: take part in a workshop with a code, or practise alone."""

from collections.abc import Callable
from typing import Any

from cpassist.classroom import Workshop
from cpassist.drawing.templating import template
from cpassist.ui.frame.rendered import RenderedPage, text, whole_letters
from cpassist.ui.workshop.participant_state import ParticipantState
from cpassist.ui.workshop.view_workshop import participant_context


def participant_html(state: ParticipantState) -> str:
    """The whole page as it stands now."""
    return template("participant.html.j2").render(participant_context(state))


class ParticipantPage(RenderedPage):
    """One question at a time: guess, look, answer again, and hear why."""

    def __init__(self, workshop: Workshop) -> None:
        state = ParticipantState(workshop)
        super().__init__(state=state, draw=participant_html, acts=_acts(state))

    def has_news(self) -> bool:
        return bool(self.state.look())

    def answer(self, act: str, fields: dict[str, Any]) -> None:
        """Does what was asked, shows it, and says where the focus goes."""
        state = self.state
        before = (state.screen, state.part, state.phase, state.at)
        self.act(act, whole_letters(fields))
        self.show()
        if state.mistakes:
            self.send({"focus": f"{state.mistaken_form}-summary"})
        elif state.notice and state.notice.level not in {"done", "changed"}:
            self.send({"focus": "notice"})
        elif (state.screen, state.part, state.phase, state.at) != before:
            self.send({"focus": ["step-heading", "heading"], "top": True})
        if act in {"join", "come_back", "leave", "hello"}:
            self.remember()

    def remember(self) -> None:
        """Lets this tab find its seat again after a refresh; nothing else of the seat is kept in the browser."""
        state = self.state
        held = {"code": state.session.code, "words": state.ticket.words} if state.ticket else None
        self.send({"seat": held})


def _acts(state: ParticipantState) -> dict[str, Callable[[dict[str, Any]], object]]:
    """What the browser may ask for, and the verb that does it. Nothing else is done."""

    def hello(fields: dict[str, Any]) -> object:
        """A tab that had a seat takes it again; one that cannot stands at the door, without a fuss."""
        code, words = text(fields, "code"), text(fields, "words")
        if code and words and state.screen == "door":
            state.come_back(code, words)
            if state.screen == "door":
                state.notice, state.mistakes = None, {}
        return None

    return {
        "hello": hello,
        "practise": lambda _: state.practise(),
        "choose": lambda f: state.choose(text(f, "part")),
        "go_on": lambda _: state.go_on(),
        "begin_again": lambda _: state.begin_again(),
        "join": lambda f: state.join(text(f, "code"), text(f, "role")),
        "come_back": lambda f: state.come_back(text(f, "code"), text(f, "words")),
        "leave": lambda _: state.leave(),
        "answer": lambda f: state.answer(text(f, "step"), f),
        "show_step": lambda f: state.show_step(text(f, "at")),
        "dial": lambda f: state.turn_dial(text(f, "step"), text(f, "part"), text(f, "value")),
        "run_again": lambda _: state.run_again(),
        "certify": lambda f: state.certify(text(f, "name")),
        "forget_name": lambda _: state.forget_name(),
        "go": lambda _: None,
    }
