"""One team in a Slack channel and in an encrypted Matrix room at once: the bot, and the people in each."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.door import MovableClock
from bot.matrix.platform import MatrixPlatform
from bot.slack.platform import PATH, SlackPlatform
from tests.matrix_bot import MatrixBot, eventually
from tests.matrix_homeserver import fresh_person
from tests.matrix_person import MatrixPerson
from tests.patience import PATIENCE
from tests.workspace import Conversation, Person, Workspace
from tests.workspace.reading import seen

ZONE = "Europe/London"


@dataclass
class Both:
    """A bot in a Slack channel and an encrypted Matrix room; Lea is in both."""

    bot: MatrixBot
    workspace: Workspace
    channel: Conversation
    staff: dict[str, Person]
    clients: dict[str, MatrixPerson]
    room: str

    @property
    def lea(self) -> MatrixPerson:
        """The lead's client."""
        return self.clients["lea"]

    @property
    def bo(self) -> MatrixPerson:
        """Bo's client."""
        return self.clients["bo"]

    def start(self) -> None:
        """The bot starts, or starts again, and Slack is told where it listens."""
        _start(self.bot, self.workspace)

    def dies_before_posting(self) -> None:
        """From now on what is done is committed and answered, and nothing of it is posted any more."""
        self.bot.app.poster.stop()

    def in_slack(self) -> list[str]:
        """What the bot says in the channel."""
        said = [each for each in self.workspace.messages(self.channel) if each.get("bot_id")]
        return ["\n".join(seen(each).texts) for each in said]

    def in_matrix(self, who: MatrixPerson, room: str) -> list[str]:
        """What the bot says in a room, as this person reads it."""
        return [each.body for each in who.messages(room) if each.sender == self.bot.user_id]

    def in_private(self, who: MatrixPerson) -> list[str]:
        """What the bot says to this person alone."""
        for room in who.invitations():
            who.enter(room)
        alone = {who.user_id, self.bot.user_id}
        rooms = [room for room in list(who.client.rooms) if set(who.client.rooms[room].users) == alone]
        return [text for room in rooms for text in self.in_matrix(who, room)]

    def slack(self, who: str, line: str) -> str:
        """A slash command in the channel, and what only that person sees then."""
        person = self.staff[who]
        person.slash("/care", line, self.channel)
        whispered = self.workspace.ephemerals(person, self.channel)
        return "\n".join(seen(whispered[-1]).texts) if whispered else ""


@contextmanager
def open_both(
    database_url: str,
    folder: Path,
    slack: Sequence[str] = ("ana", "lea"),
    matrix: Sequence[str] = ("lea", "bo"),
    clock: MovableClock | None = None,
) -> Iterator[Both]:
    """The two platforms with these people, lea in both, and the bot invited to both; no team yet.

    Time stands still if a `clock` is given, and so there is no pause between posts: it would never end.
    """
    with ExitStack() as ends:
        workspace = ends.enter_context(Workspace())
        workspace.terms.timeout = PATIENCE
        staff = {who: workspace.person(who, name=who.title(), tz=ZONE) for who in slack}
        channel = workspace.channel("msk-pain", bot=False)
        bot = MatrixBot(
            database_url,
            folder,
            builds=(SlackPlatform, MatrixPlatform),
            slack_bot_token=SecretStr(workspace.app.bot_token),
            slack_signing_secret=SecretStr(workspace.app.signing_secret),
            slack_api_url=workspace.base_url.rstrip("/"),
        )
        if clock is not None:
            bot.clock, bot.paces = clock, {}
        ends.callback(bot.stop)
        _start(bot, workspace)
        workspace.invite_bot(channel)
        clients = {who: ends.enter_context(closing(fresh_person(who))) for who in matrix}
        others = [each.user_id for who, each in clients.items() if who != "lea"]
        room = clients["lea"].create_room("North team", invite=[*others, bot.user_id])
        for who, each in clients.items():
            if who != "lea":
                each.join(room)
        made = Both(bot, workspace, channel, staff, clients, room)
        assert eventually(lambda: any("I am Baton" in text for text in made.in_slack()))
        assert eventually(lambda: any("I am Baton" in text for text in made.in_matrix(made.lea, room)))
        yield made


def _start(bot: MatrixBot, workspace: Workspace) -> None:
    bot.start()
    workspace.app.request_url = f"http://127.0.0.1:{bot.app.port}{PATH}"


def make_team(both: Both) -> None:
    """Lea sets the team up in Slack, links her accounts by the code, and connects the Matrix room."""
    both.slack("lea", f"team setup name='North team' phone='01632 960001' zone={ZONE} role=lead")
    both.slack("lea", f"link account matrix {both.lea.user_id}")
    assert eventually(lambda: any("link code" in text for text in both.in_private(both.lea)))
    found = re.search(r"link code (\S+)", "\n".join(both.in_private(both.lea)))
    assert found
    both.slack("lea", f"link code {found[1]}")
    both.lea.say(both.room, "!care team connect “North team”")
    assert eventually(
        lambda: any("works here too now" in text for text in both.in_matrix(both.lea, both.room))
    )
