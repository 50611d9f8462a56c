"""From a family to its package in one call: the way in for the command line, the page and the tests."""

import datetime
from collections.abc import Mapping
from dataclasses import replace

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.records import Availability
from cpassist.family.family import Family
from cpassist.planning.candidates import Question
from cpassist.planning.checks.all_checks import run_checks
from cpassist.planning.matching.matching import Matching, match
from cpassist.planning.package.package import SupportPackage, compose_package


def propose(
    family: Family,
    catalogue: Catalogue,
    availability: Mapping[str, Availability] | None,
    on: datetime.date,
) -> SupportPackage:
    """The package for a family with its findings. Raises what the three steps raise."""
    return propose_with_matching(family, catalogue, availability, on)[1]


def propose_with_matching(
    family: Family,
    catalogue: Catalogue,
    availability: Mapping[str, Availability] | None,
    on: datetime.date,
) -> tuple[Matching, SupportPackage]:
    """The matching beside the package, for those who draw or explain it."""
    question = Question(family=family, catalogue=catalogue, availability=availability, on=on)
    matching = match(question)
    package = compose_package(matching)
    return matching, replace(package, findings=run_checks(matching, package))
