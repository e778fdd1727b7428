"""The plainest encrypted Matrix bot that there is, to measure Baton beside: nio says back what is said."""

import asyncio
import os

import nio  # type: ignore[import-untyped]
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

LONG_POLL = 30_000


async def main() -> None:
    """Joins wherever it is invited, and echoes until it is stopped."""
    user = os.environ["BARE_USER"]
    client = nio.AsyncClient(os.environ["BARE_HOMESERVER"], user, store_path=".")

    async def invited(room: nio.MatrixRoom, _: nio.InviteMemberEvent) -> None:
        await client.join(room.room_id)

    async def said(room: nio.MatrixRoom, message: nio.RoomMessageText) -> None:
        if message.sender != user:
            content = {"msgtype": "m.text", "body": message.body}
            await client.room_send(room.room_id, "m.room.message", content, ignore_unverified_devices=True)

    client.add_event_callback(invited, nio.InviteMemberEvent)
    client.add_event_callback(said, nio.RoomMessageText)
    await client.login(os.environ["BARE_PASSWORD"])
    serving = asyncio.create_task(_say_when_synced(client))
    await client.sync_forever(timeout=LONG_POLL, full_state=True)
    await serving


async def _say_when_synced(client: nio.AsyncClient) -> None:
    """Answers /readyz from the first sync on."""
    await client.synced.wait()

    async def ready(_: Request) -> Response:
        return PlainTextResponse("up")

    site = Starlette(routes=[Route("/readyz", ready)])
    port = int(os.environ["BATON_HTTP_PORT"])
    await uvicorn.Server(uvicorn.Config(site, port=port, log_level="warning", lifespan="off")).serve()


if __name__ == "__main__":
    asyncio.run(main())
