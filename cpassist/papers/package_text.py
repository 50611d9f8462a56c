"""A package, or the reasons around one need, as plain text for a terminal."""

import textwrap
from collections.abc import Iterator, Sequence

from cpassist.catalogue.records import Catalogue
from cpassist.family import Family
from cpassist.family_vocabulary import LEVEL_WORDS
from cpassist.planning.explain import Explained
from cpassist.planning.look_again import SecondLook
from cpassist.planning.offers import CERTAINTY_WORDS, FIT_WORDS, Offer, names, not_known_words
from cpassist.planning.package import SupportPackage

WIDTH = 88

# One phrase for each reason of the funnel, the same on screen, in text and in the glossary.
BECAUSE_WORDS = {
    "below_action_level": "Not called for",
    "not_rated": "Not rated yet",
    "not_an_intervention": "Not an intervention",
    "withdrawn": "Withdrawn",
    "not_tested_for_this": "Not tested for this",
    "to_be_checked": "To be checked",
    "no_effect_found": "No effect found",
    "may_harm": "May harm",
    "outside_age": "Outside age",
    "no_one_to_take_part": "Not for these people",
    "not_safe_now": "Not safe now",
    "safety_not_answered": "Safety question open",
    "not_here": "Not here",
    "no_places": "No places",
    "does_not_reach": "Does not reach",
    "already_in_place": "Already in place",
    "needs_another_first": "Needs another first",
    "declined": "Declined",
    "clashes": "Clashes",
    "too_much_at_once": "Too much at once",
    "weaker_evidence": "Weaker evidence",
    "already_answered": "Already answered",
    "not_known_in_uk": "Not known in the UK",
    "longer_wait": "Longer wait",
    "asks_more_of_family": "Asks more of the family",
    "more_professionals": "More professionals",
    "dearer": "Dearer",
    "tie": "As good",
}


def package_to_text(
    package: SupportPackage,
    family: Family,
    catalogue: Catalogue,
    looks: Sequence[SecondLook] | None = None,
) -> str:
    """The whole package in words, long lists last; what is worth another look only where it was looked for."""
    return "\n".join(_package_lines(package, family, catalogue, looks)) + "\n"


def _package_lines(
    package: SupportPackage,
    family: Family,
    catalogue: Catalogue,
    looks: Sequence[SecondLook] | None,
) -> Iterator[str]:
    yield family.label
    if family.invented:
        yield "Invented family"
    yield f"Proposed on {package.planned_on}, catalogue of {package.catalogue_version}. People decide."
    if len(package.folders) > 1:
        yield f"Catalogue folders: {', '.join(folder.name for folder in package.folders)}."
    blocking = [f for f in package.findings if f.level == "blocks"]
    if blocking or package.safety_steps:
        yield from _heading("Before any programme")
        for finding in blocking:
            yield from _item(finding.says)
        for step in package.safety_steps:
            yield from _item(f"{step.says} [{step.rule}]")
    yield from _heading("Proposed")
    if not package.offers:
        yield from _item("Nothing is proposed.")
    for offer in package.offers:
        yield from _offer_lines(offer, family, catalogue)
    yield from _heading("Gaps")
    if not package.gaps:
        yield from _item("No need is left without an offer.")
    for gap in package.gaps:
        yield from _item(
            f"{family.label_of(gap.person)}, {catalogue.label(gap.need).lower()}: {gap.says}"
        )
        lean = [e.label.lower() for e in catalogue.practice_elements if e.key in gap.lean_on]
        yield from _item(f"Lean on: {'; '.join(lean)}.", indent=4)
    yield from _heading("To ask and to notice")
    yield from _item(
        "Ask each person alone, never in front of another or through another, whatever is offered in the end."
    )
    for finding in package.findings:
        if finding.level != "blocks":
            held = [catalogue.title(key) for key in finding.holds if key in catalogue.interventions]
            waits = f" (waits for it: {', '.join(held)})" if held else ""
            yield from _item(f"{finding.level}: {finding.says}{waits}")
    yield from _heading("Other ways")
    for alternative in package.alternatives:
        yield from _item(f"{alternative.name}. {alternative.because}")
        for d in alternative.differs:
            more = f". {d.because}" if d.change == "swapped" else "."
            yield from _item(
                f"{d.change}: {catalogue.title(d.intervention)} with {names(d.people, family)}{more}",
                indent=4,
            )
    if package.no_alternative_because:
        yield from _item(package.no_alternative_because)
    yield from _item("None of these: decide with the family what to do instead.")
    yield from _look_lines(looks, catalogue)
    yield from _heading("Set aside")
    for row in package.set_aside:
        who = f"{family.label_of(row.person)}, {catalogue.label(row.need).lower()}"
        yield from _item(
            f"{catalogue.title(row.intervention)} ({who}): {BECAUSE_WORDS[row.because]}. {row.says}"
        )


def _look_lines(looks: Sequence[SecondLook] | None, catalogue: Catalogue) -> Iterator[str]:
    if looks is None:
        return
    yield from _heading("Worth another look")
    for look in looks:
        yield from _item(f"{look.says} {look.then(catalogue)}")
    if not looks:
        yield from _item("Nothing that is open would change it by itself.")


def _offer_lines(offer: Offer, family: Family, catalogue: Catalogue) -> Iterator[str]:
    until = offer.last_week
    yield from _item(f"{catalogue.title(offer.intervention)}, with {names(offer.people, family)}")
    yield from _item(
        f"weeks {offer.starts_week} to {until}, {offer.minutes_per_week} minutes a week ({offer.load_basis})",
        indent=4,
    )
    for says in (offer.starts_because, not_known_words(offer, catalogue)):
        if says:
            yield from _item(says, indent=4)
    for answer in offer.answers:
        need = catalogue.label(answer.need).lower()
        fit = f", {FIT_WORDS[answer.age_fit]}" if answer.of_child else ""
        yield from _item(
            f"for {family.label_of(answer.person)}: {need} ({LEVEL_WORDS[answer.level]}); "
            f"{CERTAINTY_WORDS[answer.certainty]}{fit}",
            indent=4,
        )
    for rule in offer.warnings:
        yield from _item(f"{catalogue.rule(rule).says} [{rule}]", indent=4)


def explained_to_text(
    explained: tuple[Explained, ...], person: str, need: str, family: Family, catalogue: Catalogue
) -> str:
    """Every intervention for one need: offered, or why not."""
    found = family.need(person, need)
    level = LEVEL_WORDS[found.level] if found else ""
    lines = [f"{family.label_of(person)}: {catalogue.label(need).lower()} ({level})", ""]
    for row in explained:
        state = "Proposed" if row.offered else BECAUSE_WORDS[str(row.because)]
        lines += _item(f"{catalogue.title(row.intervention)}: {state}. {row.says}")
    if not explained:
        lines += _item("Nothing in the catalogue was tested for this need.")
    return "\n".join(lines) + "\n"


def _heading(words: str) -> Iterator[str]:
    yield ""
    yield words
    yield "-" * len(words)


def _item(words: str, indent: int = 2) -> list[str]:
    return textwrap.wrap(
        words,
        WIDTH,
        initial_indent=" " * (indent - 2) + "- ",
        subsequent_indent=" " * indent,
        break_long_words=False,
    )
