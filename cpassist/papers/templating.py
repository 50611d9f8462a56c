"""The one set of templates, autoescaped: what a person typed never becomes markup."""

from functools import cache
from pathlib import Path

import jinja2


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).resolve().parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def template(name: str) -> jinja2.Template:
    """One of our templates."""
    return _templates().get_template(name)
