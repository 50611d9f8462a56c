"""How near the evidence is to this child's age, and which findings carry an offer."""

from collections.abc import Iterable, Iterator

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import AgeRow, Evidence, Intervention
from cpassist.catalogue.vocabulary import CERTAINTY_ORDER, Certainty, Effect, Read
from cpassist.planning.candidates import FIT_ORDER


def rows_for(intervention: Intervention, row: Evidence, catalogue: Catalogue) -> tuple[AgeRow, ...]:
    """The age ranges that describe the population of one finding: the same source or the same register."""
    key = ("ages of a finding", intervention.key, row.id)
    rows: tuple[AgeRow, ...] | None = catalogue.worked_out.get(key)
    if rows is None:
        rows = catalogue.worked_out[key] = tuple(_describing(intervention, row, catalogue))
    return rows


def _describing(
    intervention: Intervention, row: Evidence, catalogue: Catalogue
) -> Iterator[AgeRow]:
    source = catalogue.sources[row.source]

    def describes(ages: AgeRow) -> bool:
        other = catalogue.sources[ages.source]
        one_register = source.kind == "register" and source.body == other.body
        return ages.source == row.source or row.source in ages.covers or one_register

    return (ages for ages in intervention.ages_read if describes(ages))


def age_fit(
    intervention: Intervention,
    row: Evidence,
    age: tuple[int, int],
    catalogue: Catalogue,
) -> str:
    """tested, offered, not_stated or outside, for a whole possible age range in months.

    One body's range never lends itself to another's finding. Where a finding's source states no
    age, a child outside every range that any source states for this help is outside all the same:
    silence about the population is no reason to offer a toddlers' group to a teenager.
    """
    low, high = age

    def inside(ranges: Iterable[AgeRow]) -> bool:
        return any(ages.low <= low and high <= ages.high for ages in ranges)

    given = intervention.ages_offered
    if given and not inside(given):
        # Tested with older or younger children as well, and given to none of them: no group takes a child of nine
        # into a course for small children.
        return "outside"
    rows = rows_for(intervention, row, catalogue)
    if rows:
        if inside(ages for ages in rows if ages.meaning == "tested"):
            return "tested"
        return "offered" if inside(rows) else "outside"
    known = intervention.ages_read
    return "not_stated" if not known or inside(known) else "outside"


def touches_range(
    intervention: Intervention, need: str, age: tuple[int, int], catalogue: Catalogue
) -> bool:
    """Whether an unsure age overlaps a range that describes a finding: knowing it could change the fit."""
    low, high = age
    return any(
        ages.low <= high and low <= ages.high
        for row in intervention.evidence_for(need)
        for ages in rows_for(intervention, row, catalogue)
    )


def carrying(
    rows: Iterable[tuple[Evidence, str]],
) -> tuple[Certainty, Effect, str, tuple[str, ...]] | None:
    """The certainty, effect, age fit and ids of the findings that carry an offer, or None.

    `rows` are the findings about one need with their age fit. The surest finding that fits gives
    the band; where bodies disagree the lower one orders, and a rigorous null result lowers it to
    unclear.
    """
    fitting = [
        (row, fit) for row, fit in rows if row.withdrawn is None and row.read is not Read.RECALLED
    ]
    offered = [(row, fit) for row, fit in fitting if row.may_be_offered_on]
    if not offered:
        return None
    best, fit = max(
        offered,
        key=lambda pair: (
            CERTAINTY_ORDER[pair[0].certainty],
            FIT_ORDER[pair[1]],
            pair[0].id,
        ),
    )
    band = min(
        best.certainty,
        _agreed([row for row, _ in fitting]),
        key=CERTAINTY_ORDER.__getitem__,
    )
    effects = {row.effect for row, _ in offered}
    effect = Effect.HELPS if effects == {Effect.HELPS} else Effect.MIXED
    return band, effect, fit, tuple(sorted(row.id for row, _ in offered))


def _agreed(rows: list[Evidence]) -> Certainty:
    """The band on which all bodies agree: where two or more rate it, the lowest of their best ratings."""
    if any(row.effect is Effect.NO_EFFECT for row in rows):
        return Certainty.UNCLEAR
    by_body: dict[str, Certainty] = {}
    for row in rows:
        if row.rating is None or row.rating.scale == "nice":
            # A recommendation grades an action, not a study: it never lowers a rating.
            continue
        known = by_body.get(row.rating.scale)
        if known is None or CERTAINTY_ORDER[row.certainty] > CERTAINTY_ORDER[known]:
            by_body[row.rating.scale] = row.certainty
    if len(by_body) < 2:
        return Certainty.REPLICATED
    return min(by_body.values(), key=CERTAINTY_ORDER.__getitem__)
