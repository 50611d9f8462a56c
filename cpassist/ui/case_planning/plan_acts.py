"""What the browser may ask for about a plan, and what is done. Nothing else is done."""

from collections.abc import Callable
from typing import Any

from cpassist.errors import Mistakes
from cpassist.storage.kept import new_key
from cpassist.ui.case_planning import plan_forms as forms
from cpassist.ui.case_planning.state import CaseState
from cpassist.ui.frame.rendered import text

PARTS = frozenset({"", "write", "check", "paper"})
NOT_SAVED_YET = "Added to what you have. It is saved once you have decided whose plan goes on."
KEPT_TOGETHER = frozenset(
    {"plan_action", "plan_meanwhile", "plan_task", "plan_aim", "plan_consent", "plan_shared", "plan_found", "plan_measure"}
)  # fmt: skip
"""Forms that one button keeps, each by its own act."""


def plan_acts(
    state: CaseState, hand_over: Callable[[str, bytes], None]
) -> dict[str, Callable[[dict[str, Any]], object]]:
    """The acts of the step *Plan*; each is caught once, by the state.

    `hand_over` gives a file to the browser: its name and its bytes.
    """
    editor = state.editor

    def doing(
        act: Callable[[dict[str, Any]], object], says: str = ""
    ) -> Callable[[dict[str, Any]], bool]:
        def done(fields: dict[str, Any]) -> None:
            act(fields)
            editor.just_kept = text(fields, "form")
            if says:
                # While two have written nothing is saved, whatever the act says of itself.
                state.say(NOT_SAVED_YET if editor.theirs is not None else says)

        return lambda fields: state.attempt(lambda: done(fields))

    def begin(_: dict[str, Any]) -> None:
        editor.begin()
        state.keep()

    def copy(_: dict[str, Any]) -> None:
        editor.keep_mine_as_a_copy()
        state.draft_key, state.revision = new_key(), 0
        state.keep()

    def show(fields: dict[str, Any]) -> None:
        part = text(fields, "part")
        if part not in PARTS:
            raise Mistakes(("There is no such part of the plan.",))
        if part == "check":
            editor.tried_to_send = True
        state.chosen = {**{k: v for k, v in state.chosen.items() if k == "person"}, "part": part}

    def send(fields: dict[str, Any]) -> None:
        editor.send(text(fields, "begun")[:400])
        state.chosen = {k: v for k, v in state.chosen.items() if k == "person"}

    def open_plan(fields: dict[str, Any]) -> None:
        state.open_plan(text(fields, "key"))

    def reply(fields: dict[str, Any]) -> None:
        line = text(fields, "line")
        says = forms.read_because(
            fields, f"reply-{forms.line_id(line)}", "Write what you want to say."
        )
        editor.reply(line, says)

    def close(fields: dict[str, Any]) -> None:
        editor.close(forms.read_because(fields, "close", "Say why the plan ends."))
        state.chosen = {k: v for k, v in state.chosen.items() if k == "person"}

    def invite(fields: dict[str, Any]) -> None:
        sentence = "Say whom: the name with which they sign in here."
        editor.invite(forms.read_because(fields, "invite", sentence))

    def index(fields: dict[str, Any]) -> int:
        said = text(fields, "index")
        return int(said) if said.isdecimal() and len(said) < 6 else -1

    def show_paper(fields: dict[str, Any]) -> None:
        reader, _, person = text(fields, "whose").partition(":")
        editor.show_paper(reader, person)

    def save_paper(fields: dict[str, Any]) -> None:
        name, made = editor.paper_file(text(fields, "ending"))
        hand_over(name, made)

    today = state.workspace.today
    return {
        "plan_begin": doing(
            begin, "The plan is begun. Say for each offer who does what, from when."
        ),
        "plan_open": doing(open_plan),
        "plan_part": doing(show),
        "plan_keep_all": doing(lambda _: None, "Everything on this page is kept."),
        "plan_action": doing(lambda f: editor.record_action(forms.read_action(f)), "Kept."),
        "plan_meanwhile": doing(
            lambda f: editor.record_meanwhile(forms.read_meanwhile(f)), "Kept."
        ),
        "plan_task": doing(lambda f: editor.record_task(forms.read_task(f)), "Kept."),
        "plan_aim": doing(lambda f: editor.record_aim(forms.read_aim(f, today())), "Kept."),
        "plan_consent": doing(lambda f: editor.record_consent(forms.read_consent(f)), "Kept."),
        "plan_shared": doing(lambda f: editor.record_shared(forms.read_shared(f)), "Kept."),
        "plan_found": doing(
            lambda f: editor.record_progress(forms.read_progress(f, editor.plan.version)), "Kept."
        ),
        "plan_measure": doing(
            lambda f: editor.record_measure(forms.read_measure(f, editor.plan.family, today())),
            "The value is kept.",
        ),
        "plan_measure_out": doing(
            lambda f: editor.remove_measure(index(f)), "The value is taken out."
        ),
        "plan_up_to_date": doing(
            lambda _: editor.bring_up_to_date(),
            "The plan holds the package of today. What you wrote for each offer stays.",
        ),
        "plan_send": doing(send, "Sent for review. Nothing in it changes until it comes back."),
        "plan_again": doing(
            lambda _: editor.open_again(), "This is a new version; it has to be sent again."
        ),
        "plan_review": doing(
            lambda _: editor.begin_review(),
            "The review is begun. Say of each offer what became of it; then bring the plan up to date.",
        ),
        "plan_reply": doing(reply, "Your words stand beside the line."),
        "plan_close": doing(close, "The plan is closed."),
        "plan_keep_until": doing(
            lambda f: editor.keep_until(forms.read_keep_until(f, today())), "The day is kept."
        ),
        "plan_invite": doing(
            invite, "They can write in it from now on; it stands among their plans."
        ),
        "plan_theirs": doing(
            lambda _: editor.go_on_from_theirs(),
            "Theirs stands now. What you had written is below it.",
        ),
        "plan_copy": doing(copy, "Yours is a plan of its own now, beside theirs."),
        "paper_show": doing(show_paper),
        "paper_tick": doing(
            lambda f: editor.tick_paper(text(f, "seen")), "Ticked. It can be saved now."
        ),
        "paper_save": doing(save_paper),
        "plan_put_away": doing(lambda _: editor.put_mine_away()),
    }
