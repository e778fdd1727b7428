"""Minutes as data and as a card: whole, read back as they were kept, and silent where nobody may read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agendas.minutes import (
    Agreed,
    Amendment,
    Attended,
    Discussed,
    Minutes,
    Recorded,
    Written,
    dumps,
    loads,
    minutes_of,
    sign,
)
from agendas.minutes_card import minutes_card
from cards.card import Detail
from cards.plain import plain
from pathway.conference import Conference
from pathway.conference import State as Held
from pathway.issue import Kind
from pathway.roll_call import Attendance, leave
from pathway.session import Item, Session, State, Step
from pathway.session_turns import begin, close, end

START = datetime(2031, 3, 3, 14, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def held() -> tuple[Conference, Session, tuple[Attendance, ...]]:
    """Half an hour of two items, the second of them not reached; the psychologist leaves early."""
    items = tuple(Item(n, code, "What next?", 10, Kind.ASKED) for n, code in ((1, "P-2222"), (2, "P-3333")))
    session = close(begin(Session(items), at(0)), Step.FINISH, at(13))
    session = end(session, at(14), discussed=False, why=lambda _: "no time was left")
    stays: tuple[Attendance, ...] = (
        Attendance("m-ana", "physiotherapy", at(0)),
        Attendance("m-bo", "psychology", at(2)),
        Attendance("", "general practice", at(3), name="Dr Roe"),
    )
    stays = leave(leave(leave(stays, ("m-bo", ""), at(8)), ("m-ana", ""), at(14)), ("", "Dr Roe"), at(14))
    conference = Conference(
        3,
        "north",
        "Weekly",
        START,
        30,
        "UTC",
        state=Held.ENDED,
        chair="m-ana",
        began_at=at(0),
        ended_at=at(14),
    )
    return conference, session, stays


RECORDED = Recorded(
    {"P-2222": [Written("E-1", "decision", "Graded activity", "Ana Ruiz", "fear of movement")]},
    {"P-2222": [Agreed("A-1", "call the GP", "Cy Osei", at(1440), confirmed=False, absent=True)]},
    {"P-2222": "Lift my grandson", "P-3333": "Sleep"},
)


def written() -> Minutes:
    conference, session, stays = held()
    names = {"m-ana": "Ana Ruiz", "m-bo": "Bo Lindqvist"}
    return minutes_of(conference, "North team", session, stays, RECORDED, names, at(20), "Rainy")


def test_minutes_are_what_happened() -> None:
    assert written() == Minutes(
        ref="C-3", team="North team", title="Weekly", zone="UTC", starts=START, minutes=30, began_at=at(0),
        ended_at=at(14), chair="Ana Ruiz", scribe="",
        attended=(
            Attended("Ana Ruiz", "physiotherapy", 14, at(0), at(14)),
            Attended("Bo Lindqvist", "psychology", 6, at(2), at(8)),
            Attended("Dr Roe", "general practice", 11, at(3), at(14), guest=True),
        ),
        items=(
            Discussed(
                1, "P-2222", "What next?", "Lift my grandson", State.DONE, 10, 13,
                tuple(RECORDED.written["P-2222"]), tuple(RECORDED.actions["P-2222"]),
            ),
            Discussed(
                2, "P-3333", "What next?", "Sleep", State.CARRIED, 10, 1, carried=1, reason="no time was left"
            ),
        ),
        remark="Rainy",
    )  # fmt: skip


def test_the_card_says_by_codes_what_came_of_it_and_the_rest_where_it_may_be_read() -> None:
    card = minutes_card(sign(written(), "Ana Ruiz", at(20)), "UTC", at(20))
    shown = plain(card.within(Detail.CODE))
    assert "1. P-2222: 13 of 10 min, 3 min over its time" in shown
    assert "2. P-3333: carried over, after 1 min" in shown
    assert "A-1: Cy Osei, who was not there, due Tue 4 Mar 14:00; not confirmed yet" in shown
    assert "A guest, general practice: 11 min" in shown
    for word in ("grandson", "Graded", "fear", "GP", "Roe", "Rainy", "What next", "no time"):
        assert word not in shown, word
    whole = plain(card)
    for word in ("grandson", "Graded activity (because: fear of movement)", "call the GP", "Dr Roe", "Rainy"):
        assert word in whole, word


def test_of_a_patient_whom_the_reader_may_not_see_no_word_is_in_it() -> None:
    amended = replace(written(), amendments=(Amendment("Bo", at(30), "P-2222", "the left knee"),))
    shown = plain(minutes_card(amended, "UTC", at(40), sees=lambda code: code != "P-2222"))
    for word in ("grandson", "Graded", "fear", "GP", "left knee"):
        assert word not in shown, word
    assert "What matters most: Sleep" in shown
    assert "Bo, today 14:30, P-2222" in shown


def test_signed_minutes_say_the_same_for_ever() -> None:
    signed = sign(written(), "Ana Ruiz", at(20))
    assert loads(dumps(signed)) == signed
    assert (signed.again, signed.discussed) == (signed.items[1:], signed.items[:1])


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_was_written_is_read_back(text: str, name: str) -> None:
    minutes = written()
    items = tuple(replace(each, outcome=text, reason=text) for each in minutes.items)
    changed = replace(minutes, items=items, remark=text, chair=name)
    assert loads(dumps(changed)) == changed
