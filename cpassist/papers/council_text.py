"""Plain blocks for a council's own form: one per child, and one for the family, to be copied."""

from dataclasses import dataclass

from cpassist.catalogue.records import Catalogue
from cpassist.family_vocabulary import LEVEL_WORDS, day_words
from cpassist.planning.offers import names
from cpassist.records.compare import AGREEMENT_WORDS
from cpassist.records.plan import CasePlan


@dataclass(frozen=True, kw_only=True)
class TextBlock:
    """One field of a form, as plain text."""

    key: str
    title: str
    text: str


def council_blocks(plan: CasePlan, catalogue: Catalogue) -> tuple[TextBlock, ...]:
    """What a statutory plan asks for, child by child, then what is about all of them."""
    blocks = [_child_blocks(plan, catalogue, child.key) for child in plan.family.children]
    family = TextBlock(
        key="family", title="The family’s views, and who gets it", text=_family_text(plan)
    )
    return (*(block for of_child in blocks for block in of_child), family)


def council_text(plan: CasePlan, catalogue: Catalogue) -> str:
    """All blocks in one text file, with the marks of a draft."""
    blocks = council_blocks(plan, catalogue)
    return "\n\n".join(f"{block.title.upper()}\n{block.text}" for block in blocks) + "\n"


def _child_blocks(plan: CasePlan, catalogue: Catalogue, child: str) -> tuple[TextBlock, ...]:
    family = plan.family
    label, aim = family.label_of(child), plan.aim(child)
    worries = [
        f"- {'' if n.person == child else family.label_of(n.person) + ': '}{_label(n.need, catalogue)} ({LEVEL_WORDS[n.level]}). {n.says}".rstrip()
        for n in family.needs
        if n.person == child or child in n.affects
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
    actions = []
    for offer in plan.package.offers:
        reached = {k for a in offer.answers for k in (a.person, *a.children)}
        if child not in {*offer.people, *offer.children, *reached}:
            continue
        action = plan.action(offer.key)
        title = catalogue.title(offer.intervention) if offer.intervention in catalogue.interventions else offer.intervention  # fmt: skip
        actions.append(
            f"- {title} with {names(offer.people, family)}\n"
            f"  Who: {action.owner or NOT_SAID}. From {day_words(action.starts) or NOT_SAID}, reviewed {day_words(action.review) or NOT_SAID}.\n"
            f"  Change for the child: {action.change or NOT_SAID}\n"
            f"  How we will know: {action.noticed or NOT_SAID}\n"
            f"  If nothing changes: {action.contingency or NOT_SAID}"
        )
    gaps = [
        f"- {family.label_of(g.person)}: {_label(g.need, catalogue)}. {g.says} What is done: {plan.done_about(g.person, g.need) or NOT_SAID}"
        for g in plan.package.gaps
        if g.person == child or ((need := family.need(g.person, g.need)) and child in need.affects)
    ]
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


def _family_text(plan: CasePlan) -> str:
    lines = [
        f"{plan.family.label_of(c.person)} {AGREEMENT_WORDS[c.answer.value]}. {c.says}".strip()
        for c in plan.consents
    ]
    lines.append(f"Shared with: {', '.join(plan.shared_with) or NOT_SAID}")
    return "\n".join(lines)


def _label(need: str, catalogue: Catalogue) -> str:
    return catalogue.label(need) if need in catalogue.need_types else need


NOT_SAID = "not said"
NOTHING = "Nothing is recorded."
