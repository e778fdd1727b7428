"""The command `baton`. Each command loads only what it runs, so that a bot starts fast and stays small."""

# ruff: noqa: PLC0415

import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
import structlog

from bot import logs
from bot.app import App, Build, store_of
from bot.config import Settings, load
from bot.config_faults import BadSettings
from pathway.definition import BadDefinition
from storage.clinic import Store
from storage.migrate import current, upgrade
from storage.rotate import rotate
from storage.secrets import CannotOpen, new_key
from storage.verify import verify

log = structlog.get_logger()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="baton-care")
def main() -> None:
    """Baton passes patients along a care team without dropping any."""


@main.command()
def run() -> None:
    """Run the bot, on Slack and Matrix as the settings say."""
    settings = _settings()
    builds: list[Build] = []
    if settings.slack_transport:
        from bot.slack.platform import SlackPlatform

        builds.append(SlackPlatform)
    if settings.has_matrix:
        from bot.matrix.platform import MatrixPlatform

        builds.append(MatrixPlatform)
    if not builds:
        _refuse("Neither Slack nor Matrix is set up: see README, or try `baton demo`, which needs neither.")
    if settings.smtp_host:
        from bot.mail.platform import MailPlatform

        builds.append(MailPlatform)
    logs.set_up(settings.log_level)
    asyncio.run(_run(settings, builds))


@main.command()
@click.option(
    "--matrix", is_flag=True, help="In encrypted rooms of a private Matrix server instead of a page."
)
@click.option("--port", default=8000, show_default=True, help="Where the page is served.")
@click.option("--folder", default=Path("data/demo"), show_default=True, type=click.Path(path_type=Path))
def demo(matrix: bool, port: int, folder: Path) -> None:
    """Practise with a synthetic team; no account is needed."""
    from bot.demo import demo_settings, seed

    try:
        _settings().refuse_practice_beside_credentials()
        settings = demo_settings(folder, port)
    except BadSettings as error:
        _refuse(str(error))
    logs.set_up("WARNING")
    if matrix:
        from bot.demo_matrix import run_demo_matrix

        asyncio.run(run_demo_matrix(settings))
        return
    from bot.practice.mail import SENDER, PracticeMail
    from bot.practice.platform import PracticePlatform
    from bot.practice.time import UNTIL_THERE_IS_A_TEAM

    store = store_of(settings)
    store.mail_from = SENDER
    seed(store, UNTIL_THERE_IS_A_TEAM.next_open(datetime.now(UTC)))
    store.close()
    click.echo(f"Baton's practice page: http://{settings.http_host}:{port}/   (stop with Ctrl-C)")
    asyncio.run(_run(settings, [PracticePlatform, PracticeMail]))


async def _run(settings: Settings, builds: Sequence[Build]) -> None:
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    try:
        app = App(settings, builds)
        async with app.running():
            log.info("running", port=app.port)
            await stop.wait()
    except (BadSettings, BadDefinition) as error:
        _refuse(str(error))
    log.info("stopped")


@main.command()
def doctor() -> None:
    """Look at every setting and link, and say how to mend what is wrong."""
    from bot.doctor import examine

    findings = asyncio.run(examine(_settings()))
    for finding in findings:
        click.echo(f"{'ok   ' if finding.ok else 'WRONG'} {finding.what}")
        if finding.mend:
            click.echo(f"      {finding.mend}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@main.command()
def migrate() -> None:
    """Make the tables, or bring them up to date."""
    settings = _settings()
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    url = settings.database_url.get_secret_value()
    upgrade(url)
    click.echo(f"The tables are at revision {current(url)}.")


@main.group()
def keys() -> None:
    """Keys that seal what identifies people."""


@keys.command("new")
def keys_new() -> None:
    """Print a new key, to go first in BATON_SECRET_KEYS."""
    click.echo(new_key())


@keys.command("rotate")
def keys_rotate() -> None:
    """Seal everything with the first key, so that the others can be taken away."""
    from bot.matrix.account import Account

    settings = _settings()
    with contextlib.closing(_store()) as store:
        try:
            count = rotate(store)
            all_sealed = Account(settings, store.keyring).seal_anew()
        except CannotOpen as error:
            _refuse(f"Not everything could be sealed anew; run this again once it can be. {error}")
        except BadSettings as error:
            _refuse(str(error))
    if not all_sealed:
        _refuse(
            f"{count} rows were sealed anew, but not Baton's login at Matrix, which a running Baton holds. "
            "Restart that with the first key, run this again, and keep the older keys until then."
        )
    click.echo(f"{count} rows were sealed anew. The older keys are not needed any more.")


@main.group()
def journal() -> None:
    """The record of every change."""


@journal.command("verify")
def journal_verify() -> None:
    """Name every row that was edited, removed or moved; exit status 1 if there is one."""
    with contextlib.closing(_store()) as store:
        faults = list(verify(store))
    for fault in faults:
        click.echo(fault.sentence)
    if not faults:
        click.echo("The journal is whole.")
    sys.exit(1 if faults else 0)


@main.group()
def pathway() -> None:
    """The pathway definition: roles, times and triage rules."""


FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@pathway.command("check")
@FILE
def pathway_check(file: Path) -> None:
    """Say whether a definition holds together, or which line does not; exit status 2 if not."""
    from bot.pathway_files import check

    try:
        click.echo(check(file))
    except BadDefinition as error:
        _refuse(str(error))


@pathway.command("diff")
@FILE
def pathway_diff(file: Path) -> None:
    """Say what a definition changes in the one that is in force."""
    from bot.pathway_files import compare

    with contextlib.closing(_store()) as store:
        try:
            click.echo(compare(file, store, datetime.now(UTC)))
        except BadDefinition as error:
            _refuse(str(error))


@pathway.command("simulate")
@FILE
@click.option("--weeks", default=52, show_default=True, help="How much of the past is replayed.")
def pathway_simulate(file: Path, weeks: int) -> None:
    """Say which flags a definition would have raised, beside the one that is in force."""
    from bot.pathway_files import replay

    with contextlib.closing(_store()) as store:
        try:
            click.echo(replay(file, store, weeks, datetime.now(UTC)))
        except BadDefinition as error:
            _refuse(str(error))


@pathway.command("steering")
@click.argument("account")
def pathway_steering(account: str) -> None:
    """Put the holder of an account, like slack:U0123, into the steering group, if nobody in it can."""
    from bot.steering_group import NoSuchAccount, seat

    with contextlib.closing(_store()) as store:
        try:
            click.echo(seat(account, store, datetime.now(UTC)))
        except NoSuchAccount as error:
            _refuse(str(error))


def _store() -> Store:
    settings = _settings()
    try:
        return store_of(settings)
    except (BadSettings, BadDefinition) as error:
        _refuse(str(error))


def _settings() -> Settings:
    try:
        return load()
    except BadSettings as error:
        _refuse(str(error))


def _refuse(says: str) -> NoReturn:
    click.echo(says, err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
