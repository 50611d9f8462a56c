"""What a check looks at, and which checks there are."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.records import Availability
from cpassist.family.family import Family
from cpassist.harm.reading import HarmReading
from cpassist.planning.candidates import Candidate, RuledOut
from cpassist.planning.package.package import Finding, SupportPackage


@dataclass(frozen=True, kw_only=True, repr=False)
class Checked:
    """What a check looks at."""

    harm: HarmReading
    package: SupportPackage
    candidates: tuple[Candidate, ...]
    ruled_out: tuple[RuledOut, ...]
    on: datetime.date
    availability: Mapping[str, Availability] | None = None
    """What is to be had here; None while no local directory is loaded."""

    @property
    def family(self) -> Family:
        return self.harm.family

    @property
    def catalogue(self) -> Catalogue:
        return self.harm.catalogue


Check = Callable[[Checked], Iterator[Finding]]
CHECKS: list[Check] = []
"""Every function that is marked as a check; what they find is sorted, so their order says nothing."""


def check(function: Check) -> Check:
    """Marks a function as a check: from then on it is asked about every package."""
    CHECKS.append(function)
    return function
