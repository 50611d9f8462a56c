"""One person's place in one exercise: what they were dealt, what they answered, how their picture is turned."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cpassist.workshop.exercises.records import Exercise, Phase
from cpassist.workshop.figures.simulation import generator

LATEST_FIRST = (Phase.REVOTE, Phase.RUN, Phase.PREDICT)
Answers = Mapping[tuple[str, str], str]
"""(step.part, phase) → what was answered: a key, a number, or keys with spaces between."""


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A seat number is drawn at random and is no place in a queue."""

    seed: int = 0
    number: int = 0
    answers: Answers = field(default_factory=dict)
    dials: Mapping[str, str] = field(default_factory=dict)
    """step.part → where a dial stands."""
    turn: int = 0
    """How often the simulation was run again."""

    def latest(self, name: str) -> str:
        """The last answer to a question; empty where there is none."""
        return next((self.answers[name, p] for p in LATEST_FIRST if (name, p) in self.answers), "")

    def first(self, name: str) -> str:
        """The first answer to a question; empty where there is none."""
        return next(
            (self.answers[name, p] for p in reversed(LATEST_FIRST) if (name, p) in self.answers), ""
        )

    def dial(self, exercise: Exercise, step: str, key: str, otherwise: str = "") -> str:
        """Where a dial of a step stands."""
        found = exercise.step(step)
        part = next((p for p in found.parts if p.key == key), None) if found else None
        begins = (self.latest(part.begins) or part.start) if part else otherwise
        return self.dials.get(f"{step}.{key}", begins)

    def draw(self, exercise: Exercise, turn: int = 0) -> np.random.Generator:
        """The random numbers of this seat in this exercise."""
        return generator(self.seed, exercise.number, self.number, turn)

    def dealt(self) -> int:
        """The size of trial that this seat was dealt for The drawer, in each arm."""
        return (20, 50, 200)[self.number % 3]


def as_number(said: str) -> float | None:
    """What was typed as a number; None where it is none."""
    try:
        value = float(said)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def shown_before(seat: Seat, only_if: str) -> bool:
    """Whether somebody chose what a step waits for."""
    name, _, option = only_if.partition("=")
    return not only_if or option in seat.latest(name).split()
