"""The command line: serve, plan, explain, check-catalogue, and what looks after the plans that are kept."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cpassist import __version__
from cpassist import commands as commands_of
from cpassist.commands import DONE, MISTAKE
from cpassist.errors import CpassistError

# The rest is loaded by the command that needs it, so that stopping early is quiet and --help is quick.
if TYPE_CHECKING:
    pass

STOPPED = 130
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0 when done, 1 for a mistake in what was given; usage exits with 2."""
    _steady_streams()
    chosen = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        code = run(chosen)
        sys.stdout.flush()
    except CpassistError as mistake:
        # What was typed is repeated in mistakes, and must not steer the terminal.
        print(CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(mistake)), file=sys.stderr)
        return MISTAKE
    except BrokenPipeError:
        # Whoever read our output (head, less) has seen enough.
        _forget_output()
        return DONE
    except KeyboardInterrupt:
        return STOPPED
    except OSError as trouble:
        _forget_output()
        print(
            f"output: it could not be written ({trouble.strerror}). Check the disk.",
            file=sys.stderr,
        )
        return MISTAKE
    return code


def _steady_streams() -> None:
    """Closed streams lead nowhere, and letters that a terminal cannot show become question marks."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  kept open to the end
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _forget_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cpassist",
        description="From a family's assessed needs to one evidenced support package. People decide.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="start the pages on this machine")
    serve.add_argument("--port", type=int, default=8866, help="default 8866")
    serve.add_argument("--no-browser", action="store_true", help="do not open a browser")
    serve.add_argument("--workspace", type=Path, default=None, help="where drafts are kept")
    serve.add_argument("--catalogue", type=Path, action="append", default=[], metavar="DIR")
    serve.add_argument("--availability", type=Path, metavar="FILE", help="what is offered here")
    serve.add_argument("--database", metavar="ADDRESS", help="PostgreSQL in place of a file")
    serve.add_argument(
        "--training", action="store_true", help="invented families only; the supervisor is played"
    )
    serve.add_argument(
        "--room",
        action="store_true",
        help="a workshop: the trainer's and participants' pages, also for others on this network",
    )
    serve.set_defaults(run=commands_of.serve)

    plan = commands.add_parser("plan", help="a family file in, the proposed package out")
    _add_family(plan)
    plan.add_argument(
        "--look-again", action="store_true", help="also what would change it if it were otherwise"
    )
    plan.add_argument(
        "--all",
        action="store_true",
        dest="everything",
        help="every step, question and thing set aside, each with its reason",
    )
    plan.set_defaults(run=commands_of.plan)

    why = commands.add_parser(
        "explain", help="every intervention for one need: offered, or why not"
    )
    _add_family(why)
    why.add_argument("--need", required=True, metavar="PERSON:NEED")
    why.set_defaults(run=commands_of.explain)

    _add_doors_and_papers(commands)

    check = commands.add_parser("check-catalogue", help="every offender in the catalogue")
    check.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    check.set_defaults(run=commands_of.check_catalogue)

    for name, run, says in (
        ("plans", commands_of.plans, "the plans that are kept, each with its key"),
        ("replay", commands_of.replay, "make a plan's package once more, and say what differs"),
        (
            "check-trail",
            commands_of.check_trail,
            "whether everything that was done is there as it was written",
        ),
        ("purge", commands_of.purge, "delete a plan for good, or every plan that is due"),
        ("backup", commands_of.backup, "copy plans and drafts to a file, while others go on"),
        ("restore", commands_of.restore, "put plans and drafts back from such a file"),
    ):
        command = commands.add_parser(name, help=says)
        command.add_argument("--workspace", type=Path, default=None, help="where plans are kept")
        command.add_argument("--database", metavar="ADDRESS", help="PostgreSQL in place of a file")
        command.set_defaults(run=run)
        if name == "replay":
            command.add_argument("plan", metavar="PLAN", help="its key, or the beginning of it")
            command.add_argument(
                "--catalogue", type=Path, action="append", default=[], metavar="DIR"
            )
        if name == "purge":
            which = command.add_mutually_exclusive_group(required=True)
            which.add_argument("plan", nargs="?", metavar="PLAN")
            which.add_argument("--due", action="store_true", help="every plan whose day has come")
        if name in {"backup", "restore"}:
            command.add_argument("file", type=Path, metavar="FILE")
    return parser


def _add_doors_and_papers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What goes out as a paper and what comes in from a census."""
    paper = commands.add_parser("document", help="a plan, or a proposed package, as a paper")
    paper.add_argument("family", nargs="?", type=Path, metavar="FAMILY.yaml")
    paper.add_argument("--plan", metavar="PLAN", help="a plan that is kept, by its key")
    paper.add_argument(
        "--to",
        required=True,
        type=Path,
        metavar="FILE",
        help="ends in .html, .docx, .pdf, .txt, .json or .csv",
    )
    paper.add_argument(
        "--reader", choices=("worker", "council", "parent", "child"), default="worker"
    )
    paper.add_argument("--person", default="", metavar="KEY", help="whose copy it is")
    paper.add_argument("--template", type=Path, metavar="FILE.docx", help="a council's own")
    paper.add_argument("--on", metavar="DATE", help="the planning day, as 2026-11-23")
    paper.add_argument("--availability", type=Path, metavar="FILE", help="what is offered here")
    paper.add_argument("--catalogue", type=Path, action="append", default=[], metavar="DIR")
    paper.add_argument("--workspace", type=Path, default=None, help="where plans are kept")
    paper.add_argument("--database", metavar="ADDRESS", help="PostgreSQL in place of a file")
    paper.set_defaults(run=commands_of.document)

    directory = commands.add_parser(
        "directory", help="read a local directory, or write one to fill in"
    )
    directory.add_argument("file", type=Path, metavar="FILE.csv")
    which = directory.add_mutually_exclusive_group()
    which.add_argument("--template", action="store_true", help="write an empty one")
    which.add_argument("--example", action="store_true", help="write a small invented one")
    directory.add_argument("--catalogue", type=Path, action="append", default=[], metavar="DIR")
    directory.set_defaults(run=commands_of.directory)

    census = commands.add_parser(
        "import-census", help="a CIN census return in, candidate families out"
    )
    census.add_argument(
        "census", type=Path, metavar="CENSUS", help="an XML file, or a folder of tables"
    )
    census.add_argument("--to", required=True, type=Path, metavar="DIR")
    census.add_argument("--catalogue", type=Path, action="append", default=[], metavar="DIR")
    census.set_defaults(run=commands_of.import_census)


def _add_family(command: argparse.ArgumentParser) -> None:
    command.add_argument("family", type=Path, metavar="FAMILY.yaml")
    command.add_argument("--on", metavar="DATE", help="the planning day, as 2026-11-23")
    command.add_argument("--availability", type=Path, metavar="FILE", help="what is offered here")
    command.add_argument("--catalogue", type=Path, action="append", default=[], metavar="DIR")
    command.add_argument("--as", dest="form", choices=("text", "json"), default="text")


if __name__ == "__main__":
    sys.exit(main())
