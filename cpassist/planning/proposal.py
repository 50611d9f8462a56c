"""From a family to its package in one call: the way in for the command line, the page and the tests."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cpassist.catalogue.records import Availability, Catalogue
from cpassist.family.family import Family
from cpassist.planning.checks.all_checks import run_checks
from cpassist.planning.matching.support_graph import build_support_graph
from cpassist.planning.package.package import SupportPackage, compose_package

if TYPE_CHECKING:
    import networkx as nx


def propose(
    family: Family,
    catalogue: Catalogue,
    availability: Mapping[str, Availability] | None,
    on: datetime.date,
) -> SupportPackage:
    """The package for a family with its findings. Raises what the three steps raise."""
    return propose_with_graph(family, catalogue, availability, on)[1]


def propose_with_graph(
    family: Family,
    catalogue: Catalogue,
    availability: Mapping[str, Availability] | None,
    on: datetime.date,
) -> "tuple[nx.DiGraph[str], SupportPackage]":
    """The graph beside the package, for those who draw or explain it."""
    graph = build_support_graph(family, catalogue, availability, on)
    package = compose_package(graph)
    return graph, replace(package, findings=run_checks(graph, package))
