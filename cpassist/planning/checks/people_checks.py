"""What the file leaves open of people: their age, who looks after them, their language."""

from collections.abc import Iterator

from babel import Locale

from cpassist.catalogue.named_in_code import (
    SAFE_CARER,
)
from cpassist.catalogue.vocabulary import Whose
from cpassist.family.records import Person
from cpassist.family.vocabulary import (
    Placement,
    read_day,
)
from cpassist.planning.checks.checked import Checked, check
from cpassist.planning.package.offers import names
from cpassist.planning.package.package import Finding
from cpassist.planning.safety.conditions import needs_interpreter
from cpassist.planning.taking_part.age_fit import touches_range


@check
def need_of_another_age(checked: Checked) -> Iterator[Finding]:
    """An adult's need recorded of a child who is nobody's parent, or a child's need of an adult."""
    for need in checked.family.needs:
        if not need.is_matched:
            continue
        kind, person = checked.catalogue.need_types[need.need], checked.family.person(need.person)
        for_child = kind.whose is Whose.CHILD
        if for_child == person.is_child or kind.whose is Whose.HOUSEHOLD:
            continue
        if person.is_child and checked.family.is_parenting(person.key):
            continue
        yield Finding(
            code="need_of_another_age",
            level="asks",
            about=(need.person,),
            says=(
                f"“{kind.label}” is a need of {'children' if for_child else 'adults'}, and {person.label} is "
                f"{'a child' if person.is_child else 'an adult'}. Whose need is it, or which need is meant?"
            ),
        )


@check
def no_safe_carer(checked: Checked) -> Iterator[Finding]:
    """A child of whose carers each is recorded as not safe for it."""
    family = checked.family
    for child in family.children:
        carers = family.carers_of(child.key)
        said = checked.harm.answers.recorded
        unsafe = [c for c in carers if said(SAFE_CARER, c, child.key) is False]
        if carers and len(unsafe) == len(carers):
            yield Finding(
                code="no_safe_carer",
                level="blocks",
                about=(child.key,),
                says=(
                    f"Nobody who looks after {child.label} is recorded as safe ({names(unsafe, family)}). Settle "
                    f"today who keeps {child.label} safe, by your procedures; no programme comes first."
                ),
            )


@check
def age_not_sure(checked: Checked) -> Iterator[Finding]:
    """A birth date known only in part, where knowing it could change what fits."""
    for child in checked.family.children:
        low, high = checked.family.age(child.key, checked.on)
        if low == high:
            continue
        could = sorted(
            {
                row.intervention
                for row in checked.ruled_out
                if row.because == "outside_age"
                and row.person == child.key
                and touches_range(
                    checked.catalogue.interventions[row.intervention],
                    row.need,
                    (low, high),
                    checked.catalogue,
                )
            }
        )
        if could:
            yield Finding(
                code="age_not_sure",
                level="asks",
                about=(child.key,),
                says=(
                    f"When exactly was {child.label} born? Only {_known_of_birth(child)} is recorded, and some "
                    "help would fit at one possible age and not at another."
                ),
                holds=tuple(could),
            )


def _known_of_birth(child: Person) -> str:
    if child.age_between:
        return f"an age between {child.age_between[0]} and {child.age_between[1]}"
    if child.due:
        return f"when the baby is due ({child.due})"
    return f"the {'month' if len(child.born or '') == 7 else 'year'} ({child.born})"


@check
def bond_not_recorded(checked: Checked) -> Iterator[Finding]:
    """Somebody who looks after a child, and nobody said what they are to that child."""
    for person in checked.family.people:
        known = {r.child for r in checked.family.relations if r.person == person.key}
        left = sorted(c for c in person.cares_for if c not in known)
        if left and checked.family.is_parenting(person.key):
            yield Finding(
                code="bond_not_recorded",
                level="asks",
                about=(person.key,),
                says=(
                    f"What is {person.label} to {names(left, checked.family)}? Some help is for parents, some "
                    "for kinship or foster carers only."
                ),
            )


@check
def carer_not_recorded(checked: Checked) -> Iterator[Finding]:
    """A child at home, or with a family, of whom nobody said who looks after them."""
    for child in checked.family.children:
        elsewhere = child.placement in {
            Placement.RESIDENTIAL,
            Placement.HOSPITAL,
            Placement.CUSTODY,
        }
        on_their_own = checked.family.is_parenting(child.key)
        if not elsewhere and not on_their_own and not checked.family.carers_of(child.key):
            yield Finding(
                code="carer_not_recorded",
                level="asks",
                about=(child.key,),
                says=(
                    f"Who looks after {child.label}? Nobody is recorded, so no help that works with a carer can "
                    "be found. Add it to the entry of whoever does."
                ),
            )


@check
def birth_overdue(checked: Checked) -> Iterator[Finding]:
    for child in checked.family.children:
        if child.due and read_day(child.due)[1] < checked.on:
            yield Finding(
                code="birth_overdue",
                level="asks",
                about=(child.key,),
                says=f"{child.label} was due in {child.due}. Has the baby been born? If so, record the birth date.",
            )


@check
def interpreter(checked: Checked) -> Iterator[Finding]:
    """Somebody who has stated languages, and English is none of them."""
    for person in checked.family.people:
        if needs_interpreter(checked.family, person.key):
            spoken = " and ".join(map(language_words, checked.family.limits.languages[person.key]))
            yield Finding(
                code="interpreter",
                level="asks",
                about=(person.key,),
                says=(
                    f"{person.label} speaks {spoken}: book a professional interpreter, never a relative or a child, and ask of "
                    "each kind of help whether it is given with one."
                ),
            )


def language_words(spoken: str) -> str:
    """A language in words: "Yoruba" for yo; what is no known code stands as it was written."""
    return str(Locale("en", "GB").languages.get(spoken.strip().casefold(), spoken))
