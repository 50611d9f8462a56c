"""A package as JSON (format: cpassist-package/1): the same bytes for the same package."""

import json
from collections.abc import Sequence
from typing import Any

from cpassist.catalogue.conditions import Asked
from cpassist.planning.asking_why.look_again import SecondLook, stands_whatever
from cpassist.planning.asking_why.next_questions import NextQuestion
from cpassist.planning.candidates import Answers
from cpassist.planning.package.alternatives import Alternative
from cpassist.planning.package.offers import Offer
from cpassist.planning.package.ordinary_steps import PackageStep
from cpassist.planning.package.package import FORMAT, SupportPackage


def to_json(
    package: SupportPackage,
    looks: Sequence[SecondLook] | None = None,
    questions: Sequence[NextQuestion] | None = None,
) -> str:
    """The package as text, fields in the order of the format; `next_questions` and `second_looks` only where they
    were looked for.
    """
    fields = package_fields(package)
    if questions is not None:
        fields["next_questions"] = [_next_question(question) for question in questions]
    if looks is not None:
        fields["second_looks"] = [
            {
                "about": list(look.about),
                "says": look.says,
                "adds": list(look.adds),
                "drops": list(look.drops),
            }
            for look in looks
        ]
        fields["stands"] = list(stands_whatever(package, looks))
    return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"


def package_fields(package: SupportPackage) -> dict[str, Any]:
    """The package as plain values, in the shape of the fixed format."""
    return {
        "format": FORMAT,
        "catalogue_version": package.catalogue_version,
        "catalogue": [{"folder": f.name, "fingerprint": f.fingerprint} for f in package.folders],
        "rules_fingerprint": package.rules_fingerprint,
        "planned_on": package.planned_on.isoformat(),
        "family_fingerprint": package.family_fingerprint,
        "order": [{"name": p.name, "better": p.better, "value": v} for p, v in package.order],
        "safety_steps": [
            {"about": list(step.about), "says": step.says, "rule": step.rule}
            for step in package.safety_steps
        ],
        "steps": [_step(step) for step in package.steps],
        "beside": [
            {
                "person": line.person,
                "need": line.need,
                "lean_on": list(line.lean_on),
                "strengths": list(line.strengths),
            }
            for line in package.beside
        ],
        "offers": [_offer(offer) for offer in package.offers],
        "gaps": [
            {
                "person": gap.person,
                "need": gap.need,
                "kind": gap.kind,
                "tried": list(gap.tried),
                "lean_on": list(gap.lean_on),
                "says": gap.says,
            }
            for gap in package.gaps
        ],
        "set_aside": [
            {
                "intervention": row.intervention,
                "person": row.person,
                "need": row.need,
                "because": row.because,
                "blocked_by": list(row.blocked_by),
                "instead": row.instead,
                "says": row.says,
            }
            for row in package.set_aside
        ],
        "findings": [
            {
                "code": finding.code,
                "level": finding.level,
                "about": list(finding.about),
                "ask": _asked(finding.ask),
                "holds": list(finding.holds),
                "rule": finding.rule,
                "says": finding.says,
            }
            for finding in package.findings
        ],
        "load": [
            {
                "person": line.person,
                "week": line.week,
                "minutes": line.minutes,
                "assumed_minutes": line.assumed_minutes,
                "limit": line.limit,
            }
            for line in package.load
        ],
        "alternatives": [_alternative(alternative) for alternative in package.alternatives],
        "no_alternative_because": package.no_alternative_because,
        "proven_best": package.proven_best,
        "solved_by": package.solved_by,
    }


def _step(step: PackageStep) -> dict[str, Any]:
    return {
        "step": step.step,
        "person": step.person or None,
        "need": step.need,
        "for": list(step.children),
        "kind": step.kind,
        "says": step.says,
        "how": step.how,
        "when_says": step.only_if,
        "timescale": step.timescale,
        "by_whom": step.by_whom,
        "refer_to": step.refer_to,
        "local": step.local,
        "consent": step.consent,
        "not_when": step.not_when,
        "family_says": step.family_says,
        "withheld": step.withheld or None,
        "stays_with_worker": step.stays_with_worker,
        "read": step.read,
        "law": step.law or None,
        "law_says": step.law_says or None,
        "to_check": step.to_check,
        "source": step.source,
        "in_sight": step.in_sight,
        "judged": step.judged,
        "because": step.because,
        "own_words": step.own_words,
    }


def _next_question(question: NextQuestion) -> dict[str, Any]:
    return {
        "ask": _asked(question.ask),
        "beside": [_asked(asked) for asked in question.beside],
        "says": question.says,
        "if": [
            {
                "answer": found.answer,
                "adds": list(found.adds),
                "removes": list(found.removes),
                "frees": [{"person": person, "need": need} for person, need in found.frees],
            }
            for found in question.answers
        ],
    }


def _asked(asked: Asked | None) -> dict[str, str | None] | None:
    if asked is None:
        return None
    return {"key": asked.key, "person": asked.person, "other": asked.other}


def _alternative(alternative: Alternative) -> dict[str, Any]:
    return {
        "name": alternative.name,
        "because": alternative.because,
        "differs": [
            {
                "change": difference.change,
                "intervention": difference.intervention,
                "people": list(difference.people),
                "because": difference.because,
            }
            for difference in alternative.differs
        ],
        "offers": [_offer(offer) for offer in alternative.offers],
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "offer": offer.key,
        "intervention": offer.intervention,
        "people": list(offer.people),
        "for": list(offer.children),
        "together": offer.together,
        "answers": [_answers(answer) for answer in offer.answers],
        "phase": offer.phase,
        "starts_week": offer.starts_week,
        "wait_weeks": offer.wait_weeks,
        "weeks": {"from": offer.weeks_low, "to": offer.weeks_high},
        "minutes_per_week": offer.minutes_per_week,
        "load_basis": offer.load_basis,
        "available": offer.available,
        "starts_because": offer.starts_because,
        "needs_first": list(offer.needs_first),
        "warnings": list(offer.warnings),
        "judged": offer.judged,
        "says": offer.says,
    }


def _answers(answer: Answers) -> dict[str, Any]:
    return {
        "person": answer.person,
        "need": answer.need,
        "level": int(answer.level),
        "certainty": answer.certainty.value,
        "effect": answer.effect.value,
        "age_fit": answer.age_fit,
        "evidence": list(answer.evidence),
        "for": list(answer.children),
    }
