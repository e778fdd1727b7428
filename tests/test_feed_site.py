"""People's own calendars: what is in them, fetched as calendar programs do, and ended for good."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from starlette.applications import Starlette

from bot.door import Door, MovableClock
from bot.metrics import Metrics
from bot.pages.feed_site import FeedSite
from handlers.people.same_person import merge
from pathway.action import Action, State
from pathway.reminder import Span
from storage.secrets import Keyring
from tests.handlers.mailed import PAGES, SENDER, WEEK, Mailing, box
from tests.handlers.talk import Talk

TUESDAY = datetime(2031, 3, 4, 12, 30, tzinfo=UTC)


def opened(url: str) -> Mailing:
    talk = Talk(url, mail_from=SENDER, base_url=PAGES)
    talk.team()
    return Mailing(talk)


@pytest.fixture
def mailing(sqlite_url: str) -> Iterator[Mailing]:
    made = opened(sqlite_url)
    yield made
    made.talk.close()


@pytest.fixture
def anywhere(database_url: str) -> Iterator[Mailing]:
    """The same on each kind of database."""
    made = opened(database_url)
    yield made
    made.talk.close()


def address(mailing: Mailing, who: str = "ana", how: str = "") -> str:
    """Somebody's address, as they are told it."""
    said = mailing.talk.direct(who, f"calendar link {how}")
    return said.partition("Address: ")[2].split()[0].removeprefix(PAGES)


def fetch(mailing: Mailing, *asked: tuple[str, str]) -> list[httpx.Response]:
    """Fetches these addresses, each with an If-None-Match ("" for none), one after the other."""

    async def fetching() -> list[httpx.Response]:
        door = Door(mailing.talk.store, MovableClock(mailing.talk.now), Metrics(), lambda lanes: None)
        app = httpx.ASGITransport(app=Starlette(routes=[*FeedSite(door).routes()]))
        async with httpx.AsyncClient(transport=app, base_url=PAGES) as client:
            found = [
                await client.get(path, headers={"If-None-Match": tag} if tag else {}) for path, tag in asked
            ]
        door.close()
        return found

    return asyncio.run(fetching())


def summaries(content: bytes) -> list[tuple[str, str, datetime]]:
    """What is in a calendar: its kind, its summary, when it starts or is due."""
    parts: list[Any] = Calendar.from_ical(content).walk()
    listed = [each for each in parts if each.name in ("VEVENT", "VTODO")]
    times = [each["DUE" if "DUE" in each else "DTSTART"].dt for each in listed]
    return [(each.name, str(each["SUMMARY"]), time) for each, time in zip(listed, times, strict=True)]


def act(mailing: Mailing, due: datetime) -> None:
    """Ana has something to do for a patient."""
    code = mailing.talk.patient()
    with mailing.talk.store.clinic(mailing.talk.now) as clinic:
        ana = mailing.members["ana"].id
        number, now = clinic.actions.next_number(), mailing.talk.now
        action = Action(
            number, mailing.team, code, ana, "Ring Tess Testcase", due, ana, now, state=State.OPEN
        )
        clinic.actions.put(action, "open", now)


def test_it_holds_what_one_is_invited_to_and_what_is_to_be_done_and_names_nobody(mailing: Mailing) -> None:
    series = mailing.repeat("ana", "bo")
    mailing.plan("bo", days=3)
    mailing.uninvite(mailing.days(series)[1], mailing.member("ana"))
    act(mailing, TUESDAY + timedelta(hours=5))
    (got,) = fetch(mailing, (address(mailing), ""))
    assert (got.status_code, got.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    found = summaries(got.content)
    assert found[:3] == [
        ("VEVENT", "Case conference C-1", TUESDAY),
        ("VEVENT", "Action A-1", TUESDAY + timedelta(hours=5)),
        ("VEVENT", "Case conference C-3", TUESDAY + 2 * WEEK),
    ]
    assert len(found) == len(mailing.days(series))
    for word in ("Tess", "P-", "Ring", "Board", "Room", "Ana"):
        assert word.encode() not in got.content


def test_actions_are_tasks_for_who_wants_tasks(mailing: Mailing) -> None:
    act(mailing, TUESDAY)
    (got,) = fetch(mailing, (address(mailing, how="tasks"), ""))
    assert summaries(got.content) == [("VTODO", "Action A-1", TUESDAY)]


def test_what_has_not_changed_is_not_sent_again(mailing: Mailing) -> None:
    made = mailing.plan("ana")
    path = address(mailing)
    (first,) = fetch(mailing, (path, ""))
    tag = first.headers["etag"]
    same, weak, other = fetch(mailing, (path, tag), (path, f"W/{tag}, x"), (path, '"other"'))
    assert [each.status_code for each in (same, weak, other)] == [304, 304, 200]
    assert (same.content, other.content) == (b"", first.content)
    mailing.change(made, starts=made.starts + timedelta(hours=1))
    (changed,) = fetch(mailing, (path, tag))
    assert changed.status_code == 200 and changed.headers["etag"] != tag
    assert _uids(changed.content) == _uids(first.content)


def test_ones_items_are_in_it_once_the_agenda_is_posted_and_follow_it(anywhere: Mailing) -> None:
    mailing, talk = anywhere, anywhere.talk
    made = mailing.plan("ana", "bo", days=2)
    theirs = talk.patient("ana", "consent-team=yes")
    talk.direct("ana", f"agenda add {theirs} 'a word'")
    other = talk.patient("bo", "name='Una Unreal' goal=walk consent-team=yes")
    talk.direct("bo", f"agenda add {other} 'a word'")
    talk.say("lea", f"agenda move {theirs} 1")
    path = address(mailing)
    (before,) = fetch(mailing, (path, ""))
    assert [said for _, said, _ in summaries(before.content)] == ["Case conference C-1"]
    talk.say("lea", "agenda post C-1")
    (posted,) = fetch(mailing, (path, before.headers["etag"]))
    assert items(posted) == [("Case conference C-1: your item 1", made.starts)]
    talk.say("lea", f"agenda move {theirs} 2")
    talk.pass_time(120)
    (moved,) = fetch(mailing, (path, posted.headers["etag"]))
    assert items(moved) == [("Case conference C-1: your item 2", made.starts + timedelta(minutes=10))]
    mailing.change(made, starts=made.starts + timedelta(hours=1))
    (later,) = fetch(mailing, (path, moved.headers["etag"]))
    assert items(later) == [("Case conference C-1: your item 2", made.starts + timedelta(minutes=70))]
    assert [each.status_code for each in fetch(mailing, (path, later.headers["etag"]))] == [304]


def items(fetched: httpx.Response) -> list[tuple[str, datetime]]:
    """The items in a calendar that was fetched, and when they are."""
    return [(says, at) for _, says, at in summaries(fetched.content) if "item" in says]


def _uids(content: bytes) -> list[str]:
    return [str(each["UID"]) for each in Calendar.from_ical(content).walk("VEVENT")]


def test_an_address_is_the_same_until_it_is_ended_and_then_never_works_again(mailing: Mailing) -> None:
    path = address(mailing)
    assert address(mailing, how="tasks") == path
    mailing.talk.direct("ana", "calendar end")
    assert [each.status_code for each in fetch(mailing, (path, ""))] == [404]
    other = address(mailing)
    assert other != path
    assert [each.status_code for each in fetch(mailing, (path, ""), (other, ""))] == [404, 200]


def test_linked_accounts_keep_the_calendar_the_mailbox_and_the_reminders(anywhere: Mailing) -> None:
    mailing, talk, bo = anywhere, anywhere.talk, anywhere.members["bo"]
    made = mailing.plan("cy", days=2)
    path = address(mailing, "cy")
    talk.direct("cy", "conference remind hour")
    talk.direct("cy", "calendar free https://calendar.example/secret.ics")
    talk.direct("bo", "calendar mail none")
    mailing.come()
    mailing.subjects(box("cy"))
    with talk.store.clinic(talk.now) as clinic:
        merge(mailing.members["cy"].id, bo.id, clinic, talk.now)
    (got,) = fetch(mailing, (path, ""))
    assert [says for _, says, _ in summaries(got.content)] == ["Case conference C-1"]
    assert address(mailing, "bo") == path
    mailing.change(made, starts=made.starts + timedelta(hours=1))
    mailing.come()
    moved = "Changed: Case conference C-1, Wed 5 Mar 2031, 13:30–14:30, London time"
    assert mailing.subjects(box("cy")) == [moved], "their calendar knows it as it was"
    with talk.store.clinic(talk.now) as clinic:
        known, shared = clinic.people.member(bo.id), clinic.busy.of(bo.id)
        assert known is not None and known.email == box("cy")
        assert shared is not None and clinic.reminders.of(bo.id) == (Span.HOUR,)
        merge(mailing.members["dee"].id, bo.id, clinic, talk.now)
        known = clinic.people.member(bo.id)
        assert known is not None and known.email == box("cy"), "what one has stays"


def test_it_outlives_the_rotation_of_keys(mailing: Mailing) -> None:
    path = address(mailing)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    with mailing.talk.store.clinic(mailing.talk.now) as clinic:
        clinic.feeds.keyring = Keyring([bytes(range(32)), bytes(32)])
        found = clinic.feeds.find(token)
        assert found is not None and found.member == mailing.members["ana"].id


def test_the_address_is_shown_in_private_only(mailing: Mailing) -> None:
    assert "/calendar/" not in mailing.talk.say("ana", "calendar link")
