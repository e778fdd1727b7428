"""Slash commands sent straight to running apps, signed as by Slack, by several people without a pause."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

from benchmarks.cast import Cast
from benchmarks.door import Rate

WARM_UP = 0.5
_triggers = itertools.count(1)


@dataclass(frozen=True)
class Typist:
    """One person: which account, what they type, and to which app it goes."""

    account: str
    typed: Iterator[str]
    url: str


def rate(typists: Sequence[Typist], app: dict[str, Any], cast: Cast, seconds: float) -> Rate:
    """How many commands are acknowledged in a second, all together. Raises AssertionError if one is not."""
    return asyncio.run(_all(typists, app, cast, seconds))


async def _all(typists: Sequence[Typist], app: dict[str, Any], cast: Cast, seconds: float) -> Rate:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        begin = time.monotonic() + WARM_UP
        end = begin + seconds
        taken = await asyncio.gather(*(_one(session, typist, app, cast, begin, end) for typist in typists))
        spent = time.monotonic() - begin
    ranked = sorted(itertools.chain.from_iterable(taken))
    return Rate(len(ranked) / spent, ranked[int(len(ranked) * 0.99)] * 1000)


async def _one(
    session: aiohttp.ClientSession, typist: Typist, app: dict[str, Any], cast: Cast, begin: float, end: float
) -> list[float]:
    taken = []
    while (sent := time.monotonic()) < end:
        body = urlencode(_payload(typist, app, cast, next(typist.typed)))
        async with session.post(typist.url, data=body, headers=_headers(body, app)) as answer:
            await answer.read()
            if answer.status != 200:
                raise AssertionError(f"HTTP {answer.status}")
        if sent >= begin:
            taken.append(time.monotonic() - sent)
    return taken


def _payload(typist: Typist, app: dict[str, Any], cast: Cast, line: str) -> dict[str, str]:
    return {
        "token": "verification", "api_app_id": app["id"], "team_id": app["team"],
        "team_domain": app["team"].lower(), "channel_id": cast.channel, "channel_name": "bench",
        "user_id": typist.account, "user_name": typist.account.lower(), "command": "/care", "text": line,
        "is_enterprise_install": "false", "response_url": f"{app['url']}/commands/none",
        "trigger_id": f"{next(_triggers)}.bench",
    }  # fmt: skip


def _headers(body: str, app: dict[str, Any]) -> dict[str, str]:
    at = str(int(time.time()))
    signature = SignatureVerifier(app["signing_secret"]).generate_signature(timestamp=at, body=body)
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": str(signature),
    }
