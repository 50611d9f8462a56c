"""What is still missing before a plan may be sent for review, each with its place and in a sentence."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cpassist.catalogue.catalogue import Catalogue
from cpassist.family.vocabulary import day_words
from cpassist.planning.package.offers import Offer, names
from cpassist.planning.package.ordinary_steps import needs_with_steps
from cpassist.plans.compare import offer_title
from cpassist.plans.days import begins_on, runs_already, too_soon
from cpassist.plans.plan import (
    NOT_SIMPLY_CONTINUED,
    Action,
    Agreement,
    Aim,
    Became,
    CasePlan,
)
from cpassist.plans.shared_with import goes_to_them
from cpassist.words.plan import BECAME_WORDS

# Going to something is not a change: one of the first words, straight on to one of the last.
ATTENDANCE = re.compile(
    r"\b(attend\w*|engag\w*|complet\w*|keeps?|turns? up|takes? part|goes? to)\W+"
    r"((to|at|in|for|of|with|all|the|a|her|his|their|every|each|weekly|planned|any)\W+)*"
    r"(sessions?|appointments?|programmes?|courses?|groups?|meetings?|class(es)?|work|services?|therapy)\b",
    re.IGNORECASE,
)
ASKED_FROM_MONTHS = 16 * 12
WANTED = {
    "owner": "Who is responsible?",
    "change": "What will be different for the child?",
    "noticed": "How will we know?",
    "contingency": "What happens if nothing changes?",
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Blocker:
    """One thing that keeps a plan from being sent, and the field where it is mended."""

    about: str
    """offer:<offer>, found:<offer>, gap:<person>:<need>, aim:<child>, consent:<person> or plan."""
    field: str
    says: str


def blockers(
    plan: CasePlan, catalogue: Catalogue, today: datetime.date | None = None
) -> tuple[Blocker, ...]:
    """Everything that is missing, the gravest first, then in the order in which it stands on the page.

    `today` is the day on which it is to be sent; without it the day of the package.
    """
    today = max(today or plan.package.planned_on, plan.package.planned_on)
    return (
        *_from_the_package(plan, catalogue),
        *_of_the_review(plan, catalogue),
        *_of_actions(plan, catalogue, today),
        *_of_steps(plan),
        *_of_gaps(plan, catalogue),
        *_of_aims(plan, today),
        *_of_people(plan),
    )


def _from_the_package(plan: CasePlan, catalogue: Catalogue) -> Iterator[Blocker]:
    for finding in plan.package.findings:
        if finding.level == "blocks":
            yield Blocker(about="plan", field="package", says=finding.says)
    for offer in plan.package.offers:
        if offer.judged is None:
            title = catalogue.title(offer.intervention)
            says = f"{title} is neither accepted nor set aside. Decide on it in the package."
            yield Blocker(about=f"offer:{offer.key}", field="judged", says=says)


def _of_the_review(plan: CasePlan, catalogue: Catalogue) -> Iterator[Blocker]:
    """A review says of everything that the version before planned what became of it."""
    for offer in plan.reviewed_offers:
        found = plan.found(offer)
        title = offer_title(offer, plan.family, catalogue)
        if found is None:
            says = f"{title}: what became of it?"
            yield Blocker(about=f"found:{offer}", field="became", says=says)
        elif found.became is Became.MADE_WORSE and not found.says.strip():
            says = f"{title}: what grew worse, for whom, and what was done about it?"
            yield Blocker(about=f"found:{offer}", field="says", says=says)


def _of_actions(plan: CasePlan, catalogue: Catalogue, today: datetime.date) -> Iterator[Blocker]:
    for offer in plan.package.offers:
        action = plan.action(offer.key)
        title = catalogue.title(offer.intervention)
        who = names(offer.people, plan.family)
        for field, question in WANTED.items():
            if not getattr(action, field).strip():
                yield _action(offer, field, f"{title} with {who}: {question}")
        if is_attendance(action.change):
            says = f"{title} with {who}: attending is not in itself a change. Say what will be different for the child."
            yield _action(offer, "change", says)
        found = plan.last_found(offer.key)
        if found and goes_on_anyway(plan, offer.key) and not action.goes_on_because.strip():
            became = BECAME_WORDS[found.became].lower()
            says = f"{title} with {who}: the review found “{became}”. Say why it goes on, or set it aside in the package."
            yield _action(offer, "goes_on_because", says)
        # What runs already has its old day, which is past.
        first = datetime.date.min if runs_already(plan, offer) else plan.package.planned_on
        yield from _of_dates(offer, action, f"{title} with {who}", first, today)
    for offer, first_one in too_soon(plan):
        title, other = (catalogue.title(o.intervention) for o in (offer, first_one))
        if runs_already(plan, offer):
            says = f"{other} with {names(first_one.people, plan.family)}: {title} has begun already and needs it first. Choose an earlier day."
            yield _action(first_one, "starts", says)
            continue
        day = begins_on(plan, first_one)
        says = f"{title} with {names(offer.people, plan.family)}: {other} has to come first, and begins on {day_words(str(day))}. Choose a later day."
        yield _action(offer, "starts", says)


def _of_steps(plan: CasePlan) -> Iterator[Blocker]:
    """What was accepted to be done has somebody who does it, and a day."""
    for step in plan.accepted_steps:
        task = plan.task(step.key)
        for field, question in (("owner", "who is responsible?"), ("by", "by which day?")):
            if not getattr(task, field).strip():
                says = f"“{step.words}” {question[:1].upper()}{question[1:]}"
                yield Blocker(about=f"step:{step.key}", field=field, says=says)


def _of_gaps(plan: CasePlan, catalogue: Catalogue) -> Iterator[Blocker]:
    """A gap is no empty place: a step that was accepted, or somebody's words, say what is done all the same."""
    done = needs_with_steps(plan.accepted_steps)
    for gap in plan.package.gaps:
        if (gap.person, gap.need) in done:
            continue
        if gap.kind != "in_place" and not plan.done_about(gap.person, gap.need).strip():
            who, need = plan.family.label_of(gap.person), catalogue.label(gap.need).lower()
            says = f"{who}: no offer answers {need}. What is done about it all the same?"
            yield Blocker(about=f"gap:{gap.person}:{gap.need}", field="says", says=says)


def goes_on_anyway(plan: CasePlan, offer: str) -> bool:
    """Whether an offer stays in the plan after a review found that it should not simply go on."""
    found = plan.last_found(offer)
    return found is not None and found.became in NOT_SIMPLY_CONTINUED


def _action(offer: Offer, field: str, says: str) -> Blocker:
    return Blocker(about=f"offer:{offer.key}", field=field, says=says)


def is_attendance(change: str) -> bool:
    """Whether words that should tell a change speak only of somebody going to something."""
    return bool(ATTENDANCE.search(change))


def _of_dates(
    offer: Offer, action: Action, what: str, first: datetime.date, today: datetime.date
) -> Iterator[Blocker]:
    starts, review = _day(action.starts), _day(action.review)
    if starts is None:
        yield _action(offer, "starts", f"{what}: from which day?")
    if review is None:
        yield _action(offer, "review", f"{what}: reviewed on which day?")
    if starts and review and review <= starts:
        yield _action(offer, "review", f"{what}: the review has to come after the start.")
    elif review and review < today:
        yield _action(offer, "review", f"{what}: the day of the review has been already.")
    if starts and starts < first:
        yield _action(offer, "starts", f"{what}: it starts before the day of this plan.")


def _of_aims(plan: CasePlan, today: datetime.date) -> Iterator[Blocker]:
    for child in plan.family.children:
        aim: Aim = plan.aim(child.key)
        place = f"aim:{child.key}"
        wanted = {
            "change": f"{child.label}: what must change?",
            "how_much": f"{child.label}: by how much, or how will it be known to be enough?",
            "parents_say": f"{child.label}: what do the parents say? If nobody asked, say why.",
        }
        if not child.is_unborn:
            wanted["seen_by"] = (
                f"{child.label}: who saw the child alone? If nobody has, say why not."
            )
            wanted["child_says"] = (
                f"{child.label}: what does the child say, or show? If nobody asked, say why."
            )
        for field, says in wanted.items():
            if not getattr(aim, field).strip():
                yield Blocker(about=place, field=field, says=says)
        if is_attendance(aim.change):
            says = (
                f"{child.label}: attending is not in itself a change. Say what will be different."
            )
            yield Blocker(about=place, field="change", says=says)
        by = _day(aim.by)
        if by is None:
            says = f"{child.label}: by which day?"
            yield Blocker(about=place, field="by", says=says)
        elif by < today:
            says = f"{child.label}: that day has been already."
            yield Blocker(about=place, field="by", says=says)


def people_to_ask(plan: CasePlan) -> tuple[str, ...]:
    """Those whose word on the plan is wanted: who takes part and stands as an adult, and young people from 16."""
    family, on = plan.family, plan.package.planned_on
    taking_part = {key for offer in plan.package.offers for key in offer.people}
    return tuple(
        person.key
        for person in family.people
        if not person.is_unborn
        and (
            (family.is_parenting(person.key) and person.key in taking_part)
            or (person.is_child and family.age(person.key, on)[1] >= ASKED_FROM_MONTHS)
        )
    )


def _of_people(plan: CasePlan) -> Iterator[Blocker]:
    for key in people_to_ask(plan):
        consent = plan.consent(key)
        label = plan.family.label_of(key)
        if consent.answer is Agreement.NOT_ASKED and not consent.says.strip():
            says = f"{label}: do they agree? If nobody could ask, say why."
            yield Blocker(about=f"consent:{key}", field="answer", says=says)
        elif consent.answer in {Agreement.PARTLY, Agreement.DISAGREES} and not consent.says.strip():
            says = f"{label} does not agree to all of it. Write down with what, in their words."
            yield Blocker(about=f"consent:{key}", field="says", says=says)
    if not plan.shared_with:
        says = "Who gets this plan? Name at least one person or service it is shared with."
        yield Blocker(about="plan", field="shared_with", says=says)
    for line, person in goes_to_them(plan):
        label = plan.family.label_of(person)
        says = (
            f"Who gets this plan? “{line}” is recorded as causing harm. The plan tells what others said and "
            f"where they will be, so {label} does not get it: take the line out, and tell {label} alone what "
            f"concerns {label}."
        )
        yield Blocker(about="plan", field="shared_with", says=says)


def _day(words: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(words.strip()) if len(words.strip()) == 10 else None
    except ValueError:
        return None
