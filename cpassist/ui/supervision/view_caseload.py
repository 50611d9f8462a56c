"""The supervisor's page as its templates show it: the queue in words, one plan in five minutes, patterns."""

import datetime
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.conditions import Asked
from cpassist.family.records import Need
from cpassist.family.vocabulary import AnswerValue, Choice, day_words
from cpassist.planning.package.offers import names
from cpassist.planning.safety.rules import asked_words
from cpassist.plans.attention import OPEN_SAFETY, attention_to, without_anything
from cpassist.plans.compare import Change, differences, offer_title
from cpassist.plans.days import full_weeks
from cpassist.plans.lifecycle import doubted, undecided, verdict_on
from cpassist.plans.plan import CasePlan, PlanState, Verdict
from cpassist.plans.prompts import aged_evidence, prompts_for
from cpassist.plans.summary import FEWEST_SHOWN
from cpassist.ui.case_planning.view_help import FINDING_MARKS
from cpassist.ui.case_planning.view_package import GAP_TITLES
from cpassist.ui.case_planning.view_plan import (
    STATE_MARKS,
    attention_words,
    change_lines,
    date_words,
    plan_context,
    when_words,
)
from cpassist.ui.case_planning.view_questions import asked_by
from cpassist.ui.supervision.state import QUEUES, CaseloadState, is_about
from cpassist.words.family import LEVEL_WORDS
from cpassist.words.package import BECAUSE_WORDS
from cpassist.words.plan import ACT_WORDS, QUEUE_WORDS, STATE_WORDS, VERDICT_OPTIONS


def caseload_context(state: CaseloadState) -> dict[str, Any]:
    """Everything that the page shows."""
    context: dict[str, Any] = {
        "state": state,
        "user": state.workspace.reviewer.name,
        "training": state.workspace.training,
        "catalogue": state.catalogue,
        "family": None,
        "queue_words": [(key, QUEUE_WORDS[key]) for key in QUEUES],
        "when_words": when_words,
    }
    if state.view == "queue":
        lines = state.lines()
        return context | {
            "queue": [_line(line, state) for line in lines[: state.shown]],
            "number": len(lines),
            "more": max(0, len(lines) - state.shown),
        }
    if state.view == "patterns":
        return context | {"patterns": _patterns(state), "fewest": FEWEST_SHOWN}
    return context | _review(state)


def _line(line: Any, state: CaseloadState) -> dict[str, Any]:
    now = state.workspace.now()
    mark, word = STATE_MARKS[line.state]
    return {
        "key": line.key,
        "label": line.label,
        "version": line.version,
        "begun_by": line.begun_by,
        "mark": mark,
        "state": word,
        "waits": waiting_words(line.sent_at, now) if line.state is PlanState.SUBMITTED else "",
        "saved": date_words(line.saved_at),
        "attention": [attention_words(a, state.catalogue) for a in line.summary.attention],
        "counts": f"{_count(line.summary.children, 'child', 'children')}, {_count(line.summary.offers, 'offer')}, {_count(line.summary.gap_lines, 'gap')}",
        "mine": line.begun_by == state.workspace.reviewer.name,
        "due": line.is_due(state.workspace.today()),
    }


def waiting_words(since: datetime.datetime | None, now: datetime.datetime) -> str:
    """How long a plan has waited, in words."""
    days = (now - since).days if since else 0
    if days < 1:
        return "since today"
    return "for 1 day" if days == 1 else f"for {days} days"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _patterns(state: CaseloadState) -> list[dict[str, Any]]:
    """Counts over all plans, by kind; nothing under the fewest that are shown."""
    catalogue = state.catalogue
    groups: dict[str, list[dict[str, Any]]] = {"gap": [], "missing": [], "departure": []}
    for pattern in state.shared():
        first, _, second = pattern.about.partition(":")
        if pattern.kind == "gap":
            need = catalogue.label(first) if first in catalogue.need_types else first
            words = f"{need}: {GAP_TITLES.get(second, (second,))[0]}"
        elif pattern.kind == "missing":
            words = _title(first, catalogue)
        else:
            did = {"decline": "Set aside by workers", "add": "Brought back by workers"}[first]
            words = f"{did}: {_title(second, catalogue)}"
        groups[pattern.kind].append({"words": words, "plans": pattern.plans})
    titles = {
        "gap": ("Gaps that came up", "Needs with no offer, and why."),
        "missing": (
            "Help that is missing here",
            "What was tested and cannot be had, or has no places.",
        ),
        "departure": (
            "Where workers chose otherwise",
            "What was set aside or brought back, each with a reason in its plan.",
        ),
    }
    return [
        {"key": key, "title": titles[key][0], "lead": titles[key][1], "rows": rows}
        for key, rows in groups.items()
    ]


def _title(key: str, catalogue: Catalogue) -> str:
    return catalogue.title(key) if key in catalogue.interventions else key


# --- one plan ---


def _review(state: CaseloadState) -> dict[str, Any]:
    plan, catalogue = state.plan, state.catalogue
    family = plan.family
    shared = plan_context(plan, catalogue)
    child = state.chosen.get("child", "")
    seen = state.seen
    all_lines = [*shared["found_lines"], *shared["plan_lines"]]
    waiting = set(undecided(plan))
    lines = [
        line
        | {
            "brief": _brief(line),
            "opens": _opens(line, waiting=seen is not None and line["line"] in waiting),
        }
        for line in all_lines
        if not child or is_about(line["line"], child, plan)
    ]
    doubts = [
        _named(line, all_lines) | {"verdict": verdict_on(plan, line)} for line in doubted(plan)
    ]
    return {
        **shared,
        "family": family,
        "lines": lines,
        "let_in": _let_in(plan, catalogue),
        "verdict_options": VERDICT_OPTIONS,
        "child": child,
        "open_line": state.chosen.get("line", ""),
        "open_verdict": state.chosen.get("verdict", ""),
        "child_needs": _child_needs(plan, child, catalogue) if child else [],
        "child_findings": _findings(plan, child) if child else [],
        "assessed": _assessed(plan, catalogue),
        "people_tabs": [("", "The whole plan"), *((c.key, c.label) for c in family.children)],
        "sent_words": _sent_words(plan),
        "seen_words": f"version {seen.plan.version}, {when_words(seen.at)}"
        if seen
        else _mine_words(plan, state),
        "changes": _changes(seen.plan, state) if seen else [],
        "first_time": seen is None and not _mine_words(plan, state),
        "unchanged_since_mine": seen is None,
        "attention": _attention(state),
        "safety_questions": [f.says for f in plan.package.findings if f.code in OPEN_SAFETY],
        "glance": _glance(plan),
        "helps": [f"{family.label_of(s.person)}: {s.says}" for s in family.strengths],
        "departures": _departures(plan, catalogue),
        "findings": _findings(plan),
        "aged": aged_evidence(plan, catalogue, state.workspace.today().year),
        "without": names(without_anything(plan), family),
        "prompts": prompts_for(plan, catalogue),
        "looks": None
        if state.looks is None
        else [{"says": look.says, "then": look.then(catalogue)} for look in state.looks],
        "trail": _trail(state),
        "may_decide": _may_not_decide(state) == "",
        "may_not": _may_not_decide(state),
        "undecided": [_named(line, all_lines) for line in undecided(plan)],
        "doubted": doubts,
        "asked_lines": [line for line in doubts if line["verdict"] is Verdict.QUERY],
        "disagreed_lines": [line for line in doubts if line["verdict"] is Verdict.RETURN],
        "set_aside": _set_aside(plan, catalogue),
    }


def _opens(line: dict[str, Any], *, waiting: bool) -> bool:
    """Whether a line is read whole: something is beside it, somebody wrote about it, or it changed since it was seen.

    A decision stands while its line stays as it was: at a second reading the lines that wait are those that changed.
    """
    doubted = line["verdict"] in {Verdict.QUERY.value, Verdict.RETURN.value}
    return bool(line["notes"] or doubted or waiting or line["kind"] == "found")


def _brief(line: dict[str, Any]) -> str:
    """What a line says, in one sentence: who is responsible and when, or what must change, or what is done."""
    if line["kind"] == "offer":
        action = line["action"]
        days = [("from", action.starts), ("reviewed", action.review)]
    elif line["kind"] == "step":
        action = line["task"]
        days = [("by", action.by)]
    else:
        return str(line["aim"].change if line["kind"] == "aim" else line.get("says", ""))
    said = [f"{word} {day_words(day)}" for word, day in days if day]
    return ", ".join(filter(None, (action.owner, *said)))


def _let_in(plan: CasePlan, catalogue: Catalogue) -> list[dict[str, str]]:
    """The answers about safety on which the offers rest, each once with its day and with the offers that it lets in."""
    rows = []
    said = {AnswerValue.TRUE: "Yes", AnswerValue.FALSE: "No", AnswerValue.UNKNOWN: "Not known"}
    for answer in plan.family.circumstances:
        if answer.ask not in catalogue.questions:
            continue
        lets_in = [
            catalogue.title(offer.intervention)
            for offer in plan.package.offers
            if offer.intervention in catalogue.interventions
            and answer.ask in asked_by(offer.intervention, catalogue)
            and answer.person in {None, *offer.people, *offer.children}
        ]
        if lets_in:
            asked = Asked(key=answer.ask, person=answer.person, other=answer.other)
            rows.append(
                {
                    "asked": asked_words(plan.family, catalogue, asked),
                    "said": said[answer.answer]
                    + (f", {day_words(answer.date)}" if answer.date else ""),
                    "lets_in": ", ".join(dict.fromkeys(lets_in)),
                }
            )
    return rows


def _named(line: str, lines: list[dict[str, Any]]) -> dict[str, str]:
    found = next((row for row in lines if row["line"] == line), None)
    return {"id": found["id"], "title": found["title"]} if found else {"id": "whole", "title": "the plan as a whole"}  # fmt: skip


def _sent_words(plan: CasePlan) -> str:
    sent = [d for d in plan.decisions if d.state is PlanState.SUBMITTED]
    back = [d for d in plan.decisions if d.state is PlanState.RETURNED]
    words = f"{sent[-1].by} sent this plan on {when_words(sent[-1].at)}." if sent else "It was not sent yet."  # fmt: skip
    if back and plan.state is PlanState.RETURNED:
        words += f" {back[-1].by} sent it back on {when_words(back[-1].at)}."
    elif back:
        words += f" It was sent back before, on {when_words(back[-1].at)}, by {back[-1].by}."
    return words


def _changes(seen: CasePlan, state: CaseloadState) -> list[dict[str, Any]]:
    """What is new since a supervisor last left the plan: what was written beside it, then what it says."""
    differing = differences(seen, state.plan, state.catalogue)
    return [*_written_since(seen, state), *change_lines(differing)]


def _written_since(seen: CasePlan, state: CaseloadState) -> list[dict[str, Any]]:
    """What others wrote beside lines since: an answer is a change."""
    plan, me = state.plan, state.workspace.reviewer.name
    rows = [
        Change(
            kind="added",
            about="view",
            what=f"{remark.by} about {_line_title(remark.line, plan, state.catalogue)}",
            after=remark.says,
        )
        for remark in plan.remarks[len(seen.remarks) :]
        if remark.by != me and remark.says
    ]
    return change_lines(rows)


def _line_title(line: str, plan: CasePlan, catalogue: Catalogue) -> str:
    kind, _, key = line.partition(":")
    if kind == "plan":
        return "the plan as a whole"
    return offer_title(key if kind in {"offer", "found"} else line, plan.family, catalogue)


def _mine_words(plan: CasePlan, state: CaseloadState) -> str:
    """When whoever is there last wrote or decided in this plan; empty if never."""
    me = state.workspace.reviewer.name
    mine = [remark.at for remark in plan.remarks if remark.by == me]
    mine += [decision.at for decision in plan.decisions if decision.by == me]
    return f"version {plan.version}, {when_words(max(mine))}" if mine else ""


def _attention(state: CaseloadState) -> list[str]:
    return [attention_words(a, state.catalogue, state.plan) for a in attention_to(state.plan)]


def _child_needs(plan: CasePlan, child: str, catalogue: Catalogue) -> list[dict[str, str]]:
    """What was assessed for one child, and what the grown-ups' needs mean for it."""
    return [
        _need_row(need, plan, catalogue, "" if need.person == child else need.person)
        for need in plan.family.needs
        if need.person == child or child in need.affects
    ]


def _need_row(need: Need, plan: CasePlan, catalogue: Catalogue, whose: str = "") -> dict[str, str]:
    """A need with its level, on whose word it stands, and who saw it when."""
    title = catalogue.label(need.need) if need.need in catalogue.need_types else need.need
    basis = [need.basis.value.replace("_", " ") if need.basis else ""]
    if need.seen_by or need.seen_on:
        basis.append(f"seen by {need.seen_by or 'somebody'}")
        basis.append(day_words(need.seen_on) if need.seen_on else "")
    return {
        "what": f"{plan.family.label_of(whose)}: {title}" if whose else title,
        "level": LEVEL_WORDS[need.level],
        "basis": ", ".join(part for part in basis if part),
        "says": need.says,
    }


def _assessed(plan: CasePlan, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Each person's needs and wishes, children first."""
    family = plan.family
    return [
        {
            "label": person.label,
            "needs": [_need_row(need, plan, catalogue) for need in family.needs_of(person.key)],
            "wishes": [wish.says for wish in family.wishes if wish.person == person.key],
        }
        for person in (*family.children, *family.adults)
    ]


def _glance(plan: CasePlan) -> list[tuple[str, str]]:
    family, package = plan.family, plan.package
    legal = {item.value.replace("_", " ") for child in family.children for item in child.legal}
    last = max((offer.last_week for offer in package.offers), default=0)
    rows = [
        ("Family", f"{_count(len(family.children), 'child', 'children')}, {_count(len(family.adults), 'adult')}"),
        ("Standing", ", ".join(sorted(legal)) or "not recorded"),
        ("Offers", f"{len(package.offers)}, in {last} weeks" if last else "none"),
        ("Gaps", str(len(package.gaps))),
        ("Set aside", _count(len(package.set_aside), "line")),
        ("Catalogue", package.catalogue_version),
    ]  # fmt: skip
    by_days = {full.person: full for full in full_weeks(plan)}
    for person in family.adults:
        if person.key in by_days:
            full_week = by_days[person.key]
            of = f" of {full_week.limit}" if full_week.limit is not None else ""
            rows.append(
                (f"{person.label}’s week", f"{full_week.minutes}{of} minutes by the days in it")
            )
            continue
        full = [w for w in package.load if w.person == person.key]
        if full:
            week = max(full, key=lambda w: w.minutes + w.assumed_minutes)
            asked = week.minutes + week.assumed_minutes
            of = f" of {week.limit} minutes" if week.limit is not None else " minutes"
            none = "" if week.limit is not None else ", no limit stated"
            rows.append((f"{person.label}’s week", f"{asked}{of} in week {week.week}{none}"))
    return rows


def _departures(plan: CasePlan, catalogue: Catalogue) -> list[dict[str, str]]:
    """What a worker decided otherwise than proposed, with the reason."""
    return [
        {
            "did": "Set aside" if j.decision is Choice.DECLINE else "Brought back",
            "what": f"{_title(j.intervention, catalogue)} with {names(j.people, plan.family)}",
            "because": j.because or "no reason recorded",
            "by": j.by or "",
        }
        for j in plan.family.judgements
        if j.decision is not Choice.ACCEPT
    ]


def _findings(plan: CasePlan, about: str = "") -> list[dict[str, str]]:
    """What the checks say, the gravest first; of one person where one is named."""
    order = list(FINDING_MARKS)
    rows = [
        {"mark": FINDING_MARKS[f.level][0], "word": FINDING_MARKS[f.level][1], "says": f.says, "level": f.level}
        for f in plan.package.findings
        if f.code != "unmet_need" and (not about or about in f.about)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: order.index(row["level"]))


def _set_aside(plan: CasePlan, catalogue: Catalogue) -> list[dict[str, str]]:
    return [
        {
            "help": _title(row.intervention, catalogue),
            "for": f"{plan.family.label_of(row.person)}, {catalogue.label(row.need).lower()}",
            "because": BECAUSE_WORDS[row.because],
            "says": row.says,
        }
        for row in plan.package.set_aside
    ]


def _trail(state: CaseloadState) -> list[dict[str, str]]:
    """What was done, by whom, when; and what each change was, once somebody has asked for it."""
    return [
        {
            "at": f"{act.at.astimezone():%d %b %H:%M}".lstrip("0"),
            "words": f"{act.by} {ACT_WORDS.get(act.act, act.act)}",
            "what": state.told.get(act.revision, "") if state.told else "",
        }
        for act in state.workspace.store.trail(state.plan.key, state.workspace.reviewer)
    ]


def _may_not_decide(state: CaseloadState) -> str:
    """Why this person does not decide on this plan; empty where they may. The store decides again."""
    plan, me = state.plan, state.workspace.reviewer
    if plan.state is not PlanState.SUBMITTED:
        return f"This plan is {STATE_WORDS[plan.state]}, so there is nothing to decide now."
    if me.name in plan.authors:
        return "You wrote in this plan, so somebody else has to decide on it."
    if "supervisor" not in me.duties:
        return "Only a supervisor decides on a plan."
    return ""
