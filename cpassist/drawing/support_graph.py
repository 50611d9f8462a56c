"""Positions of the support graph and of the timeline, for screens and papers. Pixels, no colours."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cpassist.catalogue.catalogue import Catalogue
from cpassist.family.family import Family
from cpassist.family.records import Need
from cpassist.family.vocabulary import When
from cpassist.planning.matching.matching import Matching
from cpassist.planning.package.offers import Offer
from cpassist.planning.package.package import SupportPackage, WeekLoad
from cpassist.words.family import LEVEL_WORDS
from cpassist.words.package import ANSWER_HEADINGS, ANSWER_WORDS

if TYPE_CHECKING:
    pass

COLUMNS = (0, 258, 528)
WIDTHS = (206, 214, 292)
WIDTH = COLUMNS[-1] + WIDTHS[-1]
LINE = 17
GAP = 8
TOP = 30
STATES = ("proposed", "ask", "stop", "aside", "elsewhere")


@dataclass(frozen=True, kw_only=True, repr=False)
class Box:
    """One node of the picture: a need or a kind of help."""

    key: str
    kind: str
    """adult_need, child_need or help."""
    lines: tuple[str, ...]
    sub: str
    name: str
    """What it is called by a screen reader, state included."""
    state: str
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, kw_only=True, repr=False)
class Line:
    """One edge of the picture; `sure` is the certainty where it answers, else what it says."""

    start: str
    end: str
    path: str
    sure: str


@dataclass(frozen=True, kw_only=True, repr=False)
class Heading:
    """A heading inside the picture."""

    words: str
    x: int
    y: int


@dataclass(frozen=True, kw_only=True, repr=False)
class Picture:
    """The support graph as boxes and lines."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    headings: tuple[Heading, ...]
    height: int
    width: int = WIDTH

    def lit(self, chosen: str) -> frozenset[str]:
        """The boxes on the paths of what is chosen: a person's key, or a box's."""
        links: dict[str, set[str]] = {}
        for line in self.lines:
            links.setdefault(line.start, set()).add(line.end)
            links.setdefault(line.end, set()).add(line.start)
        boxes = {box.key: box for box in self.boxes}
        if chosen in boxes:
            return _lit_from(chosen, boxes, links)
        lit: set[str] = set()
        for box in self.boxes:
            if box.key.startswith(f"need:{chosen}:"):
                lit.add(box.key)
                lit |= links.get(box.key, set())
        # An adult's need that affects this child brings what is proposed for it, not all it could have.
        for key in list(lit):
            if boxes[key].kind == "adult_need":
                lit |= {
                    k
                    for k in links.get(key, set())
                    if boxes[k].state == "proposed" and boxes[k].kind == "help"
                }
        return frozenset(lit)


def _lit_from(chosen: str, boxes: dict[str, Box], links: dict[str, set[str]]) -> frozenset[str]:
    lit = {chosen} | links.get(chosen, set())
    if boxes[chosen].kind == "help":
        for key in list(lit):
            lit |= {
                k
                for k in links.get(key, set())
                if boxes[k].kind != "help" and boxes[key].kind == "adult_need"
            }
    return frozenset(lit)


def draw_graph(matching: Matching, package: SupportPackage, first: str = "") -> Picture:
    """The graph in three columns: adults' needs, children's needs, help.

    `first` is the key of the person whose needs stand first, and of whom the states of the help are
    said; empty: of everybody. The order of the rest is fixed.
    """
    family, catalogue = matching.family, matching.catalogue
    needs = [n for n in family.needs if n.when is not When.PAST and n.level != 0]
    order = {person.key: index for index, person in enumerate(family.people)}
    needs.sort(key=lambda n: (n.person != first, order[n.person], -(n.level or 0), n.need))
    child = [n for n in needs if family.person(n.person).is_child]
    adult = [n for n in needs if not family.person(n.person).is_child]
    boxes: list[Box] = []
    headings = [
        Heading(words=w, x=x, y=14)
        for w, x in zip(
            ("What adults need", "What children need", "What could help"), COLUMNS, strict=True
        )
    ]
    heights = []
    for column, (kind, group) in enumerate((("adult_need", adult), ("child_need", child))):
        y = TOP
        for need in group:
            box = _need_box(need, kind, column, y, family, catalogue, package)
            boxes.append(box)
            y += box.height + 2 * GAP
        heights.append(y)
    links = _links(matching, {f"need:{n.person}:{n.need}" for n in needs})
    y = TOP - 12
    states = _help_states(package, {help_ for _, help_, _ in links}, family, first)
    for state in STATES:
        titles = sorted((k for k, s in states.items() if s == state), key=catalogue.title)
        if not titles:
            continue
        headings.append(Heading(words=ANSWER_HEADINGS[state], x=COLUMNS[2], y=y + 24))
        y += 32
        for key in titles:
            box = _help_box(key, state, y, catalogue)
            boxes.append(box)
            y += box.height + 4
        y += 6
    heights.append(y)
    by_key = {box.key: box for box in boxes}
    lanes = _lanes([box for box in boxes if box.kind == "child_need"])
    lines = [
        _line(by_key[need], by_key[f"help:{help_}"], sure, lanes) for need, help_, sure in links
    ]
    lines += [
        _line(by_key[f"need:{n.person}:{n.need}"], by_key[f"need:{m.person}:{m.need}"], "affects")
        for n in adult
        for m in child
        if m.person in n.affects
    ]
    return Picture(
        boxes=tuple(boxes), lines=tuple(lines), headings=tuple(headings), height=max(heights) + 10
    )


def _links(matching: Matching, needs: set[str]) -> list[tuple[str, str, str]]:
    """(need node, intervention, certainty or reason), the surest where there are several."""
    found: dict[tuple[str, str], str] = {}
    for row in matching.ruled_out:
        held = row.because == "safety_not_answered"
        found[f"need:{row.person}:{row.need}", row.intervention] = "held" if held else "ruled_out"
    for candidate in matching.candidates:
        for answer in candidate.answers:
            found[f"need:{answer.person}:{answer.need}", candidate.intervention.key] = (
                answer.certainty.value
            )
    skip = {
        (f"need:{row.person}:{row.need}", row.intervention)
        for row in matching.ruled_out
        if row.because in {"below_action_level", "not_rated"}
    }
    return [
        (need, help_, sure)
        for (need, help_), sure in sorted(found.items())
        if need in needs and (need, help_) not in skip
    ]


def _help_states(
    package: SupportPackage, keys: set[str], family: Family, person: str
) -> dict[str, str]:
    """The state of each kind of help for somebody: proposed for one of their needs, else the safest word.

    What is proposed for an adult's need that affects them counts as well; what is set aside there does
    not. Everybody's needs count where nobody is chosen.
    """
    own = {(n.person, n.need) for n in family.needs if not person or n.person == person}
    near = own | {(n.person, n.need) for n in family.needs if person in n.affects}
    said: dict[str, set[str]] = {key: set() for key in sorted(keys)}
    words = {"not_safe_now": "stop", "safety_not_answered": "ask"}
    for row in package.set_aside:
        if row.intervention in said and (row.person, row.need) in own:
            said[row.intervention].add(words.get(row.because, "aside"))
    for offer in package.offers:
        if offer.intervention in said and any((a.person, a.need) in near for a in offer.answers):
            said[offer.intervention].add("proposed")
    return {
        key: next((s for s in ("proposed", "ask", "stop", "aside") if s in states), "elsewhere")
        for key, states in said.items()
    }


def _need_box(
    need: Need,
    kind: str,
    column: int,
    y: int,
    family: Family,
    catalogue: Catalogue,
    package: SupportPackage,
) -> Box:
    label = f"{family.label_of(need.person)}: {catalogue.label(need.need).lower()}"
    lines = tuple(textwrap.wrap(label, 27))
    level = LEVEL_WORDS[need.level] + (f" ({int(need.level)})" if need.level is not None else "")
    is_gap = any((g.person, g.need) == (need.person, need.need) for g in package.gaps)
    state = "ask" if need.level is None else ("gap" if is_gap else "need")
    name = f"{label}, {level}" + (", a gap: nothing here answers it" if is_gap else "")
    return Box(
        key=f"need:{need.person}:{need.need}",
        kind=kind,
        lines=lines,
        sub=level,
        name=name,
        state=state,
        x=COLUMNS[column],
        y=y,
        width=WIDTHS[column],
        height=LINE * (len(lines) + 1) + 10,
    )


def _help_box(key: str, state: str, y: int, catalogue: Catalogue) -> Box:
    lines = tuple(textwrap.wrap(catalogue.title(key), 36))
    return Box(
        key=f"help:{key}",
        kind="help",
        lines=lines,
        sub="",
        name=f"{catalogue.title(key)}, {ANSWER_WORDS[state]}",
        state=state,
        x=COLUMNS[2],
        y=y,
        width=WIDTHS[2],
        height=LINE * len(lines) + 9,
    )


def _lanes(boxes: Sequence[Box]) -> tuple[float, ...]:
    """The heights at which nothing stands in the middle column: above, between and below its boxes."""
    gaps = [box.y - GAP / 2 for box in boxes]
    return (*gaps, max((box.y + box.height for box in boxes), default=TOP) + GAP)


def _line(start: Box, end: Box, sure: str, lanes: Sequence[float] = ()) -> Line:
    x1, x2 = start.x + start.width, end.x
    half = (x1 + x2) / 2
    if start.kind == "adult_need" and end.kind == "help" and lanes:
        # Through a gap of the middle column, so that no line seems to come out of a child's box.
        lane = min(lanes, key=lambda y: abs(y - start.middle))
        left, right = COLUMNS[1] - 6, COLUMNS[1] + WIDTHS[1] + 6
        near, far = (x1 + left) / 2, (right + x2) / 2
        path = (
            f"M{x1} {start.middle:.1f} C{near:.1f} {start.middle:.1f} {near:.1f} {lane:.1f} {left} {lane:.1f} "
            f"H{right} C{far:.1f} {lane:.1f} {far:.1f} {end.middle:.1f} {x2} {end.middle:.1f}"
        )
        return Line(start=start.key, end=end.key, path=path, sure=sure)
    path = f"M{x1} {start.middle:.1f} C{half:.1f} {start.middle:.1f} {half:.1f} {end.middle:.1f} {x2} {end.middle:.1f}"
    return Line(start=start.key, end=end.key, path=path, sure=sure)


@dataclass(frozen=True, kw_only=True, repr=False)
class Bar:
    """One offer on the timeline."""

    words: str
    minutes: str
    people: str
    x: float
    y: int
    width: float
    inside: bool


@dataclass(frozen=True, kw_only=True, repr=False)
class Column:
    """One stretch of weeks of one person's load."""

    x: float
    width: float
    height: float
    words: str
    at_limit: bool


@dataclass(frozen=True, kw_only=True, repr=False)
class PersonLoad:
    """A person's weeks against the limit."""

    label: str
    limit: int | None
    y: int
    limit_y: float | None
    columns: tuple[Column, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Timeline:
    """Offers over weeks, and what each week asks of each person."""

    bars: tuple[Bar, ...]
    loads: tuple[PersonLoad, ...]
    ticks: tuple[tuple[float, int], ...]
    weeks: int
    height: int
    left: int = 190
    width: int = 1160


LOAD_HEIGHT = 54


def draw_timeline(
    offers: Sequence[Offer], load: Sequence[WeekLoad], family: Family, catalogue: Catalogue
) -> Timeline | None:
    """Bars and loads in pixels, or None when nothing is offered."""
    if not offers:
        return None
    weeks = max(o.starts_week + o.weeks_high - 1 for o in offers)
    timeline = Timeline(bars=(), loads=(), ticks=(), weeks=weeks, height=0)
    week = (timeline.width - timeline.left) / weeks
    bars = []
    for index, offer in enumerate(offers):
        width = offer.weeks_high * week
        words = catalogue.title(offer.intervention)
        bars.append(
            Bar(
                words=words,
                minutes=f"{offer.minutes_per_week} min{' assumed' if offer.load_basis == 'assumed' else ''}",
                people=", ".join(family.label_of(k) for k in offer.people),
                x=timeline.left + (offer.starts_week - 1) * week,
                y=34 + index * 30,
                width=width - 2,
                inside=len(words) * 7.2 + 90 < width,
            )
        )
    y = 34 + len(offers) * 30 + 26
    loads = []
    for person in dict.fromkeys(line.person for line in load):
        mine = [line for line in load if line.person == person]
        limit = mine[0].limit
        most = max([line.minutes + line.assumed_minutes for line in mine] + [limit or 0])
        scale = LOAD_HEIGHT / most
        loads.append(
            PersonLoad(
                label=family.label_of(person),
                limit=limit,
                y=y + LOAD_HEIGHT,
                limit_y=y + LOAD_HEIGHT - limit * scale if limit is not None else None,
                columns=tuple(_stretches(mine, timeline.left, week, scale, limit)),
            )
        )
        y += LOAD_HEIGHT + 34
    step = 4 if weeks <= 60 else 8
    ticks = tuple((timeline.left + (n - 1) * week, n) for n in range(1, weeks + 1, step))
    return Timeline(bars=tuple(bars), loads=tuple(loads), ticks=ticks, weeks=weeks, height=y)


def _stretches(
    lines: list[WeekLoad], left: float, week: float, scale: float, limit: int | None
) -> list[Column]:
    """Neighbouring weeks with the same minutes, as one column."""
    stretches: list[list[int]] = []
    for line in lines:
        total = line.minutes + line.assumed_minutes
        if stretches and stretches[-1][2] == total and stretches[-1][1] == line.week - 1:
            stretches[-1][1] = line.week
        else:
            stretches.append([line.week, line.week, total])
    return [
        Column(
            x=left + (start - 1) * week,
            width=(end - start + 1) * week,
            height=total * scale,
            words=str(total),
            at_limit=limit is not None and total >= limit,
        )
        for start, end, total in stretches
    ]
