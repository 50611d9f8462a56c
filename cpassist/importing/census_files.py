"""Reads the files of a CIN census: the XML as a stream, entity-safe; the flat tables of a folder."""

import datetime
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from cpassist.catalogue.catalogue import Catalogue
from cpassist.errors import Mistakes
from cpassist.importing.census import (
    FIRST_YEAR,
    LAST_YEAR,
    Assessed,
    Candidate,
    Entry,
    Episode,
    Oddity,
    PreProceedings,
    Return,
    candidate_of,
)
from cpassist.importing.tables import read_day_of, read_rows

ROOT = "Message"
READ = frozenset(
    {
        "Child", "ChildIdentifiers", "LAchildID", "PersonBirthDate", "ExpectedPersonBirthDate", "PersonDeathDate",
        "CINdetails", "CINclosureDate", "Assessments", "AssessmentActualStartDate", "AssessmentAuthorisationDate",
        "FactorsIdentifiedAtAssessment", "AssessmentFactors", "ChildProtectionPlans", "CPPstartDate", "CPPendDate",
        "CINPlanDates", "CINPlanStartDate", "CINPlanEndDate", "PreProceedingsandFGDM", "PPStartDate", "PPOutcome",
        "LBPSentDate", "FGDMMeetingOffer", "FGDMMeetingFac",
    }
)  # fmt: skip
"""The elements of a child that are read. What else stands there is counted and said once."""
END_OF_YEAR = (3, 31)
TABLES = {
    "header": "Header",
    "childidentifiers": "ChildIdentifiers",
    "cindetails": "CINdetails",
    "assessments": "Assessments",
    "assessmentfactorslist": "AssessmentFactorsList",
    "cinplandates": "CINplanDates",
    "childprotectionplans": "ChildProtectionPlans",
    "preproceedings": "PreProceedings",
    "preproceedingsandfgdm": "PreProceedingsandFGDM",
}


def read_census(source: BinaryIO, name: str, catalogue: Catalogue) -> Iterator[Candidate | Oddity]:
    """The children of a return in XML, one by one, in constant memory; what is odd about the file between them.

    Raises Mistakes where it is no return at all. A file that breaks off gives what stands before the break.
    """
    head, number, seen = _head("", ""), 0, set()
    left: Counter[str] = Counter()
    headers = 0
    try:
        stream = etree.iterparse(
            source, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        )  # fmt: skip
        for event, element in stream:
            local = _local(element)
            if event == "start":
                if element.getparent() is None:
                    _must_be_a_return(element, name)
                continue
            if local == "Header":
                headers += 1
                said = [_text(element, "CollectionDetails", part) for part in ("Year", "ReferenceDate", "Collection")]  # fmt: skip
                if headers > 1:
                    yield Oddity(
                        child="",
                        place="Header",
                        says=f"A second head stands in the file, of the year {said[0] or 'not said'}.",
                        remedy="The first one was used; check that the file holds one return.",
                    )
                else:
                    head = _head(said[0], said[1])
                    yield from _odd_head(said, head)
            elif local == "Child":
                number += 1
                entry = _entry(element)
                candidate = candidate_of(entry, number, head, catalogue)
                if entry.reference and entry.reference in seen:
                    yield Oddity(
                        child=entry.reference,
                        place=f"child {number}",
                        says="The same child stands twice in the return.",
                        remedy="Both were taken; use the one that holds.",
                    )
                seen.add(entry.reference)
                left.update(name for one in element.iter(etree.Element) if (name := _local(one)) not in READ)  # fmt: skip
                yield candidate
                _let_go(element)
            elif element.getparent() is not None and _local(element.getparent()) in {
                ROOT,
                "Children",
            }:
                # Whatever else stands there is let go as well, or a file of it would fill the memory.
                if local != "Children":
                    _let_go(element)
    except etree.XMLSyntaxError as broken:
        if number == 0 and not headers:
            raise Mistakes(
                (
                    f"{name}: it is no XML that can be read ({_where(broken)}). Export the return anew.",
                )
            ) from None
        yield Oddity(
            child="",
            place=_where(broken),
            says=f"The file breaks off or is damaged; {number} children before it were read.",
            remedy="Export the return anew.",
        )
    if left:
        names = ", ".join(f"{name[:40]} ({count})" for name, count in sorted(left.items()))
        yield Oddity(
            child="",
            place="Children",
            says=f"What is not read of a child, and how often it stands there: {names}.",
            remedy="A family file has no place for it; look it up in the return where it matters.",
        )
    if not headers:
        yield Oddity(
            child="",
            place="Header",
            says="The file has no head, so its year is not known.",
            remedy=f"The list of {LAST_YEAR} was used.",
        )
    if not number:
        yield Oddity(
            child="",
            place="Children",
            says="No child is in the file.",
            remedy="Check that it is the whole return.",
        )


def read_tables(folder: Path, catalogue: Catalogue) -> Iterator[Candidate | Oddity]:
    """The children of a return that was flattened into tables, as CSV files named after them. Raises Mistakes."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted(p for p in folder.iterdir() if p.suffix.casefold() == ".csv"):
        key = path.stem.casefold().replace("_", "").replace(" ", "").replace("-", "")
        table = next((known for known in TABLES if key.endswith(known)), None)
        if table is None:
            yield Oddity(
                child="",
                place=path.name,
                says="It is no table that is read here.",
                remedy=f"Name it after one of: {', '.join(TABLES.values())}, or leave it out.",
            )
            continue
        if table in found:
            yield Oddity(
                child="",
                place=path.name,
                says=f"There is more than one table {TABLES[table]}.",
                remedy="Both were read; check that they are of one return.",
            )
        found.setdefault(table, []).extend(read_rows(path.read_bytes(), path.name))
    if "childidentifiers" not in found:
        raise Mistakes(
            (
                f"{folder.name}: no ChildIdentifiers.csv is in it. Known tables are: {', '.join(TABLES.values())}.",
            )
        )
    first = next(iter(found.get("header", [])), {})
    head = _head(first.get("year", ""), first.get("referencedate", ""))
    if "header" in found:
        yield from _odd_head([first.get("year", ""), first.get("referencedate", ""), "CIN"], head)
    else:
        yield Oddity(
            child="",
            place="Header",
            says="There is no table Header, so the year is not known.",
            remedy=f"The list of {LAST_YEAR} was used.",
        )
    entries: dict[str, Entry] = {}
    for row in found["childidentifiers"]:
        reference = row.get("lachildid", "")
        if reference in entries:
            yield Oddity(
                child=reference,
                place="ChildIdentifiers",
                says="The same child stands twice.",
                remedy="The first line was used.",
            )
            continue
        entries[reference] = Entry(
            reference=reference,
            born=row.get("personbirthdate", ""),
            expected=row.get("expectedpersonbirthdate", ""),
            died=row.get("persondeathdate", ""),
        )
    yield from _fill(entries, found)
    for number, entry in enumerate(entries.values(), start=1):
        yield candidate_of(entry, number, head, catalogue)


# --- XML ---


def _must_be_a_return(root: Any, name: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise Mistakes((f"{name}: it declares a document type of its own, which no return does. It was not read.",))  # fmt: skip
    if _local(root) != ROOT:
        raise Mistakes((f"{name}: it begins with <{_local(root)[:40]}> and not with <{ROOT}>: this is no CIN census.",))  # fmt: skip


def _local(element: Any) -> str:
    """The name without its namespace; comments and the like have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: Any, *path: str) -> list[Any]:
    found = [element]
    for step in path:
        found = [child for parent in found for child in parent if _local(child) == step]
    return found


def _text(element: Any, *path: str) -> str:
    found = _children(element, *path)
    return (found[0].text or "").strip()[:200] if found else ""


def _entry(child: Any) -> Entry:
    identity = next(iter(_children(child, "ChildIdentifiers")), child)
    return Entry(
        reference=_text(identity, "LAchildID")[:40],
        born=_text(identity, "PersonBirthDate"),
        expected=_text(identity, "ExpectedPersonBirthDate"),
        died=_text(identity, "PersonDeathDate"),
        episodes=[_episode(one) for one in _children(child, "CINdetails")],
    )


def _episode(details: Any) -> Episode:
    return Episode(
        closed=_text(details, "CINclosureDate"),
        assessments=[
            Assessed(
                began=_text(one, "AssessmentActualStartDate"),
                signed=_text(one, "AssessmentAuthorisationDate"),
                factors=[
                    (f.text or "").strip().upper()[:40]
                    for f in _children(one, "FactorsIdentifiedAtAssessment", "AssessmentFactors")
                ],
            )
            for one in _children(details, "Assessments")
        ],
        protection_plans=[
            (_text(p, "CPPstartDate"), _text(p, "CPPendDate"))
            for p in _children(details, "ChildProtectionPlans")
        ],
        need_plans=[
            (_text(p, "CINPlanStartDate"), _text(p, "CINPlanEndDate"))
            for p in _children(details, "CINPlanDates")
        ],
        pre_proceedings=[
            PreProceedings(
                began=_text(p, "PPStartDate"),
                outcome=_text(p, "PPOutcome"),
                letter=_text(p, "LBPSentDate"),
                offered=_text(p, "FGDMMeetingOffer"),
                held=_text(p, "FGDMMeetingFac"),
            )
            for p in _children(details, "PreProceedingsandFGDM")
        ],
    )


def _let_go(element: Any) -> None:
    """Frees what was read, so that a return of any size takes the same memory."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _where(broken: etree.XMLSyntaxError) -> str:
    return f"line {broken.lineno}" if broken.lineno else "the beginning"


# --- the head ---


def _head(year: str, reference: str) -> Return:
    day = read_day_of(reference)
    said = int(year) if year.isdecimal() and len(year) == len("2024") else (day.year if day else LAST_YEAR)  # fmt: skip
    used = min(max(said, FIRST_YEAR), LAST_YEAR)
    return Return(year=used, reference_day=day or datetime.date(used, *END_OF_YEAR))


def _odd_head(said: list[str], head: Return) -> Iterator[Oddity]:
    year, reference, collection = said
    if collection and collection.upper() != "CIN":
        yield Oddity(
            child="",
            place="Header",
            says=f"The collection is called {collection[:20]} and not CIN.",
            remedy="Check that it is the right file.",
        )
    if year != str(head.year):
        yield Oddity(
            child="",
            place="Header",
            says=f"The year {year[:10] or 'is missing and'} has no list here.",
            remedy=f"The list of {head.year} was used.",
        )
    if read_day_of(reference) is None:
        yield Oddity(
            child="",
            place="Header",
            says="The reference date does not read.",
            remedy=f"{head.reference_day} was used.",
        )


# --- tables ---


def _fill(entries: dict[str, Entry], found: dict[str, list[dict[str, str]]]) -> Iterator[Oddity]:
    """Puts episodes, assessments, factors and plans where they belong; a line without its child is said."""
    episodes: dict[tuple[str, str], Episode] = {}
    assessments: dict[tuple[str, str, str], Assessed] = {}

    def episode(row: dict[str, str]) -> Episode:
        key = (row.get("lachildid", ""), row.get("cindetailsid", ""))
        if key not in episodes:
            episodes[key] = Episode()
            entries[key[0]].episodes.append(episodes[key])
        return episodes[key]

    def assessed(row: dict[str, str]) -> Assessed:
        key = (row.get("lachildid", ""), row.get("cindetailsid", ""), row.get("assessmentid", ""))
        if key not in assessments:
            assessments[key] = Assessed()
            episode(row).assessments.append(assessments[key])
        return assessments[key]

    for table, rows in found.items():
        if table in {"header", "childidentifiers"}:
            continue
        for number, row in enumerate(rows, start=2):
            if row.get("lachildid", "") not in entries:
                yield Oddity(
                    child=row.get("lachildid", "")[:40],
                    place=f"{TABLES[table]}, line {number}",
                    says="It belongs to no child of ChildIdentifiers.",
                    remedy="It was left out; check the tables.",
                )
                continue
            if table == "cindetails":
                episode(row).closed = row.get("cinclosuredate", "")
            elif table == "assessments":
                one = assessed(row)
                one.began = row.get("assessmentactualstartdate", "")
                one.signed = row.get("assessmentauthorisationdate", "")
            elif table == "assessmentfactorslist":
                code = row.get("assessmentfactor") or row.get("assessmentfactors") or ""
                assessed(row).factors += [code.upper()[:40]] if code else []
            elif table == "cinplandates":
                episode(row).need_plans.append((row.get("cinplanstartdate", ""), row.get("cinplanenddate", "")))  # fmt: skip
            elif table == "childprotectionplans":
                episode(row).protection_plans.append((row.get("cppstartdate", ""), row.get("cppenddate", "")))  # fmt: skip
            elif table in {"preproceedings", "preproceedingsandfgdm"}:
                episode(row).pre_proceedings.append(
                    PreProceedings(
                        began=row.get("ppstartdate", ""),
                        outcome=row.get("ppoutcome", ""),
                        letter=row.get("lbpsentdate", ""),
                        offered=row.get("fgdmmeetingoffer", ""),
                        held=row.get("fgdmmeetingfac", ""),
                    )
                )
