"""Whether packages are of use: what share of rated needs leaves with help, or with something to do, over invented families.

Fourteen families of the catalogue and forty more from patterns of ordinary practice (`tests/families/forty.yaml`).
"""

import statistics
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.reading import read_catalogue
from cpassist.catalogue.vocabulary import IfUnknown
from cpassist.family.family import Family
from cpassist.family.records import Need
from cpassist.importing.family_file import build_family, read_family
from cpassist.papers.written.package_text import package_to_text
from cpassist.planning.asking_why.next_questions import next_questions, question_words
from cpassist.planning.candidates import Question
from cpassist.planning.package.ordinary_steps import needs_with_steps
from cpassist.planning.proposal import propose_with_matching
from cpassist.planning.taking_part.answering import answers_for

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Tally:
    """Rated needs of level 2 and 3 over families."""

    needs: int = 0
    offered: int = 0
    with_something: int = 0
    held: int = 0
    testable: int = 0
    testable_offered: int = 0


def measured_families(catalogue: Catalogue) -> list[Family]:
    """The fourteen of the catalogue and the forty."""
    own = [read_family(p, catalogue) for p in sorted((ROOT / "catalogue/families").glob("*.yaml"))]
    rows = yaml.load((ROOT / "tests/families/forty.yaml").read_text(encoding="utf-8"), _Text)
    forty = [
        build_family(
            {
                "label": row["name"][:80],
                "invented": True,
                "assessed": "2026-11-02",
                **row["family"],
            },
            "forty.yaml",
        )
        for row in rows
    ]
    return own + forty


class _Text(yaml.SafeLoader):
    """Dates stay text, as in family files."""


_Text.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if "timestamp" not in tag]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def is_testable(need: Need, family: Family, catalogue: Catalogue) -> bool:
    """Whether any help in the catalogue was tested, or is offered, for this need at this age."""
    question = Question(family=family, catalogue=catalogue, availability=None, on=family.assessed_on)  # fmt: skip
    return any(
        help_.is_offered_kind
        and help_.withdrawn is None
        and any(row.may_be_offered_on for row in help_.evidence_for(need.need))
        and answers_for(help_, need, question, outside=False) is not None
        for help_ in catalogue.speaking_of(need.need)
    )


def tally(families: list[Family], catalogue: Catalogue) -> Tally:
    found = Tally()
    for family in families:
        _, package = propose_with_matching(family, catalogue, None, family.assessed_on)
        offered = {(a.person, a.need) for o in package.offers for a in o.answers}
        steps = needs_with_steps(package.steps)
        held = {(g.person, g.need) for g in package.gaps if g.kind == "safety_not_answered"}
        for need in family.needs:
            if not need.is_matched or need.level is None or need.level < 2:
                continue
            key = (need.person, need.need)
            testable = is_testable(need, family, catalogue)
            found.needs += 1
            found.offered += key in offered
            found.with_something += key in offered or key in steps
            found.held += key in held
            found.testable += testable
            found.testable_offered += testable and key in offered
    return found


def bench_useful() -> None:
    catalogue = read_catalogue(ROOT / "catalogue")
    families = measured_families(catalogue)
    found = tally(families, catalogue)
    print(f"families: {len(families)}; rated needs of level 2 and 3: {found.needs}")
    print(f"  with an offer: {found.offered} ({found.offered / found.needs:.0%})")
    print(f"  with an offer or a step: {found.with_something} ({found.with_something / found.needs:.0%}, goal 100 %)")  # fmt: skip
    print(f"  held by an open question about safety: {found.held}")
    share = found.testable_offered / found.testable
    print(
        f"  of {found.testable} for which help was tested at that age, offered: {found.testable_offered} ({share:.0%}, goal 60 %)"
    )
    stricter = replace(
        catalogue,
        rules=tuple(
            replace(r, if_unknown=IfUnknown.HOLD) if r.id == "H9-OTHERS" else r for r in catalogue.rules
        ),
    )  # fmt: skip
    before = tally(families, stricter)
    print(
        f"  were groups held until every adult is asked about suicide (as before): offers for {before.offered}, held {before.held}"
    )
    words = []
    for family in families:
        matching, package = propose_with_matching(family, catalogue, None, family.assessed_on)
        asked = [question_words(q, matching.question) for q in next_questions(matching, package)]
        words.append(len(package_to_text(package, family, catalogue, questions=asked).split()))
    print(f"  words of a package as text: median {statistics.median(words):.0f} (goal under 700), most {max(words)}")  # fmt: skip
