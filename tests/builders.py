"""Families with sensible defaults, so that a test says only what it is about."""

from cpassist.family.family import Family
from cpassist.importing.family_file import build_family


def a_family(**parts) -> Family:
    """A family as a case file would write it; `people` and the rest are plain mappings."""
    body = {"label": "A test family", "invented": True, "assessed": "2026-11-02", **parts}
    return build_family(body, "test.yaml")


def an_adult(key: str, **more) -> dict:
    return {
        "key": key,
        "role": "adult",
        "label": key.title(),
        "born": "1990",
        "lives_in": ["home"],
        **more,
    }


def a_child(key: str, born: str = "2018-05", **more) -> dict:
    return {
        "key": key,
        "role": "child",
        "label": key.title(),
        "born": born,
        "lives_in": ["home"],
        **more,
    }


def answer(
    ask: str, person: str | None = None, other: str | None = None, value: str = "true"
) -> dict:
    return {"ask": ask, "person": person, "other": other, "answer": value}
