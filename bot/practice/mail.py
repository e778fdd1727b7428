"""Mail on the practice page: nothing leaves; what would go out is shown, with its calendar to download."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.config import Settings
from bot.delivery import Vanished
from bot.door import Door
from bot.mail.message import FILE_NAME, mail_bytes, message_id
from bot.practice.guard import HEADERS, Guard, own_names
from bot.practice.people import ZONE
from storage.addresses import PLATFORM
from storage.clinic import Clinic
from storage.lanes import Outgoing
from storage.sent_mail import SentMail

SENDER = "baton@clinic.example"
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""A mail brings its own style and stands in a frame of ours; it runs nothing and loads nothing."""
METHODS = {"REQUEST": "an invitation for calendars", "CANCEL": "a cancellation for calendars"}


class PracticeMail:
    """A mail server that keeps everything to itself, and its page."""

    name = PLATFORM

    def __init__(self, settings: Settings, door: Door) -> None:
        self.settings = settings
        self.door = door
        door.store.mail_from = SENDER

    async def start(self) -> None:
        """There is nothing to connect to."""

    def ending(self) -> None:
        """It keeps nothing open."""

    async def stop(self) -> None:
        """There is nothing to end."""

    def link(self) -> str:
        """It is always there."""
        return ""

    def sends(self) -> bool:
        """Any process may."""
        return True

    async def post(self, outgoing: Outgoing) -> str:
        """A mail would go out now; it stays in the outbox, where the page reads it."""
        return message_id(outgoing.id, SENDER)

    async def edit(self, outgoing: Outgoing, message: str) -> str:
        """What was mailed can't be changed."""
        raise Vanished

    async def find(self, outgoing: Outgoing) -> str | None:
        """What went out is marked at once."""
        return None

    def routes(self) -> Sequence[BaseRoute]:
        """The page, each mail as it looks, as its file and as its calendar."""
        names = own_names(self.settings)
        guards = [
            Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False),
            Middleware(Guard, headers=HEADERS | {"Content-Security-Policy": POLICY}),
        ]
        inside = [
            Route("/", self.page),
            Route("/{mail}/look", self.look),
            Route("/{mail}/mail.eml", self.whole),
            Route(f"/{{mail}}/{FILE_NAME}", self.calendar),
        ]
        return [Mount("/mail", routes=inside, middleware=guards)]

    async def page(self, _: Request) -> Response:
        """All that would have gone out, the newest first."""
        mails = await self.door.look(lambda clinic: clinic.sent_mails.newest())
        zone = ZoneInfo(ZONE)
        shown = [(each, f"{each.mail.at.astimezone(zone):%a %d %b %H:%M}") for each in mails]
        return HTMLResponse(
            _PAGES.get_template("mail.html.j2").render(mails=shown, sender=SENDER, methods=METHODS)
        )

    async def look(self, request: Request) -> Response:
        """A mail as a mail program shows it; what it links to opens in a page of its own."""

        def shown(found: SentMail) -> Response:
            return HTMLResponse(found.mail.html.replace("<head>", '<head><base target="_blank">', 1))

        return await self._of(request, shown)

    async def whole(self, request: Request) -> Response:
        """A mail as the file that would leave."""

        def file(found: SentMail) -> Response:
            content = mail_bytes(found.mail, found.id, SENDER, found.address)
            return _download(content, "message/rfc822", "mail.eml")

        return await self._of(request, file)

    async def calendar(self, request: Request) -> Response:
        """The calendar of a mail."""

        def file(found: SentMail) -> Response:
            return _download(found.mail.calendar.encode(), "text/calendar; charset=utf-8", FILE_NAME)

        return await self._of(request, file)

    async def _of(self, request: Request, answer: Callable[[SentMail], Response]) -> Response:
        def look(clinic: Clinic) -> SentMail | None:
            return clinic.sent_mails.find(request.path_params["mail"])

        found = await self.door.look(look)
        return answer(found) if found else PlainTextResponse("There is no such mail.\n", 404)


def _download(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


_PAGES = Environment(
    loader=PackageLoader("bot", "practice/page/templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
