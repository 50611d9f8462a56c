"""The trainer's and the participants' pages, driven through the messages a browser sends; a real store behind them."""

import csv
import datetime
import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace

import pytest
from conftest import ROOT
from page_driver import do, listening, text_of

from cpassist.classroom import Workshop
from cpassist.errors import CpassistError
from cpassist.ui.workshop.participant_page import ParticipantPage
from cpassist.ui.workshop.trainer_page import TrainerPage
from cpassist.workshop.exercises.records import Phase

E1, E5, E9 = "e01_read_the_label", "e05_out_of_1000", "e09_build_a_package"


class Clock(Workshop):
    """The workshop of a test, with a clock that a test turns."""

    turned = datetime.timedelta()

    def now(self):
        return super().now() + Clock.turned


@pytest.fixture
def workshop(tmp_path, curriculum):
    def visit(**more):
        made = Clock(folder=tmp_path / "room", folders=(ROOT / "catalogue",), **more)
        # What is taught is read once for all tests; each page of the real thing reads it for itself.
        made.__dict__["curriculum"] = curriculum
        return made

    Clock.turned = datetime.timedelta()
    return visit


@pytest.fixture
def trainer(workshop):
    return listening(TrainerPage(workshop()))


def open_session(trainer, *parts, **fields):
    if parts:
        trainer.state.programme = tuple((part, 10) for part in parts)
    do(trainer, "open", **{"title": "Tuesday", "days": "30", "seats": "60", "quiz": "short", **fields})  # fmt: skip
    assert trainer.state.session is not None, (trainer.state.notice, trainer.state.mistakes)
    return trainer.state.session


def seats(workshop, session, count):
    pages = [listening(ParticipantPage(workshop())) for _ in range(count)]
    for page in pages:
        do(page, "hello")
        do(page, "join", code=session.code)
    return pages


def go(trainer, phase):
    while trainer.state.stage.phase is not phase:
        do(trainer, "forward")
        assert not trainer.state.notice


def answer_all(page, at=0):
    """Goes through every screen of the phase that is open."""
    page.receive({"beat": 1})
    state = page.state
    for _ in range(40):
        step = state.step()
        if step is None:
            return
        fields = {}
        for part in step.questions:
            options = state.exercise.options(part) if state.exercise else part.options
            keys = [option.key for option in options]
            if part.ask.value == "number":
                fields[part.key] = str(int(part.low + 5 + at))
            elif part.ask.value == "several":
                fields[part.key] = keys[: part.most or 1]
            else:
                fields[part.key] = keys[at % len(keys)]
        if step.questions:
            do(page, "answer", step=step.key, **fields)
            assert not state.mistakes
            assert not state.notice
        else:
            do(page, "show_step", at=str(state.at + 1))


def test_a_room_from_lobby_to_the_why(trainer, workshop):
    session = open_session(trainer, E5)
    assert trainer.state.secret in trainer.html
    do(trainer, "noted")
    assert trainer.state.secret not in trainer.html
    pages = seats(workshop, session, 5)
    assert "Wait for the trainer" in pages[0].html

    go(trainer, Phase.PREDICT)
    for at, page in enumerate(pages):
        answer_all(page, at)
    trainer.receive({"beat": 1})
    assert "<b>5 of 5</b> have answered" in trainer.html
    assert "All answered" in pages[0].html

    go(trainer, Phase.REVOTE)
    for at, page in enumerate(pages):
        answer_all(page, at)
        assert "What the room said" not in page.html
    do(trainer, "show", picture="two_ways")
    pages[0].receive({"beat": 2})
    assert "What the room said" in pages[0].html
    go(trainer, Phase.EXPLAIN)
    pages[0].receive({"beat": 3})
    assert "for your eyes only" in pages[0].html
    assert "for your eyes only" not in trainer.html


def test_a_phase_with_pictures_to_turn_begins_at_the_first_of_them(trainer, workshop):
    session = open_session(trainer, "e03_vanishing_improvement")
    (page,) = seats(workshop, session, 1)
    go(trainer, Phase.PREDICT)
    answer_all(page)
    go(trainer, Phase.RUN)
    page.receive({"beat": 9})
    assert page.state.at == 0
    assert "Run it again" in page.html
    assert "have answered" not in trainer.html


def test_what_the_room_has_seen_stays_on_the_wall_while_it_is_explained(trainer, workshop):
    session = open_session(trainer, E5)
    pages = seats(workshop, session, 5)
    go(trainer, Phase.PREDICT)
    for at, page in enumerate(pages):
        answer_all(page, at)
    go(trainer, Phase.REVOTE)
    do(trainer, "show", picture="two_ways")
    go(trainer, Phase.EXPLAIN)
    do(trainer, "view", view="projector")
    assert "<figure" in trainer.html


def test_a_database_that_is_busy_for_a_moment_costs_nobody_their_seat(
    trainer, workshop, monkeypatch
):
    session = open_session(trainer, E5)
    (page,) = seats(workshop, session, 1)

    def busy(*_given):
        raise CpassistError("Others are saving just now. Nothing was saved; try again in a moment.")

    for one in (page, trainer):
        with monkeypatch.context() as context:
            context.setattr(type(one.state.workshop.rooms), "version", busy)
            context.setattr(type(one.state.workshop.rooms), "pulse", busy)
            one.receive({"beat": 1})
        assert one.state.lost == ""
    go(trainer, Phase.PREDICT)
    page.receive({"beat": 2})
    assert page.state.phase is Phase.PREDICT


def test_one_page_takes_one_seat(trainer, workshop):
    session = open_session(trainer, E5)
    (page,) = seats(workshop, session, 1)
    for act, fields in (
        ("join", {"code": session.code}),
        ("come_back", {"code": session.code, "words": "a b"}),
        ("practise", {}),
    ):
        do(page, act, **fields)
        assert "Leave your seat first" in text_of(page)
    trainer.receive({"beat": 1})
    assert trainer.state.pulse.seats == 1


def test_half_a_letter_stops_no_page(trainer, workshop):
    page = listening(ParticipantPage(workshop()))
    do(page, "join", code="\ud800\ud800")
    do(page, "come_back", code="\ud800", words="\udfff")
    page.html.encode()
    assert page.state.notice is None or page.state.notice.level == "mistake"
    session = open_session(trainer, E5, title="A \ud800")
    trainer.html.encode()
    (seated,) = seats(workshop, session, 1)
    go(trainer, Phase.PREDICT)
    seated.receive({"beat": 1})
    do(seated, "answer", step="percent", chance="\ud800")
    seated.html.encode()
    assert "in figures" in seated.html


def test_an_export_of_fewer_than_five_holds_nobody(trainer, workshop):
    session = open_session(trainer, E5)
    pages = seats(workshop, session, 4)
    go(trainer, Phase.PREDICT)
    for at, page in enumerate(pages):
        answer_all(page, at)
    do(trainer, "export")
    packed = zipfile.ZipFile(io.BytesIO(trainer.buffers[0][0]))
    for name in ("answers_long.csv", "item_summary.csv"):
        assert len(packed.read(name).decode().splitlines()) == 1


def test_a_page_looks_only_when_something_changed(trainer, workshop):
    session = open_session(trainer, E5)
    (page,) = seats(workshop, session, 1)
    before = page.html
    page.receive({"beat": 1})
    assert page.sent[-1] == {"beat": 1}
    assert page.html is before


@pytest.mark.parametrize("code", ["", "ABC", "ZZZZZZ", "' OR 1=1 --", "<b>x</b>", "9" * 400])
def test_a_wrong_code_is_said_and_what_was_typed_stays(workshop, code):
    page = listening(ParticipantPage(workshop()))
    do(page, "join", code=code)
    assert page.state.screen == "door"
    assert "no session with this code" in page.html or "six letters and numbers" in page.html
    assert "<b>x</b>" not in page.html


def test_what_stood_in_the_address_is_filled_in(workshop):
    page = listening(ParticipantPage(workshop(code="ABC234")))
    assert 'value="ABC234"' in page.html


def test_a_tab_that_is_reloaded_finds_its_seat_again_and_the_old_page_says_so(trainer, workshop):
    session = open_session(trainer, E5)
    (page,) = seats(workshop, session, 1)
    go(trainer, Phase.PREDICT)
    answer_all(page)
    held = next(m["seat"] for m in reversed(page.sent) if "seat" in m)
    assert held == {"code": session.code, "words": page.state.ticket.words}
    again = listening(ParticipantPage(workshop()))
    do(again, "hello", **held)
    assert again.state.screen == "room"
    assert again.state.seat.latest("percent.chance") == "5"
    page.receive({"beat": 5})
    assert "Not your seat any more" in page.html
    do(page, "answer", step="percent", chance="50")
    assert "was opened on another page" in text_of(page)
    assert again.state.workshop.rooms.seat(again.state.ticket, E5).latest("percent.chance") == "5"


def test_a_tab_whose_session_is_gone_stands_at_the_door(workshop):
    page = listening(ParticipantPage(workshop()))
    do(page, "hello", code="ABCDEF", words="amber-heron")
    assert page.state.screen == "door"
    assert "note--stop" not in page.html
    assert page.sent[-1] == {"seat": None}


def test_an_answer_after_the_lock_and_one_after_the_clock_are_not_taken(trainer, workshop):
    session = open_session(trainer, E5)
    (page,) = seats(workshop, session, 1)
    go(trainer, Phase.PREDICT)
    page.receive({"beat": 1})
    do(trainer, "clock", minutes="2")
    Clock.turned = datetime.timedelta(minutes=3)
    do(page, "answer", step="percent", chance="50")
    assert "The time was up" in page.html
    do(trainer, "stop_clock")
    do(trainer, "forward")
    do(page, "answer", step="percent", chance="50")
    assert "closed this question" in text_of(page)
    assert page.state.workshop.rooms.everything(session.key, trainer.state.secret) == ()


def test_a_refused_answer_keeps_what_was_typed(trainer, workshop):
    session = open_session(trainer, E5)
    (page,) = seats(workshop, session, 1)
    go(trainer, Phase.PREDICT)
    page.receive({"beat": 1})
    do(page, "answer", step="percent", chance="lots", sure="sure")
    assert 'value="lots"' in page.html
    assert "Give a number, in figures." in page.html
    assert page.sent[-1] == {"focus": "q-percent-summary"}
    do(page, "answer", step="percent", chance="101")
    assert "from 0 to 100" in page.html


def test_what_a_trainer_types_is_escaped_on_every_page(trainer, workshop):
    session = open_session(trainer, E5, title="<img src=x onerror=alert(1)>")
    (page,) = seats(workshop, session, 1)
    do(trainer, "view", view="projector")
    for shown in (page, trainer):
        assert "<img" not in shown.html
    assert "&lt;img" in page.html


def test_the_projector_has_no_controls_and_nobodys_rows(trainer, workshop):
    session = open_session(trainer, E5)
    pages = seats(workshop, session, 5)
    go(trainer, Phase.PREDICT)
    for at, page in enumerate(pages):
        answer_all(page, at)
    do(trainer, "view", view="projector")
    trainer.receive({"beat": 1})
    acts = set(re.findall(r'data-act="([a-z_]+)"', trainer.html))
    assert acts == {"view"}
    assert "5 of 5 have answered" in trainer.html
    assert not any(page.state.ticket.words in trainer.html for page in pages)


def test_a_browser_cannot_do_what_the_page_does_not_offer(trainer, workshop):
    session = open_session(trainer, E5)
    (page,) = seats(workshop, session, 1)
    for act, fields in (
        ("forward", {}),
        ("choose", {"part": E9}),
        ("go_on", {}),
        ("begin_again", {}),
        ("certify", {"name": "Jo"}),
        ("dial", {"step": "levers", "part": "base", "value": "9"}),
        ("show_step", {"at": "-1"}),
        ("answer", {"step": "nothing"}),
    ):
        do(page, act, **fields)
    assert page.state.stage == trainer.state.stage
    do(trainer, "show", picture="two_ways")
    assert "once everybody has guessed" in text_of(trainer)
    do(trainer, "show", picture="<x>")
    assert "no such picture" in text_of(trainer)


def test_the_console_closed_and_opened_again_goes_on(trainer, workshop):
    session = open_session(trainer, E5)
    secret = trainer.state.secret
    go(trainer, Phase.PREDICT)
    other = listening(TrainerPage(workshop()))
    do(other, "come_back", code=session.code, secret="wrong", view="console")
    assert "do not belong together" in other.html
    do(other, "come_back", code=session.code.lower(), secret=secret, view="projector")
    assert other.state.view == "projector"
    assert other.state.stage.phase is Phase.PREDICT
    do(other, "forward")
    trainer.receive({"beat": 1})
    assert trainer.state.stage.phase is Phase.LOCKED


def test_beginning_anew_and_deleting_are_asked_twice(trainer, workshop):
    session = open_session(trainer, E5)
    (page,) = seats(workshop, session, 1)
    go(trainer, Phase.PREDICT)
    do(trainer, "reset")
    assert trainer.state.stage.phase is Phase.PREDICT
    assert trainer.sent[-1] == {"focus": "sure"}
    do(trainer, "not_sure")
    do(trainer, "reset")
    do(trainer, "reset")
    assert trainer.state.stage.phase is Phase.CLOSED
    do(trainer, "delete")
    do(trainer, "delete")
    assert trainer.state.view == "door"
    page.receive({"beat": 1})
    assert "was deleted" in page.html


def test_a_session_is_not_opened_without_its_title_its_numbers_or_the_opening_word(workshop):
    word = hashlib.sha256(b"amber-x7k2").hexdigest()
    page = listening(TrainerPage(workshop(opening_word=word)))
    do(page, "open", title=" ", days="0", seats="many", seed="x", word="guess")
    assert set(page.state.mistakes) == {"title", "days", "seats", "seed", "word"}
    assert page.state.session is None
    do(page, "part_out", at="99")
    do(page, "part_up", at="0")
    assert "stands at the end already" in page.html
    do(page, "open", title="Ours", days="5", seats="9", word=" Amber-X7K2 ")
    assert page.state.session.title == "Ours"


def test_the_programme_is_put_together_part_by_part(trainer):
    do(trainer, "timetable", timetable="one_hour_leaders")
    first = [part for part, _ in trainer.state.programme]
    do(trainer, "part_down", at="0")
    do(trainer, "part_out", at="1")
    do(trainer, "part_in", part=E5)
    assert [part for part, _ in trainer.state.programme] == [first[1], *first[2:], E5]
    do(trainer, "part_in", part=E5)
    assert "in the programme already" in trainer.html


def whole_day(trainer, workshop, count=6):
    session = open_session(trainer, "quiz_before", E1, E9, "quiz_after", "commitment")
    pages = seats(workshop, session, count)
    for last in range(5):
        phases = trainer.state.phases
        for phase in phases[1:]:
            go(trainer, phase)
            for at, page in enumerate(pages):
                answer_all(page, at)
        if last < 4:
            do(trainer, "next")
    return session, pages


def test_what_is_taken_out_holds_no_seat_and_no_name(trainer, workshop):
    session, pages = whole_day(trainer, workshop)
    trainer.receive({"beat": 1})
    assert "sat both quizzes" in trainer.html
    assert "without a comparison group we cannot tell" in trainer.html
    do(trainer, "export")
    packed = zipfile.ZipFile(io.BytesIO(trainer.buffers[0][0]))
    names = set(packed.namelist())
    assert {
        "answers_long.csv",
        "item_summary.csv",
        "quiz_items.csv",
        "packages.csv",
        "session.json",
        "facilitator-guide.html",
        "slides.html",
    } <= names
    assert any(name.startswith("charts/") for name in names)
    everything = b"".join(packed.read(name) for name in names).decode()
    for page in pages:
        assert page.state.ticket.words not in everything
        assert f"\r\n{session.code},{page.state.ticket.number}," not in everything or page.state.ticket.number <= 6  # fmt: skip
    assert trainer.state.secret not in everything
    assert session.key not in everything
    rows = list(csv.DictReader(io.StringIO(packed.read("answers_long.csv").decode("utf-8-sig"))))
    assert {row["seat"] for row in rows} == {str(n) for n in range(1, 7)}
    assert all(datetime.datetime.fromisoformat(row["at"]).minute == 0 for row in rows)
    told = json.loads(packed.read("session.json"))
    assert told["matched"] == 6
    assert told["session"]["seed"] == session.seed
    lines = list(csv.DictReader(io.StringIO(packed.read("packages.csv").decode("utf-8-sig"))))
    assert {line["family"] for line in lines} == {"larkfield", "marlow"}
    quiz = list(csv.DictReader(io.StringIO(packed.read("quiz_items.csv").decode("utf-8-sig"))))
    assert len(quiz) == 6
    assert all(row["discrimination"] == "" for row in quiz)


def test_nothing_is_said_about_the_quiz_before_the_second_sitting(trainer, workshop):
    session = open_session(trainer, "quiz_before", "quiz_after")
    (page,) = seats(workshop, session, 1)
    go(trainer, Phase.LOCKED)
    page.receive({"beat": 1})
    do(trainer, "forward")
    assert "no further phase" in trainer.html
    do(trainer, "next")
    go(trainer, Phase.PREDICT)
    answer_all(page)
    assert "Soundest" not in page.html
    go(trainer, Phase.EXPLAIN)
    page.receive({"beat": 2})
    assert "Your answers" in page.html


def test_a_certificate_says_who_was_there_and_the_name_is_kept_nowhere(trainer, workshop, tmp_path):
    session = open_session(trainer, E5, "commitment")
    (page,) = seats(workshop, session, 1)
    do(trainer, "next")
    go(trainer, Phase.PREDICT)
    page.receive({"beat": 1})
    do(page, "answer", step="along", which=E5)
    do(page, "certify", name="  ")
    assert "Type a name" in page.html
    do(page, "certify", name="Zebedee <Quux>")
    assert "Zebedee &lt;Quux&gt;" in page.html
    assert "no competence" in page.html
    kept = b"".join(path.read_bytes() for path in (tmp_path / "room").iterdir())
    assert b"Zebedee" not in kept
    do(page, "forget_name")
    assert "Zebedee" not in page.html


def test_two_cohorts_of_a_waiting_list_are_compared(workshop):
    pages = {}
    for cohort in ("first", "second"):
        page = pages[cohort] = listening(TrainerPage(workshop()))
        session = open_session(page, "quiz_before", "quiz_after", cohort=cohort)
        seated = seats(workshop, session, 5)
        for part in range(2):
            go(page, Phase.PREDICT)
            for at, seat in enumerate(seated):
                answer_all(seat, at + part)
            if not part:
                do(page, "next")
    other = pages["second"].state
    do(pages["first"], "compare", code=other.session.code, secret=other.secret)
    assert "The 5 taught in between gained" in pages["first"].html
    do(pages["first"], "compare", code=pages["first"].state.session.code, secret=pages["first"].state.secret)  # fmt: skip
    assert "has to be of the other cohort" in text_of(pages["first"])


def test_alone_everything_can_be_practised_and_nothing_is_kept(workshop, tmp_path):
    page = listening(ParticipantPage(workshop()))
    do(page, "practise")
    for one in page.state.curriculum.exercises:
        do(page, "choose", part=one.key)
        for _ in range(6):
            if page.state.phase is Phase.EXPLAIN:
                break
            answer_all(page, 1)
            do(page, "go_on")
            assert not page.state.notice
        assert page.state.phase is Phase.EXPLAIN, one.key
        assert one.point in text_of(page).replace("&#39;", "'")
    assert not (tmp_path / "room").exists()


def test_alone_a_guess_comes_before_the_look(workshop):
    page = listening(ParticipantPage(workshop()))
    do(page, "practise")
    do(page, "choose", part=E5)
    do(page, "go_on")
    assert page.state.phase is Phase.PREDICT
    assert "Answer first" in page.html


@pytest.mark.parametrize("kind", ["guide", "cards", "slides"])
def test_handouts_are_made_from_what_is_taught(trainer, kind):
    do(trainer, "handout", kind=kind)
    made = trainer.sent[-1]["save"]
    text = re.sub(r"<[^>]+>", "", made).replace("&#39;", "'")
    for part, _ in trainer.state.programme:
        one = trainer.state.curriculum.exercise(part)
        if one is not None:
            assert (one.point if kind != "cards" else one.about) in text
    assert "<script" not in made
    assert not re.search(r"(src|href)=.?https?:", made)


def test_a_session_keeps_what_it_taught_when_the_catalogue_changes(trainer, workshop, curriculum):
    session = open_session(trainer, E5)
    (page,) = seats(workshop, session, 1)
    page.state.workshop.__dict__["curriculum"] = replace(curriculum, catalogue_version="later")
    assert page.state.curriculum.catalogue_version == curriculum.catalogue_version
