"""The whole catalogue: everything known, read and checked, and what is asked of it over and over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.ordinary import OrdinaryStep, ServiceKind
from cpassist.catalogue.records import (
    Assumption,
    CensusFactor,
    Disagreement,
    EventKind,
    Folder,
    KnownGap,
    LawEdition,
    LeadersQuestion,
    NeedType,
    PlanRole,
    PracticeElement,
    Priority,
    Scale,
    Source,
    Timescale,
    UnmappedFactor,
)
from cpassist.catalogue.rules import Rule, SafetyQuestion
from cpassist.catalogue.vocabulary import (
    RuleBasis,
    Whose,
)


@dataclass(frozen=True, kw_only=True, repr=False)
class Catalogue:
    """Everything known, read and checked."""

    version: str
    folders: tuple[Folder, ...]
    rules_fingerprint: str
    need_types: Mapping[str, NeedType]
    unmapped_factors: tuple[UnmappedFactor, ...]
    sources: Mapping[str, Source]
    scales: Mapping[str, Scale]
    interventions: Mapping[str, Intervention]
    rules: tuple[Rule, ...]
    questions: Mapping[str, SafetyQuestion]
    assumptions: tuple[Assumption, ...]
    practice_elements: tuple[PracticeElement, ...]
    known_gaps: tuple[KnownGap, ...]
    disagreements: tuple[Disagreement, ...]
    leaders_questions: tuple[LeadersQuestion, ...]
    timescales: tuple[Timescale, ...]
    laws: tuple[LawEdition, ...]
    roles: tuple[PlanRole, ...]
    events: tuple[EventKind, ...]
    census_factors: tuple[CensusFactor, ...]
    ordinary_steps: tuple[OrdinaryStep, ...]
    service_kinds: Mapping[str, ServiceKind]
    priorities: tuple[Priority, ...]

    def __repr__(self) -> str:
        return f"Catalogue(version {self.version}, {len(self.interventions)} kinds of help, {len(self.need_types)} needs)"

    @cached_property
    def worked_out(self) -> dict[tuple[object, ...], Any]:
        """Where whoever asks it over and over keeps what they worked out, as long as the catalogue stands."""
        return {}

    @cached_property
    def harm_needs(self) -> frozenset[str]:
        """The needs in which somebody does something to the person."""
        return frozenset(key for key, kind in self.need_types.items() if kind.harm)

    @cached_property
    def worked_on_together(self) -> frozenset[str]:
        """The harms with which carer and child are helped together as a rule, such as neglect."""
        return frozenset(
            k for k, n in self.need_types.items() if n.harm and n.joint_work == "usual"
        )

    @cached_property
    def neglect(self) -> frozenset[str]:
        """Of those the harms that a carer does to a child."""
        child = {key for key, kind in self.need_types.items() if kind.whose is Whose.CHILD}
        return self.worked_on_together & child

    @cached_property
    def carer_answers(self) -> frozenset[str]:
        """The harms that work with a carer alone may answer, where that carer did them."""
        return frozenset(key for key, kind in self.need_types.items() if kind.carer_answers)

    @cached_property
    def adults_abused(self) -> frozenset[str]:
        """The needs of an adult who is or was subjected to abuse between adults."""
        return self._between_adults(Whose.ADULT)

    @cached_property
    def children_beside_abuse(self) -> frozenset[str]:
        """The needs of a child who lives or lived with abuse between adults."""
        return self._between_adults(Whose.CHILD)

    def _between_adults(self, whose: Whose) -> frozenset[str]:
        kinds = self.need_types.items()
        return frozenset(k for k, n in kinds if n.harm and n.between_adults and n.whose is whose)

    def steps_for(self, need: str) -> tuple[OrdinaryStep, ...]:
        """The ordinary steps that are there because of a need, in the order of the files."""
        return self._steps_by_need.get(need, ())

    @cached_property
    def _steps_by_need(self) -> Mapping[str, tuple[OrdinaryStep, ...]]:
        found: dict[str, tuple[OrdinaryStep, ...]] = {}
        for step in self.ordinary_steps:
            for need in step.needs:
                found[need] = (*found.get(need, ()), step)
        return found

    def step(self, key: str) -> OrdinaryStep | None:
        """The step of that key; None where no folder has it (any more)."""
        return next((step for step in self.ordinary_steps if step.key == key), None)

    def label(self, need: str) -> str:
        """A need in the worker's words."""
        return self.need_types[need].label

    def title(self, intervention: str) -> str:
        return self.interventions[intervention].title

    def rule(self, rule_id: str) -> Rule:
        return next(rule for rule in self.rules if rule.id == rule_id)

    def rules_for(self, intervention: Intervention) -> Iterator[tuple[Rule, RuleBasis]]:
        """Each rule that aims at an intervention, with its basis there."""
        yield from self._aimed_at[intervention.key]

    @cached_property
    def _aimed_at(self) -> Mapping[str, tuple[tuple[Rule, RuleBasis], ...]]:
        return {
            key: tuple(
                (rule, basis)
                for rule in self.rules
                if (basis := rule.aims_at(intervention)) is not None
            )
            for key, intervention in self.interventions.items()
        }

    def speaking_of(self, need: str) -> tuple[Intervention, ...]:
        """The interventions of which some finding is about a need."""
        return self._speaking_of.get(need, ())

    @cached_property
    def _speaking_of(self) -> Mapping[str, tuple[Intervention, ...]]:
        found: dict[str, tuple[Intervention, ...]] = {}
        for intervention in self.interventions.values():
            for need in intervention.needs:
                found[need] = (*found.get(need, ()), intervention)
        return found

    def rules_for_offers(self, intervention: Intervention) -> tuple[tuple[Rule, RuleBasis], ...]:
        """Of the rules that aim at an intervention those that its conditions decide, for one offer by itself."""
        return self._for_offers[intervention.key]

    @cached_property
    def _for_offers(self) -> Mapping[str, tuple[tuple[Rule, RuleBasis], ...]]:
        return {
            key: tuple(
                (rule, basis)
                for rule, basis in aimed
                if not (
                    rule.built_in
                    or rule.clashes_with
                    or any(target.tag == "package" for target in rule.targets)
                )
            )
            for key, aimed in self._aimed_at.items()
        }

    @cached_property
    def clash_rules(self) -> tuple[tuple[Rule, frozenset[str]], ...]:
        """Each rule that keeps two offers apart, with the interventions it aims at."""
        return tuple(
            (rule, frozenset(key for key, i in self.interventions.items() if rule.aims_at(i)))
            for rule in self.rules
            if rule.clashes_with or rule.once_per_family
        )

    def clashes_of(self, one: str, other: str) -> tuple[Rule, ...]:
        """The rules that aim at both of two interventions and keep offers of them apart."""
        key = (one, other)
        if key not in self._clashes:
            self._clashes[key] = tuple(
                rule for rule, aimed_at in self.clash_rules if one in aimed_at and other in aimed_at
            )
        return self._clashes[key]

    @cached_property
    def _clashes(self) -> dict[tuple[str, str], tuple[Rule, ...]]:
        return {}

    def wanted_by(self, rule: Rule) -> frozenset[str]:
        """The interventions of which a rule that pairs or orders wants one."""
        return self._wanted[rule.id]

    @cached_property
    def _wanted(self) -> Mapping[str, frozenset[str]]:
        offered = [i for i in self.interventions.values() if i.is_offered_kind]
        return {
            rule.id: frozenset(i.key for i in offered if {i.key, *i.tags} & set(rule.needs))
            for rule in self.rules
        }

    def assumed(self, intervention: Intervention) -> Assumption:
        """The house assumption for an intervention whose length no source states."""
        fitting = [a for a in self.assumptions if a.kind is intervention.kind]
        tagged = [a for a in fitting if a.tag is not None and a.tag in intervention.tags]
        return (tagged or [a for a in fitting if a.tag is None])[0]
