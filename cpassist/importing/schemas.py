"""Writes what is made from the records: the JSON Schemas of what people write by hand, and the page about rules."""

import json
import sys
from pathlib import Path
from typing import Any

from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.ordinary import OrdinaryStep, ServiceKind
from cpassist.catalogue.reading import RENAMED, SPANS
from cpassist.catalogue.records import (
    Assumption,
    CensusFactor,
    Disagreement,
    EventKind,
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
    Withdrawal,
)
from cpassist.catalogue.rule_language import rule_language
from cpassist.catalogue.rules import Rule, SafetyQuestion
from cpassist.catalogue.strict_yaml import json_schema
from cpassist.family.family import Family
from cpassist.workshop.exercises.records import Exercise, Misconception, Quiz, Timetable

SPELT = {ours: theirs for theirs, ours in RENAMED.items()}


def schemas() -> dict[str, dict[str, Any]]:
    """Name → JSON Schema, in the spelling of the YAML files."""
    lists = {
        "needs": NeedType,
        "sources": Source,
        "scales": Scale,
        "rules": Rule,
        "safety_questions": SafetyQuestion,
        "assumptions": Assumption,
        "order": Priority,
        "practice_elements": PracticeElement,
        "known_gaps": KnownGap,
        "disagreements": Disagreement,
        "leaders_questions": LeadersQuestion,
        "timescales": Timescale,
        "laws": LawEdition,
        "roles": PlanRole,
        "events": EventKind,
        "census_factors": CensusFactor,
        "ordinary_steps": OrdinaryStep,
        "service_kinds": ServiceKind,
        "withdrawn": Withdrawal,
        "quiz": Quiz,
        "timetables": Timetable,
        "misconceptions": Misconception,
    }
    made = {name: _spelt(json_schema(record)) for name, record in lists.items()}
    made["intervention"] = _short_spans(_spelt(json_schema(Intervention)))
    made["exercise"] = _spelt(json_schema(Exercise))
    # These the tool fills in itself.
    for name in ("cases", "differing"):
        del made["exercise"]["properties"][name]
    made["family"] = _family(json_schema(Family))
    return made


def _spelt(value: Any) -> Any:
    """Fields under the names they have in YAML (`from`, `to`, `not`)."""
    if isinstance(value, dict):
        spelt = {key: _spelt(part) for key, part in value.items()}
        if isinstance(spelt.get("properties"), dict):
            spelt["properties"] = {SPELT.get(k, k): v for k, v in spelt["properties"].items()}
        if isinstance(spelt.get("required"), list):
            spelt["required"] = [SPELT.get(name, name) for name in spelt["required"]]
        return spelt
    return [_spelt(part) for part in value] if isinstance(value, list) else value


def _short_spans(schema: dict[str, Any]) -> dict[str, Any]:
    """`minutes: 60` is short for a range of one number."""
    asks = schema["$defs"]["Asks"]["properties"]
    for name in SPANS:
        asks[name]["anyOf"].append({"type": "integer"})
    return schema


def _family(schema: dict[str, Any]) -> dict[str, Any]:
    relation = schema["$defs"]["Relation"]
    relation["properties"]["as"] = relation["properties"].pop("kind")
    relation["required"] = ["as" if name == "kind" else name for name in relation["required"]]
    schema["properties"]["format"] = {"const": "cpassist-family/1"}
    schema["required"] = ["format", *schema["required"]]
    # Left out or false: an invented family is the exception.
    return schema


def write_schemas(folder: Path) -> None:
    """The schemas into a folder, and beside it the page about the language of rules."""
    for name, schema in schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")
    (folder.parent / "rule-language.md").write_text(rule_language(), encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1] if len(sys.argv) > 1 else "catalogue/schemas"))
