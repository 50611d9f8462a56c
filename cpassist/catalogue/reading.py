"""Reads the catalogue's folders into records and refuses what does not hang together."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Intervention, Withdrawn
from cpassist.catalogue.ordinary import OrdinaryStep, ServiceKind
from cpassist.catalogue.records import (
    Assumption,
    Availability,
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
    Withdrawal,
    service_of,
)
from cpassist.catalogue.references import dangling, unknown_word
from cpassist.catalogue.rules import Rule, SafetyQuestion
from cpassist.catalogue.strict_yaml import Record, build, read_text, read_yaml
from cpassist.errors import Mistakes

# What a catalogue that stands alone needs: without rules and questions it would offer what is not safe.
WHOLE = (
    "needs.yaml",
    "sources.yaml",
    "scales.yaml",
    "rules.yaml",
    "safety_questions.yaml",
    "assumptions.yaml",
    "order.yaml",
)
KNOWN = frozenset(
    {
        *WHOLE,
        "about.yaml",
        "practice_elements.yaml",
        "disagreements.yaml",
        "leaders_questions.yaml",
        "timescales.yaml",
        "laws.yaml",
        "roles.yaml",
        "events.yaml",
        "census_factors.yaml",
        "direct_work.yaml",
        "service_kinds.yaml",
        "withdrawn.yaml",
    }
)
# Words that YAML writers use and Python keeps for itself.
RENAMED = {"from": "low", "to": "high", "not": "negated", "for": "audience"}
SPANS = ("sessions", "minutes", "weeks")


def is_folder(path: Path) -> bool:
    """Whether it is a folder; a path too long for the system is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def renamed(value: Any, names: Mapping[str, str] = RENAMED) -> Any:
    """The same YAML with keys that Python cannot use as names replaced."""
    if isinstance(value, dict):
        return {names.get(key, key): renamed(part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [renamed(part, names) for part in value]
    return value


def _spanned(raw: Any) -> Any:
    """`minutes: 60` is short for `minutes: {from: 60, to: 60}`."""
    asks = raw.get("asks") if isinstance(raw, dict) else None
    if isinstance(asks, dict):
        for name in SPANS:
            if isinstance(asks.get(name), str):
                asks[name] = {"low": asks[name], "high": asks[name]}
    return raw


class _Folders:
    """Everything read so far and every mistake met on the way."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.folders = folders
        self.mistakes: list[str] = []

    def attempt(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Mistakes as found:
            self.mistakes += found.mistakes
            return None

    def rows(self, name: str, record: type[Record], part: str | None = None) -> list[Record]:
        """The records of one list file in every folder that has it."""
        read: list[Record] = []
        for folder in self.folders:
            path = folder / name
            if not path.exists():
                continue
            said = self.called(folder, name)
            raw = self.attempt(lambda path=path: read_yaml(path))  # type: ignore[misc]
            if part is not None:
                raw = raw.get(part) if isinstance(raw, dict) else raw
            if raw is None:
                continue
            if not isinstance(raw, list):
                self.mistakes.append(f"{said}: a list of entries belongs here. Begin lines with -.")
                continue
            for index, entry in enumerate(raw):
                at = _name_of(entry) or f"[{index}]"
                built = self.attempt(
                    lambda entry=entry, at=at, said=said: build(record, renamed(entry), said, at)  # type: ignore[misc]
                )
                if built is not None:
                    read.append(built)
        return read

    def called(self, folder: Path, name: str) -> str:
        """A file's name in mistakes: with its folder where there are several."""
        return f"{folder.name}/{name}" if len(self.folders) > 1 else name

    def unread(self) -> None:
        """Files that nobody reads: a slip in a name would otherwise pass in silence."""
        for folder in self.folders:
            for path in sorted(
                (
                    *folder.glob("*.y*ml"),
                    *(folder / "interventions").glob("*.y*ml"),
                    *(folder / "ordinary_steps").glob("*.y*ml"),
                )
            ):
                known = path.suffix == ".yaml" and (path.parent != folder or path.name in KNOWN)
                if not known:
                    self.mistakes.append(
                        unknown_word(
                            self.called(folder, path.name), "file", "what is read", path.name, KNOWN
                        )
                    )

    def steps(self) -> Iterator[OrdinaryStep]:
        """The steps of ordinary_steps/<need>.yaml, each for the need in the name of its file, and direct work."""
        names = {
            f"ordinary_steps/{path.name}"
            for folder in self.folders
            for path in (folder / "ordinary_steps").glob("*.yaml")
        }
        for name in sorted(names):
            for step in self.rows(name, OrdinaryStep):
                yield replace(step, needs=(Path(name).stem,))
        yield from self.rows("direct_work.yaml", OrdinaryStep)

    def last(self, name: str) -> "_Folders":
        """The same, for a list that a later folder sets anew as a whole."""
        having = [folder for folder in self.folders if (folder / name).exists()]
        only = _Folders(tuple(having[-1:]))
        only.mistakes = self.mistakes
        return only

    def interventions(self) -> Iterator[tuple[str, Intervention]]:
        for folder in self.folders:
            for path in sorted((folder / "interventions").glob("*.yaml")):
                raw = self.attempt(lambda path=path: read_yaml(path))  # type: ignore[misc]
                if raw is None:
                    continue
                built = self.attempt(
                    lambda raw=raw, path=path: build(  # type: ignore[misc]
                        Intervention, _spanned(renamed(raw)), path.name
                    )
                )
                if built is not None:
                    if built.key != path.stem:
                        self.mistakes.append(
                            f"{path.name}: key: {built.key} is not the file's name. "
                            f"Call the file {built.key}.yaml or change the key."
                        )
                    yield path.name, built

    def keyed(self, rows: list[Record], name: str, key: str = "key") -> dict[str, Record]:
        """The rows by key; a key that is there twice is a mistake."""
        by_key: dict[str, Record] = {}
        for row in rows:
            value = getattr(row, key)
            if value in by_key:
                self.mistakes.append(f"{name}: {value}: this {key} is there twice. Keep one.")
            by_key[value] = row
        return by_key


def _name_of(entry: Any) -> str | None:
    if isinstance(entry, dict):
        for key in ("key", "id", "name", "code", "intervention"):
            if isinstance(entry.get(key), str):
                return str(entry[key])
    return None


def read_catalogue(*folders: Path) -> Catalogue:
    """The catalogue of one or more folders; later folders add entries.

    Raises Mistakes with every offender as `file: place: what. Remedy.`
    """
    for folder in folders:
        if not is_folder(folder):
            raise Mistakes(
                (f"{str(folder)[:200]}: there is no such catalogue folder. Check the path.",)
            )
        if not any(
            (folder / name).exists()
            for name in (*WHOLE, "withdrawn.yaml", "interventions", "ordinary_steps")
        ):
            raise Mistakes(
                (f"{folder}: this folder holds nothing of a catalogue. Check the path.",)
            )
    missing = [name for name in WHOLE if not (folders[0] / name).exists()]
    if missing:
        raise Mistakes(
            tuple(
                f"{name}: this file is missing in {folders[0].name}. Copy ours." for name in missing
            )
        )
    reader = _Folders(folders)
    interventions: dict[str, Intervention] = {}
    reader.unread()
    for file, intervention in reader.interventions():
        if intervention.key in interventions:
            reader.mistakes.append(
                f"{file}: key: another file has the key {intervention.key}. Keep one of them; an entry of "
                "yours beside ours has a key of its own, and ours is taken back in withdrawn.yaml."
            )
        interventions[intervention.key] = intervention
    for row in reader.rows("withdrawn.yaml", Withdrawal):
        if not _withdraw(row, interventions):
            known = {*interventions, *(r.id for h in interventions.values() for r in h.evidence)}
            wrong = str(row.intervention or row.finding)
            reader.mistakes.append(
                unknown_word("withdrawn.yaml", "entry", "any folder", wrong, frozenset(known))
            )
    rules = reader.rows("rules.yaml", Rule)
    if not rules and not reader.mistakes:
        reader.mistakes.append("rules.yaml: there is no rule in it. Copy ours.")
    reader.keyed(rules, "rules.yaml", "id")
    catalogue = Catalogue(
        version=_version(folders),
        folders=tuple(Folder(name=f.name, fingerprint=_fingerprint(f)) for f in folders),
        rules_fingerprint=_rules_fingerprint(folders),
        need_types=reader.keyed(reader.rows("needs.yaml", NeedType, "needs"), "needs.yaml"),
        unmapped_factors=tuple(reader.rows("needs.yaml", UnmappedFactor, "unmapped_factors")),
        sources=reader.keyed(reader.rows("sources.yaml", Source), "sources.yaml"),
        scales=reader.keyed(reader.rows("scales.yaml", Scale), "scales.yaml"),
        interventions=dict(sorted(interventions.items())),
        rules=tuple(sorted(rules, key=lambda rule: rule.id)),
        questions=reader.keyed(
            reader.rows("safety_questions.yaml", SafetyQuestion),
            "safety_questions.yaml",
        ),
        # An authority knows its own lengths: its assumption of a key stands in place of ours.
        assumptions=tuple(
            {row.key: row for row in reader.rows("assumptions.yaml", Assumption)}.values()
        ),
        practice_elements=tuple(
            reader.rows("practice_elements.yaml", PracticeElement, "practice_elements")
        ),
        known_gaps=tuple(reader.rows("practice_elements.yaml", KnownGap, "known_gaps")),
        disagreements=tuple(reader.rows("disagreements.yaml", Disagreement)),
        leaders_questions=tuple(reader.rows("leaders_questions.yaml", LeadersQuestion)),
        # Rules of procedure differ by place: an authority's list stands in place of ours as a whole.
        timescales=tuple(reader.last("timescales.yaml").rows("timescales.yaml", Timescale)),
        # A later folder may know a newer edition: its law of a key stands in place of ours.
        laws=tuple({row.key: row for row in reader.rows("laws.yaml", LawEdition)}.values()),
        roles=tuple(
            reader.keyed(
                reader.last("roles.yaml").rows("roles.yaml", PlanRole), "roles.yaml"
            ).values()
        ),
        events=tuple(reader.keyed(reader.rows("events.yaml", EventKind), "events.yaml").values()),
        census_factors=tuple(
            reader.last("census_factors.yaml").rows("census_factors.yaml", CensusFactor)
        ),
        ordinary_steps=tuple(reader.steps()),
        service_kinds=reader.keyed(
            reader.rows("service_kinds.yaml", ServiceKind), "service_kinds.yaml"
        ),
        priorities=tuple(reader.last("order.yaml").rows("order.yaml", Priority)),
    )
    mistakes = [*reader.mistakes, *_telling(dangling(catalogue), reader.mistakes)]
    if mistakes:
        raise Mistakes(tuple(dict.fromkeys(_spelt_back(mistake) for mistake in mistakes)))
    return catalogue


def _withdraw(row: Withdrawal, interventions: dict[str, Intervention]) -> bool:
    """Marks what is withdrawn; it stays in sight with its reason. Whether it was there at all."""
    mark = Withdrawn(date=row.date, because=row.because)
    if row.intervention in interventions:
        help_ = interventions[row.intervention]
        interventions[row.intervention] = replace(help_, withdrawn=mark)
        return True
    for key, help_ in interventions.items():
        if any(finding.id == row.finding for finding in help_.evidence):
            evidence = tuple(
                replace(finding, withdrawn=mark) if finding.id == row.finding else finding
                for finding in help_.evidence
            )
            interventions[key] = replace(help_, evidence=evidence)
            return True
    return False


def _telling(dangling: Iterator[str], read: list[str]) -> Iterator[str]:
    """The dangling references that are not merely echoes of a file that could not be read."""
    lists = {
        "needs.yaml",
        "sources.yaml",
        "scales.yaml",
        "safety_questions.yaml",
        "rules.yaml",
    }
    broken = {mistake.split(":")[0] for mistake in read}
    hidden = {f" is not in {name}" for name in broken & lists}
    if broken - lists:
        hidden |= {" is not in interventions/", " is not in any intervention's tags"}
    return (line for line in dangling if not any(part in line for part in hidden))


def _spelt_back(mistake: str) -> str:
    return mistake.replace(".negated", ".not").replace(".low:", ".from:").replace(".high:", ".to:")


def _version(folders: tuple[Path, ...]) -> str:
    about = folders[0] / "about.yaml"
    raw = read_yaml(about) if about.exists() else {}
    return str(raw.get("version", "unversioned")) if isinstance(raw, dict) else "unversioned"


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    parts = ("*.yaml", "interventions/*.yaml", "ordinary_steps/*.yaml")
    for path in sorted(path for part in parts for path in folder.glob(part)):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{_text(path)}\0".encode())
    return digest.hexdigest()


def _rules_fingerprint(folders: tuple[Path, ...]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for name in ("rules.yaml", "safety_questions.yaml", "order.yaml"):
            if (folder / name).exists():
                digest.update(f"{name}\0{_text(folder / name)}\0".encode())
    return digest.hexdigest()


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except Mistakes:
        return "unreadable"


def read_availability(path: Path, catalogue: Catalogue) -> dict[str, Availability]:
    """What an authority offers, by intervention: a YAML list; raises Mistakes for unknown keys."""
    raw = read_yaml(path)
    if not isinstance(raw, list):
        raise Mistakes((f"{path.name}: a list of entries belongs here. Begin lines with -.",))
    reader = _Folders((path.parent,))
    found = reader.keyed(reader.rows(path.name, Availability), path.name, "intervention")
    for key in found:
        service = service_of(key)
        if service:
            if service not in catalogue.service_kinds:
                reader.mistakes.append(
                    unknown_word(
                        path.name, key, "service_kinds.yaml", service, catalogue.service_kinds
                    )
                )
        elif key not in catalogue.interventions:
            reader.mistakes.append(
                unknown_word(path.name, key, "interventions/", key, catalogue.interventions)
            )
    if reader.mistakes:
        raise Mistakes(tuple(reader.mistakes))
    return found
