"""Whether those who would take part in one kind of help may: who is in a room with whom, and in whose place.

Who harmed or may have harmed whom is read in `cpassist.harm`; here it meets what an intervention asks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

from cpassist.catalogue.conditions import Asked
from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.named_in_code import SAFE_CARER, UNSAFE_IN_GROUP
from cpassist.catalogue.vocabulary import Who
from cpassist.family.vocabulary import RelationKind
from cpassist.harm.reading import HarmReading
from cpassist.harm.who_may_meet import MADE_FOR, WAITS

# Work in which grown-ups take part as a couple or as parents, whatever their part is called.
PARENTS_WORK = frozenset({"couple_work", "joint_adults", "parenting_with_substance"})
# In these parts somebody takes part as one who looks after children.
AS_CARER = frozenset(
    {
        Who.CARER.value,
        Who.HARMING_CARER.value,
        Who.SUBSTITUTE_CARER.value,
        Who.HOUSEHOLD.value,
        Who.COUPLE.value,
    }
)


@dataclass(frozen=True, kw_only=True, repr=False)
class Kept:
    """Why people are kept from one kind of help: by which rule, and what would have to be answered."""

    rule: str
    says: str
    asked: frozenset[Asked] = frozenset()
    because: str = "not_safe_now"


def why_kept_apart(
    intervention: Intervention, parts: Mapping[str, tuple[str, ...]], harm: HarmReading
) -> Iterator[Kept]:
    """Each reason in a reading of harm against these people's taking part."""
    yield from _in_one_room(intervention, parts, harm)
    yield from _among_other_children(intervention, parts, harm)
    yield from _as_carers(intervention, parts, harm)
    for key in parts.get(Who.PERSON_CAUSING_HARM.value, ()):
        if not harm.is_known_to_abuse(key):
            label = harm.family.label_of(key)
            says = f"That {label} abuses is only suspected or told by a child: find out first, and keep those who may be harmed safe meanwhile."
            yield Kept(rule="H27", says=says, because="no_one_to_take_part")
    for key in parts.get(Who.HARMING_CARER.value, ()):
        if not any(harm.is_known_to_harm(key, child) for child in parts.get(Who.CHILD.value, ())):
            label = harm.family.label_of(key)
            says = f"That {label} did it is only suspected or told by a child: work that asks {label} to own it waits until that is found out."
            yield Kept(rule="H27", says=says, because="no_one_to_take_part")


def _in_one_room(
    intervention: Intervention, parts: Mapping[str, tuple[str, ...]], harm: HarmReading
) -> Iterator[Kept]:
    """H1, H2 and H24: nobody shares a room with whoever frightens or harms them, or may."""
    people = tuple(sorted({key for keys in parts.values() for key in keys}))
    if not (intervention.together or intervention.group) or len(people) < 2:
        return
    made_for = MADE_FOR.intersection(intervention.tags)
    key = ("in one room", intervention.together, made_for, people)
    if key not in harm.worked_out:
        harm.worked_out[key] = tuple(_room_of(people, made_for, intervention.together, harm))
    yield from harm.worked_out[key]


def _room_of(
    people: tuple[str, ...], made_for: frozenset[str], together: bool, harm: HarmReading
) -> Iterator[Kept]:
    """What keeps any two of these people apart, all in one room or, not together, in groups side by side."""
    held: dict[str, frozenset[Asked]] = {}
    for person, other in permutations(people, 2):
        room = harm.room(person, other, made_for)
        if room.blocked:
            yield Kept(rule=room.blocked, says=room.says)
            return
        # Groups side by side put carer and child in two rooms: there only what is recorded counts. The children share one.
        same_room = together or (harm.is_young(person) and harm.is_young(other))
        if room.held and same_room:
            held[room.held] = held.get(room.held, frozenset()) | room.asked
    if held:
        yield Kept(rule=min(held), says=WAITS, asked=frozenset().union(*held.values()))


def _among_other_children(
    intervention: Intervention, parts: Mapping[str, tuple[str, ...]], harm: HarmReading
) -> Iterator[Kept]:
    """H31: whoever harmed or is suspected to have harmed sexually is in no group until it is settled that it is safe."""
    if not intervention.group or not harm.sexual_harmers:
        return
    for key in sorted({k for keys in parts.values() for k in keys} & harm.sexual_harmers):
        unsafe = harm.answers.value(UNSAFE_IN_GROUP, key)
        if unsafe is not False:
            asked = frozenset() if unsafe else frozenset({Asked(key=UNSAFE_IN_GROUP, person=key)})
            says = f"Whether a group is safe with {harm.family.label_of(key)}, for them and for the others, is not settled."
            yield Kept(rule="H31", says=says, asked=asked)


def _as_carers(
    intervention: Intervention, parts: Mapping[str, tuple[str, ...]], harm: HarmReading
) -> Iterator[Kept]:
    """H24 and H26: whoever harmed a child sexually takes no carer's part; whoever is not safe stands in for nobody."""
    family = harm.family
    couple = not PARENTS_WORK.isdisjoint(intervention.tags)
    # A course in parenting is a carer's, also where its part is called an adult's.
    course = "parenting" in intervention.tags
    carers = {
        k
        for role, keys in parts.items()
        if couple or role in AS_CARER or (course and role == Who.ADULT)
        for k in keys
    }
    for key in sorted(carers):
        if not family.is_parenting(key):
            continue
        if key in harm.sexual_harmers:
            says = f"Sexual harm by {family.label_of(key)} is recorded or suspected: no work as a carer or as a couple until that is cleared."
            yield Kept(rule="H24", says=says)
        elif unnamed := harm.may_have_harmed_sexually(key):
            yield Kept(rule="H24", says="Nobody knows yet who harmed a child of this family sexually.", asked=unnamed)  # fmt: skip
    for key in sorted(carers):
        stands_in = key in parts.get(Who.SUBSTITUTE_CARER, ())
        for child in family.cared_for_by(key):
            # A foster carer who harmed a child is no parent to be taught: that is for others to look into.
            fosters = any(
                (r.person, r.child, r.kind) == (key, child, RelationKind.FOSTER_CARER)
                for r in family.relations
            )
            if stands_in or fosters:
                says = harm.unfit_to_stand_in(key, child)
                if says:
                    yield Kept(rule="H26", says=says)
                elif stands_in and harm.may_have_harmed(key, child):
                    asked = (
                        Asked(key="harmed_by", person=child),
                        Asked(key=SAFE_CARER, person=key, other=child),
                    )
                    yield Kept(rule="H26", says=WAITS, asked=frozenset(asked))
