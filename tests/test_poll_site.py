"""The page on which somebody without an account says when they could come."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.door import Door, MovableClock
from bot.metrics import Metrics
from bot.pages.entry_guard import MOST_GUESSES
from bot.pages.poll_site import PollSite
from tests.handlers.mailed import PAGES, SENDER
from tests.handlers.talk import Talk
from tests.handlers.test_poll import rows

GRAY = "gray@practice.example"


@pytest.fixture
def asking(sqlite_url: str) -> Iterator[Talk]:
    talk = Talk(sqlite_url, mail_from=SENDER, base_url=PAGES)
    talk.team()
    talk.say("lea", f"conference poll 'Board <2>' at tue 14:00, wed 9:00 guests Dr Gray {GRAY}")
    yield talk
    talk.close()


def link(talk: Talk) -> str:
    """Where the page is."""
    (mail,) = talk.mails[GRAY]
    found = re.search(rf"{PAGES}(/t/\S+)\?can=1", mail.text)
    assert found and f"{PAGES}{found[1]}?can=none" in mail.html
    return found[1]


def ask(talk: Talk, *asked: tuple[str, str, dict[str, Any]]) -> list[httpx.Response]:
    """Requests, one after the other, as a browser sends them."""

    async def asking() -> list[httpx.Response]:
        door = Door(talk.store, MovableClock(talk.now), Metrics(), lambda lanes: None)
        app = httpx.ASGITransport(app=Starlette(routes=[*PollSite(door).routes()]))
        async with httpx.AsyncClient(transport=app, base_url=PAGES) as client:
            found = [await client.request(method, path, **more) for method, path, more in asked]
        door.close()
        return found

    found = asyncio.run(asking())
    talk.post()
    return found


def test_looking_answers_nothing_and_the_form_answers_for_all_times(asking: Talk) -> None:
    page = link(asking)
    (shown,) = ask(asking, ("GET", f"{page}?can=2", {}))
    assert (shown.status_code, rows(asking)["2"][1]) == (200, "0")
    assert 'value="2" checked' in shown.text and 'value="1" checked' not in shown.text
    assert "Wed 5 Mar 2031, 09:00–10:00, London time" in shown.text
    assert "Board &lt;2&gt;" in shown.text and "You have answered" not in shown.text
    sent, thanked = ask(
        asking, ("POST", page, {"data": {"can": ["1", "2", "9", "x"], "send": "these"}}),
        ("GET", f"{page}?thanks=1", {}),
    )  # fmt: skip
    assert (sent.status_code, sent.headers["location"]) == (303, f"{page}?thanks=1")
    assert [rows(asking)[place][1] for place in "12"] == ["1: I-1 (Dr Gray)"] * 2
    assert "Thank you." in thanked.text and "You have answered" in thanked.text
    assert thanked.text.count(" checked") == 2
    ask(asking, ("POST", page, {"data": {"can": ["1"], "send": "none"}}))
    assert [rows(asking)[place][1] for place in "12"] == ["0", "0"]


def test_what_is_settled_altered_or_from_elsewhere_changes_nothing(asking: Talk) -> None:
    page, form = link(asking), {"data": {"can": ["1"], "send": "these"}}
    elsewhere = {**form, "headers": {"sec-fetch-site": "cross-site"}}
    no_press = {"data": {"can": ["1"]}}
    answers = ask(
        asking, ("POST", page, elsewhere), ("POST", page, no_press), ("POST", page[:-1], form),
        ("POST", page, {"json": {"can": ["1"]}}),
    )  # fmt: skip
    assert [each.status_code for each in answers] == [403, 303, 404, 413]
    assert rows(asking)["1"][1] == "0"
    asking.say("lea", "poll close T-1")
    sent, shown = ask(asking, ("POST", page, form), ("GET", page, {}))
    assert sent.status_code == 303 and "No time is looked for any more." in shown.text
    with asking.store.clinic(asking.now) as clinic:
        poll = clinic.polls.find("T-1")
        assert poll is not None and poll.votes == {}


def test_nobody_can_try_links_out_for_long(asking: Talk) -> None:
    tries: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"/t/{number}", {}) for number in range(MOST_GUESSES + 1)
    ]
    assert [each.status_code for each in ask(asking, *tries)] == [404] * MOST_GUESSES + [429]
