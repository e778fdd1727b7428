"""Boards are pinned where they stand in Slack; where that is not allowed they stand there unpinned."""

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

log = structlog.get_logger()


async def pin(client: AsyncWebClient, channel: str, ts: str) -> None:
    """Pins a message, or leaves it: a post must not fail because of its pin, nor be tried again for it."""
    try:
        await client.pins_add(channel=channel, timestamp=ts)
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        log.info("board_not_pinned", platform="slack", error=type(error).__name__)
