"""The patients' own page: on a phone without script, by keyboard, in two tabs, and under hostile hands."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.door import MovableClock
from bot.pages.entry_guard import HEADERS, MOST_GUESSES
from tests.entry_page import EntryPage
from tests.patience import PATIENCE
from tests.test_practice_page import LOOK, REFERENCES, REPEATED, contrast

STYLE = Path("bot/pages/entry/static/entry.css")
INK = {
    "--ground": ("--ink", "--quiet", "--accent"),
    "--paper": ("--ink", "--accent"),
    "--chosen": ("--ink",),
    "--accent": ("--accent-ink",),
    "--bad-ground": ("--bad",),
}


@pytest.fixture
def site(sqlite_url: str) -> Iterator[EntryPage]:
    made = EntryPage(sqlite_url)
    yield made
    made.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A small phone whose browser runs no script."""
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, has_touch=True, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def answer(page: Page, label: str) -> None:
    page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Next").click()


def post(site: EntryPage, path: str, **form: str) -> httpx.Response:
    return httpx.post(f"{site.url}{path}", data=form, timeout=PATIENCE)


def test_all_is_answered_on_a_phone_without_script(site: EntryPage, page: Page) -> None:
    page.goto(site.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Questions from your care team")
    expect(page.locator("time")).to_have_text("2026-01-20, 10:00")
    page.get_by_role("link", name="Start").click()
    for at, number in enumerate(("7", "8", "6"), start=1):
        expect(page).to_have_title(f"Question {at} of 12")
        answer(page, number)
    for _ in range(8):
        answer(page, "Several days")
    assert site.measures() == []
    answer(page, "More than half the days")

    expect(page.get_by_role("alert")).to_contain_text("You do not have to be alone with this")
    calls = page.get_by_role("link").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    assert calls[:3] == ["tel:999", "tel:01632960990", "tel:60999"]
    expect(page.locator(".lines")).to_contain_text("Crisis line, <b>day & night</b>: 01632 960990")
    assert site.measures() == [("SELF-HARM", 1)], "before anything else is asked"
    assert len(site.alarms("cy")) == 1, "and somebody has been told"

    page.get_by_role("link", name="Go on with the questions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers")
    page.get_by_role("link", name="Change your answer to question 1", exact=True).click()
    expect(page.get_by_label("7", exact=True)).to_be_checked()
    answer(page, "5")
    expect(page.locator(".given").first).to_contain_text("5")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert sorted((code, round(score, 3)) for code, score in site.measures()) == [
        ("PEG", 6.333),
        ("PHQ-9", 10),
    ]
    assert site.told("ana")[-1] == f"{site.code} has sent their answers"


def test_a_phone_that_died_loses_nothing(site: EntryPage, page: Page) -> None:
    page.goto(f"{site.url}/1")
    answer(page, "4")
    page.get_by_role("button", name="Skip this question").click()
    expect(page).to_have_title("Question 3 of 12")
    other = page.context.new_page()
    other.goto(site.url)
    other.get_by_role("link", name="Go on").click()
    expect(other).to_have_title("Question 3 of 12")
    other.get_by_role("link", name="Back").click()
    expect(other.locator("input:checked")).to_have_count(0)
    other.get_by_role("link", name="Back").click()
    expect(other.get_by_label("4", exact=True)).to_be_checked()
    expect(other.get_by_role("button", name="Begin anew")).to_have_count(0)


def test_in_another_browser_nothing_is_shown_that_was_answered(
    site: EntryPage, browser: Browser, page: Page
) -> None:
    page.goto(f"{site.url}/1")
    answer(page, "4")
    other = browser.new_context(java_script_enabled=False).new_page()
    other.goto(site.url)
    other.get_by_role("link", name="Go on").click()
    expect(other).to_have_title("Question 2 of 12")
    answer(other, "9")
    other.goto(f"{site.url}/check")
    shown = [each.partition("\n")[0].strip() for each in other.locator(".given").all_inner_texts()]
    assert [each.removesuffix(" Change") for each in shown] == [
        "Saved, not shown here", "Saved, not shown here", *["Not answered"] * 10,
    ]  # fmt: skip
    other.goto(f"{site.url}/1")
    expect(other.locator("input:checked")).to_have_count(0)
    expect(other.locator("main")).to_contain_text("are not shown here, so that nobody else can read them")
    page.goto(f"{site.url}/2")
    expect(page.get_by_label("9", exact=True)).to_be_checked()

    other.get_by_role("button", name="Begin anew").click()
    expect(other).to_have_title("Question 1 of 12")
    assert site.entry().draft.answers == {}
    answer(other, "2")
    other.goto(f"{site.url}/check")
    expect(other.locator(".given").first).to_contain_text("2")
    page.goto(f"{site.url}/1")
    expect(page.locator("input:checked")).to_have_count(0)
    other.context.close()


def test_without_cookies_all_can_be_answered_and_sent(site: EntryPage) -> None:
    site.token = site.link("PEG")
    first = post(site, "/1", value="3")
    assert first.headers["set-cookie"].startswith("began=")
    attributes = sorted(each.strip().lower() for each in first.headers["set-cookie"].split(";")[1:])
    assert attributes == [
        "httponly", f"max-age={7 * 24 * 60 * 60}", f"path=/e/{site.token}", "samesite=strict", "secure",
    ]  # fmt: skip
    assert "set-cookie" not in post(site, "/2", value="4").headers, "it is for who began"
    post(site, "/3", value="5")
    assert "Saved, not shown here" in httpx.get(f"{site.url}/check").text
    for said in ("", "began=", "began=%00", "began=\u00e9"):
        told = httpx.get(f"{site.url}/1", headers=[(b"cookie", said.encode())])
        assert (told.status_code, "checked" in told.text) == (200, False)
    own = httpx.get(f"{site.url}/1", headers={"cookie": first.headers["set-cookie"].partition(";")[0]})
    assert "checked" in own.text
    assert post(site, "/send").status_code == 303
    assert site.measures() == [("PEG", 4)]


def test_what_could_not_wait_stays_said_though_somebody_begins_anew(site: EntryPage) -> None:
    post(site, "/12", value="2")
    assert post(site, "/anew").headers["location"] == f"/e/{site.token}/1"
    draft = site.entry().draft
    assert (draft.answers, draft.alarms) == ({}, ("PHQ-9.9",))
    assert site.measures() == [("SELF-HARM", 1)]


def test_by_keyboard_and_by_ear(site: EntryPage, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    page.goto(f"{site.url}/1")
    expect(page.get_by_role("group")).to_have_accessible_name(
        re.compile("What number best describes your pain")
    )
    expect(page.get_by_role("progressbar")).to_have_accessible_name("Question 1 of 12")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_have_text("Please choose an answer, or skip the question.")
    page.keyboard.press("Tab")
    expect(page.get_by_label("0", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    outline = page.locator(".option:focus-within").evaluate("each => getComputedStyle(each).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page).to_have_title("Question 2 of 12")
    assert site.entry().draft.answers == {"PEG.1": 1}
    for path in ("", "/1", "/4", "/check", "/help", "/help?after=12"):
        page.goto(f"{site.url}{path}")
        widths = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        assert widths[0] <= widths[1], path
        looked = [each for each in page.evaluate(LOOK) if 'type="radio"' not in each[0]]
        assert [html for html, name, _ in looked if not name.strip()] == []
        assert [(html, height) for html, _, height in looked if height < 44] == []
        targets = page.locator(".option").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect().height)"
        )
        assert [height for height in targets if height < 44] == []
        assert (page.evaluate(REFERENCES), page.evaluate(REPEATED)) == ([], [])
    page.context.close()


def test_looking_changes_nothing_and_a_preview_says_nothing(site: EntryPage) -> None:
    before = site.entry()
    for path in ("", "/1", "/12", "/check", "/help", "/help?after=12", "/send", "/language", "/anew"):
        for method in ("GET", "HEAD"):
            httpx.request(method, f"{site.url}{path}")
    assert site.entry() == before
    assert site.measures() == []
    shown = httpx.get(site.url).text.lower()
    asked = [each for each in ("pain", "mood", "depress", "phq", "peg", site.code.lower()) if each in shown]
    assert asked == []


def test_nothing_on_any_page_says_who_it_is(site: EntryPage) -> None:
    post(site, "/12", value="3")
    pages = [httpx.get(f"{site.url}{path}").text for path in ("", "/1", "/12", "/check", "/help?after=12")]
    post(site, "/send")
    pages.append(httpx.get(site.url).text)
    for shown in pages:
        for secret in (site.code, site.name, *site.name.split(), "Ana", "North", "F-1"):
            assert secret not in shown


def test_every_answer_is_kept_to_itself(site: EntryPage) -> None:
    answers = [
        httpx.get(site.url), httpx.get(f"{site.url}/1"), httpx.get(site.at("x" * 27)),
        httpx.get(f"{site.practice.url}/e/static/entry.css"), post(site, "/1", value="3"),
        httpx.post(f"{site.url}/1", json={"value": 3}), httpx.get(f"{site.practice.url}/e/"),
    ]  # fmt: skip
    for each in answers:
        assert {name: each.headers.get(name) for name in HEADERS} == HEADERS, each.url
    assert [each.status_code for each in answers if "set-cookie" in each.headers] == [303], "the first answer"
    assert [each.status_code for each in answers] == [200, 200, 404, 200, 303, 413, 404]


HOSTILE: tuple[tuple[str, dict[str, str], int], ...] = (
    ("/1", {"value": "11"}, 303), ("/1", {"value": "-1"}, 422), ("/1", {"value": "1e1"}, 422),
    ("/1", {"value": "٣٣٣٣"}, 422), ("/1", {"value": "²"}, 422), ("/1", {"value": ""}, 422),
    ("/1", {}, 422), ("/1", {"value": "<script>"}, 422), ("/0", {"value": "1"}, 303),
    ("/13", {"skip": "1"}, 303), ("/99999999999999999999", {"value": "1"}, 303),
    ("/1", {"value": "1" * 2000}, 413), ("/language", {"language": "../../en"}, 303), ("/language", {}, 303),
    ("/%00", {"value": "1"}, 405), ("/1/2", {"value": "1"}, 405), ("", {"value": "1"}, 405),
)  # fmt: skip


def test_what_no_form_of_ours_sends_changes_nothing(site: EntryPage) -> None:
    before = site.entry()
    told = [(path, form, post(site, path, **form).status_code) for path, form, _ in HOSTILE]
    assert told == list(HOSTILE)
    assert site.entry() == before


def test_another_site_can_send_nothing(site: EntryPage) -> None:
    for headers in (
        {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"},
    ):  # fmt: skip
        for path in ("/1", "/send", "/language", "/anew"):
            told = httpx.post(f"{site.url}{path}", data={"value": "1", "language": "es"}, headers=headers)
            assert told.status_code == 403
            assert "nothing was done" in told.text
    assert site.entry().draft.answers == {}
    own = {"origin": site.practice.url}
    assert httpx.post(f"{site.url}/1", data={"value": "1"}, headers=own).status_code == 303


def test_links_cannot_be_tried_out(site: EntryPage) -> None:
    wrong = [site.token[:-1] + letter for letter in "23456789bcdfghjklmnpqrstvwxyz"]
    wrong = [each for each in wrong if each != site.token]
    told = [httpx.get(site.at(each)).status_code for each in wrong[: MOST_GUESSES + 2]]
    assert told == [404] * MOST_GUESSES + [429, 429]
    assert httpx.get(site.url).status_code == 200, "whoever has the link, from the same address"
    elsewhere = {"x-forwarded-for": "203.0.113.5"}
    assert httpx.get(site.at(wrong[0]), headers=elsewhere).status_code == 404, "a trusted proxy says so"
    clock = site.practice.app.clock
    assert isinstance(clock, MovableClock)
    clock.forward(timedelta(minutes=1))
    assert httpx.get(site.at(wrong[0])).status_code == 404


def test_a_link_that_has_ended_says_how(site: EntryPage, page: Page) -> None:
    used, ended = site.link("NRS"), site.link("NRS")
    for path in ("/1", "/send"):
        httpx.post(f"{site.at(used)}{path}", data={"value": "2"})
    page.goto(f"{site.at(used)}/1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    site.say("ana", f"entry revoke {site.code}")
    page.goto(f"{site.at(ended)}/check")
    expect(page.locator("main")).to_contain_text("Your care team has ended it.")
    expect(page.locator("main")).to_contain_text("call 999")
    late = site.link("NRS")
    clock = site.practice.app.clock
    assert isinstance(clock, MovableClock)
    clock.forward(timedelta(days=7))
    assert httpx.post(f"{site.at(late)}/1", data={"value": "2"}).status_code == 303
    page.goto(site.at(late))
    expect(page.locator("main")).to_contain_text("Its time has run out.")
    assert site.measures() == [("NRS", 2)]


def test_two_tabs_and_two_presses_make_one_entry(site: EntryPage, browser: Browser) -> None:
    context = browser.new_context()
    one, two = context.new_page(), context.new_page()
    one.goto(f"{site.url}/1")
    two.goto(f"{site.url}/2")
    answer(one, "3")
    answer(two, "4")
    expect(two).to_have_title("Question 3 of 12")
    answer(one, "5")
    answer(one, "6")
    two.goto(f"{site.url}/check")
    with ThreadPoolExecutor(8) as many:
        told = list(many.map(lambda _: post(site, "/send").status_code, range(8)))
    assert told == [303] * 8
    two.get_by_role("button", name="Send my answers").click()
    expect(two.get_by_role("heading", level=1)).to_have_text("Thank you")
    one.get_by_role("button", name="Skip this question").click()
    expect(one.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert [(code, round(score, 3)) for code, score in site.measures()] == [("PEG", 4.667)]
    assert site.told("ana").count(f"{site.code} has sent their answers") == 1
    context.close()


def test_of_the_same_alarming_answer_many_times_one_flag_comes(site: EntryPage) -> None:
    with ThreadPoolExecutor(8) as many:
        told = list(many.map(lambda _: post(site, "/12", value="1").headers.get("location"), range(8)))
    assert told == [f"/e/{site.token}/help?after=12"] * 8
    assert site.measures() == [("SELF-HARM", 1)]
    assert len(site.alarms("cy")) == 1


def test_in_spanish_with_what_is_not_translated_marked_as_english(site: EntryPage, page: Page) -> None:
    site.token = site.link("RED-FLAGS PEG")
    page.goto(site.url)
    page.get_by_role("button", name="español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.get_by_role("link", name="Empezar").click()
    expect(page).to_have_title("Pregunta 1 de 14")
    expect(page.locator(".text")).to_have_attribute("lang", "es")
    page.get_by_label("Sí", exact=True).check()
    page.get_by_role("button", name="Siguiente").click()
    expect(page.get_by_role("alert")).to_contain_text("llame al 999")
    page.goto(f"{site.url}/12")
    expect(page.locator(".text")).to_have_attribute("lang", "en")
    expect(page.locator("main")).to_contain_text("Esta pregunta está en inglés")
    told = httpx.get(site.at("x" * 27), headers={"accept-language": "es-MX,es;q=0.9"}).text
    assert "Este enlace no funciona" in told


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_written_can_be_read(scheme: str) -> None:
    text = STYLE.read_text("utf-8")
    roots = [
        dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", each))
        for each in re.findall(r":root \{(.*?)\}", text, re.DOTALL)
    ]
    colours = roots[0] if scheme == "light" else roots[0] | roots[1]
    pairs = [(ink, paper) for paper, inks in INK.items() for ink in inks]
    assert [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
    edges = [("--control", "--paper"), ("--focus", "--ground"), ("--focus", "--paper")]
    assert [pair for pair in edges if contrast(colours[pair[0]], colours[pair[1]]) < 3] == []
