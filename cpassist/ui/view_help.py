"""What could help, as the templates show it: the picture, one kind of help in detail, the table."""

from collections.abc import Callable
from typing import Any

from cpassist.catalogue.interventions import Evidence, Intervention
from cpassist.catalogue.vocabulary import CERTAINTY_ORDER, Certainty, Read, RuleBasis, Severity
from cpassist.family_vocabulary import LEVEL_WORDS, When
from cpassist.papers.drawing import Box, Picture
from cpassist.papers.package_text import BECAUSE_WORDS
from cpassist.planning.answering import load_of
from cpassist.planning.fit import rows_for
from cpassist.planning.graph import candidates_in
from cpassist.planning.offers import CERTAINTY_WORDS, FIT_WORDS, names
from cpassist.ui.state import CaseState
from cpassist.ui.view_people import People

BANDS = (
    ("not_tested", "Not tested"),
    ("unclear", "Unclear"),
    ("early", "Early"),
    ("once", "Once"),
    ("replicated", "Repeated"),
)
FINDING_MARKS = {
    "blocks": ("stop", "First"),
    "asks": ("ask", "Ask"),
    "warns": ("warn", "Warning"),
    "notes": ("aside", "Note"),
}
READ_WORDS = {
    Read.WHOLE: "Read whole.",
    Read.PART: "Part read.",
    Read.RECALLED: "Not read; to be checked.",
}
BASIS_WORDS = {
    RuleBasis.STATED: "Stated by its source.",
    RuleBasis.EXTENDED: "Stated for one kind of help and read across to this one.",
    RuleBasis.INFERRED: "Inferred, so it warns and does not block.",
    RuleBasis.HOUSE: "Our rule, not research.",
}
OLD_YEARS = 5


def because_mark(because: str) -> str:
    """The mark of a reason: not safe, ask, or set aside."""
    return {
        "not_safe_now": "stop",
        "may_harm": "stop",
        "safety_not_answered": "ask",
        "not_rated": "ask",
        "to_be_checked": "ask",
    }.get(because, "aside")


def help_context(state: CaseState, draw: Callable[..., Picture]) -> dict[str, Any]:
    """Everything that the step *What could help* shows."""
    family = state.family
    keys = {p.key for p in family.people}
    path = state.chosen.get("path") or (
        family.children[0].key if family.children else family.people[0].key
    )
    path = path if path in keys or path == "everyone" else family.people[0].key
    picture = draw(state.graph, state.package, "" if path == "everyone" else path)
    boxes = {box.key: box for box in picture.boxes}
    node = state.chosen.get("node") or ""
    node = (
        node if node in boxes or node.removeprefix("help:") in state.catalogue.interventions else ""
    )
    lit = frozenset(boxes) if path == "everyone" else picture.lit(path)
    if node in boxes and node not in lit:
        # What was chosen lies off the paths of the person: its own paths are shown instead.
        lit = picture.lit(node)
    shown = node or _first_help(picture, lit)
    context: dict[str, Any] = {
        "picture": picture,
        "lit": lit,
        "node": node,
        "path": path,
        "path_options": [
            *(
                (p.key, f"{p.label}, {People(state).short_age(p)}", "")
                for p in (*family.children, *family.adults)
            ),
            ("everyone", "Everyone", ""),
        ],
        "bands": BANDS,
        "help_table": _table(state, path),
        "detail": None,
        "need_detail": None,
    }
    if shown.startswith("help:"):
        context["detail"] = help_detail(state, shown.removeprefix("help:"), path)
    elif shown:
        context["need_detail"] = _need_detail(state, boxes[shown])
    return context


def _first_help(picture: Picture, lit: frozenset[str]) -> str:
    helps = [b for b in picture.boxes if b.kind == "help"]
    lit_proposed = [b for b in helps if b.state == "proposed" and b.key in lit]
    chosen = (lit_proposed or [b for b in helps if b.key in lit] or helps or list(picture.boxes))[
        :1
    ]
    return chosen[0].key if chosen else ""


def _need_detail(state: CaseState, box: Box) -> dict[str, Any]:
    _, person, need = box.key.split(":")
    gap = next((g for g in state.package.gaps if (g.person, g.need) == (person, need)), None)
    found = state.family.need(person, need)
    offered = [
        {
            "mark": "proposed",
            "word": "Proposed",
            "title": state.catalogue.title(o.intervention),
            "node": f"help:{o.intervention}",
        }
        for o in state.package.offers
        if any((a.person, a.need) == (person, need) for a in o.answers)
    ]
    aside = [
        {
            "mark": because_mark(s.because),
            "word": BECAUSE_WORDS[s.because],
            "title": state.catalogue.title(s.intervention),
            "node": f"help:{s.intervention}",
        }
        for s in state.package.set_aside
        if (s.person, s.need) == (person, need)
    ]
    return {
        "title": f"{state.family.label_of(person)}: {state.catalogue.label(need).lower()}",
        "level": LEVEL_WORDS[found.level] if found else "",
        "gap": gap.says if gap else "",
        "rows": [*offered, *aside],
    }


def _table(state: CaseState, path: str) -> list[dict[str, Any]]:
    """For each need of the chosen person and of adults that affect them: every kind of help."""
    family, catalogue, package = state.family, state.catalogue, state.package
    groups = []
    fits = {
        (c.intervention.key, a.person, a.need): a
        for c in candidates_in(state.graph)
        for a in c.answers
    }
    wanted = [
        n
        for n in family.needs
        if n.when is not When.PAST and (path in {"everyone", n.person} or path in n.affects)
    ]
    for need in sorted(wanted, key=lambda n: (n.person != path, n.person, -(n.level or 0), n.need)):
        key = (need.person, need.need)
        rows = []
        for offer in package.offers:
            for answer in offer.answers:
                if (answer.person, answer.need) == key:
                    rows.append(
                        {
                            "key": offer.intervention,
                            "title": catalogue.title(offer.intervention),
                            "mark": "proposed",
                            "word": "Proposed",
                            "sure": CERTAINTY_WORDS[answer.certainty].capitalize(),
                            "age": FIT_WORDS[answer.age_fit].capitalize()
                            if answer.of_child
                            else "An adult’s need",
                            "says": f"With {names(offer.people, family)}, from week {offer.starts_week}.",
                        }
                    )
        for row in package.set_aside:
            if (row.person, row.need) == key:
                fit = fits.get((row.intervention, *key))
                best = max(
                    (
                        r.certainty
                        for r in catalogue.interventions[row.intervention].evidence_for(need.need)
                    ),
                    key=CERTAINTY_ORDER.__getitem__,
                )
                rows.append(
                    {
                        "key": row.intervention,
                        "title": catalogue.title(row.intervention),
                        "mark": because_mark(row.because),
                        "word": BECAUSE_WORDS[row.because],
                        "sure": CERTAINTY_WORDS[fit.certainty if fit else best].capitalize(),
                        "age": FIT_WORDS[fit.age_fit].capitalize()
                        if fit and fit.of_child
                        else ("Outside" if row.because == "outside_age" else "—"),
                        "says": row.says,
                    }
                )
        title = f"{family.label_of(need.person)}: {catalogue.label(need.need).lower()} ({LEVEL_WORDS[need.level]})"
        groups.append({"title": title, "rows": rows})
    return groups


def help_detail(state: CaseState, key: str, path: str) -> dict[str, Any]:
    """One kind of help for this family: states, three dials, ratings, rules, what it asks, sources."""
    catalogue = state.catalogue
    help_ = catalogue.interventions[key]
    wanted = {n.need for n in state.family.needs}
    rows = [row for row in help_.evidence if row.need in wanted] or list(help_.evidence)
    sources = list(dict.fromkeys(row.source for row in rows))
    return {
        "title": help_.title,
        "summary": help_.summary,
        "states": _states(state, key),
        "offers": [
            offer_lines(state, offer) for offer in state.package.offers if offer.intervention == key
        ],
        "sure": _how_sure(state, key, rows),
        "size": _how_big(rows),
        "whom": _for_whom(state, help_, rows, path),
        "ratings": _ratings(state, rows),
        "findings": _findings(state, rows),
        "rules": _rules(state, help_),
        "asks": _asks(state, help_),
        "sources": [
            {
                "words": f"{catalogue.sources[s].title}. {catalogue.sources[s].body}"
                + (
                    f", {catalogue.sources[s].year}." if catalogue.sources[s].year else ", no year."
                ),
                "read": READ_WORDS[catalogue.sources[s].read],
            }
            for s in sources
        ],
    }


def _states(state: CaseState, key: str) -> list[dict[str, str]]:
    family, catalogue = state.family, state.catalogue
    found = [
        {
            "mark": "proposed",
            "words": f"Proposed for {names(o.people, family)}",
            "says": "for "
            + "; ".join(
                f"{family.label_of(a.person)}’s {catalogue.label(a.need).lower()}"
                for a in o.answers
            ),
        }
        for o in state.package.offers
        if o.intervention == key
    ]
    found += [
        {
            "mark": because_mark(s.because),
            "words": f"{BECAUSE_WORDS[s.because]}: {family.label_of(s.person)}, {catalogue.label(s.need).lower()}",
            "says": s.says,
        }
        for s in state.package.set_aside
        if s.intervention == key
    ]
    return found


def offer_lines(state: CaseState, offer: Any) -> dict[str, Any]:
    """An offer as the decide-buttons need it."""
    until = offer.starts_week + offer.weeks_high - 1
    assumed = " (assumed)" if offer.load_basis == "assumed" else ""
    return {
        "id": offer.key.replace(":", "-").replace(",", "-"),
        "intervention": offer.intervention,
        "people": ",".join(offer.people),
        "title": state.catalogue.title(offer.intervention),
        "judged": offer.judged,
        "when": f"With {names(offer.people, state.family)}, weeks {offer.starts_week} to {until}, about {offer.minutes_per_week} minutes a week{assumed}. "
        + {
            "yes": "It is to be had here.",
            "no": "It is not in the local directory.",
            "unknown": "Whether it is to be had here: ask, no local directory is loaded.",
        }[offer.available],
    }


def _how_sure(state: CaseState, key: str, rows: list[Evidence]) -> dict[str, str]:
    answers = [a for o in state.package.offers if o.intervention == key for a in o.answers]
    answers = answers or [
        a for c in candidates_in(state.graph) if c.intervention.key == key for a in c.answers
    ]
    band = max((a.certainty for a in answers), key=CERTAINTY_ORDER.__getitem__, default=None)
    if band is None:
        band = max(
            (r.certainty for r in rows if r.read is not Read.RECALLED),
            key=CERTAINTY_ORDER.__getitem__,
            default=Certainty.NOT_TESTED,
        )
    bodies = {r.rating.scale for r in rows if r.rating}
    more = (
        " Bodies rate it differently; where they disagree the lower one orders."
        if len(bodies) > 1
        else ""
    )
    return {
        "band": band.value,
        "words": CERTAINTY_WORDS[band].capitalize(),
        "says": f"Our band, by our own crosswalk.{more}",
    }


SCALES = {
    "SMD": (-1.0, 1.0, 0.0),
    "d": (-1.0, 1.0, 0.0),
    "g": (-1.0, 1.0, 0.0),
    "HR range": (0.5, 1.5, 1.0),
}
UNIT_WORDS = {
    "SMD": "standardised mean difference",
    "d": "standardised difference",
    "g": "standardised difference",
    "HR range": "hazard ratios; the range of the estimates, not a margin of error",
}


def _how_big(rows: list[Evidence]) -> dict[str, Any]:
    outcomes = [o for r in rows for o in r.outcomes]
    lines, said = [], []
    for outcome in outcomes:
        scale = SCALES.get(outcome.unit)
        if outcome.effect is None or scale is None:
            said.append(f"{outcome.what.capitalize()}: {outcome.says or 'size not stated'}.")
            continue
        low, high, middle = scale
        span = outcome.interval or (outcome.effect, outcome.effect)

        def at(value: float, low: float = low, high: float = high) -> float:
            return round(min(max((value - low) / (high - low), 0), 1) * 100, 1)

        words = f"{span[0]:g} to {span[1]:g}" if outcome.interval else f"{outcome.effect:g}"
        lines.append(
            {
                "mid": at(middle),
                "left": at(span[0]) - (0 if outcome.interval else 1),
                "width": max(at(span[1]) - at(span[0]), 2),
                "at": min(max(at(outcome.effect), 8), 92),
                "words": words,
                "label": f"{outcome.what}: {words}, {UNIT_WORDS[outcome.unit]}; {middle:g} means no difference.",
                "says": f"{outcome.what.capitalize()}, {UNIT_WORDS[outcome.unit]}. {outcome.says}".strip(),
            }
        )
    words = "Not stated in what was read" if not outcomes else outcomes[0].what.capitalize()
    return {"words": words, "lines": lines[:3], "says": " ".join(said)}


def _for_whom(
    state: CaseState, help_: Intervention, rows: list[Evidence], path: str
) -> dict[str, Any]:
    family, catalogue = state.family, state.catalogue
    ages = [a for r in rows for a in rows_for(help_, r, catalogue)]
    ages += [a for a in help_.ages if a.read is Read.RECALLED]
    spans = []
    for age in sorted(set(ages), key=lambda a: (a.meaning != "tested", a.low, a.high, a.source)):
        low, high = max(age.low, 0) / 216 * 100, min(age.high + 1, 216) / 216 * 100
        unread = age.read is Read.RECALLED
        words = f"{_years(age.low)}–{_years(age.high)}"
        body = catalogue.sources[age.source].body
        label = f"{'To be checked' if unread else age.meaning.capitalize()} from {_years(age.low)} to {_years(age.high)} ({body})."
        spans.append(
            {
                "left": round(low, 1),
                "width": round(max(high - low, 3), 1),
                "meaning": "to be checked" if unread else age.meaning,
                "words": (f"{'to be checked' if unread else age.meaning} {words}")
                if high - low > 28
                else words,
                "label": label,
            }
        )
    children = []
    for child in family.children:
        if child.is_unborn or (
            path not in {"everyone", child.key} and family.person(path).is_child
            if path != "everyone"
            else False
        ):
            continue
        low, high = family.age(child.key, state.package.planned_on)
        children.append(
            {"label": child.label, "at": round(min((low + high) / 2 / 216 * 100, 98), 1)}
        )
    populations = list(
        dict.fromkeys(r.population.says for r in rows if r.population.says != "not stated")
    )
    uk = any(r.population.uk for r in rows)
    words = "No age is stated" if not spans else "Ages, by source"
    says = (
        "; ".join(p[:1].upper() + p[1:] for p in populations[:3])
        or "On whom it was tested is not stated in what was read"
    )
    return {
        "words": words,
        "spans": spans[:4],
        "children": children,
        "says": f"{says}. {'Tested in the UK.' if uk else 'No UK test was read.'} {help_.uk}".strip(),
    }


def _years(months: int) -> str:
    if months < 0:
        return "before birth"
    return f"{months} months" if months < 24 and months % 12 not in {0, 11} else str(months // 12)


def _ratings(state: CaseState, rows: list[Evidence]) -> list[dict[str, Any]]:
    catalogue, year = state.catalogue, state.package.planned_on.year
    found = []
    for row in rows:
        if row.rating is None:
            continue
        scale, source = catalogue.scales[row.rating.scale], catalogue.sources[row.source]
        level = next(item for item in scale.levels if item.level == row.rating.level)
        ago = year - source.year if source.year else None
        found.append(
            {
                "who": scale.body,
                "level": level.label,
                "need": catalogue.label(row.need).lower() if row.need else "no single need",
                "year": f"{source.year}, {ago} years ago"
                if ago
                else (str(source.year) if source.year else "not stated"),
                "old": bool(ago and ago > OLD_YEARS),
                "unread": row.read is Read.RECALLED,
            }
        )
    return found


def _findings(state: CaseState, rows: list[Evidence]) -> list[dict[str, str]]:
    catalogue = state.catalogue
    effect = {
        "helps": "helps",
        "mixed": "mixed",
        "no_effect": "no effect found",
        "harms": "may harm",
        "unclear": "unclear",
    }
    return [
        {
            "need": catalogue.label(row.need) if row.need else "No single need",
            "says": row.says,
            "meta": " · ".join(
                part
                for part in (
                    effect[row.effect.value],
                    CERTAINTY_WORDS[row.certainty],
                    READ_WORDS[row.read].rstrip("."),
                    row.population.says if row.population.says != "not stated" else "",
                    row.judged,
                )
                if part
            ),
        }
        for row in rows
    ]


def _rules(state: CaseState, help_: Intervention) -> list[dict[str, str]]:
    """The rules that speak to this help in this family: those that warn, hold or block it."""
    catalogue = state.catalogue
    speaking = {
        r for c in candidates_in(state.graph) if c.intervention.key == help_.key for r in c.warnings
    }
    required = {
        r.rule
        for c in candidates_in(state.graph)
        if c.intervention.key == help_.key
        for r in c.requires
    }
    blocking = {
        b for s in state.package.set_aside if s.intervention == help_.key for b in s.blocked_by
    }
    rows = []
    for rule, basis in catalogue.rules_for(help_):
        if rule.id not in speaking | required | blocking:
            continue
        stops = rule.id in blocking and rule.severity is Severity.BLOCK
        word = (
            "Not safe now, or open"
            if stops
            else {"pair": "Goes together with", "sequence": "Comes after"}.get(
                rule.severity.value, "Keep in mind"
            )
        )
        sources = ", ".join(catalogue.sources[s].body for s in rule.source[:3])
        confirm = f" To be confirmed by {rule.to_confirm}." if rule.to_confirm else ""
        rows.append(
            {
                "tone": "stop" if stops else "ask",
                "mark": "stop" if stops else "warn",
                "word": word,
                "says": rule.says,
                "basis": f"{BASIS_WORDS[basis]}{f' {sources}.' if sources else ''}{confirm} ({rule.id})",
            }
        )
    return rows


def _asks(state: CaseState, help_: Intervention) -> list[tuple[str, str]]:
    asks = help_.asks
    if not help_.is_offered_kind:
        return [
            ("Why not offered", help_.not_offered_because),
            ("In the UK", help_.uk or "nothing was found"),
        ]
    load = load_of(help_, state.catalogue)

    def span(value: Any, unit: str) -> str:
        if value is None:
            return "not stated"
        return (
            f"{value.low} {unit}"
            if value.low == value.high
            else f"{value.low} to {value.high} {unit}"
        )

    return [
        ("Sessions", span(asks.sessions if asks else None, "sessions")),
        ("Each", span(asks.minutes if asks else None, "minutes")),
        ("Over", span(asks.weeks if asks else None, "weeks")),
        (
            "A week",
            f"about {load.minutes_per_week} minutes, {'stated' if load.stated else 'assumed'}. {load.says}".strip(),
        ),
        ("Where", (asks.setting if asks else "") or "not stated"),
        ("From whom", (asks.given_by if asks else "") or "not stated"),
        ("Cost", f"band {help_.cost.band} of 5" if help_.cost else "not stated"),
        ("In the UK", help_.uk or "nothing was found"),
    ]
