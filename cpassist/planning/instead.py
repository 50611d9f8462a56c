"""What one offer that was left out would cost: everything else put together anew around it."""

from typing import TYPE_CHECKING

from cpassist.planning.choice import Wanted
from cpassist.planning.graph import candidates_in, question_of
from cpassist.planning.package import SupportPackage
from cpassist.planning.search import choose
from cpassist.planning.weighing import Weighed, weigh

if TYPE_CHECKING:
    import networkx as nx


def cost_of_choosing(
    graph: "nx.DiGraph[str]", package: SupportPackage, offer: str
) -> Weighed | None:
    """What taking one offer instead would gain and give up, by the order of what matters.

    None where the rules do not allow it beside what a worker accepted. Whether it finds room in the
    weeks is not asked here.
    """
    candidates = candidates_in(graph)
    known = {candidate.key for candidate in candidates}
    kept = {o.key for o in package.offers if o.judged} & known
    if offer not in known:
        return None
    wanted = Wanted(forced=frozenset({*kept, offer}))
    chosen = choose(candidates, question_of(graph).catalogue, wanted)
    return None if chosen is None else weigh(package.order, chosen.values)
