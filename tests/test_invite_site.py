"""The page on which somebody answers an invitation without an account."""

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from bot.door import Door, MovableClock
from bot.metrics import Metrics
from bot.pages.entry_guard import MOST_GUESSES
from bot.pages.invite_site import InviteSite
from pathway.conference import Conference, Step
from pathway.invitee import Answer
from pathway.reminder import Span
from storage.secrets import Keyring
from tests.handlers.mailed import GP, PAGES, SENDER, Mailing
from tests.handlers.talk import Talk


@pytest.fixture
def mailing(sqlite_url: str) -> Iterator[Mailing]:
    talk = Talk(sqlite_url, mail_from=SENDER, base_url=PAGES)
    talk.team()
    yield Mailing(talk)
    talk.close()


def invited(mailing: Mailing, where: str = "https://video.example/room") -> tuple[Conference, str]:
    """A conference to which somebody outside is invited, and where their page is."""
    made = mailing.plan(where=where)
    mailing.invite(made, mailing.outside())
    mailing.come()
    (mail,) = mailing.boxes[GP].mails
    found = re.search(rf"{PAGES}(/i/\S+)\?answer=accepted", mail.text)
    assert found
    return made, found[1]


def ask(mailing: Mailing, method: str, path: str, **more: object) -> httpx.Response:
    """One request, as a browser sends it."""

    async def asking() -> httpx.Response:
        door = Door(mailing.talk.store, MovableClock(mailing.talk.now), Metrics(), lambda lanes: None)
        app = httpx.ASGITransport(app=Starlette(routes=[*InviteSite(door).routes()]))
        async with httpx.AsyncClient(transport=app, base_url=PAGES) as client:
            found = await client.request(method, path, **more)  # type: ignore[arg-type]
        door.close()
        return found

    return asyncio.run(asking())


def answer(mailing: Mailing, made: Conference) -> Answer:
    with mailing.talk.store.clinic(mailing.talk.now) as clinic:
        return clinic.invitees.answer(made, "I-1").answer


def test_looking_answers_nothing_and_a_press_answers(mailing: Mailing) -> None:
    made, page = invited(mailing)
    shown = ask(mailing, "GET", f"{page}?answer=accepted")
    assert (shown.status_code, answer(mailing, made)) == (200, Answer.NEEDS_ACTION)
    assert 'value="accepted" autofocus' in shown.text
    assert "Tue 4 Mar 2031, 12:30–13:30, London time" in shown.text
    assert 'href="https://video.example/room"' in shown.text
    sent = ask(mailing, "POST", page, data={"answer": "tentative"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{page}?thanks=1")
    assert answer(mailing, made) is Answer.TENTATIVE
    thanked = ask(mailing, "GET", f"{page}?thanks=1")
    assert "Thank you." in thanked.text and "Your answer so far: Maybe" in thanked.text
    ask(mailing, "POST", page, data={"answer": "declined"})
    assert answer(mailing, made) is Answer.DECLINED


def test_of_a_series_single_dates_are_answered_on_pages_of_their_own(mailing: Mailing) -> None:
    series = mailing.repeat("ana")
    mailing.invite(series, mailing.outside())
    mailing.come()
    (mail,) = mailing.boxes[GP].mails
    whole = mail.text.partition("- Yes: " + PAGES)[2].partition("?")[0]
    ask(mailing, "POST", whole, data={"answer": "accepted"})
    days = mailing.days(series)
    mailing.uninvite(days[3], mailing.outside())
    mailing.step(days[2], Step.CANCEL)
    shown = ask(mailing, "GET", whole).text
    dates = re.findall(r'<li><a href="(/i/[^"]+)">([^<]+)</a>: (\w+)</li>', shown)
    assert [(said, given) for _, said, given in dates] == [
        (f"Tue {date} 2031, 12:30–13:30, London time", "Yes")
        for date in ("4 Mar", "11 Mar", "1 Apr", "8 Apr", "15 Apr")
    ]
    sent = ask(mailing, "POST", dates[1][0], data={"answer": "declined"})
    assert sent.status_code == 303
    assert [answer(mailing, each) for each in days[:2]] == [Answer.ACCEPTED, Answer.DECLINED]
    assert ": No</li>" in ask(mailing, "GET", whole).text


def test_who_has_no_account_says_on_it_how_they_are_reminded(mailing: Mailing) -> None:
    made, page = invited(mailing)
    shown = ask(mailing, "GET", page).text
    assert 'value="day" checked' in shown and 'value="hour" checked' not in shown, "a day, as a rule"
    for chosen, kept in ((["hour", "week", "nonsense"], (Span.WEEK, Span.HOUR)), ([], ())):
        sent = ask(mailing, "POST", page, data={"remind": chosen, "reminders": "1"})
        assert (sent.status_code, sent.headers["location"]) == (303, f"{page}?kept=1")
        with mailing.talk.store.clinic(mailing.talk.now) as clinic:
            assert clinic.reminders.of("I-1") == kept
    assert "We will keep to that." in ask(mailing, "GET", f"{page}?kept=1").text
    assert answer(mailing, made) is Answer.NEEDS_ACTION


@pytest.mark.parametrize("where", ["javascript:alert(1)", "http://plain.example", "https://a b", "Room <2>"])
def test_a_place_that_is_no_address_of_the_web_is_text(mailing: Mailing, where: str) -> None:
    _, page = invited(mailing, where)
    shown = ask(mailing, "GET", page).text
    assert f'href="{where}"' not in shown and "<2>" not in shown


def test_what_is_cancelled_or_over_has_nothing_to_answer(mailing: Mailing) -> None:
    made, page = invited(mailing)
    mailing.step(made, Step.CANCEL)
    assert "nothing to answer" in ask(mailing, "GET", page).text
    ask(mailing, "POST", page, data={"answer": "accepted"})
    assert answer(mailing, made) is Answer.NEEDS_ACTION
    mailing.step(made, Step.RESTORE)
    mailing.talk.now += timedelta(days=2)
    assert "nothing to answer" in ask(mailing, "GET", page).text


def test_who_is_not_invited_any_more_has_no_page(mailing: Mailing) -> None:
    made, page = invited(mailing)
    mailing.uninvite(made, mailing.outside())
    assert ask(mailing, "GET", page).status_code == 404


def test_a_link_that_was_altered_opens_nothing(mailing: Mailing) -> None:
    _, page = invited(mailing)
    with mailing.talk.store.clinic(mailing.talk.now) as clinic:
        other = clinic.links.token("C-1", "I-1")
        assert page == f"/i/{other}", "the same link every time"
    for wrong in (page[:-1], page.replace("~", "~x"), "/i/~", "/i/é", f"/i/{'x' * 900}", "/i/a/b", "/i/"):
        assert ask(mailing, "GET", wrong).status_code == 404


def test_a_form_of_another_site_changes_nothing(mailing: Mailing) -> None:
    made, page = invited(mailing)
    headers = {"sec-fetch-site": "cross-site"}
    assert ask(mailing, "POST", page, data={"answer": "accepted"}, headers=headers).status_code == 403
    assert ask(mailing, "POST", page, json={"answer": "accepted"}).status_code == 413
    assert answer(mailing, made) is Answer.NEEDS_ACTION


def test_a_link_outlives_the_rotation_of_keys_until_its_key_is_taken_away(mailing: Mailing) -> None:
    with mailing.talk.store.clinic(mailing.talk.now) as clinic:
        links = clinic.links
        token = links.token("C-1", "I-1")
        links.keyring = Keyring([bytes(range(32)), bytes(32)])
        assert links.opened(token) == ("C-1", "I-1")
        links.keyring = Keyring([bytes(range(32))])
        assert links.opened(token) is None


def test_nobody_can_try_links_out_for_long(mailing: Mailing) -> None:
    async def trying() -> list[int]:
        door = Door(mailing.talk.store, MovableClock(mailing.talk.now), Metrics(), lambda lanes: None)
        app = httpx.ASGITransport(app=Starlette(routes=[*InviteSite(door).routes()]))
        async with httpx.AsyncClient(transport=app, base_url=PAGES) as client:
            found = [(await client.get(f"/i/{number}")).status_code for number in range(MOST_GUESSES + 1)]
        door.close()
        return found

    assert asyncio.run(trying()) == [404] * MOST_GUESSES + [429]
