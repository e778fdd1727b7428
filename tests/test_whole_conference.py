"""A whole conference of an hour on Slack and Matrix at once; the bot dies between a commit and its posts.

`tests/handlers/test_whole_conference.py` has the same story at the door. Here nine people read and write it
where they work: what stays of it, as each of them reads it, is the same to a word.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.door import MovableClock
from bot.homeserver import Homeserver
from tests import conference_story as story
from tests.both_hall import MATRIX, SLACK, Hall, until, words
from tests.both_stage import make_team, open_both
from tests.handlers.talk import MONDAY
from tests.pdf import pages_of
from tests.workspace import Refused

FIRST = "<0> · item 1 of 6 in C-1"
WRITTEN = (
    "Tess", "Walk to", "sleeps badly", "cauda", "saddle", "Sleep first", "the GP", "far from", "letter",
)  # fmt: skip
"""What was written of patients, and their names: none of it is for a channel of codes."""


@pytest.fixture
def hall(homeserver: Homeserver, database_url: str, tmp_path: Path) -> Iterator[Hall]:
    """The team with its patients."""
    with open_both(database_url, tmp_path, SLACK, MATRIX, MovableClock(MONDAY)) as both:
        make_team(both)
        made = Hall(both)
        for who, role in story.ROLES.items():
            made.say(who, f"team join {role}")
        story.patients(made)
        yield made


def test_everything_that_stays_of_an_hour_on_both_platforms(hall: Hall) -> None:
    story.agenda(hall)
    story.beginning(hall)
    the_bot_dies_between_a_commit_and_its_posts(hall)
    story.middle(hall)
    the_first_card_is_one_and_whole_in_each_room(hall)
    story.flag(hall)
    story.settled(hall)
    assert "3. <2> · settled before its turn, today 11:29" in hall.cards_in_slack("C-1 · running")[0]
    story.end(hall)
    assert words(hall.direct("dee", "minutes C-1")) == words(story.told("minutes"))
    for who, number in (("ana", 0), ("bo", 1), ("ana", 12)):
        assert words(hall.direct(who, f"plan show <{number}>")) == words(story.told(f"plan-{number}"))
    assert paper(hall) == story.told("paper")
    hall.say("dee", "conference schedule MSK conference tomorrow 11:00-12:00")
    hall.forward(0)
    assert words(hall.direct("dee", "agenda")) == words(story.told("next-agenda"))
    nobody_reads_what_is_not_for_them(hall)


def the_bot_dies_between_a_commit_and_its_posts(hall: Hall) -> None:
    """Ana is answered, the rooms are not told; what is said to a dead bot in Matrix, the next one hears."""
    both = hall.both
    both.dies_before_posting()
    story.decision(hall)
    both.bot.stop()
    with pytest.raises(Refused):
        hall.say("ana", "note Said to nobody")
    event = both.clients["ivy"].say(both.room, "!care here")
    assert not any("E-1" in each for each in both.in_slack())
    both.start()
    until(lambda: "A-1: Cy, due Fri 7 Mar 17:00" in hall.cards_in_slack(FIRST)[0])
    answer = both.clients["ivy"].wait_for(both.room, lambda each: each.thread == event)
    assert answer.body == "You are in the roll call of C-1 already."


def the_first_card_is_one_and_whole_in_each_room(hall: Hall) -> None:
    """It stands where it stood before the bot died: codes in the channel, words in the encrypted room."""
    assert hall.cards_in_slack(FIRST) == [story.told("first-card-in-slack")]
    until(lambda: f"{FIRST} · done" in hall.cards_in_matrix("hal", FIRST)[0])
    assert hall.cards_in_matrix("hal", FIRST) == [story.told("first-card-in-matrix")]


def paper(hall: Hall) -> str:
    """The words of the minutes, as Dee gets them on paper in Slack."""
    hall.direct("dee", "conference papers C-1 minutes")
    until(hall.both.workspace.files)
    (file,) = hall.both.workspace.files()
    return story.without_codes("\n".join(pages_of(file["content"])), hall.codes)


def nobody_reads_what_is_not_for_them(hall: Hall) -> None:
    both = hall.both
    assert [word for word in WRITTEN if any(word in each for each in both.in_slack())] == []
    assert not any("Tess" in each for each in both.in_matrix(both.clients["hal"], both.room))
    told = [str(both.workspace.texts(each)) for each in both.workspace.messages(both.staff["cy"].im)]
    assert len([each for each in told if "One action is yours from C-1" in each]) == 1
