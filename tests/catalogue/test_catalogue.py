"""The real catalogue holds together, and a broken one is explained: file, key, remedy."""

import json
import shutil

import pytest
import yaml
from builders import a_family
from conftest import ROOT

from cpassist.__main__ import main
from cpassist.catalogue.reading import read_catalogue
from cpassist.catalogue.rule_language import rule_language
from cpassist.catalogue.vocabulary import Kind, Read
from cpassist.importing.schemas import schemas
from cpassist.planning.candidates import REASONS
from cpassist.planning.proposal import propose
from cpassist.ui.evidence.view_evidence import how_big, surest
from cpassist.words.package import BECAUSE_WORDS

# What the first catalogue must answer with at least two kinds of help each.
TWICE = [
    "physical_abuse",
    "emotional_abuse",
    "neglect",
    "sexual_abuse",
    "trauma_symptoms",
    "conduct_problems",
    "alcohol_misuse",
    "drug_misuse",
    "domestic_abuse_victim",
    "exposed_to_domestic_abuse",
    "domestic_abuse_causing",
    "parental_mental_health",
    "parental_learning_disability",
    "parental_conflict",
]
NAMED_BY_THE_BRIEFING = [
    "incredible_years_preschool",
    "pcit",
    "cpp_lieberman",
    "cpp_cicchetti_toth",
    "letting_the_future_in",
    "mash",
    "signs_of_safety",
    "graded_care_profile_2",
]


@pytest.mark.parametrize("need", TWICE)
def test_each_main_need_has_two_kinds_of_help_that_may_be_offered(need, catalogue):
    offered = [
        help_.key
        for help_ in catalogue.interventions.values()
        if help_.is_offered_kind and any(row.may_be_offered_on for row in help_.evidence_for(need))
    ]
    assert len(offered) >= 2


def test_what_the_briefing_names_is_there(catalogue):
    assert set(NAMED_BY_THE_BRIEFING) <= set(catalogue.interventions)
    assert catalogue.interventions["mash"].kind is Kind.APPROACH
    assert catalogue.interventions["signs_of_safety"].kind is Kind.APPROACH
    assert catalogue.interventions["graded_care_profile_2"].kind is Kind.ASSESSMENT_TOOL


def test_every_census_factor_is_mapped_or_says_why_not(catalogue):
    mapped = {code for need in catalogue.need_types.values() for code in need.cin}
    letters = {
        "1": "ABC",
        "2": "ABC",
        "3": "ABC",
        "4": "ABC",
        "5": "ABC",
        "6": "ABC",
        "8": "BCDEF",
        "18": "ABC",
        "19": "ABC",
    }
    factors = {
        f"{n}{letter}" for n in [*range(1, 20), 22, 23, 24] for letter in letters.get(str(n), "A")
    } - {"8A"}
    assert factors <= mapped
    assert {factor.code for factor in catalogue.unmapped_factors} == {"20", "21"}
    assert all(len(factor.why_not) > 20 for factor in catalogue.unmapped_factors)


def test_nothing_recalled_carries_an_offer(catalogue):
    for help_ in catalogue.interventions.values():
        for row in help_.evidence:
            if row.read is Read.RECALLED or catalogue.sources[row.source].read is Read.RECALLED:
                assert not row.may_be_offered_on, row.id


def test_sentences_end_and_bands_that_needed_judgement_say_why(catalogue):
    for help_ in catalogue.interventions.values():
        for row in help_.evidence:
            assert row.says.endswith("."), row.id
            if row.rating is None and row.may_be_offered_on and row.certainty.value == "unclear":
                assert row.judged or "early" in row.says or "action research" in row.says, row.id
        assert help_.summary.endswith(".")
        assert help_.family_summary.endswith(".")
    for rule in catalogue.rules:
        assert rule.says.endswith("."), rule.id
    for question in catalogue.questions.values():
        assert question.words.endswith("?"), question.key


def test_a_body_rating_is_banded_by_the_published_crosswalk(catalogue):
    for help_ in catalogue.interventions.values():
        for row in help_.evidence:
            if row.rating is None or row.judged:
                continue
            level = next(
                item
                for item in catalogue.scales[row.rating.scale].levels
                if item.level == row.rating.level
            )
            if level.band is not None:
                assert row.certainty is level.band, row.id


IDLE = {
    "a source": (
        lambda c: change(
            c / "sources.yaml",
            "- key: ",
            "- {key: nobody_2020, title: A study, body: Nobody, kind: page, url: 'http://example.org', read: part}\n- key: ",
        ),
        ["sources.yaml", "nobody_2020", "nothing rests on it"],
    ),
    "a question": (
        lambda c: change(
            c / "safety_questions.yaml",
            "- key: ",
            "- {key: likes_tea, scope: person, if_unknown: ask, words: 'Does {person} like tea?'}\n- key: ",
        ),
        ["safety_questions.yaml", "likes_tea", "no rule, step or family asks it"],
    ),
    "a rule": (
        lambda c: change(
            c / "rules.yaml",
            "- id: ",
            "- {id: X9, severity: warn, targets: [{intervention: mash, basis: house}], says: A hub is no help., to_confirm: nobody}\n- id: ",
        ),
        ["rules.yaml", "X9", "nothing that is ever offered"],
    ),
    "a question without its mark": (
        lambda c: change(c / "safety_questions.yaml", "?", "."),
        ["safety_questions.yaml", "question mark"],
    ),
}


@pytest.mark.parametrize("name", IDLE)
def test_what_nothing_rests_on_is_said(name, copy, capsys):
    adds, words = IDLE[name]
    adds(copy)

    assert main(["check-catalogue", str(copy)]) == 1

    said = capsys.readouterr()
    assert all(word in said.err for word in words), said.err
    assert "1 thing to mend" in said.out


def test_the_page_about_rules_is_that_of_the_records_and_its_example_is_read(copy, capsys):
    page = (ROOT / "catalogue" / "rule-language.md").read_text(encoding="utf-8")
    assert page == rule_language(), "run `make schemas`"
    example = page.split("```yaml\n")[1].split("```")[0]
    rules = copy / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + example, encoding="utf-8")

    assert main(["check-catalogue", str(copy)]) == 0
    assert read_catalogue(copy).rule("X-01").when.any
    (case,) = yaml.safe_load(page.split("```yaml\n")[2].split("```")[0])
    family = a_family(**case["family"])
    package = propose(family, read_catalogue(copy), None, family.assessed_on)
    assert not {o.intervention for o in package.offers} & set(case["expect"]["never"])


def test_every_reason_has_words():
    assert set(BECAUSE_WORDS) == set(REASONS)


def test_the_schemas_in_the_repository_are_those_of_the_records():
    for name, schema in schemas().items():
        stored = json.loads(
            (ROOT / f"catalogue/schemas/{name}.schema.json").read_text(encoding="utf-8")
        )
        assert stored == json.loads(json.dumps(schema)), f"run `make schemas`: {name}"


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "catalogue"
    shutil.copytree(ROOT / "catalogue", folder)
    return folder


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def second(path, name):
    text = path.read_text(encoding="utf-8")
    (path.parent / name).write_text(text, encoding="utf-8")


BROKEN = {
    "ages in years": (
        lambda c: change(
            c / "interventions/safecare.yaml", "{from: 0, to: 71,", "{from: 2, to: 5,"
        ),
        ["safecare.yaml", "ages are in months", "24 to 71"],
    ),
    "ages that no finding here stands on": (
        lambda c: change(
            c / "interventions/child_first.yaml",
            "source: bp_childfirst_full, meaning: tested, covers: [bp_childfirst]",
            "source: ive_iysa, meaning: tested",
        ),
        ["child_first.yaml", "ages[0]", "offered"],
    ),
    "ages that are only remembered": (
        lambda c: change(
            c / "interventions/child_first.yaml",
            "meaning: tested, covers",
            "meaning: tested, read: recalled, covers",
        ),
        ["child_first.yaml", "ages[0]", "only remembered"],
    ),
    "a rating read at second hand": (
        lambda c: change(
            c / "interventions/mbct_parents.yaml",
            "    judged: One band down, since the rating was read at second hand.\n",
            "",
        ),
        ["mbct_parents.yaml", "second hand", "CWLA"],
    ),
    "a sentence left open": (
        lambda c: change(
            c / "interventions/dart.yaml",
            "after they have left the abuse.",
            "after they have left the abuse",
        ),
        ["dart.yaml", "summary", "full stop"],
    ),
    "more claimed than was read": (
        lambda c: change(c / "interventions/pcit.yaml", "    read: recalled", "    read: whole"),
        ["pcit.yaml", "only remembered"],
    ),
    "a band that is not the rating's": (
        lambda c: change(
            c / "interventions/pcit.yaml", "    certainty: replicated", "    certainty: early"
        ),
        ["pcit.yaml", "scales.yaml", "judged"],
    ),
    "a file that nobody reads": (
        lambda c: (c / "withdrawal.yaml").write_text("- x"),
        ["withdrawal.yaml", 'Did you mean "withdrawn.yaml"'],
    ),
    "a length of nothing": (
        lambda c: change(c / "assumptions.yaml", "sessions: 12", "sessions: 0"),
        ["assumptions.yaml", "1 or more"],
    ),
    "an impossible day": (
        lambda c: (c / "withdrawn.yaml").write_text(
            "- {intervention: dart, date: 2026-11-31, because: Closed.}"
        ),
        ["withdrawn.yaml", "2026-11-31"],
    ),
    "a comma in a sentence": (
        lambda c: (c / "withdrawn.yaml").write_text(
            "- {intervention: dart, date: 2026-11-30, because: Closed, sadly.}"
        ),
        ["withdrawn.yaml", "quotes"],
    ),
    "a dangling source": (
        lambda c: change(
            c / "interventions/safecare.yaml", "source: chaffin_2012", "source: chafin_2012"
        ),
        ["safecare.yaml", "sources.yaml", "chaffin_2012"],
    ),
    "an unknown tag": (
        lambda c: (
            change(c / "rules.yaml", "{tag: couple_work", "{tag: couple_wrok")
            if "tag: couple_work" in (c / "rules.yaml").read_text()
            else change(c / "rules.yaml", "{tag: joint_adults", "{tag: joint_adlts")
        ),
        ["rules.yaml", "tags"],
    ),
    "no trigger": (
        lambda c: change(c / "rules.yaml", "  when: {ask: unsafe_in_group}\n", ""),
        ["rules.yaml", "H6", "no trigger"],
    ),
    "two files with one key": (
        lambda c: second(c / "interventions/safecare.yaml", "safecare_again.yaml"),
        ["safecare", "key"],
    ),
    "an unknown need": (
        lambda c: change(c / "interventions/safecare.yaml", "need: neglect", "need: neglekt"),
        ["safecare.yaml", "neglect"],
    ),
    "an unknown field": (
        lambda c: change(c / "interventions/safecare.yaml", "intensity:", "intensety:"),
        ["safecare.yaml", 'Did you mean "intensity"'],
    ),
    "an unknown question": (
        lambda c: change(c / "rules.yaml", "ask: suicide_risk", "ask: suicide_rist"),
        ["rules.yaml", "suicide_risk"],
    ),
    "a question gone that the house rules ask": (
        lambda c: change(c / "safety_questions.yaml", "- key: in_refuge\n", "- key: in_a_refuge\n"),
        ["safety_questions.yaml", "in_refuge", "keep it"],
    ),
    "a need asked for that is none": (
        lambda c: change(
            c / "safety_questions.yaml", "both_have: [alcohol_misuse", "both_have: [alcohol_misuze"
        ),
        ["safety_questions.yaml", "both_have", "alcohol_misuse"],
    ),
    "a need that means no question": (
        lambda c: change(c / "needs.yaml", "now_means: suicide_risk", "now_means: suicide_rist"),
        ["needs.yaml", "now_means", "suicide_risk"],
    ),
    "a trait of a harm on no harm": (
        lambda c: change(
            c / "needs.yaml", "{key: going_missing,", "{key: going_missing, joint_work: never,"
        ),
        ["needs.yaml", "going_missing", "said of a harm"],
    ),
    "a harm of which nobody asks about danger": (
        lambda c: change(
            c / "needs.yaml",
            "joint_work: usual, danger_to: [self], cin: [16A]",
            "joint_work: usual, cin: [16A]",
        ),
        ["needs.yaml", "neglect", "danger_to"],
    ),
    "an unknown domain": (
        lambda c: change(
            c / "needs.yaml", "domain: child_development", "domain: child_developement"
        ),
        ["needs.yaml", "child_development"],
    ),
    "an unknown level": (
        lambda c: change(c / "interventions/safecare.yaml", "level: supported", "level: suported"),
        ["safecare.yaml", "title_iv_e"],
    ),
    "broken YAML": (
        lambda c: change(c / "needs.yaml", "needs:", "needs: ["),
        ["needs.yaml", "line"],
    ),
    "a level turned round": (
        lambda c: change(
            c / "order.yaml",
            "name: family_minutes, better: less",
            "name: family_minutes, better: more",
        ),
        ["order.yaml", "family_minutes", "never more"],
    ),
    "an unknown level of the order": (
        lambda c: change(c / "order.yaml", "name: wait_weeks", "name: wait_week"),
        ["order.yaml", 'Did you mean "wait_weeks"', "not there"],
    ),
    "a level told twice": (
        lambda c: change(c / "order.yaml", "name: wait_weeks", "name: family_minutes"),
        ["order.yaml", "family_minutes", "2 times"],
    ),
    "a circle": (
        lambda c: (c / "rules.yaml").write_text(
            (c / "rules.yaml").read_text()
            + "- {id: X1, severity: sequence, before: true, targets: [{intervention: safecare, basis: house}], needs: [dart], says: A.}\n- {id: X2, severity: sequence, before: true, targets: [{intervention: dart, basis: house}], needs: [safecare], says: B.}\n"
        ),
        ["circle"],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_catalogue_is_explained(name, copy, capsys):
    breaks, words = BROKEN[name]
    breaks(copy)

    code = main(["check-catalogue", str(copy)])

    said = capsys.readouterr()
    assert code == 1
    assert all(word in said.err for word in words), said.err
    assert "Traceback" not in said.err
    assert len(said.err.splitlines()) <= 6, "one break, not an avalanche"


def test_a_good_catalogue_has_nothing_to_mend(capsys):
    assert main(["check-catalogue"]) == 0
    assert "nothing to mend" in capsys.readouterr().out


def test_an_authority_keeps_its_own_additions_beside_ours(tmp_path, capsys):
    folder = tmp_path / "ours" / "interventions"
    folder.mkdir(parents=True)
    entry = yaml.safe_load(
        (ROOT / "catalogue/interventions/safecare.yaml").read_text(encoding="utf-8")
    )
    entry["key"] = "safecare_here"
    for index, row in enumerate(entry["evidence"]):
        row["id"] = f"safecare_here.{index}"
    (folder / "safecare_here.yaml").write_text(yaml.safe_dump(entry), encoding="utf-8")

    family = str(ROOT / "catalogue/families/larkfield.yaml")
    assert main(["plan", family, "--as", "json", "--catalogue", str(tmp_path / "ours")]) == 0

    package = json.loads(capsys.readouterr().out)
    assert [f["folder"] for f in package["catalogue"]] == ["catalogue", "ours"]
    assert any(
        row["intervention"] == "safecare_here" for row in package["set_aside"] + package["offers"]
    )


def test_every_dossier_entry_is_in_a_file_or_its_fate_is_written_down(catalogue):
    wanted = set((ROOT / "tests" / "dossier_ids.txt").read_text(encoding="utf-8").split())
    named = {key for help_ in catalogue.interventions.values() for key in help_.dossier}
    fates = ROOT / "docs" / "decisions" / "2026-11-24-what-became-of-each-dossier-entry.md"
    assert len(wanted) == 158, "105 of the first two dossiers, 53 of November 2026"
    assert named <= wanted, "a file names an id that no dossier has"
    for left in wanted - named:
        assert f"`{left}` | left out |" in fates.read_text(encoding="utf-8"), left


def test_every_other_part_of_the_dossiers_is_in_a_file_or_its_fate_is_written_down(catalogue):
    wanted = set((ROOT / "tests" / "dossier_parts.txt").read_text(encoding="utf-8").split())
    named = {rule.id for rule in catalogue.rules} & wanted
    named |= {part for element in catalogue.practice_elements for part in element.dossier}
    named |= {gap.dossier for gap in catalogue.known_gaps if gap.dossier}
    named |= {part for line in catalogue.disagreements for part in line.dossier}
    fates = ROOT / "docs" / "decisions" / "2026-11-24-what-became-of-each-dossier-entry.md"
    assert len(wanted) == 127
    assert named <= wanted, named - wanted
    for left in wanted - named:
        assert f"| `{left}` | " in fates.read_text(encoding="utf-8"), left


@pytest.mark.parametrize(
    ("key", "ranges"),
    [
        ("pcit", {(24, 95), (48, 155)}),
        ("letting_the_future_in", {(48, 215), (96, 215)}),
        ("safecare", {(0, 71)}),
        ("mst_can", {(72, 215), (120, 215)}),
    ],
)
def test_ages_are_shown_by_source(key, ranges, catalogue):
    found = {(a.low, a.high): a.source for a in catalogue.interventions[key].ages}
    assert ranges <= set(found)
    assert len(set(found.values())) == len(found), "each range has a source of its own"


def test_a_rating_is_never_a_size(catalogue):
    """What is drawn as a size is a measured outcome with its unit, and nothing of a rating."""
    for help_ in catalogue.interventions.values():
        ratings = [r for r in help_.evidence if r.rating is not None and not r.outcomes]
        assert how_big(ratings)["lines"] == []
        for row in help_.evidence:
            for outcome in row.outcomes:
                assert outcome.effect is None or outcome.unit, row.id


def test_what_is_only_remembered_raises_no_band(catalogue):
    for help_ in catalogue.interventions.values():
        read = [row for row in help_.evidence if row.read is not Read.RECALLED]
        assert surest(help_.evidence) is surest(read)


def test_what_an_authority_withdraws_stays_in_sight_with_its_reason(tmp_path, capsys):
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "withdrawn.yaml").write_text(
        "- {intervention: safecare, date: 2026-11-24, because: The provider closed in October.}\n"
        "- {finding: dart.nothing.here, date: 2026-11-24, because: No such finding.}\n",
        encoding="utf-8",
    )
    family = str(ROOT / "catalogue/families/larkfield.yaml")
    assert main(["plan", family, "--catalogue", str(folder)]) == 1
    assert '"dart.nothing.here" is not in any folder' in capsys.readouterr().err

    (folder / "withdrawn.yaml").write_text(
        "- {intervention: safecare, date: 2026-11-24, because: The provider closed in October.}\n",
        encoding="utf-8",
    )
    assert main(["plan", family, "--as", "json", "--catalogue", str(folder)]) == 0
    package = json.loads(capsys.readouterr().out)
    assert "safecare" not in {offer["intervention"] for offer in package["offers"]}
    row = next(r for r in package["set_aside"] if r["intervention"] == "safecare")
    assert row["because"] == "withdrawn"
    assert "The provider closed in October." in row["says"]


def test_a_later_folder_changes_no_evidence_in_silence(tmp_path, capsys):
    folder = tmp_path / "ours" / "interventions"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "catalogue/interventions/safecare.yaml", folder)

    assert main(["check-catalogue", str(tmp_path / "ours")]) == 1
    assert "another file has the key safecare" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["rules.yaml", "safety_questions.yaml", "sources.yaml"])
def test_a_catalogue_of_its_own_is_whole(missing, copy, capsys):
    (copy / missing).unlink()
    assert main(["check-catalogue", str(copy)]) == 1
    assert f"{missing}: this file is missing" in capsys.readouterr().err


def test_an_empty_folder_is_no_catalogue(tmp_path, capsys):
    assert main(["check-catalogue", str(tmp_path)]) == 1
    assert "holds nothing of a catalogue" in capsys.readouterr().err
