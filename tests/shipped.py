"""What tests read of what we ship: the catalogue, read once for all of them, and the schemas."""

import json
from functools import cache
from pathlib import Path

import jsonschema

from cpassist.catalogue.reading import read_catalogue

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = read_catalogue(ROOT / "catalogue")


@cache
def schema(name):
    """One of the schemas that we publish: `package`, `family`, `explain` ..."""
    path = ROOT / "catalogue" / "schemas" / f"{name}.schema.json"
    return jsonschema.Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
