"""Bad input to family files: a clear sentence with the place and the remedy, every mistake at once."""

import json
import os
import socket

import pytest
import yaml
from builders import a_child, a_family, an_adult, answer
from conftest import ROOT, example
from shipped import schema

from cpassist.__main__ import main
from cpassist.family.records import StepDecision
from cpassist.family.vocabulary import Choice

GOOD = """format: cpassist-family/1
label: The Test family
assessed: 2026-11-02
people:
  - {key: ann, role: adult, label: Ann, born: "1990", cares_for: [mia]}
  - {key: mia, role: child, label: Mia, born: 2018-06}
needs:
  - {person: mia, need: neglect, level: 2, harmed_by: [ann]}
"""

BAD = {
    "broken": (GOOD + "strengths: [", "broken YAML"),
    "two documents": (GOOD + "---\nlabel: x\n", "second document"),
    "tabs": (GOOD + "strengths:\n\t- {person: mia}\n", "a tab"),
    "unknown field": (GOOD.replace("assessed", "assesed"), 'Did you mean "assessed"'),
    "unknown need": (GOOD.replace("need: neglect", "need: neglct"), 'Did you mean "neglect"'),
    "unknown person": (GOOD.replace("person: mia", "person: mai"), 'Did you mean "mia"'),
    "duplicate key": (GOOD + "label: again\n", "there twice"),
    "keys differ in capitals": (
        GOOD.replace("people:", "People: []\npeople:"),
        "differ only in capitals",
    ),
    "mia beside Mia": (
        GOOD.replace("key: mia, role: child, label: Mia", "key: mia, role: child, label: ANN"),
        "two people are called",
    ),
    "a capital in a key": (GOOD.replace("key: mia", "key: Mia"), "cannot be a key"),
    "one need twice": (GOOD + "  - {person: mia, need: neglect}\n", "recorded twice"),
    "impossible date": (GOOD.replace("2018-06", "2018-02-30"), "is no date"),
    "birth in the future": (GOOD.replace("2018-06", "2027-06"), "after the assessment"),
    "an adult of 9": (
        GOOD.replace("role: child", "role: adult").replace("2018-06", "2017-01"),
        "has the role adult",
    ),
    "a child over 18": (GOOD.replace("2018-06", "2001-06"), "has the role child"),
    "affects nobody": (
        GOOD + "  - {person: ann, need: money, affects: [tim]}\n",
        "nobody has the key",
    ),
    "affects oneself": (
        GOOD + "  - {person: mia, need: self_harm, affects: [mia]}\n",
        "has this need already",
    ),
    "harmed by oneself": (
        GOOD.replace("harmed_by: [ann]", "harmed_by: [mia]"),
        "cannot be the one who harms",
    ),
    "harmed by nobody": (
        GOOD.replace("harmed_by: [ann]", "harmed_by: [bob]"),
        "nobody has the key",
    ),
    "level 7": (GOOD.replace("level: 2", "level: 7"), "level"),
    "nobody": (GOOD.split("people:", maxsplit=1)[0] + "people: []\n", "0 people"),
    "forty-one": (
        GOOD.split("people:", maxsplit=1)[0]
        + "people:\n"
        + "".join(
            f"  - {{key: p{i}, role: adult, label: P{i}, born: '1980'}}\n" for i in range(41)
        ),
        "41 people",
    ),
    "anchors that explode": (
        GOOD + "wishes: [&a {person: mia, says: x}, *a]\n",
        "anchors and aliases",
    ),
    "script in a label": (
        GOOD.replace("label: Mia", "label: '<script>alert(1)</script>'"),
        "holds < or >",
    ),
    "right-to-left mark": (
        GOOD.replace("label: Mia", 'label: "Mia\\u202Eaim"'),
        "hidden character (U+202E)",
    ),
    "5,000 characters": (GOOD.replace("label: Mia", "label: " + "M" * 5000), "5000 characters"),
    "wrong format": (GOOD.replace("family/1", "family/9"), "is not read here"),
    "empty": ("", "empty"),
    "a list": ("- a\n", "a family belongs here"),
    "a child's need on an adult": (
        GOOD.replace("person: mia", "person: ann").replace("harmed_by: [ann]", "harmed_by: [mia]"),
        "right person",
    ),
    "a pair question about one": (
        GOOD + 'circumstances: [{ask: afraid_of, person: ann, answer: "true"}]\n',
        "give person and other",
    ),
    "an unknown question": (
        GOOD + "circumstances: [{ask: afriad_of, person: ann, other: mia}]\n",
        'Did you mean "afraid_of"',
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_explained_with_exit_1_and_nothing_on_standard_output(name, tmp_path, capsys):
    text, words = BAD[name]
    path = tmp_path / "family.yaml"
    path.write_text(text, encoding="utf-8")

    code = main(["plan", str(path)])

    said = capsys.readouterr()
    assert code == 1
    assert words in said.err
    assert "family.yaml" in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_every_mistake_is_said_at_once(tmp_path, capsys):
    path = tmp_path / "family.yaml"
    path.write_text(
        GOOD.replace("person: mia", "person: mai") + "wishes: [{person: zoe, says: x}]\n",
        encoding="utf-8",
    )

    assert main(["plan", str(path)]) == 1

    said = capsys.readouterr().err
    assert '"mai"' in said
    assert '"zoe"' in said


@pytest.mark.parametrize(
    "data",
    [b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode()],
    ids=["BOM", "CRLF"],
)
def test_a_byte_order_mark_and_windows_line_ends_are_read(data, tmp_path, capsys):
    path = tmp_path / "family.yaml"
    path.write_bytes(data)

    assert main(["plan", str(path), "--as", "json"]) == 0
    assert '"format": "cpassist-package/1"' in capsys.readouterr().out


def test_ten_megabytes_are_refused_unread(tmp_path, capsys):
    path = tmp_path / "family.yaml"
    path.write_text(GOOD + "# " + "x" * 10_000_000, encoding="utf-8")

    assert main(["plan", str(path)]) == 1
    assert "10 MB" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["nothing.yaml", "."])
def test_a_path_that_is_no_file_is_explained(path, capsys):
    assert main(["plan", path]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_latin_1_is_explained(tmp_path, capsys):
    path = tmp_path / "family.yaml"
    path.write_bytes(GOOD.replace("Mia", "Zoë").encode("latin-1"))
    assert main(["plan", str(path)]) == 1
    assert "UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("on", ["2026-13-01", "tomorrow", "2026"])
def test_a_planning_day_that_is_no_day_is_explained(on, capsys):
    assert main(["plan", str(ROOT / "catalogue/families/larkfield.yaml"), "--on", on]) == 1
    assert "--on" in capsys.readouterr().err


def test_a_planning_day_on_which_a_child_is_grown_is_explained(capsys):
    assert main(["plan", str(ROOT / "catalogue/families/dunmore.yaml"), "--on", "2028-01-01"]) == 1
    assert "Amy is 18" in capsys.readouterr().err


def test_wrong_usage_exits_with_2():
    with pytest.raises(SystemExit) as stopped:
        main(["plan"])
    assert stopped.value.code == 2


def test_explain_answers_for_one_need_and_names_what_is_recorded(capsys):
    family = str(ROOT / "catalogue/families/larkfield.yaml")
    assert main(["explain", family, "--need", "theo:neglect"]) == 0
    assert "SafeCare: Proposed" in capsys.readouterr().out
    assert main(["explain", family, "--need", "theo:gloom"]) == 1
    assert "theo:neglect" in capsys.readouterr().err


def test_the_same_file_gives_the_same_bytes(capsys):
    family = str(ROOT / "catalogue/families/brindle.yaml")
    printed = []
    for _ in range(2):
        assert main(["plan", family, "--as", "json"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


@pytest.mark.parametrize(
    "line", ["wait_weeks: -5", "wait_weeks: 99999999999999999999", "places: -3", "places: many"]
)
def test_a_directory_with_impossible_numbers_is_explained(line, tmp_path, capsys):
    here = tmp_path / "here.yaml"
    here.write_text(f"- {{intervention: safecare, {line}}}\n", encoding="utf-8")
    family = str(ROOT / "catalogue/families/larkfield.yaml")
    assert main(["plan", family, "--availability", str(here)]) == 1
    assert "here.yaml: safecare" in capsys.readouterr().err


def test_a_long_wait_is_a_wait_and_nothing_else(tmp_path, capsys):
    here = tmp_path / "here.yaml"
    here.write_text("- {intervention: safecare, places: 1, wait_weeks: 300}\n", encoding="utf-8")
    family = str(ROOT / "catalogue/families/larkfield.yaml")
    assert main(["plan", family, "--availability", str(here)]) == 0
    assert "Weeks 301 to" not in capsys.readouterr().out
    assert main(["explain", family, "--need", "theo:neglect", "--availability", str(here)]) == 0
    assert "will have grown out of its ages" in " ".join(capsys.readouterr().out.split())


def test_planning_before_a_child_is_born_is_explained(capsys):
    assert (
        main(["plan", str(ROOT / "catalogue/families/larkfield.yaml"), "--on", "2020-01-01"]) == 1
    )
    assert "Theo is not born on 2020-01-01" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", sorted(p.stem for p in (ROOT / "catalogue/families").glob("*.yaml"))
)
def test_what_is_printed_as_json_fits_its_schema(name, capsys):
    family = ROOT / f"catalogue/families/{name}.yaml"
    needs = yaml.safe_load(family.read_text(encoding="utf-8"))["needs"]
    for need in needs[:3]:
        assert (
            main(
                [
                    "explain",
                    str(family),
                    "--need",
                    f"{need['person']}:{need['need']}",
                    "--as",
                    "json",
                ]
            )
            == 0
        )
        schema("explain").validate(json.loads(capsys.readouterr().out))
    file_schema = json.loads(
        (ROOT / "catalogue/schemas/family.schema.json").read_text(encoding="utf-8")
    )
    as_text = yaml.load(family.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert set(as_text) <= set(file_schema["properties"])


def test_a_port_in_use_is_explained(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["serve", "--no-browser", "--port", str(taken.getsockname()[1])]) == 1
    assert "is in use" in capsys.readouterr().err
    assert main(["serve", "--no-browser", "--port", "99999"]) == 1


def test_a_broken_catalogue_does_not_start_the_pages(tmp_path, capsys):
    assert main(["serve", "--no-browser", "--catalogue", str(tmp_path / "nowhere")]) == 1
    assert "no such catalogue folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- " * 100_000 + "x", "nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
        ("? " * 100_000, "a key must be a word"),
        ("format: !foo cpassist-family/1\n", "tags (!)"),
        ("format: &x cpassist-family/1\n", "anchors"),
    ],
    ids=["lists", "brackets", "keys", "a tag", "an anchor"],
)
def test_what_could_fell_the_reader_is_refused(text, words, tmp_path, capsys):
    path = tmp_path / "family.yaml"
    path.write_text(text, encoding="utf-8")

    assert main(["plan", str(path)]) == 1
    assert words in capsys.readouterr().err


def test_mistakes_of_different_kinds_are_said_together_with_their_places(tmp_path, capsys):
    path = tmp_path / "family.yaml"
    path.write_text(
        "format: cpassist-family/1\nlabel: X\nassessed: 2026-11-02\npeople:\n"
        "  - {key: ann, role: adult, label: Ann, born: 2018-00}\n"
        "  - {key: ada, role: child, label: Ada, born: 2018-02-30}\n"
        "needs: [{person: ann, need: neglect, level: 9}]\nrelations: [{person: ann, child: ada, kind: parent}]\n",
        encoding="utf-8",
    )

    assert main(["plan", str(path)]) == 1
    said = capsys.readouterr().err
    for words in (
        'people[0]: "2018-00"',
        'people[1]: "2018-02-30"',
        "needs[0].level",
        "relations[0]",
    ):
        assert words in said, said


def test_a_flood_of_mistakes_is_cut_and_counted(tmp_path, capsys):
    path = tmp_path / "family.yaml"
    lines = "".join(f"  - {{persn: mia{n}}}\n" for n in range(5000))
    path.write_text(f"format: cpassist-family/1\nlabel: X\nneeds:\n{lines}", encoding="utf-8")

    assert main(["plan", str(path)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) < 100
    assert said[-1].startswith("And ")
    assert said[-1].endswith("more mistakes. Mend these first.")


def test_what_was_typed_does_not_steer_the_terminal(tmp_path, capsys):
    path = tmp_path / "family.yaml"
    path.write_text('format: "\\e]0;owned\\a"\n', encoding="utf-8")

    assert main(["plan", str(path)]) == 1
    assert "\x1b" not in capsys.readouterr().err


def test_a_pipe_is_no_family_file(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe.yaml")

    assert main(["plan", str(tmp_path / "pipe.yaml")]) == 1
    assert "no plain file" in capsys.readouterr().err


def test_what_is_worth_another_look_is_printed_for_those_who_ask(capsys):
    larkfield = str(example("larkfield"))
    assert main(["plan", larkfield]) == 0
    assert "Worth another look" not in capsys.readouterr().out
    assert main(["plan", larkfield, "--look-again"]) == 0
    assert "If yes: adds The Drive Project" in " ".join(capsys.readouterr().out.split())
    assert main(["plan", larkfield, "--look-again", "--as", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    schema("package").validate(printed)
    assert any("drive" in look["adds"] for look in printed["second_looks"])


def test_the_fingerprint_of_a_file_as_it_was_written_first_holds():
    family = a_family(
        people=[an_adult("ann", cares_for=["ada"]), a_child("ada")],
        needs=[
            {
                "person": "ann",
                "need": "alcohol_misuse",
                "level": 2,
                "affects": ["ada"],
                "says": "Drinks at night – “wine”.",
            }
        ],
        circumstances=[answer("suicide_risk", "ann", value="false")],
    )
    # As the first release worked it out: a plan that was signed then is recognised now.
    assert (
        family.fingerprint() == "c2dd1564bb8473e90136a65beeb702b910b0d893d896c3ea5a28c4c385575ebf"
    )
    decided = family.with_changes(steps=(StepDecision(step="money-1", person="ann", decision=Choice.ACCEPT),))  # fmt: skip
    assert decided.fingerprint() != family.fingerprint()
