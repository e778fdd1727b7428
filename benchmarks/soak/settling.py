"""After the last kill: everything works again, what waits goes out, and the bots stop as asked to."""

import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from benchmarks.soak.evidence import store_of
from benchmarks.soak.team import Team
from benchmarks.soak.town import eventually
from storage.clinic import Store
from storage.database import work
from storage.post import Sending
from storage.tables import FlagRow, HandoffRow, OutgoingRow

OVERDUE = timedelta(seconds=3)
QUIET_SECONDS = 3.0


def settle(team: Team, seconds: float) -> datetime:
    """Waits until nothing is left to do, and stops the bots; when they were told to stop.

    If something new came to wait while they stopped, they are started again. What is still not done when
    the time is over is left for the verdict to name.
    """
    deadline = time.monotonic() + seconds
    with closing(store_of(team.town.environment)) as store:
        while True:
            _wait_idle(store, team, deadline)
            stopped_at = datetime.now(UTC)
            for bot in team.town.bots:
                bot.stop()
            if not _busy(store, stopped_at) or time.monotonic() > deadline:
                break
            for bot in team.town.bots:
                bot.start()
            for bot in team.town.bots:
                bot.wait_ready()
    _wait_seen(team)
    return stopped_at


def _wait_idle(store: Store, team: Team, deadline: float) -> None:
    """Waits until nothing has been due for a while, over which messages that people sent may still come."""
    idle_since = time.monotonic()
    while time.monotonic() < deadline and time.monotonic() < idle_since + QUIET_SECONDS:
        time.sleep(0.2)
        team.accept_invitations()
        if _busy(store, datetime.now(UTC)) or any(bot.ready() for bot in team.town.bots):
            idle_since = time.monotonic()


def _busy(store: Store, now: datetime) -> bool:
    """Whether a post waits or a deadline has gone by."""
    waiting = select(func.count()).where(OutgoingRow.state.in_([Sending.WAITING, Sending.SENDING]))
    overdue = (select(func.count()).where(row.due_at < now - OVERDUE) for row in (HandoffRow, FlagRow))
    with work(store.engine) as session:
        return any(session.scalar(query) for query in (waiting, *overdue))


def _wait_seen(team: Team) -> None:
    """Waits until people's clients have seen all that is in the rooms."""
    with closing(store_of(team.town.environment)) as store, work(store.engine) as session:
        query = select(OutgoingRow.message).where(
            OutgoingRow.platform == "matrix", OutgoingRow.state == Sending.SENT
        )
        wanted = set(session.scalars(query))

    def seen() -> bool:
        there = {
            event.event_id
            for person in team.people.values()
            for room in list(person.client.rooms)
            for event in person.events(room)
        }
        return wanted <= there

    try:
        eventually(seen, "people to see what was sent", 20)
    except AssertionError:
        return  # the verdict names what is missing
