"""Builds the support graph: which intervention could answer whose need, on what evidence, or why not."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from cpassist.catalogue.records import (
    Availability,
    Catalogue,
)
from cpassist.catalogue.vocabulary import Who
from cpassist.errors import Mistakes
from cpassist.family.consistency import age_mistakes
from cpassist.family.family import Family
from cpassist.planning.candidates import (
    Candidate,
    Question,
    RuledOut,
)
from cpassist.planning.matching.eligibility import sort_out

if TYPE_CHECKING:
    import networkx as nx


def build_support_graph(
    family: Family,
    catalogue: Catalogue,
    availability: Mapping[str, Availability] | None,
    on: datetime.date,
) -> "nx.DiGraph[str]":
    """People, needs and help, with what was ruled out and why, as a frozen networkx graph.

    Nodes carry `kind` (person, need, offer, ruled_out) and the record itself (`person`, `need`,
    `candidate`, `ruled_out`). Edges carry `kind`: has, affects, harmed_by, answers (with
    `certainty`, `age_fit`, `effect`, `evidence`), not_offered (with `because`), needs_first, clashes.
    `graph.graph["question"]` holds what it was built from. Raises Mistakes when somebody's age on
    that day contradicts their role.
    """
    mistakes = tuple(age_mistakes(family, on))
    if mistakes:
        raise Mistakes(mistakes)
    question = Question(family=family, catalogue=catalogue, availability=availability, on=on)
    candidates, ruled_out = sort_out(question)
    import networkx as nx  # noqa: PLC0415  a page that has no family yet is up sooner without it

    graph: nx.DiGraph[str] = nx.DiGraph(question=question)
    _draw_people(graph, family)
    _draw_offers(graph, candidates, catalogue)
    for row in ruled_out:
        node = f"ruled_out:{row.intervention}:{row.person}:{row.need}"
        graph.add_node(node, kind="ruled_out", ruled_out=row)
        graph.add_edge(
            node,
            f"need:{row.person}:{row.need}",
            kind="not_offered",
            because=row.because,
        )
    return nx.freeze(graph)


def candidates_in(graph: "nx.DiGraph[str]") -> tuple[Candidate, ...]:
    """The offers that could be made, in the order of their keys."""
    found = [data["candidate"] for _, data in graph.nodes(data=True) if data["kind"] == "offer"]
    return tuple(sorted(found, key=lambda candidate: candidate.key))


def ruled_out_in(graph: "nx.DiGraph[str]") -> tuple[RuledOut, ...]:
    found = [data["ruled_out"] for _, data in graph.nodes(data=True) if data["kind"] == "ruled_out"]
    return tuple(sorted(found, key=lambda row: (row.person, row.need, row.intervention)))


def question_of(graph: "nx.DiGraph[str]") -> Question:
    question = graph.graph["question"]
    assert isinstance(question, Question)
    return question


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


def clashes_among(
    candidates: Sequence[Candidate], catalogue: Catalogue
) -> Iterator[tuple[Candidate, Candidate, str]]:
    """Pairs of offers of which at most one may be in a package, with the rule."""
    for one, other in combinations(candidates, 2):
        help_, others = one.intervention.key, other.intervention.key
        if help_ == others or catalogue.clashes_of(help_, others):
            for rule in clashes_between(one, other, catalogue):
                yield one, other, rule


def _is_counted_twice(one: Candidate, other: Candidate) -> bool:
    """Whether one carer would get the same help twice in a week, where it can be had once for all of the children."""
    return one.shared and other.shared and not _grown_in(one).isdisjoint(_grown_in(other))


def _grown_in(one: Candidate) -> set[str]:
    """Those of an offer who do not take part as a child."""
    return {k for role, keys in one.parts.items() if role != Who.CHILD for k in keys}


def clashes_between(one: Candidate, other: Candidate, catalogue: Catalogue) -> Iterator[str]:
    """The rules that keep two offers apart; "same_help" where one has all the people of the other."""
    help_, others = one.intervention.key, other.intervention.key
    same = help_ == others
    if same:
        mine, theirs = set(one.people), set(other.people)
        if mine < theirs or theirs < mine or _is_counted_twice(one, other):
            yield "same_help"
        if one.not_beside & theirs or other.not_beside & mine:
            yield "H29"
    for rule in catalogue.clashes_of(help_, others):
        shared = set(one.children) & set(other.children)
        if rule.clash_for == "takes_part":
            shared = _grown_in(one) & _grown_in(other)
        if (rule.once_per_family and same) or (rule.clashes_with and shared):
            yield rule.id
