"""The lines that docs/conferences.md gives to team leads, as they stand there: each does what it says."""

import re
from pathlib import Path

from tests.handlers.mailed import PAGES, SENDER
from tests.handlers.talk import Talk

PAGE = Path(__file__).parents[2] / "docs" / "conferences.md"
SAYS = {
    "conference schedule MSK conference every Tuesday 12:30-13:30 Europe/London from 1 Dec": "S-1 is planned",
    "conference invite S-1 Dr Gray gray@practice.example": "Invited to S-1",
    "conference invite C-3 psychology": "They are invited to C-3 already.",
    "conference poll C-3": "T-1 · open · a time for C-3",
    "poll take T-1 2": "C-3 is held ",
    "conference move C-3 thursday 9:00-10:00": "C-3 is moved: Thu ",
    "conference accept S-1": "You are coming to S-1, every Tuesday 12:30-13:30 (London time).",
    "conference remind week hour": "You are reminded of conferences a week and an hour before.",
    "conference poll Extra board at tue 14:00, wed 9:00 guests Dr Gray gray@practice.example": "T-2 · open",
    "calendar link": "The address of your calendar comes to you in private.",
    "conference start": "The next is C-3, ",
}
"""What its answer begins with, in the order of a conference's life until it starts."""


def test_each_line_for_leads_does_what_it_says(quick: Talk) -> None:
    quick.store.mail_from, quick.store.base_url = SENDER, PAGES
    quick.now = quick.now.replace(month=11, day=24)
    page = re.sub(r"\s+", " ", PAGE.read_text())
    written = re.findall(r"`([^`]+)`", page)
    for line, begins in SAYS.items():
        assert line in written, f"{line} is not on that page any more"
        said = quick.say("lea", line)
        assert said.startswith(begins), (line, said)
