"""What people ask for with a slash command, a button, a form or a shortcut: answered after the commit.

Slack waits three seconds and repeats none of these. So the commit begins within 2.2 seconds or nothing is
done, and who is not answered within 2.7 is told that, and hears the end of it when there is one.
"""

import asyncio
import hashlib
import json
import re
import time
from collections import OrderedDict
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.door import Door
from bot.slack.home import SlackHome
from bot.slack.people import LOOK_SECONDS, SlackPeople
from bot.slack.tell import IN_PRIVATE, NOT_YET, Place, Teller, private_parts, sentence
from bot.slack.words import line_of
from cards.slack import messages
from cards.slack_modal import CALLBACK, field_errors, values_of
from handlers.from_message import SHORTCUTS, Wrote, line_from
from handlers.line import say
from handlers.request import Outcome, Reply, Request
from storage.post import Lane, direct_lane

COMMIT_SECONDS = 2.2
ANSWER_SECONDS = 2.7
NEEDED = "This one is needed."
MOST_VIEWS = 10_000

Json = dict[str, Any]


class SlackAsks:
    """Bolt's listeners for everything that a person waits for."""

    def __init__(self, door: Door, people: SlackPeople, teller: Teller, home: SlackHome) -> None:
        self.door = door
        self.people = people
        self.teller = teller
        self.home = home
        self._tried: OrderedDict[str, str] = OrderedDict()

    def listen(self, app: AsyncApp) -> None:
        """Takes the interactive part of an app."""
        app.command("/care")(self.slash)
        app.action(re.compile(r"choice-\d+"))(self.button)
        app.view(CALLBACK)(self.submitted)
        for shortcut in SHORTCUTS:
            app.message_shortcut(shortcut)(self.from_message)
        app.global_shortcut("care")(self.anywhere)

    async def slash(self, ack: AsyncAck, body: Json) -> None:
        """A line in the channel where it was typed."""
        channel, user, line = body["channel_id"], body["user_id"], line_of(body.get("text") or "")
        place = Place(
            f"slack:{body['trigger_id']}", user, lane_of(channel, user), channel,
            body.get("response_url", ""), body["trigger_id"],
        )  # fmt: skip
        reply = await self._ask(place, line, body.get("user_name", ""))
        card = NOT_YET if reply is None else reply.card
        if reply is not None and reply.form is not None:
            self.teller.soon(self.teller.form(place, reply.form, line))
        if card is None or (reply is not None and reply.form is not None):
            await ack()
            return
        parts = private_parts(card)
        if parts is None:
            self.teller.soon(self.teller.directly(place, card))
            parts = messages(IN_PRIVATE)
        await ack(text=parts[0].text, blocks=parts[0].blocks, response_type="ephemeral")
        if parts[1:]:
            self.teller.soon(self.teller.respond(place, parts[1:], card))

    async def button(self, ack: AsyncAck, body: Json) -> None:
        """A choice: its value is the line."""
        user, action, container = body["user"]["id"], body["actions"][0], body.get("container") or {}
        view = body.get("view") or {}
        asked = _asked(view)
        channel = (body.get("channel") or {}).get("id") or asked.get("channel", "")
        lane = lane_of(channel, user)
        modal = container.get("view_id", "") if view.get("type") == "modal" else ""
        place = Place(
            f"slack:{body['trigger_id']}", user, lane, channel, body.get("response_url", ""),
            body["trigger_id"], modal,
        )  # fmt: skip
        await self._say(ack, place, str(action.get("value") or ""), body["user"])

    async def from_message(self, ack: AsyncAck, body: Json) -> None:
        """A handoff, a flag or a question about what a message says."""
        user, channel, message = body["user"]["id"], body["channel"]["id"], body["message"]
        place = Place(
            f"slack:{body['trigger_id']}", user, lane_of(channel, user), channel,
            body.get("response_url", ""), body["trigger_id"],
        )  # fmt: skip
        link = ""
        if not place.lane.direct:  # nobody else could look there
            link = await self.teller.api.link_to(channel, message["ts"], LOOK_SECONDS)
        line = line_from(SHORTCUTS[body["callback_id"]], Wrote(line_of(message.get("text") or ""), link))
        await self._say(ack, place, line, body["user"])

    async def anywhere(self, ack: AsyncAck, body: Json) -> None:
        """What waits for this person, from wherever they are."""
        user = body["user"]["id"]
        place = Place(
            f"slack:{body['trigger_id']}", user, direct_lane("slack", user), trigger=body["trigger_id"]
        )
        await self._say(ack, place, "mine", body["user"])

    async def submitted(self, ack: AsyncAck, body: Json) -> None:
        """A form that was filled in. It stays open, with all that was typed, until it has been done."""
        view, user = body["view"], body["user"]["id"]
        asked, values = _asked(view), {name: each for name, each in values_of(view).items() if each.strip()}
        channel = asked.get("channel", "")
        # The same form with the same words is the same request, however often Slack or a person sends it:
        # after a slow answer nobody knows whether the first was done. What was not done may be tried again.
        typed = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
        event_id = f"slack:{view['id']}:{self._tried.get(view['id'], '')}:{typed}"
        place = Place(event_id, user, lane_of(channel, user), channel)
        line = say(asked["command"], values)
        reply = await self._ask(place, line, body["user"].get("name", ""))
        if reply is not None and reply.outcome is Outcome.DONE:
            self._tried.pop(view["id"], None)
            await ack()
            self.teller.soon(self.teller.reply(place, reply, line))
            return
        if reply is not None:
            self._tried[view["id"]] = body["trigger_id"]
            if len(self._tried) > MOST_VIEWS:
                self._tried.popitem(last=False)
        await ack(response_action="errors", errors=_errors(reply, view, values))

    async def _say(self, ack: AsyncAck, place: Place, line: str, user: Json) -> None:
        reply = await self._ask(place, line, user.get("name") or user.get("username") or "")
        await ack()
        shown = self.teller.card(place, NOT_YET) if reply is None else self.teller.reply(place, reply, line)
        self.teller.soon(shown)

    async def _ask(self, place: Place, line: str, called: str) -> Reply | None:
        """The answer, after its commit; None if it is not known in time, and then it is told later."""
        sender = await self.people.who(place.user, called)
        request = Request(place.event_id, sender, place.lane, line, posts_answer=False, shows_forms=True)
        spent = time.monotonic() - place.began
        answering = asyncio.create_task(self.door.answer(request, within=COMMIT_SECONDS - spent))
        await asyncio.wait({answering}, timeout=ANSWER_SECONDS - spent)
        if not answering.done():
            self.teller.soon(self._late(place, answering, line))
            return None
        reply = answering.result()
        if reply.outcome is Outcome.DONE:
            self.home.soon(place.user)
        return reply

    async def _late(self, place: Place, answering: asyncio.Task[Reply], line: str) -> None:
        reply = await answering
        await self.teller.reply(place, reply, line)
        self.home.soon(place.user)


def lane_of(channel: str, user: str) -> Lane:
    """The lane of a channel; a person's own if they speak with the bot alone, or from nowhere."""
    return direct_lane("slack", user) if channel[:1] in ("", "D") else Lane("slack", channel)


def _asked(view: Json) -> dict[str, str]:
    """What was noted in a form when it was opened."""
    noted: dict[str, str] = json.loads(view.get("private_metadata") or "{}")
    return noted


def _errors(reply: Reply | None, view: Json, values: dict[str, str]) -> dict[str, str]:
    """What is said beside the fields: what is wrong with them, or why nothing was done."""
    fields = [block for block in view["blocks"] if block["type"] == "input"]
    found = field_errors(reply.form) if reply is not None and reply.form is not None else {}
    here = {name: says for name, says in found.items() if any(name == each["block_id"] for each in fields)}
    if here:
        return here
    missing = [each["block_id"] for each in fields if not each.get("optional")]
    blank = {name: NEEDED for name in missing if name not in values}
    if reply is not None and reply.form is not None and blank:
        return blank
    card = NOT_YET if reply is None else reply.card
    return {fields[0]["block_id"]: sentence(card) if card is not None else "Please send it once more."}
