"""Baton itself as it is measured: `baton run` with its settings in the environment."""

from pathlib import Path
from typing import Any

from benchmarks.databases import Database

RUN = ("bot", "run")
READY = "/readyz"


def settings(database: Database, key: str, folder: Path) -> dict[str, str]:
    """What every Baton needs."""
    return {
        "BATON_DATA_FOLDER": str(folder / "data"),
        "BATON_DATABASE_URL": database.url,
        "BATON_SECRET_KEYS": key,
    }


def slack(app: dict[str, Any]) -> dict[str, str]:
    """The settings for Slack over HTTP; `app` is what the workspace says of itself."""
    return {
        "BATON_SLACK_BOT_TOKEN": app["bot_token"],
        "BATON_SLACK_SIGNING_SECRET": app["signing_secret"],
        "BATON_SLACK_API_URL": app["base_url"],
        "BATON_SLACK_MODE": "http",
    }


def bare_slack(app: dict[str, Any], way: str) -> dict[str, str]:
    """The same for the bare app, in one of its ways."""
    return {
        "BARE_TOKEN": app["bot_token"],
        "BARE_SECRET": app["signing_secret"],
        "BARE_API": app["base_url"],
        "BARE": way,
    }


def matrix(homeserver: str, user: str, password: str) -> dict[str, str]:
    """The settings for Matrix; anybody on the private homeserver may invite."""
    return {
        "BATON_MATRIX_HOMESERVER": homeserver,
        "BATON_MATRIX_USER": user,
        "BATON_MATRIX_PASSWORD": password,
        "BATON_MATRIX_ALLOWED": f":{user.partition(':')[2]}",
    }


def bare_matrix(homeserver: str, user: str, password: str) -> dict[str, str]:
    """The same for the bare bot."""
    return {"BARE_HOMESERVER": homeserver, "BARE_USER": user, "BARE_PASSWORD": password}
