"""What reading a census return costs: beside the bare parser going through the same file, for a small and a large one."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from benchmarks.saying import say
from cpassist.catalogue.reading import read_catalogue
from cpassist.importing.census import Candidate
from cpassist.importing.census_files import read_census

ROOT = Path(__file__).resolve().parent.parent
CHILDREN = (1_000, 20_000)
TURNS = 3
CODES = ("16A", "4A", "1B", "3B", "3A", "17A", "20", "4B")


def bench_census() -> None:
    """Children a second, as a ratio against the bare parser."""
    print("\nCensus return: reading / the bare parser over the same file (ratios)")
    catalogue = read_catalogue(ROOT / "catalogue")
    with tempfile.TemporaryDirectory() as folder:
        for number in CHILDREN:
            path = Path(folder) / f"{number}.xml"
            path.write_text("".join(_return(number)), encoding="utf-8")
            own = _seconds(
                path,
                lambda file: sum(
                    isinstance(one, Candidate) for one in read_census(file, "c.xml", catalogue)
                ),
            )
            bare = _seconds(path, _walk)
            size = path.stat().st_size / 1e6
            say(
                f"{number} children",
                own / bare,
                None,
                f"{number / own:.0f} children a second, {size:.1f} MB",
            )


def _return(number: int) -> Iterator[str]:
    yield "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year><ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails></Header><Children>"
    for at in range(number):
        factors = "".join(f"<AssessmentFactors>{CODES[(at + n) % len(CODES)]}</AssessmentFactors>" for n in range(3))  # fmt: skip
        yield (
            f"<Child><ChildIdentifiers><LAchildID>LA{at}</LAchildID><PersonBirthDate>2015-0{at % 9 + 1}-11</PersonBirthDate></ChildIdentifiers>"
            "<CINdetails><CINreferralDate>2023-12-01</CINreferralDate><Assessments><AssessmentActualStartDate>2023-12-10</AssessmentActualStartDate>"
            f"<AssessmentAuthorisationDate>2024-02-01</AssessmentAuthorisationDate><FactorsIdentifiedAtAssessment>{factors}</FactorsIdentifiedAtAssessment>"
            "</Assessments><ChildProtectionPlans><CPPstartDate>2024-01-01</CPPstartDate></ChildProtectionPlans></CINdetails></Child>"
        )
    yield "</Children></Message>"


def _walk(file: object) -> int:
    """The peer: every element once, freed as it goes."""
    seen = 0
    for _, element in etree.iterparse(file, events=("end",), tag="Child"):
        seen += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return seen


def _seconds(path: Path, act: object) -> float:
    times = []
    for _ in range(TURNS):
        with path.open("rb") as file:
            start = time.perf_counter()
            act(file)
            times.append(time.perf_counter() - start)
    return statistics.median(times)
