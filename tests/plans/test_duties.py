"""Every act, by duty and by state: who may do it, and nobody else."""

from dataclasses import replace

import pytest
from example_plans import BOTH, SUPERVISOR, WORKER, agreed, at, drafted, submitted_plan

from cpassist.plans.lifecycle import (
    approved,
    changed,
    closed,
    invited,
    kept_until,
    must_read,
    remarked,
    returned,
    reviewed,
    submitted,
)
from cpassist.plans.plan import (
    NotAllowed,
    Remark,
    Verdict,
)

STATES = {
    "draft": lambda sent, draft: draft,
    "submitted": lambda sent, draft: agreed(sent),
    "returned": lambda sent, draft: returned(sent, SUPERVISOR, at(), "So."),
    "approved": lambda sent, draft: approved(agreed(sent), SUPERVISOR, at(), sent.content),
    "closed": lambda sent, draft: closed(sent, WORKER, at(), "So."),
}
PEOPLE = {
    "worker": WORKER,
    "supervisor": SUPERVISOR,
    "both, and in the team": BOTH,
    "another worker": replace(WORKER, name="will"),
    "nobody": replace(SUPERVISOR, duties=frozenset()),
}
ACTS = {
    "change": lambda plan, by: changed(plan, by, shared_with=("x",)),
    "submit": lambda plan, by: submitted(plan, by, at(), ()),
    "return": lambda plan, by: returned(plan, by, at(), "So."),
    "approve": lambda plan, by: approved(plan, by, at(), plan.content),
    "review": reviewed,
    "close": lambda plan, by: closed(plan, by, at(), "So."),
    "remark": lambda plan, by: remarked(
        plan, by, Remark(line="plan", by=by.name, at=at(), says="Hm.")
    ),
    "verdict": lambda plan, by: remarked(
        plan, by, Remark(line="plan", by=by.name, at=at(), verdict=Verdict.AGREE)
    ),
    "invite": lambda plan, by: invited(plan, by, "x"),
    "keep": lambda plan, by: kept_until(plan, by, "2030-01-01"),
    "read": must_read,
}
WRITES = {"change", "close", "remark", "invite", "keep", "read"}
LOOKS_ON = {"close", "remark", "invite", "keep", "read"}
DECIDES = {"return", "approve", "verdict"}
ENDED = {"invite", "keep", "read"}
ALLOWED = {
    ("draft", "worker"): WRITES | {"submit"},
    ("draft", "both, and in the team"): WRITES | {"submit"},
    ("submitted", "worker"): WRITES,
    ("submitted", "both, and in the team"): WRITES | DECIDES,  # wrote nothing in it yet
    ("submitted", "supervisor"): LOOKS_ON | DECIDES,
    ("returned", "worker"): WRITES,
    ("returned", "both, and in the team"): WRITES,
    ("returned", "supervisor"): LOOKS_ON,
    ("approved", "worker"): WRITES | {"review"},
    ("approved", "both, and in the team"): WRITES | {"review"},
    ("approved", "supervisor"): LOOKS_ON,
    ("closed", "worker"): ENDED,
    ("closed", "both, and in the team"): ENDED,
    ("closed", "supervisor"): ENDED,
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("state", STATES)
def test_every_act_is_allowed_to_whom_it_belongs_and_to_nobody_else(state, who):
    plan, by = STATES[state](submitted_plan(), drafted()), PEOPLE[who]
    done = set()
    for name, act in ACTS.items():
        try:
            act(plan, by)
        except NotAllowed:
            continue
        done.add(name)
    assert done == ALLOWED.get((state, who), set())
