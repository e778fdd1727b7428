"""A conference by clicks on the practice page, its screen beside it; and what is taken away as a file."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.pdf import pages_of
from tests.screen_page import ScreenPage

GOAL = "Stand at work for a whole shift, without fear of my back"
DECISION = "Bo sees her within the week"
WHY = "Low mood is severe and got worse"
ACTION = "Call the GP about her medication"


@pytest.fixture
def site(sqlite_url: str) -> Iterator[ScreenPage]:
    made = ScreenPage(sqlite_url, begun=False, outside=False)
    yield made
    made.close()


@pytest.fixture
def context(browser: Browser, site: ScreenPage) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, site: ScreenPage) -> Page:
    opened = context.new_page()
    opened.goto(site.practice.url)
    expect(opened.locator("body[data-change]")).to_have_count(1)
    return opened


def side(page: Page, name: str, person: str, place: str) -> Locator:
    """One side of the page, as somebody at a place."""
    panel = page.locator(f"#{name}")
    panel.locator(".who").select_option(person)
    panel.locator(f'[data-place="{place}"]').click()
    return panel


def type_line(panel: Locator, line: str) -> None:
    """Says a line as in a chat."""
    panel.get_by_label("Type, as in a chat").fill(line)
    panel.locator(".line").get_by_role("button", name="Send").click()
    expect(panel).to_have_attribute("aria-busy", "false")


def press(panel: Locator, label: str) -> None:
    """Presses the newest button of this label."""
    panel.locator(".choices").get_by_role("button", name=label, exact=True).last.click()
    expect(panel).to_have_attribute("aria-busy", "false")


def fill(panel: Locator, **fields: str) -> None:
    """Fills the form that is open, by the names of its fields, and sends it."""
    form = panel.locator(".asking form")
    for name, value in fields.items():
        field = form.locator(f'[name="answer.{name}"]')
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    form.get_by_role("button", name="Send").click()
    expect(form).to_have_count(0)


def card(panel: Locator, title: str) -> Locator:
    """The newest card whose title begins so."""
    named = panel.page.locator(".card-title", has_text=re.compile(f"^{re.escape(title)}"))
    return panel.locator(".message .card").filter(has=named).last


def offers(card: Locator, *labels: str) -> None:
    """These buttons, in this order, are on a card; signs of reactions may follow their labels."""
    wanted = [re.compile(f"^{re.escape(each)}( \\W+)?$") for each in labels]
    expect(card.locator(".choices button")).to_have_text(wanted)


def test_a_conference_is_played_with_its_screen_beside_it(
    site: ScreenPage, context: BrowserContext, page: Page
) -> None:
    code = site.code
    lea, bo = side(page, "left", "lea", "channel"), side(page, "right", "bo", "channel")
    type_line(lea, "conference start")
    roll = card(bo, "Roll call of C-1")
    expect(roll.locator(".part-items li")).to_have_text(["Lea Okafor"])
    roll.get_by_role("button", name="I am here").click()
    expect(roll.locator(".part-items li")).to_have_text(["Lea Okafor", "Bo Lindqvist, psychology"])
    offers(card(lea, "C-1 · running · 0 of 3 items"), "I am here", "Screen", "End")

    press(lea, "First item")
    item = card(lea, f"{code} · item 1 of 3 in C-1")
    offers(
        item, "Decision", "Action", "Barrier", "Goal", "Referral", "Note", "Next", "3 min more", "Park",
        "Leave out",
    )  # fmt: skip
    press(lea, "Screen")
    side(page, "left", "lea", "direct")
    with context.expect_page() as opened:
        card(lea, "The screen of C-1, until today ").locator("a").click()
    screen = opened.value
    expect(screen.locator("h2")).to_have_text(f"{code} Noor Placeholder")
    expect(screen.locator("blockquote")).to_have_text(GOAL)
    expect(screen.locator("#where .says")).to_have_text("Item 1 of 3")
    expect(screen.locator(".time")).to_have_text(re.compile(r"^1[45]:\d\d left$"))

    side(page, "left", "lea", "channel")
    press(lea, "Decision")
    fill(lea, text=DECISION, because=WHY)
    press(lea, "Action")
    fill(lea, owner="Me (Lea Okafor)", text=f"{ACTION} by tomorrow 12:00")
    written = [
        f"E-1, decision: {DECISION} (because: {WHY})",
        f"A-1: {ACTION}. Lea Okafor, due Wed 14 Jan 12:00, open",
    ]
    expect(screen.locator("#written li")).to_have_text(written)
    side(page, "right", "bo", "room")
    told = card(bo, f"{code} · item 1 of 3 in C-1")
    expect(told.locator(".part-items").last.locator("li")).to_have_text(written)
    expect(lea.locator(".log")).not_to_contain_text(GOAL)
    expect(item).not_to_contain_text(DECISION)
    press(lea, "3 min more")
    expect(screen.locator(".of")).to_have_text("of 18 min, until 10:18")

    press(lea, "Next")
    expect(screen.locator("#where .says")).to_have_text("Item 2 of 3")
    expect(screen.locator("h2")).not_to_contain_text("Noor")
    expect(screen.locator("#written")).to_have_text(re.compile("Nothing yet"))
    press(lea, "Next")
    press(lea, "Next")
    expect(card(lea, "All items of C-1 are done.")).to_be_visible()
    press(lea, "End the conference")
    expect(screen.locator("#where .says")).to_have_text(re.compile(r"^It ended .*The minutes are not signed"))
    sign_and_read(side(page, "left", "lea", "direct"), code)


def sign_and_read(lea: Locator, code: str) -> None:
    """The chair signs the minutes that came in private, and reads the care plan."""
    minutes = card(lea, "Minutes of C-1 · draft · 3 items discussed")
    offers(minutes, "Correct an item", "Add a remark", "Sign", "Print", "Billing")
    first = minutes.locator(".part-items").filter(has_text=GOAL).locator("li")
    expect(first).to_have_text(
        [
            f"What matters most: {GOAL}",
            "Question: What changed, and is the plan still safe?",
            f"E-1, decision: {DECISION} (because: {WHY})",
            f"A-1: {ACTION}. Lea Okafor, due Wed 14 Jan 12:00",
        ]
    )
    press(lea, "Sign")
    offers(card(lea, "Minutes of C-1 · signed · 3 items discussed"), "Amend", "Print", "Billing")
    type_line(lea, f"plan show {code}")
    plan = card(lea, f"Care plan of {code} · version 2")
    expect(plan.locator(".tone-quiet").first).to_have_text("1 entry, 1 of 1 action open")
    expect(plan.locator(".tone-quote")).to_have_text(f"What matters most to them: {GOAL}")


def test_minutes_and_an_invitation_are_taken_away_as_files(
    site: ScreenPage, page: Page, tmp_path: Path
) -> None:
    site.begin()
    site.say("lea", f"decide patient={site.code} '{DECISION}' '{WHY}'", room="channel")
    site.say("lea", "conference end C-1", room="channel")
    lea = side(page, "left", "lea", "direct")
    press(lea, "Print")
    with page.expect_download() as loaded:
        card(lea, "Minutes of C-1").get_by_role("link", name="C-1-minutes.pdf").click()
    assert loaded.value.suggested_filename == "C-1-minutes.pdf"
    loaded.value.save_as(tmp_path / "minutes.pdf")
    said = " ".join("\n".join(pages_of((tmp_path / "minutes.pdf").read_bytes())).split())
    assert [each for each in ("Minutes", "C-1", site.code, GOAL, DECISION, WHY) if each not in said] == []

    type_line(lea, "conference schedule MSK conference every Tuesday 12:30-13:30 Europe/London from 20 Jan")
    expect(card(lea, "S-1 is planned")).to_be_visible()
    site.forward(15)
    page.get_by_role("link", name="The mail that would go out", exact=True).click()
    mail = page.locator("section.mail").filter(has_text="To bo@").filter(has_text="conference S-1")
    expect(mail.locator("h2")).to_have_text(
        "Invitation: Case conference S-1, Tue 20 Jan 2026, 12:30–13:30, London time"
    )
    expect(mail.locator(".quiet")).to_have_text(
        "To bo@clinic.example, Tue 13 Jan 10:05 · with an invitation for calendars"
    )
    with page.expect_download() as given:
        mail.get_by_role("link", name="invite.ics").click()
    assert given.value.suggested_filename == "invite.ics"
    given.value.save_as(tmp_path / "invite.ics")
    calendar = Calendar.from_ical((tmp_path / "invite.ics").read_bytes())
    (event,) = calendar.walk("VEVENT")
    names = ("SUMMARY", "DTSTART", "RRULE", "ATTENDEE")
    written = [event[each].to_ical() for each in names]
    assert str(calendar["METHOD"]) == "REQUEST"
    assert written == [
        b"Case conference S-1",
        b"20260120T123000",
        b"FREQ=WEEKLY;BYDAY=TU",
        b"mailto:bo@clinic.example",
    ]


def test_the_answer_in_a_mail_is_given_on_its_own_page(
    site: ScreenPage, context: BrowserContext, page: Page
) -> None:
    site.say("lea", "conference schedule MSK conference every Tuesday 12:30-13:30 Europe/London from 20 Jan")
    site.forward(15)
    page.goto(f"{site.practice.url}/mail/")
    mail = page.locator("section.mail").filter(has_text="To bo@").filter(has_text="conference S-1")
    mail.scroll_into_view_if_needed()  # what is further down is loaded when somebody comes to it
    frame = mail.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text("Case conference S-1")
    with context.expect_page() as opened:
        frame.get_by_role("link", name="Maybe").click()
    answering = opened.value
    answering.get_by_role("button", name="Maybe").click()
    expect(answering.locator("h1")).to_have_text("Case conference S-1")
    expect(answering.get_by_role("status")).to_be_visible()
    expect(answering.locator("fieldset p")).to_contain_text("Maybe")
