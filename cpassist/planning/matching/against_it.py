"""What speaks against help whoever would take part: the level, the person's age, what was found about it."""

from functools import partial

from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.vocabulary import Effect, Intensity, Read, Whose
from cpassist.family.records import Need
from cpassist.family.vocabulary import ActionLevel, When
from cpassist.planning.candidates import Question, RuledOut, against


def _of_another_age(need: Need, question: Question) -> str:
    """Why a need is not this person's kind, in a sentence: an adult's of a child, or a child's of an adult."""
    person = question.family.person(need.person)
    kind = question.catalogue.need_types[need.need]
    if kind.whose is Whose.CHILD and not person.is_child:
        return f"{kind.label} is a child's need, and {person.label} is an adult."
    if kind.whose is Whose.ADULT and not question.family.is_parenting(person.key):
        return f"{kind.label} is an adult's need, and {person.label} is a child."
    return ""


def reason_whoever_takes_part(
    intervention: Intervention, need: Need, question: Question
) -> RuledOut | None:
    """The reasons that do not depend on who would take part."""
    out = partial(against, intervention, need)
    if need.when is When.PAST:
        return out(
            "below_action_level",
            "The need is in the past: nothing is sought for it now.",
        )
    if need.level == ActionLevel.NO_HELP:
        return out("below_action_level", "No help is needed with this now.")
    if need.level == ActionLevel.KEEP_AN_EYE and intervention.intensity is not Intensity.LIGHT:
        return out("below_action_level", f"{intervention.title} is more than is needed now.")
    if need.level is None:
        return out("not_rated", "Nobody has said yet how much help is needed.")
    if not intervention.is_offered_kind:
        return out("not_an_intervention", intervention.not_offered_because)
    if says := _of_another_age(need, question):
        return out("no_one_to_take_part", says)
    key = ("against", intervention.key, need.need)
    if key not in question.catalogue.worked_out:
        question.catalogue.worked_out[key] = _evidence_against(intervention, need.need)
    because, says = question.catalogue.worked_out[key]
    return out(because, says) if because else None


def _evidence_against(intervention: Intervention, need: str) -> tuple[str, str]:
    """What the findings about a need say against offering it to anybody: the reason and its words, or none."""
    title = intervention.title
    rows = intervention.evidence_for(need)
    if intervention.withdrawn or all(row.withdrawn for row in rows):
        mark = intervention.withdrawn or rows[0].withdrawn
        why = f" {mark.because}" if mark else ""
        return "withdrawn", f"What was said of {title} no longer holds.{why}"
    rows = tuple(row for row in rows if row.withdrawn is None)
    if any(row.effect is Effect.HARMS for row in rows):
        return "may_harm", f"A study found that {title} can do harm here."
    if any(row.may_be_offered_on for row in rows):
        return "", ""
    read = [row for row in rows if row.read is not Read.RECALLED]
    if not read:
        says = f"What is said of {title} here is only remembered; nobody has read it yet."
        return "to_be_checked", says
    if any(row.effect is Effect.NO_EFFECT for row in read):
        says = f"{title} was tested for this and no effect was found."
        return "no_effect_found", read[0].says if len(read) == 1 else says
    return "not_tested_for_this", read[0].says
