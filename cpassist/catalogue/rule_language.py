"""The page that says how rules and safety questions are written, made from the records that read them."""

import ast
import dataclasses
import inspect
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from typing import Any

from cpassist.catalogue import conditions, rules, vocabulary
from cpassist.catalogue.conditions import OPERATORS, AgeTest, Condition
from cpassist.catalogue.reading import RENAMED
from cpassist.catalogue.rules import Rule, SafetyQuestion, Target
from cpassist.catalogue.vocabulary import IfUnknown, RuleBasis, Scope, Severity

IN_YAML = {ours: theirs for theirs, ours in RENAMED.items()}
HEAD = """# Rules and safety questions: how they are written

Made by `make schemas` from the records that read them; change those, not this page.

1. A question goes into `safety_questions.yaml`, a rule into `rules.yaml`. Copy one that is like it.
2. `cpassist check-catalogue` says what is wrong: file, key and what to do; and what nothing rests on.
3. `make test-fast` builds for each rule a family of which it speaks, one of which it does not, and one in which its questions are open.
4. Write a case in `tests/cases/`, as below: a family, and what must be offered (`offers`, by intervention and people), must never be (`never`), is
   said (`findings`, `steps`) or must not be said (`no_findings`, `no_steps`). Answers stand in quotes: `"true"`, `"false"`, `"unknown"`.

```yaml
- id: X-01
  severity: block
  targets: [{tag: couple_work, basis: house}]
  when: {any: [{ask: coercive_control, of: adults}, {need: domestic_abuse_causing, of: takes_part}]}
  says: Work as a couple is not offered while one of the two controls the other.
  to_confirm: a specialist in domestic abuse
```

```yaml
- name: While he decides whom she may see, no couple work
  family:
    people:
      - {key: ann, role: adult, label: Ann, born: "1990", lives_in: [home], cares_for: [kit]}
      - {key: bob, role: adult, label: Bob, born: "1988", lives_in: [home], cares_for: [kit]}
      - {key: kit, role: child, label: Kit, born: 2018-05, lives_in: [home], placement: parents}
    relations: [{person: ann, child: kit, as: parent}, {person: bob, child: kit, as: parent}]
    needs: [{person: ann, need: parental_conflict, level: 2}]
    circumstances: [{ask: coercive_control, person: bob, other: ann, answer: "true"}]
  expect: {never: [behavioural_couples_therapy]}
```
"""


def rule_language() -> str:
    """The whole page as Markdown."""
    parts = [HEAD]
    parts += _table("A rule", Rule, rules)
    parts += _table("A target", Target, rules)
    parts += _words("What a rule does: `severity`", Severity)
    parts += _words("On what it stands: `basis`", RuleBasis)
    parts += _words("While nobody has answered: `if_unknown`", IfUnknown)
    parts.append(
        "\n## A condition: `when`, `asked_when`, and the conditions of ordinary steps\n\nExactly one of "
        f"{', '.join(f'`{IN_YAML.get(name, name)}`' for name in OPERATORS)}; the other fields say more about it. A question that "
        "nobody answered makes it neither true nor false.\n"
    )
    parts += _table("", Condition, conditions)
    ranges = " ".join(_module_note(conditions, "RANGES").split())
    parts.append(f"\nOver whom a question or a need ranges, in `of`: {ranges}\n")
    parts += _table("An age", AgeTest, conditions)
    parts += _table("A safety question", SafetyQuestion, rules)
    parts += _words("Of whom it is asked: `scope`", Scope)
    return "\n".join(parts).replace("\n\n\n", "\n\n").rstrip() + "\n"


def _table(title: str, record: Any, module: Any) -> Iterator[str]:
    """Each field of a record with its note; raises KeyError where a field has none."""
    notes = _notes(module, record.__name__)
    if title:
        yield f"\n## {title}\n"
    yield "| field | what it says |\n| --- | --- |"
    for field in dataclasses.fields(record):
        needed = field.default is field.default_factory is dataclasses.MISSING
        name = IN_YAML.get(field.name, field.name)
        left_out = isinstance(field.default, str) and field.default
        note = f"{notes[field.name]}{f' Left out: `{field.default}`.' if left_out else ''}"
        yield f"| `{name}`{' (needed)' if needed else ''} | {_in_cell(note)} |"


def _words(title: str, words: type[StrEnum]) -> Iterator[str]:
    notes = _notes(vocabulary, words.__name__)
    yield f"\n## {title}\n\n| word | what it means |\n| --- | --- |"
    for word in words:
        yield f"| `{word.value}` | {_in_cell(notes[word.name])} |"


def _in_cell(note: str) -> str:
    return " ".join(note.split()).replace("|", "\\|")


def _notes(module: Any, name: str) -> dict[str, str]:
    """Field → the string that stands under it in the class of that name."""
    tree = ast.parse(inspect.getsource(module))
    body = next(n.body for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name)
    return dict(_noted(body))


def _module_note(module: Any, name: str) -> str:
    return dict(_noted(ast.parse(inspect.getsource(module)).body))[name]


def _noted(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for line, after in pairwise(body):
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)  # fmt: skip
            if isinstance(target, ast.Name) and isinstance(after.value.value, str):
                yield target.id, after.value.value
