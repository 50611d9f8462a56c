"""The one reader and writer of family files (format: cpassist-family/1)."""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.strict_yaml import build, parse_yaml, read_text
from cpassist.catalogue.vocabulary import Scope
from cpassist.codec import plain
from cpassist.errors import Mistakes
from cpassist.family.family import Family

FORMAT = "cpassist-family/1"
# The file says `as`, which Python keeps for itself; `kind` is then no field of the file.
RELATION_FIELDS = {"as": "kind", "kind": "kind (write as)"}


def read_family(path: Path, catalogue: Catalogue) -> Family:
    """The family in a file; raises Mistakes with every mistake as `file: place: what. Remedy.`"""
    return parse_family(read_text(path), catalogue, path.name)


def parse_family(text: str, catalogue: Catalogue, name: str = "family.yaml") -> Family:
    """The family in a text. `name` begins each mistake's sentence."""
    try:
        raw = parse_yaml(text)
    except Mistakes as mistakes:
        raise Mistakes(tuple(f"{name}: {mistake}" for mistake in mistakes.mistakes)) from None
    if not isinstance(raw, dict):
        raise Mistakes((f"{name}: file: a family belongs here. Begin with format: {FORMAT}.",))
    said = raw.pop("format", None)
    if said != FORMAT:
        raise Mistakes((f'{name}: format: "{said}" is not read here. Write {FORMAT}.',))
    family = build_family(raw, name)
    unknown = tuple(f"{name}: {mistake}" for mistake in unknown_words(family, catalogue))
    if unknown:
        raise Mistakes(unknown)
    return family


def build_family(raw: dict[str, Any], name: str) -> Family:
    """A family from a plain mapping, as YAML gives it."""
    relations = raw.get("relations")
    if isinstance(relations, list):
        raw["relations"] = [
            {RELATION_FIELDS.get(key, key): value for key, value in line.items()}
            if isinstance(line, dict)
            else line
            for line in relations
        ]
    # A list or mapping left empty in YAML is null: the same as leaving it out.
    filled = {key: value for key, value in raw.items() if value is not None}
    try:
        return build(Family, filled, name)
    except Mistakes as mistakes:
        raise Mistakes(tuple(m.replace("].kind", "].as") for m in mistakes.mistakes)) from None


def unknown_words(family: Family, catalogue: Catalogue) -> Iterator[str]:
    """Each need or question that the catalogue does not know, and each on the wrong person."""
    for index, need in enumerate(family.needs):
        kind = catalogue.need_types.get(need.need)
        place = f"needs[{index}]"
        if kind is None:
            yield _unknown(place, "need", need.need, catalogue.need_types)
        elif (kind.whose == "child") != family.person(need.person).is_child:
            # A parent who is under 18 is a child in the file and may carry a parent's needs.
            if kind.whose == "child" or not family.person(need.person).cares_for:
                if not _carries_a_child(family, need.person):
                    yield (
                        f"{place}: {need.need} is a {kind.whose}'s need but {need.person} is "
                        f"{'a child' if family.person(need.person).is_child else 'an adult'}. "
                        "Record it on the right person."
                    )
    for index, factor in enumerate(family.waiting):
        for key in factor.needs:
            if key not in catalogue.need_types:
                yield _unknown(f"waiting[{index}]", "need", key, catalogue.need_types)
    for index, answer in enumerate(family.circumstances):
        question = catalogue.questions.get(answer.ask)
        place = f"circumstances[{index}]"
        if question is None:
            yield _unknown(place, "question", answer.ask, catalogue.questions)
            continue
        wanted = {Scope.FAMILY: (False, False), Scope.PAIR: (True, True)}.get(
            question.scope, (True, False)
        )
        if (answer.person is not None, answer.other is not None) != wanted:
            says = {
                Scope.FAMILY: "is about the whole family: leave out person and other",
                Scope.PAIR: "is about two people: give person and other",
            }.get(question.scope, "is about one person: give person, and no other")
            yield f"{place}: {answer.ask} {says}."


def _carries_a_child(family: Family, person: str) -> bool:
    return any(child.carried_by == person for child in family.children)


def _unknown(place: str, what: str, wrong: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(wrong, list(known), n=1, cutoff=0.5)
    hint = f' Did you mean "{near[0]}"?' if near else " The keys are in the catalogue."
    return f'{place}: there is no {what} "{wrong[:60]}".{hint}'


def write_family(family: Family) -> str:
    """The family as text that `parse_family` reads back to an equal family."""
    body = {"format": FORMAT, **family_fields(family)}
    return yaml.dump(body, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def family_fields(family: Family) -> dict[str, Any]:
    """The family as plain values in the spelling of the file, without the format line."""
    fields: dict[str, Any] = plain(family, spare=True, names={"kind": "as"})
    return fields


class _Dumper(yaml.CSafeDumper):
    """Never writes anchors: the reader refuses them."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True
