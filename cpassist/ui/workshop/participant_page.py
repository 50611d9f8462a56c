"""The participant's page: take part in a workshop with a code, or practise alone."""

from typing import Any

from cpassist.classroom import Workshop
from cpassist.drawing.templating import template
from cpassist.ui.frame.rendered import RenderedPage, whole_letters
from cpassist.ui.workshop.participant_state import ParticipantState
from cpassist.ui.workshop.view_workshop import participant_context


def participant_html(state: ParticipantState) -> str:
    """The whole page as it stands now."""
    return template("participant.html.j2").render(participant_context(state))


class ParticipantPage(RenderedPage):
    """One question at a time: guess, look, answer again, and hear why."""

    def __init__(self, workshop: Workshop) -> None:
        state = ParticipantState(workshop)
        super().__init__(state=state, draw=participant_html)

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
