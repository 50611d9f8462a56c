"""The command line: serve, plan, explain, check-catalogue, and what looks after the plans that are kept."""

import argparse
import datetime
import difflib
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from cpassist import __version__
from cpassist.errors import CpassistError, InvalidRecord, Mistakes

# The rest is loaded by the command that needs it, so that stopping early is quiet and --help is quick.
if TYPE_CHECKING:
    import networkx as nx

    from cpassist.catalogue.records import Availability, Catalogue
    from cpassist.family import Family
    from cpassist.planning.package import SupportPackage
    from cpassist.records.store import Store

DONE, MISTAKE, STOPPED = 0, 1, 130
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
    serve.set_defaults(run=_serve)

    plan = commands.add_parser("plan", help="a family file in, the proposed package out")
    _add_family(plan)
    plan.add_argument(
        "--look-again", action="store_true", help="also what would change it if it were otherwise"
    )
    plan.set_defaults(run=_plan)

    why = commands.add_parser(
        "explain", help="every intervention for one need: offered, or why not"
    )
    _add_family(why)
    why.add_argument("--need", required=True, metavar="PERSON:NEED")
    why.set_defaults(run=_explain)

    _add_doors_and_papers(commands)

    check = commands.add_parser("check-catalogue", help="every offender in the catalogue")
    check.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    check.set_defaults(run=_check_catalogue)

    for name, run, says in (
        ("plans", _plans, "the plans that are kept, each with its key"),
        ("replay", _replay, "make a plan's package once more, and say what differs"),
        (
            "check-trail",
            _check_trail,
            "whether everything that was done is there as it was written",
        ),
        ("purge", _purge, "delete a plan for good, or every plan that is due"),
        ("backup", _backup, "copy plans and drafts to a file, while others go on"),
        ("restore", _restore, "put plans and drafts back from such a file"),
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
    paper.set_defaults(run=_document)

    directory = commands.add_parser(
        "directory", help="read a local directory, or write one to fill in"
    )
    directory.add_argument("file", type=Path, metavar="FILE.csv")
    which = directory.add_mutually_exclusive_group()
    which.add_argument("--template", action="store_true", help="write an empty one")
    which.add_argument("--example", action="store_true", help="write a small invented one")
    directory.add_argument("--catalogue", type=Path, action="append", default=[], metavar="DIR")
    directory.set_defaults(run=_directory)

    census = commands.add_parser(
        "import-census", help="a CIN census return in, candidate families out"
    )
    census.add_argument(
        "census", type=Path, metavar="CENSUS", help="an XML file, or a folder of tables"
    )
    census.add_argument("--to", required=True, type=Path, metavar="DIR")
    census.add_argument("--catalogue", type=Path, action="append", default=[], metavar="DIR")
    census.set_defaults(run=_import_census)


def _add_family(command: argparse.ArgumentParser) -> None:
    command.add_argument("family", type=Path, metavar="FAMILY.yaml")
    command.add_argument("--on", metavar="DATE", help="the planning day, as 2026-11-23")
    command.add_argument("--availability", type=Path, metavar="FILE", help="what is offered here")
    command.add_argument("--catalogue", type=Path, action="append", default=[], metavar="DIR")
    command.add_argument("--as", dest="form", choices=("text", "json"), default="text")


def _serve(chosen: argparse.Namespace) -> int:
    # The server's libraries are heavy: only this command loads them.
    from cpassist.workspace import default_room, default_workspace

    if chosen.room:
        from cpassist.room_server import serve_room

        if chosen.training or chosen.availability:
            raise Mistakes(("--room: a workshop takes neither --training nor --availability.",))
        return serve_room(
            port=chosen.port,
            open_browser=not chosen.no_browser,
            workspace=chosen.workspace or default_room(),
            catalogues=tuple(chosen.catalogue),
            database=chosen.database or "",
        )
    from cpassist.launcher import serve

    return serve(
        port=chosen.port,
        open_browser=not chosen.no_browser,
        workspace=chosen.workspace or default_workspace(),
        catalogues=tuple(chosen.catalogue),
        availability=chosen.availability,
        database=chosen.database or "",
        training=chosen.training,
    )


def _planned(
    chosen: argparse.Namespace,
) -> "tuple[Family, Catalogue, SupportPackage, nx.DiGraph[str]]":
    from cpassist.catalogue.reading import read_catalogue
    from cpassist.doors.availability import read_local
    from cpassist.doors.family_file import read_family
    from cpassist.planning.proposal import propose_with_graph
    from cpassist.workspace import catalogue_folders

    catalogue = read_catalogue(*catalogue_folders(tuple(chosen.catalogue)))
    family = read_family(chosen.family, catalogue)
    here: dict[str, Availability] | None = None
    if chosen.availability:
        directory = read_local(chosen.availability, catalogue)
        here = directory.here
        for says in directory.oddities:
            print(says, file=sys.stderr)
    on = _planning_day(chosen.on, family)
    try:
        graph, package = propose_with_graph(family, catalogue, here, on)
    except Mistakes as mistakes:
        named = tuple(f"{chosen.family.name}: {mistake}" for mistake in mistakes.mistakes)
        raise Mistakes(named) from None
    return family, catalogue, package, graph


def _planning_day(said: str | None, family: "Family") -> datetime.date:
    """`--on`; else the day of assessment of an invented family; else today."""
    from cpassist.family_vocabulary import read_day

    if said is not None:
        try:
            first, last = read_day(said)
        except InvalidRecord:
            raise Mistakes((f'--on: "{said[:20]}" is no day. Write it as 2026-11-23.',)) from None
        if first != last:
            raise Mistakes((f'--on: "{said}" is not one day. Write it as 2026-11-23.',))
        return first
    if family.invented:
        return family.assessed_on
    return datetime.datetime.now(tz=datetime.UTC).astimezone().date()


def _plan(chosen: argparse.Namespace) -> int:
    from cpassist.papers.package_json import to_json
    from cpassist.papers.package_text import package_to_text

    family, catalogue, package, graph = _planned(chosen)
    looks = None
    if chosen.look_again:
        from cpassist.planning.graph import question_of
        from cpassist.planning.look_again import worth_another_look

        looks = worth_another_look(question_of(graph), package)
    text = (
        to_json(package, looks)
        if chosen.form == "json"
        else package_to_text(package, family, catalogue, looks)
    )
    sys.stdout.write(text)
    return DONE


def _explain(chosen: argparse.Namespace) -> int:
    from cpassist.papers.package_text import explained_to_text
    from cpassist.planning.explain import explain

    family, catalogue, package, _ = _planned(chosen)
    person, _, need = chosen.need.partition(":")
    if family.need(person, need) is None:
        known = sorted(f"{n.person}:{n.need}" for n in family.needs)
        near = difflib.get_close_matches(chosen.need, known, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        said = f"--need: {chosen.need[:80]} is not recorded. {hint}"
        raise Mistakes((f"{said}Recorded are: {', '.join(known) or 'none'}.",))
    rows = explain(package, person, need)
    if chosen.form == "json":
        sys.stdout.write(
            json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2) + "\n"
        )
    else:
        sys.stdout.write(explained_to_text(rows, person, need, family, catalogue))
    return DONE


def _document(chosen: argparse.Namespace) -> int:
    from cpassist.catalogue.reading import read_catalogue
    from cpassist.papers.document import build_document
    from cpassist.papers.files import DATA, data_bytes, write_paper, write_whole
    from cpassist.papers.readers import FAMILY_COPIES, Reader
    from cpassist.records.plan import CasePlan
    from cpassist.upkeep import find_plan
    from cpassist.workspace import catalogue_folders

    if (chosen.family is None) == (chosen.plan is None):
        raise Mistakes(("Give a family file, or a plan with --plan KEY: one of the two.",))
    if chosen.plan is not None:
        catalogue = read_catalogue(*catalogue_folders(tuple(chosen.catalogue)))
        plan = find_plan(_store(chosen), chosen.plan)
    else:
        family, catalogue, package, _ = _planned(chosen)
        plan = CasePlan(key="", family=family, package=package)
    reader = Reader(chosen.reader)
    ending = chosen.to.suffix.casefold()
    if ending in DATA:
        if reader is not Reader.WORKER:
            raise Mistakes((f"{chosen.to.name}: {ending} is the whole plan as data, and no paper for anybody else.",))  # fmt: skip
        write_whole(chosen.to, data_bytes(plan, catalogue, ending))
        print(f"{chosen.to}: written.")
        return DONE
    today = _now().date()
    document = build_document(plan, catalogue, reader, chosen.person, made_on=today)
    write_paper(document, plan, chosen.to, template=chosen.template, made_on=today)
    print(f"{chosen.to}: written.")
    if reader in FAMILY_COPIES:
        print("Nobody has checked it: read it on the page before anybody gets it.")
        for left in document.left_out:
            print(f"Left out: {left.what}: {left.because}.")
    return DONE


def _directory(chosen: argparse.Namespace) -> int:
    from cpassist.catalogue.reading import read_catalogue
    from cpassist.doors.availability import read_local, template
    from cpassist.papers.files import write_whole
    from cpassist.workspace import catalogue_folders

    catalogue = read_catalogue(*catalogue_folders(tuple(chosen.catalogue)))
    if chosen.template or chosen.example:
        if chosen.file.exists():
            raise Mistakes((f"{chosen.file}: there is something of that name. Choose another.",))
        # The mark at the beginning lets a spreadsheet open its letters whole.
        text = template(catalogue, example=chosen.example)
        write_whole(chosen.file, text.encode("utf-8-sig"))
        print(f"{chosen.file}: written. An empty cell means not known, which is not none.")
        return DONE
    directory = read_local(chosen.file, catalogue)
    print("\n".join(directory.oddities))
    print(
        f"{len(directory.here)} kinds of help can be had here; {len(directory.oddities)} lines to look at."
    )
    return DONE


def _import_census(chosen: argparse.Namespace) -> int:
    from cpassist.catalogue.reading import read_catalogue
    from cpassist.doors.census_files import read_census, read_tables
    from cpassist.doors.census_folder import CHILDREN, LOOK_AT, write_candidates
    from cpassist.workspace import catalogue_folders

    catalogue = read_catalogue(*catalogue_folders(tuple(chosen.catalogue)))
    if chosen.census.is_dir():
        families, lines = write_candidates(read_tables(chosen.census, catalogue), chosen.to)
    else:
        try:
            file = chosen.census.open("rb")
        except OSError as trouble:
            raise Mistakes((f"{chosen.census}: it cannot be read ({trouble.strerror}).",)) from None
        with file:
            found = read_census(file, chosen.census.name, catalogue)
            families, lines = write_candidates(found, chosen.to)
    print(f"{chosen.to}: {families} candidate families, {lines} lines to look at.")
    print(f"{LOOK_AT} says what needs a person's eye, {CHILDREN} which file is whose.")
    print(
        "A return counts a year; it is no live assessment. No need has a level until somebody gives it one."
    )
    return DONE


def _store(chosen: argparse.Namespace) -> "Store":
    from cpassist.records.database import open_database
    from cpassist.records.store import Store
    from cpassist.workspace import default_workspace, file_of_plans

    folder = chosen.workspace or default_workspace()
    if not chosen.database and not file_of_plans(folder).exists():
        raise Mistakes(
            (f"{folder}: no plans are kept there. Choose another with --workspace DIR.",)
        )
    return Store(open_database(chosen.database or f"sqlite:///{file_of_plans(folder)}"))


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC).astimezone()


def _plans(chosen: argparse.Namespace) -> int:
    from cpassist.upkeep import list_plans

    lines = list_plans(_store(chosen), _now().date())
    print("\n".join(lines) or "No plan is kept here.")
    return DONE


def _replay(chosen: argparse.Namespace) -> int:
    from cpassist.catalogue.reading import read_catalogue
    from cpassist.upkeep import replayed
    from cpassist.workspace import catalogue_folders

    catalogue = read_catalogue(*catalogue_folders(tuple(chosen.catalogue)))
    differing = replayed(_store(chosen), chosen.plan, catalogue)
    print("\n".join(differing) or "The same package comes out.")
    return MISTAKE if differing else DONE


def _check_trail(chosen: argparse.Namespace) -> int:
    store = _store(chosen)
    wrong = store.verify_trail()
    if wrong:
        raise Mistakes(tuple(f"trail: {says}" for says in wrong))
    print(
        f"{len(store.trail(None, None))} lines: every one follows from the one before, and holds."
    )
    return DONE


def _purge(chosen: argparse.Namespace) -> int:
    from cpassist.upkeep import purge, purge_due

    store = _store(chosen)
    gone = purge_due(store, _now()) if chosen.due else (purge(store, chosen.plan, _now()),)
    print("\n".join(gone) or "Nothing is due.")
    return DONE


def _backup(chosen: argparse.Namespace) -> int:
    from cpassist.upkeep import back_up

    back_up(_store(chosen), chosen.file)
    print(f"{chosen.file}: a whole copy. Keep it as safe as the plans themselves.")
    return DONE


def _restore(chosen: argparse.Namespace) -> int:
    from cpassist.records.database import open_database
    from cpassist.records.store import Store
    from cpassist.upkeep import put_back
    from cpassist.workspace import default_workspace, file_of_plans

    folder = chosen.workspace or default_workspace()
    address = chosen.database or f"sqlite:///{file_of_plans(folder)}"
    put_back(Store(open_database(address)), chosen.file)
    print(f"{chosen.file}: put back. Pages that are open show it once they are loaded again.")
    return DONE


def _check_catalogue(chosen: argparse.Namespace) -> int:
    from cpassist.catalogue.reading import read_catalogue
    from cpassist.workspace import catalogue_folders

    folders = catalogue_folders((chosen.folder,) if chosen.folder else ())
    catalogue = read_catalogue(*folders)
    print(
        f"{len(catalogue.interventions)} interventions, {len(catalogue.rules)} rules, "
        f"{len(catalogue.questions)} safety questions, {len(catalogue.sources)} sources: nothing to mend."
    )
    return DONE


if __name__ == "__main__":
    sys.exit(main())
