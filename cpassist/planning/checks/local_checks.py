"""Checks of what the local directory says about the offers."""

import datetime
from collections.abc import Iterator

from cpassist.planning.checks.checked import Checked, check
from cpassist.planning.package.offers import names
from cpassist.planning.package.package import Finding

# Ours, to be set by an authority: places and waits change within weeks.
STALE_DAYS = 90


@check
def directory_stale(checked: Checked) -> Iterator[Finding]:
    """An offer whose places and wait were looked at long ago, or nobody knows when."""
    for offer in checked.package.offers:
        place = (checked.availability or {}).get(offer.intervention)
        if place is None or (place.places is None and place.wait_weeks is None):
            continue
        title = checked.catalogue.title(offer.intervention)
        if not place.as_of:
            says = f"{title}: the local directory does not say when places and wait were looked at. Ask before you rely on them."
        elif (checked.on - datetime.date.fromisoformat(place.as_of)).days > STALE_DAYS:
            says = f"{title}: places and wait in the local directory are of {place.as_of}. Ask before you rely on them."
        else:
            continue
        yield Finding(code="directory_stale", level="asks", about=offer.people, says=says)


@check
def language_not_here(checked: Checked) -> Iterator[Finding]:
    """An offer that is not given here in a language of somebody who takes part."""
    spoken = checked.family.limits.languages
    for offer in checked.package.offers:
        place = (checked.availability or {}).get(offer.intervention)
        if place is None or not place.languages:
            continue
        here = {language.casefold() for language in place.languages}
        others = [
            key
            for key in offer.people
            if spoken.get(key) and not here & {language.casefold() for language in spoken[key]}
        ]
        if others:
            says = (
                f"{checked.catalogue.title(offer.intervention)} is given here in {', '.join(place.languages)}, which is "
                f"no language of {names(others, checked.family)} as recorded. Ask for it in theirs, or for an interpreter who "
                "is not of the family."
            )
            yield Finding(code="language_not_here", level="asks", about=tuple(others), says=says)
