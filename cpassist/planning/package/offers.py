"""An offer as it stands in a package, and the sentence that says what it is for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cpassist.catalogue.catalogue import Catalogue
from cpassist.family.family import Family
from cpassist.planning.candidates import Answers, Candidate
from cpassist.planning.weeks.schedule import Schedule, Why
from cpassist.words.evidence import CERTAINTY_WORDS, FIT_WORDS


@dataclass(frozen=True, kw_only=True, repr=False)
class Offer:
    """One intervention offered to certain people, for stated needs."""

    key: str
    intervention: str
    people: tuple[str, ...]
    children: tuple[str, ...]
    together: bool
    answers: tuple[Answers, ...]
    phase: str
    starts_week: int
    wait_weeks: int | None
    weeks_low: int
    weeks_high: int
    minutes_per_week: int
    load_basis: str
    available: str
    starts_because: str
    """Why it does not start in week 1, as a sentence; empty where it does."""
    needs_first: tuple[str, ...]
    warnings: tuple[str, ...]
    judged: str | None
    says: str

    @property
    def last_week(self) -> int:
        return self.starts_week + self.weeks_high - 1


def names(keys: Iterable[str], family: Family) -> str:
    """Labels as people write them: "Mia", "Mia and Theo", "Dana, Mia and Theo"."""
    return listed([family.label_of(key) for key in keys])


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words as people write them, with `last` before the last one: "Mia, Theo or Dana"."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def offers_of(
    picked: Sequence[Candidate], planned: Schedule, family: Family, catalogue: Catalogue
) -> tuple[Offer, ...]:
    """The chosen candidates with their weeks, by week and then by name."""
    made = [
        Offer(
            key=candidate.key,
            intervention=candidate.intervention.key,
            people=candidate.people,
            children=candidate.children,
            together=candidate.intervention.together and len(candidate.people) > 1,
            answers=candidate.answers,
            phase=candidate.intervention.phase.value,
            starts_week=planned.starts[candidate.key],
            wait_weeks=candidate.wait_weeks,
            weeks_low=candidate.load.weeks_low,
            weeks_high=candidate.load.weeks_high,
            minutes_per_week=candidate.load.minutes_per_week,
            load_basis="stated" if candidate.load.stated else "assumed",
            available=candidate.available,
            starts_because=_start_words(candidate, picked, planned, family),
            needs_first=planned.first.get(candidate.key, ()),
            warnings=candidate.warnings,
            judged=candidate.judged,
            says=_offer_words(candidate, family, catalogue),
        )
        for candidate in picked
    ]
    return tuple(sorted(made, key=lambda offer: (offer.starts_week, offer.key)))


def _start_words(
    candidate: Candidate, picked: Sequence[Candidate], planned: Schedule, family: Family
) -> str:
    """What stands in the way of an earlier week, in one sentence."""
    titles = {other.key: other.intervention.title for other in picked}
    reasons = []
    for delay in planned.delays.get(candidate.key, ()):
        if delay.why is Why.WAIT:
            reasons.append(f"the local directory gives a wait of {_weeks(candidate.wait_weeks)}")
        elif delay.why is Why.RISK:
            reasons.append("the risk is looked at first, and the child is asked again, alone")
        elif delay.why is Why.FIRST:
            reasons.append(f"{titles[delay.about]} has to come first")
        elif delay.why is Why.STEADY:
            reasons.append(f"{titles[delay.about]} has to be in place for some weeks first")
        else:
            filled = sorted({titles[key] for key in delay.beside})
            by = f", with {listed(filled)}" if filled else ""
            reasons.append(f"{family.label_of(delay.about)}’s weeks before are full{by}")
    if not reasons:
        return ""
    return (
        f"It begins in week {planned.starts[candidate.key]}: {'; '.join(dict.fromkeys(reasons))}."
    )


def _weeks(number: int | None) -> str:
    return "1 week" if number == 1 else f"{number} weeks"


def _offer_words(candidate: Candidate, family: Family, catalogue: Catalogue) -> str:
    """Which needs of whom, on what evidence, in one sentence."""
    parts = []
    for answer in candidate.answers:
        need = catalogue.label(answer.need).lower()
        fit = f", {FIT_WORDS[answer.age_fit]}" if answer.of_child else ""
        parts.append(
            f"{family.label_of(answer.person)}: {need} ({CERTAINTY_WORDS[answer.certainty]}{fit})"
        )
    with_whom = names(candidate.people, family)
    added = " Added by a worker's judgement." if candidate.judged == "add" else ""
    return f"{candidate.intervention.title} with {with_whom}, for {'; '.join(parts)}.{added}"


def not_known_words(offer: Offer, catalogue: Catalogue) -> str:
    """What to do first about help of which no source says that it is given in this country."""
    if offer.available == "yes" or catalogue.interventions[offer.intervention].uk_delivered:
        return ""
    known = catalogue.interventions[offer.intervention].uk
    return (
        f"We are not sure that this runs in the UK. {known} Find out before you speak of it to the family."
        if known
        else "We do not know if this runs in the UK: find out before you speak of it to the family."
    )
