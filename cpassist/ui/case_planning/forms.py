"""What people fill in: each form's fields become one record, or sentences beside the fields."""

import datetime
import re

from cpassist.catalogue.catalogue import Catalogue
from cpassist.errors import InvalidRecord
from cpassist.family.family import Family
from cpassist.family.records import (
    Answer,
    Judgement,
    Limits,
    Need,
    Person,
    Relation,
    SourceScale,
    StepDecision,
    Strength,
    Support,
    Wish,
)
from cpassist.family.vocabulary import (
    ADULT_FROM_MONTHS,
    KEY,
    OUTSIDE_FAMILY,
    UNKNOWN_HARMER,
    ActionLevel,
    AnswerValue,
    Basis,
    Choice,
    Legal,
    Placement,
    RelationKind,
    Role,
    SupportState,
    When,
    read_day,
)
from cpassist.ui.frame.fields import WHOLE, FieldMistakes, FieldReader, Fields
from cpassist.words.plan import WHY_NOT

OLDEST_MONTHS = 120 * 12


def read_joining(fields: Fields) -> tuple[tuple[int, ...], str]:
    """Which children of a census return are one family, and its label."""
    form = FieldReader("census", fields)
    label = form.needed("family_label", "Give the family a label, never a real name.")
    numbers = tuple(int(n) for n in form.texts("child") if WHOLE.match(n))
    if not numbers:
        form.mistakes["child"] = "Choose the children who belong to one family."
    return form.build(lambda: (numbers, label), "family_label")


def read_factor(fields: Fields) -> tuple[int, str, str]:
    """Which waiting factor, of whom it is, and which need."""
    said = str(fields.get("index", ""))
    form = FieldReader(f"factor-{said}", fields)
    person = form.needed(
        "person", "Say of whom it is said. Add the person in the first step if need be."
    )
    need = form.needed("need", "Choose what it is about.")
    number = int(said) if WHOLE.match(said) else -1
    return form.build(lambda: (number, person, need), "person")


# Words that mean something of their own where a person's key could stand.
RESERVED = frozenset({UNKNOWN_HARMER, OUTSIDE_FAMILY, "everyone"})


def key_for(label: str, taken: frozenset[str]) -> str:
    """A key made of a label, unlike any that is taken or that means something else."""
    base = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:20]
    base = base if base[:1].isalpha() and base.isascii() else "person"
    key, number = base, 2
    while key in taken or key in RESERVED:
        key, number = f"{base}_{number}", number + 1
    return key


def read_person(
    fields: Fields,
    family: Family | None,
    assessed: datetime.date,
    gone: frozenset[str] = frozenset(),
) -> tuple[Person, tuple[Relation, ...], str | None]:
    """A person, what they are to each child, and the key they replace (None for somebody new).

    `gone` are keys of people who were taken out and may come back: nobody else gets them.
    """
    form = FieldReader("person", fields)
    replacing = form.text("key") or None
    taken = frozenset(p.key for p in family.people) if family else frozenset()
    if replacing and replacing not in taken:
        replacing = None
    label = form.needed("label", "Give a short label, for example “Mia”. Never a full name.")
    role = form.one_of("role", Role, "Say whether this is a child or an adult.")
    unborn = form.text("age_known") == "unborn"
    born = due = carried_by = None
    age_between = None
    if unborn:
        due = form.date("due", needed="When is the baby due? Month and year will do.")
        carried_by = form.needed("carried_by", "Say who is pregnant.")
        role = Role.CHILD
    elif form.text("age_known") == "unknown":
        born = "unknown"
        low, high = form.text("age_from"), form.text("age_to")
        if WHOLE.match(low) and WHOLE.match(high):
            age_between = (int(low), int(high))
        else:
            form.mistakes["age_from"] = (
                "Between which ages may this person be? Give two whole numbers."
            )
    else:
        born = form.date("born", needed="When was this person born? The year alone will do.")
    key = replacing or key_for(label, taken | gone)
    relations = []
    for name in fields:
        if name.startswith("relation_") and family and form.text(name):
            child = name.removeprefix("relation_")
            kind = form.one_of(name, RelationKind, "Choose from the list.")
            if kind and child in taken and child != key:
                responsible = "yes" in form.texts(f"responsibility_{child}")
                relations.append(
                    Relation(
                        person=key,
                        child=child,
                        kind=kind,
                        parental_responsibility=responsible or None,
                    )
                )
    known = next((p for p in family.people if p.key == replacing), None) if family else None
    lives_in: tuple[str, ...] = ()
    try:
        lives_in = homes_said(form.text("home"), known)
    except InvalidRecord as refused:
        form.mistakes["home"] = str(refused)
    person = form.build(
        lambda: Person(
            key=key,
            role=role,
            label=label,
            born=born,
            age_between=age_between,
            due=due,
            carried_by=carried_by,
            lives_in=() if unborn else lives_in,
            cares_for=form.texts("cares_for"),
            placement=form.one_of(
                "placement", Placement, "Choose from the list.", Placement.UNKNOWN
            )
            if role is Role.CHILD and not unborn
            else None,
            legal=tuple(Legal(v) for v in form.texts("legal") if v in set(Legal))
            if role is Role.CHILD
            else (),
        ),
        "label",
    )
    wrong = age_mistakes(person, assessed)
    if wrong:
        raise FieldMistakes(form.form, wrong)
    return person, tuple(relations), replacing


def homes_said(said: str, known: Person | None) -> tuple[str, ...]:
    """The homes of somebody; as they were where the field says what it said before. Raises InvalidRecord."""
    if known is not None and said == ", ".join(known.lives_in):
        return known.lives_in
    return homes(said)


def homes(said: str) -> tuple[str, ...]:
    """The homes named, with commas between: "main, gran" is two."""
    words = (word.strip() for word in said.split(","))
    return tuple(dict.fromkeys(_home(word) for word in words if word))


def _home(word: str) -> str:
    """The key of one home; two words never become one. Raises InvalidRecord where no key can be made of it."""
    key = re.sub(r"[^a-z0-9]+", "_", word.casefold()).strip("_")
    if not key or not word.isascii():
        raise InvalidRecord("Write the home as a word in plain letters, such as “main” or “flat”.")
    key = key if key[0].isalpha() else f"home_{key}"
    if not KEY.match(key):
        raise InvalidRecord("Use a shorter word for the home.")
    return key


def age_mistakes(person: Person, assessed: datetime.date) -> dict[str, str]:
    """A birth date that contradicts the role or the day of the assessment, at its field."""
    if person.is_unborn:
        return {}
    if person.born != "unknown" and read_day(str(person.born))[0] > assessed:
        return {
            "born": (
                f"That is after the assessment of {assessed}. For a baby who is not born yet choose "
                "“Not born yet”; else check this date, or change the day of the assessment first."
            )
        }
    low, high = person.age_in_months(assessed, assessed)
    if low > OLDEST_MONTHS:
        return {"born": "That would be more than 120 years ago. Check the year."}
    if not person.is_child and high < ADULT_FROM_MONTHS:
        return {
            "role": (
                f"Somebody of {high // 12} is a child here, also as a parent. Choose child, and tick "
                "whom they care for."
            )
        }
    if person.is_child and low >= ADULT_FROM_MONTHS:
        return {"role": f"Somebody of {low // 12} is an adult. Choose adult, or check the date."}
    return {}


def read_details(fields: Fields, today: datetime.date) -> tuple[str, str, bool]:
    """The family's label, the day of its assessment, and whether it is invented."""
    form = FieldReader("details", fields)
    label = form.needed("family_label", "Give the family a label, never a real name.")
    assessed = form.date("assessed", needed="When was the family assessed?", today=today)
    invented = "yes" in form.texts("invented")
    return form.build(lambda: (label, str(assessed), invented), "family_label")


def read_new_family(fields: Fields, today: datetime.date) -> Family:
    """A family of one person, to begin with."""
    form = FieldReader("family", fields)
    label = form.needed(
        "family_label", "Give the family a label, for example “The Larkfield family”."
    )
    try:
        person, _, _ = read_person({**fields, "key": ""}, None, today)
    except FieldMistakes as mistakes:
        raise FieldMistakes("family", {**form.mistakes, **mistakes.by_field}) from None
    return form.build(
        lambda: Family(
            label=label,
            assessed=today.isoformat(),
            people=(person,),
            invented="yes" in form.texts("invented"),
        ),
        "family_label",
    )


def read_need(fields: Fields, catalogue: Catalogue, today: datetime.date) -> Need:
    """A need as it was filled in; nothing in it is assumed for the worker."""
    form = FieldReader("need", fields)
    person = form.text("person")
    kind = form.needed("need", "Choose what help is needed with.")
    if kind and kind not in catalogue.need_types:
        form.mistakes["need"] = "Choose from the list."
    said = form.text("level")
    level = ActionLevel(int(said)) if said in {"0", "1", "2", "3"} else None
    if not said:
        form.mistakes["level"] = "Choose how much help is needed, or “Not rated”."
    harmers: tuple[str, ...] | None = form.texts("harmed_by") or None
    if harmers and "unknown" in harmers and len(harmers) > 1:
        form.mistakes["harmed_by"] = "“Not known” stands alone: untick it, or untick the others."
    if kind in catalogue.need_types and not catalogue.need_types[kind].harm:
        # The question is not on the page then; a tick from before another need was chosen says nothing.
        harmers = None
        form.mistakes.pop("harmed_by", None)
    scale = None
    if form.text("scale_name") or form.text("scale_value"):
        name = form.needed("scale_name", "Say which scale gave this value.")
        value = form.needed("scale_value", "Say what the scale gave.")
        date = form.date("scale_date", today=today)
        if name and value and "scale_date" not in form.mistakes:
            scale = form.build(lambda: SourceScale(name=name, value=value, date=date), "scale_name")
    seen_by = form.needed("seen_by", "Say who saw this, for example “nursery key worker”.")
    seen_on = form.date("seen_on", today=today)
    basis = form.one_of("basis", Basis, "Say how you know.")
    return form.build(
        lambda: Need(
            person=person,
            need=kind,
            level=level,
            affects=tuple(k for k in form.texts("affects") if k != person),
            harmed_by=harmers,
            basis=basis,
            when=form.one_of("when", When, "Choose from the list.", When.CURRENT),
            known_to=form.texts("known_to"),
            scale=scale,
            says=form.text("says"),
            seen_by=seen_by,
            seen_on=seen_on,
        ),
        "says",
    )


def read_strength(fields: Fields) -> Strength:
    form = FieldReader("strength", fields)
    says = form.needed("says", "Say what helps, in the words of whoever saw it.")
    return form.build(
        lambda: Strength(
            person=form.text("person"),
            says=says,
            existing_safety="yes" in form.texts("existing_safety"),
            seen_by=form.text("seen_by"),
        ),
        "says",
    )


def read_wish(fields: Fields) -> Wish:
    form = FieldReader("wish", fields)
    person = form.needed("person", "Say whose wish it is.")
    says = form.needed("says", "Say what this person wants, in their words.")
    return form.build(lambda: Wish(person=person, says=says), "says")


def read_support(fields: Fields, catalogue: Catalogue) -> Support:
    form = FieldReader("support", fields)
    person = form.needed("person", "Say for whom it is or was.")
    help_ = form.text("intervention") or None
    says = form.text("says")
    if help_ and help_ not in catalogue.interventions:
        form.mistakes["intervention"] = "Choose from the list."
    if not help_ and not says:
        form.mistakes["says"] = "Say what support there is, or choose it from the list."
    state = form.one_of("state", SupportState, "Say where it stands.")
    return form.build(
        lambda: Support(person=person, intervention=help_, says=says, state=state),
        "says",
    )


def read_answer(fields: Fields, catalogue: Catalogue) -> Answer:
    # The radio's name says to which question it belongs.
    said = next((v for k, v in fields.items() if k.startswith("answer-")), fields.get("answer", ""))
    form = FieldReader("safety", {**fields, "answer": said})
    ask = form.text("ask")
    if ask not in catalogue.questions:
        form.mistakes["ask"] = "There is no such question."
    value = form.one_of("answer", AnswerValue, "Choose yes, no or not known.")
    return form.build(
        lambda: Answer(
            ask=ask,
            person=form.text("person") or None,
            other=form.text("other") or None,
            answer=value,
        ),
        "ask",
    )


def read_limits(fields: Fields, family: Family) -> Limits:
    """Minutes, languages and access needs by person, and transport for the family."""
    form = FieldReader("limits", fields)
    minutes: dict[str, int] = {}
    languages: dict[str, tuple[str, ...]] = {}
    access: dict[str, tuple[str, ...]] = {}
    for person in family.people:
        said = form.text(f"minutes_{person.key}")
        if WHOLE.match(said) and int(said) <= 7 * 24 * 60:
            minutes[person.key] = int(said)
        elif said:
            form.mistakes[f"minutes_{person.key}"] = (
                f"Minutes a week for {person.label}: a whole number, or leave it empty."
            )
        for name, into in (("languages", languages), ("access", access)):
            words = tuple(
                w.strip() for w in form.text(f"{name}_{person.key}").split(",") if w.strip()
            )
            if words:
                into[person.key] = words
    transport = {"yes": True, "no": False}.get(form.text("transport"))
    return form.build(
        lambda: Limits(
            minutes_per_week=minutes, languages=languages, transport=transport, access_needs=access
        ),
        "transport",
    )


def _why_not(form: FieldReader) -> str:
    """A reason from the short list, the worker's own words, or both."""
    listed, own = form.text("reason"), form.text("because")
    return ". ".join(part for part in (listed if listed in WHY_NOT else "", own) if part)


def read_judgement(fields: Fields, form_name: str = "judge") -> Judgement:
    """A decision on one offer; declining and adding need a reason."""
    form = FieldReader(form_name, fields)
    decision = form.one_of("decision", Choice, "Say what you decide.")
    because = _why_not(form)
    if decision in {Choice.DECLINE, Choice.ADD} and not because:
        form.mistakes["because"] = "Say why. The reason goes to the supervisor with the package."
    people = tuple(p for p in form.text("people").split(",") if p)
    return form.build(
        lambda: Judgement(
            intervention=form.text("intervention"),
            people=people,
            decision=decision,
            because=because,
        ),
        "because",
    )


def read_step(fields: Fields) -> StepDecision:
    """What was decided about one ordinary step: accepted, perhaps in other words, or declined with a reason."""
    name = f"step-{fields.get('place', '')}"
    form = FieldReader(name, fields)
    decision = form.one_of("decision", Choice, "Say what you decide.")
    because, says = _why_not(form), form.text("says")
    if decision is Choice.DECLINE and not because:
        form.mistakes["because"] = "Say why. The reason goes to the supervisor with the package."
    return form.build(
        lambda: StepDecision(
            step=form.text("ordinary"),
            person=form.text("whose"),
            decision=decision,
            because=because if decision is Choice.DECLINE else "",
            says=says if decision is Choice.ACCEPT else "",
        ),
        "because",
    )


def read_reason(fields: Fields, form_name: str) -> str:
    form = FieldReader(form_name, fields)
    because = form.needed("because", "Say why. The reason goes to the supervisor with the package.")
    return form.build(lambda: because, "because")
