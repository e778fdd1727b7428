"""How one person is answered in Slack so that nobody else sees it."""

import asyncio
import json
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any

import structlog
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.delivery import Later, Unclear, Undeliverable, Vanished
from bot.door import Door
from bot.slack.api import CALL_SECONDS, SlackApi, SlackRefuses
from cards.card import Card, Choice, Text
from cards.form import Form
from cards.slack import SlackMessage, home, messages
from cards.slack_modal import modal
from handlers.request import Reply
from storage.clinic import Clinic
from storage.post import Lane, direct_lane

MOST_ANSWERS = 5  # what a response_url takes
STOP_SECONDS = 5
FAILURES = (Later, Unclear, Undeliverable, Vanished, SlackRefuses)

log = structlog.get_logger()


@dataclass(frozen=True)
class Place:
    """Where somebody asked and can be answered. `view` is the modal whose button was pressed, if any.

    `began` is when they asked, in seconds of the monotonic clock.
    """

    event_id: str
    user: str
    lane: Lane
    channel: str = ""
    response_url: str = ""
    trigger: str = ""
    view: str = ""
    began: float = field(default_factory=time.monotonic)


IN_PRIVATE = Card(
    "The answer does not fit into this place.",
    (Text("You find it in your direct messages with Baton."),),
    notice="The answer is in your direct messages with Baton",
)
NOT_YET = Card(
    "This is NOT confirmed yet.",
    (Text("It takes longer than it should. As soon as it is known whether it was done, you are told."),),
)


class Teller:
    """Shows cards and forms to the one who asked; what can't be shown there goes through the outbox."""

    def __init__(self, api: SlackApi, door: Door) -> None:
        self.api = api
        self.door = door
        self._tasks: set[asyncio.Task[object]] = set()

    def soon(self, work: Coroutine[Any, Any, object]) -> None:
        """Does it beside the answer that Slack waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("answer_not_shown", platform="slack", exc_info=error)

    async def close(self) -> None:
        """Lets what is under way end."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)

    async def reply(self, place: Place, reply: Reply, line: str) -> None:
        """Shows the answer to a line: its form, or its card."""
        if reply.form is not None:
            await self.form(place, reply.form, line)
        elif reply.card is not None:
            await self.card(place, reply.card)

    async def form(self, place: Place, form: Form, line: str) -> None:
        """Opens the form; if it is too late for that, shows a button that opens it."""
        view = modal(form, json.dumps({"command": form.command, "channel": place.channel}))
        show = self.api.client.views_push if place.view else self.api.client.views_open
        try:
            await self.api.done(show(trigger_id=place.trigger, view=view))
        except FAILURES:
            again = Choice("Open the form", line, urgent=True)
            await self.card(place, Card("The form could not be opened in time.", choices=(again,)))

    async def card(self, place: Place, card: Card) -> None:
        """Shows a card where it was asked for; in a direct message if that is not possible."""
        parts = private_parts(card)
        try:
            if parts is None:
                await self.directly(place, card)
            elif place.view or (place.trigger and not place.channel):
                await self._window(place, card, parts)
            elif place.response_url:
                await self._respond(place.response_url, parts)
            elif place.channel and not place.lane.direct:
                await self._whisper(place, parts)
            else:
                await self.directly(place, card)
        except FAILURES:
            await self.directly(place, card)

    async def directly(self, place: Place, card: Card) -> None:
        """Puts a card in line for the person's direct messages."""

        def work(clinic: Clinic, now: datetime) -> None:
            clinic.outbox.say(direct_lane("slack", place.user), card, now)

        await self.door.once(f"slack:told:{token_hex(8)}", work)

    async def warn(self, place: Place, card: Card) -> None:
        """Says, without the database, that something was not done."""
        part = messages(card)[0]
        client = self.api.client
        channel = place.user if place.lane.direct else place.channel
        saying = (
            client.chat_postMessage(channel=channel, text=part.text, blocks=part.blocks)
            if place.lane.direct
            else client.chat_postEphemeral(
                channel=channel, user=place.user, text=part.text, blocks=part.blocks
            )
        )
        await self.api.done(saying)

    async def respond(self, place: Place, parts: tuple[SlackMessage, ...], card: Card) -> None:
        """Shows the further parts of a card whose first part is shown already."""
        try:
            await self._respond(place.response_url, parts)
        except FAILURES:
            await self.directly(place, card)

    async def _window(self, place: Place, card: Card, parts: tuple[SlackMessage, ...]) -> None:
        """Shows a card in the window whose button was pressed, or in a new one."""
        if len(parts) > 1:
            await self.directly(place, card)
            return
        title = {"type": "plain_text", "text": "Baton"}
        view = {"type": "modal", "title": title, "blocks": home([card])["blocks"]}
        client = self.api.client
        showing = (
            client.views_update(view_id=place.view, view=view)
            if place.view
            else client.views_open(trigger_id=place.trigger, view=view)
        )
        await self.api.done(showing)

    async def _respond(self, url: str, parts: tuple[SlackMessage, ...]) -> None:
        hook = AsyncWebhookClient(
            url, timeout=CALL_SECONDS, session=self.api.client.session, retry_handlers=[]
        )
        for part in parts:
            try:
                answer = await hook.send(
                    text=part.text, blocks=part.blocks, response_type="ephemeral", replace_original=False
                )
            except Exception as broken:
                raise Unclear(type(broken).__name__) from None
            if answer.status_code != 200:
                raise SlackRefuses(f"HTTP {answer.status_code}")

    async def _whisper(self, place: Place, parts: tuple[SlackMessage, ...]) -> None:
        for part in parts:
            whisper = self.api.client.chat_postEphemeral(
                channel=place.channel, user=place.user, text=part.text, blocks=part.blocks
            )
            await self.api.done(whisper)


def private_parts(card: Card) -> tuple[SlackMessage, ...] | None:
    """The card as messages that one person sees; None if it needs more than such messages can be."""
    parts = messages(card)
    return parts if len(parts) <= MOST_ANSWERS and not card.files else None


def sentence(card: Card) -> str:
    """The card in one paragraph, for the place beside a field of a form."""
    return " ".join([card.title, *(part.text for part in card.parts if isinstance(part, Text))])
