"""What Baton asks all day is answered by index, and the past that benchmarks make is a true one."""

from datetime import UTC, datetime

from benchmarks.cast import TEAM, Cast, member_id
from benchmarks.load import load, open_store
from benchmarks.plans import plans
from storage.secrets import new_key
from storage.verify import verify

ROWS = 2_000
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def test_a_past_made_in_bulk_is_what_baton_would_have_written(database_url: str) -> None:
    store = open_store(database_url, new_key())
    history = load(store, Cast(), ROWS, NOW)
    assert list(verify(store)) == []
    assert history.seq == ROWS
    with store.clinic(NOW) as clinic:
        seen = clinic.patients.seen_by(member_id(TEAM, "ana"), TEAM)[0]
        assert clinic.patients.by_record(seen.record) == seen
        assert clinic.patients.by_name(seen.name) == [seen]
        handoff = clinic.handoffs.open_of_team(TEAM)[0]
        assert clinic.handoffs.next_number() == history.handoffs + 1
        told = [entry.action for entry in clinic.journal.of(subject=handoff.ref)]
        assert told[0] == "handoff offered"
    store.close()


def test_no_question_of_every_day_reads_all_patients_or_the_whole_past(
    database_url: str,
) -> None:
    if database_url.startswith("postgresql"):
        # It chooses by what it knows of the tables, and rightly reads small ones whole.
        database_url += "?options=-c%20enable_seqscan%3Doff"
    store = open_store(database_url, new_key())
    load(store, Cast(), ROWS, NOW)
    found = list(plans(store))
    assert len(found) > 10
    assert [plan for plan in found if not plan.flat] == []
    store.close()
