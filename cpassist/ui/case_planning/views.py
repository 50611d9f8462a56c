"""What people read: the state of a page as HTML from autoescaped templates."""

from typing import Any

from cpassist.drawing.support_graph import draw_graph, draw_timeline
from cpassist.drawing.templating import template
from cpassist.family.family import Family
from cpassist.planning.asking_why.to_ask import how_many
from cpassist.planning.package.offers import listed, names
from cpassist.plans.labels import label_warnings
from cpassist.ui.case_planning.people_table import rows_of
from cpassist.ui.case_planning.state import CaseState
from cpassist.ui.case_planning.view_census import census_context
from cpassist.ui.case_planning.view_editor import editor_context
from cpassist.ui.case_planning.view_help import FINDING_MARKS, help_context
from cpassist.ui.case_planning.view_package import package_context
from cpassist.ui.case_planning.view_people import People
from cpassist.ui.case_planning.view_plan import STATE_MARKS
from cpassist.ui.case_planning.view_questions import question_groups
from cpassist.words.family import (
    BASIS_OPTIONS,
    LEGAL_OPTIONS,
    LEVEL_OPTIONS,
    LEVEL_WORDS,
    PLACEMENT_OPTIONS,
    RELATION_OPTIONS,
    SUPPORT_OPTIONS,
    WHEN_OPTIONS,
)
from cpassist.words.package import BECAUSE_WORDS
from cpassist.words.plan import WHY_NOT

TITLES = {
    "family": "Family",
    "needs": "Needs and strengths",
    "safety": "Safety questions",
    "limits": "Limits and wishes",
    "help": "What could help",
    "package": "Package",
    "plan": "Plan",
}
SUMS = {
    "family": "Who is in the family. Use labels, never names.",
    "needs": "What each person needs help with, and what already helps, in the words of those who saw it.",
    "safety": "We only ask questions that some help depends on, and show what each answer unlocks.",
    "limits": "What each person wants, what help there is already, and how much the family can carry.",
}
PLAN_SUM = "Who does what, from when, and how anybody will know that it helped. Somebody else reads it and signs."


def page_html(state: CaseState) -> str:
    """The whole page of a social worker as it stands now."""
    return template("page.html.j2").render(_context(state))


def _context(state: CaseState) -> dict[str, Any]:
    family, package, catalogue = state.family, state.package, state.catalogue
    context: dict[str, Any] = {
        "state": _Screen(state),
        "family": family,
        "package": package,
        "catalogue": catalogue,
        "level_words": LEVEL_WORDS,
        "user": state.workspace.user,
        "training": state.workspace.training,
        "kept_words": _kept_words(state),
        "steps": step_states(state),
        "title": TITLES[state.step],
        "sum": _sum(state),
        "level_options": LEVEL_OPTIONS,
        "placement_options": PLACEMENT_OPTIONS,
        "legal_options": LEGAL_OPTIONS,
        "relation_options": RELATION_OPTIONS,
        "basis_options": BASIS_OPTIONS,
        "when_options": WHEN_OPTIONS,
        "state_options": SUPPORT_OPTIONS,
        "example_options": _examples(state) if state.step == "family" else (),
        "drafts": state.drafts() if state.step == "family" else (),
        "people_options": (),
        "people_rows": rows_of(None) if family is None else (),
        **census_context(state),
        "why_not": [(words, words) for words in WHY_NOT],
    }
    if family is None:
        return context
    people = People(state)
    context |= people.context()
    context["label_notes"] = label_notes(family)
    context["names"] = lambda keys: names(keys, family)
    context["danger"] = _danger(state)
    if state.step == "safety":
        context["question_groups"] = question_groups(state)
    if state.step == "help":
        context |= help_context(state, draw_graph)
    if state.step == "package":
        timeline = draw_timeline(package.offers, package.load, family, catalogue)
        context |= package_context(state, people) | {"timeline": timeline}
    if state.step == "plan":
        context |= editor_context(state)
    context["because_words"] = BECAUSE_WORDS
    context["marks"] = FINDING_MARKS
    return context


def _danger(state: CaseState) -> list[str]:
    """Who is in danger today, and of whom nobody knows it, each kind in one sentence."""
    found = [f for f in state.package.findings if f.code == "immediate_danger"]
    label = state.the_family().label_of
    today = [label(f.about[0]) for f in found if f.ask is None]
    unknown = [label(f.about[0]) for f in found if f.ask is not None]
    says = []
    if today:
        who = listed(today)
        are = "is" if len(today) == 1 else "are"
        says.append(
            f"{who} {are} in danger today. Follow your procedures now; no programme comes first."
        )
    if unknown:
        says.append(
            f"We do not know whether {listed(unknown, 'or')} is in danger today. Find out before anything else."
        )
    return says


def label_notes(family: Family) -> list[str]:
    """What in the labels of a family looks like a name, a place or a number."""
    labels = (family.label, *(person.label for person in family.people))
    return [warning for label in labels for warning in label_warnings(label)]


class _Screen:
    """The state as templates see it: `chosen` answers none for what is not open."""

    def __init__(self, state: CaseState) -> None:
        self._state = state
        self.chosen = _Chosen(state.chosen)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._state, name)


class _Chosen:
    def __init__(self, chosen: dict[str, str]) -> None:
        self._chosen = chosen

    def __getattr__(self, name: str) -> str | None:
        return self._chosen.get(name)


def _kept_words(state: CaseState) -> str:
    if state.not_kept_because:
        return "Not kept"
    return (
        f"Kept as a draft at {state.kept.strftime('%H:%M')}"
        if state.kept
        else "Nothing to keep yet"
    )


def _examples(state: CaseState) -> list[tuple[str, str]]:
    return [(name, f"The {name.title()} family") for name in state.examples()]


def _sum(state: CaseState) -> str:
    if state.step in SUMS or state.family is None:
        return SUMS.get(state.step, "")
    package = state.package
    if state.step == "plan":
        return PLAN_SUM
    looked = len(
        {s.intervention for s in package.set_aside} | {o.intervention for o in package.offers}
    )
    if state.step == "help":
        return (
            f"{_count(looked, 'kind')} of help {'was' if looked == 1 else 'were'} looked at for this family: "
            f"{_count(len(package.offers), 'offer')} proposed. Each of the others has its reason."
        )
    return ""


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _count(number: int, noun: str) -> str:
    """As people write it: "three offers", "12 kinds"."""
    words = NUMBERS[number] if number < len(NUMBERS) else str(number)
    return f"{words} {noun}{'' if number == 1 else 's'}"


def step_states(state: CaseState) -> list[dict[str, str]]:
    """Each step with its state in words: not started, in progress, done, or blocked and by what."""
    family, package = state.family, state.package
    rows = []
    for key, title in TITLES.items():
        mark, words = "now", "not started"
        if family is None:
            if key != "family":
                mark, words = "now", "after the family"
        elif key == "family":
            mark, words = (
                "done",
                f"{_count(len(family.children), 'child')}, {_count(len(family.adults), 'adult')}",
            )
            words = words.replace("childs", "children")
        else:
            mark, words = _step_state(key, family, package)
            if key == "plan" and mark == "done":
                mark, words = _plan_state(state)
        rows.append({"key": key, "title": title, "mark": mark, "words": words})
    return rows


def _plan_state(state: CaseState) -> tuple[str, str]:
    if state.editor.saved is None:
        return "now", "not started"
    mark, words = STATE_MARKS[state.editor.plan.state]
    return mark, f"version {state.editor.plan.version}: {words.lower()}"


def _step_state(key: str, family: Any, package: Any) -> tuple[str, str]:
    to_rate, held = how_many(package, "needs"), how_many(package, "safety")
    if key == "needs":
        if not family.needs:
            return "now", "not started"
        if to_rate:
            return "ask", f"in progress: {to_rate} to ask"
        bare = [c.key for c in family.children if not family.needs_of(c.key)]
        if bare:
            return "now", f"{_count(len(family.needs), 'need')}; none for {names(bare, family)}"
        return "done", f"done: {_count(len(family.needs), 'need')}"
    if not family.needs:
        return "now", "after the needs"
    if key == "safety":
        danger = [f for f in package.findings if f.code == "immediate_danger"]
        if any(f.ask for f in danger):
            return "stop", "in progress: danger today?"
        if danger:
            people = names(tuple(key for f in danger for key in f.about), family)
            return "stop", f"danger today: {people}" + (f"; {held} open" if held else "")
        return ("ask", f"in progress: {held} open") if held else ("done", "done")
    if key == "limits":
        stated = bool(family.limits.minutes_per_week)
        return (
            ("done", "done")
            if stated
            else ("now", "in progress" if family.wishes else "not started")
        )
    if key == "help":
        looked = len(
            {s.intervention for s in package.set_aside} | {o.intervention for o in package.offers}
        )
        return "done", f"{looked} looked at"
    return "done", f"{_count(len(package.offers), 'offer')}, {_count(len(package.gaps), 'gap')}"
