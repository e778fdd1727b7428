"""Boards are pinned where they stand in Matrix; where the bot may not do that they stand there unpinned."""

import aiohttp
import nio  # type: ignore[import-untyped]
import structlog

log = structlog.get_logger()

PINNED = "m.room.pinned_events"
NOT_FOUND = "M_NOT_FOUND"


async def pin(client: nio.AsyncClient, room_id: str, event_id: str) -> None:
    """Adds an event to those pinned in its room, or leaves it: a post must not fail because of its pin."""
    try:
        known = await _pinned(client, room_id)
        if known is None or event_id in known:
            return
        answer = await client.room_put_state(room_id, PINNED, {"pinned": [*known, event_id]})
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.info("board_not_pinned", platform="matrix", error=type(error).__name__)
        return
    if not isinstance(answer, nio.RoomPutStateResponse):
        log.info("board_not_pinned", platform="matrix", error=getattr(answer, "status_code", ""))


async def _pinned(client: nio.AsyncClient, room_id: str) -> list[str] | None:
    """What is pinned in a room; None if that can't be read, for then it must not be written either."""
    answer = await client.room_get_state_event(room_id, PINNED)
    if isinstance(answer, nio.RoomGetStateEventResponse):
        pinned = answer.content.get("pinned")
        return [each for each in pinned if isinstance(each, str)] if isinstance(pinned, list) else []
    return [] if getattr(answer, "status_code", "") == NOT_FOUND else None
