"""What people fill in about a plan: actions, aims, words on it, what a review found, values over time."""

import datetime
import re
from collections.abc import Callable

from cpassist.errors import InvalidRecord
from cpassist.family.family import Family
from cpassist.family.records import FamilyMeeting
from cpassist.family.vocabulary import check_words
from cpassist.plans.family_meeting import may_accept
from cpassist.plans.labels import identifying
from cpassist.plans.plan import (
    LONGEST_NAME,
    LONGEST_SAID,
    Action,
    Agreement,
    Aim,
    Became,
    Consent,
    Meanwhile,
    Measure,
    Progress,
    StepTask,
    Verdict,
    check_day,
)
from cpassist.ui.frame.fields import FieldReader, Fields

NUMBER = re.compile(r"-?[0-9]{1,6}([.,][0-9]{1,3})?\Z")
CHILDREN_ACT = "1989-11-16"
NO_RESPONSIBILITY = (
    "Only somebody with parental responsibility accepts it. Record that first, under People."
)
WHOLE_DAY = "Give the day, the month and the year, such as 16 11 2026."


def line_id(line: str) -> str:
    """The key of a line as it can stand in a page: small letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", line.casefold()).strip("-")


def _day(form: FieldReader, name: str) -> str:
    """A whole day as YYYY-MM-DD; empty where nothing is given."""
    said = form.date(name) or ""
    if said and len(said) != len("2026-11-16") and name not in form.mistakes:
        form.mistakes[name] = WHOLE_DAY
    _check(form, name, lambda: check_day(said))
    return said


def _check(form: FieldReader, name: str, check: Callable[[], None]) -> None:
    """Says at its own field what a record would refuse."""
    if name not in form.mistakes:
        try:
            check()
        except InvalidRecord as refused:
            form.mistakes[name] = str(refused)


def _words(form: FieldReader, name: str) -> str:
    """Somebody's words, without what points at a person or a place."""
    said = form.text(name)
    _check(form, name, lambda: check_words("The text", said, LONGEST_SAID))
    for what in identifying(said):
        form.mistakes[name] = (
            f"There is {what} in it. Leave it out: nothing here may point at anybody."
        )
    return said


def read_action(fields: Fields) -> Action:
    """What is planned for one offer; what is still empty keeps the plan from being sent, not from being kept."""
    offer = fields.get("offer", "")
    form = FieldReader(f"act-{line_id(str(offer))}", fields)
    words = {name: _words(form, name) for name in ("owner", "change", "noticed", "contingency")}
    words["goes_on_because"] = _words(form, "goes_on_because")
    starts, review = _day(form, "starts"), _day(form, "review")
    if starts and review and review <= starts and not form.mistakes:
        form.mistakes["review"] = "The review has to come after the start."
    return form.build(
        lambda: Action(offer=form.text("offer"), starts=starts, review=review, **words), "owner"
    )


def read_meanwhile(fields: Fields) -> Meanwhile:
    person, need = str(fields.get("person", "")), str(fields.get("need", ""))
    form = FieldReader(f"gap-{line_id(f'{person}:{need}')}", fields)
    says = _words(form, "says")
    return form.build(lambda: Meanwhile(person=person, need=need, says=says), "says")


def read_task(fields: Fields) -> StepTask:
    """Who does an accepted step, and by which day."""
    step = str(fields.get("task", ""))
    form = FieldReader(f"task-{line_id(step)}", fields)
    owner, by = _words(form, "owner"), _day(form, "by")
    return form.build(lambda: StepTask(step=step, owner=owner, by=by), "owner")


def read_aim(fields: Fields, today: datetime.date) -> Aim:
    form = FieldReader(f"aim-{line_id(str(fields.get('child', '')))}", fields)
    names = ("change", "how_much", "seen_by", "child_says", "parents_say")
    words = {name: _words(form, name) for name in names}
    by, seen_on = _day(form, "by"), _day(form, "seen_on")
    if seen_on > today.isoformat() and "seen_on" not in form.mistakes:
        form.mistakes["seen_on"] = "That day is still to come. Give the day on which it was."
    if seen_on and not words["seen_by"]:
        form.mistakes.setdefault("seen_by", "Say who saw the child on that day.")
    return form.build(
        lambda: Aim(child=form.text("child"), by=by, seen_on=seen_on, **words), "change"
    )


def read_consent(fields: Fields) -> Consent:
    form = FieldReader(f"consent-{line_id(str(fields.get('person', '')))}", fields)
    answer = form.one_of("answer", Agreement, "Choose what fits best.")
    says = _words(form, "says")
    return form.build(lambda: Consent(person=form.text("person"), answer=answer, says=says), "says")


def read_meeting(fields: Fields, family: Family, today: datetime.date) -> FamilyMeeting:
    """What is known of the family group meeting; what is still empty keeps nothing back."""
    form = FieldReader("meeting", fields)
    days = {name: _day(form, name) for name in FamilyMeeting.DAYS}
    for name, said in days.items():
        if said > today.isoformat():
            form.mistakes.setdefault(name, "That day is still to come. Give it once it has been.")
        elif said and said < CHILDREN_ACT:
            form.mistakes.setdefault(name, "That is before the Children Act. Check the year.")
    words = {name: _words(form, name) for name in ("offered_in", "not_because")}
    words["offered_in"] = " ".join(words["offered_in"].split())
    accepted = form.texts("accepted_by")
    if not set(accepted) <= set(may_accept(family)):
        form.mistakes["accepted_by"] = NO_RESPONSIBILITY
    if accepted and not (days["offered_on"] or days["held_on"]):
        form.mistakes.setdefault("offered_on", "Say on which day it was offered.")
    if days["held_on"] and days["held_on"] < days["offered_on"]:
        form.mistakes.setdefault("held_on", "It was held before it was offered. Check both days.")
    return form.build(lambda: FamilyMeeting(accepted_by=accepted, **days, **words), "not_because")


def read_lead(fields: Fields) -> str:
    """Who leads the plan: a role, or a role with a label."""
    form = FieldReader("lead", fields)
    said = " ".join(_words(form, "led_by").split())
    _check(form, "led_by", lambda: check_words("The role", said, LONGEST_NAME))
    return form.build(lambda: said, "led_by")


def read_shared(fields: Fields) -> tuple[str, ...]:
    """Those who get the plan, one a line."""
    form = FieldReader("shared", fields)
    said = _words(form, "shared_with")
    lines = tuple(dict.fromkeys(line.strip() for line in said.splitlines() if line.strip()))
    return form.build(lambda: lines, "shared_with")


def read_progress(fields: Fields, version: int) -> Progress:
    offer = str(fields.get("offer", ""))
    form = FieldReader(f"found-{line_id(offer)}", fields)
    became = form.one_of("became", Became, "Choose what fits best.")
    says = _words(form, "says")
    return form.build(
        lambda: Progress(offer=offer, version=version, became=became, says=says), "says"
    )


def read_measure(fields: Fields, family: Family, today: datetime.date) -> Measure:
    form = FieldReader("measure", fields)
    person = form.needed("person", "Say for whom it is counted.")
    if person and person not in {p.key for p in family.people}:
        form.mistakes["person"] = "Choose from the list."
    form.needed("what", "Say what is counted, such as “Days at nursery in a week”.")
    what = _words(form, "what")
    said = form.needed("value", "Give the number.").replace(",", ".")
    if said and not NUMBER.match(said):
        form.mistakes["value"] = "Give a number, such as 3 or 3.5."
    better = form.text("better")
    if better not in {"more", "less"}:
        form.mistakes["better"] = "Say whether more or less of it is better."
    on = form.date("on", needed="On which day was it counted?", today=today) or ""
    if on and len(on) != len("2026-11-16") and "on" not in form.mistakes:
        form.mistakes["on"] = WHOLE_DAY
    _check(form, "on", lambda: check_day(on))
    return form.build(
        lambda: Measure(
            person=person,
            what=what[:120],
            on=on,
            value=float(said),
            more_is_better=better == "more",
        ),
        "value",
    )


def read_because(fields: Fields, form_name: str, sentence: str) -> str:
    """A reason or a remark that has to have words."""
    form = FieldReader(form_name, fields)
    form.needed("says", sentence)
    said = _words(form, "says")
    return form.build(lambda: said, "says")


def read_note(fields: Fields, form_name: str) -> str:
    """Words that may be left out."""
    form = FieldReader(form_name, fields)
    said = _words(form, "says")
    return form.build(lambda: said, "says")


def read_verdict(fields: Fields) -> tuple[str, Verdict, str]:
    """The line, what a supervisor makes of it, and their words."""
    line = str(fields.get("line", ""))
    form = FieldReader(f"line-{line_id(line)}", fields)
    verdict = form.one_of("verdict", Verdict, "Choose agree, ask or return.")
    says = _words(form, "says")
    if verdict in {Verdict.QUERY, Verdict.RETURN} and not says:
        form.mistakes["says"] = (
            "Say what you want to know." if verdict is Verdict.QUERY else "Say what has to change."
        )
    return form.build(lambda: (line, verdict, says), "says")


def read_keep_until(fields: Fields, today: datetime.date) -> datetime.date:
    form = FieldReader("keep", fields)
    said = _day(form, "until")
    if not said:
        form.mistakes.setdefault("until", WHOLE_DAY)
    elif "until" not in form.mistakes and said <= today.isoformat():
        form.mistakes["until"] = "That day has passed. Give a later one."
    return form.build(lambda: datetime.date.fromisoformat(said), "until")
