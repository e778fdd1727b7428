"""The conference screen in a real browser: live, over a restart, on a wall and a phone, for few eyes only."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.pages.entry_guard import HEADERS, MOST_GUESSES
from bot.pages.screen_site import BUSY, OVER, POLICY, UNKNOWN
from tests.patience import PATIENCE
from tests.screen_page import HOSTILE, ScreenPage
from tests.test_practice_page import REFERENCES, REPEATED

NAME = "Noor Placeholder"
GOAL = "Stand at work for a whole shift, without fear of my back"
DECISION = "Psychology takes the lead"
SECONDS = PATIENCE
"""So long may the first page of a process take: it has the charts to draw, with all that drawing needs."""


@pytest.fixture
def site(sqlite_url: str) -> Iterator[ScreenPage]:
    made = ScreenPage(sqlite_url)
    yield made
    made.close()


@pytest.fixture(params=[(390, 844), (1920, 1080)], ids=["phone", "wall"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_navigation_timeout(SECONDS * 1000)
    opened = context.new_page()
    opened.on("dialog", lambda dialog: pytest.fail("a text ran"))
    yield opened
    context.close()


def get(url: str) -> httpx.Response:
    """One answer."""
    return httpx.get(url, timeout=SECONDS)


def stream(url: str, events: int) -> list[tuple[str, str]]:
    """The first events of a stream, by kind."""
    found: list[tuple[str, str]] = []
    kind = ""
    with httpx.stream("GET", f"{url}/events", timeout=SECONDS) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            if line.startswith("data: "):
                found.append((kind, line.removeprefix("data: ")))
                if len(found) == events:
                    break
    return found


def test_it_follows_the_conference_live(site: ScreenPage, page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(site.link())
    expect(page.locator("h2")).to_have_text(f"{site.code} {NAME}")
    expect(page.locator("blockquote")).to_have_text(GOAL)
    expect(page.locator(".language")).to_have_text("Language: Arabic; needs an interpreter")
    expect(page.locator(".time")).to_have_text(re.compile(r"\d+:\d\d left"))
    expect(page.locator("#chart img")).to_have_attribute("alt", re.compile(f"^{site.code}. PHQ-9"))
    expect(page.locator("#written")).to_have_text(re.compile("Nothing yet"))

    site.say("ana", f"decide patient={site.code} '{DECISION}' 'distress drives the pain'")
    written = page.locator("#written li")
    expect(written).to_have_text(f"E-1, decision: {DECISION} (because: distress drives the pain)")

    site.forward(90)
    expect(page.locator(".time.over")).to_have_text(re.compile(r"\d+:\d\d over"))
    following = page.locator("#following li").first.inner_text()
    site.say("lea", f"conference next {site.code}", room="channel")
    expect(page.locator("h2")).to_contain_text(following.split(" ")[1])
    expect(page.locator("h2")).not_to_contain_text(NAME)
    assert {each.split("/", 3)[2] for each in requested if not each.startswith("data:")} == {
        site.practice.url.removeprefix("http://")
    }


def test_what_people_write_stays_text(site: ScreenPage, page: Page) -> None:
    page.goto(site.link())
    site.say("ana", f'decide patient={site.code} "{HOSTILE}" "{HOSTILE}"')
    expect(page.locator("#written li")).to_have_text(f"E-1, decision: {HOSTILE} (because: {HOSTILE})")
    assert page.locator("#written b, #written img, #written script").count() == 0


def test_it_goes_on_after_a_restart_with_what_happened_meanwhile(site: ScreenPage, page: Page) -> None:
    page.goto(site.link())
    expect(page.locator("h2")).to_contain_text(NAME)
    site.stop()
    expect(page.locator("#link")).to_have_text(
        re.compile("The connection is lost: what stands here may be old")
    )
    expect(page.locator("blockquote")).to_have_text(GOAL)
    site.start()
    site.say("ana", f"decide patient={site.code} '{DECISION}' 'distress drives the pain'")
    expect(page.locator("#written li")).to_contain_text(DECISION)
    expect(page.locator("#link")).to_be_hidden()


def test_a_stream_begins_with_all_that_there_is_whatever_was_seen_last(site: ScreenPage) -> None:
    url = site.link()
    (kind, data), (second, now) = stream(url, 2)
    assert (kind, second) == ("regions", "time")
    told = json.loads(data)
    assert list(told) == ["where", "clock", "item", "written", "known", "following", "chart"]
    assert GOAL in told["item"]
    assert json.loads(now) == {"now": "2026-01-13T10:00:00+00:00"}


def test_by_codes_only_nothing_of_a_person_leaves_the_house(site: ScreenPage) -> None:
    site.say("ana", f"decide patient={site.code} '{DECISION}' 'distress drives the pain'")
    url = site.link(more="codes yes")
    everything = get(url).text + str(stream(url, 2))
    for secret in (NAME, "Noor", GOAL, "whole shift", DECISION, "distress", "PHQ-9", "Arabic", "data:image"):
        assert secret not in everything
    assert site.code in everything
    assert "E-1, decision" in everything


def test_who_does_not_look_after_the_patient_sees_codes(site: ScreenPage) -> None:
    html = get(site.link("fern")).text
    assert site.code in html
    assert NAME not in html
    assert GOAL not in html


def test_when_its_time_is_over_it_says_so_and_empties(site: ScreenPage, page: Page) -> None:
    url = site.link()
    page.goto(url)
    expect(page.locator("blockquote")).to_have_text(GOAL)
    site.forward(4 * 60)
    expect(page.locator("#link")).to_have_text(OVER)
    assert GOAL not in page.content()
    gone = get(url)
    assert (gone.status_code, OVER in gone.text) == (410, True)
    assert get(f"{url}/events").status_code == 410


def test_links_can_not_be_tried_out(site: ScreenPage) -> None:
    url = site.link()
    guess = url[:-6] + "AAAAAA"
    first = get(guess)
    assert (first.status_code, UNKNOWN in first.text) == (404, True)
    codes = [get(f"{guess}/events").status_code for _ in range(MOST_GUESSES)]
    assert codes == [404] * (MOST_GUESSES - 1) + [429]
    busy = get(guess)
    assert (busy.status_code, BUSY in busy.text) == (429, True)
    assert get(url).status_code == 200, "whoever has the link, from the same address"


def test_nobody_can_change_anything_with_it_and_it_keeps_to_itself(site: ScreenPage) -> None:
    url = site.link()
    answer = get(url)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["content-security-policy"] == POLICY
    assert httpx.post(url, data={}, timeout=SECONDS).status_code == 405
    assert re.findall(r'(?:src|href)="([^"]*)"', answer.text)[:2] == [
        "/screen/static/screen.css", "/screen/static/screen.js"
    ]  # fmt: skip
    assert "style=" not in answer.text
    assert " on" not in "".join(re.findall(r"<[^>]+>", re.sub(r'alt="[^"]*"', "", answer.text)))


def test_without_script_it_is_complete_and_loads_itself_anew(site: ScreenPage, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_navigation_timeout(SECONDS * 1000)
    opened = context.new_page()
    opened.goto(site.link())
    expect(opened.locator("blockquote")).to_have_text(GOAL)
    expect(opened.locator(".time")).to_have_text(re.compile(r"^\d+ min left$"))
    assert opened.locator("noscript meta").get_attribute("http-equiv") == "refresh"
    context.close()


def test_it_is_read_from_the_back_of_a_room_and_on_a_phone(site: ScreenPage, page: Page) -> None:
    page.goto(site.link())
    expect(page.locator("h2")).to_contain_text(NAME)
    wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], "nothing has to be moved sideways"
    sizes = page.evaluate(
        """() => ["blockquote", ".question", ".time", "#written", "#known li"].map(
             each => [each, document.querySelector(each)]).filter(([, found]) => found).map(
             ([, found]) => parseFloat(getComputedStyle(found).fontSize))"""
    )
    assert min(sizes) >= (22 if wide[1] > 1000 else 15)
    assert page.locator("h1").count() == page.locator("h2").count() == 1
    assert page.evaluate(REFERENCES) == []
    assert page.evaluate(REPEATED) == []
