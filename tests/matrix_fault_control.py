"""How another process tells a fault proxy what should fail."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from tests.matrix_fault_kinds import LOOPBACK, Fault

if TYPE_CHECKING:
    from tests.matrix_faults import FaultProxy


def control_app(proxy: FaultProxy) -> web.Application:
    """The control endpoint of a proxy."""

    async def add(request: web.Request) -> web.Response:
        proxy.add(Fault(**await request.json()))
        return web.json_response({})

    async def listed(_: web.Request) -> web.Response:
        return web.json_response([asdict(fault) for fault in proxy.faults])

    async def seen(_: web.Request) -> web.Response:
        return web.json_response([asdict(one) for one in proxy.seen])

    async def clear(_: web.Request) -> web.Response:
        await proxy.aclear()
        return web.json_response({})

    async def down(_: web.Request) -> web.Response:
        await proxy.adown()
        return web.json_response({})

    async def up(_: web.Request) -> web.Response:
        await proxy.aup()
        return web.json_response({})

    app = web.Application()
    app.router.add_post("/faults", add)
    app.router.add_get("/faults", listed)
    app.router.add_delete("/faults", clear)
    app.router.add_get("/seen", seen)
    app.router.add_post("/down", down)
    app.router.add_post("/up", up)
    return app


async def listen(app: web.Application, port: int) -> tuple[web.AppRunner, int]:
    """Serve an application on the loopback interface; the runner, and the port it got."""
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, port).start()
    return runner, int(runner.addresses[0][1])
