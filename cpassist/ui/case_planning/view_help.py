"""What could help, as the templates show it: the picture, one kind of help in detail, the table."""

from collections.abc import Callable
from typing import Any

from cpassist.catalogue.interventions import Evidence
from cpassist.catalogue.vocabulary import CERTAINTY_ORDER, Certainty
from cpassist.drawing.gap_map import draw_gap_map
from cpassist.drawing.support_graph import Box, Picture
from cpassist.evidence.gap_map import map_gaps
from cpassist.family.vocabulary import When, day_words
from cpassist.planning.package.offers import Offer, names, not_known_words
from cpassist.ui.case_planning.state import CaseState
from cpassist.ui.case_planning.view_matrix import cut_links, matrix, what_if
from cpassist.ui.case_planning.view_people import People
from cpassist.ui.case_planning.view_rules import rules
from cpassist.ui.evidence.view_evidence import (
    CERTAINTY_BANDS,
    asks,
    countries_words,
    findings,
    for_whom,
    how_big,
    how_sure,
    ratings,
    surest,
)
from cpassist.words.evidence import CERTAINTY_WORDS, FIT_WORDS, READ_WORDS
from cpassist.words.family import LEVEL_WORDS
from cpassist.words.package import BECAUSE_WORDS

FINDING_MARKS = {
    "blocks": ("stop", "First"),
    "asks": ("ask", "Ask"),
    "warns": ("warn", "Warning"),
    "notes": ("aside", "Note"),
}


def here_lines(state: CaseState, key: str) -> list[tuple[str, str]]:
    """What the local directory says of one kind of help; none where no directory is loaded."""
    if state.workspace.availability is None:
        return []
    place = state.workspace.availability.get(key)
    if place is None:
        return [
            ("Here", "The local directory does not list it. That says nothing of the evidence.")
        ]
    ages = " and ".join(f"{low} to {high} months" for low, high in place.ages_months)
    of = f", as of {day_words(place.as_of)}" if place.as_of else ", nobody wrote down when"
    rows = (
        ("Provider", place.provider),
        ("Free places", ("not known" if place.places is None else str(place.places)) + of),
        ("Wait", ("not known" if place.wait_weeks is None else f"{place.wait_weeks} weeks") + of),
        ("Ages", ages or "not stated"),
        ("Languages", ", ".join(place.languages) or "not stated"),
        ("Who may refer", place.refer or "not stated"),
        ("As it was tested", {"licensed": "licensed", "adapted": "adapted here"}.get(place.fidelity, "not stated")),
    )  # fmt: skip
    return [(term, words) for term, words in rows if words]


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
    picture = draw(state.matching, state.package, "" if path == "everyone" else path)
    boxes = {box.key: box for box in picture.boxes}
    node = state.chosen.get("node") or ""
    node = (
        node if node in boxes or node.removeprefix("help:") in state.catalogue.interventions else ""
    )
    lit = frozenset(boxes) if path == "everyone" else picture.lit(path)
    if node in boxes and node not in lit:
        # What was chosen lies off the paths of the person: its own paths are shown instead.
        lit = picture.lit(node)
    context: dict[str, Any] = {
        "matrix": matrix(state, path, node),
        "cut_links": cut_links(state, path),
        "what_if": what_if(state),
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
        "bands": CERTAINTY_BANDS,
        "help_table": _table(state, path),
        "detail": None,
        "need_detail": None,
        "gap_picture": draw_gap_map(
            map_gaps(state.catalogue, [n.need for n in family.needs if n.when is not When.PAST])
        ),
    }
    if node.startswith("help:"):
        context["detail"] = help_detail(state, node.removeprefix("help:"), path)
    elif node:
        context["need_detail"] = _need_detail(state, boxes[node])
    return context


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
        for c in state.matching.candidates
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
        "sure": how_sure(_band(state, key, rows), rows),
        "size": how_big(rows),
        "whom": for_whom(help_, rows, catalogue, _children(state, path)),
        "ratings": ratings(catalogue, rows, state.package.planned_on.year),
        "countries": countries_words(rows),
        "findings": findings(catalogue, help_, rows),
        "rules": rules(state, help_),
        "asks": asks(catalogue, help_),
        "here": here_lines(state, help_.key),
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


def _band(state: CaseState, key: str, rows: list[Evidence]) -> Certainty:
    """The surest band on which this help answers a need of this family; else of its findings."""
    answers = [a for o in state.package.offers if o.intervention == key for a in o.answers] or [
        a for c in state.matching.candidates if c.intervention.key == key for a in c.answers
    ]
    bands = (a.certainty for a in answers)
    return max(bands, key=CERTAINTY_ORDER.__getitem__, default=surest(rows))


def _children(state: CaseState, path: str) -> list[tuple[str, tuple[int, int]]]:
    """The children to mark on the line of ages: the one who is looked at, or all."""
    family = state.family
    another = path != "everyone" and family.person(path).is_child
    return [
        (child.label, family.age(child.key, state.package.planned_on))
        for child in family.children
        if not child.is_unborn and (not another or child.key == path)
    ]


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


def offer_id(offer: Offer) -> str:
    """The key of an offer as it can stand in a page."""
    return offer.key.replace(":", "-").replace(",", "-")


def offer_lines(state: CaseState, offer: Any) -> dict[str, Any]:
    """An offer as the decide-buttons need it."""
    until = offer.last_week
    assumed = " (assumed)" if offer.load_basis == "assumed" else ""
    return {
        "id": offer_id(offer),
        "intervention": offer.intervention,
        "people": ",".join(offer.people),
        "title": state.catalogue.title(offer.intervention),
        "judged": offer.judged,
        "when": f"With {names(offer.people, state.family)}, weeks {offer.starts_week} to {until}, about {offer.minutes_per_week} minutes a week{assumed}. "
        + (f"{offer.starts_because} " if offer.starts_because else "")
        + {
            "yes": "It is available locally.",
            "no": "It is not in the local directory.",
            "unknown": "Check whether it is available locally.",
        }[offer.available]
        + (f" {unknown}" if (unknown := not_known_words(offer, state.catalogue)) else ""),
    }
