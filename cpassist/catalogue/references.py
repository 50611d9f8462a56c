"""Finds what a catalogue refers to and does not hold, and what in it could never work."""

import difflib
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from cpassist.catalogue import named_in_code
from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.named_in_code import (
    ABUSE_PATTERN,
    AFRAID_OF,
    CHILD_FEELS_SAFE_WITH,
    COERCIVE_CONTROL,
    CONTACT_FORBIDDEN,
    HARM_CONTINUES,
    IMMEDIATE_DANGER,
    IN_REFUGE,
    JOINT_SESSION_CLEARED,
    MAY_KNOW_WHEREABOUTS,
    SAFE_CARER,
    SAFE_TO_HOLD_PAPERS,
    SEXUAL_HARM_SUSPECTED,
    SUICIDE_RISK,
)
from cpassist.catalogue.ordinary import ANY_NEED
from cpassist.catalogue.rules import Rule
from cpassist.catalogue.vocabulary import WEIGHED, IfUnknown, Read, Severity

# So few that a mistake can list them.
FEW = 14
FACTS = frozenset({"did_not_harm_this_child", "lives_with_child", "has_parental_responsibility"})

# Questions on which what stands in the code rests: who may be in a room with whom, danger today, and who
# may hold a paper. A word that the code would not follow is refused rather than promised.
FIXED_WORDS = {
    **dict.fromkeys(
        (
            ABUSE_PATTERN, COERCIVE_CONTROL, AFRAID_OF, CONTACT_FORBIDDEN, SAFE_CARER, CHILD_FEELS_SAFE_WITH,
            JOINT_SESSION_CLEARED, SEXUAL_HARM_SUSPECTED, HARM_CONTINUES, IMMEDIATE_DANGER, SUICIDE_RISK,
        ),
        IfUnknown.HOLD,
    ),
    **dict.fromkeys((MAY_KNOW_WHEREABOUTS, IN_REFUGE, SAFE_TO_HOLD_PAPERS), IfUnknown.WORST),
}  # fmt: skip


def dangling(catalogue: Catalogue) -> Iterator[str]:
    """Every reference that leads nowhere, and every entry that could never work."""
    tags = {tag for i in catalogue.interventions.values() for tag in i.tags}
    tags |= {"together", "group", "all", "package", "not_for_safety"}
    evidence_ids: set[str] = set()
    for intervention in catalogue.interventions.values():
        yield from _dangling_in(intervention, catalogue)
        for row in intervention.evidence:
            if row.id in evidence_ids:
                yield f"{intervention.key}.yaml: evidence: the id {row.id} is used twice. Make it unique."
            evidence_ids.add(row.id)
    for rule in catalogue.rules:
        yield from _dangling_rule(rule, catalogue, tags)
    for key, word in FIXED_WORDS.items():
        question = catalogue.questions.get(key)
        if question is not None and question.if_unknown is not word:
            yield (
                f"safety_questions.yaml: {key}: if_unknown is {question.if_unknown}. It stays {word}: the house "
                "rules on harm and on papers rest on that."
            )
    yield from _dangling_questions(catalogue)
    for file, place, sources, needs in _said_beside(catalogue):
        for key in sources:
            if key not in catalogue.sources:
                yield unknown_word(file, place, "sources.yaml", key, catalogue.sources)
        for need in needs:
            if need not in catalogue.need_types:
                yield unknown_word(file, place, "needs.yaml", need, catalogue.need_types)
    yield from _dangling_steps(catalogue)
    for differs in catalogue.disagreements:
        if differs.intervention not in catalogue.interventions:
            yield unknown_word(
                "disagreements.yaml",
                differs.about,
                "interventions/",
                differs.intervention,
                catalogue.interventions,
            )
    for kind in {i.kind for i in catalogue.interventions.values() if i.is_offered_kind}:
        if not any(a.kind is kind and a.tag is None for a in catalogue.assumptions):
            yield f"assumptions.yaml: nothing is assumed for a {kind}. Add an entry without a tag."
    yield from _circles(catalogue)
    yield from _order(catalogue)


def _said_beside(
    catalogue: Catalogue,
) -> Iterator[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """File, place, sources and needs of each line that stands beside the interventions."""
    for element in catalogue.practice_elements:
        yield "practice_elements.yaml", element.key, element.source, element.needs
    for gap in catalogue.known_gaps:
        yield "practice_elements.yaml", gap.need, (gap.source,) if gap.source else (), (gap.need,)
    for row in catalogue.disagreements:
        yield "disagreements.yaml", row.intervention, row.source, ()
    for question in catalogue.leaders_questions:
        yield "leaders_questions.yaml", question.key, question.source, ()
    for timescale in catalogue.timescales:
        yield "timescales.yaml", timescale.key, timescale.source, ()
    for law in catalogue.laws:
        yield "laws.yaml", law.key, law.source, ()
    for role in catalogue.roles:
        yield "roles.yaml", role.key, role.source, ()
    for event in catalogue.events:
        yield "events.yaml", event.key, (), event.needs


def _dangling_questions(catalogue: Catalogue) -> Iterator[str]:
    """What needs and questions say of each other and nobody holds, and what the house rules ask by name and is missing."""
    questions, kinds = "safety_questions.yaml", "needs.yaml"
    for file, wanted, there in (
        (questions, named_in_code.QUESTIONS, catalogue.questions),
        (kinds, named_in_code.NEEDS, catalogue.need_types),
    ):
        missing = sorted(wanted - set(there))
        if missing and there:
            yield f"{file}: {', '.join(missing)}: missing. The house rules on harm and on papers rest on it: keep it."
    for question in catalogue.questions.values():
        for place, needs in (
            ("asked_when", question.asked_when.needs() if question.asked_when else ()),
            ("both_have", question.both_have),
        ):
            for need in needs:
                if need not in catalogue.need_types:
                    yield unknown_word(questions, f"{question.key}.{place}", kinds, need, catalogue.need_types)  # fmt: skip
        for ask in question.asked_when.questions() if question.asked_when else ():
            if ask not in catalogue.questions:
                yield unknown_word(questions, f"{question.key}.asked_when", questions, ask, catalogue.questions)  # fmt: skip
    for kind in catalogue.need_types.values():
        if kind.now_means and kind.now_means not in catalogue.questions:
            yield unknown_word(kinds, f"{kind.key}.now_means", questions, kind.now_means, catalogue.questions)  # fmt: skip


def _dangling_steps(catalogue: Catalogue) -> Iterator[str]:
    """What ordinary steps refer to and nobody holds, keys that are there twice, and duties claimed beyond what was read."""
    seen: set[str] = set()
    for step in catalogue.ordinary_steps:
        file = "direct_work.yaml" if step.title else f"ordinary_steps/{step.needs[0]}.yaml"
        if step.key in seen:
            yield f"{file}: {step.key}: this key is there twice. Keep one."
        seen.add(step.key)
        if step.source not in catalogue.sources:
            yield unknown_word(file, f"{step.key}.source", "sources.yaml", step.source, catalogue.sources)  # fmt: skip
        elif (
            catalogue.sources[step.source].read is Read.RECALLED and step.read is not Read.RECALLED
        ):
            yield f"{file}: {step.key}.read: its source was only remembered. Write read: recalled."
        for need in step.needs:
            if need not in catalogue.need_types and need != ANY_NEED:
                yield unknown_word(file, f"{step.key}.needs", "needs.yaml", need, catalogue.need_types)  # fmt: skip
        if not step.needs:
            yield f"{file}: {step.key}.needs: for no need. Name needs, or any."
        if step.refer_to is not None and step.refer_to not in catalogue.service_kinds:
            yield unknown_word(
                file,
                f"{step.key}.refer_to",
                "service_kinds.yaml",
                step.refer_to,
                catalogue.service_kinds,
            )
        for condition in (step.when, step.not_if, step.done_if):
            for ask in condition.questions() if condition else ():
                if ask not in catalogue.questions:
                    yield unknown_word(file, f"{step.key}.when", "safety_questions.yaml", ask, catalogue.questions)  # fmt: skip
            for need in condition.needs() if condition else ():
                if need not in catalogue.need_types:
                    yield unknown_word(file, f"{step.key}.when", "needs.yaml", need, catalogue.need_types)  # fmt: skip


def _dangling_in(intervention: Intervention, catalogue: Catalogue) -> Iterator[str]:
    file = f"{intervention.key}.yaml"
    sources = [(f"evidence[{i}].source", row.source) for i, row in enumerate(intervention.evidence)]
    sources += [(f"ages[{i}].source", row.source) for i, row in enumerate(intervention.ages)]
    sources += [
        (f"ages[{i}].covers", key) for i, row in enumerate(intervention.ages) for key in row.covers
    ]
    if intervention.asks and intervention.asks.source:
        sources.append(("asks.source", intervention.asks.source))
    if intervention.cost:
        sources.append(("cost.source", intervention.cost.source))
    for place, key in sources:
        if key not in catalogue.sources:
            yield unknown_word(file, place, "sources.yaml", key, catalogue.sources)
    for index, row in enumerate(intervention.evidence):
        place = f"evidence[{index}]"
        if row.need is not None and row.need not in catalogue.need_types:
            yield unknown_word(file, f"{place}.need", "needs.yaml", row.need, catalogue.need_types)
        if row.rating is not None:
            scale = catalogue.scales.get(row.rating.scale)
            if scale is None:
                yield unknown_word(
                    file,
                    f"{place}.rating.scale",
                    "scales.yaml",
                    row.rating.scale,
                    catalogue.scales,
                )
            elif row.rating.level not in {level.level for level in scale.levels}:
                levels = frozenset(level.level for level in scale.levels)
                yield unknown_word(
                    file,
                    f"{place}.rating.level",
                    f"the scale {scale.key}",
                    row.rating.level,
                    levels,
                )
    for index, part in enumerate(intervention.takes_part):
        for must in part.must:
            if must not in FACTS and must not in catalogue.questions:
                known = frozenset({*FACTS, *catalogue.questions})
                yield unknown_word(
                    file,
                    f"takes_part[{index}].must",
                    "safety_questions.yaml",
                    must,
                    known,
                )
    yield from _against_the_reader(intervention, catalogue)
    if intervention.is_offered_kind and not intervention.takes_part:
        yield f"{file}: takes_part: nobody takes part. Say who."
    if not intervention.is_offered_kind and not intervention.not_offered_because:
        yield f"{file}: not_offered_because: a {intervention.kind} is never offered. Say why, in a sentence."


def _against_the_reader(intervention: Intervention, catalogue: Catalogue) -> Iterator[str]:
    """What would mislead whoever reads an entry: words left open, more claimed than was read."""
    file = f"{intervention.key}.yaml"
    for name in ("summary", "family_summary"):
        if not getattr(intervention, name).endswith("."):
            yield f"{file}: {name}: this is a sentence. End it with a full stop."
    found_in = {row.source for row in intervention.evidence}
    for index, ages in enumerate(intervention.ages):
        read = catalogue.sources[ages.source].read if ages.source in catalogue.sources else None
        if ages.meaning == "tested" and found_in.isdisjoint({ages.source, *ages.covers}):
            yield (
                f"{file}: ages[{index}]: tested, but no finding of this file stands on {ages.source}. Name in covers the "
                "finding's source whose ages these are, or write offered."
            )
        if ages.meaning == "tested" and Read.RECALLED in {ages.read, read}:
            yield f"{file}: ages[{index}]: tested, but only remembered. Write offered, or read the source."
    for index, row in enumerate(intervention.evidence):
        place = f"evidence[{index}]"
        if not row.says.endswith("."):
            yield f"{file}: {place}.says: this is a sentence. End it with a full stop."
        if not row.id.startswith(f"{intervention.key}."):
            yield f"{file}: {place}.id: {row.id} does not begin with {intervention.key}. and a dot."
        source = catalogue.sources.get(row.source)
        if source and source.read is Read.RECALLED and row.read is not Read.RECALLED:
            yield f"{file}: {place}.read: its source was only remembered. Write read: recalled."
        scale = catalogue.scales.get(row.rating.scale) if row.rating else None
        level = (
            next((v for v in scale.levels if v.level == row.rating.level), None)
            if scale and row.rating
            else None
        )
        if (
            scale
            and source
            and source.body not in {scale.body, *scale.listed_under}
            and not row.judged
        ):
            yield (
                f"{file}: {place}.rating: it was read on a page of {source.body} and not of {scale.body}. Read at second "
                "hand it raises nothing: go a band down, and say so in judged."
            )
        if level and level.band and level.band is not row.certainty and not row.judged:
            yield (
                f"{file}: {place}.certainty: {row.certainty} is not the band of this rating in scales.yaml "
                f"({level.band}). Correct it, or say why in judged."
            )


def _dangling_rule(rule: Rule, catalogue: Catalogue, tags: set[str]) -> Iterator[str]:
    for key in rule.source:
        if key not in catalogue.sources:
            yield unknown_word(
                "rules.yaml",
                f"{rule.id}.source",
                "sources.yaml",
                key,
                catalogue.sources,
            )
    for target in rule.targets:
        if target.intervention and target.intervention not in catalogue.interventions:
            yield unknown_word(
                "rules.yaml",
                f"{rule.id}.targets",
                "interventions/",
                target.intervention,
                catalogue.interventions,
            )
        if target.tag and target.tag not in tags:
            yield unknown_word(
                "rules.yaml",
                f"{rule.id}.targets",
                "any intervention's tags",
                target.tag,
                frozenset(tags),
            )
    for target in rule.targets:
        if target.intervention and rule.needs == (target.intervention,):
            yield f"rules.yaml: {rule.id}.needs: {target.intervention} would wait for itself. Name another."
    for wanted in rule.needs:
        if wanted not in catalogue.interventions and wanted not in tags:
            known = frozenset({*tags, *catalogue.interventions})
            yield unknown_word(
                "rules.yaml",
                f"{rule.id}.needs",
                "interventions/ or tags",
                wanted,
                known,
            )
    if rule.clashes_with and rule.clashes_with not in tags:
        yield unknown_word(
            "rules.yaml",
            f"{rule.id}.clashes_with",
            "any intervention's tags",
            rule.clashes_with,
            frozenset(tags),
        )
    asked = [("when", ask) for ask in rule.when.questions()] if rule.when else []
    for place, ask in (*asked, *(("asks", ask) for ask in rule.asks)):
        if ask not in catalogue.questions:
            yield unknown_word(
                "rules.yaml",
                f"{rule.id}.{place}",
                "safety_questions.yaml",
                ask,
                catalogue.questions,
            )
    steps = frozenset(other.id for other in catalogue.rules if other.step)
    for other in rule.covers:
        if other not in steps:
            yield unknown_word(
                "rules.yaml", f"{rule.id}.covers", "rules.yaml, with step: true", other, steps
            )
    if rule.when is not None:
        for need in rule.when.needs():
            if need not in catalogue.need_types:
                yield unknown_word(
                    "rules.yaml",
                    f"{rule.id}.when",
                    "needs.yaml",
                    need,
                    catalogue.need_types,
                )
    yield from _without_effect(rule)


def _without_effect(rule: Rule) -> Iterator[str]:
    """A rule that could never say or do anything."""
    if not rule.targets and not rule.step:
        yield f"rules.yaml: {rule.id}: it aims at nothing. Give it targets, or mark it as a step."
    if rule.severity in {Severity.BLOCK, Severity.MATCH} and rule.when is None:
        if not (rule.built_in or rule.once_per_family or rule.clashes_with):
            yield f"rules.yaml: {rule.id}: it has no trigger. Say when it holds."
    if rule.severity in {Severity.PAIR, Severity.SEQUENCE} and not (rule.needs or rule.when):
        yield f"rules.yaml: {rule.id}: it names no other part. Say what it needs."


def _circles(catalogue: Catalogue) -> Iterator[str]:
    """Help that waits for itself through a chain of sequence rules."""
    order: TopologicalSorter[str] = TopologicalSorter()
    all_help = catalogue.interventions.values()
    for rule in catalogue.rules:
        if rule.severity is Severity.SEQUENCE and rule.before:
            first = {h.key for h in all_help if {h.key, *h.tags} & set(rule.needs)}
            for waits in all_help:
                if rule.aims_at(waits) is not None:
                    order.add(waits.key, *(first - {waits.key}))
    try:
        order.prepare()
    except CycleError as found:
        circle = " → ".join(found.args[1])
        yield f"rules.yaml: what must come first goes in a circle: {circle}. Break it."


def _order(catalogue: Catalogue) -> Iterator[str]:
    """Levels of what matters that are unknown, missing, told twice or turned round."""
    names = [level.name for level in catalogue.priorities]
    for level in catalogue.priorities:
        if level.name not in WEIGHED:
            yield unknown_word("order.yaml", "name", "the list of levels", level.name, WEIGHED)
        elif level.better != WEIGHED[level.name]:
            yield f"order.yaml: {level.name}: better is {WEIGHED[level.name]} here, never {level.better}."
    missing = [name for name in WEIGHED if name not in names]
    if missing:
        yield f"order.yaml: {', '.join(missing)}: not there. Name each level once; leave none out."
    for name in WEIGHED:
        if names.count(name) > 1:
            yield f"order.yaml: {name}: it stands there {names.count(name)} times. Name each level once."


def unknown_word(
    file: str,
    place: str,
    what: str,
    wrong: str,
    known: Mapping[str, Any] | frozenset[str],
) -> str:
    """A mistake that names the word, where it stands, where it is not found and what is near."""
    near = difflib.get_close_matches(wrong.casefold(), list(known), n=1)
    hint = f'Did you mean "{near[0]}"?' if near else "Add it there or correct the word."
    if not near and len(known) <= FEW:
        hint = f"Known are {', '.join(sorted(known))}."
    return f'{file}: {place}: "{wrong[:60]}" is not in {what}. {hint}'
