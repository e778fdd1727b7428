"""What single settings must look like, and which of them belong together.

The checks of single values are pydantic validators: they give the value back, or raise a `ValueError` whose
text goes on after the setting's name ("must start with xoxb-. ..."). No text holds the value.
"""

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from cards.card import Detail
from storage.secrets import BadKey, Keyring

if TYPE_CHECKING:
    from bot.config import Settings

MATRIX_ID = re.compile(r"@[^\s:@]+:[^\s:@,]+(:\d+)?")
SERVER = re.compile(r":[^\s:@,]+(:\d+)?")


def listed(value: Any) -> Any:
    """A text with commas as the list it means; a list from the settings file stays as it is."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def stripped(value: Any) -> Any:
    """Without the blanks and line ends that come along when a secret is pasted."""
    return value.strip() if isinstance(value, str) else value


def upper(value: Any) -> Any:
    """`info` as INFO."""
    return value.strip().upper() if isinstance(value, str) else value


def detail(value: Any) -> Any:
    """`clinical` as its level; what names no level is left for pydantic to refuse."""
    return Detail.__members__.get(value.strip().upper(), value) if isinstance(value, str) else value


def keys(value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    """Secret keys that a `Keyring` takes; none at all is allowed, as not every command needs them."""
    if value:
        try:
            Keyring([key.get_secret_value() for key in value])
        except BadKey as error:
            raise ValueError(f"can't be used. {error}") from None
    return value


def database(value: SecretStr) -> SecretStr:
    """The address of a SQLite file or a PostgreSQL database; the latter is given the driver we use."""
    plain = value.get_secret_value()
    if plain.startswith("postgres://"):
        plain = plain.replace("postgres://", "postgresql://", 1)
    try:
        parsed = make_url(plain)
    except (ArgumentError, ValueError):
        raise ValueError(
            "must be an address such as sqlite:///data/baton.db or postgresql://user:password@host/baton."
        ) from None
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return SecretStr(parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False))
    if backend != "sqlite":
        raise ValueError(
            "must begin with sqlite:/// or postgresql://. Baton keeps its data in one of these two."
        )
    if parsed.database in (None, "", ":memory:"):
        raise ValueError(
            "must name a file, such as sqlite:///data/baton.db. A database in memory keeps nothing."
        )
    return SecretStr(plain)


def url(value: str) -> str:
    """An address of the web without its last slash; empty stays empty."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
        good = good and not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError:
        good = False
    if value and not good:
        raise ValueError(
            "must be an address that begins with https:// or http://, with no user, question mark or #."
        )
    return value.rstrip("/")


def starts(prefix: str, kind: str) -> Callable[[SecretStr | None], SecretStr | None]:
    """A check that a token is of the right kind: Slack's kinds begin differently."""

    def check(token: SecretStr | None) -> SecretStr | None:
        if token is not None and not token.get_secret_value().startswith(prefix):
            raise ValueError(
                f"must start with {prefix}. Copy the {kind} from the app's page at api.slack.com/apps."
            )
        return token

    return check


def matrix_id(value: str) -> str:
    """A whole Matrix id; empty stays empty."""
    if value and not MATRIX_ID.fullmatch(value):
        raise ValueError("must be a whole Matrix id, such as @baton:example.org.")
    return value


def allowed(value: tuple[str, ...]) -> tuple[str, ...]:
    """Those from whom invitations are taken: Matrix ids, and servers as `:example.org`."""
    for place, pattern in enumerate(value, start=1):
        if not (MATRIX_ID.fullmatch(pattern) or SERVER.fullmatch(pattern)):
            raise ValueError(
                f"has an entry, number {place}, that is neither a Matrix id (@ana:example.org) "
                "nor a server (:example.org)."
            )
    return value


def proxies(value: tuple[str, ...]) -> tuple[str, ...]:
    """The proxies that are believed: addresses, and networks as `10.0.0.0/8`."""
    for place, each in enumerate(value, start=1):
        try:
            ip_network(each)
        except ValueError:
            raise ValueError(
                f"has an entry, number {place}, that is neither an address (127.0.0.1) "
                "nor a network (10.0.0.0/8)."
            ) from None
    return value


def mailbox(value: str) -> str:
    """One plain mail address; empty stays empty."""
    if value and not re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", value):
        raise ValueError("must be one mail address, such as baton@example.org, without a name beside it.")
    return value


def clashes(settings: "Settings") -> Iterator[str]:
    """A sentence for each setting that is missing beside others, or must not stand beside them."""
    yield from _slack(settings)
    missing = settings.unset("matrix_homeserver", "matrix_user", "matrix_password")
    if missing and len(missing) < 3:
        yield f"Matrix is half set up: {' and '.join(missing)} {_is(missing)} missing. Set all, or none."
    if settings.smtp_host and not settings.smtp_from:
        yield "BATON_SMTP_HOST is set, but BATON_SMTP_FROM is missing: from which address should mail come?"
    if not settings.smtp_host and (settings.smtp_from or settings.smtp_user or settings.smtp_password):
        yield "Mail is half set up: BATON_SMTP_HOST is missing. Set it, or none of BATON_SMTP_*."
    missing = settings.unset("smtp_user", "smtp_password")
    if len(missing) == 1:
        yield f"Mail is half set up: {missing[0]} is missing. Set user and password, or neither."
    missing = settings.unset("imap_host", "imap_user", "imap_password")
    if missing and len(missing) < 3:
        yield f"The mailbox is half set up: {' and '.join(missing)} {_is(missing)} missing. Set all, or none."
    if settings.imap_host and not settings.smtp_from:
        yield "BATON_IMAP_HOST is set, but BATON_SMTP_FROM is missing: people answer to that address."
    if settings.imap_host and not settings.imap_trusts:
        yield (
            "BATON_IMAP_HOST is set, but BATON_IMAP_TRUSTS is missing: set the name that your mail server "
            "puts into Authentication-Results, or `anybody` to believe every mail as it says."
        )


def _slack(settings: "Settings") -> Iterator[str]:
    app, signing = settings.slack_app_token, settings.slack_signing_secret
    if not settings.slack_bot_token:
        present = [name for name, value in (("APP_TOKEN", app), ("SIGNING_SECRET", signing)) if value]
        if present or settings.slack_mode != "auto":
            other = f"BATON_SLACK_{present[0]}" if present else "BATON_SLACK_MODE"
            yield f"Slack is half set up: {other} is set, but BATON_SLACK_BOT_TOKEN is missing."
    elif settings.slack_mode == "socket" and not app:
        yield "BATON_SLACK_MODE is socket, but BATON_SLACK_APP_TOKEN is missing: Socket Mode needs it."
    elif settings.slack_mode == "http" and not signing:
        yield (
            "BATON_SLACK_MODE is http, but BATON_SLACK_SIGNING_SECRET is missing: "
            "without it nobody can tell Slack's requests from forged ones."
        )
    elif not app and not signing:
        yield (
            "Slack is half set up: set BATON_SLACK_APP_TOKEN for Socket Mode (no public address needed), "
            "or BATON_SLACK_SIGNING_SECRET for requests over HTTP."
        )


def _is(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"
