"""What the checks have to say about a family and its package: blocks, warns, asks or notes."""

from cpassist.planning.checks import (
    family_checks,
    local_checks,
    package_checks,
    people_checks,
    question_checks,
)
from cpassist.planning.checks.checked import CHECKS, Checked
from cpassist.planning.checks.question_checks import TODAY
from cpassist.planning.matching.matching import Matching
from cpassist.planning.package.package import Finding, SupportPackage

# Each of its functions that is marked as a check is one.
ROOMS = (family_checks, people_checks, question_checks, package_checks, local_checks)
LEVELS = ("blocks", "asks", "warns", "notes")
FIRST = frozenset({"immediate_danger", "no_safe_carer", "support_ends_sooner", "late_start"})


def run_checks(matching: Matching, package: SupportPackage) -> tuple[Finding, ...]:
    """Every finding, what blocks first; questions that hold most come before those that hold less."""
    question = matching.question
    checked = Checked(
        harm=question.harm,
        package=package,
        candidates=matching.candidates,
        ruled_out=matching.ruled_out,
        on=question.on,
        availability=question.availability,
    )
    found = [finding for check in CHECKS for finding in check(checked)]
    return tuple(
        sorted(
            dict.fromkeys(found),
            key=lambda f: (
                LEVELS.index(f.level),
                f.code not in FIRST and not (f.ask is not None and f.ask.key in TODAY),
                -len(f.holds),
                f.code,
                f.about,
                f.says,
            ),
        )
    )
