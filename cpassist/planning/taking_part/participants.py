"""Who could take part in an intervention for somebody's need. Roles come from the file, never from guesses."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Intervention, Part
from cpassist.catalogue.named_in_code import CAUSING_HARM_TO_CHILD
from cpassist.catalogue.vocabulary import Who, Whose
from cpassist.family.family import Family
from cpassist.family.records import Need, Person
from cpassist.family.vocabulary import SUBSTITUTE_PLACEMENTS, RelationKind
from cpassist.harm.causing import CAUSING
from cpassist.harm.reading import HarmReading
from cpassist.harm.ties import PARTNERED, children_meant, couples_of

STANDING_IN = frozenset(
    {RelationKind.KINSHIP_CARER, RelationKind.FOSTER_CARER, RelationKind.ADOPTER}
)
CARING_ROLES = frozenset(
    {
        Who.CARER,
        Who.HARMING_CARER,
        Who.SUBSTITUTE_CARER,
        Who.PREGNANT_PERSON,
        Who.VICTIM,
        Who.COUPLE,
    }
)
# Help for a whole family takes in every child it suits, not one at a time.
WHOLE_FAMILY_TAGS = frozenset({"whole_family", "family_group"})
People = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Seeking:
    """One need for which people are looked for."""

    need: Need
    person: Person
    as_child: bool
    """A child's own need; a mother of 17 with a parent's need is sought for as a parent."""
    harm: HarmReading

    @property
    def family(self) -> Family:
        return self.harm.family

    @property
    def catalogue(self) -> Catalogue:
        return self.harm.catalogue

    @property
    def on(self) -> datetime.date:
        return self.harm.on


def seek(need: Need, harm: HarmReading) -> Seeking:
    """The need with what has to be known to look for people."""
    return Seeking(
        need=need,
        person=harm.family.person(need.person),
        as_child=harm.catalogue.need_types[need.need].whose is Whose.CHILD,
        harm=harm,
    )


def combinations_for(intervention: Intervention, seeking: Seeking) -> Iterator[dict[str, People]]:
    """Each way in which people could fill an intervention's parts for one need.

    Yields role → keys. Nothing is yielded when a part that is needed cannot be filled.
    """
    choices: list[list[tuple[str, People]]] = []
    for part in intervention.takes_part:
        found = [(part.who.value, people) for people in _who(part, intervention, seeking)]
        if found:
            choices.append(found)
        elif not part.optional:
            return
    seen: set[frozenset[str]] = set()
    for combination in product(*choices):
        parts: dict[str, People] = {}
        for role, people in combination:
            parts[role] = tuple(sorted({*parts.get(role, ()), *people}))
        everybody = frozenset(key for people in parts.values() for key in people)
        # Two parts need two people: nobody is both the child and the child's carer.
        if everybody in seen or len(everybody) < sum(len(people) for people in parts.values()):
            continue
        seen.add(everybody)
        yield parts


def _who(part: Part, intervention: Intervention, seeking: Seeking) -> Iterator[People]:
    family = seeking.family
    for people in _FINDERS[part.who](intervention, seeking):
        coming = _of_age(people, intervention, seeking) if part.who is Who.CHILD else people
        if not coming or any(family.person(key).is_unborn for key in coming):
            continue
        if all(_facts_hold(part, key, seeking) for key in coming):
            yield coming


def _of_age(people: People, intervention: Intervention, seeking: Seeking) -> People:
    """Of the children who would come along, those whom the help is for; the child in question stays."""
    rows = intervention.ages_read
    if not rows:
        return people
    ages = {key: seeking.family.age(key, seeking.on) for key in people}
    return tuple(
        key
        for key in people
        if (seeking.as_child and key == seeking.person.key)
        or any(row.low <= ages[key][0] and ages[key][1] <= row.high for row in rows)
    )


def _facts_hold(part: Part, key: str, seeking: Seeking) -> bool:
    """Whether what must be true of somebody in this part is, as far as the file itself says."""
    family, child = seeking.family, seeking.person
    children = (child.key,) if seeking.as_child else family.cared_for_by(key)
    if "did_not_harm_this_child" in part.must:
        # Neglect is left out: much of the help for it is that very carer with that child.
        if any(seeking.harm.has_harmed(key, one) for one in children):
            return False
    if "lives_with_child" in part.must and seeking.as_child:
        if family.lives_with(key, child.key) is False:
            return False
    return "has_parental_responsibility" not in part.must or any(
        r.person == key and r.child in children and r.parental_responsibility
        for r in family.relations
    )


def _children(intervention: Intervention, seeking: Seeking) -> list[People]:
    if seeking.as_child:
        return [(seeking.person.key,)]
    family = seeking.family
    kind = seeking.catalogue.need_types[seeking.need.need]
    meant = children_meant(seeking.need, kind, family)
    mine = [
        key
        for key in family.cared_for_by(seeking.person.key)
        if not family.person(key).is_unborn and key in meant
    ]
    if not WHOLE_FAMILY_TAGS.isdisjoint(intervention.tags):
        return [tuple(mine)]
    return [(key,) for key in mine]


def _around(seeking: Seeking) -> People:
    """The person of an adult's need; for a child's own need, those who care for the child."""
    if seeking.as_child:
        return seeking.family.carers_of(seeking.person.key)
    return (seeking.person.key,)


def _carers(_: Intervention, seeking: Seeking) -> list[People]:
    if not seeking.as_child and not seeking.family.cared_for_by(seeking.person.key):
        return []
    return [(key,) for key in _around(seeking)]


def _harming_carers(_: Intervention, seeking: Seeking) -> list[People]:
    family, person = seeking.family, seeking.person
    if not seeking.as_child:
        return [(person.key,)] if family.need(person.key, CAUSING_HARM_TO_CHILD) else []
    # Of a harm those who did it; of anything else whoever did what frightens.
    sought = {seeking.need.need} & seeking.catalogue.harm_needs
    harmers, _unknown = seeking.harm.harmers_of(person.key, sought or None)
    carers = set(family.carers_of(person.key))
    carers |= {r.person for r in family.relations if r.child == person.key and r.kind in PARTNERED}
    return [(key,) for key in sorted(harmers & carers)]


def _victims(_: Intervention, seeking: Seeking) -> list[People]:
    return [(key,) for key in _around(seeking) if seeking.harm.is_abused(key)]


def _causing_harm(_: Intervention, seeking: Seeking) -> list[People]:
    recorded = any(n.need in CAUSING for n in seeking.family.needs_of(seeking.person.key))
    return [(seeking.person.key,)] if recorded and not seeking.person.is_child else []


def _pregnant(_: Intervention, seeking: Seeking) -> list[People]:
    if seeking.person.is_unborn:
        return [(str(seeking.person.carried_by),)]
    carries = any(child.carried_by == seeking.person.key for child in seeking.family.children)
    return [(seeking.person.key,)] if carries else []


def _couples(_: Intervention, seeking: Seeking) -> list[People]:
    pairs = {
        (min(one, other), max(one, other))
        for one in _around(seeking)
        for other in couples_of(seeking.family, one, seeking.on)
    }
    return [*sorted(pairs)]


def _household(_: Intervention, seeking: Seeking) -> list[People]:
    homes = set(seeking.person.lives_in)
    living = [p.key for p in seeking.family.people if not p.is_unborn and set(p.lives_in) & homes]
    return [tuple(sorted({seeking.person.key, *living}))]


def _substitute_carers(_: Intervention, seeking: Seeking) -> list[People]:
    family = seeking.family

    def stands_in(carer: str, child: Person) -> bool:
        related = any(
            r.person == carer and r.child == child.key and r.kind in STANDING_IN
            for r in family.relations
        )
        return related and child.placement in SUBSTITUTE_PLACEMENTS

    if seeking.as_child:
        return [(key,) for key in _around(seeking) if stands_in(key, seeking.person)]
    own = seeking.person.key
    theirs = [family.person(key) for key in family.cared_for_by(own)]
    return [(own,)] if any(stands_in(own, child) for child in theirs) else []


def _adults(_: Intervention, seeking: Seeking) -> list[People]:
    return [(key,) for key in _around(seeking)]


_FINDERS: Mapping[Who, Callable[[Intervention, Seeking], list[People]]] = {
    Who.CHILD: _children,
    Who.CARER: _carers,
    Who.HARMING_CARER: _harming_carers,
    Who.VICTIM: _victims,
    Who.PERSON_CAUSING_HARM: _causing_harm,
    Who.PREGNANT_PERSON: _pregnant,
    Who.COUPLE: _couples,
    Who.HOUSEHOLD: _household,
    Who.SUBSTITUTE_CARER: _substitute_carers,
    Who.ADULT: _adults,
}


def serves(intervention: Intervention, parts: Mapping[str, People], seeking: Seeking) -> bool:
    """Whether an intervention with these people can answer this need.

    An adult's need is answered only by help in which that adult takes part: an advocate for the
    grandmother is no advocate for the mother.
    """
    person = seeking.person
    if not seeking.as_child:
        return any(person.key in people for role, people in parts.items() if role != Who.CHILD)
    if intervention.plays(Who.CHILD):
        in_child_part = person.key in parts.get(Who.CHILD, ())
        optional = all(p.optional for p in intervention.takes_part if p.who is Who.CHILD)
        if in_child_part or not optional or person.key in everybody(parts):
            return in_child_part
    # Work with a carer alone is for every child of that carer: shared help is counted once.
    if Who.CHILD in parts:
        return False
    if person.key in parts.get(Who.HOUSEHOLD, ()):
        return True
    caring = {key for role, people in parts.items() if role in CARING_ROLES for key in people}
    return any(person.key in seeking.family.cared_for_by(key) for key in caring)


def everybody(parts: Mapping[str, People]) -> frozenset[str]:
    """All who take part, in whatever role."""
    return frozenset(key for people in parts.values() for key in people)
