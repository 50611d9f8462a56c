"""As others install it: the wheel, in an empty environment."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

import cpassist


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """An empty environment with the wheel in it, and the Python there; what it needs comes from beside."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    place = folder / "env"
    venv.create(place, with_pip=False, symlinks=True)
    packages = next(place.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            kind, _, rest = name.partition(".data/data/")
            to = place / rest if rest else packages / kind
            if not name.endswith("/"):
                to.parent.mkdir(parents=True, exist_ok=True)
                to.write_bytes(packed.read(name))
    return place, packages


def run(installed, *given):
    place, _ = installed
    env = {
        "PYTHONPATH": sysconfig.get_paths()["purelib"],
        "PATH": os.environ["PATH"],
        "HOME": str(place),
    }
    return subprocess.run(
        [place / "bin" / "python", *given],
        capture_output=True,
        text=True,
        env=env,
        cwd=place,
        check=False,
    )


def test_the_wheel_alone_imports_plans_and_says_its_version(installed):
    place, packages = installed
    code = "import cpassist as cp; print(cp.__file__); print(len(cp.plan('larkfield').offers), len(cp.families())); print(cp.exercise('e03').answer != {})"
    done = run(installed, "-c", code)
    assert done.returncode == 0, done.stderr
    where, counts, answers = done.stdout.splitlines()
    assert Path(where).is_relative_to(packages)
    assert int(counts.split()[0]) > 0
    assert answers == "True"
    assert run(installed, "-m", "cpassist", "--version").stdout.strip() == cpassist.__version__
    assert "--port" in run(installed, "-m", "cpassist", "serve", "--help").stdout
    assert (place / "share" / "cpassist" / "notebooks" / "tour.ipynb").is_file()
    assert "cpassist.__main__" in next(packages.glob("*.dist-info/entry_points.txt")).read_text()
