"""Building a package step by step, what holds whatever the catalogue says, and the comparison with the planner."""

from dataclasses import dataclass

from cpassist.words.workshop import (
    CHECK_OPTIONS,
    DOUBT_OPTIONS,
    KNOWLEDGE_OPTIONS,
    REASON_OPTIONS,
    SOON_OPTIONS,
)
from cpassist.workshop.exercises.records import (
    Ask,
    CaseHelp,
    CaseNeed,
    Exercise,
    Option,
    PackageCase,
    Part,
    Phase,
    Step,
)
from cpassist.workshop.exercises.seat import Seat
from cpassist.workshop.figures.marks import Chart

SLOTS = 5


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """One line of somebody's package."""

    help: CaseHelp
    when: str
    sure: str


def case_of(exercise: Exercise, seat: Seat) -> PackageCase:
    """The family that somebody chose; the first until they have."""
    chosen = seat.latest("family.which")
    return next((case for case in exercise.cases if case.family == chosen), exercise.cases[0])


def chosen_in(case: PackageCase, seat: Seat) -> tuple[Chosen, ...]:
    """The lines of a package in the order of their slots; the same help twice is one."""
    by_key = {one.key: one for one in case.help}
    lines: dict[str, Chosen] = {}
    for slot in range(1, SLOTS + 1):
        key = seat.first(f"slot{slot}.what")
        if key in by_key and key not in lines:
            lines[key] = Chosen(
                help=by_key[key],
                when=seat.first(f"slot{slot}.when") or "later",
                sure=seat.first(f"slot{slot}.sure") or "some",
            )
    return tuple(lines.values())


# --- the screens ---


def package_steps(exercise: Exercise, phase: Phase, seat: Seat) -> tuple[Step, ...]:
    """The screens of building (predict) and of comparing (revote)."""
    case = case_of(exercise, seat)
    if phase is Phase.PREDICT:
        return (_which(exercise), _needs_step(case), *_slots(case, seat), *_doubts(case), _carries(case))  # fmt: skip
    if phase is Phase.REVOTE:
        return (
            Step(
                key="compare",
                phase=Phase.REVOTE,
                title="Yours and the planner's",
                says="The planner weighs needs, ages, safety and load by fixed rules. It knows nothing that is not in the file.",
                chart="package",
            ),
            *_differences(case, seat),
        )
    return ()


def _options(pairs: tuple[tuple[str, str], ...]) -> tuple[Option, ...]:
    return tuple(Option(key=key, says=says) for key, says in pairs)


def _which(exercise: Exercise) -> Step:
    return Step(
        key="family",
        phase=Phase.PREDICT,
        title="Which family?",
        says="Pairs may take one each. Both are invented.",
        parts=(
            Part(
                key="which",
                ask=Ask.CHOICE,
                prompt="We plan for",
                options=_options(tuple((case.family, case.label) for case in exercise.cases)),
            ),
        ),
    )


def _needs_step(case: PackageCase) -> Step:
    steps = sorted((*case.steps, *((f"not_{i}", w) for i, w in enumerate(case.notes.not_steps))), key=lambda p: p[1])  # fmt: skip
    return Step(
        key="needs",
        phase=Phase.PREDICT,
        title=case.label,
        says=story_of(case),
        parts=(
            Part(
                key="which",
                ask=Ask.SEVERAL,
                prompt="Which needs ask for a response now?",
                options=tuple(Option(key=n.key, says=n.says) for n in case.needs),
            ),
            Part(
                key="safety",
                ask=Ask.SEVERAL,
                prompt="What has to be done whatever else is planned?",
                options=_options(tuple(steps)),
            ),
        ),
    )


def story_of(case: PackageCase) -> str:
    """The family in four short paragraphs: strengths first."""
    return (
        f"What is strong: {_joined(case.strengths)}\n{case.notes.story}\nThe area has: {_joined(case.notes.area)}\n"
        f"Nobody knows yet: {_joined(case.notes.unknown)}"
    )


def _joined(lines: tuple[str, ...]) -> str:
    return " ".join(lines)


def _slots(case: PackageCase, seat: Seat) -> list[Step]:
    """Up to five lines; the next one comes once the one before has something in it."""
    options = (
        Option(key="nothing", says="nothing (more)"),
        *(
            Option(key=one.key, says=f"{one.title}, for {one.person}", part=one.person)
            for one in sorted(case.help, key=lambda h: (h.person, h.title))
        ),
    )
    made = []
    for slot in range(1, SLOTS + 1):
        made.append(
            Step(
                key=f"slot{slot}",
                phase=Phase.PREDICT,
                title=f"Your package, line {slot}",
                aside=story_of(case),
                says="Up to five lines. A small package that a family can carry is better than a full one."
                if slot == 1
                else "",
                parts=(
                    Part(key="what", ask=Ask.CHOICE, prompt="What, for whom", options=options),
                    Part(key="when", ask=Ask.CHOICE, prompt="When", options=_options(SOON_OPTIONS)),
                    Part(
                        key="sure",
                        ask=Ask.CHOICE,
                        prompt="How sure are you that it helps?",
                        options=_options(DOUBT_OPTIONS),
                    ),
                ),
            )
        )
        if seat.latest(f"slot{slot}.what") in {"", "nothing"}:
            break
    return made


def thin_kinds(case: PackageCase) -> dict[str, list[CaseNeed]]:
    """The kinds of need with thin evidence, with the people who have them."""
    kinds: dict[str, list[CaseNeed]] = {}
    for need in case.needs:
        if need.thin:
            kinds.setdefault(need.key.partition(":")[2], []).append(need)
    return kinds


def _doubts(case: PackageCase) -> list[Step]:
    return [
        Step(
            key=f"doubt_{kind}",
            phase=Phase.PREDICT,
            title=needs[0].kind[:1].upper() + needs[0].kind[1:],
            says=f"For {' and '.join(dict.fromkeys(n.person for n in needs))}. Little was tested here.",
            aside=story_of(case),
            parts=(
                Part(
                    key="source",
                    ask=Ask.CHOICE,
                    prompt="What other knowledge supports what you do here?",
                    options=_options(KNOWLEDGE_OPTIONS),
                ),
                Part(
                    key="check",
                    ask=Ask.CHOICE,
                    prompt="How will you know in twelve weeks?",
                    options=_options(CHECK_OPTIONS),
                ),
            ),
        )
        for kind, needs in thin_kinds(case).items()
    ]


def _carries(case: PackageCase) -> Step:
    options = (
        Option(key="relationship", says="The relationship with the worker"),
        *(Option(key=f"s{i}", says=says) for i, says in enumerate(case.strengths)),
    )
    return Step(
        key="carries",
        phase=Phase.PREDICT,
        title="What carries it?",
        says="A package stands on something that is there already.",
        parts=(Part(key="what", ask=Ask.SEVERAL, prompt="Build on", options=options),),
    )


def differences(case: PackageCase, seat: Seat) -> tuple[tuple[str, str, str], ...]:
    """What one has and the other has not: intervention, title, and whose it is with the planner's reason."""
    mine = {one.help.intervention: one.help for one in chosen_in(case, seat)}
    theirs = {one.intervention: one for one in case.planner}
    only_mine = [
        (key, help_.title, f"You chose it; the planner does not propose it. {case.not_chosen.get(key, '')}".strip())
        for key, help_ in mine.items()
        if key not in theirs
    ]  # fmt: skip
    only_theirs = [
        (key, offer.title, f"The planner proposes it for {offer.people} ({offer.says}); you did not choose it.")
        for key, offer in theirs.items()
        if key not in mine
    ]  # fmt: skip
    return (*only_mine, *only_theirs)


def _differences(case: PackageCase, seat: Seat) -> list[Step]:
    return [
        Step(
            key=f"diff_{key}",
            phase=Phase.REVOTE,
            title=title,
            says=says,
            parts=(
                Part(
                    key="reason",
                    ask=Ask.CHOICE,
                    prompt="Why is it so?",
                    options=_options(REASON_OPTIONS),
                ),
                Part(
                    key="keep",
                    ask=Ask.CHOICE,
                    prompt="And now?",
                    options=_options((("keep", "we keep ours"), ("change", "we would change it"))),
                ),
            ),
        )
        for key, title, says in differences(case, seat)
    ]


def compare_chart(exercise: Exercise, seat: Seat) -> Chart:
    """Both packages side by side, as a table."""
    case = case_of(exercise, seat)
    mine = chosen_in(case, seat)
    theirs = {one.intervention: one for one in case.planner}
    rows = []
    for one in mine:
        other = theirs.get(one.help.intervention)
        rows.append(
            (
                one.help.title,
                f"{one.help.person}, {one.when}",
                f"{other.people}, {other.when}" if other else "–",
            )
        )
    chosen = {one.help.intervention for one in mine}
    rows += [(o.title, "–", f"{o.people}, {o.when}") for k, o in theirs.items() if k not in chosen]
    rows += [(f"Gap: {need}", "", why) for need, why in case.gaps]
    both = len(chosen & set(theirs))
    return Chart(
        title="Two packages",
        sentence=f"You chose {len(mine)}, the planner proposes {len(theirs)}; {both} are the same. It leaves {len(case.gaps)} needs open and says so.",
        heads=("Help", "Yours", "The planner's"),
        rows=tuple(rows),
    )
