"""What the file itself leaves open: danger, questions, needs without a level, harm without a name."""

from collections.abc import Iterator
from itertools import combinations

from cpassist.catalogue.conditions import Asked
from cpassist.catalogue.named_in_code import (
    DOMESTIC_ABUSE_CAUSING,
    HARMFUL_SEXUAL_BEHAVIOUR,
    IMMEDIATE_DANGER,
    PARENTAL_CONFLICT,
)
from cpassist.family.vocabulary import (
    When,
)
from cpassist.harm.causing import CAUSING
from cpassist.planning.checks.checked import Checked, check
from cpassist.planning.package.package import Finding
from cpassist.planning.taking_part.support_words import sounds_like


@check
def immediate_danger(checked: Checked) -> Iterator[Finding]:
    """Danger today, true or not known, for whoever may be in it."""
    for danger in checked.harm.in_danger:
        about = danger.person
        label = checked.family.label_of(about)
        says = (
            f"{label} is in danger today. Follow your procedures now; no programme comes first."
            if danger.today
            else f"{'It is not known' if danger.was_asked else 'Nobody has said'} whether {label} is in danger today. "
            "Find out before anything else."
        )
        yield Finding(
            code="immediate_danger",
            level="blocks" if danger.today or danger.urgent else "asks",
            about=(about,),
            says=says,
            ask=None if danger.today else Asked(key=IMMEDIATE_DANGER, person=about),
        )


@check
def same_provider(checked: Checked) -> Iterator[Finding]:
    """One kind of help, each apart, for somebody harmed and for whoever harmed them."""
    offers = checked.package.offers
    for one, other in combinations(offers, 2):
        if one.intervention != other.intervention:
            continue
        pairs = [
            (a, b)
            for a in one.people
            for b in other.people
            if a != b and checked.harm.are_kept_apart(a, b)
        ]
        if pairs:
            a, b = min(pairs)
            label = checked.family.label_of
            yield Finding(
                code="same_provider",
                level="asks",
                about=tuple(sorted((a, b))),
                says=(
                    f"{checked.catalogue.title(one.intervention)} is proposed for {label(a)} and for {label(b)}, who are to be "
                    "kept apart. Ask for other workers, other days and another door."
                ),
                rule="H29",
            )


@check
def victim_not_recorded(checked: Checked) -> Iterator[Finding]:
    """Somebody who causes abuse, and nobody recorded as subjected to it by them."""
    for need in checked.family.needs:
        if need.need == DOMESTIC_ABUSE_CAUSING and need.is_matched:
            if not checked.harm.victims_of(need.person):
                yield Finding(
                    code="victim_not_recorded",
                    level="asks",
                    about=(need.person,),
                    says=(
                        f"Who is, or was, harmed by {checked.family.label_of(need.person)}? Nobody is "
                        "recorded, and work with them runs only beside support for that person."
                    ),
                    rule="R-DA-04",
                )


@check
def harm_without_need(checked: Checked) -> Iterator[Finding]:
    """Somebody recorded as harming another of the family, of whom nothing is recorded that would be worked on."""
    own = {*CAUSING, HARMFUL_SEXUAL_BEHAVIOUR}
    for key in checked.harm.causing:
        if any(need.need in own for need in checked.family.needs_of(key)):
            continue
        label = checked.family.label_of(key)
        yield Finding(
            code="harm_without_need",
            level="asks",
            about=(key,),
            says=(
                f"{label} harmed somebody, or may have, and nothing is recorded yet about what {label} must do. "
                f"Write down what you ask of {label}, who sees {label}, and where {label} may go."
            ),
        )


@check
def conflict_beside_abuse(checked: Checked) -> Iterator[Finding]:
    """Conflict between parents, recorded of somebody who is also recorded as abusing or abused."""
    abuse = {*checked.catalogue.adults_abused, DOMESTIC_ABUSE_CAUSING}
    for need in checked.family.needs:
        theirs = [n for n in checked.family.needs_of(need.person) if n.need in abuse]
        recorded = any(other.when is not When.PAST for other in theirs)
        if need.need == PARENTAL_CONFLICT and need.when is not When.PAST and recorded:
            label = checked.family.label_of(need.person)
            yield Finding(
                code="conflict_beside_abuse",
                level="asks",
                about=(need.person,),
                says=(
                    f"For {label} both conflict between parents and domestic abuse are recorded. Is it abuse? "
                    "Then take the conflict out: help for quarrels is not made for it."
                ),
            )


@check
def not_rated(checked: Checked) -> Iterator[Finding]:
    for need in checked.family.needs:
        if need.level is None and need.when is not When.PAST:
            label = checked.family.label_of(need.person)
            yield Finding(
                code="not_rated",
                level="asks",
                about=(need.person,),
                says=f"How much help does {label} need with {checked.catalogue.label(need.need).lower()}?",
            )


@check
def factor_waiting(checked: Checked) -> Iterator[Finding]:
    """What a census return says of somebody who is not named yet."""
    for factor in checked.family.waiting:
        yield Finding(
            code="factor_waiting",
            level="asks",
            about=factor.children,
            says=f"{factor.says} Of whom is that said? Until somebody says so it leads to nothing.",
        )


@check
def harmer_not_recorded(checked: Checked) -> Iterator[Finding]:
    for need in checked.family.needs:
        if checked.catalogue.need_types[need.need].harm and need.is_unexplained:
            label = checked.family.label_of(need.person)
            yield Finding(
                code="harmer_not_recorded",
                level="asks",
                about=(need.person,),
                says=f"Who harms, or harmed, {label} ({checked.catalogue.label(need.need).lower()})? Nobody has said.",
                ask=Asked(key="harmed_by", person=need.person),
            )


@check
def support_not_known(checked: Checked) -> Iterator[Finding]:
    for line in checked.family.support:
        if line.intervention and line.intervention not in checked.catalogue.interventions:
            yield Finding(
                code="support_not_known",
                level="notes",
                about=(line.person,),
                says="A support line names help that this catalogue does not hold; it counts as words only.",
            )


@check
def support_may_be(checked: Checked) -> Iterator[Finding]:
    """Help written down in words that sounds like help of the catalogue: until somebody says so, it is not joined."""
    for line in checked.family.support:
        titles = [checked.catalogue.title(key) for key in sounds_like(line, checked.catalogue)]
        if titles:
            label = checked.family.label_of(line.person)
            yield Finding(
                code="support_may_be",
                level="asks",
                about=(line.person,),
                says=(
                    f"“{line.says}” ({label}): is that {' or '.join(titles[:3])}? Choose it from the list of help, so that it "
                    "counts and is not offered again."
                ),
            )


@check
def children_of_abuse_considered(checked: Checked) -> Iterator[Finding]:
    """R-CH-09: each child an adult's abuse affects has an assessed need of its own, or is asked about."""
    beside_abuse = checked.catalogue.children_beside_abuse
    for need in checked.family.needs:
        if need.need not in checked.catalogue.adults_abused or not need.is_matched:
            continue
        for child in need.affects:
            if not any(n.need in beside_abuse for n in checked.family.needs_of(child)):
                label = checked.family.label_of(child)
                yield Finding(
                    code="child_not_considered",
                    level="asks",
                    about=(child,),
                    says=(
                        f"{label} is said to be affected by the abuse of {checked.family.label_of(need.person)}. Record "
                        f"what {label} needs because of it, or that no help is needed with it."
                    ),
                    rule="R-CH-09",
                )
