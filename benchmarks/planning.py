"""What planning costs: our search beside its peers, everything beside one choice, and where it grows."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.generated import a_generated_catalogue, a_generated_family
from benchmarks.peers import by_highspy, by_scipy, prepared
from benchmarks.saying import say
from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.reading import read_catalogue
from cpassist.family.family import Family
from cpassist.importing.family_file import read_family
from cpassist.planning.candidates import Question
from cpassist.planning.choosing.capacity import able_to_carry
from cpassist.planning.choosing.choice import Choice, choice_of
from cpassist.planning.choosing.search import choose
from cpassist.planning.matching.matching import match
from cpassist.planning.proposal import propose

ROOT = Path(__file__).resolve().parent.parent
CHILDREN = (1, 2, 4, 8)
FAMILIES = 40
LIMIT_MS = 50
GENERATED = 500
PLOT_SIZES = (50, 100, 250, 500)
PICTURE = ROOT / "docs" / "pictures" / "planning-cost.svg"


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Milliseconds."""

    median: float
    p95: float


def spread(seconds: Sequence[float]) -> Spread:
    """The middle and the slow end of some times."""
    ordered = sorted(seconds)
    return Spread(
        median=statistics.median(ordered) * 1000, p95=ordered[int(0.95 * len(ordered))] * 1000
    )


def timed(work: Callable[[], object]) -> float:
    """Seconds, without the collector of garbage from what ran before."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def choice_for(family: Family, catalogue: Catalogue) -> Choice:
    """What is chosen from: the same for our search and for its peers."""
    question = Question(
        family=family, catalogue=catalogue, availability=None, on=family.assessed_on
    )
    able, _ = able_to_carry(match(question).candidates, family.limits.minutes_per_week)
    return choice_of(able, catalogue)


def bench_search(name: str, catalogue: Catalogue) -> None:
    """One choice: ours (with the solver behind it) beside highspy and scipy on the same reduced model."""
    print(f"\nOne choice, {name} (families with at least two offers; times are median and p95, ms)")
    for children in CHILDREN:
        own, highs, scipy = [], [], []
        differ = offers = 0
        for seed in range(FAMILIES):
            choice = choice_for(a_generated_family(children, seed, catalogue), catalogue)
            if len(choice.candidates) < 2:
                continue
            offers += len(choice.candidates)
            own.append(timed(lambda c=choice: choose(c)))
            given = prepared(choice)
            highs.append(timed(lambda g=given: by_highspy(g)))
            scipy.append(timed(lambda g=given: by_scipy(g)))
            values = by_highspy(given)
            theirs = choice.keys([i for i in range(len(choice.candidates)) if values[i]])
            chosen = choose(choice)
            differ += chosen is None or chosen.keys != theirs
        ours, peer, other = spread(own), spread(highs), spread(scipy)
        print(
            f"  {children} children: {len(own)} families of {offers / len(own):.0f} offers; ours {ours.median:.2f}, "
            f"{ours.p95:.2f}; highspy {peer.median:.2f}, {peer.p95:.2f}; scipy {other.median:.2f}, {other.p95:.2f}; "
            f"highspy finds another package for {differ}"
        )
        goal = 0.25 if children <= 4 else None
        say(f"  ours / highspy, median, {children} children", ours.median / peer.median, goal)
        say(f"  ours / highspy, p95, {children} children", ours.p95 / peer.p95, 1.0)
        say(f"  ours / scipy, median, {children} children", ours.median / other.median, None)


def bench_everything(name: str, catalogue: Catalogue) -> None:
    """Package, alternatives, profiles, reasons and checks beside the matching and one choice."""
    print(f"\nEverything beside one choice (both with the matching), {name}")
    for children in CHILDREN:
        one, whole = [], []
        for seed in range(FAMILIES):
            family = a_generated_family(children, seed, catalogue)
            one.append(timed(lambda f=family: choose(choice_for(f, catalogue))))
            whole.append(
                timed(lambda f=family: propose(replace(f), catalogue, None, f.assessed_on))
            )
        base, all_ = spread(one), spread(whole)
        say(
            f"  everything / one choice, {children} children",
            all_.median / base.median,
            6.0,
            f"{all_.median:.1f} ms / {base.median:.1f} ms, p95 {all_.p95:.1f}",
        )


def bench_limit(catalogue: Catalogue) -> None:
    """The Larkfields with 1, 2, 4 and 8 children on our catalogue, against the limit of 50 ms."""
    base = read_family(ROOT / "catalogue/families/larkfield.yaml", catalogue)
    print(
        f"\nEverything for the Larkfields with more children, our catalogue, against {LIMIT_MS} ms"
    )
    for children in CHILDREN:
        family = with_children(base, children)
        times = [
            timed(lambda f=family: propose(replace(f), catalogue, None, f.assessed_on))
            for _ in range(25)
        ]
        whole = spread(times)
        say(
            f"  propose / limit, {children} children",
            whole.median / LIMIT_MS,
            1.0,
            f"{whole.median:.1f} ms, p95 {whole.p95:.1f}",
        )


def with_children(base: Family, count: int) -> Family:
    """The Larkfields with so many children: Mia and Theo again under other keys and ages."""
    patterns = ["mia", "theo"]
    people = [p for p in base.people if not p.is_child]
    needs = [n for n in base.needs if not base.person(n.person).is_child]
    answers = [
        a for a in base.circumstances if a.other not in patterns and a.person not in patterns
    ]
    keys = []
    for index in range(count):
        pattern = base.person(patterns[index % 2])
        key = f"child_{index}"
        keys.append(key)
        people.append(
            replace(pattern, key=key, label=f"Child {index}", born=f"{2012 + index}-0{1 + index}")
        )
        needs += [replace(n, person=key) for n in base.needs_of(pattern.key)]
        answers += [replace(a, other=key) for a in base.circumstances if a.other == pattern.key]
        answers += [replace(a, person=key) for a in base.circumstances if a.person == pattern.key]
    people = [replace(p, cares_for=tuple(keys)) if p.cares_for else p for p in people]
    needs = [replace(n, affects=tuple(keys)) if n.affects else n for n in needs]
    return base.with_changes(
        people=tuple(people),
        needs=tuple(needs),
        circumstances=tuple(answers),
        relations=(),
        strengths=(),
        wishes=(),
        judgements=(),
    )


def plot(catalogue: Catalogue) -> None:
    """Writes the median cost of everything against children and catalogue size as an SVG."""
    points: dict[int, list[tuple[int, float]]] = {}
    for size in PLOT_SIZES:
        made = a_generated_catalogue(catalogue, size)
        for children in CHILDREN:
            times = []
            for seed in range(15):
                family = a_generated_family(children, seed, made)
                times.append(timed(lambda f=family: propose(f, made, None, f.assessed_on)))  # noqa: B023  used at once
            points.setdefault(size, []).append((children, spread(times).median))
    PICTURE.write_text(_drawn(points), encoding="utf-8")
    print(f"\nDrawn: {PICTURE.relative_to(ROOT)}")
    for size, line in points.items():
        print(f"  {size} interventions: {', '.join(f'{c} children {ms:.0f} ms' for c, ms in line)}")


def _drawn(points: dict[int, list[tuple[int, float]]]) -> str:
    """Lines by catalogue size, children across, milliseconds up, by powers of ten."""
    from math import log10

    left, right, top, bottom = 70, 470, 60, 300
    across = {children: left + i * (right - left) / 3 for i, children in enumerate(CHILDREN)}
    most = max(ms for line in points.values() for _, ms in line)
    powers = [p for p in (1, 10, 100, 1000, 10000) if p <= most * 10]

    def up(ms: float) -> float:
        return bottom - (bottom - top) * log10(max(ms, 1)) / log10(powers[-1])

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 350" role="img" font-size="13">',
        "<title>What a whole proposal costs</title>",
        "<desc>"
        + " ".join(
            f"{size} interventions: {', '.join(f'{c} children {ms:.0f} milliseconds' for c, ms in line)}."
            for size, line in points.items()
        )
        + "</desc>",
        '<rect width="640" height="350" fill="#fff"/><g font-family="sans-serif">',
        f'<text x="{left}" y="26" font-size="16" fill="#1c2227">What a whole proposal costs, in milliseconds</text>',
        f'<text x="{left}" y="44" fill="#535b63">median of 15 generated families; invented catalogues</text>',
    ]
    for power in powers:
        y = up(power)
        parts.append(f'<path d="M{left} {y:.1f} H{right}" stroke="#d9dde0"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#535b63">{power}</text>')  # fmt: skip
    for children, x in across.items():
        parts.append(f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle" fill="#535b63">{children}</text>')  # fmt: skip
    parts.append(
        f'<text x="{(left + right) / 2}" y="{bottom + 40}" text-anchor="middle" fill="#535b63">children</text>'
    )
    ends = sorted(points, key=lambda size: points[size][-1][1])
    label_y = 10_000.0
    for size in reversed(ends):
        label_y = (
            min(label_y, up(points[size][-1][1]) + 4)
            if label_y == 10_000.0
            else max(label_y + 16, up(points[size][-1][1]) + 4)
        )
        line = " ".join(f"{across[c]:.1f},{up(ms):.1f}" for c, ms in points[size])
        parts.append(f'<polyline points="{line}" fill="none" stroke="#0b5563" stroke-width="1.8"/>')
        parts += [f'<circle cx="{across[c]:.1f}" cy="{up(ms):.1f}" r="3.2" fill="#0b5563"/>' for c, ms in points[size]]  # fmt: skip
        parts.append(
            f'<text x="{right + 12}" y="{label_y:.1f}" fill="#1c2227">{size} interventions</text>'
        )
    return "\n".join([*parts, "</g></svg>"]) + "\n"


def bench_planning() -> None:
    """All of it."""
    catalogue = read_catalogue(ROOT / "catalogue")
    generated = a_generated_catalogue(catalogue, GENERATED)
    gc.freeze()
    names = f"our catalogue of {len(catalogue.interventions)}", f"a generated one of {GENERATED}"
    for name, some in zip(names, (catalogue, generated), strict=True):
        bench_search(name, some)
        bench_everything(name, some)
    bench_limit(catalogue)
    plot(catalogue)


def many_families(count: int = 20_000) -> bool:
    """Whether nothing takes more than 100 times the median of its size, in many generated families."""
    catalogue = read_catalogue(ROOT / "catalogue")
    gc.freeze()
    propose(a_generated_family(2, 0, catalogue), catalogue, None, a_generated_family(2, 0, catalogue).assessed_on)  # fmt: skip
    all_within = True
    print(f"\n{count} generated families, our catalogue: the slowest beside the median of its size")
    for children in CHILDREN:
        times = []
        unproven = 0
        for seed in range(count // len(CHILDREN)):
            family = a_generated_family(children, seed, catalogue)
            start = time.perf_counter()
            package = propose(family, catalogue, None, family.assessed_on)
            times.append(time.perf_counter() - start)
            unproven += not package.proven_best
        middle, most = spread(times), max(times) * 1000
        say(
            f"  slowest / median, {children} children",
            most / middle.median,
            100.0,
            f"{most:.0f} ms / {middle.median:.1f} ms, p95 {middle.p95:.1f}; not proven best: {unproven}",
        )
        all_within = all_within and most <= 100 * middle.median
    return all_within
