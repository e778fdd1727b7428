"""The bot's own pages: alive, ready, and figures."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.metrics import Metrics

Check = Callable[[], Awaitable[str]]
"""Looks at one link: "" while it works, else in a few words what is wrong with it."""

STAND_BY = "stand-by"
"""What a link's words begin with when another process holds it: this one is ready all the same."""


def site(metrics: Metrics, checks: dict[str, Check], routes: Sequence[BaseRoute]) -> Starlette:
    """The web application: health, metrics, and what the platforms serve."""

    async def alive(_: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def ready(_: Request) -> Response:
        found = {name: await check() for name, check in checks.items()}
        for name, wrong in found.items():
            metrics.link(name, up=not wrong)
        down = any(wrong and not wrong.startswith(STAND_BY) for wrong in found.values())
        return JSONResponse({name: wrong or "up" for name, wrong in found.items()}, 503 if down else 200)

    async def figures(_: Request) -> Response:
        return Response(metrics.page(), media_type=metrics.content_type)

    own = [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", figures)]
    return Starlette(routes=[*own, *routes])
