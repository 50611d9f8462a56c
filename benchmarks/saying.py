"""One line for one measure."""


def say(name: str, value: float, goal: float | None, more: str = "") -> None:
    """Prints a ratio, with its goal where it has one, and what it is made of."""
    verdict = (
        "" if goal is None else f"  goal at most {goal:g}: {'met' if value <= goal else 'NOT MET'}"
    )
    print(f"{name:<58}{value:7.2f}{verdict}{'  ' + more if more else ''}", flush=True)
