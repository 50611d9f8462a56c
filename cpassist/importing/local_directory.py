"""The local directory: what an authority offers, as a table that it keeps in a spreadsheet.

A row is one kind of help, or one kind of local service, by one provider. It joins the catalogue by key, or by its exact name; what is only near
is said and joined by nobody but a person, who writes the key. Unknown is not none.
"""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.reading import read_availability
from cpassist.catalogue.records import Availability, service_of, service_row
from cpassist.errors import InvalidRecord, Mistakes
from cpassist.evidence.tables import harmless
from cpassist.importing.tables import read_day_of, read_rows

# Names of Open Referral UK where it has them; x_ for what is local.
COLUMNS = (
    "service_id",
    "programme_id",
    "service_kind",
    "name",
    "organization",
    "status",
    "x_age_min_months",
    "x_age_max_months",
    "minimum_age",
    "maximum_age",
    "language",
    "x_referral_route",
    "x_threshold",
    "x_capacity_available",
    "x_wait_weeks",
    "x_wait_updated",
    "x_fidelity",
    "assured_date",
    "alert",
)
NOT_OPEN = frozenset({"inactive", "defunct", "temporarily closed", "closed"})
NOT_KNOWN = frozenset({"", "-", "?", "n/a", "na", "unknown", "not known", "tbc", "none stated"})
WHOLE = re.compile(r"([0-9]{1,5})(?:\.0+)?(?:\s*(?:weeks?|wks?|places?|months?|years?))?\Z")
NEAR = 80
"""From which likeness (of 100) a name is said to be near."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Directory:
    """What is to be had here, and what in the table a person has to look at."""

    here: dict[str, Availability]
    oddities: tuple[str, ...] = ()
    """Sentences with the line, what is wrong and what to do."""


@dataclass(frozen=True, kw_only=True, repr=False)
class _Row:
    places: int | None
    wait: int | None
    ages: tuple[int, int] | None
    languages: tuple[str, ...]
    refer: str
    fidelity: str
    as_of: str
    provider: str


def read_local(path: Path, catalogue: Catalogue) -> Directory:
    """The local directory in a table (.csv) or a list (.yaml). Raises Mistakes where it cannot be read."""
    if path.suffix.casefold() not in {".csv", ".yaml", ".yml"}:
        raise Mistakes((f"{path.name}: a local directory is a table (.csv) or a list (.yaml). Save it as one.",))  # fmt: skip
    if path.suffix.casefold() != ".csv":
        return Directory(here=read_availability(path, catalogue))
    try:
        content = path.read_bytes()
    except OSError as trouble:
        raise Mistakes((f"{path.name}: it cannot be read ({trouble.strerror}).",)) from None
    reader = _Reader(path.name, catalogue)
    for number, row in enumerate(read_rows(content, path.name), start=2):
        reader.read(number, row)
    if not reader.columns & {"programme_id", "service_kind", "name"}:
        raise Mistakes(
            (
                f"{path.name}: there is no column programme_id, service_kind or name in its first line. `cpassist directory --template FILE` writes one to fill in.",
            )
        )
    return Directory(here=reader.here(), oddities=tuple(reader.oddities))


def template(catalogue: Catalogue, *, example: bool = False) -> str:
    """A table to fill in: every kind of help that may be offered, then every kind of local service, one a line; with
    invented values for an example.
    """
    lines = [",".join(COLUMNS)]
    offered = sorted((i for i in catalogue.interventions.values() if i.is_offered_kind), key=lambda i: i.key)  # fmt: skip
    services = list(catalogue.service_kinds.values())
    named = [
        ("programme_id", help_.key, help_.title) for help_ in offered[: 6 if example else None]
    ]
    named += [("service_kind", kind.key, kind.label) for kind in services[: 3 if example else None]]
    for number, (column, key, called) in enumerate(named, start=1):
        cells = dict.fromkeys(COLUMNS, "")
        cells |= {"service_id": str(number), column: key, "name": called}
        if example:
            cells |= {
                "organization": "Invented provider", "status": "active", "language": "en;pl",
                "x_referral_route": "social worker, by the local form", "x_capacity_available": str((number * 3) % 7),
                "x_wait_weeks": str(number * 2), "x_wait_updated": "2026-11-02", "x_fidelity": "licensed",
            }  # fmt: skip
        lines.append(
            ",".join(
                f'"{harmless(cells[name])}"' if "," in cells[name] else harmless(cells[name])
                for name in COLUMNS
            )
        )
    return "\n".join(lines) + "\n"


class _Reader:
    """Reads line by line and keeps what is odd."""

    def __init__(self, name: str, catalogue: Catalogue) -> None:
        self.name, self.catalogue = name, catalogue
        self.names = {
            utils.default_process(called): help_.key
            for help_ in catalogue.interventions.values()
            for called in (help_.title, *help_.also_called)
        }
        self.names |= {
            utils.default_process(kind.label): service_row(kind.key)
            for kind in catalogue.service_kinds.values()
        }
        self.columns: set[str] = set()
        self.rows: dict[str, list[_Row]] = {}
        self.oddities: list[str] = []

    def odd(self, line: int, says: str) -> None:
        self.oddities.append(f"{self.name}: line {line}: {says}")

    def read(self, line: int, row: dict[str, str]) -> None:
        if not self.columns:
            self.columns = set(row)
            unknown = sorted(self.columns - set(COLUMNS) - {""})
            if unknown:
                shown = ", ".join(name[:30] for name in unknown[:8])
                self.oddities.append(f"{self.name}: line 1: columns that are not read: {shown}. They were left alone.")  # fmt: skip
        if not any(row.values()):
            return
        formulas = sorted(name for name, value in row.items() if value.startswith("="))
        if formulas:
            self.odd(line, f"{', '.join(formulas)} holds a formula and no value. Save the values, and load it again.")  # fmt: skip
        key = self._join(line, row)
        if key is None:
            return
        status = row.get("status", "").casefold()
        if status in NOT_OPEN:
            self.odd(line, f"it is {status}, so it counts as not to be had here.")
            return
        self.rows.setdefault(key, []).append(self._row(line, row))

    def _join(self, line: int, row: dict[str, str]) -> str | None:
        """The key of the catalogue; a near name is said and joined by nobody."""
        said, name = row.get("programme_id", ""), row.get("name", "")
        service = row.get("service_kind", "")
        if said and service:
            self.odd(line, "programme_id and service_kind are both filled in. A line is one of them: split it.")  # fmt: skip
            return None
        if service:
            if service in self.catalogue.service_kinds:
                return service_row(service)
            known = list(self.catalogue.service_kinds)
            found = process.extractOne(service, known, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR)  # fmt: skip
            near = f" It may be {found[0]}." if found else ""
            self.odd(
                line,
                f"service_kind “{service[:40]}” is no kind of local service.{near} `cpassist directory --template FILE` lists them.",
            )
            return None
        if said:
            if said in self.catalogue.interventions:
                return said
            self._near(
                line,
                said,
                list(self.catalogue.interventions),
                f"programme_id “{said[:40]}” is no key of the catalogue.",
            )
            return None
        if not name:
            self.odd(
                line,
                "neither programme_id, service_kind nor name is filled in. Where cells were merged, fill in each line.",
            )
            return None
        plain = utils.default_process(name)
        if plain in self.names:
            return self.names[plain]
        self._near(
            line, plain, list(self.names), f"“{name[:60]}” is no name that the catalogue knows."
        )
        return None

    def _near(self, line: int, said: str, known: list[str], what: str) -> None:
        found = process.extractOne(said, known, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR)
        if found is None:
            self.odd(
                line, f"{what} Write the key of the catalogue in programme_id, or leave it out."
            )
            return
        key = self.names.get(found[0], found[0])
        kind = self.catalogue.service_kinds.get(service_of(key))
        title, column = (kind.label, "service_kind") if kind else (self.catalogue.title(key), "programme_id")  # fmt: skip
        self.odd(
            line,
            f"{what} It may be {title}: if it is, write {service_of(key) or key} in {column}. Until then it is not joined.",
        )

    def _row(self, line: int, row: dict[str, str]) -> _Row:
        return _Row(
            places=self._number(line, row, "x_capacity_available"),
            wait=self._number(line, row, "x_wait_weeks"),
            ages=self._ages(line, row),
            languages=tuple(
                dict.fromkeys(
                    part.strip()
                    for part in re.split(r"[;,/]", row.get("language", ""))
                    if part.strip()
                )
            ),
            refer=", ".join(
                part
                for part in (row.get("x_referral_route", ""), row.get("x_threshold", ""))
                if part
            )[:200],
            fidelity=self._fidelity(line, row),
            as_of=self._as_of(line, row),
            provider=row.get("organization", "")[:80],
        )

    def _number(self, line: int, row: dict[str, str], name: str) -> int | None:
        said = row.get(name, "").casefold()
        if said in NOT_KNOWN:
            return None
        found = WHOLE.match(said)
        if found is None:
            self.odd(line, f"{name} is “{said[:20]}”, which is no whole number. It counts as not known.")  # fmt: skip
            return None
        return int(found[1])

    def _ages(self, line: int, row: dict[str, str]) -> tuple[int, int] | None:
        """Months; years only where no months are given, and then to the end of the last year."""
        low, high = (self._number(line, row, name) for name in ("x_age_min_months", "x_age_max_months"))  # fmt: skip
        if low is None and high is None:
            years = [self._number(line, row, name) for name in ("minimum_age", "maximum_age")]
            low = years[0] * 12 if years[0] is not None else None
            high = years[1] * 12 + 11 if years[1] is not None else None
        if low is None and high is None:
            return None
        ages = (low or 0, min(high if high is not None else 300, 300))
        if ages[0] > ages[1]:
            self.odd(line, f"the ages go from {ages[0]} to {ages[1]} months. They were left out; turn them round.")  # fmt: skip
            return None
        return ages

    def _fidelity(self, line: int, row: dict[str, str]) -> str:
        said = row.get("x_fidelity", "").casefold()
        if said in {"licensed", "adapted"}:
            return said
        if said not in NOT_KNOWN:
            self.odd(line, f"x_fidelity is “{said[:20]}”. Write licensed, adapted or unknown; it counts as unknown.")  # fmt: skip
        return ""

    def _as_of(self, line: int, row: dict[str, str]) -> str:
        said = row.get("x_wait_updated", "") or row.get("assured_date", "")
        if said.casefold() in NOT_KNOWN:
            return ""
        day = read_day_of(said)
        if day is None:
            self.odd(line, f"the day “{said[:20]}” does not read. Write it as 2026-11-02; it counts as not stated.")  # fmt: skip
            return ""
        if day > datetime.date(2100, 12, 31) or day.year < 2000:
            self.odd(line, f"the day {day} cannot be. It counts as not stated.")
            return ""
        return day.isoformat()

    def here(self) -> dict[str, Availability]:
        """One line for each kind of help, from all who give it here."""
        made = {}
        for key, rows in self.rows.items():
            try:
                made[key] = _together(key, rows)
            except InvalidRecord as refused:
                self.oddities.append(f"{self.name}: {key}: {refused} It was left out.")
        return made


def _together(key: str, rows: list[_Row]) -> Availability:
    """What several providers offer of one kind of help: free places wherever one has some, and the shortest wait for one."""
    known = [row.places for row in rows if row.places is not None]
    places = sum(known) if any(known) or len(known) == len(rows) else None
    open_rows = [row for row in rows if row.places != 0] or rows
    waits = [row.wait for row in open_rows if row.wait is not None]
    # Where one provider states no ages it may take any child.
    stated = [row.ages for row in open_rows]
    ages = tuple(sorted({a for a in stated if a})) if all(stated) else ()
    spoken = [row.languages for row in open_rows]
    languages = tuple(dict.fromkeys(word for words in spoken for word in words)) if all(spoken) else ()  # fmt: skip
    fidelities = {row.fidelity for row in open_rows}
    days = [row.as_of for row in open_rows]
    return Availability(
        intervention=key,
        places=places,
        wait_weeks=min(waits) if waits else None,
        provider="; ".join(dict.fromkeys(row.provider for row in open_rows if row.provider))[:200],
        ages_months=ages,
        languages=languages,
        refer="; ".join(dict.fromkeys(row.refer for row in open_rows if row.refer))[:300],
        fidelity=fidelities.pop() if len(fidelities) == 1 else "",
        as_of=min(days) if all(days) else "",
    )
