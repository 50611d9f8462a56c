"""What each command does: it reads what was given, calls one function of ours, and prints.

A command loads what it needs and no more, so that stopping early is quiet and --help is quick.
"""

import argparse
import datetime
import difflib
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from cpassist.errors import InvalidRecord, Mistakes

if TYPE_CHECKING:
    import networkx as nx

    from cpassist.catalogue.catalogue import Catalogue
    from cpassist.catalogue.records import Availability
    from cpassist.family.family import Family
    from cpassist.planning.package.package import SupportPackage
    from cpassist.storage.plan_store import Store

DONE, MISTAKE = 0, 1


def serve(chosen: argparse.Namespace) -> int:
    # The server's libraries are heavy: only this command loads them.
    from cpassist.places import default_room, default_workspace

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
    from cpassist.importing.family_file import read_family
    from cpassist.importing.local_directory import read_local
    from cpassist.places import catalogue_folders
    from cpassist.planning.proposal import propose_with_matching

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
        matching, package = propose_with_matching(family, catalogue, here, on)
    except Mistakes as mistakes:
        named = tuple(f"{chosen.family.name}: {mistake}" for mistake in mistakes.mistakes)
        raise Mistakes(named) from None
    return family, catalogue, package, matching


def _planning_day(said: str | None, family: "Family") -> datetime.date:
    """`--on`; else the day of assessment of an invented family; else today."""
    from cpassist.family.vocabulary import read_day

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


def plan(chosen: argparse.Namespace) -> int:
    from cpassist.papers.formats.package_json import to_json
    from cpassist.papers.written.package_text import package_to_text
    from cpassist.planning.asking_why.next_questions import next_questions, question_words

    family, catalogue, package, matching = _planned(chosen)
    looks = None
    if chosen.look_again:
        from cpassist.planning.asking_why.look_again import worth_another_look

        looks = worth_another_look(matching.question, package)
    questions = next_questions(matching, package)
    text = (
        to_json(package, looks, questions)
        if chosen.form == "json"
        else package_to_text(
            package,
            family,
            catalogue,
            looks,
            questions=[question_words(question, matching.question) for question in questions],
            everything=chosen.everything,
        )
    )
    sys.stdout.write(text)
    return DONE


def explain(chosen: argparse.Namespace) -> int:
    from cpassist.papers.written.package_text import explained_to_text
    from cpassist.planning.asking_why.explain import explain

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


def document(chosen: argparse.Namespace) -> int:
    from cpassist.catalogue.reading import read_catalogue
    from cpassist.papers.formats.files import DATA, data_bytes, write_paper, write_whole
    from cpassist.papers.written.document import build_document
    from cpassist.papers.written.readers import FAMILY_COPIES, Reader
    from cpassist.places import catalogue_folders
    from cpassist.plans.plan import CasePlan
    from cpassist.upkeep import find_plan

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


def directory(chosen: argparse.Namespace) -> int:
    from cpassist.catalogue.reading import read_catalogue
    from cpassist.catalogue.records import service_of
    from cpassist.importing.local_directory import read_local, template
    from cpassist.papers.formats.files import write_whole
    from cpassist.places import catalogue_folders

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
    services = sum(bool(service_of(key)) for key in directory.here)
    print(
        f"{len(directory.here) - services} kinds of help and {services} kinds of local service can be had here; "
        f"{len(directory.oddities)} lines to look at."
    )
    return DONE


def import_census(chosen: argparse.Namespace) -> int:
    from cpassist.catalogue.reading import read_catalogue
    from cpassist.importing.census_files import read_census, read_tables
    from cpassist.importing.census_folder import CHILDREN, LOOK_AT, write_candidates
    from cpassist.places import catalogue_folders

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
    from cpassist.places import default_workspace, file_of_plans
    from cpassist.storage.database import open_database
    from cpassist.storage.plan_store import Store

    folder = chosen.workspace or default_workspace()
    if not chosen.database and not file_of_plans(folder).exists():
        raise Mistakes(
            (f"{folder}: no plans are kept there. Choose another with --workspace DIR.",)
        )
    return Store(open_database(chosen.database or f"sqlite:///{file_of_plans(folder)}"))


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC).astimezone()


def plans(chosen: argparse.Namespace) -> int:
    from cpassist.upkeep import list_plans

    lines = list_plans(_store(chosen), _now().date())
    print("\n".join(lines) or "No plan is kept here.")
    return DONE


def replay(chosen: argparse.Namespace) -> int:
    from cpassist.catalogue.reading import read_catalogue
    from cpassist.places import catalogue_folders
    from cpassist.upkeep import replayed

    catalogue = read_catalogue(*catalogue_folders(tuple(chosen.catalogue)))
    differing = replayed(_store(chosen), chosen.plan, catalogue)
    print("\n".join(differing) or "The same package comes out.")
    return MISTAKE if differing else DONE


def check_trail(chosen: argparse.Namespace) -> int:
    store = _store(chosen)
    wrong = store.verify_trail()
    if wrong:
        raise Mistakes(tuple(f"trail: {says}" for says in wrong))
    print(
        f"{len(store.trail(None, None))} lines: every one follows from the one before, and holds."
    )
    return DONE


def purge(chosen: argparse.Namespace) -> int:
    from cpassist.upkeep import purge, purge_due

    store = _store(chosen)
    gone = purge_due(store, _now()) if chosen.due else (purge(store, chosen.plan, _now()),)
    print("\n".join(gone) or "Nothing is due.")
    return DONE


def backup(chosen: argparse.Namespace) -> int:
    from cpassist.upkeep import back_up

    back_up(_store(chosen), chosen.file)
    print(f"{chosen.file}: a whole copy. Keep it as safe as the plans themselves.")
    return DONE


def restore(chosen: argparse.Namespace) -> int:
    from cpassist.places import default_workspace, file_of_plans
    from cpassist.storage.database import open_database
    from cpassist.storage.plan_store import Store
    from cpassist.upkeep import put_back

    folder = chosen.workspace or default_workspace()
    address = chosen.database or f"sqlite:///{file_of_plans(folder)}"
    put_back(Store(open_database(address)), chosen.file)
    print(f"{chosen.file}: put back. Pages that are open show it once they are loaded again.")
    return DONE


def check_catalogue(chosen: argparse.Namespace) -> int:
    from cpassist.catalogue.reading import read_catalogue
    from cpassist.catalogue.unused import unused
    from cpassist.classroom import taught_in
    from cpassist.places import catalogue_folders

    folders = catalogue_folders((chosen.folder,) if chosen.folder else ())
    catalogue = read_catalogue(*folders)
    # A catalogue of needs and help alone has no exercises of its own, and ours name entries that it lacks.
    own = any((folder / "exercises").is_dir() for folder in folders)
    exercises = f", {len(taught_in(folders, catalogue).exercises)} exercises" if own else ""
    idle = tuple(unused(catalogue))
    for says in idle:
        print(says, file=sys.stderr)
    end = f"{len(idle)} thing{'s' * (len(idle) != 1)} to mend" if idle else "nothing to mend"
    print(
        f"{len(catalogue.interventions)} interventions, {len(catalogue.rules)} rules, "
        f"{len(catalogue.questions)} safety questions, {len(catalogue.ordinary_steps)} ordinary steps, "
        f"{len(catalogue.service_kinds)} kinds of local service, {len(catalogue.sources)} sources{exercises}: {end}."
    )
    return MISTAKE if idle else DONE
