"""A plan as the templates show it to whoever writes it and to whoever reviews it: line by line."""

import datetime
from collections.abc import Iterable
from typing import Any

from cpassist.catalogue.records import Catalogue
from cpassist.planning.offers import CERTAINTY_WORDS, FIT_WORDS, names
from cpassist.records.blockers import people_to_ask
from cpassist.records.compare import (
    ACTION_WORDS,
    AGREEMENT_WORDS,
    AIM_WORDS,
    Change,
    marked,
    offer_title,
)
from cpassist.records.plan import STATE_WORDS, Agreement, Became, CasePlan, PlanState, Verdict
from cpassist.records.steps import verdict_on
from cpassist.ui.plan_forms import line_id
from cpassist.ui.view_package import GAP_TITLES
from cpassist.ui.view_people import MONTHS, day_words

STATE_MARKS = {
    PlanState.DRAFT: ("now", "Draft"),
    PlanState.SUBMITTED: ("proposed", "With the supervisor"),
    PlanState.RETURNED: ("ask", "Returned"),
    PlanState.APPROVED: ("done", "Approved"),
    PlanState.SUPERSEDED: ("aside", "Replaced"),
    PlanState.CLOSED: ("aside", "Closed"),
}
DECISION_WORDS = {
    PlanState.SUBMITTED: "sent",
    PlanState.RETURNED: "sent back",
    PlanState.APPROVED: "approved",
    PlanState.CLOSED: "closed",
}
VERDICT_WORDS = {Verdict.AGREE: "Agrees", Verdict.QUERY: "Asks", Verdict.RETURN: "Disagrees"}
BECAME_WORDS = {
    Became.UNDER_WAY: "Under way",
    Became.HELPED: "It helped",
    Became.HELPED_PARTLY: "It helped in part",
    Became.NO_CHANGE: "Tried, and nothing changed",
    Became.MADE_WORSE: "Tried, and things grew worse",
    Became.NOT_BEGUN: "Not begun",
    Became.NOT_TO_BE_HAD: "It could not be had",
    Became.DECLINED: "The family did not want it",
}
CHANGE_MARKS = {"added": ("+", "Added"), "removed": ("−", "Taken out"), "changed": ("~", "Changed")}


def when_words(at: datetime.datetime) -> str:
    """A moment as people write it: "23 November at 10:12"."""
    here = at.astimezone()
    return f"{here.day} {MONTHS[here.month - 1]} at {here:%H:%M}"


def date_words(at: datetime.datetime) -> str:
    here = at.astimezone()
    return f"{here.day} {MONTHS[here.month - 1]} {here.year}"


def plan_context(plan: CasePlan, catalogue: Catalogue) -> dict[str, Any]:
    """Everything that a plan says, in the order in which it is read."""
    return {
        "plan": plan,
        "plan_state": STATE_MARKS[plan.state],
        "plan_state_words": STATE_WORDS[plan.state],
        "plan_lines": [*_offers(plan, catalogue), *_gaps(plan, catalogue), *_aims(plan)],
        "found_lines": _found(plan, catalogue),
        "consent_lines": _consents(plan),
        "plan_thread": thread(plan, "plan"),
        "so_far": so_far(plan),
        "fingerprint": fingerprint(plan),
        "measures": measures(plan),
        "when_words": when_words,
        "day_words": day_words,
        "line_id": line_id,
    }


def fingerprint(plan: CasePlan) -> str:
    """The first and the last of what a decision is bound to, in groups that can be read out."""
    return " ".join(plan.content[at : at + 4] for at in range(0, 16, 4))


def thread(plan: CasePlan, line: str) -> list[dict[str, Any]]:
    """What both sides wrote about a line, in order."""
    return [
        {
            "by": remark.by,
            "at": when_words(remark.at),
            "says": remark.says,
            "verdict": VERDICT_WORDS[remark.verdict] if remark.verdict else "",
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
            mark="proposed",
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
            rows=_rows(action, ACTION_WORDS),
            warnings=[catalogue.rule(rule).says for rule in offer.warnings],
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
            rows=_rows(aim, AIM_WORDS),
            warnings=[],
        )


def _rows(record: Any, words: dict[str, str]) -> list[tuple[str, str]]:
    rows = []
    for name, label in words.items():
        said = getattr(record, name)
        is_day = name in {"starts", "review", "by"} and said
        rows.append((label, day_words(said) if is_day else said))
    return rows


def _found(plan: CasePlan, catalogue: Catalogue) -> list[dict[str, Any]]:
    """What became of each offer of the version under review; declined stands apart from tried in vain."""
    rows = []
    for offer in plan.reviewed_offers:
        found = plan.found(offer)
        words = BECAME_WORDS[found.became] if found else "Not said yet"
        rows.append(
            _line(
                plan,
                f"found:{offer}",
                kind="found",
                mark="aside" if found and found.became is Became.DECLINED else "done",
                word="What became of it",
                title=offer_title(offer, plan.family, catalogue),
                sub=words,
                answers=[],
                because="",
                offer=offer,
                form=f"found-{line_id(offer)}",
                became=found.became.value if found else "",
                says=found.says if found else "",
                rows=[("in words", found.says if found else "")],
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
        rows.append(
            {
                "sign": sign,
                "word": word,
                "about": change.about,
                "what": change.what,
                "parts": marked(change.before, change.after),
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
