"""Replay: the package of a plan made once more from what the plan holds, and what comes out otherwise."""

from collections.abc import Iterator
from dataclasses import fields

from cpassist.catalogue.catalogue import Catalogue
from cpassist.codec import canonical
from cpassist.planning.proposal import propose
from cpassist.plans.compare import package_changes
from cpassist.plans.plan import CasePlan


def replay(plan: CasePlan, catalogue: Catalogue) -> tuple[str, ...]:
    """What differs, in sentences, and why it may; nothing where the same package comes out."""
    return tuple(_differing(plan, catalogue))


def _differing(plan: CasePlan, catalogue: Catalogue) -> Iterator[str]:
    kept = plan.package
    if kept.family_fingerprint != plan.family.fingerprint():
        yield "The family in the plan is not the one from which its package was made."
    then = {folder.fingerprint for folder in kept.folders}
    now = {folder.fingerprint for folder in catalogue.folders}
    if then != now:
        yield (
            f"The catalogue is another: the plan was made with that of {kept.catalogue_version}, this is "
            f"that of {catalogue.version}. Give the catalogue of then with --catalogue to tell the two apart."
        )
    if kept.rules_fingerprint != catalogue.rules_fingerprint:
        yield "The rules or safety questions are others than when the plan was made."
    made = propose(plan.family, catalogue, plan.here, kept.planned_on)
    for change in package_changes(kept, made, plan.family, plan.family, catalogue):
        if change.about in {"offer", "gap"}:
            words = {
                "added": "comes in now",
                "removed": "does not come in now",
                "changed": "differs",
            }
            sides = " → ".join(part for part in (change.before, change.after) if part)
            yield f"{change.about.capitalize()} {words[change.kind]}: {change.what} ({sides})."
    same = canonical(made) == canonical(kept)
    if not same:
        parts = [
            field.name.replace("_", " ")
            for field in fields(kept)
            if not field.name.endswith(("fingerprint", "version", "folders"))
            and canonical(getattr(made, field.name)) != canonical(getattr(kept, field.name))
        ]
        yield f"Not the same in: {', '.join(parts) or 'the fingerprints only'}."
        if then == now:
            yield "The catalogue is the same, so it is the program that has changed since."
