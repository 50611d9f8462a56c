"""What is said about a package: what holds whatever the catalogue says, and what a room put together."""

from dataclasses import dataclass

from cpassist.words.workshop import REASON_OPTIONS
from cpassist.workshop.exercises.records import (
    Exercise,
    PackageCase,
)
from cpassist.workshop.exercises.seat import Seat
from cpassist.workshop.figures.marks import Chart, bars
from cpassist.workshop.package_task.task import Chosen, case_of, chosen_in, differences, thin_kinds

MOST_NOW = 3
EARLY_PHASES = frozenset({"safety", "stabilise"})
LATE_PHASES = frozenset({"recovery", "sustain"})
ORDER = {"now": 0, "next": 1, "later": 2}


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One of the things that are scored, and why."""

    name: str
    points: float
    of: float
    says: str


@dataclass(frozen=True, kw_only=True)
class PackageFeedback:
    """What is said about a package; agreement with the planner is shown and never scored."""

    marks: tuple[Scored, ...]
    agreement: float
    """Shared interventions over all that either has, 0 to 1 (Jaccard)."""
    differences: int
    reasoned: int

    @property
    def score(self) -> float:
        return round(sum(mark.points for mark in self.marks), 1)


def mark_package(exercise: Exercise, seat: Seat) -> PackageFeedback:
    """Scores what holds whatever the catalogue says. How near it comes to the planner is no score."""
    case = case_of(exercise, seat)
    lines = chosen_in(case, seat)
    mine, theirs = {one.help.intervention for one in lines}, {one.intervention for one in case.planner}  # fmt: skip
    apart = differences(case, seat)
    reasoned = sum(seat.latest(f"diff_{key}.reason") not in {"", "none"} for key, _, _ in apart)
    union = mine | theirs
    return PackageFeedback(
        marks=(
            _safety(case, seat, lines),
            _coverage(case, seat, lines),
            _fit(case, lines),
            _load(case, lines),
            _honest(case, seat),
            _checked(case, seat),
        ),
        agreement=len(mine & theirs) / len(union) if union else 1.0,
        differences=len(apart),
        reasoned=reasoned,
    )


def _safety(case: PackageCase, seat: Seat, lines: tuple[Chosen, ...]) -> Scored:
    """All or nothing: every step, nothing that only sounds like one, nothing unsafe."""
    ticked = set(seat.latest("needs.safety").split())
    wanted = {rule for rule, _ in case.steps}
    unsafe = [one.help.title for one in lines if one.help.unsafe]
    if unsafe:
        says = f"Not safe here: {', '.join(unsafe)}."
    elif ticked - wanted:
        says = "Something that you ticked is no safety step, and could put somebody in danger."
    elif wanted - ticked:
        missing = [words for rule, words in case.steps if rule not in ticked]
        says = f"Missing: {' '.join(missing)}"
    else:
        return Scored(
            name="Safety first",
            points=2,
            of=2,
            says="Every step is there; no programme stands in for one.",
        )
    return Scored(name="Safety first", points=0, of=2, says=says)


def _coverage(case: PackageCase, seat: Seat, lines: tuple[Chosen, ...]) -> Scored:
    """A need is met by help that answers it, or by saying on what else you go."""
    answered = {need for one in lines for need in one.help.answers}
    known = {
        need.key
        for kind, needs in thin_kinds(case).items()
        if seat.latest(f"doubt_{kind}.source") not in {"", "none"}
        for need in needs
    }
    open_ = [need.says for need in case.needs if need.key not in answered | known]
    met = len(case.needs) - len(open_)
    says = f"{met} of {len(case.needs)} needs have a response, tested or other." + (
        f" Without one: {'; '.join(open_)}." if open_ else ""
    )
    return Scored(
        name="Every need has a response",
        points=2 * met / max(1, len(case.needs)),
        of=2,
        says=says,
    )


def _fit(case: PackageCase, lines: tuple[Chosen, ...]) -> Scored:
    if not lines and _nothing_fits(case):
        return Scored(name="Age and need fit", points=2, of=2, says=NOTHING_FITS)
    fitting = [one for one in lines if one.help.fits]
    off = [
        f"{one.help.title}, for {one.help.person}: {one.help.flag or 'it answers no need of theirs.'}"
        for one in lines
        if not one.help.fits
    ]
    share = len(fitting) / len(lines) if lines else 0
    says = "Each fits the age and the need that it is for." if lines and not off else " ".join(off)
    return Scored(
        name="Age and need fit", points=2 * share, of=2, says=says or "Nothing was chosen."
    )


NOTHING_FITS = "Nothing tested fits this family now. To choose nothing and say so is right."


def _nothing_fits(case: PackageCase) -> bool:
    """Whether neither the planner nor anything in the list can be offered as things stand."""
    return not case.planner and not any(one.fits and not one.flag for one in case.help)


def _load(case: PackageCase, lines: tuple[Chosen, ...]) -> Scored:
    """At most three things now, and what steadies first is not after what builds on it."""
    now = sum(one.when == "now" for one in lines)
    early = [ORDER.get(one.when, 2) for one in lines if one.help.phase in EARLY_PHASES]
    late = [ORDER.get(one.when, 2) for one in lines if one.help.phase in LATE_PHASES]
    turned = bool(early and late) and max(early) > min(late)
    if not lines and _nothing_fits(case):
        return Scored(name="Load and order", points=1, of=1, says=NOTHING_FITS)
    if not lines:
        return Scored(name="Load and order", points=0, of=1, says="Nothing was chosen.")
    if now > MOST_NOW:
        return Scored(
            name="Load and order",
            points=0,
            of=1,
            says=f"{now} things start now; a family can carry about {MOST_NOW}.",
        )
    if turned:
        return Scored(
            name="Load and order",
            points=0,
            of=1,
            says="Something that builds on calm starts before what brings it.",
        )
    return Scored(
        name="Load and order", points=1, of=1, says=f"{now} start now, and the order holds."
    )


def _honest(case: PackageCase, seat: Seat) -> Scored:
    kinds = thin_kinds(case)
    said = [kind for kind in kinds if seat.latest(f"doubt_{kind}.source") not in {"", "none"}]
    share = len(said) / len(kinds) if kinds else 1.0
    return Scored(
        name="Doubts are said",
        points=2 * share,
        of=2,
        says=f"For {len(said)} of {len(kinds)} kinds of need with thin evidence you named what else you go by.",
    )


def _checked(case: PackageCase, seat: Seat) -> Scored:
    kinds = thin_kinds(case)
    missing = [kind for kind in kinds if seat.latest(f"doubt_{kind}.check") in {"", "none"}]
    return Scored(
        name="You will know",
        points=0 if missing else 1,
        of=1,
        says="Each has a way to know in twelve weeks."
        if not missing
        else f"{len(missing)} of {len(kinds)} have no way to know in twelve weeks.",
    )


def package_room(exercise: Exercise, seats: tuple[Seat, ...], _solved: bool) -> Chart | None:
    """How often each kind of help was chosen, beside the planner's; for the family that most took."""
    built = [seat for seat in seats if seat.latest("slot1.what") not in {"", "nothing"}]
    families = [case_of(exercise, seat).family for seat in built]
    if not families:
        return None
    most = max(sorted(set(families)), key=families.count)
    case = next(case for case in exercise.cases if case.family == most)
    mine = [seat for seat in built if case_of(exercise, seat) is case]
    if len(mine) < 5:
        return None
    counts: dict[str, int] = {}
    titles = {one.intervention: one.title for one in case.help}
    for seat in mine:
        for key in {one.help.intervention for one in chosen_in(case, seat)}:
            counts[key] = counts.get(key, 0) + 1
    theirs = {one.intervention: one.title for one in case.planner}
    titles |= theirs
    keys = sorted({*counts, *theirs}, key=lambda k: (-counts.get(k, 0), titles[k]))[:10]
    named = {key: f"{titles[key]}{' (planner)' if key in theirs else ''}" for key in keys}
    thin = sum(
        bool([k for k in thin_kinds(case) if seat.latest(f"doubt_{k}.source") not in {"", "none"}])
        for seat in mine
    )
    middle = sorted(len(chosen_in(case, seat)) for seat in mine)[len(mine) // 2]
    reasons = _reasons(mine, case)
    return Chart(
        title=f"{len(mine)} packages for {case.label}",
        sentence=f"The middle package has {middle} lines; {thin} of {len(mine)} named what else they go by where evidence is thin. {reasons}".strip(),
        heads=("Help", "How many chose it", "Planner"),
        rows=tuple(
            (titles[k], str(counts.get(k, 0)), "yes" if k in theirs else "no") for k in keys
        ),
        panels=(
            bars(
                [(named[key], counts.get(key, 0)) for key in keys],
                told="\n".join(named[key] for key in keys if key in theirs),
            ),
        ),
    )


def _reasons(seats: list[Seat], case: PackageCase) -> str:
    words = dict(REASON_OPTIONS)
    counts: dict[str, int] = {}
    for seat in seats:
        for key, _, _ in differences(case, seat):
            reason = seat.latest(f"diff_{key}.reason")
            if reason in words and reason != "none":
                counts[reason] = counts.get(reason, 0) + 1
    if not counts:
        return ""
    most = max(sorted(counts), key=lambda key: counts[key])
    return f"The reason most often given for a difference: {words[most]} ({counts[most]} times)."
