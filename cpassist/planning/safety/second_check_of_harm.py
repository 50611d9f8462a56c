"""The second pair of eyes on harm: who is in a room with whom, read once more from raw needs and answers.

It shares nothing with `cpassist.harm` on purpose, and reads more plainly and more strictly.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.named_in_code import (
    ABUSE_PATTERN,
    AFRAID_OF,
    CAUSING_HARM_TO_CHILD,
    CHILD_FEELS_SAFE_WITH,
    COERCIVE_CONTROL,
    CONTACT_FORBIDDEN,
    CONVICTED_ABUSE,
    DOMESTIC_ABUSE_CAUSING,
    HARM_CONTINUES,
    HARMFUL_SEXUAL_BEHAVIOUR,
    HAS_HARMED,
    HIGH_HARM_SIGNS,
    IMMEDIATE_DANGER,
    IN_REFUGE,
    JOINT_SESSION_CLEARED,
    MAY_KNOW_WHEREABOUTS,
    SAFE_CARER,
    SEXUAL_HARM_SUSPECTED,
    UNSAFE_IN_GROUP,
)
from cpassist.catalogue.vocabulary import Who
from cpassist.family.family import Family
from cpassist.family.vocabulary import (
    ADULT_FROM_MONTHS,
    UNKNOWN_HARMER,
    AnswerValue,
    RelationKind,
    When,
)

FRIGHTENING = (ABUSE_PATTERN, COERCIVE_CONTROL, AFRAID_OF, CONTACT_FORBIDDEN)
SAID_TO_HARM = (SEXUAL_HARM_SUSPECTED, HAS_HARMED, ABUSE_PATTERN, COERCIVE_CONTROL, CONTACT_FORBIDDEN)  # fmt: skip
PARTNERED = {RelationKind.PARENT, RelationKind.STEP_PARENT, RelationKind.PARTNER_OF_CARER}
STANDING_IN = {RelationKind.KINSHIP_CARER, RelationKind.FOSTER_CARER, RelationKind.ADOPTER}


@dataclass(frozen=True, kw_only=True, repr=False)
class RawLines:
    """What a family's needs and answers say of harm as they stand, read once for all of its offers."""

    harmed: frozenset[tuple[str, str]]
    """By whom and to whom any line says or suspects harm, neglect apart."""
    frightened: frozenset[tuple[str, str]]
    """Whom somebody frightens, or may not meet: the one who does, and the other."""
    abusing: frozenset[str]
    """Of whom any line says that they abuse an adult of the family."""
    unexplained: frozenset[str]
    """Who was harmed, neglect apart, by nobody knows whom."""


def raw_lines(family: Family, catalogue: Catalogue) -> RawLines:
    """Reads what needs and answers say of harm, as they stand."""
    kinds = catalogue.need_types
    # Help for these puts carer and child together because of the very harm.
    together = catalogue.worked_on_together
    harmed = {(a, b) for ask, a, b in family.said_yes if ask in SAID_TO_HARM and a and b}
    harmed |= {(b, a) for ask, a, b in family.said_yes if ask == CONTACT_FORBIDDEN and a and b}
    for n in family.needs:
        if n.need not in together:
            harmed |= {(by, n.person) for by in n.harmed_by or ()}
        if n.need == CAUSING_HARM_TO_CHILD:
            touched = n.affects or tuple(child.key for child in family.children)
            harmed |= {(n.person, child) for child in touched}
    return RawLines(
        harmed=frozenset(harmed),
        frightened=frozenset((a, b) for ask, a, b in family.said_yes if ask in FRIGHTENING and a and b),
        abusing=frozenset(
            {n.person for n in family.needs if n.need == DOMESTIC_ABUSE_CAUSING}
            | {by for n in family.needs if kinds[n.need].between_adults for by in n.harmed_by or ()}
        ),
        unexplained=frozenset(
            n.person
            for n in family.needs
            if kinds[n.need].harm and n.need not in together and UNKNOWN_HARMER in (n.harmed_by or (UNKNOWN_HARMER,))
        ),
    )  # fmt: skip


def unsafe(
    offer: Any, lines: RawLines, family: Family, catalogue: Catalogue, on: datetime.date
) -> Iterator[str]:
    """Each way in which an offer would bring somebody to whoever harms or may harm them."""
    help_ = catalogue.interventions[offer.intervention]
    if (help_.together or help_.group) and len(offer.people) > 1:
        yield from _room(offer, help_, lines, family, catalogue)
    yield from _sexual(offer, help_, family, catalogue, on)
    yield from _couple(offer, help_, family, catalogue, on)
    yield from _standing_in(offer, help_, lines, family, catalogue)
    yield from _on_suspicion(offer, help_, family, catalogue)
    yield from _after_harm(offer, help_, family)
    yield from _of_the_right_age(offer, family, catalogue)
    if help_.phase.value != "safety" and _said(family, IMMEDIATE_DANGER):
        yield f"{offer.key} is not for the danger that is today (H28)."


def unsafe_beside_each_other(
    offers: Sequence[Any], lines: RawLines, family: Family, catalogue: Catalogue
) -> Iterator[str]:
    """Each two offers that would bring somebody to whoever harms them, through one group."""
    for one, other in combinations(offers, 2):
        if one.intervention == other.intervention and catalogue.interventions[one.intervention].group:  # fmt: skip
            for a in one.people:
                for b in other.people:
                    if _apart(a, b, lines, family) or _apart(b, a, lines, family):
                        yield f"{one.intervention} would bring {a} and {b} to one group (H29)."


def _is(family: Family, ask: str, person: str | None, other: str | None = None) -> bool:
    return (ask, person, other) in family.said_yes


def _is_not(family: Family, ask: str, person: str | None, other: str | None = None) -> bool:
    return (ask, person, other) in family.said_no


def _said(family: Family, ask: str) -> list[str]:
    """Those of whom a question was answered with yes."""
    return [
        a.person for a in family.circumstances
        if a.ask == ask and a.answer is AnswerValue.TRUE and a.person
    ]  # fmt: skip


def _apart(one: str, other: str, lines: RawLines, family: Family) -> bool:
    """Whether two are not to meet in one group."""
    frightens = (one, other) in lines.frightened
    unsafe_ = _is_not(family, CHILD_FEELS_SAFE_WITH, one, other)
    sexual = family.need(one, HARMFUL_SEXUAL_BEHAVIOUR) and family.person(other).is_child
    return bool((one, other) in lines.harmed or frightens or unsafe_ or sexual)


def _room(
    offer: Any, help_: Intervention, lines: RawLines, family: Family, catalogue: Catalogue
) -> Iterator[str]:
    kinds = catalogue.need_types
    harm = catalogue.harm_needs - catalogue.worked_on_together
    grown = {key for key in offer.people if family.is_parenting(key)}
    for one, other in permutations(offer.people, 2):
        if _is(family, CONTACT_FORBIDDEN, one, other) or _is(family, CONTACT_FORBIDDEN, other, one):  # fmt: skip
            yield f"{offer.key} joins {one} and {other}, between whom contact is forbidden (H1)."
        if _is_not(family, MAY_KNOW_WHEREABOUTS, one, other):
            yield f"{offer.key} gives away to {one} where {other} is (H1)."
        if _is(family, IN_REFUGE, other) and one in grown and not family.lives_with(one, other):  # fmt: skip
            yield f"{offer.key} gives away to {one} where the refuge of {other} is (H1)."
        young = other not in grown
        frightens = (one, other) in lines.frightened
        harmed = (one, other) in lines.harmed
        done = (
            {
                n.need
                for n in family.needs_of(other)
                if n.need in harm and one in (n.harmed_by or ())
            }
            if harmed
            else set()
        )
        if harmed or frightens:
            small = family.age(other, family.assessed_on)[1] < 36
            asks_child = young and not small
            clearing = CHILD_FEELS_SAFE_WITH if asks_child else JOINT_SESSION_CLEARED
            made_for = ("for_carer_who_harmed" if young else "for_cleared_pair") in help_.tags
            cleared = made_for and _is(family, clearing, one, other)
            if young and harmed and not _is_not(family, HARM_CONTINUES, other):
                yield f"{offer.key} puts {other} in a room with {one} while the harm may go on (H30)."
            if (
                not cleared
                or any(kinds[key].joint_work == "never" for key in done)
                or (
                    young
                    and (_is(family, CONVICTED_ABUSE, one) or _is(family, HIGH_HARM_SIGNS, one))
                )
                or (
                    young
                    and (
                        _is(family, AFRAID_OF, one, other)
                        or _is(family, COERCIVE_CONTROL, one, other)
                    )
                )
            ):
                yield f"{offer.key} puts {other} in a room with {one} (H1)."
        if (
            help_.together
            and young
            and one in grown
            and one in lines.abusing
            and (done or not _is(family, SAFE_CARER, one, other))
        ):
            yield f"{offer.key} puts {other} in a room with {one}, who abuses an adult (H1)."
        if young and _is_not(family, SAFE_CARER, one, other):
            yield f"{offer.key} puts {other} in a room with {one}, who is not safe for them (H1)."
        if young and _is_not(family, CHILD_FEELS_SAFE_WITH, one, other):
            yield f"{offer.key} puts {other} in a room with {one}, where they do not feel safe (H1)."
        old_enough = family.age(one, family.assessed_on)[0] >= 10 * 12
        if (
            (help_.together or (young and one not in grown))
            and other in lines.unexplained
            and old_enough
            and not _is(family, SAFE_CARER, one, other)
            and not _is_not(family, HAS_HARMED, one, other)
        ):
            yield f"{offer.key} joins {one} and {other} while nobody knows who harms (H2)."


def _sexual(
    offer: Any, help_: Intervention, family: Family, catalogue: Catalogue, on: datetime.date
) -> Iterator[str]:
    """H24: whoever harmed anybody sexually is with no child, in no couple and on no carers' course."""
    kinds = {key for key, kind in catalogue.need_types.items() if kind.sexual}
    done = {h for n in family.needs if n.need in kinds for h in n.harmed_by or ()}
    done |= set(_said(family, SEXUAL_HARM_SUSPECTED))
    done |= {n.person for n in family.needs if n.need == HARMFUL_SEXUAL_BEHAVIOUR}
    carers_work = help_.plays(
        Who.CARER, Who.HARMING_CARER, Who.SUBSTITUTE_CARER, Who.HOUSEHOLD, Who.COUPLE
    ) or (help_.plays(Who.ADULT) and "parenting" in help_.tags)
    for key in set(offer.people) & done:
        others = [k for k in offer.people if k != key and family.age(k, on)[0] < ADULT_FROM_MONTHS]
        if help_.group and not _is_not(family, UNSAFE_IN_GROUP, key):
            yield f"{offer.key} brings {key} to a group, and nobody settled that it is safe (H31)."
        if others and (help_.together or help_.group):
            yield f"{offer.key} puts a child in a room with {key} (H24)."
        # A young parent may be the child whom the help is for: then nobody else's carer there.
        is_the_child = (
            help_.plays(Who.CHILD)
            and family.person(key).is_child
            and not any(family.person(k).is_child for k in offer.people if k != key)
        )
        if carers_work and family.is_parenting(key) and not is_the_child:
            yield f"{offer.key} has {key} take part as a carer or partner (H24)."


def _couple(
    offer: Any, help_: Intervention, family: Family, catalogue: Catalogue, on: datetime.date
) -> Iterator[str]:
    """H25: couples are grown up, and recorded as parents or partners of one child's carer."""
    if not (help_.plays(Who.COUPLE) or {"couple_work", "joint_adults"} & set(help_.tags)):
        return
    bound = [
        {r.child for r in family.relations if r.person == key and r.kind in PARTNERED}
        for key in offer.people
    ]
    if any(family.age(key, on)[0] < ADULT_FROM_MONTHS for key in offer.people):
        yield f"{offer.key} is couple work with somebody under 18 (H25)."
    parents = [
        {r.child for r in family.relations if r.person == key and r.kind is RelationKind.PARENT}
        for key in offer.people
    ]
    share_a_home = len(offer.people) == 2 and family.lives_with(*offer.people) is True
    if (
        len(offer.people) < 2
        or not set.intersection(*bound)
        or not (set.intersection(*parents) or (share_a_home and any(parents)))
    ):
        yield f"{offer.key} is couple work for people who are no couple (H25)."
    for key in offer.people:
        causing = family.need(key, DOMESTIC_ABUSE_CAUSING)
        abuses = causing is not None and causing.when is not When.PAST
        for n in family.needs:
            if n.need not in catalogue.children_beside_abuse or key not in (n.harmed_by or ()):
                continue
            minded = {
                *family.carers_of(n.person),
                *(r.person for r in family.relations if r.child == n.person),
            }
            abuses = abuses or bool((set(offer.people) - {key}) & minded)
        if abuses or _is(family, CONVICTED_ABUSE, key) or _is(family, HIGH_HARM_SIGNS, key):
            if "for_cleared_pair" not in help_.tags:
                yield f"{offer.key} is couple work with {key}, who is known to abuse (R-DA-01)."


def _standing_in(
    offer: Any, help_: Intervention, lines: RawLines, family: Family, catalogue: Catalogue
) -> Iterator[str]:
    """H26: nobody who harmed a child, or is not safe for it, stands in as its parent."""
    if not help_.plays(Who.SUBSTITUTE_CARER):
        return
    for child in family.children:
        for carer in set(family.carers_of(child.key)) & set(offer.people):
            # A young parent may be the child whom the training is for.
            if not any(r.person == carer and r.kind in STANDING_IN for r in family.relations):
                continue
            if carer in lines.abusing or any(
                (carer, c.key) in lines.harmed for c in family.children
            ):
                yield f"{offer.key} trains {carer}, who harmed somebody, to stand in (H26)."
            kinds = catalogue.need_types
            unsaid = any(
                UNKNOWN_HARMER in (n.harmed_by or (UNKNOWN_HARMER,))
                for n in family.needs_of(child.key)
                if kinds[n.need].carer_answers or kinds[n.need].sexual
            )
            if unsaid and not _is(family, SAFE_CARER, carer, child.key):
                yield f"{offer.key} trains {carer} for {child.key} while nobody knows who harmed them (H26)."
            named = any(carer in (n.harmed_by or ()) for n in family.needs_of(child.key))
            feared = any(_is(family, q, carer, child.key) for q in FRIGHTENING)
            unsafe_ = _is_not(family, SAFE_CARER, carer, child.key)
            feared = feared or any(_is(family, q, carer) for q in (CONVICTED_ABUSE, HIGH_HARM_SIGNS))  # fmt: skip
            if named or feared or unsafe_ or (carer, child.key) in lines.harmed:
                yield f"{offer.key} trains {carer} to stand in for {child.key} (H26)."


def _on_suspicion(
    offer: Any, help_: Intervention, family: Family, catalogue: Catalogue
) -> Iterator[str]:
    """H27: work for people who abuse is for those known to, and for adults."""
    together = catalogue.worked_on_together
    if help_.plays(Who.HARMING_CARER):
        grown = [key for key in offer.people if family.is_parenting(key)]
        lines = [
            n
            for n in family.needs
            if (n.person in offer.people and set(grown) & set(n.harmed_by or ()) and n.need not in together)
            or (n.person in grown and n.need == CAUSING_HARM_TO_CHILD)
        ]  # fmt: skip
        if not any(n.basis.value in {"confirmed", "said_by_parent"} for n in lines):
            yield f"{offer.key} asks somebody to own a harm that is only suspected (H27)."
    if not help_.plays(Who.PERSON_CAUSING_HARM):
        return
    for key in offer.people:
        lines = [n for n in family.needs if key in (n.harmed_by or ()) and n.need not in together]  # fmt: skip
        lines += [n for n in family.needs_of(key) if n.need in {DOMESTIC_ABUSE_CAUSING, CAUSING_HARM_TO_CHILD}]  # fmt: skip
        answered = _is(family, CONVICTED_ABUSE, key) or _is(family, HIGH_HARM_SIGNS, key)
        if not answered and not any(
            n.basis.value in {"confirmed", "said_by_parent"} for n in lines
        ):
            yield f"{offer.key} rests on suspicion alone (H27)."
        if family.person(key).is_child:
            yield f"{offer.key} is for adults who abuse, and {key} is a child."


def _after_harm(offer: Any, help_: Intervention, family: Family) -> Iterator[str]:
    """H30: no therapy or recovery work while the harm goes on."""
    if "after_harm" not in help_.tags:
        return
    young = [key for key in offer.people if not family.is_parenting(key)]
    for key in young or offer.people:
        if not _is_not(family, HARM_CONTINUES, key):
            yield f"{offer.key} is recovery work while harm to {key} may go on (H30)."


def _of_the_right_age(offer: Any, family: Family, catalogue: Catalogue) -> Iterator[str]:
    for answer in offer.answers:
        whose = catalogue.need_types[answer.need].whose.value
        person = family.person(answer.person)
        if (whose == "child" and not person.is_child) or (whose == "adult" and not family.is_parenting(person.key)):  # fmt: skip
            yield f"{offer.key} answers a need that is recorded on the wrong person."
