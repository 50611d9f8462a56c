"""What the checks have to say about a family and its package: blocks, warns, asks or notes."""

from collections.abc import Callable, Iterator

from cpassist.planning.checks.checked import Checked
from cpassist.planning.checks.family_checks import (
    TODAY,
    age_not_sure,
    answers_contradict,
    birth_overdue,
    bond_not_recorded,
    carer_not_recorded,
    children_of_abuse_considered,
    conflict_beside_abuse,
    factor_waiting,
    harm_without_need,
    harmer_not_recorded,
    immediate_danger,
    interpreter,
    need_of_another_age,
    no_safe_carer,
    not_rated,
    question_of_family,
    safety_question_open,
    same_provider,
    stale_answer,
    step_question,
    support_may_be,
    support_not_known,
    victim_not_recorded,
)
from cpassist.planning.checks.local_checks import directory_stale, language_not_here
from cpassist.planning.checks.package_checks import (
    brings_together,
    condition_open,
    judgement_not_possible,
    late_start,
    limits_not_stated,
    many_starts,
    may_not_be_here,
    only_thin,
    outside_tested_age,
    over_limit,
    support_ends_sooner,
    too_old_by_then,
    travel_not_possible,
    tried_before,
    unmet_need,
)
from cpassist.planning.matching.matching import Matching
from cpassist.planning.package.package import Finding, SupportPackage

CHECKS: tuple[Callable[[Checked], Iterator[Finding]], ...] = (
    immediate_danger,
    no_safe_carer,
    answers_contradict,
    safety_question_open,
    question_of_family,
    harm_without_need,
    harmer_not_recorded,
    victim_not_recorded,
    brings_together,
    condition_open,
    step_question,
    not_rated,
    need_of_another_age,
    factor_waiting,
    children_of_abuse_considered,
    unmet_need,
    only_thin,
    may_not_be_here,
    outside_tested_age,
    age_not_sure,
    carer_not_recorded,
    bond_not_recorded,
    birth_overdue,
    over_limit,
    late_start,
    too_old_by_then,
    support_ends_sooner,
    conflict_beside_abuse,
    limits_not_stated,
    travel_not_possible,
    many_starts,
    same_provider,
    judgement_not_possible,
    tried_before,
    support_may_be,
    interpreter,
    support_not_known,
    stale_answer,
    directory_stale,
    language_not_here,
)
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
