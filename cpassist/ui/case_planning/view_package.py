"""The package, as the templates show it: cards by person, gaps, timeline rows, what was set aside."""

from collections import Counter
from itertools import takewhile
from typing import Any

from cpassist.family.records import Judgement
from cpassist.family.vocabulary import Choice
from cpassist.planning.asking_why.instead import cost_of_choosing
from cpassist.planning.asking_why.to_ask import to_ask
from cpassist.planning.candidates import REASONS, offer_key
from cpassist.planning.choosing.choice import TIES, professional_of
from cpassist.planning.choosing.weighing import reached
from cpassist.planning.package.alternatives import NEXT_BEST
from cpassist.planning.package.offers import names
from cpassist.planning.package.package import Finding
from cpassist.ui.case_planning.state import CaseState
from cpassist.ui.case_planning.view_board import board_of
from cpassist.ui.case_planning.view_help import (
    FINDING_MARKS,
    because_mark,
    offer_id,
    offer_lines,
)
from cpassist.ui.case_planning.view_matrix import what_if
from cpassist.ui.case_planning.view_people import People
from cpassist.ui.case_planning.view_steps import step_groups
from cpassist.words.evidence import CERTAINTY_WORDS, FIT_WORDS
from cpassist.words.package import BECAUSE_WORDS

GAP_TITLES = {
    "in_place": ("help is in place", "Help is in place already for"),
    "declined": ("declined", "What was offered was not wanted for"),
    "too_much_at_once": ("too much at once", "More than the family can carry now for"),
    "needs_another_first": ("needs another first", "Something else comes first before"),
    "safety_not_answered": ("safety question open", "On hold until you answer a safety question:"),
    "not_safe_now": ("not safe now", "Nothing that exists is safe now for"),
    "no_places": ("no places", "There is no free place for"),
    "not_here": ("not here", "What was tested is not available here for"),
    "no_one_to_take_part": (
        "no one to take part",
        "What exists is for people in a different situation:",
    ),
    "outside_age": ("outside age", "The help we know of has only been tested at other ages:"),
    "only_thin": ("only thin", "What is known is too thin to offer for"),
    "tested_no_effect": ("no effect found", "What was tested made no difference for"),
    "not_tested": ("nothing tested here", "We found no tested help for"),
}


# What a worker may add with a reason. All else is forbidden by a rule, by the evidence or by a limit.
MAY_COME_BACK = frozenset({"outside_age", "not_here", "no_places"})


def package_context(state: CaseState, people: People) -> dict[str, Any]:
    """Everything that the step *Package* shows."""
    return {
        "board": board_of(state, people),
        "helps": _what_helps(state),
        "offers": {offer_id(o): _offer(state, o) for o in state.package.offers},
        "what_if": what_if(state),
        "step_groups": step_groups(state),
        "gaps": _gaps(state),
        "asks": [_finding(state, one.finding) for one in to_ask(state.package)],
        "notices": [
            _finding(state, finding)
            for finding in state.package.findings
            if finding.level != "asks" and finding.code not in {"immediate_danger", "unmet_need"}
        ],
        "load_table": _load_rows(state),
        "comers": _comers(state),
        "order": _order(state),
        "others": _others(state),
        "looks": _looks(state),
        "here": state.workspace.availability is not None,
        "reasons": _reasons(state),
        "aside": _aside(state),
    }


def _what_helps(state: CaseState) -> list[tuple[str, str]]:
    """What goes well for each of them, in the words of those who saw it."""
    family = state.family
    people = (*family.children, *family.adults)
    lines = [(p.label, [s.says for s in family.strengths if s.person == p.key]) for p in people]
    return [(label, " ".join(says)) for label, says in lines if says]


def _offer(state: CaseState, offer: Any) -> dict[str, Any]:
    family, catalogue = state.family, state.catalogue
    answers = []
    for answer in offer.answers:
        fit = f", {FIT_WORDS[answer.age_fit]}" if answer.of_child else ""
        reach = [c for c in answer.children if c != answer.person]
        helps = f"; it also affects {names(reach, family)}" if reach else ""
        answers.append(
            f"For {family.label_of(answer.person)}: {catalogue.label(answer.need).lower()}. "
            f"{CERTAINTY_WORDS[answer.certainty].capitalize()}{fit}{helps}."
        )
    return {
        **offer_lines(state, offer),
        "with": names(offer.people, family),
        "summary": catalogue.interventions[offer.intervention].summary,
        "answers": answers,
        "warnings": [catalogue.rule(rule).says for rule in offer.warnings],
    }


def _gaps(state: CaseState) -> list[dict[str, Any]]:
    family, catalogue = state.family, state.catalogue
    elements = {e.key: e for e in catalogue.practice_elements}
    rows = []
    for gap in state.package.gaps:
        kind, opening = GAP_TITLES[gap.kind]
        # This family's own strengths come before what research says of families in general.
        own = [s.says for s in family.strengths if s.person == gap.person][:3]
        rows.append(
            {
                "kind": kind,
                "open": opening,
                "title": f"{family.label_of(gap.person)}: {catalogue.label(gap.need).lower()}",
                "says": gap.says,
                "lean_on": [
                    *own,
                    *(f"{elements[k].label}: {elements[k].says}" for k in gap.lean_on[:4]),
                ],
                "tried": [
                    f"{catalogue.title(s.intervention)}: {BECAUSE_WORDS[s.because].lower()}"
                    for s in state.package.set_aside
                    if (s.person, s.need) == (gap.person, gap.need)
                ],
            }
        )
    return rows


def _finding(state: CaseState, finding: Finding) -> dict[str, str]:
    mark, word = FINDING_MARKS[finding.level]
    titles = [state.catalogue.title(k) for k in finding.holds if k in state.catalogue.interventions]
    return {"mark": mark, "word": word, "says": finding.says, "holds": ", ".join(titles)}


def _load_rows(state: CaseState) -> list[dict[str, Any]]:
    """Neighbouring weeks that ask the same, as one row."""
    rows: list[dict[str, Any]] = []
    for line in state.package.load:
        same = (line.person, line.minutes, line.assumed_minutes)
        if rows and rows[-1]["same"] == same and rows[-1]["last"] == line.week - 1:
            rows[-1]["last"] = line.week
        else:
            rows.append({"same": same, "first": line.week, "last": line.week, "limit": line.limit})
    return [
        {
            "label": state.family.label_of(row["same"][0]),
            "weeks": f"{row['first']} to {row['last']}"
            if row["first"] != row["last"]
            else str(row["first"]),
            "minutes": row["same"][1],
            "assumed": row["same"][2],
            "limit": row["limit"] if row["limit"] is not None else "not stated",
        }
        for row in rows
    ]


def _comers(state: CaseState) -> str:
    """How many different professionals the family meets, in the fullest week and in all."""
    catalogue, offers = state.catalogue, state.package.offers
    weeks = range(1, 1 + max((o.last_week for o in offers), default=0))
    who = {o.key: professional_of(catalogue.interventions[o.intervention]) for o in offers}
    by_week = [
        len({who[o.key] for o in offers if 0 <= week - o.starts_week < o.weeks_high})
        for week in weeks
    ]
    if not by_week:
        return ""
    most = max(by_week)
    first = by_week.index(most)
    last = first + len(list(takewhile(lambda number: number == most, by_week[first:])))
    at_home = {
        who[o.key]
        for o in offers
        if (asks := catalogue.interventions[o.intervention].asks) and "home" in asks.setting.split()
    }
    home = f" By what the sources say, {len(at_home)} of them would come to the home." * bool(
        at_home
    )
    return (
        f"The family would meet {_number(most)} in {_weeks(first + 1, last)}, "
        f"and {_number(len(set(who.values())))} in all.{home} Where no source names who gives it, each kind of "
        "help is counted as one professional."
    )


def _number(professionals: int) -> str:
    return f"{professionals} professional{'s' * (professionals != 1)}"


def _weeks(first: int, last: int) -> str:
    return f"week {first}" if first == last else f"weeks {first} to {last}"


def _order(state: CaseState) -> list[dict[str, str]]:
    """What mattered, with what this package reaches; the fixed rule between equals has a line of its own."""
    return [
        {
            "label": priority.label[0].upper() + priority.label[1:],
            "because": priority.because,
            "reached": reached(priority.name, value),
        }
        for priority, value in state.package.order
        if priority not in TIES
    ]


def _others(state: CaseState) -> list[dict[str, Any]]:
    words = {"added": "Adds", "removed": "Leaves out", "swapped": "Has"}
    return [
        {
            "index": index,
            "further": other.name in NEXT_BEST[1:],
            "name": other.name,
            "because": other.because,
            "differs": [
                f"{words[d.change]} {state.catalogue.title(d.intervention)} with {names(d.people, state.family)}"
                + (f". {d.because}" if d.change == "swapped" else ".")
                for d in other.differs
            ],
        }
        for index, other in enumerate(state.package.alternatives)
    ]


def _looks(state: CaseState) -> list[dict[str, str]] | None:
    """What would change the package if it were otherwise, in words; None until somebody asks."""
    if state.second_looks is None:
        return None
    return [{"says": look.says, "then": look.then(state.catalogue)} for look in state.second_looks]


def _reasons(state: CaseState) -> list[tuple[str, str, int]]:
    counts = Counter(row.because for row in state.package.set_aside)
    if not counts:
        return []
    return [
        ("all", "All", sum(counts.values())),
        *((key, BECAUSE_WORDS[key], counts[key]) for key in REASONS if key in counts),
    ]


def _aside(state: CaseState) -> list[dict[str, Any]]:
    """The lines set aside, nearest to being offered first; `people` is empty where nobody could take part."""
    family, catalogue = state.family, state.catalogue
    wanted = state.chosen.get("reason") or "all"
    by_need = {
        (c.intervention.key, a.person, a.need): c.people
        for c in state.matching.candidates
        for a in c.answers
    }
    tried = {(r.intervention, r.person, r.need): r.people for r in state.matching.ruled_out}
    rows = []
    for index, row in enumerate(state.package.set_aside):
        if wanted not in {"all", row.because}:
            continue
        key = (row.intervention, row.person, row.need)
        people = by_need.get(key) or tried.get(key) or ()
        if row.because == "outside_age" and not people:
            people = _likely_people(state, row)
        may_come_back = row.because in MAY_COME_BACK or (
            key in by_need and row.because != "too_much_at_once"
        )
        yours = _judgement_on(state, row, people)
        rows.append(
            {
                "order": -REASONS.index(row.because),
                "intervention": row.intervention,
                "title": catalogue.title(row.intervention),
                "for": f"{family.label_of(row.person)}, {catalogue.label(row.need).lower()}",
                "mark": because_mark(row.because),
                "word": BECAUSE_WORDS[row.because],
                "because": row.because,
                "says": row.says,
                "people": ",".join(yours.people if yours else people if may_come_back else ()),
                "could": offer_key(row.intervention, people) if key in by_need else "",
                "cost": _cost(state, offer_key(row.intervention, people))
                if key in by_need
                and state.chosen.get("instead") == offer_key(row.intervention, people)
                else "",
                "yours": _your_words(yours) if yours else "",
                "form": f"back-{index}",
            }
        )
    return sorted(rows, key=lambda r: (r["order"], r["title"]))


def _cost(state: CaseState, offer: str) -> str:
    """What choosing this offer instead would gain and give up, in words."""
    weighed = cost_of_choosing(state.matching, state.package, offer)
    if weighed is None:
        return "The rules, or the weeks, do not allow it beside what you accepted."
    return f"Chosen instead, with the rest put together anew around it. {weighed.says}"


def _judgement_on(state: CaseState, row: Any, people: tuple[str, ...]) -> Judgement | None:
    """The decision that somebody took on this help: for these people, or with this person in it."""
    on_it = [j for j in state.family.judgements if j.intervention == row.intervention]
    same = [j for j in on_it if set(j.people) == set(people)]
    return next(iter(same or [j for j in on_it if row.person in j.people]), None)


def _your_words(judgement: Judgement) -> str:
    """A decision on help that is set aside all the same, with its reason."""
    if judgement.decision is Choice.DECLINE:
        return ""
    did = "Brought back" if judgement.decision is Choice.ADD else "Accepted"
    reason = f": “{judgement.because}”" if judgement.because else ""
    return f"{did}{reason}, and it cannot be offered now."


def _likely_people(state: CaseState, row: Any) -> tuple[str, ...]:
    """With whom a worker could add help that is outside the tested age: the child and a carer."""
    help_ = state.catalogue.interventions[row.intervention]
    roles = {
        part.who.value
        for part in help_.takes_part
        if not part.optional or part.who.value == "child"
    }
    person = state.family.person(row.person)
    if not person.is_child or not roles <= {"child", "carer"}:
        return ()
    carers = [p.key for p in state.family.people if row.person in p.cares_for]
    with_child = [row.person] if "child" in roles else []
    if "carer" in roles and not carers:
        return ()
    return tuple(sorted([*with_child, *(carers[:1] if "carer" in roles else [])]))
