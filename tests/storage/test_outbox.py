"""What is to be posted commits with the change it tells of, filtered for each place before it is stored."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from cards.card import Card, Choice, Detail, Facts, Items, Text
from storage.clinic import Clinic, Store
from storage.database import work
from storage.lanes import Lanes, Outgoing
from storage.memory import Draft
from storage.outbox import Kind, Lane, Sending
from storage.people import TeamRoom
from storage.tables import LaneRow, OutgoingRow
from tests.storage.conftest import NOW

CODE = Lane("slack", "C1")
CLINICAL = Lane("matrix", "!clinical")
SUMMARY, NAME = "Sleeps badly since May.", "Synthia Testcase"
CARD = Card(
    "H-1: P-7K3K is offered",
    (Text("Answer by 10:00."), Items((SUMMARY,), "Summary", Detail.CLINICAL),
     Facts((("Name", NAME),), Detail.IDENTIFIED)),
    (Choice("Accept", "handoff accept H-1"),),
)  # fmt: skip


def rooms(clinic: Clinic) -> None:
    for lane, detail, joined in (
        (CODE, Detail.CODE, True),
        (CLINICAL, Detail.CLINICAL, True),
        (Lane("slack", "C-left"), Detail.IDENTIFIED, False),
    ):
        clinic.people.save_room(TeamRoom(lane.platform, lane.target, "t1", detail, False, joined))
    clinic.people.save_room(TeamRoom("slack", "C-other", "t2", Detail.IDENTIFIED, False, True))


def payloads(store: Store) -> dict[str, str]:
    """What is stored for each place, opened."""
    with work(store.engine) as session:
        rows = session.scalars(select(OutgoingRow))
        return {row.target: store.keyring.open(row.sealed_payload) for row in rows}


def take_all(store: Store) -> list[Outgoing]:
    lanes = Lanes(store, "test")
    taken = [lanes.take(lane, NOW) for lane in sorted(lanes.due(["slack", "matrix"], NOW))]
    return [each for each in taken if each is not None]


def test_a_living_card_is_shown_in_every_room_of_the_team_and_in_no_other(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        rooms(clinic)
        clinic.outbox.show("H-1", "t1", CARD, NOW)
        assert clinic.outbox.lanes == {CODE, CLINICAL}
    assert clinic.posted == {CODE, CLINICAL}
    assert [(each.lane, each.kind, each.subject) for each in take_all(store)] == [
        (CLINICAL, Kind.SHOW, "H-1"),
        (CODE, Kind.SHOW, "H-1"),
    ]


def test_what_a_place_may_not_show_is_not_even_stored_for_it(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        rooms(clinic)
        ana = clinic.people.enrol("Ana Testcase", "slack", "U1", NOW)
        clinic.outbox.show("H-1", "t1", CARD, NOW)
        clinic.outbox.tell([ana.id], CARD, NOW)
        clinic.outbox.say(Lane("slack", "C-unknown"), CARD, NOW)
    stored = payloads(store)
    words = {target: (SUMMARY in payload, NAME in payload) for target, payload in stored.items()}
    assert words == {
        "C1": (False, False),
        "C-unknown": (False, False),
        "!clinical": (True, False),
        "@@U1": (True, False),
    }
    with store.engine.begin() as connection:
        everything = str(connection.execute(text("SELECT * FROM outgoing")).all())
    assert [word for word in (SUMMARY, NAME, "Accept") if word in everything] == []
    (shown,) = [each for each in take_all(store) if each.lane == CODE]
    assert shown.card == CARD.within(Detail.CODE)
    assert (shown.detail, SUMMARY in repr(shown)) == (Detail.CODE, False)


def test_nothing_is_posted_when_the_work_fails(store: Store) -> None:
    with pytest.raises(RuntimeError), store.clinic(NOW) as clinic:
        clinic.outbox.say(CODE, CARD, NOW)
        raise RuntimeError
    assert payloads(store) == {}
    assert Lanes(store, "test").due(["slack"], NOW) == []


def test_a_member_is_told_on_every_account_once_and_mentioned_there(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        ana = clinic.people.enrol("Ana Testcase", "slack", "U1", NOW)
        clinic.people.give_account("matrix", "@ana:example.org", ana.id, NOW)
        clinic.outbox.tell([ana.id, ana.id, "nobody"], CARD, NOW)
    assert [(each.lane.account, each.called, each.kind) for each in take_all(store)] == [
        ("@ana:example.org", ("@ana:example.org",), Kind.SAY),
        ("U1", ("U1",), Kind.SAY),
    ]


def test_a_lane_falls_due_with_the_first_of_its_posts(store: Store) -> None:
    lanes = Lanes(store, "test")
    for minutes in (30, 10, 20):
        with store.clinic(NOW) as clinic:
            clinic.outbox.say(CODE, CARD, NOW + timedelta(minutes=minutes))
    with work(store.engine) as session:
        assert session.scalars(select(LaneRow.next_at)).one() == NOW + timedelta(minutes=10)
    assert lanes.due(["slack"], NOW + timedelta(minutes=9)) == []
    assert lanes.due(["slack"], NOW + timedelta(minutes=10)) == [CODE]
    assert lanes.due(["matrix"], NOW + timedelta(minutes=10)) == []
    taken = lanes.take(CODE, NOW + timedelta(minutes=10))
    assert taken is not None
    lanes.sent(taken, "m1", NOW + timedelta(minutes=10))
    with work(store.engine) as session:
        assert session.scalars(select(LaneRow.next_at)).one() == NOW + timedelta(minutes=20)


def test_hushing_takes_back_questions_about_one_subject_and_nothing_else(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        rooms(clinic)
        clinic.outbox.announce("t1", Card("asked"), NOW, subject="H-1")
        clinic.outbox.announce("t1", Card("other"), NOW, subject="H-2")
        clinic.outbox.show("H-1", "t1", Card("shown"), NOW)
    with store.clinic(NOW) as clinic:
        clinic.outbox.announce("t1", Card("never"), NOW, subject="H-1")
        clinic.outbox.hush("H-1")
        clinic.outbox.announce("t1", Card("asked anew"), NOW, subject="H-1")
    with work(store.engine) as session:
        rows = session.scalars(
            select(OutgoingRow).where(OutgoingRow.target == "C1").order_by(OutgoingRow.seq)
        )
        told = [("asked anew" in store.keyring.open(row.sealed_payload), row.state) for row in rows]
    waiting = (False, Sending.WAITING)
    assert told == [(False, Sending.VOID), waiting, waiting, (True, Sending.WAITING)]


def test_requests_drafts_and_cursors_are_remembered_and_forgotten(store: Store) -> None:
    draft = Draft("m1", CODE, "th1", "handoff offer", "summary", {"summary": SUMMARY})
    with store.clinic(NOW) as clinic:
        clinic.memory.remember("e1", "Done.", NOW)
        clinic.memory.keep_draft(draft, NOW)
        clinic.memory.move_cursor("sync", "s1")
        clinic.memory.move_cursor("sync", "s2")
    with store.clinic(NOW) as clinic:
        memory = clinic.memory
        assert (memory.answered("e1"), memory.answered("e2")) == ("Done.", None)
        assert (memory.draft(CODE, "m1"), memory.draft(CODE, "m2")) == (draft, None)
        assert (memory.cursor("sync"), memory.cursor("other")) == ("s2", "")
        memory.drop_draft(draft)
        assert memory.draft(CODE, "m1") is None
        assert (memory.forget_before(NOW), memory.forget_before(NOW + timedelta(seconds=1))) == (0, 1)
    with store.clinic(NOW) as clinic:
        assert clinic.memory.answered("e1") is None
