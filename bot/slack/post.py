"""Posts as they leave for Slack: one card may be several messages, and each carries our id of it.

A message's name is `channel:ts`, with `+2` behind it if two further parts stand in its thread.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.delivery import Later, Unclear, Undeliverable
from bot.slack.api import SlackApi, SlackRefuses
from bot.slack.files import SlackFiles
from bot.slack.pin import pin
from cards.slack import SlackMessage, messages
from storage.lanes import Outgoing

EVENT = "baton_post"
PAGE = 200
MOST_PAGES = 25


@dataclass(frozen=True)
class Spot:
    """Where a card stands: the channel, its first message, and the root of the thread that it is in."""

    channel: str
    ts: str
    root: str

    def name(self, parts: int) -> str:
        """What the outbox keeps."""
        return f"{self.channel}:{self.ts}" + (f"+{parts - 1}" if parts > 1 else "")


def place_of(name: str) -> tuple[str, str, int]:
    """Channel, ts and the number of further parts of a message's name."""
    place, _, further = name.partition("+")
    channel, _, ts = place.partition(":")
    return channel, ts, int(further or 0)


class SlackPosts:
    """Posts, edits and finds cards."""

    def __init__(self, api: SlackApi) -> None:
        self.api = api
        self.client = api.client
        self.files = SlackFiles(api)

    async def post(self, outgoing: Outgoing) -> str:
        """Posts a card and returns its name."""
        parts = _rendered(outgoing)
        channel = outgoing.lane.account if outgoing.lane.direct else outgoing.lane.target
        _, thread, _ = place_of(outgoing.thread)
        posted = await self._send(channel, parts[0], {"id": outgoing.id, "part": 1}, thread)
        spot = Spot(posted["channel"], posted["ts"], posted["message"].get("thread_ts") or posted["ts"])
        try:
            await self._complete(outgoing, spot, parts, {}, set())
        except (Later, Undeliverable):
            # The first part is there: it must not be posted again, only looked for and completed.
            raise Unclear("only a part of it was taken") from None
        if outgoing.pinned:
            await pin(self.client, spot.channel, spot.ts)
        return spot.name(len(parts))

    async def edit(self, outgoing: Outgoing, message: str) -> str:
        """Makes the card at `message` show this one, in as many parts as it now needs."""
        parts = _rendered(outgoing)
        channel, ts, further = place_of(message)
        shown = await self._update(channel, ts, parts[0])
        spot = Spot(channel, ts, shown.get("message", {}).get("thread_ts") or ts)
        if further or len(parts) > 1:
            there, _ = await self._rest(spot)
            for number, at in sorted(there.items()):
                if number <= len(parts):
                    await self._update(channel, at, parts[number - 1])
                else:
                    await self.api.done(self.client.chat_delete(channel=channel, ts=at))
            await self._complete(outgoing, spot, parts, there, None)
        return spot.name(len(parts))

    async def find(self, outgoing: Outgoing) -> str | None:
        """The name of the card that was posted under this id, completed if a part is missing."""
        try:
            return await self._find(outgoing)
        except Later:
            # Later would say that the post was certainly not taken, which is what is not known here.
            raise Unclear("Slack does not let us look yet") from None

    async def _find(self, outgoing: Outgoing) -> str | None:
        channel = outgoing.lane.target
        if outgoing.lane.direct:
            opened = await self.api.done(self.client.conversations_open(users=outgoing.lane.account))
            channel = opened["channel"]["id"]
        spot = await self._first(outgoing, channel)
        if spot is None:
            return None
        parts = _rendered(outgoing)
        if len(parts) > 1 or outgoing.card.files:
            there, files = await self._rest(spot)
            await self._complete(outgoing, spot, parts, there, files)
        return spot.name(len(parts))

    async def _first(self, outgoing: Outgoing, channel: str) -> Spot | None:
        _, thread, _ = place_of(outgoing.thread)
        if thread:
            async for each in self._thread(channel, thread):
                if _marked(each).get("id") == outgoing.id and _marked(each)["part"] == 1:
                    return Spot(channel, each["ts"], each.get("thread_ts") or each["ts"])
        # A reply whose parent was deleted stands in the channel itself.
        async for each in self._history(channel):
            if _marked(each).get("id") == outgoing.id and _marked(each)["part"] == 1:
                return Spot(channel, each["ts"], each["ts"])
        return None

    async def _rest(self, spot: Spot) -> tuple[dict[int, str], set[str]]:
        """The further parts that are there, by number, and the names of the files."""
        there: dict[int, str] = {}
        files: set[str] = set()
        async for each in self._thread(spot.channel, spot.root):
            if _marked(each).get("of") == spot.ts:
                there[int(_marked(each)["part"])] = each["ts"]
            files |= {file.get("name", "") for file in each.get("files") or []}
        return there, files

    async def _complete(
        self,
        outgoing: Outgoing,
        spot: Spot,
        parts: tuple[SlackMessage, ...],
        there: dict[int, str],
        files: set[str] | None,
    ) -> None:
        """Posts what is missing of the further parts, and of the card's files unless `files` is None."""
        for number, part in enumerate(parts[1:], start=2):
            if number not in there:
                mark = {"id": outgoing.id, "part": number, "of": spot.ts}
                await self._send(spot.channel, part, mark, spot.root)
        for number, file in enumerate(outgoing.card.files if files is not None else (), start=1):
            name = f"{outgoing.id}-{number}{PurePath(file.name).suffix}"
            if files is not None and name not in files:
                await self.files.share(file, name, spot.channel, spot.root)

    async def _send(
        self, channel: str, part: SlackMessage, mark: dict[str, Any], thread: str
    ) -> dict[str, Any]:
        sending = self.client.chat_postMessage(
            channel=channel, text=part.text, blocks=part.blocks, thread_ts=thread or None,
            metadata={"event_type": EVENT, "event_payload": mark}, unfurl_links=False, unfurl_media=False,
        )  # fmt: skip
        return await self.api.done(sending)

    async def _update(self, channel: str, ts: str, part: SlackMessage) -> dict[str, Any]:
        updating = self.client.chat_update(channel=channel, ts=ts, text=part.text, blocks=part.blocks)
        return await self.api.done(updating)

    async def _history(self, channel: str) -> AsyncIterator[dict[str, Any]]:
        """A channel's messages outside of threads, the newest first."""
        async for each in self._pages(partial(self.client.conversations_history, channel=channel)):
            yield each

    async def _thread(self, channel: str, root: str) -> AsyncIterator[dict[str, Any]]:
        """A thread with its root; nothing if that is gone."""
        try:
            async for each in self._pages(
                partial(self.client.conversations_replies, channel=channel, ts=root)
            ):
                yield each
        except SlackRefuses as refusal:
            if str(refusal) != "thread_not_found":
                raise

    async def _pages(
        self, read: Callable[..., Awaitable[AsyncSlackResponse]]
    ) -> AsyncIterator[dict[str, Any]]:
        cursor = ""
        for _ in range(MOST_PAGES):
            page = await self.api.done(read(include_all_metadata=True, limit=PAGE, cursor=cursor or None))
            for each in page["messages"]:
                yield each
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def _rendered(outgoing: Outgoing) -> tuple[SlackMessage, ...]:
    return messages(outgoing.card, outgoing.called, outgoing.everyone)


def _marked(message: dict[str, Any]) -> dict[str, Any]:
    """Our mark on a message; empty if it is none of ours."""
    metadata = message.get("metadata") or {}
    payload: dict[str, Any] = metadata.get("event_payload") or {}
    return payload if metadata.get("event_type") == EVENT else {}
