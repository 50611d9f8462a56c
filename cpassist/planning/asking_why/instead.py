"""What one offer that was left out would cost: everything else put together anew around it."""

from cpassist.planning.choosing.capacity import able_to_carry, best_within_capacity
from cpassist.planning.choosing.choice import Wanted, choice_of
from cpassist.planning.choosing.weighing import Weighed, weigh
from cpassist.planning.matching.matching import Matching
from cpassist.planning.package.package import SupportPackage


def cost_of_choosing(matching: Matching, package: SupportPackage, offer: str) -> Weighed | None:
    """What taking one offer instead would gain and give up, by the order of what matters.

    None where the rules, or the family's weeks, do not allow it beside what a worker accepted.
    """
    limits = matching.family.limits.minutes_per_week
    able, _ = able_to_carry(matching.candidates, limits)
    known = {candidate.key for candidate in able}
    kept = {o.key for o in package.offers if o.judged} & known
    if offer not in known:
        return None
    wanted = Wanted(forced=frozenset({*kept, offer}))
    best = best_within_capacity(choice_of(able, matching.catalogue), wanted, limits)
    return None if best is None else weigh(package.order, best.chosen.values)
