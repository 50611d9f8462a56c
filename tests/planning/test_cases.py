"""Runs the cases that a social worker can read and dispute."""

import pytest
import yaml
from builders import a_family
from conftest import ROOT, example

from cpassist.catalogue.conditions import Asked
from cpassist.catalogue.records import Availability
from cpassist.importing.family_file import read_family
from cpassist.planning.proposal import propose


class _Text(yaml.SafeLoader):
    """Dates stay text, as in family files."""


_Text.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if "timestamp" not in tag]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _cases():
    for path in sorted((ROOT / "tests" / "cases").glob("*.yaml")):
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
    elsewhere = {o.intervention for way in package.alternatives for o in way.offers}
    assert not set(expect.pop("never_elsewhere", [])) & elsewhere
    if expect.pop("offers_nothing", False):
        assert not offers
        assert not elsewhere
    for way in (package.offers, *(way.offers for way in package.alternatives)):
        groups = {o.intervention for o in way if catalogue.interventions[o.intervention].group}
        for key in groups:
            there = {p for o in way if o.intervention == key for p in o.people}
            assert not set(case["expect"].get("not_in_one_group", ["nobody"])) <= there
    expect.pop("not_in_one_group", None)
    apart = set(expect.pop("not_together", ["nobody"]))
    for offer in (o for way in (package, *package.alternatives) for o in way.offers):
        assert not (offer.together and apart <= set(offer.people)), offer.key
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
    said = {step.rule for step in package.safety_steps}
    assert set(expect.pop("steps", [])) <= said
    assert not set(expect.pop("no_steps", [])) & said
    assert not set(expect.pop("no_findings", [])) & {finding.code for finding in package.findings}
    asks = {f.ask for f in package.findings if f.ask}
    assert {Asked(**ask) for ask in expect.pop("asked", [])} <= asks
    assert not {Asked(**ask) for ask in expect.pop("not_asked", [])} & asks
    assert not expect, f"the case expects something this test does not know: {expect}"


def test_every_invented_family_has_a_case():
    named = {p.values[0]["family"] for p in _cases() if isinstance(p.values[0]["family"], str)}
    assert named == {path.stem for path in (ROOT / "catalogue" / "families").glob("*.yaml")}
