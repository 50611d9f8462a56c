"""The step *Plan* as the templates show it: what to fill in, what is missing, and the list of one's plans."""

import datetime
from typing import Any

from cpassist.family.vocabulary import day_words
from cpassist.harm.causing import causing_harm
from cpassist.planning.package.offers import names
from cpassist.plans.attention import attention_to
from cpassist.plans.blockers import Blocker
from cpassist.plans.dates import (
    DueDay,
    is_working_day,
    review_day,
    steps_of_procedure,
    working_days_after,
)
from cpassist.plans.days import first_day
from cpassist.plans.plan import Aim, CasePlan, PlanState
from cpassist.plans.shared_with import may_reach_them
from cpassist.ui.case_planning.plan_forms import line_id
from cpassist.ui.case_planning.state import CaseState
from cpassist.ui.case_planning.view_papers import paper_context
from cpassist.ui.case_planning.view_plan import (
    STATE_MARKS,
    attention_words,
    change_lines,
    date_words,
    plan_context,
    when_words,
)
from cpassist.words.plan import AGREEMENT_OPTIONS

FORMS = {"offer": "act", "found": "found", "gap": "gap", "aim": "aim", "consent": "consent"}


def editor_context(state: CaseState) -> dict[str, Any]:
    """Everything that the step *Plan* shows."""
    editor = state.editor
    context: dict[str, Any] = {
        "editor": editor,
        "my_plans": _my_plans(state),
    }
    if editor.saved is None:
        return context
    plan = editor.writing
    part = state.chosen.get("part") or ("write" if plan.state is PlanState.DRAFT else "read")
    missing = editor.missing() if plan.state is PlanState.DRAFT else ()
    dates = {line.key: _dates(plan, line, state) for line in plan.package.offers}
    aim_dates = {child.key: _aim_date(plan, child.key, state) for child in plan.family.children}
    return {
        **context,
        **plan_context(plan, state.catalogue),
        "part": part if part == "paper" or plan.state is PlanState.DRAFT else "read",
        "missing": missing,
        "missing_groups": _grouped(missing),
        "out_of_date": change_lines(editor.what_changed()) if _may_change(state) else [],
        "reach_notes": [
            (
                "ask",
                f"Through “{line}” it may reach {names(causing_harm(plan.family), plan.family)}.",
            )
            for line in may_reach_them(plan)
        ],
        "theirs": _theirs(state),
        "mine_lines": change_lines(editor.mine_and_theirs()),
        "put_aside": change_lines(editor.aside),
        "attention": [attention_words(a, state.catalogue, plan) for a in attention_to(plan)],
        "dates": dates,
        "aim_dates": aim_dates,
        "suggests": any(
            day.get(name)
            for day in (*dates.values(), *aim_dates.values())
            for name in ("starts_suggested", "review_suggested", "suggested")
        ),
        "procedure": [
            _rule_words(rule, state) for rule in steps_of_procedure(plan.family, state.catalogue)
        ],
        "agreement_options": AGREEMENT_OPTIONS,
        "saved_words": f"Kept {when_words(editor.saved.at)}",
        "keep_words": _keep_words(plan),
        "returned_because": _returned(plan),
        **(paper_context(state) if state.chosen.get("part") == "paper" else {}),
    }


def _may_change(state: CaseState) -> bool:
    return state.editor.plan.state is not PlanState.CLOSED and state.editor.is_out_of_date()


def _field_of(blocker: Blocker) -> str:
    """The id of the field in which something is mended; empty where another step mends it."""
    kind, _, rest = blocker.about.partition(":")
    if blocker.about == "plan":
        return "shared-shared_with" if blocker.field == "shared_with" else ""
    return f"{FORMS[kind]}-{line_id(rest)}-{blocker.field}" if blocker.field != "judged" else ""


def _grouped(missing: tuple[Blocker, ...]) -> list[dict[str, Any]]:
    """What is missing by the part of the plan in which it is, each with its field."""
    groups: dict[tuple[str, str], list[dict[str, str]]] = {}
    for blocker in missing:
        title, colon, words = blocker.says.partition(": ")
        if not colon or blocker.about == "plan":
            title, words = "", blocker.says
        row = {"says": words[0].upper() + words[1:], "field": _field_of(blocker)}
        groups.setdefault((blocker.about, title), []).append(row)
    return [{"title": title, "rows": rows} for (_, title), rows in groups.items()]


def _theirs(state: CaseState) -> dict[str, str] | None:
    theirs = state.editor.theirs
    return None if theirs is None else {"by": theirs.by, "at": when_words(theirs.at)}


def _dates(plan: CasePlan, offer: Any, state: CaseState) -> dict[str, Any]:
    """The days in the form of an action: what was said, and beside it what the weeks and the rules suggest.

    A suggested day is nobody's statement until somebody takes it.
    """
    action = plan.action(offer.key)
    meant = first_day(plan) + datetime.timedelta(weeks=offer.starts_week - 1)
    # A package that was put together weeks ago begins now, not then.
    first = max(meant, state.workspace.today())
    first = first if is_working_day(first) else working_days_after(first, 1)
    starts = action.starts or first.isoformat()
    children = offer.children or tuple(child.key for child in plan.family.children)
    due = review_day(
        "action", children, plan.family, state.catalogue, datetime.date.fromisoformat(starts)
    )
    return {
        "starts": action.starts,
        "starts_hint": f"In the package it starts in week {offer.starts_week}.",
        "starts_suggested": "" if action.starts else starts,
        "review": action.review,
        "review_hint": _due_words(due, state),
        "review_suggested": due.day.isoformat() if due and not action.review else "",
    }


def _aim_date(plan: CasePlan, child: str, state: CaseState) -> dict[str, Any]:
    start = max(plan.package.planned_on, state.workspace.today())
    due = review_day("child", (child,), plan.family, state.catalogue, start)
    then = plan.then.aims if plan.then and plan.review_of else ()
    said = next((aim for aim in then if aim.child == child), Aim(child=child))
    return {
        "by": plan.aim(child).by,
        "hint": _due_words(due, state),
        "suggested": due.day.isoformat() if due and not plan.aim(child).by else "",
        "child_before": _said_before(plan, said.child_says),
        "parents_before": _said_before(plan, said.parents_say),
    }


def _said_before(plan: CasePlan, words: str) -> str:
    """What somebody said when the version under review was written."""
    return f" In version {plan.review_of}: “{words}”" if words else ""


def _due_words(due: DueDay | None, state: CaseState) -> str:
    if due is None:
        return "No rule here suggests a day."
    return f"Suggested: {day_words(due.day.isoformat())}. {_rule_words(due.rule, state)} Check your local procedure."


def _rule_words(rule: Any, state: CaseState) -> str:
    """A rule of procedure with where it is from."""
    sources = [state.catalogue.sources[key].body for key in rule.source]
    where = f" Source: {', '.join(sources)}; places differ." if sources else ""
    return f"{rule.says}{where}"


def _keep_words(plan: CasePlan) -> str:
    if not plan.keep_until:
        return "No day is set from which it is due for deletion."
    day = datetime.date.fromisoformat(plan.keep_until)
    return (
        f"Kept until {date_words(datetime.datetime.combine(day, datetime.time(12)))}, and then due for deletion: "
        "this is not the council’s record. Save what belongs there before."
    )


def _returned(plan: CasePlan) -> dict[str, str] | None:
    """Why it came back, while it has not been sent again."""
    back = [d for d in plan.decisions if d.state in {PlanState.RETURNED, PlanState.SUBMITTED}]
    if not back or back[-1].state is not PlanState.RETURNED:
        return None
    return {"by": back[-1].by, "at": when_words(back[-1].at), "says": back[-1].because}


def _my_plans(state: CaseState) -> list[dict[str, Any]]:
    today = state.workspace.today()
    return [
        {
            "key": line.key,
            "label": line.label,
            "version": line.version,
            "mark": STATE_MARKS[line.state][0],
            "state": STATE_MARKS[line.state][1],
            "saved": f"{date_words(line.saved_at)} by {line.saved_by}",
            "due": line.is_due(today),
            "open": line.key == state.editor.key,
        }
        for line in state.editor.my_plans()
    ]
