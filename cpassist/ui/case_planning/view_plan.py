"""A plan as the templates show it to whoever writes it and to whoever reviews it: line by line."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.records import PlanRole
from cpassist.family.records import FamilyMeeting
from cpassist.family.vocabulary import MONTHS, day_words
from cpassist.harm.causing import causing_harm
from cpassist.papers.written.package_text import kind_words
from cpassist.planning.package.offers import Offer, names
from cpassist.plans.attention import Attention, unanswered
from cpassist.plans.blockers import goes_on_anyway, people_to_ask
from cpassist.plans.compare import Change, became_words, marked, offer_title
from cpassist.plans.days import FullWeek, full_weeks, moved_weeks
from cpassist.plans.family_meeting import (
    children_before_court,
    may_accept,
    meeting_rows,
    open_about_meeting,
    responsibility_is_recorded,
)
from cpassist.plans.lifecycle import verdict_on
from cpassist.plans.plan import Agreement, Became, CasePlan, PlanState, Verdict
from cpassist.ui.case_planning.plan_forms import line_id
from cpassist.ui.case_planning.view_package import GAP_TITLES
from cpassist.words.evidence import CERTAINTY_WORDS, FIT_WORDS
from cpassist.words.plan import (
    ACTION_WORDS,
    AGREEMENT_WORDS,
    AIM_WORDS,
    BECAME_WORDS,
    DECISION_WORDS,
    STATE_WORDS,
    TASK_WORDS,
    VERDICT_WORDS,
)

STATE_MARKS = {
    PlanState.DRAFT: ("now", "Draft"),
    PlanState.SUBMITTED: ("now", "With the supervisor"),
    PlanState.RETURNED: ("ask", "Sent back"),
    PlanState.APPROVED: ("done", "Approved"),
    PlanState.SUPERSEDED: ("aside", "Replaced"),
    PlanState.CLOSED: ("aside", "Closed"),
}
FOUND_MARKS = {
    Became.MADE_WORSE: "stop",
    Became.NO_CHANGE: "ask",
    Became.DECLINED: "aside",
    Became.NOT_TO_BE_HAD: "aside",
    Became.NOT_BEGUN: "ask",
}
CHANGE_MARKS = {"added": ("+", "Added"), "removed": ("−", "Taken out"), "changed": ("~", "Changed")}


READ_WHOLE = 12
"""Words up to which both versions are shown whole, one after the other."""


def when_words(at: datetime.datetime) -> str:
    """A moment as people write it: "23 November at 10:12"."""
    here = at.astimezone()
    return f"{here.day} {MONTHS[here.month - 1]} at {here:%H:%M}"


def date_words(at: datetime.datetime) -> str:
    here = at.astimezone()
    return f"{here.day} {MONTHS[here.month - 1]} {here.year}"


def attention_words(
    attention: Attention, catalogue: Catalogue, plan: CasePlan | None = None
) -> str:
    """What should be looked at first, as a sentence about the plan; with what it says itself, where it is open."""
    who, number, many = attention.who, attention.number, attention.number != 1
    need = catalogue.label(attention.need).lower() if attention.need in catalogue.need_types else attention.need  # fmt: skip
    help_ = catalogue.title(attention.help_) if attention.help_ in catalogue.interventions else attention.help_  # fmt: skip
    times = "once" if number == 1 else f"{number} times"
    words = {
        "danger": f"In danger today, or not yet known: {who}.",
        "did_harm": f"The review found that things grew worse with {help_}, for {who}.",
        "grew_worse": f"The review found that things grew worse for {who}"
        + (f": {need}." if need else "."),
        "goes_on_made_worse": f"{help_} goes on although things grew worse.",
        "goes_on_no_change": f"{help_} goes on although nothing changed.",
        "goes_on_declined": f"{help_} is in it although the family did not want it.",
        "goes_on_not_to_be_had": f"{help_} is in it although it could not be had.",
        "seen_long_ago": f"{who} was last seen alone {number} weeks before this package.",
        "reviewed_late": f"{number} offer{'s are' if many else ' is'} first looked at again more than half a year after the start.",
        "begins_late": f"The plan begins {number} weeks after its package was made.",
        "unanswered": f"{number} question{'s have' if many else ' has'} no answer yet.",
        "safety_open": f"{number} question{'s' * many} about safety {'are' if many else 'is'} open.",
        "may_reach": f"Through “{who}” the plan may reach {_harmers(plan)}.",
        "due_late": f"What must change for {who} is due in {number} months.",
        "help_now_unanswered": f"{who} needs help now with {need}, and no offer answers it",
        "not_seen_alone": f"No day is given on which {who} was seen alone.",
        "same_words": f"The very same words stand for {who}.",
        "too_full": f"By the days in it the fullest week asks {who} for {number} minutes, more than the package.",
        "days_moved": f"{number} offer{'s begin' if many else ' begins'} in another week than the package has it.",
        "rests_on_victim": "All of the work rests on the person who is abused.",
        "without_anything": f"Nothing in it is for {who}.",
        "does_not_agree": f"{who} does not agree to all of it.",
        "was_returned": f"It was sent back {times} before.",
        "thin_evidence": f"{number} offer{'s rest' if many else ' rests'} on thin evidence.",
    }[attention.why]
    if attention.why == "too_full" and plan:
        return (
            " ".join(
                map(
                    _full_words,
                    [f for f in full_weeks(plan) if plan.family.label_of(f.person) == who],
                    [who],
                )
            )
            or words
        )
    if attention.why != "help_now_unanswered":
        return words
    people = [p.key for p in plan.family.people if p.label == who] if plan else []
    meanwhile = next((said for key in people if (said := plan.done_about(key, attention.need))), "") if plan else ""  # fmt: skip
    return f"{words}; meanwhile: {meanwhile}" if meanwhile else f"{words}."


def _harmers(plan: CasePlan | None) -> str:
    return names(causing_harm(plan.family), plan.family) if plan else "whoever causes the harm"


def _full_words(full: FullWeek, who: str) -> str:
    """A week that is fuller than was planned, with what was said to be bearable."""
    bearable = (
        f"{full.limit} is what was said to be bearable"
        if full.limit is not None
        else "nobody has said what is bearable"
    )
    day = day_words(full.begins.isoformat())
    return f"By the days in it {who}’s fullest week, from {day}, asks {full.minutes} minutes; {bearable}, and the package had {full.planned}."


def plan_context(plan: CasePlan, catalogue: Catalogue) -> dict[str, Any]:
    """Everything that a plan says, in the order in which it is read."""
    return {
        "plan": plan,
        "plan_state": STATE_MARKS[plan.state],
        "plan_state_words": STATE_WORDS[plan.state],
        "plan_lines": [
            *_offers(plan, catalogue),
            *_steps(plan, catalogue),
            *_gaps(plan, catalogue),
            *_aims(plan),
        ],
        "found_lines": _found(plan, catalogue),
        "consent_lines": _consents(plan),
        "meeting": _meeting(plan),
        "roles": _roles(plan, catalogue),
        "fitting_role": next((r.label for r in catalogue.roles if _leads(r, plan)), ""),
        "plan_thread": thread(plan, "plan"),
        "plan_mine": sum(r.line == "plan" and r.verdict is None for r in plan.remarks),
        "approval_note": _approval_note(plan),
        "so_far": so_far(plan),
        "fingerprint": fingerprint(plan),
        "measures": measures(plan),
        "when_words": when_words,
        "day_words": day_words,
        "line_id": line_id,
        "harmers": causing_harm(plan.family),
    }


def _meeting(plan: CasePlan) -> dict[str, Any]:
    """The family group meeting: the form, what it says in rows, and whether an application is thought of."""
    meeting, family = plan.meeting or FamilyMeeting(), plan.family
    return {
        "said": meeting,
        "there": not meeting.says_nothing,
        "wanted": names(children_before_court(family), family),
        "may_accept": [(key, family.label_of(key)) for key in may_accept(family)],
        "recorded": responsibility_is_recorded(family),
        "rows": meeting_rows(meeting, family),
        "notes": [("ask", says) for says in open_about_meeting(plan)],
    }


def _roles(plan: CasePlan, catalogue: Catalogue) -> list[str]:
    """The roles that lead plans of this kind, to choose from; those of the family's own standing first."""
    ordered = sorted(catalogue.roles, key=lambda role: not _leads(role, plan))
    return [role.label for role in ordered]


def _leads(role: PlanRole, plan: CasePlan) -> bool:
    """Whether a role leads plans of the standing that some child of the family has."""
    standings = {standing for child in plan.family.children for standing in child.legal}
    return bool(standings & set(role.legal))


def _approval_note(plan: CasePlan) -> dict[str, str] | None:
    """What was written with the last approval: a condition is asked for again."""
    signed = [d for d in plan.decisions if d.state is PlanState.APPROVED]
    if not signed or not signed[-1].because or plan.state is PlanState.APPROVED:
        return None
    return {"by": signed[-1].by, "says": signed[-1].because, "at": when_words(signed[-1].at)}


def fingerprint(plan: CasePlan) -> str:
    """The first and the last of what a decision is bound to, in groups that can be read out."""
    content = plan.content
    return " ".join(content[at : at + 4] for at in range(0, 16, 4))


def thread(plan: CasePlan, line: str) -> list[dict[str, Any]]:
    """What both sides wrote about a line, in order."""
    return [
        {
            "by": remark.by,
            "at": when_words(remark.at),
            "says": remark.says,
            "verdict": VERDICT_WORDS[remark.verdict].capitalize() if remark.verdict else "",
            "mark": {Verdict.AGREE: "done", Verdict.QUERY: "ask", Verdict.RETURN: "stop"}.get(
                remark.verdict, "aside"
            )
            if remark.verdict
            else "",
        }
        for remark in plan.remarks
        if remark.line == line and (remark.says or remark.verdict)
    ]


def so_far(plan: CasePlan) -> list[tuple[str, str]]:
    """What was decided so far, as short lines."""
    rows, version = [], 1
    for decision in plan.decisions:
        day = decision.at.astimezone()
        words = DECISION_WORDS[decision.state].capitalize()
        if decision.state is PlanState.SUBMITTED:
            words = f"Version {version} sent"
            version += 1
        rows.append((f"{day.day} {MONTHS[day.month - 1][:3]}", f"{words} by {decision.by}"))
    return rows


def _line(plan: CasePlan, key: str, **more: Any) -> dict[str, Any]:
    stands = verdict_on(plan, key)
    return {
        "line": key,
        "id": line_id(key),
        "thread": thread(plan, key),
        "asked": key in unanswered(plan),
        "mine": sum(r.line == key and r.verdict is None for r in plan.remarks),
        "verdict": stands.value if stands else "",
        **more,
    }


def _offers(plan: CasePlan, catalogue: Catalogue) -> Iterable[dict[str, Any]]:
    reasons = {
        (j.intervention, frozenset(j.people)): j.because
        for j in plan.family.judgements
        if j.because
    }
    for offer in plan.package.offers:
        action = plan.action(offer.key)
        answers = [
            f"{plan.family.label_of(a.person)}: {catalogue.label(a.need).lower()}, "
            f"{CERTAINTY_WORDS[a.certainty]}" + (f", {FIT_WORDS[a.age_fit]}" if a.of_child else "")
            for a in offer.answers
        ]
        yield _line(
            plan,
            f"offer:{offer.key}",
            kind="offer",
            mark="done" if offer.judged else "proposed",
            word={"accept": "Accepted", "add": "Added by a worker"}.get(
                offer.judged or "", "Proposed"
            ),
            title=f"{catalogue.title(offer.intervention)}, with {names(offer.people, plan.family)}",
            short=catalogue.title(offer.intervention),
            sub=f"Weeks {offer.starts_week} to {offer.last_week}, about {offer.minutes_per_week} minutes a week"
            + (" (assumed)" if offer.load_basis == "assumed" else ""),
            answers=answers,
            because=reasons.get((offer.intervention, frozenset(offer.people)), ""),
            offer=offer.key,
            action=action,
            goes_on=goes_on_anyway(plan, offer.key),
            rows=_rows(
                action,
                ACTION_WORDS,
                () if goes_on_anyway(plan, offer.key) else ("goes_on_because",),
            ),
            notes=_notes(plan, offer),
            warnings=[catalogue.rule(rule).says for rule in offer.warnings],
        )


def _steps(plan: CasePlan, catalogue: Catalogue) -> Iterable[dict[str, Any]]:
    """The ordinary steps that were accepted, each with who does it and by when."""
    for step in plan.accepted_steps:
        task = plan.task(step.key)
        whose = plan.family.label_of(step.person) if step.person else "The family"
        need = "" if step.need == "any" else f", {catalogue.label(step.need).lower()}"
        yield _line(
            plan,
            f"step:{step.key}",
            kind="step",
            mark="now",
            word=kind_words(step),
            title=step.words,
            short="",
            sub=f"{whose}{need}. No evidence of effect is claimed.",
            answers=[],
            because="",
            step=step.key,
            task=task,
            rows=_rows(task, TASK_WORDS),
            notes=[("ask", step.not_when)] if step.not_when else [],
            warnings=[],
        )


def _gaps(plan: CasePlan, catalogue: Catalogue) -> Iterable[dict[str, Any]]:
    elements = {element.key: element.label for element in catalogue.practice_elements}
    for gap in plan.package.gaps:
        says = plan.done_about(gap.person, gap.need)
        yield _line(
            plan,
            f"gap:{gap.person}:{gap.need}",
            kind="gap",
            mark="gap",
            word=f"Gap: {GAP_TITLES[gap.kind][0]}",
            title=f"{plan.family.label_of(gap.person)}: {catalogue.label(gap.need).lower()}",
            short="",
            sub=gap.says,
            answers=[],
            because="",
            person=gap.person,
            need=gap.need,
            says=says,
            lean_on=[elements[key] for key in gap.lean_on if key in elements][:4],
            rows=[("what is done about it", says)],
            notes=_found_notes(plan, f"gap:{gap.person}:{gap.need}"),
            warnings=[],
        )


def _aims(plan: CasePlan) -> Iterable[dict[str, Any]]:
    for child in plan.family.children:
        aim = plan.aim(child.key)
        yield _line(
            plan,
            f"aim:{child.key}",
            kind="aim",
            mark="now",
            word="What must change",
            title=child.label,
            short="",
            sub="",
            answers=[],
            because="",
            child=child,
            aim=aim,
            rows=_rows(aim, AIM_WORDS, ("seen_by", "seen_on") if child.is_unborn else ()),
            notes=_found_notes(plan, f"aim:{child.key}"),
            warnings=[],
        )


def _notes(plan: CasePlan, offer: Offer) -> list[tuple[str, str]]:
    """What has to be known beside one offer: what a review found, days that moved, who does not agree."""
    weeks = moved_weeks(plan, offer)
    notes = _found_notes(plan, offer.key)
    if weeks:
        number = f"{abs(weeks)} week{'s' * (abs(weeks) != 1)}"
        way = "later" if weeks > 0 else "sooner"
        says = (
            f"With these dates it begins {number} {way} than in the package, alongside the other offers. The minutes a week "
            "for each person were worked out without that."
        )
        notes.append(("ask", says))
    for key in offer.people:
        consent = plan.consent(key)
        if consent.answer in {Agreement.PARTLY, Agreement.DISAGREES}:
            words = AGREEMENT_WORDS[consent.answer.value]
            notes.append(("ask", f"{plan.family.label_of(key)} {words}: “{consent.says}”"))
    return notes


def _found_notes(plan: CasePlan, about: str) -> list[tuple[str, str]]:
    """What the last review found about a line, with the mark that it asks for."""
    found = plan.last_found(about)
    if found is None:
        return []
    words = became_words(about).get(found.became, BECAME_WORDS[found.became])
    said = f" {found.says}" if found.says else ""
    return [(FOUND_MARKS.get(found.became, ""), f"The review found: {words.lower()}.{said}")]


def _rows(record: Any, words: dict[str, str], without: Sequence[str] = ()) -> list[tuple[str, str]]:
    rows = []
    for name, label in words.items():
        if name in without:
            continue
        said = getattr(record, name)
        is_day = name in record.DAYS and said
        rows.append((label, day_words(said) if is_day else said))
    return rows


def _found(plan: CasePlan, catalogue: Catalogue) -> list[dict[str, Any]]:
    """What became of each offer of the version under review; declined stands apart from tried in vain."""
    rows = []
    for offer in plan.reviewed_offers:
        found = plan.found(offer)
        options = became_words(offer)
        words = options.get(found.became, BECAME_WORDS[found.became]) if found else "Not said yet"
        rows.append(
            _line(
                plan,
                f"found:{offer}",
                kind="found",
                mark=FOUND_MARKS.get(found.became, "done") if found else "ask",
                word="What became of it",
                options=[(became, said) for became, said in options.items()],
                title=offer_title(offer, plan.family, catalogue),
                sub=words,
                planned=plan.planned(offer),
                answers=[],
                because="",
                offer=offer,
                form=f"found-{line_id(offer)}",
                became=found.became.value if found else "",
                says=found.says if found else "",
                rows=[
                    ("planned was", plan.planned(offer)),
                    ("in words", found.says if found and found.says else "No words were added"),
                ],
                notes=[],
                warnings=[],
            )
        )
    return rows


def _consents(plan: CasePlan) -> list[dict[str, Any]]:
    rows = []
    for key in people_to_ask(plan):
        consent = plan.consent(key)
        said = consent.answer is not Agreement.NOT_ASKED or consent.says
        rows.append(
            {
                "person": key,
                "id": line_id(key),
                "label": plan.family.label_of(key),
                "harms": key in causing_harm(plan.family),
                "answer": consent.answer.value if said else "",
                "words": AGREEMENT_WORDS[consent.answer.value],
                "says": consent.says,
            }
        )
    return rows


def change_lines(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """What differs, with the changed words marked."""
    rows = []
    for change in changes:
        sign, word = CHANGE_MARKS[change.kind]
        # A state is read whole; in what somebody wrote at length only the words that changed are marked.
        longest = max(len(said.split()) for said in (change.before, change.after))
        whole = change.kind == "changed" and longest <= READ_WHOLE
        rows.append(
            {
                "sign": sign,
                "word": word,
                "about": change.about,
                "what": change.what,
                "was": change.before if whole else "",
                "now": change.after if whole else "",
                "parts": () if whole else marked(change.before, change.after),
            }
        )
    return rows


def measures(plan: CasePlan) -> list[dict[str, Any]]:
    """Values over time, by person and what is counted, as points of a small picture and as rows."""
    groups: dict[tuple[str, str, bool], list[Any]] = {}
    for index, measure in enumerate(plan.measures):
        key = (measure.person, measure.what, measure.more_is_better)
        groups.setdefault(key, []).append((measure, index))
    rows = []
    for (person, what, more), values in groups.items():
        values.sort(key=lambda pair: pair[0].on)
        rows.append(
            {
                "label": plan.family.label_of(person),
                "what": what,
                "better": "more is better" if more else "less is better",
                "values": [
                    {"on": day_words(m.on), "value": f"{m.value:g}", "index": index}
                    for m, index in values
                ],
                "points": _points([m for m, _ in values]),
            }
        )
    return rows


WIDTH, HEIGHT, EDGE = 560, 150, 40


def _points(values: list[Any]) -> list[dict[str, Any]]:
    """Where each value stands in a picture of WIDTH by HEIGHT: days across, values upwards from zero."""
    days = [datetime.date.fromisoformat(m.on).toordinal() for m in values]
    first, span = days[0], max(1, days[-1] - days[0])
    low = min(0.0, *(m.value for m in values))
    high = max(low + 1.0, *(m.value for m in values))
    return [
        {
            "x": round(EDGE + (WIDTH - 2 * EDGE) * (day - first) / span, 1),
            "y": round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (m.value - low) / (high - low), 1),
            "value": f"{m.value:g}",
            "on": day_words(m.on),
        }
        for day, m in zip(days, values, strict=True)
    ]
