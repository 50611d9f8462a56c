"""The catalogue as the evidence page shows it: filters with counts, the list, one up close, compared, the map."""

import datetime
from dataclasses import replace
from typing import Any

from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.vocabulary import Read
from cpassist.drawing.gap_map import draw_gap_map
from cpassist.evidence.changes import CHANGELOG, read_changes
from cpassist.evidence.filters import Filters, verdict_on
from cpassist.evidence.gap_map import GapMap
from cpassist.family.vocabulary import day_words
from cpassist.planning.taking_part.answering import range_words
from cpassist.ui.evidence.catalogue_words import ages_words, choices, verdict_words, who_words
from cpassist.ui.evidence.state import EvidenceState
from cpassist.ui.evidence.view_evidence import (
    CERTAINTY_BANDS,
    asks,
    countries_words,
    findings,
    for_whom,
    how_big,
    how_sure,
    ratings,
    who_was_tested,
)
from cpassist.ui.evidence.view_law import law_context
from cpassist.ui.evidence.view_map import map_rows, the_map
from cpassist.words.evidence import (
    ABOUT_WORDS,
    COST_WORDS,
    EFFECT_WORDS,
    FATHERS_WORDS,
    FILTER_WORDS,
    FIT_WORDS,
    KIND_WORDS,
    NOT_SURE_WORDS,
    READ_WORDS,
    RULE_BASIS_WORDS,
)


def catalogue_context(state: EvidenceState) -> dict[str, Any]:
    """Everything that the evidence page shows."""
    context: dict[str, Any] = {
        "state": state,
        "catalogue": state.catalogue,
        "bands": CERTAINTY_BANDS,
        "compared": [(key, state.catalogue.title(key)) for key in state.compared],
    }
    if state.view == "find":
        context |= _find(state)
    elif state.view in {"read", "sheet"}:
        context |= {"help": _read(state)}
    elif state.view == "compare":
        rows = [
            row for key in state.compared for row in state.catalogue.interventions[key].evidence
        ]
        context |= {"facts": compare_rows(state), "countries": countries_words(rows)}
    elif state.view == "map":
        gap_map = the_map(state)
        of_adults = GapMap(
            columns=(("adult", "What was read"),), children=gap_map.adults, adults=()
        )
        context |= {
            "picture": draw_gap_map(replace(gap_map, adults=())),
            "adults": draw_gap_map(of_adults) if gap_map.adults else None,
            "rows": map_rows(state, gap_map),
            "live": True,
        }
    elif state.view == "law":
        context |= law_context(state)
    elif state.view == "changes":
        context |= {
            "changes": read_changes(state.workspace.families.parent / CHANGELOG),
            "findings_count": sum(
                row.withdrawn is None
                for h in state.catalogue.interventions.values()
                for row in h.evidence
            ),
            "day_words": day_words,
        }
    else:
        context |= {
            "elements": _elements(state),
            "guides": [
                (guide, len(state.explorer.find(Filters(guide=guide))))
                for guide, _ in choices(state, "guide")
            ],
            "tested": who_was_tested(state.catalogue),
            "leaders": [q for q in state.catalogue.leaders_questions if q.audience == "leaders"],
            "missing": [q for q in state.catalogue.leaders_questions if q.audience != "leaders"],
        }
    return context


def _find(state: EvidenceState) -> dict[str, Any]:
    matches = state.found()
    selects = []
    for name in (
        "need",
        "who",
        "setting",
        "certainty",
        "effect",
        "rating",
        "uk",
        "result",
        "fathers",
        "guide",
        "cost",
        "kind",
        "here",
        "fit",
    ):
        if name == "here" and state.explorer.availability is None:
            continue
        if name == "fit" and state.filters.age_months is None:
            continue
        counts = state.explorer.count(name, state.filters)
        now = getattr(state.filters, name)
        options = [
            (key, f"{words} ({counts[key]})")
            for key, words in choices(state, name)
            # What has none is said as well, but for the long lists of every body's levels.
            if counts[key] or key == now or name != "rating"
        ]
        selects.append(
            {"name": name, "label": FILTER_WORDS[name], "options": options, "value": now}
        )
    return {
        "selects": selects,
        "chips": chips(state),
        "table": [_list_row(state, match) for match in matches],
        "total": len(state.catalogue.interventions),
    }


def chips(state: EvidenceState) -> list[dict[str, str]]:
    """Each filter that is set, in words, to be undone one by one."""
    found = []
    for name, value in state.filters.chosen().items():
        if name == "age_months":
            months = int(value)
            words = "not born yet" if months < 0 else _age(months)
        else:
            words = dict(choices(state, name)).get(value, value)
        found.append({"name": name, "label": FILTER_WORDS[name], "words": words})
    return found


def _age(months: int) -> str:
    years, rest = divmod(months, 12)
    said = f"{years} year{'s' * (years != 1)}"
    if not years:
        return f"{rest} month{'s' * (rest != 1)}"
    return f"{said} {rest} month{'s' * (rest != 1)}" if rest else said


def _list_row(state: EvidenceState, match: Any) -> dict[str, Any]:
    help_ = match.intervention
    effects = [EFFECT_WORDS[e] for e in dict.fromkeys(row.effect.value for row in match.rows)]
    return {
        "key": help_.key,
        "title": help_.title,
        "kind": KIND_WORDS[help_.kind.value],
        "sure": verdict_words(match.verdict),
        "found": f"{len(match.rows)}: {', '.join(effects)}",
        "ages": ages_words(help_),
        "fit": FIT_WORDS[match.fit].capitalize() if match.fit else "",
        "cost": COST_WORDS[str(help_.cost.band)] if help_.cost else "not stated",
        "uk": "yes" if help_.uk_delivered else "not known",
        "compared": help_.key in state.compared,
        "offered": help_.is_offered_kind,
        "tested": "yes" if any(row.population.uk for row in match.rows) else "not in what was read",
        "may": "yes" if help_.is_offered_kind else "never",
    }


def list_table(state: EvidenceState) -> tuple[list[str], list[list[str]]]:
    """The list as heads and rows, for a file."""
    heads = [
        "Help",
        "Kind",
        "How sure",
        "Findings",
        "Ages",
        "Age fit",
        "Cost",
        "Given in the UK",
        "Tested in the UK",
        "May be offered",
    ]
    rows = [_list_row(state, match) for match in state.found()]
    keys = ("title", "kind", "sure", "found", "ages", "fit", "cost", "uk", "tested", "may")
    return heads, [[str(row[key]) for key in keys] for row in rows]


def _read(state: EvidenceState) -> dict[str, Any]:
    help_, catalogue = state.the_help(), state.catalogue
    rows = [row for row in help_.evidence if row.need == state.need] or list(help_.evidence)
    year = datetime.date.fromisoformat(f"{catalogue.version}").year
    differs = [d for d in catalogue.disagreements if d.intervention == help_.key]
    sources = list(
        dict.fromkeys(
            (*(row.source for row in help_.evidence), *(s for d in differs for s in d.source))
        )
    )
    verdict = verdict_on(rows)
    sure = how_sure(verdict.band, rows)
    if verdict.kind != "helps":
        sure |= {
            "words": NOT_SURE_WORDS[verdict.kind],
            "band": "",
            "says": "No finding that was read says that it helps with this.",
        }
    return {
        "key": help_.key,
        "title": help_.title,
        "also": ", ".join(help_.also_called),
        "kind": KIND_WORDS[help_.kind.value],
        "offered": help_.is_offered_kind,
        "why_not": help_.not_offered_because,
        "summary": help_.summary,
        "family_summary": help_.family_summary,
        "needs": [(need, catalogue.label(need), "") for need in help_.needs],
        "need": catalogue.label(state.need) if state.need else "no single need",
        "who": who_words(help_),
        "sure": sure,
        "size": how_big(rows),
        "whom": for_whom(help_, rows, catalogue),
        "countries": countries_words(rows),
        "ages": _age_lines(help_, catalogue),
        "ratings": ratings(catalogue, help_.evidence, year),
        "differs": [
            {
                "about": ABOUT_WORDS[d.about],
                "says": d.says,
                "criterion": d.criterion,
                "sources": ", ".join(_cited(catalogue.sources[s]) for s in d.source),
            }
            for d in differs
        ],
        "findings": findings(catalogue, help_, help_.evidence),
        "rules": [
            {
                "says": rule.says,
                "basis": f"{RULE_BASIS_WORDS[basis]}{f' To be confirmed by {rule.to_confirm}.' if rule.to_confirm else ''} ({rule.id})",
            }
            for rule, basis in catalogue.rules_for(help_)
            if not rule.built_in
        ],
        "asks": asks(catalogue, help_),
        "sources": [
            {
                "words": f"{source.title}. {source.body}"
                + (f", {source.year}." if source.year else ", no year."),
                "read": READ_WORDS[source.read],
                "url": source.url or "",
            }
            for source in (catalogue.sources[key] for key in sources)
        ],
        "compared": help_.key in state.compared,
    }


def _cited(source: Any) -> str:
    return f"{source.body} {source.year}" if source.year else f"{source.body}, no year"


def _age_lines(help_: Intervention, catalogue: Any) -> list[dict[str, Any]]:
    """Ages by source for one chart: each range with its body and what it means."""
    lines = []
    for age in sorted(help_.ages, key=lambda a: (a.meaning != "tested", a.low, a.high, a.source)):
        low, high = max(age.low, 0) / 216 * 100, min(age.high + 1, 216) / 216 * 100
        source = catalogue.sources[age.source]
        unread = age.read is Read.RECALLED
        lines.append(
            {
                "left": round(low, 1),
                "width": round(max(high - low, 2), 1),
                "meaning": "to be checked" if unread else age.meaning,
                "words": range_words(age.low, age.high),
                "body": source.body + (f", {source.year}" if source.year else ""),
                "says": age.says,
            }
        )
    return lines


def compare_rows(state: EvidenceState) -> list[dict[str, Any]]:
    """Facts in rows, kinds of help in columns, each row that differs marked."""
    helps = [state.catalogue.interventions[key] for key in state.compared]
    catalogue = state.catalogue
    rows: list[tuple[str, list[str]]] = [
        ("What it is", [KIND_WORDS[h.kind.value] for h in helps]),
        ("Who takes part", [who_words(h) for h in helps]),
        ("Ages", [ages_words(h) for h in helps]),
    ]
    needs = [n for n in catalogue.need_types if any(n in h.needs for h in helps)]
    for need in needs:
        rows.append((catalogue.label(need), [_need_words(h, need) for h in helps]))
    for scale in catalogue.scales.values():
        said = [_rated(h, scale) for h in helps]
        if any(said):
            rows.append(
                (f"Rated by {scale.body}", [words or "not rated, or not read" for words in said])
            )
    terms = [dict(asks(catalogue, h)) for h in helps]
    for term in ("Sessions", "Each", "Over", "A week", "Where", "From whom", "Cost", "In the UK"):
        rows.append((term, [one.get(term, "not offered") for one in terms]))
    rows.append(("Read of its sources", [_read_share(h, catalogue) for h in helps]))
    rows.append(("Fathers", [_fathers(h) for h in helps]))
    return [
        {"fact": fact, "cells": cells, "differs": len({c.casefold() for c in cells}) > 1}
        for fact, cells in rows
    ]


def _fathers(help_: Intervention) -> str:
    said = dict.fromkeys(
        FATHERS_WORDS[r.population.fathers or "not_stated"] for r in help_.evidence
    )
    known = [words for words in said if words != FATHERS_WORDS["not_stated"]]
    return ", ".join(known) or FATHERS_WORDS["not_stated"]


def _need_words(help_: Intervention, need: str) -> str:
    rows = help_.evidence_for(need)
    if not rows:
        return "no finding"
    effects = ", ".join(EFFECT_WORDS[e] for e in dict.fromkeys(r.effect.value for r in rows))
    return f"{verdict_words(verdict_on(rows))}; {effects}"


def _rated(help_: Intervention, scale: Any) -> str:
    words = {level.level: level.label for level in scale.levels}
    return ", ".join(
        dict.fromkeys(
            words[row.rating.level] + (" (to be checked)" if row.read is Read.RECALLED else "")
            for row in help_.evidence
            if row.rating is not None and row.rating.scale == scale.key
        )
    )


def _read_share(help_: Intervention, catalogue: Any) -> str:
    keys = {row.source for row in help_.evidence}
    reads = [catalogue.sources[key].read for key in keys]
    return (
        ", ".join(
            f"{reads.count(kind)} {words}"
            for kind, words in (
                (Read.WHOLE, "whole"),
                (Read.PART, "in part"),
                (Read.RECALLED, "only remembered"),
            )
            if reads.count(kind)
        )
        or "none"
    )


def compare_table(state: EvidenceState) -> tuple[list[str], list[list[str]]]:
    """What is compared as heads and rows, for a file."""
    titles = [state.catalogue.title(key) for key in state.compared]
    rows = [
        [r["fact"], *r["cells"], "differs" if r["differs"] else "same"] for r in compare_rows(state)
    ]
    return ["Fact", *titles, "Differs"], rows


def _elements(state: EvidenceState) -> list[dict[str, str]]:
    catalogue = state.catalogue
    return [
        {
            "label": element.label,
            "says": element.says,
            "for": "any need"
            if not element.needs
            else ", ".join(catalogue.label(n).lower() for n in element.needs),
            "sources": ", ".join(catalogue.sources[s].body for s in element.source),
        }
        for element in catalogue.practice_elements
    ]
