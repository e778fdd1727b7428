"""Handoffs keep every field, are changed by compare-and-set, and each change is in the journal."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.orm.exc import StaleDataError

from pathway.definition import shipped
from pathway.handoff import Due, Handoff, Ipass, Rung, State, Talk
from storage.clinic import Store, TooLate
from storage.journal import Entry
from storage.secrets import CannotOpen, Keyring
from storage.verify import verify
from tests.storage.conftest import NEW_KEY, NOW, OLD_KEY

HOUR = timedelta(hours=1)
IPASS = Ipass(
    "watcher", "Synthia sleeps badly.", "Call on Monday.", "If worse: the lead.", True, "to dance", "pl"
)
OFFERED = Handoff(1, "t1", "P-7K3K", "m1", "soon", IPASS, NOW, to_role="psychologist", asked=("m2",))
FULL = replace(
    OFFERED, number=2, to_member="m2", state=State.ACCEPTED, rung=Rung.LEAD, asked=("m2", "m3"),
    declined=("m3",), asker="m2", receiver="m2", talk=Talk("which?", "the left", "", "I took over."),
    changed_at=NOW + HOUR, answered_at=NOW + HOUR, asked_at=NOW, answer_by=NOW + 2 * HOUR,
    due=Due.INTRODUCE, due_at=NOW + 3 * HOUR, nagged=2, kept_out=("m4",),
)  # fmt: skip


def put(store: Store, *handoffs: Handoff, action: str = "offer") -> None:
    with store.clinic(NOW) as clinic:
        for handoff in handoffs:
            clinic.handoffs.put(handoff, action, NOW, by="m1")


def test_every_field_reads_back_and_no_words_stand_in_the_open(store: Store) -> None:
    put(store, OFFERED, FULL)
    with store.clinic(NOW) as clinic:
        assert [clinic.handoffs.find(ref) for ref in ("H-1", "h-2", "2")] == [OFFERED, FULL, FULL]
        assert [clinic.handoffs.find(ref) for ref in ("H-3", "H-", "", "H-1x", "9" * 40)] == [None] * 5
    with store.engine.begin() as connection:
        rows = str(connection.execute(text("SELECT * FROM handoffs")).all())
    assert [word for word in ("Synthia", "Monday", "dance", "left") if word in rows] == []


def test_each_change_is_in_the_journal(store: Store) -> None:
    put(store, OFFERED)
    with store.clinic(NOW + HOUR) as clinic:
        moved = replace(OFFERED, state=State.DECLINED)
        clinic.handoffs.put(moved, "decline", NOW + HOUR, by="m2", note="On leave.")
    with store.clinic(NOW) as clinic:
        assert clinic.journal.of(subject="H-1") == [
            Entry(NOW, "m1", "handoff offer", "H-1", "P-7K3K", "", "offered", "", 1),
            Entry(
                NOW + HOUR, "m2", "handoff decline", "H-1", "P-7K3K", "offered", "declined", "On leave.", 2
            ),
        ]


def test_numbers_are_given_once(store: Store) -> None:
    begin = Barrier(4)

    def number(_: int) -> int:
        begin.wait()
        with store.clinic(NOW) as clinic:
            return clinic.handoffs.next_number()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(number, range(4))) == [1, 2, 3, 4]


def test_of_those_who_accept_at_the_same_instant_exactly_one_wins(store: Store) -> None:
    put(store, OFFERED)
    begin = Barrier(4)

    def accept(member: str) -> str:
        begin.wait()
        try:
            with store.clinic(NOW) as clinic:
                found = clinic.handoffs.find("H-1")
                assert found is not None
                if found.state is not State.OFFERED:
                    return "too late"
                accepted = replace(found, state=State.ACCEPTED, receiver=member)
                clinic.handoffs.put(accepted, "accept", NOW, by=member)
        except StaleDataError:
            return "too late"
        return member

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(accept, ["m1", "m2", "m3", "m4"]))
    with store.clinic(NOW) as clinic:
        found = clinic.handoffs.find("H-1")
        entries = clinic.journal.of(subject="H-1")
    assert found is not None
    assert sorted(answers) == sorted([found.receiver, "too late", "too late", "too late"])
    assert [(entry.action, entry.member) for entry in entries] == [
        ("handoff offer", "m1"),
        ("handoff accept", found.receiver),
    ]
    assert list(verify(store)) == []


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(postgresql_url: str) -> None:
    store = Store(postgresql_url, Keyring([OLD_KEY]), shipped())
    put(store, OFFERED)
    with pytest.raises(StaleDataError), store.clinic(NOW) as slow:
        assert slow.handoffs.find("H-1") == OFFERED
        put(store, replace(OFFERED, state=State.ACCEPTED, receiver="m2"), action="accept")
        slow.handoffs.put(replace(OFFERED, state=State.CANCELLED), "cancel", NOW, by="m1")
    with store.clinic(NOW) as clinic:
        found = clinic.handoffs.find("H-1")
        assert found is not None
        assert (found.state, found.receiver) == (State.ACCEPTED, "m2")
        assert len(clinic.journal.of(subject="H-1")) == 2
    assert list(verify(store)) == []
    store.close()


def test_work_whose_time_ran_out_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(TooLate), store.clinic(NOW, may_commit=lambda: False) as clinic:
        clinic.handoffs.put(OFFERED, "offer", NOW, by="m1")
    with store.clinic(NOW) as clinic:
        assert clinic.handoffs.find("H-1") is None
        assert clinic.journal.of(subject="H-1") == []


def test_what_is_due_comes_longest_ago_first(store: Store) -> None:
    def due(number: int, hours: int) -> Handoff:
        return replace(OFFERED, number=number, due=Due.REMIND, due_at=NOW + hours * HOUR)

    put(store, due(1, 2), due(2, 1), due(3, 3), replace(OFFERED, number=4))
    with store.clinic(NOW) as clinic:
        assert clinic.handoffs.due(NOW + 2 * HOUR) == (2, NOW + HOUR)
        assert clinic.handoffs.due(NOW + 2 * HOUR, [2]) == (1, NOW + 2 * HOUR)
        assert clinic.handoffs.due(NOW + 2 * HOUR, [1, 2]) is None
        assert clinic.handoffs.due(NOW) is None


def test_what_is_due_is_found_though_its_texts_cannot_be_opened(store: Store) -> None:
    put(store, replace(OFFERED, due=Due.REMIND, due_at=NOW))
    store.keyring = Keyring([NEW_KEY])
    with store.clinic(NOW) as clinic:
        assert clinic.handoffs.due(NOW) == (1, NOW)
        with pytest.raises(CannotOpen):
            clinic.handoffs.find("H-1")


def test_two_that_look_for_what_is_due_do_not_get_the_same(postgresql_url: str) -> None:
    store = Store(postgresql_url, Keyring([OLD_KEY]), shipped())
    put(store, *(replace(OFFERED, number=number, due=Due.REMIND, due_at=NOW) for number in (1, 2)))
    with store.clinic(NOW) as one, store.clinic(NOW) as two:
        found = [one.handoffs.due(NOW), two.handoffs.due(NOW), two.handoffs.due(NOW, [1, 2])]
    assert found[2] is None
    assert {each[0] for each in found[:2] if each is not None} == {1, 2}
    store.close()


def test_lists_hold_what_is_mine_and_what_is_open(store: Store) -> None:
    sent = replace(OFFERED, number=1, sender="m1", asked=("m2", "m3"), declined=("m3",))
    held = replace(OFFERED, number=2, sender="m9", receiver="m1", state=State.ACCEPTED, offered_at=NOW - HOUR)
    done = replace(held, number=3, state=State.COMPLETED)
    put(store, sent, held, done)
    with store.clinic(NOW) as clinic:
        handoffs = clinic.handoffs
        assert [each.number for each in handoffs.open_of_team("t1")] == [2, 1]
        assert handoffs.open_of_team("t2") == []
        assert [[each.number for each in handoffs.open_with(m, "t1")] for m in ("m1", "m3", "m9")] == [
            [2, 1], [1], [2]
        ]  # fmt: skip
        assert handoffs.open_with("m1", "t2") == []
        assert [each.number for each in handoffs.open_of_patient("P-7K3K")] == [1, 2]
        assert [each.number for each in handoffs.open_of_member("m1", ["t1"])] == [2, 1]
        assert [each.number for each in handoffs.open_of_member("m2", ["t1"])] == [1]
        assert handoffs.open_of_member("m3", ["t1"]) == []
        assert handoffs.open_of_member("m2", ["t2"]) == []
        assert [each.number for each in handoffs.of_patient("P-7K3K")] == [3, 2, 1]
        assert handoffs.of_patient("P-2222") == []


def test_what_is_overdue_is_told_from_what_is_not_in_the_query(store: Store) -> None:
    later = replace(OFFERED, answer_by=NOW + HOUR)
    held = replace(later, receiver="m2", state=State.ACCEPTED, rung=Rung.ROLE)
    put(
        store, later, replace(later, number=2, answer_by=NOW), replace(later, number=3, rung=Rung.ROLE),
        replace(held, number=4), replace(held, number=5, answer_by=NOW), replace(held, number=6, nagged=1),
        replace(later, number=7, answer_by=NOW, state=State.CANCELLED),
        *(replace(later, number=number, offered_at=NOW - HOUR) for number in range(8, 118)),
    )  # fmt: skip
    with store.clinic(NOW) as clinic:
        handoffs = clinic.handoffs
        assert {each.number for each in handoffs.open_of_team("t1", overdue_at=NOW)} == {2, 3, 5, 6}
        assert len(handoffs.open_of_team("t1", 2, overdue_at=NOW)) == 2
        assert (handoffs.count_open("t1"), handoffs.count_open("t1", overdue_at=NOW)) == (116, 4)
        assert (len(handoffs.open_of_team("t1")), len(handoffs.open_of_team("t1", 100))) == (116, 100)
        assert handoffs.count_open("t2") == 0
