"""The second pair of eyes: re-checks a package from the raw family and catalogue, and refuses a bad one.

Written apart from the graph and the search on purpose. It looks only at what a package says and
at the records; it trusts nothing that was worked out on the way.
"""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.named_in_code import (
    CAUSING_HARM_TO_CHILD,
    DOMESTIC_ABUSE_CAUSING,
    SAFE_CARER,
    VICTIM_HAS_OWN_WORKER,
)
from cpassist.catalogue.vocabulary import RuleBasis, Severity, Who
from cpassist.errors import PackageRefused
from cpassist.family.family import Family
from cpassist.family.vocabulary import (
    OUTSIDE_FAMILY,
    UNKNOWN_HARMER,
    AnswerValue,
    SupportState,
    When,
)
from cpassist.harm.reading import HarmReading, read_harm
from cpassist.planning.safety.conditions import Case, read_condition
from cpassist.planning.safety.second_check_of_harm import (
    raw_lines,
    unsafe,
    unsafe_beside_each_other,
)

# Words on an unanswered question that keep an offer out.
STRICT = {"hold", "worst"}


def verify(package: Any, family: Family, catalogue: Catalogue, on: datetime.date) -> None:
    """Raises PackageRefused when a package breaks a rule, names a stranger or lets something vanish."""
    harm, lines = read_harm(family, catalogue, on), raw_lines(family, catalogue)
    broken = [*_nothing_vanished(package, family, catalogue)]
    ways = (package.offers, *(other.offers for other in package.alternatives))
    for offers in ways:
        broken += [
            *_together(offers, harm),
            *_within_limits(offers, family),
            *_in_order(offers, harm),
            *unsafe_beside_each_other(offers, lines, family, catalogue),
        ]
    # One and the same offer in several ways is looked at once.
    for offer in dict.fromkeys(offer for offers in ways for offer in offers):
        broken += [*_one_offer(offer, harm), *unsafe(offer, lines, family, catalogue, on)]
    if broken:
        raise PackageRefused(
            "The second check refused this package: " + " ".join(sorted(set(broken)))
        )


def _one_offer(offer: Any, harm: HarmReading) -> Iterator[str]:
    family, catalogue, on = harm.family, harm.catalogue, harm.on
    keys = {person.key for person in family.people}
    help_ = catalogue.interventions[offer.intervention]
    if not help_.is_offered_kind or help_.withdrawn:
        yield f"{help_.key} is never offered."
    if not set(offer.people) <= keys or any(family.person(k).is_unborn for k in offer.people):
        yield f"{offer.key} names somebody who cannot take part."
    yield from _evidence_holds(offer, help_, family, catalogue, on)
    yield from _parts_hold(offer, help_, family, catalogue)
    yield from _children_are_of_age(offer, help_, family, on)
    yield from _rules_hold(offer, help_, harm)
    yield from _no_carer_stands_accused(offer, help_, family, catalogue)
    for judgement in family.judgements:
        same = judgement.intervention == help_.key and set(judgement.people) == set(offer.people)
        if same and judgement.decision.value == "decline":
            yield f"{offer.key} was declined."


def _evidence_holds(
    offer: Any,
    help_: Intervention,
    family: Family,
    catalogue: Catalogue,
    on: datetime.date,
) -> Iterator[str]:
    rows = {row.id: row for row in help_.evidence}
    for answer in offer.answers:
        need = family.need(answer.person, answer.need)
        if need is None or need.level is None or need.level < 1 or need.when is When.PAST:
            yield f"{offer.key} answers a need that asks for nothing."
            continue
        if need.level == 1 and help_.intensity.value != "light":
            yield f"{offer.key} is too much for a need to keep an eye on."
        adult_need = catalogue.need_types[answer.need].whose.value != "child"
        if adult_need and answer.person not in offer.people:
            yield f"{offer.key} answers {answer.person}'s need without {answer.person}."
        if not answer.evidence:
            yield f"{offer.key} stands on no evidence."
        for key in answer.evidence:
            if key not in rows or rows[key].need != answer.need or not rows[key].may_be_offered_on:
                yield f"{offer.key} rests on {key}, which cannot carry it."
        if any(row.need == answer.need and row.effect.value == "harms" for row in help_.evidence):
            yield f"{offer.key} may do harm."
        own_age = (
            family.person(answer.person).is_child
            and catalogue.need_types[answer.need].whose.value == "child"
        )
        if own_age and offer.judged != "add":
            low, high = family.age(answer.person, on)
            read = [a for a in help_.ages if a.read.value != "recalled"]
            if read and not any(a.low <= low and high <= a.high for a in read):
                yield f"{offer.key} is outside every age it was tested or offered for."


def _no_carer_stands_accused(
    offer: Any, help_: Intervention, family: Family, catalogue: Catalogue
) -> Iterator[str]:
    """While nobody knows who hurt a child, no carer alone gets help that is for that harm (H2)."""
    for child in {a.person for a in offer.answers} - set(offer.people):
        done_by = {
            key
            for need in family.needs_of(child)
            if catalogue.need_types[need.need].carer_answers and help_.evidence_for(need.need)
            for key in need.harmed_by or (UNKNOWN_HARMER,)
        }
        safe = all(
            family.answer(SAFE_CARER, key, child) is AnswerValue.TRUE for key in offer.people
        )
        if UNKNOWN_HARMER in done_by and not done_by & set(offer.people) and not safe:
            yield f"{offer.key} asks a carer to answer for a harm nobody has explained (H2)."


def _parts_hold(
    offer: Any, help_: Intervention, family: Family, catalogue: Catalogue
) -> Iterator[str]:
    """Who takes part is who may: no perpetrator work on a guess, no victim's group without a victim."""
    people = [family.person(key) for key in offer.people]

    def some(*needs: str) -> bool:
        return any(family.need(person.key, need) for person in people for need in needs)

    if help_.plays(Who.PERSON_CAUSING_HARM) and not (
        some(DOMESTIC_ABUSE_CAUSING, CAUSING_HARM_TO_CHILD)
    ):
        yield f"{offer.key}: nobody taking part is recorded as causing harm."
    if help_.plays(Who.VICTIM) and not some(*catalogue.adults_abused):
        yield f"{offer.key}: nobody taking part is recorded as subjected to abuse."
    needs_child = any(part.who is Who.CHILD and not part.optional for part in help_.takes_part)
    if needs_child and not any(person.is_child for person in people):
        yield f"{offer.key}: no child takes part."
    if help_.plays(Who.COUPLE) and len(people) < 2:
        yield f"{offer.key}: a couple is two people."


def _children_are_of_age(
    offer: Any, help_: Intervention, family: Family, on: datetime.date
) -> Iterator[str]:
    read = [a for a in help_.ages if a.read.value != "recalled"]
    for key in offer.people:
        person = family.person(key)
        in_child_part = help_.plays(Who.CHILD) and not family.is_parenting(key)
        if offer.judged == "add" or not read or not person.is_child or not in_child_part:
            continue
        low, high = family.age(key, on)
        if not any(a.low <= low and high <= a.high for a in read):
            yield f"{offer.key} brings along {key}, who is outside its ages."


def _rules_hold(offer: Any, help_: Intervention, harm: HarmReading) -> Iterator[str]:
    case, catalogue = _bare_case(offer, harm), harm.catalogue
    for rule, basis in catalogue.rules_for(help_):
        acts = basis is not RuleBasis.INFERRED and not rule.built_in and not rule.clashes_with
        if not acts or rule.when is None:
            continue
        value, word = _acts(rule, case)
        # An unanswered question that holds, or is read as the worst, keeps the offer out as a yes would.
        if rule.severity is Severity.BLOCK and value:
            yield f"{offer.key} breaks {rule.id}."
        strict = rule.unanswered(catalogue.questions, rule.when.questions()).value in STRICT
        if rule.severity is Severity.REQUIRE and value and strict:
            yield f"{offer.key} does not meet {rule.id}."
        if rule.severity is Severity.MATCH and (word in STRICT or (word is None and not value)):
            yield f"{offer.key} is not for such a family by {rule.id}."
        if rule.severity is Severity.SEQUENCE and word == "hold":
            yield f"{offer.key} does not wait for what {rule.id} asks."


def _acts(rule: Any, case: Case) -> tuple[bool, str | None]:
    """Whether a rule acts on an offer, and by which word where its questions are open."""
    if rule.when is None:
        return True, None
    reading = read_condition(rule.when, case)
    if reading.value is not None:
        return reading.value, None
    word = rule.unanswered(case.catalogue.questions, (asked.key for asked in reading.open)).value
    return word in STRICT, word


def _together(offers: Sequence[Any], harm: HarmReading) -> Iterator[str]:
    """What needs another has it, for the right person; what clashes is not side by side."""
    family, catalogue = harm.family, harm.catalogue
    for offer in offers:
        help_ = catalogue.interventions[offer.intervention]
        for rule, basis in catalogue.rules_for(help_):
            if rule.clashes_with or rule.once_per_family:
                yield from _clashes(rule, offer, list(offers), family, catalogue)
            if rule.severity is not Severity.PAIR or basis is RuleBasis.INFERRED:
                continue
            acts, word = _acts(rule, _bare_case(offer, harm))
            if not acts:
                continue
            if word == "hold":
                yield f"{offer.key} does not wait for what {rule.id} asks."
            partners = _partners(rule, help_.key, catalogue)
            have = {p for o in offers if o.intervention in partners for p in o.people}
            have |= {
                s.person
                for s in family.support
                if s.intervention in partners and s.state is SupportState.CURRENT
            }
            if rule.needs_for == "their_victims":
                met = (
                    bool(victims := _victims_without_worker(offer, family, catalogue))
                    and victims <= have
                )
                met = met or (not victims and _has_victim(offer, family, catalogue))
            else:
                met = bool(have & _who_comes_first(offer, family))
            if not met:
                yield f"{offer.key} stands without what {rule.id} wants beside it."


def _who_comes_first(offer: Any, family: Family) -> set[str]:
    """Those who have to have the other part: the adults of an offer, or the child where it is with a child alone."""
    return {key for key in offer.people if family.is_parenting(key)} or set(offer.people)


def _partners(rule: Any, beside: str, catalogue: Catalogue) -> set[str]:
    """The interventions of which a rule wants one."""
    return {
        key
        for key, i in catalogue.interventions.items()
        if key != beside and any(name == key or name in i.tags for name in rule.needs)
    }


def _has_victim(offer: Any, family: Family, catalogue: Catalogue) -> bool:
    return any(_harmed(p.key, offer.people, family, catalogue) for p in family.people)


def _victims_without_worker(offer: Any, family: Family, catalogue: Catalogue) -> set[str]:
    """Those harmed by somebody in this offer who have not been offered a worker of their own."""
    return {
        p.key
        for p in family.people
        if _harmed(p.key, offer.people, family, catalogue)
        and not any(
            family.answer(VICTIM_HAS_OWN_WORKER, one, p.key) is AnswerValue.TRUE
            for one in offer.people
        )
    }


def _harmed(victim: str, by: Sequence[str], family: Family, catalogue: Catalogue) -> bool:
    abused = {n.need for n in family.needs_of(victim)} & catalogue.adults_abused
    if victim in by or not abused:
        return False
    harm = [
        n
        for n in family.needs_of(victim)
        if (kind := catalogue.need_types[n.need]).harm and kind.joint_work != "usual"
    ]
    named = {h for n in harm for h in n.harmed_by or (UNKNOWN_HARMER,)}
    return bool(named & {*by, UNKNOWN_HARMER})


def _clashes(
    rule: Any, offer: Any, offers: list[Any], family: Family, catalogue: Catalogue
) -> Iterator[str]:
    for other in offers:
        if (
            other.key == offer.key
            or rule.aims_at(catalogue.interventions[other.intervention]) is None
        ):
            continue
        if rule.once_per_family and other.intervention == offer.intervention:
            yield f"{offer.key} is there twice ({rule.id})."
        shared = set(other.children) & set(offer.children)
        if rule.clash_for == "takes_part":
            shared = {p for p in offer.people if family.is_parenting(p)} & set(other.people)
        if rule.clashes_with and shared:
            yield f"{offer.key} clashes with {other.key} ({rule.id})."


def _bare_case(offer: Any, harm: HarmReading) -> Case:
    return Case(
        family=harm.family,
        on=harm.on,
        people=tuple(offer.people),
        children=tuple(offer.children),
        parts={},
        harm=harm,
    )


def _nothing_vanished(package: Any, family: Family, catalogue: Catalogue) -> Iterator[str]:
    offered = {(o.intervention, a.person, a.need) for o in package.offers for a in o.answers}
    aside = [(s.intervention, s.person, s.need) for s in package.set_aside]
    if len(aside) != len(set(aside)):
        yield "Something is set aside twice."
    if offered & set(aside):
        yield "Something is both offered and set aside."
    speaking: dict[str, set[str]] = {}
    for key, i in catalogue.interventions.items():
        for row in i.evidence:
            speaking.setdefault(str(row.need), set()).add(key)
    wanted = {
        (key, need.person, need.need)
        for need in family.needs
        for key in speaking.get(need.need, ())
    }
    if wanted != offered | set(aside):
        yield f"{len(wanted ^ (offered | set(aside)))} pairs of help and need have vanished or appeared."
    answered = {(p, n) for _, p, n in offered}
    gaps = {(gap.person, gap.need) for gap in package.gaps}
    if answered & gaps:
        yield "A need is both answered and a gap."
    for need in family.needs:
        rated = need.level is not None and need.level >= 2 and need.when is not When.PAST
        if rated and (need.person, need.need) not in answered | gaps:
            yield f"{need.need} of {need.person} is neither answered nor a gap."
    strangers = {h for n in family.needs for h in n.harmed_by or ()} - {
        p.key for p in family.people
    }
    if not strangers <= {UNKNOWN_HARMER, OUTSIDE_FAMILY}:
        yield "Somebody unknown is named as causing harm."


def _within_limits(offers: Sequence[Any], family: Family) -> Iterator[str]:
    """Stated minutes of help that is not for safety stay within what a person can give."""
    kept = {o.key for o in offers if o.phase == "safety" or o.load_basis == "assumed"}
    for person, limit in family.limits.minutes_per_week.items():
        weeks: dict[int, int] = {}
        for offer in offers:
            if person in offer.people and offer.key not in kept:
                for week in range(offer.starts_week, offer.starts_week + offer.weeks_high):
                    weeks[week] = weeks.get(week, 0) + offer.minutes_per_week
        if weeks and max(weeks.values()) > limit:
            yield f"{person} is asked for more minutes than they can give."


def _in_order(offers: Sequence[Any], harm: HarmReading) -> Iterator[str]:
    """Help for safety waits for nothing but its own waiting time; what a rule wants first starts first."""
    family, catalogue = harm.family, harm.catalogue
    for offer in offers:
        earliest = 1 + (offer.wait_weeks or 0)
        if offer.starts_week < earliest:
            yield f"{offer.key} starts before it is to be had."
        if offer.phase == "safety":
            if offer.starts_week > earliest:
                yield f"{offer.key} is for safety and waits for other help."
            continue
        for rule, basis in catalogue.rules_for(catalogue.interventions[offer.intervention]):
            if not rule.before or basis is RuleBasis.INFERRED:
                continue
            acts, _ = _acts(rule, _bare_case(offer, harm))
            if not acts:
                continue
            grown = _who_comes_first(offer, family)
            partners = _partners(rule, offer.intervention, catalogue)
            in_place = any(
                line.person in grown
                and line.intervention in partners
                and line.state in {SupportState.CURRENT, SupportState.COMPLETED}
                for line in family.support
            )
            wanted = [o for o in offers if o.intervention in partners and grown & set(o.people)]
            if in_place:
                continue
            if wanted and min(other.starts_week for other in wanted) >= offer.starts_week:
                yield f"{offer.key} starts before what {rule.id} wants first."
