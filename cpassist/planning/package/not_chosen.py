"""Why what could have been offered is not in the package: the first level at which it lost."""

from collections.abc import Mapping, Sequence

from cpassist.catalogue.catalogue import Catalogue
from cpassist.family.family import Family
from cpassist.planning.candidates import Answers, Candidate, Required, RuledOut
from cpassist.planning.choosing.capacity import TooMuch
from cpassist.planning.choosing.choice import cost_band, professional_of
from cpassist.planning.matching.clashes import clashes_between
from cpassist.words.evidence import CERTAINTY_WORDS, FIT_WORDS


def not_chosen(
    candidates: Sequence[Candidate],
    picked: Sequence[Candidate],
    too_much: Mapping[str, TooMuch],
    catalogue: Catalogue,
    family: Family,
) -> list[RuledOut]:
    """For each intervention and need that could have been offered and was not: why."""
    offered = {(c.intervention.key, a.person, a.need) for c in picked for a in c.answers}
    best: dict[tuple[str, str, str], tuple[Candidate, Answers]] = {}
    for candidate in candidates:
        for answer in candidate.answers:
            key = (candidate.intervention.key, answer.person, answer.need)
            if key in offered:
                continue
            known = best.get(key)
            if known is None or _rank(candidate, answer) < _rank(*known):
                best[key] = (candidate, answer)
    return [
        _why_not(candidate, answer, picked, too_much, catalogue, family)
        for _, (candidate, answer) in sorted(best.items())
    ]


def _rank(candidate: Candidate, answer: Answers) -> tuple[int, int, str]:
    return (-answer.quality, candidate.family_minutes, candidate.key)


def _why_not(
    candidate: Candidate,
    answer: Answers,
    picked: Sequence[Candidate],
    too_much: Mapping[str, TooMuch],
    catalogue: Catalogue,
    family: Family,
) -> RuledOut:
    because, says, by = _compared(candidate, answer, picked, too_much, catalogue, family)
    return RuledOut(
        intervention=candidate.intervention.key,
        person=answer.person,
        need=answer.need,
        because=because,
        says=says,
        blocked_by=by,
        people=candidate.people,
    )


def _compared(
    candidate: Candidate,
    answer: Answers,
    picked: Sequence[Candidate],
    too_much: Mapping[str, TooMuch],
    catalogue: Catalogue,
    family: Family,
) -> tuple[str, str, tuple[str, ...]]:
    """The first level at which an offer lost, as reason, sentence and rules."""
    if candidate.key in too_much:
        says = _too_much_words(candidate, too_much[candidate.key], picked, family)
        return "too_much_at_once", says, ()
    clashing = [
        (other, rule) for other in picked for rule in clashes_between(candidate, other, catalogue)
    ]
    for_this = _answering(picked, answer)
    better = not for_this or _quality(for_this, answer) < answer.quality
    if clashing and (better or candidate.judged is not None):
        other, rule = clashing[0]
        says = f"It cannot be beside {other.intervention.title}."
        if rule == "same_help":
            return "clashes", says, ()
        return "clashes", f"{says} {catalogue.rule(rule).says}", (rule,)
    missing = [r for r in candidate.requires if not any(r.is_met_by(o) for o in picked)]
    if not for_this:
        if missing:
            return (
                "needs_another_first",
                catalogue.rule(missing[0].rule).says,
                (missing[0].rule,),
            )
        return "clashes", "It could not be joined with the rest of this package.", ()
    chosen = for_this.intervention.title
    theirs = _quality(for_this, answer)
    if answer.quality < theirs:
        return (
            "weaker_evidence",
            _weaker_words(answer, _answer_of(for_this, answer), chosen),
            (),
        )
    if answer.quality > theirs:
        if missing:
            return (
                "needs_another_first",
                catalogue.rule(missing[0].rule).says,
                (missing[0].rule,),
            )
        if _unknown_here(candidate) and not _unknown_here(for_this):
            says = f"Better shown for this than {chosen}; but that is given in the UK, and of this no source says so."
            return "not_known_in_uk", says, ()
        return (
            "already_answered",
            f"{chosen} answers this, and more that matters first.",
            (),
        )
    return _between_equals(candidate, for_this, picked, missing, catalogue)


def _too_much_words(
    candidate: Candidate, too_much: TooMuch, picked: Sequence[Candidate], family: Family
) -> str:
    who = family.label_of(too_much.person)
    if too_much.grown_out:
        others = sorted({c.intervention.title for c in picked if c.key in too_much.beside})
        after = f" after {' and '.join(others)}" if others else ""
        return f"By the week in which it could begin{after}, a child for whom it is will have grown out of its ages."
    asks = f"It asks {candidate.load.minutes_per_week} minutes a week"
    if not too_much.beside:
        limit = family.limits.minutes_per_week[too_much.person]
        return f"{asks}, and {who} can give {limit}."
    others = sorted({c.intervention.title for c in picked if c.key in too_much.beside})
    return f"{asks}; beside {' and '.join(others)} that is more than {who} can give within a year."


def _between_equals(
    candidate: Candidate,
    for_this: Candidate,
    picked: Sequence[Candidate],
    missing: Sequence[Required],
    catalogue: Catalogue,
) -> tuple[str, str, tuple[str, ...]]:
    """Where the evidence is as good: the first thing beside it in which an offer lost."""
    chosen = for_this.intervention.title
    if _unknown_here(candidate) and not _unknown_here(for_this):
        says = f"As well shown as {chosen}, which is given in the UK; of this no source says so."
        return "not_known_in_uk", says, ()
    if (candidate.wait_weeks or 0) > (for_this.wait_weeks or 0):
        return "longer_wait", f"{chosen} can start sooner.", ()
    if len(for_this.answers) > len(candidate.answers):
        return (
            "already_answered",
            f"{chosen} answers this and another need as well.",
            (),
        )
    if not (candidate.load.stated and for_this.load.stated):
        # Nothing is set aside on an assumption alone: between equals it only breaks the tie.
        says = (
            f"As well shown as {chosen}. Which asks more of the family is our assumption, since no source "
            "states it of both; ask the family which they prefer."
        )
        return "tie", says, ()
    if candidate.family_minutes > for_this.family_minutes:
        return (
            "asks_more_of_family",
            f"It asks more of the family's time than {chosen}, on evidence as good.",
            (),
        )
    if missing:
        return (
            "more_professionals",
            f"It would bring one more kind of help beside it: {catalogue.rule(missing[0].rule).says}",
            (),
        )
    there = {professional_of(other.intervention) for other in picked}
    if professional_of(candidate.intervention) not in there:
        return (
            "more_professionals",
            f"It would bring one more professional into the family than {chosen}, on evidence as good.",
            (),
        )
    ours, others = candidate.intervention.cost, for_this.intervention.cost
    if ours and others and ours.band > others.band:
        return "dearer", f"It costs more than {chosen}, on evidence as good.", ()
    if candidate.family_minutes < for_this.family_minutes:
        return (
            "already_answered",
            f"{chosen} answers this; adding it would bring one more kind of help.",
            (),
        )
    says = f"As good as {chosen} by everything that is weighed; ask the family which they prefer."
    if cost_band(candidate.intervention) != cost_band(for_this.intervention):
        says = (
            f"As good as {chosen} by everything that sources state of both; which costs more, none does. "
            "Ask the family which they prefer."
        )
    return "tie", says, ()


def _unknown_here(candidate: Candidate) -> bool:
    return candidate.available != "yes" and candidate.intervention.uk_delivered is not True


def _answering(picked: Sequence[Candidate], answer: Answers) -> Candidate | None:
    found = [
        c
        for c in picked
        if any((a.person, a.need) == (answer.person, answer.need) for a in c.answers)
    ]
    return max(found, key=lambda c: (_quality(c, answer), c.key), default=None)


def _answer_of(candidate: Candidate, answer: Answers) -> Answers:
    return next(a for a in candidate.answers if (a.person, a.need) == (answer.person, answer.need))


def _quality(candidate: Candidate, answer: Answers) -> int:
    return _answer_of(candidate, answer).quality


def _weaker_words(ours: Answers, theirs: Answers, chosen: str) -> str:
    if ours.certainty is not theirs.certainty or not ours.of_child:
        return (
            f"{CERTAINTY_WORDS[ours.certainty].capitalize()}; {chosen} is better shown here "
            f"({CERTAINTY_WORDS[theirs.certainty]})."
        )
    return (
        f"As well shown as {chosen}, but {FIT_WORDS[ours.age_fit]}; the other is "
        f"{FIT_WORDS[theirs.age_fit]}."
    )
