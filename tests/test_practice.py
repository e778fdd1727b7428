"""The practice page, used by two people side by side: clicks, forms, time, and buttons that are too old."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.practice_app import PracticeApp

SUMMARY = "Back pain for 2 years, low mood, PHQ-9 14"


@pytest.fixture
def practice(sqlite_url: str) -> Iterator[PracticeApp]:
    app = PracticeApp(sqlite_url)
    yield app
    app.close()


@pytest.fixture
def page(browser: Browser, practice: PracticeApp) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    opened = open_page(context.new_page(), practice)
    yield opened
    context.close()


def open_page(page: Page, practice: PracticeApp) -> Page:
    page.goto(practice.url)
    last = practice.settle()
    expect(page.locator("body")).to_have_attribute("data-change", str(last))
    return page


def side(page: Page, name: str, person: str = "", place: str = "") -> Locator:
    panel = page.locator(f"#{name}")
    if person:
        panel.locator(".who").select_option(person)
    if place:
        panel.locator(f'[data-place="{place}"]').click()
    return panel


def hand_over(panel: Locator, patient: str, to: str, urgency: str = "urgent") -> None:
    panel.locator(".patients summary").click()
    panel.locator(".patients li", has_text=patient).get_by_role("button", name="Hand over").click()
    form = panel.locator(".asking form")
    form.get_by_label("To", exact=True).select_option(label=to)
    form.get_by_label("Urgency").select_option(urgency)
    form.get_by_label("Patient summary").fill(SUMMARY)
    form.get_by_role("button", name="Send").click()
    expect(form).to_have_count(0)


def press(panel: Locator, label: str) -> None:
    panel.locator(".choices button", has_text=label).last.click()
    expect(panel).to_have_attribute("aria-busy", "false")


def wait_an_hour(page: Page, practice: PracticeApp) -> None:
    page.get_by_role("button", name="+ 1 hour").click()
    expect(page.get_by_role("button", name="+ 1 hour")).to_be_enabled()
    expect(page.locator("body")).to_have_attribute("data-change", str(practice.settle()))


def card(panel: Locator, title: str) -> Locator:
    return panel.locator(".message .card").filter(has=panel.page.locator(".card-title", has_text=title))


def test_a_patient_is_passed_by_clicks_and_the_card_follows_in_every_room(page: Page) -> None:
    left, right = side(page, "left", "ana"), side(page, "right", "bo")
    hand_over(left, "Tess Testcase", "Bo Lindqvist (psychologist)")

    expect(card(right, "· offered")).to_contain_text(SUMMARY)
    press(right, "Accept")
    expect(right.locator(".message:focus .card-title")).to_contain_text("accepted")
    expect(card(left, "H-1 was accepted")).to_contain_text("Bo Lindqvist takes over")

    press(right, "Read back")
    right.get_by_role("textbox", name="In your own words").fill("I see her this week")
    right.get_by_role("button", name="Send").first.click()
    expect(card(left, "Bo Lindqvist read H-1 back")).to_contain_text("I see her this week")
    press(right, "Introduced")
    right.get_by_label("How did the patient meet").select_option(label="In person, together")
    right.get_by_role("button", name="Send").first.click()
    expect(right.locator(".asking form")).to_have_count(0)
    press(right, "Complete")
    expect(right.locator(".message:focus .card-title")).to_contain_text("completed")

    channel, room = side(page, "left", place="channel"), side(page, "right", place="room")
    expect(card(channel, "H-1 ·")).to_have_count(1)
    expect(card(channel, "H-1 ·")).to_contain_text("H-1 was completed by Bo Lindqvist")
    expect(card(channel, "H-1 ·")).not_to_contain_text("Lift my grandson again")
    expect(card(room, "H-1 ·")).to_have_count(1)
    expect(card(room, "H-1 ·")).to_contain_text("Lift my grandson again")
    expect(room.locator(".log")).not_to_contain_text("Tess")


def test_silence_is_seen_by_moving_time(page: Page, practice: PracticeApp) -> None:
    left = side(page, "left", "ana")
    hand_over(left, "Tess Testcase", "Bo Lindqvist (psychologist)")
    expect(page.locator("#now")).to_have_text("Tue 13 Jan, 10:00 (London)")

    wait_an_hour(page, practice)
    expect(page.locator("#now")).to_have_text("Tue 13 Jan, 11:00 (London)")
    reminder = page.locator("#right .message", has_text="H-1 still waits for your answer").first
    expect(reminder.locator("time").first).to_have_text("Tue 10:30")
    assert "Late" not in page.locator("#right .log").inner_text()
    expect(card(side(page, "right", "cy"), "H-1 · ")).to_contain_text("H-1 waits for an answer from")

    for _ in range(2):
        wait_an_hour(page, practice)
    expect(card(side(page, "right", "lea"), "H-1")).not_to_have_count(0)
    ring = side(page, "right", "ivo", "channel").locator(".message", has_text="Nobody has taken H-1")
    expect(ring).to_contain_text("ring 01632 960001")
    expect(ring.locator(".calls")).to_have_text("calls everyone")


def test_a_button_that_is_too_old_says_how_it_stands(page: Page, practice: PracticeApp) -> None:
    hand_over(side(page, "left", "ana"), "Tess Testcase", "Any psychologist")
    wait_an_hour(page, practice)
    press(side(page, "left", "cy"), "Accept")

    reminder = side(page, "right", "bo").locator(".message", has_text="H-1 still waits").last
    reminder.get_by_role("button", name="Accept").click()

    expect(page.locator("#right .message:focus")).to_contain_text("H-1 was accepted by Cy Osei, today 11:00.")
    expect(card(side(page, "left", place="channel"), "H-1 ·")).to_contain_text("accepted by Cy Osei")


def test_of_two_who_press_at_once_one_wins_and_the_other_hears_who(
    browser: Browser, page: Page, practice: PracticeApp
) -> None:
    hand_over(side(page, "left", "ana"), "Tess Testcase", "Any psychologist")
    other = browser.new_context()
    second = open_page(other.new_page(), practice)
    buttons = []
    for opened, person in ((page, "bo"), (second, "cy")):
        buttons.append(side(opened, "right", person).locator(".choices button", has_text="Accept").last)
        expect(buttons[-1]).to_be_visible()
    # One moment for both, far enough ahead that both know it: else the first press could change the
    # second's card before that is pressed.
    moment = page.evaluate("Date.now() + 1000")
    for button in buttons:
        button.evaluate("(button, at) => { setTimeout(() => button.click(), at - Date.now()) }", moment)

    answers = [opened.locator("#right .message:focus .card-title") for opened in (page, second)]
    for answer in answers:
        expect(answer).to_contain_text("accepted")
    heard = sorted(answer.inner_text() for answer in answers)
    assert len([each for each in heard if each.endswith("· accepted")]) == 1, heard
    assert len([each for each in heard if each.startswith("H-1 was accepted by ")]) == 1, heard
    other.close()


def test_what_is_wrong_is_said_on_the_field_and_what_was_typed_is_kept(page: Page) -> None:
    left = side(page, "left", "ana")
    left.get_by_role("button", name="Hand over", exact=True).first.click()
    form = left.locator(".asking form")
    form.get_by_label("Patient", exact=True).fill("P-7K3Q")
    form.get_by_label("Patient summary").fill(f"{SUMMARY}.\nSleeps badly “as ever”.")
    form.get_by_label("Urgency").select_option("soon")
    form.get_by_role("button", name="Send").click()

    patient = form.get_by_label("Patient", exact=True)
    expect(patient).to_have_attribute("aria-invalid", "true")
    expect(patient).to_be_focused()
    expect(patient).to_have_value("P-7K3Q")
    expect(form.locator("#form-ana-direct-patient-error")).to_contain_text("P-7K3K")
    expect(form.get_by_label("Patient summary")).to_have_value(f"{SUMMARY}.\nSleeps badly “as ever”.")
    expect(form.get_by_label("Urgency")).to_have_value("soon")

    side(page, "left", "bo")
    expect(form).to_have_count(0)
    side(page, "left", "ana")
    expect(form.get_by_label("Patient summary")).to_have_value(f"{SUMMARY}.\nSleeps badly “as ever”.")
    form.get_by_role("button", name="Cancel").click()
    expect(form).to_have_count(0)
    expect(left.get_by_label("Type, as in a chat")).to_be_focused()


def test_a_reaction_says_what_its_button_says(page: Page) -> None:
    hand_over(side(page, "left", "ana"), "Tess Testcase", "Bo Lindqvist (psychologist)")
    room = side(page, "right", "bo", "room")
    room.get_by_role("button", name="React 👍: Accept").click()
    expect(room.locator(".message:focus .card-title")).to_contain_text("accepted")
    expect(card(side(page, "left", place="room"), "H-1 ·").first).to_contain_text("accepted by Bo Lindqvist")


def test_markup_in_a_name_stays_text(page: Page) -> None:
    left = side(page, "left", "ana")
    name = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    left.get_by_label("Type, as in a chat").fill(f"patient add name='{name}' goal='<i>*all*</i> @channel'")
    left.get_by_role("button", name="Send").last.click()

    expect(left.locator(".message:focus")).to_contain_text(name)
    left.locator(".patients summary").click()
    expect(left.locator(".patients")).to_contain_text(name)
    expect(left.locator(".patients")).to_contain_text("<b>*@channel*</b>")
    assert left.locator(".message :is(img, script, i, b)").count() == 0
    assert page.title() == "Baton: practice page"


def test_what_a_line_in_a_room_is_answered_only_its_sayer_sees(page: Page) -> None:
    left, right = side(page, "left", "ana", "channel"), side(page, "right", "bo", "channel")
    left.get_by_label("Type, as in a chat").fill("@Baton, mine")
    left.get_by_role("button", name="Send").last.click()

    expect(left.locator(".message.alone")).to_contain_text("Nothing waits for you.")
    expect(right.locator(".message .typed")).to_have_text("@Baton, mine")
    expect(right.locator(".message.alone")).to_have_count(0)
    expect(left.get_by_label("Type, as in a chat")).to_have_value("")
