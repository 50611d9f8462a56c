"""Runs the cases that a social worker can read and dispute."""

from pathlib import Path

import pytest
import yaml
from builders import a_family
from conftest import ROOT, example

from cpassist.catalogue.records import Availability
from cpassist.doors.family_file import read_family
from cpassist.planning.proposal import propose


class _Text(yaml.SafeLoader):
    """Dates stay text, as in family files."""


_Text.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if "timestamp" not in tag]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _cases():
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=_Text):
            yield pytest.param(case, id=case["name"][:70])


@pytest.mark.parametrize("case", list(_cases()))
def test_case(case, catalogue):
    body = case["family"]
    family = read_family(example(body), catalogue) if isinstance(body, str) else a_family(**body)
    here = None
    if "availability" in case:
        here = {row["intervention"]: Availability(**row) for row in case["availability"]}
    package = propose(family, catalogue, here, family.assessed_on)
    expect = dict(case["expect"])

    offers = {offer.key: offer for offer in package.offers}
    offered = {offer.intervention for offer in package.offers}
    assert set(expect.pop("offers", [])) <= set(offers)
    assert not set(expect.pop("never", [])) & offered
    if expect.pop("offers_nothing", False):
        assert not offers
    for key, week in expect.pop("starts", {}).items():
        assert offers[key].starts_week == week
    for key in expect.pop("nobody_takes_part", []):
        assert not [offer for offer in offers.values() if key in offer.people]
    gaps = [{"person": g.person, "need": g.need, "kind": g.kind} for g in package.gaps]
    for gap in expect.pop("gaps", []):
        assert gap in gaps
    rows = [
        {"intervention": s.intervention, "person": s.person, "need": s.need, "because": s.because}
        for s in package.set_aside
    ]
    for row in expect.pop("set_aside", []):
        assert row in rows
    assert set(expect.pop("findings", [])) <= {finding.code for finding in package.findings}
    assert set(expect.pop("steps", [])) <= {step.rule for step in package.safety_steps}
    assert not expect, f"the case expects something this test does not know: {expect}"


def test_every_invented_family_has_a_case():
    named = {p.values[0]["family"] for p in _cases() if isinstance(p.values[0]["family"], str)}
    assert named == {path.stem for path in (ROOT / "catalogue" / "families").glob("*.yaml")}
