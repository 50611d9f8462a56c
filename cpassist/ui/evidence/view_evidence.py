"""One kind of help up close: how sure, how big, for whom; ratings, findings, rules, what it asks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Evidence, Intervention, Outcome
from cpassist.catalogue.vocabulary import CERTAINTY_ORDER, Certainty, Read
from cpassist.family.vocabulary import day_words
from cpassist.planning.taking_part.age_fit import rows_for
from cpassist.planning.taking_part.answering import load_of, range_words
from cpassist.words.evidence import (
    CERTAINTY_WORDS,
    EFFECT_WORDS,
    FATHERS_WORDS,
    READ_WORDS,
    RESULT_WORDS,
    UNIT_WORDS,
)

CERTAINTY_BANDS = (
    ("not_tested", "Not tested"),
    ("unclear", "Unclear"),
    ("early", "Early"),
    ("once", "Once"),
    ("replicated", "Repeated"),
)
OLD_YEARS = 3


def surest(rows: Iterable[Evidence]) -> Certainty:
    """The surest band among findings; what was only remembered raises nothing."""
    return max(
        (row.certainty for row in rows if row.read is not Read.RECALLED),
        key=CERTAINTY_ORDER.__getitem__,
        default=Certainty.NOT_TESTED,
    )


def how_sure(band: Certainty, rows: Sequence[Evidence]) -> dict[str, str]:
    """The dial: one band, and whether the bodies that rate it agree."""
    best: dict[str, Certainty] = {}
    for row in rows:
        if row.rating is not None and row.read is not Read.RECALLED and row.rating.scale != "nice":
            known = best.get(row.rating.scale, Certainty.NOT_TESTED)
            best[row.rating.scale] = max(known, row.certainty, key=CERTAINTY_ORDER.__getitem__)
    differ = len(set(best.values())) > 1
    more = " Bodies rate it differently; the lower one orders." if differ else ""
    return {
        "band": band.value,
        "words": CERTAINTY_WORDS[band].capitalize(),
        "says": f"Our own rating.{more}",
    }


# Where each unit is drawn: lowest, highest, and where there is no difference.
SCALES = {
    "SMD": (-1.0, 1.0, 0.0),
    "d": (-1.0, 1.0, 0.0),
    "g": (-1.0, 1.0, 0.0),
    "HR range": (0.5, 1.5, 1.0),
    "risk ratio": (0.0, 2.0, 1.0),
    "OR": (0.0, 2.0, 1.0),
}


MOST_LINES = 4


def how_big(rows: Sequence[Evidence]) -> dict[str, Any]:
    """Each measured result: drawn where its unit has a line, else in words.

    Which way is better is its finding's to say, since signs differ from study to study.
    """
    lines: list[dict[str, Any]] = []
    said: list[str] = []
    for row in rows:
        for outcome in row.outcomes:
            what = outcome.what[:1].upper() + outcome.what[1:]
            found = f"The finding: {EFFECT_WORDS[row.effect.value]}."
            if outcome.effect is None:
                said.append(f"{what}: {outcome.says or 'size not stated'}.")
            elif outcome.unit in SCALES:
                lines.append(_line(outcome, what, found))
            else:
                words = _estimate(outcome)
                said.append(f"{what}: {words}, {outcome.unit}. {_says(outcome)}{found}")
    count = len(lines) + len(said)
    words = f"{count} result{'s' * (count != 1)}" if count else "Not stated in what was read"
    more = [str(line["label"]) for line in lines[MOST_LINES:]]
    return {"words": words, "lines": lines[:MOST_LINES], "says": " ".join((*said, *more))}


def _estimate(outcome: Outcome) -> str:
    if outcome.interval is None:
        return f"{outcome.effect:g}"
    low, high = outcome.interval
    return f"{outcome.effect:g} ({low:g} to {high:g})"


def _says(outcome: Outcome) -> str:
    return f"{outcome.says.rstrip('.')}. " if outcome.says else ""


def _line(outcome: Outcome, what: str, found: str) -> dict[str, Any]:
    """One estimate on a line with "no difference"."""
    low, high, middle = SCALES[outcome.unit]

    def at(value: float) -> float:
        return round(min(max((value - low) / (high - low), 0), 1) * 100, 1)

    effect = outcome.effect or 0.0
    left, right = (at(value) for value in outcome.interval or (effect, effect))
    words, unit = _estimate(outcome), UNIT_WORDS[outcome.unit]
    return {
        "mid": at(middle),
        "left": left - (0 if outcome.interval else 1),
        "width": max(right - left, 2),
        "at": min(max(at(effect), 8), 92),
        "words": words,
        "ends": (f"{low:g}", f"{high:g}"),
        "label": f"{what}: {words}, {unit}; {middle:g} means no difference.",
        "says": f"{what}: {unit}. {_says(outcome)}{found}",
    }


def for_whom(
    help_: Intervention,
    rows: Sequence[Evidence],
    catalogue: Catalogue,
    children: Sequence[tuple[str, tuple[int, int]]] = (),
) -> dict[str, Any]:
    """Ages by source on one line; `children` are labels with the lowest and highest age in months."""
    ages = [a for r in rows for a in rows_for(help_, r, catalogue)]
    ages += [a for a in help_.ages if a.read is Read.RECALLED]
    spans = []
    for age in sorted(set(ages), key=lambda a: (a.meaning != "tested", a.low, a.high, a.source)):
        low, high = max(age.low, 0) / 216 * 100, min(age.high + 1, 216) / 216 * 100
        unread = age.read is Read.RECALLED
        words = range_words(age.low, age.high)
        body = catalogue.sources[age.source].body
        label = f"{'To be checked' if unread else age.meaning.capitalize()}: {words} ({body})."
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
    marks = [
        {"label": label, "at": round(min((low + high) / 2 / 216 * 100, 98), 1)}
        for label, (low, high) in children
    ]
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
        "children": marks,
        "says": f"{says}. {'Tested in the UK.' if uk else 'No UK test was read.'} {help_.uk}".strip(),
    }


def ratings(catalogue: Catalogue, rows: Sequence[Evidence], year: int) -> list[dict[str, Any]]:
    """Each body's own words, with how old they are in `year`."""
    found = []
    for row in rows:
        if row.rating is None:
            continue
        scale, source = catalogue.scales[row.rating.scale], catalogue.sources[row.source]
        level = next(item for item in scale.levels if item.level == row.rating.level)
        looked = row.rating.looked_on or (str(source.year) if source.year else "")
        ago = year - int(looked[:4]) if looked else None
        found.append(
            {
                "who": scale.body,
                "level": level.label,
                "means": level.means,
                "means_unread": level.read is Read.RECALLED,
                "need": catalogue.label(row.need).lower() if row.need else "no single need",
                "year": f"{day_words(looked)}, {ago} year{'s' * (ago != 1)} ago"
                if ago
                else (day_words(looked) or "not stated"),
                "old": bool(ago and ago > OLD_YEARS),
                "unread": row.read is Read.RECALLED,
            }
        )
    return found


DIFFERENT_COUNTRIES = (
    "These findings come from the UK and from elsewhere. What counts as neglect or as being in care differs from country to "
    "country, and so does the usual help, so do not compare figures across countries."
)


def countries_words(rows: Iterable[Evidence]) -> str:
    """What has to be said where findings of different countries stand beside each other; empty where they do not."""
    where = {row.population.uk for row in rows if row.withdrawn is None}
    return DIFFERENT_COUNTRIES if {True, False} <= where else ""


def who_was_tested(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Of how many findings it is said whether fathers were tested, whose culture, and at what cost."""
    helps = list(catalogue.interventions.values())
    rows = [row for help_ in helps for row in help_.evidence if row.withdrawn is None]
    fathers = Counter(row.population.fathers for row in rows)
    of = f"of {len(rows)} findings"
    said = sum(bool(row.population.culture) for row in rows)
    in_uk = sum(row.population.uk is True for row in rows)
    costs = sum(help_.cost is not None for help_ in helps)
    tested = (
        f"{fathers['tested']} {of} say that fathers or men took part, {fathers['few']} that few did"
    )
    return [
        ("Fathers", f"{tested}, {fathers['none']} that none did; {fathers['']} do not say."),
        (
            "Race and culture",
            f"{said} {of} say which race or culture the families were from; the others do not.",
        ),
        ("The UK", f"{in_uk} {of} come from the UK."),
        ("Cost", f"{costs} of {len(helps)} kinds of help have a cost that was read."),
    ]


def cost_words(help_: Intervention) -> str:
    """Its band of cost, where a source gives one."""
    return f"band {help_.cost.band} of 5" if help_.cost else "not stated"


def findings(
    catalogue: Catalogue, help_: Intervention, rows: Sequence[Evidence]
) -> list[dict[str, str]]:
    """Each finding with what has to stand beside it: on whom, at what cost, and how it is known."""
    return [
        {
            "beside": " · ".join(
                (
                    f"Fathers: {FATHERS_WORDS[row.population.fathers or 'not_stated']}",
                    f"Race and culture: {row.population.culture or 'not stated'}",
                    f"Measured: {', '.join(RESULT_WORDS[r].lower() for r in row.results_on) or 'not stated'}",
                    f"Cost: {cost_words(help_)}",
                )
            ),
            "practical": row.practical,
            "need": catalogue.label(row.need) if row.need else "No single need",
            "says": row.says,
            "meta": " · ".join(
                part
                for part in (
                    EFFECT_WORDS[row.effect.value],
                    CERTAINTY_WORDS[row.certainty],
                    READ_WORDS[row.read].rstrip("."),
                    row.population.says if row.population.says != "not stated" else "",
                    row.judged,
                    f"withdrawn on {row.withdrawn.date}: {row.withdrawn.because}"
                    if row.withdrawn
                    else "",
                )
                if part
            ),
        }
        for row in rows
    ]


def asks(catalogue: Catalogue, help_: Intervention) -> list[tuple[str, str]]:
    asks = help_.asks
    if not help_.is_offered_kind:
        return [
            ("Why not offered", help_.not_offered_because),
            ("In the UK", help_.uk or "nothing was found"),
        ]
    load = load_of(help_, catalogue)

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
        ("Cost", cost_words(help_)),
        ("In the UK", help_.uk or "nothing was found"),
    ]
