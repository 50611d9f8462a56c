"""The package as text: what decides first, each question once, and everything with --all; the questions that free most."""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from builders import a_child, a_family, an_adult
from conftest import ROOT, example
from shipped import CATALOGUE

from cpassist.importing.family_file import parse_family, read_family
from cpassist.papers.written.package_text import package_to_text
from cpassist.planning.asking_why.next_questions import MOST_SHOWN, next_questions, question_words
from cpassist.planning.proposal import propose, propose_with_matching

FORTY = yaml.safe_load_all((ROOT / "tests" / "families" / "forty.yaml").read_text(encoding="utf-8"))
FAMILIES = [case for part in FORTY for case in (part if isinstance(part, list) else [part])]
COMMAND = (sys.executable, "-m", "cpassist", "plan")


def planned(case):
    text = yaml.safe_dump(
        {
            "format": "cpassist-family/1", "label": "A family", "assessed": "2026-11-02", "invented": True,
            **case["family"],
        }
    )  # fmt: skip
    return parse_family(text, CATALOGUE)


@pytest.mark.parametrize("case", FAMILIES, ids=[case["name"] for case in FAMILIES])
def test_each_question_is_said_once_and_whether_anybody_is_in_danger_stands_first(case):
    family = planned(case)
    matching, package = propose_with_matching(family, CATALOGUE, None, family.assessed_on)
    found = next_questions(matching, package)
    assert len(found) <= MOST_SHOWN
    asked = [question_words(q, matching.question) for q in found]
    text = re.sub(r"\s+", " ", package_to_text(package, family, CATALOGUE, questions=asked))
    for question in asked:
        words = re.sub(r"\s+", " ", question.partition("?")[0])
        assert text.count(words + "?") == 1
    if "Find out before anything else." in text:
        assert text.index("Find out before anything else.") < text.index(" Proposed --------")


def test_everything_set_aside_stands_in_the_long_form_and_its_counts_in_the_short():
    family = read_family(example("larkfield"), CATALOGUE)
    _, package = propose_with_matching(family, CATALOGUE, None, family.assessed_on)
    short = re.sub(r"\s+", " ", package_to_text(package, family, CATALOGUE))
    long = re.sub(r"\s+", " ", package_to_text(package, family, CATALOGUE, everything=True))
    for row in package.set_aside:
        assert CATALOGUE.title(row.intervention) in long
    assert len(short.split()) < len(long.split()) / 3
    counts = [int(n) for n in re.findall(r"(\d+) [a-z]", short.partition("Set aside")[2])]
    assert sum(counts) == len(package.set_aside)


def test_the_questions_are_the_same_in_every_run():
    runs = {
        subprocess.run(
            [*COMMAND, str(example("larkfield")), "--as", "json"],
            capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(runs) == 1
    assert 1 <= len(json.loads(runs.pop())["next_questions"]) <= MOST_SHOWN


def a_text(family):
    return package_to_text(propose(family, CATALOGUE, None, family.assessed_on), family, CATALOGUE)


def test_what_the_worker_wrote_stands_beside_the_need():
    family = a_family(
        people=[an_adult("ann", cares_for=["ada"]), a_child("ada")],
        needs=[{"person": "ada", "need": "speech_and_development", "level": 2, "says": "Uses four words."}],
    )  # fmt: skip
    assert "In the file: “Uses four words.”" in " ".join(a_text(family).split())


def test_while_nothing_is_said_to_the_family_the_steps_of_other_needs_wait():
    def text(*more):
        return " ".join(
            a_text(
                a_family(
                    people=[an_adult("ann", cares_for=["ada"]), a_child("ada")],
                    relations=[{"person": "ann", "child": "ada", "as": "parent"}],
                    needs=[{"person": "ada", "need": "school_absence", "level": 2}, *more],
                )
            ).split()
        )

    waits = "waits for the strategy discussion"
    assert waits not in text()
    made_up = {"person": "ada", "need": "fabricated_illness", "level": 3, "harmed_by": ["ann"]}
    assert waits in text(made_up)
    assert text(made_up).index("Fabricated or induced illness".lower()) < text(made_up).index("missing school")  # fmt: skip


def test_a_grave_question_is_said_also_while_nothing_is_asked_of_the_family():
    family = a_family(
        people=[an_adult("ann", cares_for=["ada"]), a_child("ada", "2012-05")],
        relations=[{"person": "ann", "child": "ada", "as": "parent"}],
        needs=[
            {"person": "ada", "need": "fabricated_illness", "level": 3, "harmed_by": ["ann"]},
            {"person": "ada", "need": "self_harm", "level": 2},
        ],
    )
    package = propose(family, CATALOGUE, None, family.assessed_on)
    grave = "Has Ada thought of suicide, or seriously hurt themselves, in the last three months?"
    text = " ".join(package_to_text(package, family, CATALOGUE, questions=[grave]).split())
    assert grave in text
    assert "Ask this first" not in text
