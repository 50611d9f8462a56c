"""What one offer that was left out would cost: everything else put together anew around it."""

from typing import TYPE_CHECKING

from cpassist.planning.choosing.capacity import able_to_carry, best_with_room
from cpassist.planning.choosing.choice import Wanted, choice_of
from cpassist.planning.choosing.weighing import Weighed, weigh
from cpassist.planning.matching.support_graph import candidates_in, question_of
from cpassist.planning.package.package import SupportPackage

if TYPE_CHECKING:
    import networkx as nx


def cost_of_choosing(
    graph: "nx.DiGraph[str]", package: SupportPackage, offer: str
) -> Weighed | None:
    """What taking one offer instead would gain and give up, by the order of what matters.

    None where the rules, or the family's weeks, do not allow it beside what a worker accepted.
    """
    question = question_of(graph)
    limits = question.family.limits.minutes_per_week
    able, _ = able_to_carry(candidates_in(graph), limits)
    known = {candidate.key for candidate in able}
    kept = {o.key for o in package.offers if o.judged} & known
    if offer not in known:
        return None
    wanted = Wanted(forced=frozenset({*kept, offer}))
    best = best_with_room(choice_of(able, question.catalogue), wanted, limits)
    return None if best is None else weigh(package.order, best.chosen.values)
