"""What is there once the bots have stopped: in the database, on Slack, and in the Matrix rooms."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.soak.team import Team
from benchmarks.soak.things import Thing
from pathway.definition import Definition, load
from pathway.people import Roster
from storage.clinic import Clinic, Store
from storage.journal import Entry
from storage.post import Kind, Lane, Sending
from storage.secrets import Keyring
from storage.tables import AccountRow, FlagRow, HandoffRow, OutgoingRow, RoomRow, ShownRow
from tests.matrix_timeline import Message
from tests.workspace.errors import Refused
from tests.workspace.state import Json

ALL = 1_000_000


@dataclass(frozen=True)
class Sent:
    """A row of the outbox. `message` is the platform's own name of what was posted or edited."""

    id: str
    lane: Lane
    kind: Kind
    subject: str
    state: Sending
    message: str


@dataclass(frozen=True)
class Evidence:
    """Everything that the verdict goes by.

    `things`, `versions` and `changes` are by the reference of a handoff or flag, `rooms` are the team's with
    their detail, `members` are ids by account. `slack` and `matrix` are the bot's messages by id, as they
    stand now.
    """

    at: datetime
    definition: Definition
    roster: Roster
    things: Mapping[str, Thing]
    versions: Mapping[str, int]
    changes: Mapping[str, Sequence[Entry]]
    posts: Sequence[Sent]
    shown: Mapping[tuple[str, Lane], str]
    rooms: Mapping[Lane, int]
    members: Mapping[tuple[str, str], str]
    slack: Mapping[str, Json]
    matrix: Mapping[str, Message]


def store_of(environment: Mapping[str, str]) -> Store:
    """The bots' store, opened to read what they wrote."""
    definition = load(Path(environment["BATON_PATHWAY"]).read_text("utf-8"), "quick.toml")
    return Store(environment["BATON_DATABASE_URL"], Keyring([environment["BATON_SECRET_KEYS"]]), definition)


def gather(team: Team) -> Evidence:
    """Reads it all. The bots must not be running."""
    now = datetime.now(UTC)
    with closing(store_of(team.town.environment)) as store, store.clinic(now) as clinic:
        posts = [_sent(row) for row in _rows(clinic, OutgoingRow)]
        versions = {f"H-{row.number}": row.version for row in _rows(clinic, HandoffRow)}
        versions |= {f"F-{row.number}": row.version for row in _rows(clinic, FlagRow)}
        found: dict[str, Thing | None] = {
            ref: clinic.handoffs.find(ref) or clinic.flags.find(ref) for ref in versions
        }
        return Evidence(
            at=now,
            definition=store.definition,
            roster=clinic.people.roster(clinic.people.teams()[0].id),
            things={ref: each for ref, each in found.items() if each},
            versions=versions,
            changes={ref: clinic.journal.of(subject=ref, limit=ALL) for ref in versions},
            posts=posts,
            shown={
                (row.subject, Lane(row.platform, row.target)): row.message for row in _rows(clinic, ShownRow)
            },
            rooms={Lane(row.platform, row.address): row.detail for row in _rows(clinic, RoomRow) if row.team},
            members={(row.platform, row.account): row.member for row in _rows(clinic, AccountRow)},
            slack=_slack(team, posts),
            matrix=_matrix(team),
        )


def _sent(row: OutgoingRow) -> Sent:
    lane = Lane(row.platform, row.target)
    return Sent(row.id, lane, Kind(row.kind), row.subject, Sending(row.state), row.message)


def _rows(clinic: Clinic, table: Any) -> Sequence[Any]:
    return clinic.rows.session.scalars(select(table)).all()


def _slack(team: Team, posts: Sequence[Sent]) -> dict[str, Json]:
    """The bot's messages by `channel:ts`, in every conversation that it ever posted to."""
    bot = team.town.remote.app["bot_user"]
    ids = [post.message for post in posts if post.lane.platform == "slack" and post.message]
    found = {}
    for place in sorted({team.slack.channel, *(each.partition(":")[0] for each in ids)}):
        for message in _conversation(team, place):
            if message.get("user") == bot and not message.get("subtype"):
                found[f"{place}:{message['ts']}"] = message
    return found


def _conversation(team: Team, place: str) -> Sequence[Json]:
    try:
        found: Sequence[Json] = team.town.remote.workspace("messages", channel=place)
    except Refused:
        return []
    return found


def _matrix(team: Team) -> dict[str, Message]:
    """The bot's messages by event, in every room that anybody of the team is in."""
    return {each.event_id: each for each in _everywhere(team) if each.sender == team.town.bot_user}


def _everywhere(team: Team) -> Iterator[Message]:
    for person in team.people.values():
        for room in list(person.client.rooms):
            yield from person.messages(room)
