"""The one set of templates, autoescaped: what a person typed never becomes markup."""

from functools import cache
from pathlib import Path

import jinja2

HOUSE = Path(__file__).resolve().parent.parent


@cache
def _templates() -> jinja2.Environment:
    # Each room keeps its templates beside its views; their names are different everywhere.
    folders = sorted(path for path in HOUSE.rglob("templates") if path.is_dir())
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def template(name: str) -> jinja2.Template:
    """One of our templates."""
    return _templates().get_template(name)
