"""The practice page as people with a phone, a keyboard or a screen reader meet it, and its colours."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.practice_app import PracticeApp

STYLES = Path("bot/practice/page/static")
ON = {
    "--ground": ("--ink", "--quiet", "--accent"),
    "--paper": ("--ink", "--quiet", "--accent", "--bad"),
    "--hover": ("--accent",),
    "--bubble": ("--ink",),
    "--warn": ("--warn-ink",),
    "--bad-ground": ("--bad",),
    "--accent": ("--accent-ink",),
    **{f"--person-{number}": ("--person-ink",) for number in range(10)},
}
"""What is written on what."""
EDGES = (("--paper", "--control"), ("--paper", "--focus"), ("--ground", "--focus"), ("--paper", "--accent"))
"""What must be told apart without being text."""

LOOK = """() => [...document.querySelectorAll("button, select, input, textarea, summary, a")]
  .filter(each => each.type !== "hidden")
  .filter(each => each.checkVisibility() && !each.closest(".sr-only, .skip"))
  .map(each => [each.outerHTML.slice(0, 120), (each.labels?.[0] ?? each).innerText || each.ariaLabel || "",
    each.matches("a, input[type=radio]") ? 44 : Math.round(each.getBoundingClientRect().height)])"""
REFERENCES = """() => ["aria-labelledby", "aria-describedby", "aria-controls", "for"]
  .flatMap(name => [...document.querySelectorAll(`[${name}]`)].map(each => each.getAttribute(name)))
  .flatMap(ids => ids.split(" ").filter(Boolean))
  .filter(id => !document.getElementById(id))"""
REPEATED = """() => [...document.querySelectorAll("[id]")].map(each => each.id)
  .filter((id, at, all) => all.indexOf(id) !== at)"""


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeApp]:
    app = PracticeApp(f"sqlite:///{tmp_path_factory.mktemp('practice')}/baton.db")
    app.settle()
    yield app
    app.close()


@pytest.fixture(params=[(390, 844), (1360, 900)], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, browser: Browser, practice: PracticeApp) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=width < 500)
    opened = context.new_page()
    opened.goto(practice.url)
    expect(opened.locator("body[data-change]")).to_have_count(1)
    yield opened
    context.close()


def everything_open(page: Page) -> None:
    """Everything that can be open at once: a long name, a form with errors, a table, help."""
    left = page.locator("#left")
    for line in ("help", "team show", f"patient add name={'Wxyz' * 20} goal={'abcdefghij' * 12}"):
        left.get_by_label("Type, as in a chat").fill(line)
        left.get_by_role("button", name="Send", exact=True).last.click()
        expect(left).to_have_attribute("aria-busy", "false")
    left.get_by_role("button", name="Hand over", exact=True).first.click()
    left.locator(".asking form").get_by_role("button", name="Send").click()
    expect(left.locator(".form-errors, .field-error").first).to_be_visible()
    left.locator(".patients summary").click()


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    everything_open(page)
    for side in ("left", "right"):
        if page.locator(".sides").is_visible():
            page.locator(f'.sides [data-side="{side}"]').click()
        for place in ("channel", "room", "direct"):
            page.locator(f'#{side} [data-place="{place}"]').click()
            widths = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
            assert widths[0] <= widths[1], (side, place)


def test_every_control_has_a_name_and_is_large_enough(page: Page) -> None:
    everything_open(page)
    looked = page.evaluate(LOOK)
    assert len(looked) > 20
    assert [html for html, name, _ in looked if not name.strip()] == []
    assert [(html, height) for html, _, height in looked if height < 44] == []
    assert page.evaluate(REFERENCES) == []
    assert page.evaluate(REPEATED) == []


def test_what_is_on_the_page_can_be_found_by_those_who_listen(page: Page) -> None:
    for role in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_text("Baton practice page")
    expect(page.get_by_role("region", name="First person", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("status")).to_have_attribute("aria-live", "polite")


def test_places_are_reached_by_keyboard(page: Page) -> None:
    first = page.locator("#left-tab-direct")
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#left-tab-channel")).to_be_focused()
    expect(page.locator("#left-tab-channel")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#left-tab-room")).to_be_focused()
    outline = page.locator("#left-tab-room").evaluate("each => getComputedStyle(each).outlineStyle")
    assert outline == "solid"


def test_a_new_message_is_announced_and_counted(page: Page, practice: PracticeApp) -> None:
    left = page.locator("#left")
    left.get_by_label("Type, as in a chat").fill("link account practice bo")
    left.get_by_role("button", name="Send", exact=True).last.click()
    practice.settle()
    counted = "Bo Lindqvist1 new"
    if page.locator(".sides").is_visible():
        expect(page.locator('.sides [data-side="right"]')).to_have_text(re.compile(f"^{counted[:-5]}"))
    else:
        expect(page.get_by_role("status")).to_have_text("Baton to Bo Lindqvist: A code from Baton")


def test_what_comes_further_down_is_shown_the_way_to(page: Page, practice: PracticeApp) -> None:
    left = page.locator("#left")
    left.get_by_label("Type, as in a chat").fill(f"help {'x' * 2000}")
    left.get_by_role("button", name="Send", exact=True).last.click()
    expect(left).to_have_attribute("aria-busy", "false")
    left.locator(".log > li").first.evaluate("each => each.scrollIntoView()")
    said = {"as": "bo", "room": "direct", "line": "link account practice ana"}
    page.request.post(f"{practice.url}/practice/say", data=said)
    practice.settle()
    way = left.locator(".newest")
    expect(way).to_have_text("1 new message below")
    way.click()
    expect(left.locator(".message:focus .card-title")).to_have_text(re.compile("^Code "))
    expect(way).to_be_hidden()


def test_nobody_is_moved_who_does_not_want_it(browser: Browser, practice: PracticeApp) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(practice.url)
    page.locator("#left").get_by_role("button", name="Help", exact=True).last.click()
    expect(page.locator("#left .message:focus .card")).to_be_visible()
    assert page.evaluate("() => document.getAnimations().length") == 0
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_written_can_be_read(scheme: str) -> None:
    colours = schemes()[scheme]
    weak = {
        (ink, paper): round(contrast(colours[ink], colours[paper]), 2)
        for paper, inks in ON.items()
        for ink in inks
        if contrast(colours[ink], colours[paper]) < 4.5
    }
    assert weak == {}
    assert [pair for pair in EDGES if contrast(colours[pair[0]], colours[pair[1]]) < 3] == []


def test_no_colour_is_outside_of_the_table() -> None:
    for style in STYLES.glob("*.css"):
        rules = re.sub(r"--[a-z0-9-]+: #[0-9a-f]{6};", "", style.read_text("utf-8"))
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s])|\brgba?\(|\bhsla?\(", rules) == [], style.name


def schemes() -> dict[str, dict[str, str]]:
    text = (STYLES / "page.css").read_text("utf-8")
    roots = re.findall(r":root \{(.*?)\}", text, re.DOTALL)
    light, dark = (dict(re.findall(r"(--[a-z0-9-]+): (#[0-9a-f]{6});", root)) for root in roots)
    return {"light": light, "dark": light | dark}


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
