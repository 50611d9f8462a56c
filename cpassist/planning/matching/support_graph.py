"""The support graph: people, needs and help as one networkx graph, for people, pictures and other programs."""

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.records import Availability
from cpassist.family.family import Family
from cpassist.planning.candidates import Candidate, Question
from cpassist.planning.matching.clashes import clashes_among
from cpassist.planning.matching.matching import Matching, match

if TYPE_CHECKING:
    import networkx as nx


def build_support_graph(
    family: Family,
    catalogue: Catalogue,
    availability: Mapping[str, Availability] | None,
    on: datetime.date,
) -> "nx.DiGraph[str]":
    """The support graph of a family in one call. Raises what `match` raises."""
    return support_graph(
        match(Question(family=family, catalogue=catalogue, availability=availability, on=on))
    )


def support_graph(matching: Matching) -> "nx.DiGraph[str]":
    """People, needs and help, with what was ruled out and why, as a frozen networkx graph.

    Nodes carry `kind` (person, need, offer, ruled_out) and the record itself (`person`, `need`,
    `candidate`, `ruled_out`). Edges carry `kind`: has, affects, harmed_by, answers (with
    `certainty`, `age_fit`, `effect`, `evidence`), not_offered (with `because`), needs_first, clashes.
    `graph.graph["question"]` holds what it follows from.
    """
    import networkx as nx  # noqa: PLC0415  nothing of ours needs it until somebody asks for the graph

    graph: nx.DiGraph[str] = nx.DiGraph(question=matching.question)
    _draw_people(graph, matching.family)
    _draw_offers(graph, matching.candidates, matching.catalogue)
    for row in matching.ruled_out:
        node = f"ruled_out:{row.intervention}:{row.person}:{row.need}"
        graph.add_node(node, kind="ruled_out", ruled_out=row)
        graph.add_edge(
            node,
            f"need:{row.person}:{row.need}",
            kind="not_offered",
            because=row.because,
        )
    return nx.freeze(graph)


def _draw_people(graph: "nx.DiGraph[str]", family: Family) -> None:
    for person in sorted(family.people, key=lambda person: person.key):
        graph.add_node(f"person:{person.key}", kind="person", person=person)
    for need in sorted(family.needs, key=lambda need: (need.person, need.need)):
        node = f"need:{need.person}:{need.need}"
        graph.add_node(node, kind="need", need=need)
        graph.add_edge(f"person:{need.person}", node, kind="has")
        for child in sorted(need.affects):
            theirs = family.needs_of(child)
            for other in sorted(theirs, key=lambda n: n.need):
                graph.add_edge(node, f"need:{child}:{other.need}", kind="affects")
            if not theirs:
                graph.add_edge(node, f"person:{child}", kind="affects")
        for harmer in sorted(need.harmed_by or ()):
            if any(person.key == harmer for person in family.people):
                graph.add_edge(node, f"person:{harmer}", kind="harmed_by")


def _draw_offers(
    graph: "nx.DiGraph[str]", candidates: tuple[Candidate, ...], catalogue: Catalogue
) -> None:
    for candidate in candidates:
        node = f"offer:{candidate.key}"
        graph.add_node(node, kind="offer", candidate=candidate)
        for answer in candidate.answers:
            graph.add_edge(
                node,
                f"need:{answer.person}:{answer.need}",
                kind="answers",
                certainty=answer.certainty.value,
                effect=answer.effect.value,
                age_fit=answer.age_fit,
                evidence=answer.evidence,
            )
    for one in candidates:
        for required in one.requires:
            for other in candidates:
                if required.is_met_by(other) and other.key != one.key:
                    graph.add_edge(
                        f"offer:{one.key}",
                        f"offer:{other.key}",
                        kind="needs_first",
                        rule=required.rule,
                    )
    for one, other, rule in clashes_among(candidates, catalogue):
        graph.add_edge(f"offer:{one.key}", f"offer:{other.key}", kind="clashes", rule=rule)
