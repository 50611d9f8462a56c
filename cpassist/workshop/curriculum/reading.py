"""Reads a workshop's exercises, quiz and timetables, and fills in what the catalogue knows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cpassist.catalogue.catalogue import Catalogue
from cpassist.catalogue.interventions import Evidence, Intervention, Outcome, Rating
from cpassist.catalogue.reading import renamed
from cpassist.catalogue.records import Source
from cpassist.catalogue.strict_yaml import build, read_yaml
from cpassist.errors import Mistakes
from cpassist.family.family import Family
from cpassist.words.evidence import EFFECT_ON_A_CARD, READ_ON_A_CARD
from cpassist.workshop.charts.step_charts import CHART_NAMES, ROOM_CHARTS
from cpassist.workshop.exercises.answers import LATER
from cpassist.workshop.exercises.card_answers import (
    AT_ONCE,
    SD_UNITS,
    card_interval,
    standardised,
    tested_ages,
)
from cpassist.workshop.exercises.records import (
    OTHER_PARTS,
    Card,
    CaseNotes,
    Curriculum,
    Differing,
    Exercise,
    Misconception,
    Quiz,
    Step,
    Timetable,
)
from cpassist.workshop.package_task.case import deal_case, flawed_card

LONGEST_RATIO = 1.5
"""How much longer the longest option of a quiz question may be than the shortest."""
NO_NOTES = CaseNotes(story="", area=(), unknown=(), not_steps=())
SPELT = {"from": "low", "to": "high"}
LISTS = frozenset({"quiz.yaml", "timetables.yaml", "misconceptions.yaml"})


def read_curriculum(
    folder: Path, catalogue: Catalogue, families: Mapping[str, Family]
) -> Curriculum:
    """Everything in `catalogue/exercises`, checked; raises Mistakes with every offender at once.

    `families` are the invented ones by key, for the exercise in which a package is built.
    """
    mistakes: list[str] = []

    def attempt(make: Callable[[], Any]) -> Any:
        try:
            return make()
        except Mistakes as found:
            mistakes.extend(found.mistakes)
            return None

    def rows(name: str, record: type[Any]) -> list[Any]:
        raw = attempt(lambda: read_yaml(folder / name)) or []
        made = [
            attempt(lambda r=r, i=i: build(record, renamed(r, SPELT), name, f"[{i}]"))  # type: ignore[misc]
            for i, r in enumerate(raw)
        ]
        return [one for one in made if one is not None]

    exercises: list[Exercise] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name in LISTS:
            continue
        read = attempt(
            lambda path=path: build(Exercise, renamed(read_yaml(path), SPELT), path.name)  # type: ignore[misc]
        )
        if read is not None:
            mistakes += [f"{path.name}: {wrong}" for wrong in _wrong_in(read, path.stem)]
            dealt = attempt(lambda read=read, path=path: deal(read, catalogue, families, path.name))  # type: ignore[misc]
            if dealt is not None:
                exercises.append(dealt)
    quiz = attempt(
        lambda: build(Quiz, renamed(read_yaml(folder / "quiz.yaml"), SPELT), "quiz.yaml")
    )
    timetables = rows("timetables.yaml", Timetable)
    misconceptions = rows("misconceptions.yaml", Misconception)
    if not mistakes:
        made = Curriculum(
            catalogue_version=catalogue.version,
            exercises=tuple(sorted(exercises, key=lambda one: one.number)),
            quiz=quiz,
            timetables=tuple(timetables),
            misconceptions=tuple(misconceptions),
        )
        mistakes += _dangling(made)
        if not mistakes:
            return made
    raise Mistakes(tuple(dict.fromkeys(mistakes)))


def deal(
    exercise: Exercise,
    catalogue: Catalogue,
    families: Mapping[str, Family],
    file: str = "exercise",
) -> Exercise:
    """The exercise with shared parts written out, and its cards and their right answers taken from the catalogue.

    What comes back needs no catalogue any more. Raises Mistakes for a card that names nothing.
    """
    steps, mistakes = [], []
    for step in exercise.steps:
        try:
            steps.append(_dealt_step(exercise, step, catalogue, families))
        except Mistakes as wrong:
            mistakes += [f"{file}: {step.key}: {words}" for words in wrong.mistakes]
    missing = [key for key in exercise.families if key not in families]
    mistakes += [
        f"{file}: families: there is no invented family {key}. Correct it." for key in missing
    ]
    without = sorted(set(exercise.families) - set(exercise.notes or {})) if exercise.built else []
    mistakes += [f"{file}: notes: {key} has none. Say what the area has." for key in without]
    if mistakes:
        raise Mistakes(tuple(mistakes))
    cases = (
        tuple(
            deal_case(key, families[key], (exercise.notes or {})[key], catalogue)
            for key in exercise.families
        )
        if exercise.built
        else ()
    )
    return replace(
        exercise,
        steps=tuple(steps),
        shared_parts=None,
        cases=cases,
        differing=differing_in(exercise, catalogue),
    )


def differing_in(exercise: Exercise, catalogue: Catalogue) -> tuple[Differing, ...]:
    """What bodies say differently of the kinds of help that an exercise names, with every body's own rating."""
    wanted = {option.key for option in (exercise.shared or {}).get("disagreements", ())}
    made = []
    for key in sorted(wanted & set(catalogue.interventions)):
        entry = catalogue.interventions[key]
        rated = {
            (
                catalogue.sources[row.source].body,
                f"{row.rating.scale.upper()}: {row.rating.level}",
                row.says,
            )
            for row in entry.evidence
            if row.rating is not None
        }
        studies = {
            (catalogue.sources[row.source].body, EFFECT_ON_A_CARD[row.effect], row.says)
            for row in entry.evidence
            if row.rating is None and row.need is not None
        }
        made.append(
            Differing(
                intervention=key,
                title=entry.title,
                bodies=tuple(sorted(rated)) + tuple(sorted(studies)),
                splits=tuple(
                    (row.about, row.says, row.criterion or "Nobody has said what splits them.")
                    for row in catalogue.disagreements
                    if row.intervention == key
                ),
            )
        )
    return tuple(made)  # fmt: skip


def _dealt_step(
    exercise: Exercise, step: Step, catalogue: Catalogue, families: Mapping[str, Family]
) -> Step:
    card, found = step.card, None
    if card is not None and card.entry:
        found = finding(catalogue, card.entry)
        if found is None:
            raise Mistakes((f'"{card.entry}" is no finding of the catalogue. Use the id of one.',))
        card = card_of(card, *found, catalogue)
    if card is not None and card.flaws is not None:
        family = families.get(next(iter(exercise.families), ""))
        if family is None:
            raise Mistakes(("a package with flaws needs a family. Name one under families.",))
        card = flawed_card(card, deal_case(exercise.families[0], family, NO_NOTES, catalogue))
    parts = step.parts
    if step.same_parts:
        parts = (exercise.shared_parts or {}).get(step.same_parts, ())
        if not parts:
            raise Mistakes((f'there are no shared parts called "{step.same_parts}". Check it.',))
    answered = []
    for part in parts:
        if part.rule in AT_ONCE:
            right, why = AT_ONCE[part.rule](card, found)
            answered.append(replace(part, right=right, rule="", why=why))
        else:
            answered.append(part)
    return replace(step, card=card, parts=tuple(answered), same_parts="")


def finding(catalogue: Catalogue, wanted: str) -> tuple[Intervention, Evidence] | None:
    """A finding of the catalogue by its id, with what it is about."""
    for intervention in catalogue.interventions.values():
        for row in intervention.evidence:
            if row.id == wanted:
                return intervention, row
    return None


def card_of(card: Card, intervention: Intervention, row: Evidence, catalogue: Catalogue) -> Card:
    """A card that shows an entry of the catalogue in the entry's own words."""
    outcome = next((o for o in row.outcomes if o.what == card.outcome), None)
    if card.outcome and outcome is None:
        raise Mistakes(
            (f'the finding {row.id} has no outcome "{card.outcome}". Copy its words exactly.',)
        )
    low, high = card_interval(outcome)
    rated = rating_words(row.rating, catalogue) if row.rating else ""
    said = [f"{intervention.title}. {row.says}"]
    if outcome is not None:
        said.append(outcome_words(outcome))
    if row.population.says != "not stated":
        said.append(f"Tested with: {row.population.says}.")
    if card.full:
        said += _in_full(intervention, row, catalogue)
    return replace(
        card,
        says=" ".join(said),
        rated=rated,
        low=low,
        high=high,
        source=source_words(catalogue.sources[row.source]),
        read=READ_ON_A_CARD[row.read],
    )


def _in_full(intervention: Intervention, row: Evidence, catalogue: Catalogue) -> list[str]:
    """What an entry says of need, ages and whoever gives it, so that a card can be judged by itself."""
    said = []
    if row.need is not None:
        said.append(f"Need: {catalogue.need_types[row.need].label.lower()}.")
    if "prevention" in intervention.tags:
        said.append("It is given early, before harm, to prevent it.")
    ages = tested_ages((intervention, row))
    if ages:
        said.append("Ages tested: " + ", ".join(f"{age_words(r.low)} to {age_words(r.high)}" for r in ages) + ".")  # fmt: skip
    if intervention.asks is not None and intervention.asks.given_by:
        said.append(f"Given by: {intervention.asks.given_by}.")
    return said


def age_words(months: int) -> str:
    """An age as people say it."""
    if months < 0:
        return "before birth"
    return f"{months} months" if months < 24 else f"{months // 12} years"


def outcome_words(outcome: Outcome) -> str:
    """One measured result as a sentence."""
    words = f"{outcome.what[:1].upper()}{outcome.what[1:]}:"
    if outcome.effect is not None:
        words += f" {outcome.unit} {outcome.effect:g}"
        effect = standardised(outcome)
        if effect is not None and outcome.unit not in SD_UNITS:
            words += f", about {abs(effect):.2f} standard deviations"
        if outcome.interval:
            words += f" (from {outcome.interval[0]:g} to {outcome.interval[1]:g})"
        words += ","
    if outcome.says:
        words += f" {outcome.says},"
    return words.rstrip(",:") + "."


def rating_words(rating: Rating, catalogue: Catalogue) -> str:
    """A body's rating in its own words."""
    scale = catalogue.scales[rating.scale]
    label = next((one.label for one in scale.levels if one.level == rating.level), rating.level)
    return f"{scale.title}: {label}"


def source_words(source: Source) -> str:
    """A source as it is named on a card."""
    return f"{source.title}, {source.body}{f', {source.year}' if source.year else ''}"


def _wrong_in(exercise: Exercise, stem: str) -> Iterator[str]:
    """What does not hang together inside one exercise."""
    if exercise.key != stem:
        yield f"key: {exercise.key} is not the file's name. Make them the same."
    keys = [step.key for step in exercise.steps]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"steps: {key} is there twice. Keep one."
    if not exercise.built and not exercise.steps:
        yield "steps: there is none. Add one."
    parts = [
        *((step.key, part) for step in exercise.steps for part in step.parts),
        *(
            (name, part)
            for name, shared in (exercise.shared_parts or {}).items()
            for part in shared
        ),
    ]
    for at, part in parts:
        options = {option.key for option in exercise.options(part)}
        if part.shared and not options:
            yield f'{at}.{part.key}: there is no shared list "{part.shared}". Check it.'
        for wrong in sorted(set(part.right) - options) if options else ():
            yield f"{at}.{part.key}: right: {wrong} is none of its options. Correct it."
        if part.start and part.start not in options:
            yield f"{at}.{part.key}: start: {part.start} is none of its options. Correct it."
        if part.rule and part.rule not in {*AT_ONCE, *LATER}:
            yield f'{at}.{part.key}: rule: there is no calculation "{part.rule}". Correct it.'
        if part.points and part.right and not part.why and not part.rule:
            yield f"{at}.{part.key}: why: this is missing. Say why it is right."
    for step in exercise.steps:
        if step.chart and step.chart not in CHART_NAMES:
            yield f'{step.key}: chart: there is no picture "{step.chart}". Correct it.'
        if step.recalls and step.recalls not in {name for name, _, _ in exercise.questions()}:
            yield f"{step.key}: recalls: there is no question {step.recalls}. Correct it."
        asked, _, option = step.only_if.partition("=")
        if step.only_if and not _has_option(exercise, asked, option):
            yield f"{step.key}: only_if: {step.only_if} is no answer of this exercise. Correct it."


def _has_option(exercise: Exercise, asked: str, option: str) -> bool:
    return any(
        name == asked and option in {o.key for o in exercise.options(part)}
        for name, _, part in exercise.questions()
    )


def _dangling(made: Curriculum) -> Iterator[str]:
    """What points at something that is not there, over all files."""
    codes = {m.code for m in made.misconceptions}
    keys = {one.key for one in made.exercises}
    for one in made.exercises:
        file = f"{one.key}.yaml"
        used = {
            *one.misconceptions,
            *(o.misconception for _, _, part in one.questions() for o in one.options(part)),
        }
        for code in sorted(used - codes - {""}):
            yield f"{file}: there is no misconception {code} in misconceptions.yaml. Add it."
        names = {name for name, _, _ in one.questions()}
        for chart in one.room_charts:
            if chart not in names and chart not in ROOM_CHARTS:
                yield f"{file}: room_charts: {chart} is neither a question nor a picture. Correct it."
    for table in made.timetables:
        for slot in table.slots:
            if slot.part not in keys and slot.part not in OTHER_PARTS:
                yield f"timetables.yaml: {table.key}: there is no part {slot.part}. Correct it."
    yield from _wrong_in_quiz(made.quiz, codes, {f"E{one.number}" for one in made.exercises})


def _wrong_in_quiz(quiz: Quiz, codes: set[str], exercises: set[str]) -> Iterator[str]:
    """The rules by which a question of the quiz is read."""
    ids = [item.id for item in quiz.items]
    for wrong in sorted({one for one in ids if ids.count(one) > 1}):
        yield f"quiz.yaml: {wrong}: this id is there twice. Keep one."
    for missing in sorted(set(quiz.short) - set(ids)):
        yield f"quiz.yaml: short: there is no question {missing}. Correct it."
    for item in quiz.items:
        at = f"quiz.yaml: {item.id}"
        if len(item.options) != 4:
            yield f"{at}: options: there are {len(item.options)}. Give four."
        if item.key not in item.options:
            yield f"{at}: key: {item.key} is none of the options. Correct it."
        if not item.rationale.strip():
            yield f"{at}: rationale: this is missing. Say why the key is right."
        if item.exercise not in exercises:
            yield f"{at}: exercise: there is no {item.exercise}. Correct it."
        lengths = [len(option.text) for option in item.options.values()]
        if lengths and max(lengths) / max(1, min(lengths)) > LONGEST_RATIO:
            yield f"{at}: options: the longest is more than 1.5 times the shortest. Even them out."
        for option in item.options.values():
            if option.misconception and option.misconception not in codes:
                yield f"{at}: there is no misconception {option.misconception}. Correct it."
