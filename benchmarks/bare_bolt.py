"""The plainest Slack app that there is, to measure Baton beside: Bolt acknowledges `/care`, and nothing else.

With BARE=posts it posts a message first, as an app does that has an answer. With BARE=waits Bolt awaits the
listener; otherwise it looks every 10 ms whether the listener has acknowledged.
"""

import os

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

client = AsyncWebClient(os.environ["BARE_TOKEN"], base_url=os.environ["BARE_API"])
way = os.environ["BARE"]
bolt = AsyncApp(
    client=client, signing_secret=os.environ["BARE_SECRET"], process_before_response=way == "waits"
)
handler = AsyncSlackRequestHandler(bolt)


@bolt.command("/care")
async def care(ack: AsyncAck, command: dict[str, str]) -> None:
    """Acknowledges."""
    if way == "posts":
        await client.chat_postMessage(channel=command["channel_id"], text="Nothing waits for you.")
    await ack()


async def events(request: Request) -> Response:
    """What Slack sends."""
    return await handler.handle(request)


async def ready(_: Request) -> Response:
    """Says that it is up."""
    return PlainTextResponse("up")


site = Starlette(routes=[Route("/slack/events", events, methods=["POST"]), Route("/readyz", ready)])

if __name__ == "__main__":
    uvicorn.run(site, port=int(os.environ["BATON_HTTP_PORT"]), log_level="warning", lifespan="off")
