"""The support graph says what the matching says: for people, pictures and other programs."""

import networkx as nx
import pytest
from conftest import example
from shipped import CATALOGUE

from cpassist.importing.family_file import read_family
from cpassist.planning.candidates import Question
from cpassist.planning.matching.matching import match
from cpassist.planning.matching.support_graph import build_support_graph, support_graph


@pytest.fixture(params=["larkfield", "eastwood", "harlow"])
def matching(request):
    family = read_family(example(request.param), CATALOGUE)
    return match(
        Question(family=family, catalogue=CATALOGUE, availability=None, on=family.assessed_on)
    )


def nodes(graph, kind):
    return {key: data for key, data in graph.nodes(data=True) if data["kind"] == kind}


def edges(graph, kind):
    return [(one, other, data) for one, other, data in graph.edges(data=True) if data["kind"] == kind]  # fmt: skip


def test_everybody_every_need_every_offer_and_every_reason_has_its_node(matching):
    graph = support_graph(matching)
    family = matching.family

    assert set(nodes(graph, "person")) == {f"person:{p.key}" for p in family.people}
    assert set(nodes(graph, "need")) == {f"need:{n.person}:{n.need}" for n in family.needs}
    assert [d["candidate"] for _, d in sorted(nodes(graph, "offer").items())] == sorted(
        matching.candidates, key=lambda c: f"offer:{c.key}"
    )
    rows = {id(data["ruled_out"]) for data in nodes(graph, "ruled_out").values()}
    assert rows == {id(row) for row in matching.ruled_out}
    assert len(graph) == len(family.people) + len(family.needs) + len(matching.candidates) + len(matching.ruled_out)  # fmt: skip


def test_an_offer_points_at_each_need_it_answers_and_a_reason_at_its_need(matching):
    graph = support_graph(matching)

    answers = {(one, other, data["certainty"], data["evidence"]) for one, other, data in edges(graph, "answers")}  # fmt: skip
    assert answers == {
        (f"offer:{c.key}", f"need:{a.person}:{a.need}", a.certainty.value, a.evidence)
        for c in matching.candidates
        for a in c.answers
    }
    reasons = sorted((other, data["because"]) for _, other, data in edges(graph, "not_offered"))
    assert reasons == sorted((f"need:{r.person}:{r.need}", r.because) for r in matching.ruled_out)
    needs = {f"need:{n.person}:{n.need}" for n in matching.family.needs}
    assert {other for _, other, _ in edges(graph, "has")} == needs


def test_the_graph_is_frozen_and_comes_in_one_call(matching):
    family = matching.family
    graph = build_support_graph(family, CATALOGUE, None, family.assessed_on)

    assert set(graph.edges) == set(support_graph(matching).edges)
    with pytest.raises(nx.NetworkXError):
        graph.add_node("something")
