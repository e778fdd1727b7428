"""Pictures and documents on their way to Slack: below the message that says the same in words.

Slack shares a file some time after it said that it would (its documentation: "processed asynchronously").
So one whose sharing was unclear is only sent again when it would have appeared by now.

The file carries no alternative text: for a bot that sends one, Slack has uploaded files and then silently not
shared them (slackapi/python-slack-sdk#1818, open). The words stand in the message, for everybody to read.
"""

import asyncio
import time
from collections import OrderedDict

from bot.delivery import Unclear
from bot.slack.api import SlackApi
from cards.card import File, Image
from cards.picture import file_of

SHARED_WITHIN_SECONDS = 20.0
REMEMBERED = 1_000


class SlackFiles:
    """Shares files, and remembers for a while which it tried to."""

    def __init__(self, api: SlackApi) -> None:
        self.api = api
        self.shared_within = SHARED_WITHIN_SECONDS
        self._tried: OrderedDict[str, float] = OrderedDict()

    async def share(self, part: Image | File, name: str, channel: str, thread: str) -> None:
        """Puts a file into a thread under this name, which must not be there yet.

        Raises Unclear while an earlier attempt may still lead to it.
        """
        tried = self._tried.get(name)
        if tried is not None and time.monotonic() - tried < self.shared_within:
            raise Unclear("a file may still be on its way")
        file = await asyncio.to_thread(file_of, part)
        uploading = self.api.client.files_upload_v2(
            channel=channel, thread_ts=thread, file=file, filename=name, title=part.name
        )
        try:
            await self.api.done(uploading)
        except (Unclear, asyncio.CancelledError):
            self._note(name)
            raise

    def _note(self, name: str) -> None:
        self._tried[name] = time.monotonic()
        while len(self._tried) > REMEMBERED:
            self._tried.popitem(last=False)
