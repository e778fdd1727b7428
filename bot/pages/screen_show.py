"""What the conference screen shows as HTML, region by region: what has not changed is not sent again."""

import base64
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from cards.chart import Chart
from cards.letters import on_one_line, shown
from cards.picture import drawn
from handlers.live.screen import Clock, Screen

REGIONS = ("where", "clock", "item", "written", "known", "following", "chart")


def regions(screen: Screen) -> dict[str, str]:
    """The inside of each region. It may have a chart to draw: not for an event loop's own thread."""
    module = _PAGES.get_template("regions.html.j2").module
    return {name: str(getattr(module, name)(screen)) for name in REGIONS}


def page(screen: Screen, inside: Mapping[str, str]) -> str:
    """The whole page, complete without script too."""
    filled = {name: Markup(html) for name, html in inside.items()}  # noqa: S704 (made by `regions`)
    return _PAGES.get_template("screen.html.j2").render(screen=screen, inside=filled)


def notice(says: str) -> str:
    """A page of one sentence."""
    return _PAGES.get_template("notice.html.j2").render(says=says)


def clock_words(clock: Clock, now: datetime) -> str:
    """How much of an item's time is left, or by how much it is over, in words and whole minutes."""
    seconds = (clock.runs_out_at - now).total_seconds()
    if seconds > 0:
        minutes = -(-int(seconds) // 60)
        return f"{minutes} min left"
    over = int(-seconds) // 60
    return f"{over} min over" if over else "Its time is over"


def _local(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def _written(text: str) -> Markup:
    """Text with its line breaks."""
    return Markup("<br>").join(escape(line) for line in shown(text).split("\n"))


def _address(chart: Chart) -> str:
    return f"data:image/png;base64,{base64.b64encode(drawn(chart)).decode('ascii')}"


def _shown(value: object) -> object:
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


_PAGES = Environment(
    loader=PackageLoader("bot", "pages/screen/templates"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_shown,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters |= {
    "address": _address, "on_one_line": on_one_line, "written": _written, "local": _local,
    "clock_words": clock_words,
}  # fmt: skip
