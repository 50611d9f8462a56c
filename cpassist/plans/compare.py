"""What differs between two versions of a plan, line by line and word by word."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.family.family import Family
from cpassist.family.records import FamilyMeeting
from cpassist.family.vocabulary import day_words
from cpassist.planning.package.offers import Offer, names
from cpassist.planning.package.package import SupportPackage
from cpassist.plans.family_meeting import accepted_words
from cpassist.plans.plan import Action, Became, CasePlan, Consent
from cpassist.words.family import LEVEL_WORDS
from cpassist.words.package import GAP_WORDS
from cpassist.words.plan import (
    ACTION_WORDS,
    AGREEMENT_WORDS,
    AIM_WORDS,
    BECAME_OF_AIM_WORDS,
    BECAME_OF_GAP_WORDS,
    BECAME_WORDS,
    MEETING_WORDS,
    TASK_WORDS,
)

WORST_FIRST = (
    Became.MADE_WORSE,
    Became.NO_CHANGE,
    Became.NOT_TO_BE_HAD,
    Became.NOT_BEGUN,
    Became.DECLINED,
    Became.UNDER_WAY,
    Became.HELPED_PARTLY,
    Became.HELPED,
)


def became_words(about: str) -> dict[str, str]:
    """What may have become of something planned, in words: of an offer, an aim or a gap."""
    return {"aim": BECAME_OF_AIM_WORDS, "gap": BECAME_OF_GAP_WORDS}.get(
        about.partition(":")[0], BECAME_WORDS
    )


@dataclass(frozen=True, kw_only=True, repr=False)
class Change:
    """One thing that differs: added, taken out, or other words."""

    kind: str
    """added, removed or changed."""
    about: str
    """need, offer, step, gap, action, aim, view, measure, family, catalogue or rules."""
    what: str
    before: str = ""
    after: str = ""


def differences(before: CasePlan, after: CasePlan, catalogue: Catalogue) -> tuple[Change, ...]:
    """What somebody who knows `before` has to read in `after`, in the order of the plan."""
    return (
        *_of_needs(before.family, after.family, catalogue),
        *package_changes(before.package, after.package, after.family, before.family, catalogue),
        *_of_actions(before, after, catalogue),
        *_of_aims(before, after),
        *_of_people(before, after),
        *_of_measures(before, after),
    )


def package_changes(
    before: SupportPackage,
    after: SupportPackage,
    family: Family,
    earlier: Family,
    catalogue: Catalogue,
) -> Iterator[Change]:
    """Catalogue, rules, offers and gaps of two packages."""
    if before.folders != after.folders:
        yield Change(
            kind="changed",
            about="catalogue",
            what="The catalogue",
            before=f"of {before.catalogue_version}",
            after=f"of {after.catalogue_version}",
        )
    if before.rules_fingerprint != after.rules_fingerprint:
        yield Change(
            kind="changed",
            about="rules",
            what="The rules and safety questions",
            before=before.rules_fingerprint[:8],
            after=after.rules_fingerprint[:8],
        )
    yield from _apart(
        {o.key: _offer_words(o) for o in before.offers},
        {o.key: _offer_words(o) for o in after.offers},
        "offer",
        lambda key: offer_title(key, family if key in {o.key for o in after.offers} else earlier, catalogue),
    )  # fmt: skip
    old, new = ({s.key: s.words for s in p.steps if s.judged == "accept"} for p in (before, after))
    said = {**old, **new}
    yield from _apart(old, new, "step", lambda key: f"Step: {said[key]}", lambda _: "in the plan")
    yield from _apart(
        {(g.person, g.need): g.kind for g in before.gaps},
        {(g.person, g.need): g.kind for g in after.gaps},
        "gap",
        lambda key: _need_title(key, family, earlier, catalogue),
        lambda kind: GAP_WORDS[kind],
    )


def offer_title(key: str, family: Family, catalogue: Catalogue) -> str:
    """An offer's key as people read it; what the catalogue no longer holds keeps its key."""
    help_, _, people = key.partition(":")
    if help_ == "step":
        found = catalogue.step(people.partition(":")[0])
        return found.says if found else "An ordinary step"
    known = {person.key for person in family.people}
    if help_ == "aim":
        return f"What must change for {names({people} & known, family) or 'a child'}"
    if help_ == "gap":
        person, _, need = people.partition(":")
        return f"{names({person} & known, family) or 'Somebody'}: {catalogue.label(need).lower() if need in catalogue.need_types else need}"
    title = catalogue.title(help_) if help_ in catalogue.interventions else help_
    return f"{title} with {names([k for k in people.split(',') if k in known], family)}"


def _offer_words(offer: Offer) -> str:
    judged = {"accept": "accepted", "add": "added by a worker"}.get(offer.judged or "", "proposed")
    return f"weeks {offer.starts_week} to {offer.last_week}, {offer.minutes_per_week} minutes a week, {judged}"


def _need_title(key: Any, family: Family, earlier: Family, catalogue: Catalogue) -> str:
    person, need = key
    who = family if person in {p.key for p in family.people} else earlier
    return f"{who.label_of(person)}: {catalogue.label(need).lower()}"


def _of_needs(before: Family, after: Family, catalogue: Catalogue) -> Iterator[Change]:
    yield from _apart(
        {(n.person, n.need): _need_words(n) for n in before.needs},
        {(n.person, n.need): _need_words(n) for n in after.needs},
        "need",
        lambda key: _need_title(key, after, before, catalogue),
    )
    for words, name in (("strengths", "strength"), ("wishes", "wish")):
        old, new = ({(x.person, x.says) for x in getattr(f, words)} for f in (before, after))
        for person, says in sorted(new - old):
            yield Change(kind="added", about="family", what=f"{after.label_of(person)}, a {name}", after=says)  # fmt: skip
        for person, says in sorted(old - new):
            yield Change(kind="removed", about="family", what=f"{before.label_of(person)}, a {name}", before=says)  # fmt: skip
    old_answers, new_answers = (
        {(a.ask, a.person, a.other): a.answer.value for a in f.circumstances}
        for f in (before, after)
    )
    changed = sum(
        old_answers.get(key) != new_answers.get(key) for key in {*old_answers, *new_answers}
    )
    if changed:
        number = f"{changed} answer{'s' * (changed != 1)} about safety"
        yield Change(kind="changed", about="family", what=number, after="see the safety questions")


def _need_words(need: Any) -> str:
    words = [LEVEL_WORDS[need.level], need.basis.value.replace("_", " ") if need.basis else ""]
    return ", ".join(part for part in (*words, need.says) if part)


def _of_actions(before: CasePlan, after: CasePlan, catalogue: Catalogue) -> Iterator[Change]:
    for offer in after.package.offers:
        title = offer_title(offer.key, after.family, catalogue)
        yield from _fields(before.action(offer.key), after.action(offer.key), ACTION_WORDS, "action", title)  # fmt: skip
    for step in after.accepted_steps:
        yield from _fields(before.task(step.key), after.task(step.key), TASK_WORDS, "action", step.words)  # fmt: skip
    for gap in after.package.gaps:
        old_says, new_says = (p.done_about(gap.person, gap.need) for p in (before, after))
        if old_says != new_says:
            title = _need_title((gap.person, gap.need), after.family, before.family, catalogue)
            yield Change(
                kind="changed" if old_says else "added",
                about="gap",
                what=f"{title}: what is done about it",
                before=old_says,
                after=new_says,
            )
    old = {(p.offer, p.version): p for p in before.progress}
    for found in sorted(after.progress, key=lambda p: WORST_FIRST.index(p.became)):
        if old.get((found.offer, found.version)) != found:
            title = offer_title(found.offer, after.family, catalogue)
            became = became_words(found.offer).get(found.became, BECAME_WORDS[found.became])
            yield Change(
                kind="added",
                about="action",
                what=f"{title}: what became of it",
                after=f"{became}. {found.says}",
            )


def _of_aims(before: CasePlan, after: CasePlan) -> Iterator[Change]:
    for child in after.family.children:
        yield from _fields(
            before.aim(child.key), after.aim(child.key), AIM_WORDS, "aim", child.label
        )


def _of_people(before: CasePlan, after: CasePlan) -> Iterator[Change]:
    for person in after.family.people:
        old, new = before.consent(person.key), after.consent(person.key)
        if old != new:
            yield Change(
                kind="changed",
                about="view",
                what=f"{person.label}’s word on the plan",
                before=_consent_words(old),
                after=_consent_words(new),
            )
    yield from _of_the_meeting(before, after)
    if before.led_by != after.led_by:
        yield Change(kind="changed", about="view", what="Who leads the plan", before=before.led_by, after=after.led_by)  # fmt: skip
    for who in sorted(set(after.shared_with) - set(before.shared_with)):
        yield Change(kind="added", about="view", what="Shared with", after=who)
    for who in sorted(set(before.shared_with) - set(after.shared_with)):
        yield Change(kind="removed", about="view", what="Shared with", before=who)


def _of_the_meeting(before: CasePlan, after: CasePlan) -> Iterator[Change]:
    old, new = (plan.meeting or FamilyMeeting() for plan in (before, after))
    earlier, now = accepted_words(old, before.family), accepted_words(new, after.family)
    if earlier != now:
        what = f"Family group meeting: {MEETING_WORDS['accepted_by']}"
        yield Change(kind="changed", about="view", what=what, before=earlier, after=now)
    words = {name: label for name, label in MEETING_WORDS.items() if name != "accepted_by"}
    yield from _fields(old, new, words, "view", "Family group meeting")


def _of_measures(before: CasePlan, after: CasePlan) -> Iterator[Change]:
    for these, others, kind in (
        (after.measures, before.measures, "added"),
        (before.measures, after.measures, "removed"),
    ):
        for m in (m for m in these if m not in others):
            family = after.family if kind == "added" else before.family
            said = f"{m.value:g} on {day_words(m.on)}"
            which = {"after": said} if kind == "added" else {"before": said}
            yield Change(kind=kind, about="measure", what=f"{family.label_of(m.person)}: {m.what}", **which)  # fmt: skip


def _consent_words(consent: Consent) -> str:
    return f"{AGREEMENT_WORDS[consent.answer.value]}. {consent.says}".strip()


def _fields(
    before: Any, after: Action | Any, words: dict[str, str], about: str, title: str
) -> Iterator[Change]:
    for name, label in words.items():
        old, new = getattr(before, name), getattr(after, name)
        if name in after.DAYS:
            old, new = day_words(old), day_words(new)
        if old != new:
            kind = "changed" if old and new else "added" if new else "removed"
            yield Change(kind=kind, about=about, what=f"{title}: {label}", before=old, after=new)


def _apart(
    before: dict[Any, str],
    after: dict[Any, str],
    about: str,
    title: Any,
    words: Any = str,
) -> Iterator[Change]:
    """What was added, taken out and changed between two mappings."""
    for key in (key for key in after if key not in before):
        yield Change(kind="added", about=about, what=title(key), after=words(after[key]))
    for key in (key for key in before if key not in after):
        yield Change(kind="removed", about=about, what=title(key), before=words(before[key]))
    for key, now in after.items():
        if key in before and before[key] != now:
            yield Change(kind="changed", about=about, what=title(key), before=words(before[key]), after=words(now))  # fmt: skip


def marked(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Two texts as one: each part same, gone or new, cut between words."""
    old, new = (re.findall(r"\S+\s*", text) for text in (before, after))
    parts: list[tuple[str, str]] = []
    for act, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            parts.append(("same", "".join(new[c:d])))
        else:
            parts += _both("".join(old[a:b]), "".join(new[c:d]))
    return tuple(parts)


def _both(gone: str, new: str) -> Iterable[tuple[str, str]]:
    return [(kind, words) for kind, words in (("gone", gone), ("new", new)) if words]
