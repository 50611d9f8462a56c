"""Plain blocks for a council's own form: one per child, and one for the family, to be copied."""

from dataclasses import dataclass

from cpassist.catalogue.catalogue import Catalogue
from cpassist.family.vocabulary import day_words
from cpassist.harm.reading import read_harm
from cpassist.papers.written.package_text import kind_words
from cpassist.planning.package.offers import Offer, names
from cpassist.plans.family_meeting import CENSUS_NAMES, accepted_words, census_days
from cpassist.plans.plan import CasePlan
from cpassist.words.family import LEVEL_WORDS
from cpassist.words.plan import AGREEMENT_WORDS


@dataclass(frozen=True, kw_only=True, repr=False)
class TextBlock:
    """One field of a form, as plain text."""

    key: str
    title: str
    text: str


def council_blocks(plan: CasePlan, catalogue: Catalogue) -> tuple[TextBlock, ...]:
    """What a statutory plan asks for, child by child; what is an adult's own stands apart, and then what is about all."""
    blocks = [_child_blocks(plan, catalogue, child.key) for child in plan.family.children]
    adults = [_adult_block(plan, catalogue, adult.key) for adult in plan.family.adults]
    family = TextBlock(
        key="family", title="The family’s views, and who gets it", text=_family_text(plan)
    )
    meeting = _meeting_blocks(plan)
    return (*(block for of_child in blocks for block in of_child), *adults, *meeting, family)


def _in_a_line(said: str) -> str:
    """Somebody's words in one line, so that none of them looks like a line of the form."""
    return " ".join(said.split())


def _meeting_blocks(plan: CasePlan) -> tuple[TextBlock, ...]:
    """The family group meeting, with its days as the census of 2026-27 calls them; none where nothing was said of it."""
    meeting = plan.meeting
    if meeting is None or meeting.says_nothing:
        return ()
    days = [f"{element}: {day}" for element, day in census_days(meeting)]
    lines = [
        *((f"{CENSUS_NAMES}:", *days) if days else ()),
        f"Offered in: {_in_a_line(meeting.offered_in) or NOT_SAID}",
        f"Accepted by: {accepted_words(meeting, plan.family) or NOT_SAID}",
        *((f"Why not: {_in_a_line(meeting.not_because)}",) if meeting.not_because else ()),
    ]
    title = "Family group meeting, for the record and the census"
    return (TextBlock(key="meeting", title=title, text="\n".join(lines)),)


def _adult_block(plan: CasePlan, catalogue: Catalogue, adult: str) -> TextBlock:
    """One adult's needs, help and gaps: in a block of its own, so that another parent's form need not hold it."""
    label = plan.family.label_of(adult)
    needs = [
        f"- {_label(n.need, catalogue)} ({LEVEL_WORDS[n.level]}). {n.says}".rstrip()
        for n in plan.family.needs_of(adult)
    ]
    actions = [
        _action_text(plan, catalogue, o)
        for o in plan.package.offers
        if adult in o.people and not _is_of_children(plan, o)
    ]
    gaps = _gap_texts(plan, catalogue, adult)
    steps = _step_texts(plan, adult)
    text = (
        "\n".join((*_keep_from(plan, catalogue, adult), *needs, *actions, *steps, *gaps)) or NOTHING
    )
    return TextBlock(key=f"{adult}-own", title=f"{label}: needs and help of their own", text=text)


def _keep_from(plan: CasePlan, catalogue: Catalogue, whose: str) -> list[str]:
    """Of whom a block has to be kept, the cautious way; nothing where nobody harms or may."""
    harmers = read_harm(plan.family, catalogue, plan.package.planned_on).may_cause - {whose}
    keys = [person.key for person in plan.family.people if person.key in harmers]
    return [f"Not for a form that {names(keys, plan.family)} will see."] if keys else []


def _is_of_children(plan: CasePlan, offer: Offer) -> bool:
    """Whether an offer answers children's needs only; help for an adult's need stands with the adult."""
    return all(plan.family.person(answer.person).is_child for answer in offer.answers)


def _gap_texts(plan: CasePlan, catalogue: Catalogue, person: str) -> list[str]:
    return [
        f"- {plan.family.label_of(g.person)}: {_label(g.need, catalogue)}. {g.says} What is done: {plan.done_about(g.person, g.need) or NOT_SAID}"
        for g in plan.package.gaps
        if g.person == person
    ]


def _step_texts(plan: CasePlan, person: str) -> list[str]:
    """The ordinary steps accepted for one person's needs, each for what it is."""
    return [
        f"- {kind_words(step)}: {step.words} Who: {task.owner or NOT_SAID}. By {day_words(task.by) or NOT_SAID}."
        for step in plan.accepted_steps
        for task in (plan.task(step.key),)
        if person == step.person or (not step.person and person in step.children)
    ]


def _child_blocks(plan: CasePlan, catalogue: Catalogue, child: str) -> tuple[TextBlock, ...]:
    family = plan.family
    label, aim = family.label_of(child), plan.aim(child)
    worries = [
        f"- {_label(n.need, catalogue)} ({LEVEL_WORDS[n.level]}). {n.says}".rstrip()
        for n in family.needs_of(child)
    ]
    helps = [f"- {s.says}" for s in family.strengths if s.person == child]
    outcome = [
        f"What must change: {aim.change or NOT_SAID}",
        f"How much is enough: {aim.how_much or NOT_SAID}",
        f"By: {day_words(aim.by) or NOT_SAID}",
        f"Seen alone: {aim.seen_by or NOT_SAID}{', ' + day_words(aim.seen_on) if aim.seen_on else ''}",
        f"The child’s view: {aim.child_says or NOT_SAID}",
        f"The parents’ view: {aim.parents_say or NOT_SAID}",
    ]
    actions = [
        _action_text(plan, catalogue, offer)
        for offer in plan.package.offers
        if _is_of_children(plan, offer)
        and (child in offer.people or any(answer.person == child for answer in offer.answers))
    ]
    actions += _step_texts(plan, child)
    gaps = _gap_texts(plan, catalogue, child)
    keep = _keep_from(plan, catalogue, child)
    outcome, actions = [*keep, *outcome], [*keep, *actions] if actions else []
    parts = (
        ("worries", "What we are worried about", worries),
        ("helps", "What is going well", helps),
        ("outcomes", "Outcomes", outcome),
        ("actions", "Actions", actions),
        ("gaps", "Needs without tested help", gaps),
    )
    return tuple(
        TextBlock(key=f"{child}-{key}", title=f"{label}: {title}", text="\n".join(lines) or NOTHING)
        for key, title, lines in parts
    )


def _action_text(plan: CasePlan, catalogue: Catalogue, offer: Offer) -> str:
    action = plan.action(offer.key)
    title = catalogue.title(offer.intervention) if offer.intervention in catalogue.interventions else offer.intervention  # fmt: skip
    return (
        f"- {title} with {names(offer.people, plan.family)}\n"
        f"  Who: {action.owner or NOT_SAID}. From {day_words(action.starts) or NOT_SAID}, reviewed {day_words(action.review) or NOT_SAID}.\n"
        f"  Change for the child: {action.change or NOT_SAID}\n"
        f"  How we will know: {action.noticed or NOT_SAID}\n"
        f"  If nothing changes: {action.contingency or NOT_SAID}"
    )


def _family_text(plan: CasePlan) -> str:
    lines = [
        f"{plan.family.label_of(c.person)} {AGREEMENT_WORDS[c.answer.value]}. {c.says}".strip()
        for c in plan.consents
    ]
    if plan.led_by:
        lines.append(f"Led by: {_in_a_line(plan.led_by)}")
    lines.append(f"Shared with: {', '.join(plan.shared_with) or NOT_SAID}")
    return "\n".join(lines)


def _label(need: str, catalogue: Catalogue) -> str:
    return catalogue.label(need) if need in catalogue.need_types else need


NOT_SAID = "not said"
NOTHING = "Nothing is recorded."
