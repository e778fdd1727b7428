"""The running bot: the one place where store, door, platforms, post, clock and web server meet."""

import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Protocol

import uvicorn
from sqlalchemy import text
from starlette.routing import BaseRoute

from bot.clock import Ticker
from bot.config import Settings
from bot.config_faults import BadSettings
from bot.delivery import Pace, Platform
from bot.door import Clock, Door, MovableClock
from bot.http import Check, site
from bot.mail.mailbox import Mailbox
from bot.metrics import Metrics
from bot.pages.entry_site import EntrySite
from bot.pages.feed_site import FeedSite
from bot.pages.invite_site import InviteSite
from bot.pages.poll_site import PollSite
from bot.pages.screen_site import ScreenSite
from bot.post import Poster
from handlers.definition.post import take_up
from handlers.invitations import mail_refused
from handlers.people import room
from pathway.definition import Definition, load, shipped, shipped_text
from storage.addresses import PLATFORM as MAIL
from storage.clinic import Clinic, Store, utc_now
from storage.key_check import check_keys
from storage.lanes import Lanes, Outgoing
from storage.migrate import upgrade
from storage.post import Lane
from storage.secrets import CannotOpen

PACES: Mapping[str, Pace] = {"slack": Pace(every=timedelta(seconds=1), burst=4)}
"""Slack lets about one message a second into a channel, and tolerates bursts (its published rate limits)."""
STOP_SECONDS = 5


class Link(Platform, Protocol):
    """A platform as the running bot holds it: what the poster needs, and how it is started and stopped."""

    name: str

    async def start(self) -> None:
        """Connects. Must not wait for the platform to be there: a link that is down comes up later."""

    def ending(self) -> None:
        """Lets go of what keeps connections open; posts still go out until `stop`."""

    async def stop(self) -> None:
        """Ends what is under way and disconnects."""

    def routes(self) -> Sequence[BaseRoute]:
        """What it serves over HTTP."""

    def link(self) -> str:
        """ "" while the link works, else in a few words why not."""


class Build(Protocol):
    """Makes a platform for a bot: `SlackPlatform` and its likes are such."""

    def __call__(self, settings: Settings, door: Door) -> Link:
        """The platform, not yet connected."""


def definition_of(settings: Settings) -> Definition:
    """The pathway that the settings name, or the one that is shipped."""
    if settings.pathway is None:
        return shipped()
    return load(text_of(settings), settings.pathway.name)


def text_of(settings: Settings) -> str:
    """The text of that pathway."""
    return shipped_text() if settings.pathway is None else settings.pathway.read_text("utf-8")


def store_of(settings: Settings) -> Store:
    """The store that the settings name, its tables made or brought up to date.

    Raises BadSettings if the secret keys are not those of the database, or the pathway doesn't fit it.
    """
    url = settings.database_url.get_secret_value()
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    upgrade(url)
    configured = definition_of(settings)
    store = Store(
        url,
        settings.keyring(),
        configured,
        org=settings.organisation,
        direct_detail=settings.direct_detail,
        plain_rooms=settings.matrix_plain_rooms_detail,
        base_url=settings.public_url,
        templates=settings.templates,
        mail_from=settings.smtp_from,
    )
    _refuse_other_keys(store)
    _refuse_lost_urgencies(store, configured)
    return store


def _refuse_other_keys(store: Store) -> None:
    """Raises BadSettings for keys that don't open what there is: new rows would be sealed with them too."""
    try:
        check_keys(store)
    except CannotOpen as error:
        store.close()
        raise BadSettings([f"BATON_SECRET_KEYS does not open what is in the database. {error}"]) from None


def _refuse_lost_urgencies(store: Store, configured: Definition) -> None:
    """Raises BadSettings for a pathway by which the deadlines of an open handoff or flag can't be kept."""
    with store.clinic(utc_now()) as clinic:
        if clinic.definition is not configured:  # what is in force was held against them when approved
            return
        lost = sorted(clinic.handoffs.urgencies_in_use() - {each.id for each in configured.urgencies})
        flags = clinic.flags.severities_in_use() - {each.id for each in configured.flag_severities}
    if flags:
        store.close()
        says = "open flags still need them. Put them back, or let those flags be closed first."
        raise BadSettings([f"BATON_PATHWAY has no flag severity {', '.join(sorted(flags))}, but {says}"])
    if lost:
        store.close()
        says = "open handoffs still need them. Put them back, or let those handoffs end first."
        raise BadSettings([f"BATON_PATHWAY has no urgency {', '.join(lost)}, but {says}"])


class App:
    """One process of Baton."""

    def __init__(
        self,
        settings: Settings,
        builds: Sequence[Build],
        clock: Clock | None = None,
        paces: Mapping[str, Pace] = PACES,
    ) -> None:
        self.settings = settings
        self.store = store_of(settings)
        # Here and not in `store_of`: what only looks at the database must not write into its journal.
        take_up(self.store, text_of(settings), utc_now())
        self.clock = clock or MovableClock()
        self.metrics = Metrics()
        self.lanes = Lanes(self.store, f"{socket.gethostname()}:{secrets.token_hex(4)}")
        self.door = Door(self.store, self.clock, self.metrics, self._wake)
        self.mailbox = Mailbox(settings, self.door) if settings.imap_host else None
        self.links = {link.name: link for link in (build(settings, self.door) for build in builds)}
        self.poster = Poster(
            self.lanes, dict(self.links), self.clock.now, self._undeliverable,
            paces=paces, count=self.metrics.post,
        )  # fmt: skip
        self.ticker = Ticker(self.door, self.lanes, settings.tick_seconds)
        self.screens = ScreenSite(self.door)
        routes = [*EntrySite(self.door).routes(), *self.screens.routes()]
        routes += [*InviteSite(self.door).routes(), *PollSite(self.door).routes()]
        routes += FeedSite(self.door).routes()
        routes += [route for link in self.links.values() for route in link.routes()]
        self.site = site(self.metrics, self._checks(), routes)
        self.port = settings.http_port

    @asynccontextmanager
    async def running(self, *, ticking: bool = True) -> AsyncIterator["App"]:
        """The bot, working: posts are drained, links are up or coming up, and HTTP is served.

        `ticking=False` leaves the clock to the caller (`ticker.tick`), as tests do. Raises `BadSettings` if
        HTTP can't be served at the address that is set.
        """
        server, listening = self._server()
        posting = asyncio.create_task(self.poster.run())
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            for link in self.links.values():
                await link.start()
            if self.mailbox is not None:
                await self.mailbox.start()
            if ticking:
                self.ticker.start()
            await server.listening.wait()
            yield self
        finally:
            await self._stop(server, serving, posting, ticking)

    async def _stop(
        self, server: "Server", serving: asyncio.Task[None], posting: asyncio.Task[None], ticking: bool
    ) -> None:
        if ticking:
            self.ticker.stop()
        for link in self.links.values():
            link.ending()
        if self.mailbox is not None:
            await self.mailbox.stop()
        self.screens.end()
        server.should_exit = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(serving, STOP_SECONDS)
        # What is being posted needs its platform, so the platforms stop last.
        self.poster.stop()
        await posting
        for link in self.links.values():
            await link.stop()
        self.door.close()
        self.store.close()

    def _server(self) -> tuple["Server", socket.socket]:
        host, port = self.settings.http_host, self.settings.http_port
        try:
            listening = socket.create_server((host, port))
        except OSError as error:
            why = os.strerror(error.errno or 0)
            says = (
                f"{host}:{port} can't be listened at ({why}). If something else runs there, another Baton "
                "say, choose another port: BATON_HTTP_PORT, or `baton demo --port 8100`."
            )
            raise BadSettings([says]) from error
        # asyncio does this only for sockets that it made itself. Without it the end of every answer on a kept
        # connection waits 40 ms for the other side to acknowledge the beginning.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self.site,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=STOP_SECONDS,
            forwarded_allow_ips=list(self.settings.http_trusted_proxies),
        )
        return Server(config), listening

    def _wake(self, lanes: Iterable[Lane]) -> None:
        self.poster.wake(lanes)

    def _checks(self) -> dict[str, Check]:
        looks = {name: link.link for name, link in self.links.items()}
        if self.mailbox is not None:
            looks[self.mailbox.name] = self.mailbox.link
        return {"database": self._database, **{name: self._link(look) for name, look in looks.items()}}

    def _link(self, look: Callable[[], str]) -> Check:
        async def check() -> str:
            return look()

        return check

    async def _database(self) -> str:
        def look() -> None:
            with self.store.engine.connect() as connection:
                connection.execute(text("SELECT 1"))

        try:
            await asyncio.wait_for(self.door.run(look), 2)
        except Exception as error:
            return type(error).__name__
        return ""

    async def _undeliverable(self, outgoing: Outgoing, reason: str) -> None:
        """The leads of the team concerned are told, once for each post."""

        def work(clinic: Clinic, now: datetime) -> None:
            tell = mail_refused.undelivered if outgoing.lane.platform == MAIL else room.undelivered
            tell(outgoing.lane, outgoing.subject, reason, clinic, now)

        await self.door.once(f"undelivered:{outgoing.id}", work)


class Server(uvicorn.Server):
    """uvicorn, which says when it listens, and leaves the signals to the process that it runs in."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to listen."""
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes no signals."""
        yield
