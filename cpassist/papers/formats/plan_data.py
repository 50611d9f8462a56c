"""A plan as data for other programs: everything as JSON (format: cpassist-plan/1), what is done as a table."""

import json

from cpassist.catalogue.catalogue import Catalogue
from cpassist.codec import plain
from cpassist.evidence.tables import to_csv
from cpassist.papers.formats.package_json import package_fields
from cpassist.planning.package.offers import names
from cpassist.plans.plan import CasePlan
from cpassist.words.plan import ACTION_WORDS

FORMAT = "cpassist-plan/1"


def plan_json(plan: CasePlan) -> str:
    """The whole plan; its package stands in the fixed format of packages. The same bytes for the same plan."""
    fields = plain(plan)
    fields["package"] = package_fields(plan.package)
    return json.dumps({"format": FORMAT, **fields}, ensure_ascii=False, indent=2) + "\n"


def actions_csv(plan: CasePlan, catalogue: Catalogue) -> str:
    """What is done, one line an offer or a gap; no spreadsheet reckons with a cell."""
    names_of = {key: word for key, word in ACTION_WORDS.items() if key != "goes_on_because"}
    rows = []
    for offer in plan.package.offers:
        action = plan.action(offer.key)
        known = offer.intervention in catalogue.interventions
        rows.append(
            (
                "offer",
                catalogue.title(offer.intervention) if known else offer.intervention,
                names(offer.people, plan.family),
                *(getattr(action, name) for name in names_of),
            )
        )
    for step in plan.accepted_steps:
        task = plan.task(step.key)
        whose = plan.family.label_of(step.person) if step.person else "the family"
        rows.append(("step", step.words, whose, task.owner, "", task.by, "", "", ""))
    for gap in plan.package.gaps:
        label = catalogue.label(gap.need) if gap.need in catalogue.need_types else gap.need
        done = plan.done_about(gap.person, gap.need)
        rows.append(("gap", label, plan.family.label_of(gap.person), "", "", "", done, "", ""))
    return to_csv(("kind", "what", "with", *names_of.values()), rows)
