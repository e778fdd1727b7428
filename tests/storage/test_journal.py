"""The journal grows and nothing else; what is done to it in spite of that is found and named."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from storage.clinic import Store
from storage.journal import Entry
from storage.verify import verify
from tests.storage.conftest import NOW

ROWS = 7
NOTE = "Asked for a later slot, her bus comes at ten."


def write(store: Store, rows: int = ROWS) -> None:
    for number in range(1, rows + 1):
        with store.clinic(NOW + timedelta(minutes=number)) as clinic:
            clinic.journal.write(
                "handoff offer", f"H-{number}", NOW, by="m1", patient="P-7K3K", became="offered",
                note=NOTE if number % 2 else "",
            )  # fmt: skip


def faults(store: Store) -> list[tuple[int, str]]:
    return [(fault.seq, fault.sentence) for fault in verify(store, batch=3)]


def unguard(connection: Connection) -> None:
    """Takes the triggers off, as somebody with the database's password can."""
    if connection.dialect.name == "sqlite":
        for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        connection.execute(text("DROP FUNCTION IF EXISTS refuse_journal_change CASCADE"))


def tamper(store: Store, *statements: str) -> None:
    with store.engine.begin() as connection:
        unguard(connection)
        for statement in statements:
            connection.execute(text(statement))


def test_what_is_written_reads_back_in_order_and_verifies(store: Store) -> None:
    write(store)
    with store.clinic(NOW) as clinic:
        found = clinic.journal.of(patient="P-7K3K", limit=2)
        assert clinic.journal.of(subject="H-1") == [
            Entry(NOW, "m1", "handoff offer", "H-1", "P-7K3K", "", "offered", NOTE, 1)
        ]
        assert clinic.journal.of(patient="P-2222") == []
    expected = Entry(NOW, "m1", "handoff offer", "H-6", "P-7K3K", "", "offered", "", 6)
    assert found == [expected, replace(expected, subject="H-7", note=NOTE, seq=7)]
    assert faults(store) == []


def test_a_moment_of_another_zone_verifies(store: Store) -> None:
    with store.clinic(NOW) as clinic:
        clinic.journal.write("team join", "t1", NOW.astimezone(timezone(timedelta(hours=5))))
    assert faults(store) == []


def test_the_words_are_nowhere_in_the_open_and_no_digest_of_theirs_repeats(store: Store) -> None:
    write(store)
    with store.engine.begin() as connection:
        digests = connection.scalars(text("SELECT note_digest FROM journal WHERE note_digest <> ''")).all()
        everything = str(connection.execute(text("SELECT * FROM journal")).all())
        everything += str(connection.execute(text("SELECT * FROM journal_notes")).all())
    assert len(digests) == len(set(digests)) == 4
    assert "bus" not in everything


def test_nothing_is_written_when_the_work_fails(store: Store) -> None:
    with pytest.raises(RuntimeError), store.clinic(NOW) as clinic:
        clinic.journal.write("handoff offer", "H-1", NOW, note=NOTE)
        raise RuntimeError
    with store.clinic(NOW) as clinic:
        assert clinic.journal.of(subject="H-1") == []
    assert faults(store) == []


GUARDED = [
    "UPDATE journal SET became = 'accepted' WHERE seq = 3",
    "DELETE FROM journal WHERE seq = 2",
    "DELETE FROM journal_notes WHERE seq = 3",
]
OF_SQLITE = [
    "INSERT OR REPLACE INTO journal SELECT org, seq, at, 'm2', action, subject, patient, was, became, "
    "note_digest, hash FROM journal WHERE seq = 2",
    "INSERT OR REPLACE INTO journal_notes SELECT * FROM journal_notes WHERE seq = 3",
]
OF_POSTGRESQL = ["TRUNCATE journal, journal_notes", "TRUNCATE journal_notes"]


def test_the_database_refuses_every_change_but_sealing_anew(store: Store) -> None:
    write(store)
    special = OF_SQLITE if store.engine.dialect.name == "sqlite" else OF_POSTGRESQL
    for statement in GUARDED + special:
        with pytest.raises(DatabaseError, match="append-only"), store.engine.begin() as connection:
            connection.execute(text(statement))
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE journal_notes SET sealed_note = sealed_note WHERE seq = 3"))
    assert faults(store) == []


EDITED = (
    "row {} was edited, or is not where it was written, or the row before it was edited together "
    "with its hash."
)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE journal SET member = 'm2' WHERE seq = 4", [(4, EDITED.format(4))]),
        ("UPDATE journal SET hash = 'f' WHERE seq = 4", [(4, EDITED.format(4)), (5, EDITED.format(5))]),
        ("DELETE FROM journal WHERE seq = 4", [(4, "row 4 was removed from before row 5.")]),
        (
            "DELETE FROM journal WHERE seq < 3",
            [(1, "rows 1 to 2 were removed from before row 3.")],
        ),
        ("DELETE FROM journal WHERE seq > 5", [(6, "rows 6 to 7 were removed from the end.")]),
        ("DELETE FROM journal", [(1, "rows 1 to 7 were removed from the end.")]),
        ("DELETE FROM heads", [(7, "the record of where the journal ends, row 7, was removed.")]),
        (
            "INSERT INTO journal SELECT org, 8, at, member, action, subject, patient, was, became, '', hash "
            "FROM journal WHERE seq = 6",
            [(8, EDITED.format(8)), (8, "row 8 was not written by Baton.")],
        ),
        (
            "UPDATE journal_notes SET sealed_note = '' WHERE seq = 3",
            [(3, "the words that go with row 3 were removed.")],
        ),
        (
            "UPDATE journal_notes SET sealed_note = "
            "(SELECT n.sealed_note FROM journal_notes n WHERE n.seq = 1) WHERE seq = 3",
            [(3, "the words that go with row 3 are not those that were written.")],
        ),
    ],
)
def test_what_was_done_is_named(store: Store, statement: str, found: list[tuple[int, str]]) -> None:
    write(store)
    of_notes = statement.replace("DELETE FROM journal", "DELETE FROM journal_notes", 1)
    before = [of_notes] if statement.startswith("DELETE FROM journal") else []
    tamper(store, *before, statement)
    assert faults(store) == found


def test_two_rows_that_changed_places_are_both_named(store: Store) -> None:
    write(store)
    tamper(
        store,
        "DELETE FROM journal_notes",
        "UPDATE journal SET seq = 99 WHERE seq = 2",
        "UPDATE journal SET seq = 2 WHERE seq = 4",
        "UPDATE journal SET seq = 4 WHERE seq = 99",
    )
    named = {seq for seq, sentence in faults(store) if "edited" in sentence}
    assert named >= {2, 4}


COLUMNS = ["member", "action", "subject", "patient", "was", "became", "note_digest", "hash"]
EDITS = st.tuples(st.just("edit"), st.integers(1, ROWS), st.sampled_from(COLUMNS))
REMOVALS = st.tuples(st.just("remove"), st.integers(1, ROWS), st.just(""))
SWAPS = st.tuples(st.just("swap"), st.integers(1, ROWS - 1), st.just(""))


def damage(connection: Connection, kind: str, seq: int, column: str) -> None:
    if kind == "edit":
        connection.execute(text(f"UPDATE journal SET {column} = {column} || 'x' WHERE seq = {seq}"))
    elif kind == "remove":
        connection.execute(text(f"DELETE FROM journal WHERE seq = {seq}"))
    else:
        for old, new in ((seq, 99), (seq + 1, seq), (99, seq + 1)):
            connection.execute(text(f"UPDATE journal SET seq = {new} WHERE seq = {old}"))


def test_no_random_damage_goes_unseen(store: Store) -> None:
    write(store)
    tamper(store, "DELETE FROM journal_notes", "CREATE TABLE kept AS SELECT * FROM journal")

    @settings(max_examples=25)
    @given(st.lists(st.one_of(EDITS, REMOVALS, SWAPS), max_size=4))
    def damaged(changes: list[tuple[str, int, str]]) -> None:
        with store.engine.begin() as connection:
            connection.execute(text("DELETE FROM journal"))
            connection.execute(text("INSERT INTO journal SELECT * FROM kept"))
            for change in changes:
                damage(connection, *change)
            same = text("SELECT count(*) FROM journal JOIN kept USING (org, seq, member, action, subject, "
                        "patient, was, became, note_digest, hash)")  # fmt: skip
            untouched = connection.execute(same).scalar_one() == ROWS
        found = [seq for seq, sentence in faults(store) if "words" not in sentence]
        assert (found == []) == untouched

    damaged()
