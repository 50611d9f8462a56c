"""What a visitor of the catalogue is looking for and looking at; nothing of it is kept."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import traitlets as tl

from cpassist.catalogue.interventions import Intervention
from cpassist.catalogue.vocabulary import Result
from cpassist.errors import Mistakes
from cpassist.evidence.filters import ANY_AGE, Explorer, Filters, Match
from cpassist.evidence.gap_map import BANDS, NOT_STATED
from cpassist.ui.frame.acts import act
from cpassist.ui.frame.fields import FieldMistakes, text
from cpassist.ui.frame.verbs import Notice, verb
from cpassist.workspace import Workspace

VIEWS = ("find", "read", "compare", "map", "ask", "law", "changes", "sheet")
MAPS = ("ages", "results")
MOST_COMPARED = 4
OLDEST_YEARS = 17
NUMBER = re.compile(r"[0-9]{1,3}\Z")
FILTERS = frozenset(part.name for part in fields(Filters)) - {"age_months"}
SORTS = ("title", "kind", "certainty", "findings", "cost")


def _part_of_age(form: Mapping[str, Any]) -> str:
    return "years" if "years" in form else "months"


class EvidenceState(tl.HasTraits):
    """The filters, what they find, and what is open."""

    filters = tl.Instance(Filters, ())
    """What is looked for. Replaced, never changed in place."""

    view = tl.Enum(VIEWS, default_value="find")
    """Which part of the page is shown."""

    opened = tl.Unicode("")
    """The key of the kind of help that is read."""

    need = tl.Unicode("")
    """The need for which it is read; empty: the first it speaks of."""

    compared = tl.Tuple()
    """Keys of up to four kinds of help, in the order of their choice."""

    sort = tl.Tuple(default_value=("title", False))
    """Column and whether it runs backwards."""

    by = tl.Enum(MAPS, default_value="ages")
    """What the gap map has across: ages, or what was measured."""

    age = tl.Dict()
    """Years and months as typed."""

    notice = tl.Instance(Notice, allow_none=True)
    mistakes = tl.Dict()
    mistaken_form = tl.Unicode("")

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.catalogue = workspace.catalogue
        self.explorer = Explorer(workspace.catalogue, workspace.availability)

    def fall_back(self) -> None:
        """To a screen that can be drawn: the list, unfiltered."""
        self.view, self.filters = "find", Filters()

    def found(self) -> tuple[Match, ...]:
        """What answers the filters, in the order chosen."""
        column, backwards = self.sort
        order = {
            "title": lambda m: m.intervention.title.casefold(),
            "kind": lambda m: m.intervention.kind.value,
            "certainty": lambda m: -m.verdict.rank,
            "findings": lambda m: -len(m.rows),
            "cost": lambda m: m.intervention.cost.band if m.intervention.cost else 9,
        }[column]
        by_title = sorted(self.explorer.find(self.filters), key=lambda m: m.intervention.title)
        return tuple(sorted(by_title, key=order, reverse=backwards))

    def the_help(self) -> Intervention:
        """The kind of help that is read; raises Mistakes when there is none."""
        found = self.catalogue.interventions.get(self.opened)
        if found is None:
            raise Mistakes(("There is no such help in the catalogue.",))
        return found

    @act("hello")
    @verb
    def connect(self) -> None:
        """Called when a browser speaks first: there is nothing to take up."""

    @act("go", "step")
    @verb
    def go(self, view: str) -> None:
        if view not in VIEWS:
            raise Mistakes(("There is no such part of the page.",))
        if view in {"read", "sheet"}:
            self.the_help()
        self.view = view

    @act("filter", reads=lambda _, form: (text(form, "filter"), text(form, text(form, "filter"))))
    @verb
    def set_filter(self, name: str, value: str) -> None:
        """Sets one filter; a value that nothing has finds nothing and can be undone."""
        if name not in FILTERS:
            raise Mistakes(("There is no such filter.",))
        self.filters = replace(self.filters, **{name: value[:80]})

    @act("age", reads=lambda _, form: (part := _part_of_age(form), text(form, part)))
    @verb
    def set_age(self, part: str, value: str) -> None:
        """Sets the years or the months of a child's age; "unborn" is an age of its own."""
        said = {**self.age, part: value.strip()}
        years, months = said.get("years", ""), said.get("months", "")
        self.age = said
        if years.casefold() == "unborn":
            self.filters = replace(self.filters, age_months=-1)
        elif not years and not months:
            self.filters = replace(self.filters, age_months=None)
        elif all(NUMBER.match(part) or not part for part in (years, months)):
            whole = int(years or 0) * 12 + int(months or 0)
            if whole > OLDEST_YEARS * 12 + 11 or int(months or 0) > 11:
                self._no_age(part, "A child is 0 to 17 years and 0 to 11 months old here.")
            self.filters = replace(self.filters, age_months=whole)
        else:
            self._no_age(part, "Give whole years and months, or leave them empty.")

    def _no_age(self, part: str, says: str) -> None:
        """Nothing is filtered by an age that is none; what was typed stays, with the sentence beside it."""
        self.filters = replace(self.filters, age_months=None, fit="")
        raise FieldMistakes("age", {part: says})

    @act("drop_filter", "name")
    @verb
    def drop_filter(self, name: str) -> None:
        """Undoes one filter."""
        if name == "age_months":
            self.age = {}
            self.filters = self.filters.without("fit")
        elif name not in FILTERS:
            raise Mistakes(("There is no such filter.",))
        self.filters = self.filters.without(name)

    @act("clear")
    @verb
    def clear(self) -> None:
        """Undoes all of them."""
        self.filters, self.age = Filters(), {}

    @act("sort", "by")
    @verb
    def sort_by(self, column: str) -> None:
        """Sorts by a column; a second time turns it round."""
        if column not in SORTS:
            raise Mistakes(("The list cannot be sorted by that.",))
        now, backwards = self.sort
        self.sort = (column, not backwards if column == now else False)

    @act("read", "key", "need")
    @verb
    def read(self, key: str, need: str = "") -> None:
        """Opens one kind of help, for one of its needs."""
        self.opened, self.need = key, need
        help_ = self.the_help()
        if need not in help_.needs:
            wanted = self.filters.need
            self.need = wanted if wanted in help_.needs else next(iter(help_.needs), "")
        self.view = "read"

    @act("compare", "key")
    @verb
    def compare(self, key: str) -> None:
        """Puts a kind of help among those to compare, or takes it out."""
        if key not in self.catalogue.interventions:
            raise Mistakes(("There is no such help in the catalogue.",))
        if key in self.compared:
            self.compared = tuple(k for k in self.compared if k != key)
            if not self.compared and self.view == "compare":
                self.view = "find"
        elif len(self.compared) >= MOST_COMPARED:
            raise Mistakes((f"Compare up to {MOST_COMPARED}. Take one out first.",))
        else:
            self.compared = (*self.compared, key)

    @act("open_guide", "guide")
    @verb
    def open_guide(self, guide: str) -> None:
        """From a national practice guide to the list of what it names."""
        if guide not in {source.practice_guide for source in self.catalogue.sources.values()} - {
            ""
        }:
            raise Mistakes(("There is no such guide.",))
        self.age = {}
        self.filters = Filters(guide=guide)
        self.view = "find"

    @act("map_by", "by")
    @verb
    def map_by(self, by: str) -> None:
        """The map by ages, or by what was measured."""
        if by not in MAPS:
            raise Mistakes(("There is no such map.",))
        self.by = by

    @act("open_cell", "need", "band")
    @verb
    def open_cell(self, need: str, band: str) -> None:
        """From the map to the list: this need at this age, or with this result."""
        if need not in self.catalogue.need_types:
            raise Mistakes(("There is no such need.",))
        self.age = {}
        if self.by == "results" and band in {*Result, NOT_STATED[0]}:
            self.filters = Filters(need=need, result=band, kind="offered")
        else:
            known = {key for key, *_ in BANDS} | {NOT_STATED[0]}
            band = band if band in known else ANY_AGE
            self.filters = Filters(need=need, band=band, kind="offered")
        self.view = "find"
