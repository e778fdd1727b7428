"""`baton doctor`: looks at every setting and link as they really are, and says how to mend what is wrong."""

import contextlib
import smtplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from agendas import template
from bot.app import definition_of
from bot.config import Settings
from bot.config_faults import BadSettings
from bot.http_check import check_http
from bot.mail.check import check_mailbox
from bot.matrix.check import check_matrix
from bot.pathway_check import check_pathway
from bot.slack.check import check_slack
from pathway.definition import BadDefinition
from storage.clinic import Store
from storage.database import open_engine
from storage.migrate import current, newest
from storage.verify import verify

MOST_SKEW_SECONDS = 30
MAIL_SECONDS = 10


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `mend` says what to do if it is not as it should be."""

    ok: bool
    what: str
    mend: str = ""


async def examine(settings: Settings) -> list[Finding]:
    """Looks at everything that these settings name."""
    findings = [
        *_keys(settings),
        *_database(settings),
        *(Finding(*each) for each in check_pathway(settings)),
        *_templates(settings),
        *(Finding(*each) for each in check_http(settings)),
        *_mail(settings),
    ]
    if settings.imap_host:
        findings += [Finding(*each) for each in await check_mailbox(settings)]
    if settings.slack_transport:
        findings += [Finding(*each) for each in await check_slack(settings)]
    if settings.has_matrix:
        findings += [Finding(*each) for each in await check_matrix(settings)]
    if not settings.slack_transport and not settings.has_matrix:
        says = (
            "Set BATON_SLACK_BOT_TOKEN or BATON_MATRIX_HOMESERVER, or try `baton demo`, which needs neither."
        )
        findings.append(Finding(False, "neither Slack nor Matrix is set up", says))
    return findings


def _keys(settings: Settings) -> Iterator[Finding]:
    """What is wrong with the keys by themselves. Whether they open the database is seen there."""
    try:
        settings.keyring()
    except BadSettings as error:
        yield Finding(False, "the secret keys can't be used", str(error))


def _database(settings: Settings) -> Iterator[Finding]:
    url = settings.database_url.get_secret_value()
    try:
        there = current(url)
    except (SQLAlchemyError, OSError) as error:
        says = "See that the server runs and that BATON_DATABASE_URL names it, its user and its database."
        yield Finding(False, f"the database can't be reached ({type(error).__name__})", says)
        return
    if there != newest():
        yield Finding(False, f"the tables are at revision {there or 'none'}", "Run `baton migrate`.")
        return
    yield Finding(True, "the database is reached and its tables are those of this version")
    yield from _clock_of_database(url)
    try:
        store = Store(url, settings.keyring(), definition_of(settings), org=settings.organisation)
    except (BadSettings, BadDefinition):  # each of them is a finding of its own
        return
    fault = next(verify(store), None)
    store.close()
    if fault is not None:
        says = "Somebody changed the journal, or a key is missing. Run `baton journal verify` for all of it."
        yield Finding(False, fault.sentence, says)
    else:
        yield Finding(True, "the journal is whole and the secret keys open it")


def _clock_of_database(url: str) -> Iterator[Finding]:
    if not url.startswith("postgresql"):
        return
    engine = open_engine(url)
    with contextlib.closing(engine.connect()) as connection:
        theirs = connection.scalar(text("SELECT clock_timestamp()"))
    engine.dispose()
    skew = abs((datetime.now(UTC) - theirs).total_seconds()) if theirs else 0.0
    mend = "Let both machines take their time from NTP." if skew > MOST_SKEW_SECONDS else ""
    yield Finding(not mend, f"the database's clock differs by {skew:.0f} s", mend)


def _templates(settings: Settings) -> Iterator[Finding]:
    if settings.templates is None:
        return
    wrong = list(template.faults(settings.templates))
    for fault in wrong:
        yield Finding(False, fault, "Mend it in BATON_TEMPLATES: until then Baton's own is used instead.")
    if not wrong:
        yield Finding(True, "the templates in BATON_TEMPLATES can be read")


def _mail(settings: Settings) -> Iterator[Finding]:
    if not settings.smtp_host:
        return
    where = f"the mail server {settings.smtp_host}:{settings.smtp_port}"
    steps: list[tuple[str, Callable[[smtplib.SMTP], object]]] = [("EHLO", lambda server: server.ehlo())]
    implicit = settings.smtp_port == smtplib.SMTP_SSL_PORT
    if settings.smtp_starttls and not implicit:
        steps.append(("STARTTLS", lambda server: server.starttls(context=ssl.create_default_context())))
    password = settings.smtp_password
    if settings.smtp_user and password:
        steps.append(("login", lambda server: server.login(settings.smtp_user, password.get_secret_value())))
    doing = "connection"
    connect = smtplib.SMTP_SSL if implicit else smtplib.SMTP
    try:
        with connect(settings.smtp_host, settings.smtp_port, timeout=MAIL_SECONDS) as server:
            for name, step in steps:
                doing = name
                step(server)
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            False, f"{where} failed at {doing} ({type(error).__name__})", "See the BATON_SMTP_* settings."
        )
        return
    yield Finding(True, f"{where} answers")
