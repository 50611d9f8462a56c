"""Where everything of a workshop's picture stands on paper: from its own units to those of an SVG."""

from dataclasses import dataclass

from cpassist.workshop.figures.marks import Axis, Chart, Icons, Mark, Panel

WIDE = 340
TOP, BOTTOM, RIGHT = 8, 40, 14
LABEL_LINE = 16
PER_ROW = 25
CELL = WIDE / PER_ROW


@dataclass(frozen=True, kw_only=True, repr=False)
class Shape:
    """One thing of a drawing: what it is, where, and its words."""

    kind: str
    """circle, box, diamond, line, words."""
    tone: str
    x: float
    y: float
    x2: float = 0
    y2: float = 0
    words: str = ""
    hollow: bool = False
    dashed: bool = False
    anchor: str = "start"


@dataclass(frozen=True, kw_only=True, repr=False)
class DrawnPanel:
    """One panel, ready to be written."""

    title: str
    note: str
    height: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class DrawnIcons:
    """The grid of shapes, and its key."""

    height: float
    shapes: tuple[Shape, ...]
    key: tuple[Icons, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class DrawnChart:
    """A picture with everything that stands beside it."""

    chart: Chart
    panels: tuple[DrawnPanel, ...]
    icons: DrawnIcons | None


def draw_chart(chart: Chart) -> DrawnChart:
    """A picture of the workshop as shapes in an SVG of 340 across."""
    return DrawnChart(
        chart=chart,
        panels=tuple(_panel(panel) for panel in chart.panels),
        icons=_icons(chart.icons) if chart.icons else None,
    )


def _panel(panel: Panel) -> DrawnPanel:
    labelled = sum(bool(m.label) for m in panel.marks if m.shape in {"rule", "band"})
    top = TOP + labelled * LABEL_LINE + (20 if panel.y.title else 0)
    bottom = BOTTOM if panel.x.title else 24 if panel.x.ticks else 6
    height = top + panel.height + bottom
    left = panel.names

    def across(value: float) -> float:
        share = (value - panel.x.low) / (panel.x.high - panel.x.low)
        return round(left + max(-0.02, min(1.02, share)) * (WIDE - left - RIGHT), 1)

    def up(value: float) -> float:
        share = (value - panel.y.low) / (panel.y.high - panel.y.low)
        return round(top + (1 - max(-0.02, min(1.02, share))) * panel.height, 1)

    floor = top + panel.height
    shapes: list[Shape] = []
    if panel.x.ticks:
        shapes.append(Shape(kind="line", tone="axis", x=left, y=floor, x2=WIDE - RIGHT, y2=floor))
    for value, words in panel.x.ticks:
        x = across(value)
        shapes.append(Shape(kind="line", tone="axis", x=x, y=floor, x2=x, y2=floor + 5))
        shapes.append(Shape(kind="words", tone="quiet", x=x, y=floor + 19, words=words, anchor="middle"))  # fmt: skip
    if panel.x.title:
        shapes.append(
            Shape(
                kind="words",
                tone="quiet",
                x=(left + WIDE - RIGHT) / 2,
                y=floor + 36,
                words=panel.x.title,
                anchor="middle",
            )
        )
    shapes += _upright_axis(panel.y, left, up, top)
    above = 0
    for mark in panel.marks:
        if mark.shape in {"rule", "band"} and mark.label:
            above += 1
        shapes += _mark(mark, across, up, top, floor, TOP + 10 + (above - 1) * LABEL_LINE)
    return DrawnPanel(
        title=panel.title, note=panel.note, height=round(height, 1), shapes=tuple(shapes)
    )


def _upright_axis(axis: Axis, left: float, up, top: float) -> list[Shape]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    shapes = []
    for value, words in axis.ticks:
        y = up(value)
        shapes.append(Shape(kind="line", tone="grid", x=left, y=y, x2=WIDE - RIGHT, y2=y))
        shapes.append(Shape(kind="words", tone="quiet", x=left - 6, y=y + 5, words=words, anchor="end"))  # fmt: skip
    if axis.title:
        shapes.append(Shape(kind="words", tone="quiet", x=4, y=top - 14, words=axis.title))
    return shapes


def _mark(mark: Mark, across, up, top: float, floor: float, label_at: float) -> list[Shape]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    x, y, tone = across(mark.x), up(mark.y), mark.tone
    x2 = across(mark.x2) if mark.x2 is not None else x
    y2 = up(mark.y2) if mark.y2 is not None else y
    if mark.shape in {"dot", "ring"}:
        return [Shape(kind="circle", tone=tone, x=x, y=y, hollow=mark.shape == "ring")]
    if mark.shape == "diamond":
        return [Shape(kind="diamond", tone=tone, x=x, y=y)]
    if mark.shape == "square":
        return [Shape(kind="box", tone=tone, x=x - 4.5, y=y - 4.5, x2=9, y2=9)]
    if mark.shape == "interval":
        return [
            Shape(kind="line", tone=tone, x=x, y=y, x2=x2, y2=y),
            Shape(kind="line", tone=tone, x=x, y=y - 5, x2=x, y2=y + 5),
            Shape(kind="line", tone=tone, x=x2, y=y - 5, x2=x2, y2=y + 5),
        ]
    if mark.shape == "upright":
        return [
            Shape(kind="line", tone=tone, x=x, y=y, x2=x, y2=y2),
            Shape(kind="line", tone=tone, x=x - 4, y=y, x2=x + 4, y2=y),
            Shape(kind="line", tone=tone, x=x - 4, y=y2, x2=x + 4, y2=y2),
        ]
    if mark.shape == "bar":
        return [
            Shape(kind="box", tone=tone, x=min(x, x2), y=min(y, y2), x2=max(1.0, abs(x2 - x)), y2=round(abs(y2 - y), 1))
        ]  # fmt: skip
    if mark.shape == "line":
        return [Shape(kind="line", tone=tone, x=x, y=y, x2=x2, y2=y2)]
    if mark.shape == "rule":
        words = (
            [Shape(kind="words", tone=tone, x=x, y=label_at, words=mark.label, anchor=_side(x))]
            if mark.label
            else []
        )
        return [
            Shape(
                kind="line",
                tone=tone,
                x=x,
                y=label_at + 4 if mark.label else top,
                x2=x,
                y2=floor,
                dashed=True,
            ),
            *words,
        ]
    if mark.shape == "band":
        tall = mark.y2 is not None
        box = Shape(
            kind="box",
            tone="band",
            x=x,
            y=y2 if tall else top,
            x2=x2 - x,
            y2=(y - y2) if tall else floor - top,
        )
        words = (
            [
                Shape(
                    kind="words",
                    tone="quiet",
                    x=(x + x2) / 2,
                    y=label_at,
                    words=mark.label,
                    anchor=_side((x + x2) / 2),
                )
            ]
            if mark.label
            else []
        )
        return [box, *words]
    return [Shape(kind="words", tone=tone, x=x, y=y, words=mark.label)]


def _side(x: float) -> str:
    """Words near an edge stand inwards."""
    return "start" if x < 70 else "end" if x > WIDE - 70 else "middle"


def _icons(icons: tuple[Icons, ...]) -> DrawnIcons:
    shapes: list[Shape] = []
    row = column = 0
    lower = 0.0
    for kind in icons:
        if kind.apart and column:
            row, column = row + 1, 0
        if kind.apart:
            lower += CELL
        for _ in range(kind.count):
            x, y = (column + 0.5) * CELL, (row + 0.5) * CELL + lower
            shapes.append(icon(kind.shape, kind.tone, round(x, 1), round(y, 1)))
            column += 1
            if column == PER_ROW:
                row, column = row + 1, 0
    return DrawnIcons(
        height=round((row + (column > 0)) * CELL + lower + 2, 1), shapes=tuple(shapes), key=icons
    )


def icon(shape: str, tone: str, x: float, y: float) -> Shape:
    """One of the four shapes of the grid, told apart without colour."""
    if shape in {"dot", "ring"}:
        return Shape(kind="circle", tone=tone, x=x, y=y, hollow=shape == "ring")
    if shape == "diamond":
        return Shape(kind="diamond", tone=tone, x=x, y=y)
    return Shape(kind="box", tone=tone, x=x - 2, y=y - 2, x2=4, y2=4)


@dataclass(frozen=True, kw_only=True, repr=False)
class Square:
    """An address as a square that phones read: its side in modules, and the dark ones as an SVG path."""

    side: int
    path: str


def draw_square(address: str) -> Square:
    """A QR code of an address, with the four modules of white around it that readers want."""
    import segno  # noqa: PLC0415  only the wall of a room needs it

    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return Square(side=len(rows), path=path)
