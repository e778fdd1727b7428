"""Conversations with the bot's core on a real database: what is said, what time brings, who is told what.

There is no platform here: `answer` and `tick` are called as the platforms call them, and what waits in the
outbox is taken out of it as the poster takes it, in order, with living cards edited where they stand.
"""

import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from cards.card import Card, Detail
from cards.form import Form
from cards.mail import Mail
from cards.plain import plain
from handlers.answer import answer
from handlers.request import ChatId, Outcome, Reply, Request
from handlers.tick import first_due, tick
from pathway.definition import Definition, shipped
from storage.clinic import Store
from storage.database import work
from storage.lanes import Lanes
from storage.outbox import Lane, direct_lane
from storage.people import TeamRoom
from storage.secrets import Keyring
from storage.tables import UNSENT, OutgoingRow
from tests.handlers.stored import Stored, account

MONDAY = datetime(2031, 3, 3, 10, 0, tzinfo=UTC)
"""A Monday morning in London, where it is the same hour in winter."""
ROOM = Lane("slack", "C-north")
NAMES = {
    "ana": "Ana Ruiz",
    "bo": "Bo Lindqvist",
    "cy": "Cy Osei",
    "dee": "Dee Park",
    "eli": "Eli Novak",
    "lea": "Lea Brandt",
}
"""The synthetic people, by handle. `team` gives all but eli a role."""
ROLES = {"ana": "physio", "bo": "psychologist", "cy": "psychologist", "dee": "coordinator"}
SETUP = "team setup name='North team' phone='01632 960001' emergency=999"


@dataclass(frozen=True)
class Message:
    """A message as it stands now, and whom it called when it came."""

    card: Card
    subject: str
    called: tuple[str, ...]
    everyone: bool


class Talk(Stored):
    """People who talk with the bot; the clock stands still until it is moved."""

    def __init__(
        self,
        database_url: str,
        now: datetime = MONDAY,
        definition: Definition | None = None,
        detail: Detail = Detail.CLINICAL,
        org: str = "org",
        mail_from: str = "",
        base_url: str = "",
    ) -> None:
        self.now = now
        self.store = Store(
            database_url,
            Keyring([bytes(32)]),
            definition or shipped(),
            org=org,
            direct_detail=detail,
            mail_from=mail_from,
            base_url=base_url,
        )
        self.lanes = Lanes(self.store, "talk")
        self.messages: dict[Lane, dict[str, Message]] = {}
        self.fresh: dict[Lane, list[str]] = {}
        self.platforms = ["slack", "matrix", "mail"]
        self.mails: dict[str, list[Mail]] = {}
        self.broke: list[Exception] = []
        self._events = itertools.count(1)

    def close(self) -> None:
        """Gives the database back."""
        self.store.close()

    def team(self, **roles: str) -> None:
        """The north team in its room, led by lea; everybody has been welcomed. Its room shows codes only."""
        self.room_known(ROOM, "")
        self.now -= timedelta(hours=1)
        self.say("lea", SETUP)
        for who, role in (roles or ROLES).items():
            self.now += timedelta(minutes=1)
            self.say(who, f"team join {role}")
        self.now = self.now.replace(hour=self.now.hour + 1, minute=0)
        self.hear()

    def room_known(self, lane: Lane, team: str, detail: Detail = Detail.CODE) -> None:
        """A room that the bot was invited to."""
        with self.store.clinic(self.now) as clinic:
            clinic.people.save_room(TeamRoom(lane.platform, lane.target, team, detail, False, True))

    # What people do

    def ask(
        self,
        who: str,
        line: str,
        *,
        lane: Lane = ROOM,
        thread: str = "",
        forms: bool = False,
        posts: bool = False,
        event: str = "",
    ) -> Reply:
        """One request, however it comes in."""
        sender = ChatId(lane.platform, account(who), NAMES.get(who, who), "")
        event_id = event or f"e{next(self._events)}"
        request = Request(event_id, sender, lane, line, thread, posts_answer=posts, shows_forms=forms)
        reply = answer(request, self.store, self.now)
        self.post()
        return reply

    def say(self, who: str, line: str, thread: str = "") -> str:
        """Says a line in the team's room; what comes back to them."""
        return text(self.ask(who, line, thread=thread))

    def direct(self, who: str, line: str) -> str:
        """Says a line in private; what comes back."""
        return text(self.ask(who, line, lane=own(who)))

    def form(self, who: str, line: str) -> Form:
        """Says a line where forms can be shown, and gets one."""
        reply = self.ask(who, line, lane=own(who), forms=True)
        assert reply.outcome is Outcome.FORM, reply
        assert reply.form is not None
        return reply.form

    def press(self, who: str, label: str) -> str:
        """Presses a button of the newest private message that has it."""
        for message in reversed(self.messages[own(who)].values()):
            for choice in message.card.choices:
                if choice.label == label:
                    return self.direct(who, choice.says)
        raise AssertionError(f"{who} has no button {label}")

    def patient(self, who: str = "ana", more: str = "") -> str:
        """Adds a patient of somebody's, Tess Testcase unless `more` names another; the code."""
        given = more if "name=" in more else f"name='Tess Testcase' goal='Lift my grandson again' {more}"
        said = self.direct(who, f"patient add {given}")
        found = re.search(r"P-[2-9A-Z]{4,}", said)
        assert found, said
        return found[0]

    # What time does

    def forward(self, minutes: float) -> None:
        """Lets time pass in one leap, as in an outage, and does what has fallen due."""
        self.now += timedelta(minutes=minutes)
        tick(self.store, self.now, lambda subject, error: self.broke.append(error))
        self.post()

    def pass_time(self, minutes: float) -> None:
        """Lets time pass as in a bot that runs: stops at every moment at which something falls due."""
        end = self.now + timedelta(minutes=minutes)
        self.until(self.now)
        while (moment := self._next_moment(end)) is not None and moment < end:
            self.until(moment)
        self.until(end)

    def _next_moment(self, end: datetime) -> datetime | None:
        held = select(func.min(OutgoingRow.send_after)).where(UNSENT)
        with self.store.clinic(self.now) as clinic:
            due = first_due(clinic, end)
        with work(self.store.engine) as session:
            found = (due.at if due else None, session.scalar(held))
        return min((moment for moment in found if moment is not None and moment > self.now), default=None)

    def until(self, moment: datetime) -> None:
        """Lets time pass in one leap up to a moment."""
        self.forward((moment - self.now) / timedelta(minutes=1))

    # What is seen

    def post(self) -> None:
        """Takes what may go out now out of the outbox, and lets it stand where it belongs."""
        while due := self.lanes.due(self.platforms, self.now):
            for lane in due:
                outgoing = self.lanes.take(lane, self.now)
                while outgoing is not None:
                    if outgoing.mail is not None:
                        self.mails.setdefault(self._address(lane), []).append(outgoing.mail)
                    stand = self.messages.setdefault(lane, {})
                    message = outgoing.edits or f"m{next(self._events)}"
                    if not outgoing.edits:
                        self.fresh.setdefault(lane, []).append(message)
                    stand[message] = Message(
                        outgoing.card, outgoing.subject, outgoing.called, outgoing.everyone
                    )
                    outgoing = self.lanes.sent(outgoing, message, self.now)

    def _address(self, lane: Lane) -> str:
        with self.store.clinic(self.now) as clinic:
            found = clinic.addresses.by_id(lane.account)
        assert found is not None
        return found.address

    def mailed(self, address: str) -> list[Mail]:
        """The mails that came for an address since this was asked last."""
        return self.mails.pop(address, [])

    def hear(self) -> None:
        """Everything up to now has been heard by everybody."""
        self.fresh.clear()
        self.mails.clear()

    def told(self, who: str) -> list[str]:
        """The titles of what came in private since this was asked last; edits are not news."""
        return [each.card.title for each in self.news(own(who))]

    def heard(self, lane: Lane = ROOM) -> list[str]:
        """The titles of what came in a room since this was asked last."""
        return [each.card.title for each in self.news(lane)]

    def news(self, lane: Lane) -> list[Message]:
        """What came at a place since this was asked last, as it stands now."""
        return [self.messages[lane][message] for message in self.fresh.pop(lane, [])]

    def private(self, who: str) -> list[str]:
        """The whole of every message that stands in somebody's direct messages."""
        return [plain(each.card) for each in self.messages.get(own(who), {}).values()]

    def card(self, ref: str, lane: Lane = ROOM) -> str:
        """The whole living card of a handoff or flag where it stands at a place."""
        found = [each for each in self.messages[lane].values() if each.card.title.startswith(f"{ref} ·")]
        assert len(found) == 1, f"{len(found)} cards of {ref}"
        return plain(found[0].card)


def own(who: str) -> Lane:
    """Somebody's direct messages."""
    return direct_lane("slack", account(who))


def text(reply: Reply) -> str:
    """What a reply says, or the title of its form."""
    if reply.card is not None:
        return plain(reply.card)
    return f"Form: {reply.form.command}" if reply.form else ""
