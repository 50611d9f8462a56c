"""The family group decision-making meeting of the law: whom it is for, who may accept it, what is still open about it.

Since 29 April 2026 an Act has it: it is offered before an application for a care or supervision order, in the letter
before proceedings, and held first if one person with parental responsibility accepts, unless that is against the
child's best interests. Whether that part of the Act has begun has to be checked: it waits for regulations.
"""

from collections.abc import Iterator

from cpassist.family.family import Family
from cpassist.family.records import FamilyMeeting, Relation
from cpassist.family.vocabulary import Legal, RelationKind, day_words
from cpassist.planning.package.offers import names
from cpassist.plans.plan import CasePlan
from cpassist.words.plan import MEETING_WORDS

BEFORE_COURT = frozenset({Legal.PRE_PROCEEDINGS, Legal.CARE_PROCEEDINGS})
# Names that a validator of the census of 2026-27 uses: the letter sent, the meeting offered, the meeting facilitated. The
# specification was not read: whether it wants a day or a yes is not known.
CENSUS_NAMES = "For the census of 2026-27, under the names that a validator uses (check the specification before it goes in)"
CENSUS = (
    ("LBPSentDate", "letter_on"),
    ("FGDMMeetingOffer", "offered_on"),
    ("FGDMMeetingFac", "held_on"),
)


def children_before_court(family: Family) -> tuple[str, ...]:
    """The children for whom an application is thought of or running, by key."""
    return tuple(child.key for child in family.children if BEFORE_COURT & set(child.legal))


def _relations(family: Family) -> list[Relation]:
    """What people are to the children before the court; where there are none, to all children."""
    children = children_before_court(family) or tuple(child.key for child in family.children)
    return [r for r in family.relations if r.child in children]


def responsibility_is_recorded(family: Family) -> bool:
    """Whether it is recorded of anybody that they have parental responsibility for these children."""
    return any(r.parental_responsibility for r in _relations(family))


def may_accept(family: Family) -> tuple[str, ...]:
    """Those recorded with parental responsibility, by key; where nobody recorded any, the parents of whom it is not said
    that they have none.

    Where some children are before the court, for those children only.
    """
    theirs = _relations(family)
    recorded = {r.person for r in theirs if r.parental_responsibility}
    without = {r.person for r in theirs if r.parental_responsibility is False}
    parents = {r.person for r in theirs if r.kind is RelationKind.PARENT}
    who = recorded or parents - without
    return tuple(person.key for person in family.people if person.key in who)


def accepted_words(meeting: FamilyMeeting, family: Family) -> str:
    """Who accepted it, by label; whoever has been taken out of the family since is left out."""
    there = {person.key for person in family.people}
    return names([key for key in meeting.accepted_by if key in there], family)


def meeting_rows(meeting: FamilyMeeting, family: Family) -> list[tuple[str, str]]:
    """What is known of it, line by line: what it is, and what was said; empty where nothing was."""
    said = {
        **{name: day_words(getattr(meeting, name)) for name in meeting.DAYS},
        "offered_in": meeting.offered_in,
        "accepted_by": accepted_words(meeting, family),
        "not_because": meeting.not_because,
    }
    return [(label, said[name]) for name, label in MEETING_WORDS.items()]


def open_about_meeting(plan: CasePlan) -> Iterator[str]:
    """What a supervisor could ask about the meeting, where an application is thought of."""
    family, meeting = plan.family, plan.meeting or FamilyMeeting()
    children = children_before_court(family)
    running = [c for c in children if Legal.CARE_PROCEEDINGS in family.person(c).legal]
    coming = [c for c in children if c not in running]
    if not (meeting.offered_on or meeting.held_on or meeting.not_because):
        if coming:
            yield (
                f"Court may come next for {names(coming, family)}. Was a family group meeting offered, and in which letter? "
                "If not, why not?"
            )
        if running:
            are = "is" if len(running) == 1 else "are"
            yield (
                f"{names(running, family)} {are} in care proceedings. Was a family group meeting offered before, and in "
                "which letter? If not, why not?"
            )
    elif children and meeting.accepted_by and not meeting.held_on and not meeting.not_because:
        who = accepted_words(meeting, family) or "Somebody"
        before = " It should come before any application." if coming else ""
        yield f"{who} said yes to a family group meeting. When is it held?{before}"
    elif children and meeting.offered_on and not meeting.held_on and not meeting.not_because:
        yield "A family group meeting was offered. Who was asked, and what did each of them say?"


def census_days(meeting: FamilyMeeting) -> tuple[tuple[str, str], ...]:
    """The days under the names of the census of 2026-27: element and YYYY-MM-DD, those that are known."""
    return tuple((element, said) for element, name in CENSUS if (said := getattr(meeting, name)))
