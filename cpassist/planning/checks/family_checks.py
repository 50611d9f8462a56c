"""What the file itself leaves open: danger, questions, needs without a level, harm without a name."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from babel import Locale

from cpassist.catalogue.conditions import Asked, asked_about
from cpassist.catalogue.named_in_code import (
    DOMESTIC_ABUSE_CAUSING,
    HARMFUL_SEXUAL_BEHAVIOUR,
    HIGH_HARM_SIGNS,
    IMMEDIATE_DANGER,
    PARENTAL_CONFLICT,
    SAFE_CARER,
)
from cpassist.catalogue.vocabulary import Scope, Whose
from cpassist.family.records import Person
from cpassist.family.vocabulary import (
    AnswerValue,
    Placement,
    When,
    read_day,
)
from cpassist.harm.causing import CAUSING
from cpassist.planning.candidates import RuledOut
from cpassist.planning.checks.checked import Checked, check
from cpassist.planning.package.offers import names
from cpassist.planning.package.package import Finding
from cpassist.planning.safety.asked_of_family import asked_of_family
from cpassist.planning.safety.conditions import needs_interpreter
from cpassist.planning.safety.rules import asked_words
from cpassist.planning.taking_part.age_fit import touches_range
from cpassist.planning.taking_part.support_words import sounds_like

# Questions that are asked today, whatever waits for them, and what a yes asks for.
TODAY = {
    HIGH_HARM_SIGNS: (
        " Ask the person abused today, alone. If any of it is so, follow your procedure for the gravest harm "
        "now, whatever is planned here."
    )
}


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
def answers_contradict(checked: Checked) -> Iterator[Finding]:
    """An answer against which the file speaks: the stricter is followed, and somebody is asked."""
    for found in checked.harm.contradictions:
        words = asked_words(checked.family, checked.catalogue, found.asked)
        said = "yes" if found.said else "no"
        yield Finding(
            code="answers_contradict",
            level="asks",
            about=tuple(key for key in (found.asked.person, found.asked.other) if key),
            says=f"{words} The answer is {said}. {found.because} Which is right? Until you say, the safer reading is used.",
            ask=found.asked,
        )


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
def safety_question_open(checked: Checked) -> Iterator[Finding]:
    """A safety question on which help in reach depends."""
    for asked, holds in held_questions(checked.ruled_out).items():
        yield Finding(
            code="safety_question_open",
            level="asks",
            about=tuple(key for key in (asked.person, asked.other) if key),
            says=asked_words(checked.family, checked.catalogue, asked) + TODAY.get(asked.key, ""),
            ask=asked,
            holds=tuple(sorted(holds)),
        )


@check
def question_of_family(checked: Checked) -> Iterator[Finding]:
    """What this family asks for by itself, beyond the questions on which help in reach depends."""
    held = held_questions(checked.ruled_out)
    for asked in asked_of_family(checked.harm):
        if asked not in held:
            yield Finding(
                code="question_of_family",
                level="asks",
                about=tuple(key for key in (asked.person, asked.other) if key),
                says=asked_words(checked.family, checked.catalogue, asked)
                + TODAY.get(asked.key, ""),
                ask=asked,
            )


@check
def step_question(checked: Checked) -> Iterator[Finding]:
    """What a safety step asks of those whom it is about, and nobody has answered."""
    for step in checked.package.safety_steps:
        for key in checked.catalogue.rule(step.rule).asks:
            for asked in _asked_of(key, step.about, checked):
                if checked.family.answer(asked.key, asked.person) is AnswerValue.UNKNOWN:
                    yield Finding(
                        code="step_question",
                        level="asks",
                        about=tuple(k for k in (asked.person,) if k),
                        says=asked_words(checked.family, checked.catalogue, asked),
                        ask=asked,
                        rule=step.rule,
                    )


def _asked_of(key: str, about: Iterable[str], checked: Checked) -> Iterator[Asked]:
    """A question of a step, for the family or for each of whom the step speaks and who is old enough."""
    question = checked.catalogue.questions[key]
    if question.scope is Scope.FAMILY:
        yield Asked(key=key)
        return
    asked: Iterable[str] = about
    if question.scope is Scope.CHILD:
        affected = {c for n in checked.family.needs if n.person in about for c in n.affects}
        asked = [c.key for c in checked.family.children if c.key in {*about, *affected}]
    for person in asked:
        if checked.family.age(person, checked.on)[1] >= question.from_months:
            yield Asked(key=key, person=person)


def held_questions(rows: Iterable[RuledOut]) -> dict[Asked, set[str]]:
    """Each open safety question and the interventions that wait for it."""
    held: dict[Asked, set[str]] = {}
    for row in rows:
        # What is read as the worst is set aside as not safe, and its question is open all the same.
        for asked in row.asked:
            held.setdefault(asked, set()).add(row.intervention)
    return held


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


@check
def stale_answer(checked: Checked) -> Iterator[Finding]:
    for answer in checked.family.circumstances:
        question = checked.catalogue.questions.get(answer.ask)
        if question is None or question.stale_days is None or answer.date is None:
            continue
        if answer.answer is AnswerValue.UNKNOWN:
            continue
        age = (checked.on - read_day(answer.date)[1]).days
        if age > question.stale_days:
            asked = asked_about(checked.catalogue, answer.ask, answer.person, answer.other)
            yield Finding(
                code="stale_answer",
                level="asks",
                about=tuple(k for k in (answer.person, answer.other) if k),
                says=f"Answered {age} days ago; ask again: {asked_words(checked.family, checked.catalogue, asked)}",
                ask=asked,
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


def language_words(spoken: str) -> str:
    """A language in words: "Yoruba" for yo; what is no known code stands as it was written."""
    return str(Locale("en", "GB").languages.get(spoken.strip().casefold(), spoken))
