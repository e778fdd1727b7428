"""What `baton doctor` looks at in Slack: tokens, permissions, channels, clocks."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Settings
from bot.slack.api import SlackApi
from bot.slack.tell import FAILURES

SCOPES = frozenset((
    "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:write",
    "groups:history", "groups:read", "im:history", "im:write", "pins:write", "reactions:read", "users:read",
))  # fmt: skip
"""What the app asks for in slack/manifest.yaml."""
MOST_SKEW_SECONDS = 60  # Slack's requests are refused from 300 on
PAGE = 1000

Finding = tuple[bool, str, str]


async def check_slack(settings: Settings) -> list[Finding]:
    """For each thing that was looked at: whether it is as it should be, what it is, and how to mend it."""
    token = settings.slack_bot_token
    if token is None:
        return [(False, "Slack has no bot token", "Set BATON_SLACK_BOT_TOKEN.")]
    api = SlackApi(token.get_secret_value(), settings.slack_api_url)
    await api.open()
    try:
        return [finding async for finding in _findings(settings, api)]
    finally:
        await api.close()


async def _findings(settings: Settings, api: SlackApi) -> AsyncIterator[Finding]:
    seen = Headers(api.client)
    try:
        known = await api.done(seen.auth_test())
    except FAILURES as failed:
        mend = (
            "Copy the bot token anew from “OAuth & Permissions”, or see whether this machine reaches Slack."
        )
        yield False, f"Slack does not take the bot token: {api.wrong or failed}", mend
        return
    yield True, f"Slack takes the bot token of {known.get('user', 'the app')} in {known.get('team', '')}", ""
    yield _scopes(seen.headers)
    yield _clock(seen.headers, datetime.now(UTC))
    async for finding in _transport(settings, api):
        yield finding
    yield await _channels(api)


class Headers:
    """`auth.test`, whose headers say more than its answer."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self.headers: Any = {}

    async def auth_test(self) -> Any:
        """The answer; its headers are kept."""
        answer = await self.client.auth_test()
        self.headers = answer.headers
        return answer


def _scopes(headers: Any) -> Finding:
    granted = {each.strip() for each in str(headers.get("x-oauth-scopes", "")).split(",")}
    missing = sorted(SCOPES - granted)
    if missing:
        mend = (
            "Add them under “OAuth & Permissions” or take slack/manifest.yaml anew, then reinstall the app."
        )
        return False, f"the app lacks permissions: {', '.join(missing)}", mend
    return True, "the app has every permission that it needs", ""


def _clock(headers: Any, now: datetime) -> Finding:
    try:
        theirs = parsedate_to_datetime(str(headers.get("Date", "")))
    except ValueError:
        return False, "Slack did not say what time it is", "See whether a proxy changes its answers."
    skew = abs((now - theirs).total_seconds())
    mend = "Let this machine take its time from NTP: Slack's requests are refused when it is 5 minutes off."
    return (
        skew <= MOST_SKEW_SECONDS,
        f"this clock and Slack's differ by {skew:.0f} s",
        (mend if skew > MOST_SKEW_SECONDS else ""),
    )


async def _transport(settings: Settings, api: SlackApi) -> AsyncIterator[Finding]:
    if settings.slack_transport == "http":
        yield _over_http(settings)
        return
    app_token = settings.slack_app_token
    if app_token is None:
        yield False, "Socket Mode has no app-level token", "Set BATON_SLACK_APP_TOKEN."
        return
    try:
        await api.done(api.client.apps_connections_open(app_token=app_token.get_secret_value()))
    except FAILURES as failed:
        mend = "Make an app-level token with connections:write under “Basic Information”; enable Socket Mode."
        yield False, f"Slack opens no Socket Mode connection: {api.wrong or failed}", mend
        return
    yield True, "Slack opens Socket Mode connections", ""


def _over_http(settings: Settings) -> Finding:
    if settings.slack_signing_secret is None:
        mend = "Set BATON_SLACK_SIGNING_SECRET from the app's “Basic Information”."
        return False, "there is no signing secret", mend
    if not settings.public_url.startswith("https://"):
        mend = (
            "Set BATON_BASE_URL to the https address at which this machine is reached from outside, or "
            "BATON_SLACK_APP_TOKEN for Socket Mode, which needs none."
        )
        return False, f"Slack can't call {settings.base_url}/slack/events, which is not https", mend
    says = f"Slack has to reach {settings.base_url}/slack/events, and its requests are checked"
    return True, says, ""


async def _channels(api: SlackApi) -> Finding:
    joined: list[str] = []
    cursor = ""
    try:
        while True:
            listing = api.client.conversations_list(
                types="public_channel,private_channel", exclude_archived=True, limit=PAGE,
                cursor=cursor or None,
            )  # fmt: skip
            page = await api.done(listing)
            joined += [f"#{each['name']}" for each in page["channels"] if each.get("is_member")]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
    except FAILURES as failed:
        return False, f"the channels can't be listed: {failed}", "Try again later; see the permissions above."
    if not joined:
        return False, "Baton is in no channel", "Type /invite @Baton in your team's channel."
    return True, f"Baton is in {', '.join(sorted(joined))}", ""
