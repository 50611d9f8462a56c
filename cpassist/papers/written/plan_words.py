"""What a paper calls the lines of a plan: help by its title, a need by its label, whose it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from cpassist.catalogue.catalogue import Catalogue
from cpassist.planning.package.offers import Offer, names
from cpassist.planning.package.ordinary_steps import PackageStep
from cpassist.plans.compare import offer_title
from cpassist.plans.plan import CasePlan


@dataclass(frozen=True, repr=False)
class PlanWords:
    """Names in one plan, by one catalogue; what the catalogue no longer holds is called by its key."""

    plan: CasePlan
    catalogue: Catalogue

    def need(self, need: str) -> str:
        return self.catalogue.label(need) if need in self.catalogue.need_types else need

    def whose(self, people: Iterable[str], need: str) -> str:
        """Whose need, and which: “Mia and Theo: neglect”."""
        return f"{names(people, self.plan.family)}: {self.need(need).lower()}"

    def whose_step(self, step: PackageStep) -> str:
        who = self.plan.family.label_of(step.person) if step.person else "The family"
        return who if step.need == "any" else f"{who}: {self.need(step.need).lower()}"

    def help_title(self, key: str) -> str:
        return self.catalogue.title(key) if key in self.catalogue.interventions else key

    def offer(self, offer: Offer) -> str:
        return f"{self.help_title(offer.intervention)} with {names(offer.people, self.plan.family)}"

    def line(self, line: str) -> str:
        """A line of the plan by its key, as a supervisor wrote beside it."""
        kind, _, key = line.partition(":")
        if kind in {"offer", "found"}:
            return offer_title(key, self.plan.family, self.catalogue)
        if kind == "plan":
            return "the plan"
        return offer_title(line, self.plan.family, self.catalogue)
