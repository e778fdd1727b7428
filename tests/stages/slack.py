"""The conversation suite on Slack: the real bot with the real Bolt over HTTP, against a loopback workspace.

In the room people mention the bot; in private they use the slash command; forms are modals.
"""

import contextlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from handlers.line import say
from tests.patience import PATIENCE
from tests.stages.slack_bot import RunningBot, slack_settings, working_clock
from tests.workspace import Ack, Conversation, Json, Person, Workspace
from tests.workspace.reading import elements, label, seen

ROOM = "msk-pain"


class SlackStage:
    """One team at work in a Slack channel."""

    def __init__(self, database_url: str, people: Mapping[str, str], start: datetime | None = None) -> None:
        self._ends = contextlib.ExitStack()
        folder = Path(self._ends.enter_context(tempfile.TemporaryDirectory()))
        self.workspace = self._ends.enter_context(Workspace())
        self.workspace.terms.timeout = PATIENCE
        self.people = {who: self.workspace.person(who, name=name) for who, name in people.items()}
        self.channel: Conversation = self.workspace.channel(ROOM, bot=False)
        settings = slack_settings(self.workspace, database_url, folder)
        self.bot = RunningBot(self.workspace, settings, working_clock(start))
        self._ends.callback(self.bot.close)
        self._wrong: dict[str, list[str]] = {who: [] for who in people}
        try:
            self.workspace.invite_bot(self.channel)
            self.wait_for(lambda: any("I am Baton" in each for each in self.room()))
        except TimeoutError:
            self.close()
            raise

    def say(self, who: str, line: str) -> None:
        """Mentions the bot in the team's channel."""
        self.people[who].mention(self.channel, self._mentions(line))

    def direct(self, who: str, line: str) -> None:
        """Types the slash command in the direct messages with the bot."""
        person = self.people[who]
        person.slash("/care", self._mentions(line), person.im)

    def press(self, who: str, label: str, private: bool = False) -> None:
        """Presses a button of the newest card that has it."""
        where = self._private(who) if private else self._own(self.channel)
        self.wait_for(lambda: any(_value(each, label) for each in where()))
        place = [each for each in where() if _value(each, label)][-1]
        self.people[who].press(place, _value(place, label))

    def fill(self, who: str, values: Mapping[str, str]) -> None:
        """Fills in the modal that is open, and sends it."""
        self.wait_for(lambda: bool(self.workspace.views(self.people[who])))
        view = self.workspace.views(self.people[who])[-1]
        ack: Ack = self.people[who].submit(view, values)
        self._wrong[who] = list(ack.errors.values())

    def room(self) -> list[str]:
        """The bot's messages in the channel."""
        return [_shown(each) for each in self._own(self.channel)()]

    def private(self, who: str) -> list[str]:
        """The bot's direct messages to one person, and what only they see in the channel or in a form."""
        views = self.workspace.views(self.people[who])
        return [_shown(each) for each in [*self._private(who)(), *views]] + self._wrong[who]

    def pictures(self, who: str = "") -> list[bytes]:
        """The files in the channel, or in a person's direct messages."""
        room = self.people[who].im if who else self.channel
        shared = [file["id"] for each in self.workspace.messages(room) for file in each.get("files") or []]
        return [self.workspace.state.files[each]["content"] for each in shared]

    def forward(self, minutes: int) -> None:
        """Lets time pass."""
        self.bot.forward(minutes)

    def wait_for(self, what: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Waits until something is so: it is looked at whenever the workspace changes."""
        self.workspace.wait_for(what, seconds)

    def close(self) -> None:
        """Stops bot and workspace."""
        self._ends.close()

    def _mentions(self, line: str) -> str:
        """The line as Slack sends it: handles become mentions."""
        known = {who: f"<@{person.id}|{who}>" for who, person in self.people.items()}
        return re.sub(r"@(\w+)", lambda found: known.get(found[1], found[0]), line)

    def _own(self, room: Conversation) -> Callable[[], Sequence[Json]]:
        return lambda: [each for each in self.workspace.messages(room) if each.get("bot_id")]

    def _private(self, who: str) -> Callable[[], Sequence[Json]]:
        person = self.people[who]
        return lambda: list(_newest_last(self.workspace, person, self.channel))


def at_work(stage: SlackStage) -> str:
    """Lea's team with a physiotherapist and two psychologists, and a patient of Ana's: the code."""
    stage.say("lea", "team setup name='North team' phone='01632 960001' emergency=999 role=lead")
    stage.wait_for(lambda: any("North team" in each for each in stage.room()))
    for who, role in (("ana", "physio"), ("bo", "psychologist"), ("cy", "psychologist")):
        person = stage.people[who]
        person.slash("/care", f"team join {role}", stage.channel)
    return patient(stage)


def patient(stage: SlackStage, name: str = "Tess Testcase", goal: str = "Lift my grandson again") -> str:
    """A new patient of Ana's: the code."""
    ana = stage.people["ana"]
    ana.slash("/care", say("patient add", {"name": name, "goal": goal}), ana.im)
    shown = _shown(stage.workspace.ephemerals(ana, ana.im)[-1])
    found = re.search(r"P-[2-9A-Z]{4,}", shown)
    assert found, shown
    return found[0]


def _newest_last(workspace: Workspace, person: Person, channel: Conversation) -> Iterator[Json]:
    direct = [each for each in workspace.messages(person.im) if each.get("bot_id")]
    whispered = [*workspace.ephemerals(person, person.im), *workspace.ephemerals(person, channel)]
    yield from sorted([*direct, *whispered], key=lambda each: float(each["ts"]))


def _shown(where: Json) -> str:
    """What a person reads, and the buttons."""
    there = seen(where)
    return "\n".join([*there.texts, *there.buttons])


def _value(where: Json, wanted: str) -> str:
    """The value of the button with this label, with or without an emoji behind it; "" if there is none."""
    for _, element in elements(where):
        if element["type"] == "button" and re.sub(r"\W+$", "", label(element)) == wanted:
            return str(element["value"])
    return ""
