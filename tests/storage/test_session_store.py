"""Rooms of workshops on both databases: codes, seats, answers, and what the stage allows."""

import datetime
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpassist.storage.attempts import TooManyTries
from cpassist.storage.database import open_database
from cpassist.storage.session_store import Rooms, SeatTaken
from cpassist.workshop.exercises.records import ANSWERED, Phase
from cpassist.workshop.session import codes as room_codes
from cpassist.workshop.session.session import (
    ACTS,
    SHOWN_IN,
    NotNow,
    Part,
    Session,
    Stage,
    moved,
    must_take,
    phases_of,
)

NOW = datetime.datetime(2026, 11, 25, 10, 0, tzinfo=datetime.UTC)
E5, E3 = "e05_out_of_1000", "e03_vanishing_improvement"


def later(**how):
    return NOW + datetime.timedelta(**how)


@pytest.fixture
def rooms(url):
    opened = Rooms(open_database(url))
    yield opened
    opened.engine.dispose()


def opened(rooms, curriculum, *parts, **more):
    programme = tuple(Part(key=key, minutes=10) for key in parts or (E5, E3))
    return rooms.open(title="Tuesday", programme=programme, quiz="short", curriculum=curriculum, at=NOW, seed=7, **more)  # fmt: skip


def answered_by(rooms, session, count, value="80"):
    tickets = [rooms.join(session.code, "", NOW) for _ in range(count)]
    for ticket in tickets:
        rooms.answer(ticket, E5, "predict", {"percent.chance": value}, NOW)
    return tickets


def test_a_room_from_joining_to_what_it_sees_of_itself(rooms, curriculum):
    session, secret = opened(rooms, curriculum)
    rooms.move(session.key, secret, "forward", {}, NOW)
    tickets = answered_by(rooms, session, 5)
    assert rooms.pulse(session.key, NOW).answers == 5
    for _ in range(3):
        rooms.move(session.key, secret, "forward", {}, NOW)
    assert rooms.stage(session.key).phase is Phase.REVOTE
    assert rooms.room_for(tickets[0]) == ()
    rooms.move(session.key, secret, "show", {"picture": "two_ways"}, NOW)
    assert [s.latest("percent.chance") for s in rooms.room_for(tickets[0])] == ["80"] * 5
    assert rooms.seat(tickets[1], E5).answers == {("percent.chance", "predict"): "80"}


def test_nobody_sees_the_room_before_everybody_has_guessed_or_in_a_room_of_four(rooms, curriculum):
    session, secret = opened(rooms, curriculum)
    rooms.move(session.key, secret, "forward", {}, NOW)
    tickets = answered_by(rooms, session, 4)
    with pytest.raises(NotNow, match="once everybody has guessed"):
        rooms.move(session.key, secret, "show", {"picture": "two_ways"}, NOW)
    for _ in range(3):
        rooms.move(session.key, secret, "forward", {}, NOW)
    rooms.move(session.key, secret, "show", {"picture": "two_ways"}, NOW)
    assert rooms.room_for(tickets[0]) == ()
    assert rooms.seats(session.key, secret, E5) == ()


def test_who_looks_twice_while_answers_come_in_sees_no_difference(rooms, curriculum):
    session, secret = opened(rooms, curriculum)
    rooms.move(session.key, secret, "forward", {}, NOW)
    tickets = answered_by(rooms, session, 6)
    for _ in range(3):
        rooms.move(session.key, secret, "forward", {}, NOW)
    rooms.move(session.key, secret, "show", {"picture": "two_ways"}, NOW)
    seen = []
    for ticket in tickets:
        rooms.answer(ticket, E5, "revote", {"counts.chance": "25"}, NOW)
        seen.append((rooms.room_for(tickets[0]), rooms.seats(session.key, secret, E5)))
    assert all(one == seen[0] for one in seen)
    rooms.move(session.key, secret, "forward", {}, NOW)
    assert {s.latest("counts.chance") for s in rooms.room_for(tickets[0])} == {"25"}


def test_two_words_bring_the_seat_back_and_the_page_before_is_told(rooms, curriculum):
    session, secret = opened(rooms, curriculum)
    rooms.move(session.key, secret, "forward", {}, NOW)
    (first,) = answered_by(rooms, session, 1)
    second = rooms.come_back(session.code.lower(), first.words.replace("-", "  ").upper(), NOW)
    assert second.number == first.number
    assert rooms.seat(second, E5).latest("percent.chance") == "80"
    assert not rooms.holds(first)
    with pytest.raises(SeatTaken):
        rooms.answer(first, E5, "predict", {"percent.chance": "1"}, NOW)
    assert rooms.pulse(session.key, NOW).seats == 1


def test_answers_at_the_wrong_moment_are_refused_with_the_reason(rooms, curriculum):
    session, secret = opened(rooms, curriculum)
    ticket = rooms.join(session.code, "", NOW)

    def answer(part=E5, phase="predict", at=NOW, value="1"):
        rooms.answer(ticket, part, phase, {"percent.chance": value}, at)

    with pytest.raises(NotNow, match="closed this question"):
        answer()
    rooms.move(session.key, secret, "forward", {}, NOW)
    answer()
    with pytest.raises(NotNow, match="closed this question"):
        answer(phase="revote")
    with pytest.raises(NotNow, match="another part"):
        answer(part=E3)
    with pytest.raises(NotNow, match="too long"):
        answer(value="x" * 7000)
    rooms.move(session.key, secret, "clock", {"minutes": "2"}, NOW)
    answer(at=later(seconds=121), value="2")
    with pytest.raises(NotNow, match="time was up"):
        answer(at=later(seconds=130))
    rooms.move(session.key, secret, "more_time", {}, later(seconds=130))
    answer(at=later(seconds=185), value="3")
    rooms.move(session.key, secret, "pause", {}, later(seconds=140))
    with pytest.raises(NotNow, match="paused"):
        answer(at=later(seconds=141))
    rooms.move(session.key, secret, "finish", {}, later(seconds=140))
    with pytest.raises(NotNow, match="over"):
        answer(at=later(seconds=141))
    assert rooms.seat(ticket, E5).latest("percent.chance") == "3"


def test_a_reset_part_is_answered_anew_and_the_first_answers_stay_for_the_export(rooms, curriculum):
    session, secret = opened(rooms, curriculum)
    rooms.move(session.key, secret, "forward", {}, NOW)
    (ticket,) = answered_by(rooms, session, 1)
    rooms.move(session.key, secret, "reset", {}, NOW)
    assert rooms.seat(ticket, E5).answers == {}
    rooms.move(session.key, secret, "forward", {}, NOW)
    rooms.answer(ticket, E5, "predict", {"percent.chance": "25"}, NOW)
    rooms.move(session.key, secret, "next", {}, NOW)
    rooms.move(session.key, secret, "previous", {}, NOW)
    assert rooms.seat(ticket, E5).latest("percent.chance") == "25"
    assert [(g.turn, g.value) for g in rooms.everything(session.key, secret)] == [(1, "80"), (2, "25")]  # fmt: skip


def test_guessing_shuts_the_door_for_a_minute(rooms, curriculum):
    session, secret = opened(rooms, curriculum)
    for _ in range(30):
        with pytest.raises(NotNow, match="no session with this code"):
            rooms.join("ZZZZZZ", "", NOW)
    with pytest.raises(TooManyTries):
        rooms.join(session.code, "", later(seconds=20))
    then = later(seconds=61)
    ticket = rooms.join(session.code, "", then)
    for _ in range(20):
        with pytest.raises(NotNow, match="these words"):
            rooms.come_back(session.code, "amber-unicorn", then)
    with pytest.raises(TooManyTries):
        rooms.come_back(session.code, ticket.words, then)
    for _ in range(10):
        with pytest.raises(NotNow, match="do not belong together"):
            rooms.enter(session.code, "wrong-wrong-wrong", then)
    with pytest.raises(TooManyTries):
        rooms.enter(session.code, "wrong-wrong-wrong", then)
    # The right secret is always let in: a guesser keeps no trainer out.
    assert rooms.enter(session.code, secret.upper(), then).key == session.key
    for _ in range(10):
        assert not rooms.try_word(then, is_right=False)
    with pytest.raises(TooManyTries):
        rooms.try_word(then, is_right=True)
    assert rooms.try_word(later(seconds=130), is_right=True)


def test_only_the_trainer_moves_the_room_and_takes_results_out(rooms, curriculum):
    session, _ = opened(rooms, curriculum)
    other, other_secret = opened(rooms, curriculum)
    for wrong in ("", other_secret):
        for act in (
            lambda wrong=wrong: rooms.move(session.key, wrong, "forward", {}, NOW),
            lambda wrong=wrong: rooms.everything(session.key, wrong),
            lambda wrong=wrong: rooms.seats(session.key, wrong, E5),
            lambda wrong=wrong: rooms.delete(session.key, wrong),
        ):
            with pytest.raises(NotNow, match="Only the trainer"):
                act()
    assert rooms.stage(session.key) == Stage()
    assert other.code != session.code


def test_a_session_is_deleted_now_or_when_its_day_comes(rooms, curriculum, url):
    session, secret = opened(rooms, curriculum)
    kept, _ = opened(rooms, curriculum, days=40)
    rooms.move(session.key, secret, "forward", {}, NOW)
    (ticket,) = answered_by(rooms, session, 1, "17.25")
    assert rooms.purge_due(datetime.date(2026, 12, 25)) == 1
    with pytest.raises(NotNow, match="deleted"):
        rooms.seat(ticket, E5)
    assert rooms.version(session.key) == 0
    assert rooms.session(kept.key)[0] == kept
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        assert not any(b"17.25" in p.read_bytes() for p in path.parent.iterdir())


def test_codes_are_not_to_be_read_from_the_file(rooms, curriculum, url):
    session, secret = opened(rooms, curriculum)
    ticket = rooms.join(session.code, "", NOW)
    if url.startswith("sqlite"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        kept = b"".join(p.read_bytes() for p in folder.iterdir())
        assert secret.encode() not in kept
        assert ticket.words.encode() not in kept
        assert ticket.holder.encode() in kept


def test_what_is_taught_stays_as_it_was_when_the_session_was_opened(rooms, curriculum):
    session, _ = opened(rooms, curriculum)
    there, taught = rooms.session(session.key)
    assert (there, taught) == (session, curriculum)


def test_a_full_room_and_an_expired_session_say_so(rooms, curriculum):
    session, _ = opened(rooms, curriculum, most_seats=2)
    rooms.join(session.code, "", NOW)
    rooms.join(session.code, "", NOW)
    with pytest.raises(NotNow, match="Every seat"):
        rooms.join(session.code, "", NOW)
    with pytest.raises(NotNow, match="no session with this code"):
        rooms.join(session.code, "", later(days=31))


def test_sixty_join_and_answer_at_once_and_no_answer_is_lost(rooms, curriculum):
    session, secret = opened(rooms, curriculum)
    rooms.move(session.key, secret, "forward", {}, NOW)
    wrong = []

    def sit(number):
        try:
            ticket = rooms.join(session.code, "", NOW)
            for turn in range(3):
                rooms.answer(
                    ticket,
                    E5,
                    "predict",
                    {"percent.chance": str(number), "percent.sure": str(turn)},
                    NOW,
                )
        except Exception as trouble:  # noqa: BLE001  told below, from the main thread
            wrong.append(trouble)

    people = [threading.Thread(target=sit, args=(n,)) for n in range(60)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert wrong == []
    kept = rooms.everything(session.key, secret)
    assert sorted(int(g.value) for g in kept if g.item == "percent.chance") == list(range(60))
    assert {g.value for g in kept if g.item == "percent.sure"} == {"2"}


@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from([*ACTS, "explode"]),
            st.sampled_from(["", "5", "two_ways", "plane", "-1"]),
        ),
        max_size=40,
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_trainer_presses_the_stage_stays_a_stage(curriculum, acts):
    parts = ("quiz_before", E5, "e09_build_a_package", "quiz_after", "commitment")
    session = Session(
        key="k", code="ABCDEF", title="T", programme=tuple(Part(key=p, minutes=5) for p in parts), quiz="short",
        seed=1, opened="", delete_on="2026-12-25",
    )  # fmt: skip
    stage, now = Stage(), NOW
    for act, said in acts:
        before, now = stage, now + datetime.timedelta(seconds=20)
        try:
            stage = moved(session, stage, curriculum, act, {"minutes": said, "picture": said}, now)
        except NotNow:
            assert stage == before
            continue
        assert stage.version == before.version + 1
        key = parts[stage.at]
        assert stage.phase in phases_of(curriculum, key)
        assert not stage.shown or stage.phase in SHOWN_IN
        assert not (stage.closes or stage.left) or stage.phase in ANSWERED
        for phase in Phase:
            try:
                must_take(session, stage, key, phase.value, now)
            except NotNow:
                continue
            assert phase is stage.phase
            assert phase in ANSWERED
            assert not stage.over


def test_codes_are_read_as_people_type_them():
    assert room_codes.join_code(" abc-234 ") == "ABC234"
    assert room_codes.seat_words("Amber  Heron") == "amber-heron"
    assert not set(room_codes.JOIN_LETTERS) & set("0O1IL")
    words = {room_codes.new_seat_words() for _ in range(500)}
    assert len(words) == 500
    ends = len(room_codes.SECRET_LETTERS) ** 3
    # Twenty guesses a minute against a hundred seats: a hit in weeks, and sessions last hours.
    assert (
        len(set(room_codes.COLOURS)) * len(set(room_codes.BIRDS)) * ends / 100 / 20 > 60 * 24 * 30
    )
