"""Slack's Web API as the bot calls it: one session, no repeats of its own, refusals in the poster's words."""

import asyncio
import contextlib
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.delivery import Later, Unclear, Undeliverable, Vanished

CALL_SECONDS = 10
MEMBERS_A_PAGE = 200
REFUSED_PAUSE = timedelta(minutes=1)
LIMITED_PAUSE = timedelta(seconds=30)

# What Slack calls it -> what the team's lead reads after "Slack says:".
GONE = {
    "channel_not_found": "the channel is gone, or Baton is not in it",
    "not_in_channel": "Baton is not in the channel",
    "is_archived": "the channel is archived",
    "restricted_action": "Baton may not post in the channel",
    "restricted_action_read_only_channel": "Baton may not post in the channel",
    "user_not_found": "there is no such person",
    "users_not_found": "there is no such person",
    "user_disabled": "the account is closed",
    "account_disabled": "the account is closed",
    "user_not_visible": "Baton may not write to this person",
    "cannot_dm_bot": "this account is a bot",
    "messages_tab_disabled": "direct messages to Baton are switched off in the app's settings",
    "file_uploads_disabled": "files are switched off in this workspace",
    "file_upload_size_restricted": "files of this size are switched off in this workspace",
    "file_type_not_allowed": "pictures are switched off in this workspace",
}
CLOSED_TO_US = frozenset((
    "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope",
    "no_permission", "org_login_required", "ekm_access_denied", "team_access_not_granted",
))  # fmt: skip
VANISHED = frozenset(("message_not_found", "cant_update_message", "edit_window_closed"))
LIMITED = frozenset(("ratelimited", "rate_limited", "message_limit_exceeded"))
BROKEN = frozenset(
    ("internal_error", "fatal_error", "service_unavailable", "request_timeout", "accesslimited")
)


class SlackRefuses(Exception):
    """Slack did not take what we sent, and would not take it again. Its str is Slack's word for why."""


class SlackApi:
    """One app's way to the Web API. `wrong` says in a few words why it does not work; "" while it does.

    `me` is the bot's user id, "" before the first look.
    """

    def __init__(self, token: str, url: str) -> None:
        # The SDK would send an unclear post again by itself: whoever calls decides that here.
        self.client = AsyncWebClient(token, base_url=url, timeout=CALL_SECONDS, retry_handlers=[])
        self.wrong = "not connected yet"
        self.me = ""
        self._home = ""

    async def open(self) -> None:
        """Makes the session that keeps connections for the next call."""
        self.client.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))

    async def close(self) -> None:
        """Ends the session."""
        if self.client.session is not None:
            await self.client.session.close()

    async def look(self) -> None:
        """Asks Slack who we are, and in which workspace. Raises as `done` does."""
        answer = await self.done(self.client.auth_test())
        self.me = str(answer.get("user_id") or "")
        self._home = str(answer.get("url") or "").rstrip("/")

    async def members(self, channel: str) -> frozenset[str]:
        """The ids of all who are in a channel. Raises as `done` does."""
        found: set[str] = set()
        cursor = ""
        while True:
            listing = self.client.conversations_members(
                channel=channel, cursor=cursor or None, limit=MEMBERS_A_PAGE
            )
            page = await self.done(listing)
            found |= set(page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(found)

    async def link_to(self, channel: str, ts: str, within: float = CALL_SECONDS) -> str:
        """The address of a message, always the same one; "" if Slack does not say in time where we are."""
        if not self._home:
            with contextlib.suppress(Later, Undeliverable, Vanished, Unclear, SlackRefuses, TimeoutError):
                async with asyncio.timeout(within):
                    await self.look()
        return f"{self._home}/archives/{channel}/p{ts.replace('.', '')}" if self._home else ""

    async def done(self, call: Awaitable[AsyncSlackResponse]) -> dict[str, Any]:
        """The answer to one call of `client`.

        Raises Later, Undeliverable, Vanished, Unclear or SlackRefuses, none of which quotes what was sent.
        """
        try:
            answer = await call
        except SlackApiError as refusal:
            failed: Exception = self._meaning(refusal.response)
        except aiohttp.ClientConnectorError:
            self.wrong = "Slack can't be reached"
            failed = Unclear(self.wrong)
        except (aiohttp.ClientError, TimeoutError, SlackClientError, OSError) as broken:
            failed = Unclear(f"no answer from Slack ({type(broken).__name__})")
        else:
            self.wrong = ""
            data: dict[str, Any] = answer.data if isinstance(answer.data, dict) else {}
            return data
        raise failed from None

    def _meaning(self, answer: Any) -> Exception:
        """What a refusal means for the post. `answer` is the SDK's, or aiohttp's if it could not be read."""
        status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0))
        data = getattr(answer, "data", None)
        code = str(data.get("error", "")) if isinstance(data, dict) else ""
        if status == 429 or code in LIMITED:
            return Later(_retry_after(answer.headers))
        if status >= 500 or code in BROKEN or not code:
            return Unclear(f"Slack broke off (HTTP {status})")
        if code in CLOSED_TO_US:
            self.wrong = f"Slack refuses the app ({code})"
            return Later(REFUSED_PAUSE)
        self.wrong = ""
        if code in GONE:
            return Undeliverable(GONE[code])
        return Vanished(code) if code in VANISHED else SlackRefuses(code)


def _retry_after(headers: Any) -> timedelta:
    said = str(headers.get("Retry-After", ""))
    return timedelta(seconds=int(said)) if said.isdecimal() else LIMITED_PAUSE
