"""Questions for supervision, made from one plan: prompts to think with, never marks."""

from collections import Counter
from collections.abc import Iterator

from cpassist.catalogue.catalogue import Catalogue
from cpassist.family.vocabulary import ActionLevel, Choice
from cpassist.planning.package.offers import names
from cpassist.planning.weeks.schedule import LATE_AFTER_WEEK
from cpassist.plans.attention import OPEN_SAFETY, THIN, rests_on_the_victim, without_anything
from cpassist.plans.family_meeting import open_about_meeting
from cpassist.plans.plan import Became, CasePlan

YEARS_OLD = 10


def prompts_for(plan: CasePlan, catalogue: Catalogue) -> tuple[str, ...]:
    """What a supervisor could ask about this plan, the gravest first."""
    return tuple(
        dict.fromkeys((*_about_safety(plan), *_about_help(plan, catalogue), *_about_all(plan)))
    )


def _about_safety(plan: CasePlan) -> Iterator[str]:
    family = plan.family
    for key in plan.reviewed_offers:
        found = plan.found(key)
        if found and found.became is Became.MADE_WORSE:
            yield "Something grew worse while this plan ran: who has spoken with the child since, and what was done the same day?"
            break
    for finding in plan.package.findings:
        if finding.code == "immediate_danger":
            yield f"Danger today: who has spoken with whom, and what was decided outside this plan? ({names(finding.about, family)})"
    if rests_on_the_victim(plan):
        yield "Does the plan ask the person who abuses to change, or only the person who is abused?"
    open_questions = sum(f.code in OPEN_SAFETY for f in plan.package.findings)
    if open_questions:
        one = open_questions == 1
        yield (
            f"{open_questions} question{'' if one else 's'} about safety {'is' if one else 'are'} open: who "
            "asks whom, alone, and by when?"
        )


def _about_help(plan: CasePlan, catalogue: Catalogue) -> Iterator[str]:
    family = plan.family
    for gap in plan.package.gaps:
        need = family.need(gap.person, gap.need)
        if need and need.level == ActionLevel.NEEDS_HELP_NOW:
            label = catalogue.label(gap.need).lower()
            meanwhile = plan.done_about(gap.person, gap.need)
            what = (
                f"is this enough meanwhile: “{meanwhile}”?"
                if meanwhile
                else "what holds them meanwhile?"
            )
            yield f"{family.label_of(gap.person)} needs help now with {label}, and no offer answers it: {what}"
    for offer in plan.package.offers:
        title = catalogue.title(offer.intervention)
        if offer.starts_week > LATE_AFTER_WEEK and offer.children:
            yield f"{title} begins in week {offer.starts_week}: what holds {names(offer.children, family)} until then?"
        if all(answer.certainty in THIN for answer in offer.answers):
            yield f"{title} rests on thin evidence: what will be seen at the review if it helps, and what if it does not?"
    alike = Counter(plan.action(offer.key).change.strip() for offer in plan.package.offers)
    for change, number in alike.items():
        if change and number > 1:
            yield f"The same change stands beside {number} offers (“{change}”): which of them is to bring it about?"
    for judgement in family.judgements:
        if judgement.decision is Choice.ADD and judgement.intervention in catalogue.interventions:
            yield f"{catalogue.title(judgement.intervention)} was added against what the tool proposed: what would show that it does not fit?"


def _about_all(plan: CasePlan) -> Iterator[str]:
    yield from open_about_meeting(plan)
    for key in without_anything(plan):
        yield f"Nothing here is for {plan.family.label_of(key)}: is that meant?"
    for child in plan.family.children:
        said = plan.aim(child.key).child_says
        if child.is_unborn:
            continue
        if said:
            yield f"{child.label} says or shows: “{said}” What did that change in this plan?"
        else:
            yield f"Where is {child.label}’s own voice in this, and what did it change?"
    yield "What would change your mind about this plan?"


def aged_evidence(plan: CasePlan, catalogue: Catalogue, this_year: int) -> tuple[str, ...]:
    """Offers whose findings are thin, old, withdrawn since, or not in this catalogue any more; in sentences."""
    return tuple(_aged(plan, catalogue, this_year))


def _aged(plan: CasePlan, catalogue: Catalogue, this_year: int) -> Iterator[str]:
    for offer in plan.package.offers:
        help_ = catalogue.interventions.get(offer.intervention)
        if help_ is None:
            yield f"{offer.intervention}: this catalogue does not hold it any more."
            continue
        rows = {row.id: row for row in help_.evidence}
        used = {row_id for answer in offer.answers for row_id in answer.evidence}
        if help_.withdrawn or any(i not in rows or rows[i].withdrawn for i in used):
            yield f"{help_.title}: something that it rested on no longer holds. Look at it on the evidence page."
        if all(answer.certainty in THIN for answer in offer.answers):
            yield f"{help_.title}: thin evidence only."
        years = [
            year for i in used if i in rows and (year := catalogue.sources[rows[i].source].year)
        ]
        if years and max(years) <= this_year - YEARS_OLD:
            yield f"{help_.title}: nothing that it rests on here is newer than {max(years)}."
