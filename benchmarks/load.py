"""Fills a database with a past, in bulk: `python -m benchmarks.load URL ROWS` with the cast as JSON on stdin.

The tables are made first. BATON_SECRET_KEYS holds the key that everything is sealed with.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, text

from benchmarks.bulk import bulk
from benchmarks.cast import OTHER_TEAMS, ROLES, TEAM, Cast, hours, member_id
from benchmarks.conferences import hold
from benchmarks.history import ORG, History
from cards.card import Detail
from pathway.definition import shipped
from pathway.people import Member, Team
from storage.clinic import Store
from storage.database import work
from storage.migrate import upgrade
from storage.people import TeamRoom
from storage.post import Kind, Sending
from storage.secrets import Keyring
from storage.tables import (
    CareTeamRow,
    CounterRow,
    FlagRow,
    HandoffRow,
    HeadRow,
    JournalNoteRow,
    JournalRow,
    MeasureRow,
    OutgoingRow,
    PatientNameRow,
    PatientRow,
    RequestRow,
    ReviewRow,
    ShownRow,
)

REMEMBERED = 70  # journal rows for each request that is still remembered: two weeks of three years
POSTED = 35  # and for each post


def load(store: Store, cast: Cast, rows: int, now: datetime, *, conferences: bool = True) -> History:
    """A database as it is after so many journal rows: the measured team, others, and what all of them did.

    Without `conferences` none was held, and nothing is outstanding for one.
    """
    teams = [TEAM, *(f"team-{number:02}" for number in range(OTHER_TEAMS if rows > 1000 else 0))]
    _seat(store, cast, teams, now)
    history = History(rows, teams, store.keyring, now)
    with work(store.engine) as session:
        connection = session.connection()
        bulk(connection, PatientRow, history.patient_rows())
        bulk(connection, PatientNameRow, history.name_rows())
        bulk(connection, CareTeamRow, history.care_rows())
        bulk(connection, MeasureRow, history.measure_rows())
        bulk(connection, ReviewRow, history.review_rows())
        bulk(connection, FlagRow, history.flag_rows())
        bulk(connection, HandoffRow, history.handoff_rows())
        bulk(connection, JournalRow, history.journal_rows())
        bulk(connection, JournalNoteRow, history.notes)
        bulk(connection, ShownRow, _shown(history, cast))
        bulk(connection, RequestRow, _requests(history))
        bulk(connection, OutgoingRow, _posts(history, cast))
        if conferences:
            hold(connection, history)
        connection.execute(delete(HeadRow))
        connection.execute(insert(HeadRow).values(org=ORG, seq=history.seq, hash=history.head, posts=rows))
        connection.execute(insert(CounterRow).values(org=ORG, name="handoffs", value=history.handoffs))
        connection.execute(insert(CounterRow).values(org=ORG, name="flags", value=len(history.codes)))
        connection.execute(insert(CounterRow).values(org=ORG, name="measures", value=2 * len(history.codes)))
        session.commit()
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as the autovacuum would have done by now
    return history


def _seat(store: Store, cast: Cast, teams: Sequence[str], now: datetime) -> None:
    """Teams, their members and rooms."""
    with store.clinic(now) as clinic:
        for team in teams:
            measured = team == TEAM
            for handle, role in ROLES.items():
                member = member_id(team, handle)
                clinic.people.save(Member(member, handle.title()))
                account = cast.accounts[handle] if measured else f"U-{member}"
                clinic.people.give_account("slack", account, member, now)
                clinic.people.join(team, member, role, now)
            lead = member_id(team, "lea")
            clinic.people.save_team(Team(team, team.title(), hours(), "01632 960001", "999", lead))
            channel = cast.channel if measured else f"C-{team}"
            clinic.people.save_room(TeamRoom("slack", channel, team, Detail.CODE, False, True))


def _shown(history: History, cast: Cast) -> Iterator[tuple[Any, ...]]:
    """Where the cards of all handoffs stand."""
    for number in range(1, history.handoffs + 1):
        yield ORG, f"H-{number}", "slack", cast.channel, f"{cast.channel}:{number}.000100", 0


def _requests(history: History) -> Iterator[tuple[Any, ...]]:
    """Requests of the last two weeks."""
    sealed = history.keyring.seal(json.dumps({"outcome": "done", "card": "x" * 400}))
    for number in range(history.rows // REMEMBERED):
        yield ORG, f"past-{number}", history.now, sealed


def _posts(history: History, cast: Cast) -> Iterator[tuple[Any, ...]]:
    """Posts of the last two weeks, all sent."""
    sealed = history.keyring.seal("x" * 900)
    for number in range(history.rows // POSTED):
        yield (
            ORG, f"past-{number}", number, "slack", cast.channel, str(Kind.SHOW),
            f"H-{max(history.handoffs - number, 1)}", sealed, "", history.now, history.now, 1,
            str(Sending.SENT), history.now, f"{cast.channel}:{number}.000200",
        )  # fmt: skip


def open_store(url: str, key: str) -> Store:
    """The database, with the shipped pathway."""
    return Store(url, Keyring([key]), shipped(), org=ORG)


def main() -> None:
    url, rows = sys.argv[1], int(sys.argv[2])
    upgrade(url)
    store = open_store(url, os.environ["BATON_SECRET_KEYS"])
    load(store, Cast(**json.load(sys.stdin)), rows, datetime.now(UTC))
    store.close()


if __name__ == "__main__":
    main()
