"""What Slack reports: messages, mentions, reactions, who comes and goes.

Slack takes an event for delivered once it is answered, and otherwise sends it again; so each is answered
only after its commit, and an error here means that it comes again.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest

from bot import presence
from bot.door import MAYBE_DONE, NOT_DONE, Door, broken
from bot.slack.asks import lane_of
from bot.slack.home import SlackHome
from bot.slack.people import SlackPeople
from bot.slack.tell import Place, Teller
from bot.slack.words import chosen, emoji_of, line_of, mentions
from cards.card import Card, Choice
from cards.wire import loads
from handlers import from_message
from handlers.answer import NotKnown
from handlers.from_message import Wrote, line_from
from handlers.people import room
from handlers.request import Request
from storage.clinic import Clinic
from storage.post import Lane

SAID = frozenset(("", "thread_broadcast", "file_share"))
MOST_PARTS = 5
NOTHING_DONE = frozenset((NOT_DONE.title, broken("").title))
LAST_RETRY = 3  # Slack sends what was not answered again at once, after one minute and after five

Json = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What a person wrote or marked: where, in which thread, and under which id it is remembered.

    `ts` is the message itself; "" for a mark on one.
    """

    event_id: str
    user: str
    channel: str
    thread: str
    line: str
    ts: str = ""


class SlackEvents:
    """Bolt's listeners for the Events API."""

    def __init__(self, door: Door, people: SlackPeople, teller: Teller, home: SlackHome) -> None:
        self.door = door
        self.people = people
        self.teller = teller
        self.home = home

    def listen(self, app: AsyncApp) -> None:
        """Takes the events of an app."""
        app.event("message")(self.message)
        app.event("app_mention")(self.mentioned)
        app.event("reaction_added")(self.reaction)
        app.event("app_home_opened")(self.home_opened)
        app.event("member_joined_channel")(self.joined)
        app.event("member_left_channel")(self.left)
        for name in ("channel_left", "group_left"):
            app.event(name)(self.removed)

    async def message(
        self, event: Json, body: Json, context: AsyncBoltContext, request: AsyncBoltRequest
    ) -> None:
        """In private every message is meant for the bot; in a channel only what answers its questions."""
        bot = context.bot_user_id or ""
        subtype = event.get("subtype") or ""
        if subtype in ("message_changed", "message_deleted"):
            await self._changed(event, body, subtype == "message_deleted", bot)
            return
        text = event.get("text") or ""
        if subtype not in SAID or event.get("bot_id") or not event.get("user") or not text.strip():
            return
        if event.get("channel_type") == "im":
            await self._ask(_said(event, "", line_of(text, bot)), request)
        elif event.get("thread_ts") and not mentions(text, bot):  # a mention comes as an event of its own
            said = _said(event, event["thread_ts"], line_of(text))
            if await self.door.look(lambda clinic: _is_answer(said, clinic)):
                await self._ask(said, request)

    async def mentioned(self, event: Json, context: AsyncBoltContext, request: AsyncBoltRequest) -> None:
        """Somebody addressed the bot in a channel; it answers in the thread."""
        if event.get("bot_id") or not event.get("user"):
            return
        thread = event.get("thread_ts") or event["ts"]
        line = line_of(event.get("text") or "", context.bot_user_id or "")
        await self._ask(_said(event, thread, line), request)

    async def reaction(self, event: Json, body: Json, request: AsyncBoltRequest) -> None:
        """A reaction on a card that shows it beside a choice says what the choice says.

        On what a person wrote, some make a command of it.
        """
        item = event.get("item") or {}
        if item.get("type") != "message":
            return
        name = f"{item['channel']}:{item['ts']}"
        choices = await self.door.look(lambda clinic: _choices_at(name, clinic))
        choice = chosen(choices, event["reaction"])
        line = choice.says if choice is not None else await self._made_of(item, event["reaction"])
        if line:
            said = Said(f"slack:{body['event_id']}", event["user"], item["channel"], item["ts"], line)
            await self._ask(said, request)

    async def _made_of(self, item: Json, reaction: str) -> str:
        """The line that a reaction makes of a person's message; "" if it makes none."""
        taking = from_message.reacted(emoji_of(reaction))
        if taking is None:
            return ""
        channel, ts = item["channel"], item["ts"]
        looking = self.teller.api.client.conversations_replies(
            channel=channel, ts=ts, oldest=ts, latest=ts, inclusive=True, limit=2
        )
        found = (await self.teller.api.done(looking)).get("messages") or []
        message = next((each for each in found if each.get("ts") == ts and not each.get("bot_id")), None)
        text = line_of((message or {}).get("text") or "")
        return line_from(taking, Wrote(text, await self.teller.api.link_to(channel, ts))) if text else ""

    async def home_opened(self, event: Json) -> None:
        """Somebody looks at the Home tab."""
        if event.get("tab", "home") == "home":
            await self.home.opened(event["user"])

    async def joined(self, event: Json, body: Json, context: AsyncBoltContext) -> None:
        """The bot was invited to a channel."""
        if event["user"] != context.bot_user_id:
            return
        lane = Lane("slack", event["channel"])

        def work(clinic: Clinic, now: datetime) -> None:
            room.invited(lane, False, clinic, now)

        await self.door.once(f"slack:{body['event_id']}", work)
        api, me = self.teller.api, context.bot_user_id or ""
        self.teller.soon(presence.look(self.door, "slack", api.members, me, lane))

    async def left(self, event: Json, body: Json, context: AsyncBoltContext) -> None:
        """Somebody left a channel, or was removed: the bot itself, or a person, whose access ends."""
        if event["user"] == context.bot_user_id:
            await self.removed(event, body)
            return
        lane, user = Lane("slack", event["channel"]), event["user"]

        def work(clinic: Clinic, now: datetime) -> None:
            room.left(lane, user, clinic, now)

        await self.door.once(f"slack:{body['event_id']}", work)

    async def removed(self, event: Json, body: Json) -> None:
        """The bot was removed from a channel."""
        lane = Lane("slack", event["channel"])

        def work(clinic: Clinic, now: datetime) -> None:
            room.removed(lane, clinic, now)

        await self.door.once(f"slack:{body['event_id']}", work)

    async def _ask(self, said: Said, request: AsyncBoltRequest) -> None:
        """One request, answered in the thread or the direct messages through the outbox.

        Raises NotKnown if it may be done or not, so that Slack sends it again: that has no second effect.
        """
        lane, sender = lane_of(said.channel, said.user), await self.people.who(said.user)
        thread = "" if lane.direct else f"{said.channel}:{said.thread}"
        link = "" if lane.direct or not said.ts else await self.teller.api.link_to(said.channel, said.ts)
        reply = await self.door.answer(Request(said.event_id, sender, lane, said.line, thread, link=link))
        warning = _warning(reply.card, _retry(request))
        if warning is not None:
            # Nothing of it is stored, so the outbox does not tell it either.
            self.teller.soon(self.teller.warn(Place(said.event_id, said.user, lane, said.channel), warning))
        self.home.soon(said.user)

    async def _changed(self, event: Json, body: Json, deleted: bool, bot: str) -> None:
        before, after = event.get("previous_message") or {}, event.get("message") or {}
        unaltered = not deleted and before.get("text") == after.get("text")  # a link was unfurled
        if before.get("bot_id") or before.get("user") in (None, bot) or unaltered:
            return
        lane, name = lane_of(event["channel"], before["user"]), f"{event['channel']}:{before['ts']}"
        deleted = deleted or after.get("subtype") == "tombstone"  # what is left of one with replies
        link = "" if lane.direct else await self.teller.api.link_to(event["channel"], before["ts"])
        says = None if deleted else line_of(after.get("text") or "", bot)

        def work(clinic: Clinic, now: datetime) -> None:
            if clinic.memory.answered(f"slack:{name}") is not None:
                room.changed(lane, name, deleted, clinic, now)
            from_message.changed(link, says, clinic, now)

        await self.door.once(f"slack:{body['event_id']}", work)


def _said(event: Json, thread: str, line: str) -> Said:
    """A message is known by where and when it was written: its mention is an event with another id."""
    channel, ts = event["channel"], event["ts"]
    return Said(f"slack:{channel}:{ts}", event["user"], channel, thread, line, ts)


def _retry(request: AsyncBoltRequest) -> int:
    """How often Slack has sent this before; 0 for what comes for the first time."""
    told = request.headers.get("x-slack-retry-num", ["0"])[0]
    return int(told) if told.isdecimal() else 0


def _warning(card: Card | None, retry: int) -> Card | None:
    """What must be told at once, for there is no answer. Raises NotKnown if Slack sends the request again.

    Of what comes again, an earlier attempt may have been committed: then nobody may say that nothing was.
    """
    if card is None or card.title not in (*NOTHING_DONE, MAYBE_DONE.title):
        return None
    if retry == 0 and card.title in NOTHING_DONE:
        return card
    if retry < LAST_RETRY:
        raise NotKnown
    return MAYBE_DONE


def _is_answer(said: Said, clinic: Clinic) -> bool:
    """Whether this person is being asked something in this thread."""
    member = clinic.people.by_account("slack", said.user)
    draft = clinic.memory.draft(Lane("slack", said.channel), member.id) if member else None
    return draft is not None and draft.thread == f"{said.channel}:{said.thread}"


def _choices_at(name: str, clinic: Clinic) -> tuple[Choice, ...]:
    """The choices of the card whose first message this is."""
    for further in ("", *(f"+{count}" for count in range(1, MOST_PARTS))):
        payload = clinic.memory.post_at("slack", f"{name}{further}")
        if payload:
            return loads(json.loads(payload)["card"]).choices
    return ()
