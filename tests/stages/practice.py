"""The conversations on the practice page: a real browser in which everything is clicked and typed."""

import base64
import contextlib
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from playwright.async_api import Browser, BrowserContext, Locator, Page, TimeoutError

from bot.practice.people import Person
from tests.chromium import shared_chromium
from tests.matrix_loop import run
from tests.patience import PATIENCE
from tests.practice_app import START, PracticeApp

TEAM_ROOM = "channel"
LONG = 4 * 60
PASS = """minutes => fetch("/practice/forward", {
  method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({minutes}),
}).then(answer => answer.json())"""
STEPS = ((60, "+ 1 hour"), (15, "+ 15 min"), (5, "+ 5 min"))


class PracticeStage:
    """A running practice page, open in one browser, with Baton in its rooms and no team yet."""

    def __init__(self, database_url: str, people: Mapping[str, str], start: datetime | None = None) -> None:
        there = [Person(handle, name) for handle, name in people.items()]
        self.practice = PracticeApp(database_url, there, seeded=False, start=start or START)
        self.places = dict.fromkeys(people, "direct")
        self.context, self.page = run(self._open(shared_chromium()))
        self.panel = self.page.locator("#left")

    async def _open(self, browser: Browser) -> tuple[BrowserContext, Page]:
        context = await browser.new_context()
        page = await context.new_page()
        await page.goto(self.practice.url)
        await page.locator("body[data-change]").wait_for()
        return context, page

    def say(self, who: str, line: str) -> None:
        """Types a line in the team's room."""
        run(self._type(who, TEAM_ROOM, line))

    def direct(self, who: str, line: str) -> None:
        """Types a line in private."""
        run(self._type(who, "direct", line))

    def press(self, who: str, label: str, private: bool = False) -> None:
        """Presses the newest button with this label there."""
        run(self._press(who, "direct" if private else TEAM_ROOM, label))

    def fill(self, who: str, values: Mapping[str, str]) -> None:
        """Fills in the form that is open at the place where this person was last, and sends it."""
        run(self._fill(who, values))

    def room(self) -> list[str]:
        """What everybody sees in the team's room."""
        return run(self._room())

    def private(self, who: str) -> list[str]:
        """What only this person sees: private messages, answers in the rooms, a form that is open."""
        return run(self._private(who))

    def pictures(self, who: str = "") -> list[bytes]:
        """The pictures that a browser shows in the team's room, or in private."""
        return run(self._pictures(who))

    def forward(self, minutes: int) -> None:
        """Presses the page's own buttons until so much time has passed; long stretches it is asked for."""
        if minutes > LONG:
            run(self.page.evaluate(PASS, minutes))
            minutes = 0
        for step, label in STEPS:
            for _ in range(minutes // step):
                run(self._let_pass(label))
            minutes %= step
        if minutes:
            raise ValueError("the page's buttons move time by 5 minutes at least")
        self._settle()

    def wait_for(self, what: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Waits until something is so, looking again whenever the page changes."""
        until = time.monotonic() + seconds
        while True:
            seen = run(self.page.locator("body").get_attribute("data-change"))
            if what():
                return
            left = until - time.monotonic()
            assert left > 0, "It did not come to be. The room shows:\n" + "\n---\n".join(self.room())
            run(self._changed(str(seen), min(left, 1)))

    def close(self) -> None:
        """Ends it all."""
        run(self.context.close())
        self.practice.close()

    def _settle(self) -> None:
        last = self.practice.settle()
        run(self.page.locator(f'body[data-change="{last}"]').wait_for(state="attached"))

    async def _changed(self, seen: str, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            other = self.page.locator(f'body:not([data-change="{seen}"])')
            await other.wait_for(state="attached", timeout=1000 * seconds)

    async def _be(self, who: str, place: str) -> None:
        await self.panel.locator(".who").select_option(who)
        await self.panel.locator(f'[role=tab][data-place="{place}"]').click()

    async def _answered(self) -> None:
        await self.page.locator('#left[aria-busy="false"]').wait_for()
        assert not await self.page.locator("#trouble").is_visible()

    async def _type(self, who: str, place: str, line: str) -> None:
        self.places[who] = place
        await self._be(who, place)
        await self.panel.get_by_label("Type, as in a chat").fill(line)
        await self.panel.get_by_role("button", name="Send", exact=True).last.click()
        await self._answered()

    async def _press(self, who: str, place: str, label: str) -> None:
        self.places[who] = place
        await self._be(who, place)
        labelled = re.compile(rf"^{re.escape(label)}\b")
        await self.panel.locator(".choices button").filter(has_text=labelled).last.click()
        await self._answered()

    async def _fill(self, who: str, values: Mapping[str, str]) -> None:
        await self._be(who, self.places[who])
        form = self.panel.locator(".asking form")
        for label, text in values.items():
            named = re.compile(rf"^\s*{re.escape(label)}\s*(\(optional\))?\s*$")
            await _answer(form.locator(".field", has=self.page.locator(".field-label", has_text=named)), text)
        await form.get_by_role("button", name="Send").click()
        await self._answered()

    async def _room(self) -> list[str]:
        await self._be(next(iter(self.places)), TEAM_ROOM)
        return await self.panel.locator(".message:not(.alone)").all_inner_texts()

    async def _private(self, who: str) -> list[str]:
        seen: list[str] = []
        for place in (TEAM_ROOM, "direct"):
            await self._be(who, place)
            kind = ".message.alone" if place == TEAM_ROOM else ".message:has(.card)"
            seen += await self.panel.locator(kind).all_inner_texts()
            seen += await self.panel.locator(".asking form").all_inner_texts()
        return seen

    async def _pictures(self, who: str) -> list[bytes]:
        await self._be(who or next(iter(self.places)), "direct" if who else TEAM_ROOM)
        images = self.panel.locator(".message:not(.alone) img")
        read = "all => Promise.all(all.map(each => each.decode().then(() => each.src)))"
        shown = await images.evaluate_all(read)
        return [base64.b64decode(each.partition(",")[2]) for each in shown]

    async def _let_pass(self, label: str) -> None:
        button = self.page.get_by_role("button", name=label, exact=True)
        await button.click()
        await self.page.locator(".steps:not(:has(button:disabled))").wait_for()


async def _answer(field: Locator, text: str) -> None:
    """Types a text, or chooses the option that begins with it."""
    if await field.get_attribute("class") == "field field-radio":
        await field.get_by_label(text).check()
        return
    control = field.locator(".field-input")
    if await control.evaluate("control => control.tagName") != "SELECT":
        await control.fill(text)
        return
    labels = await control.locator("option").all_inner_texts()
    await control.select_option(label=next(each for each in labels if each.startswith(text)))
