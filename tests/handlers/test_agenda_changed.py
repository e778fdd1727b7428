"""A posted agenda changes only visibly, with why; one whose conference is moved or cancelled says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cards.card import Detail
from cards.plain import plain
from pathway.conference import Deadline, Step, move
from tests.handlers.agenda_scene import (
    DAY,
    POSTED,
    TUESDAY,
    agenda_in_room,
    answered,
    conference,
    consented,
    deadline,
    flagged,
    keep,
)
from tests.handlers.talk import ROOM, Talk

CHANGED = "The agenda of C-12 has changed"
OTHER_ROOM = replace(ROOM, target="C-other")


def posted(talk: Talk) -> str:
    """The agenda of C-12 was posted with one patient on it; the code."""
    conference(talk)
    code = flagged(talk, "routine")
    talk.direct("bo", "flag claim F-1")
    talk.until(POSTED)
    talk.until(POSTED + timedelta(hours=1))
    talk.hear()
    return code


def news(talk: Talk, title: str = CHANGED) -> list[str]:
    """What came fresh in the room under this title."""
    return [plain(each.card) for each in talk.news(ROOM) if each.card.title == title]


def test_what_comes_and_goes_is_told_once_with_why_and_shown_on_the_card(talk: Talk) -> None:
    first = posted(talk)
    unsafe = flagged(talk, "urgent")
    talk.forward(1)
    assert news(talk) == [], "changes are gathered for some minutes"
    assert f"Changed since it was posted:\n- {unsafe} is new at place 1: Flag open, which is safety." in (
        agenda_in_room(talk)
    )
    talk.direct("bo", "flag claim F-2")
    talk.direct("bo", "flag resolve F-1 'rang her'")
    talk.pass_time(5)
    lines = (
        f"- {unsafe} is new at place 1: Flag open, which is safety.\n"
        f"- {first} has left: nothing for the conference is outstanding any more."
    )
    assert news(talk) == [f"{CHANGED}\n\n{lines}\n\n1. Show it — agenda C-12"]
    assert f"Changed since it was posted:\n{lines}" in agenda_in_room(talk)
    talk.pass_time(60)
    assert news(talk) == [], "what has been told is not told again"
    assert "agenda changed" in talk.journal("C-12")
    assert not talk.broke


def test_what_comes_and_goes_in_between_is_not_told(quick: Talk) -> None:
    posted(quick)
    flagged(quick, "routine")
    quick.forward(1)
    quick.direct("bo", "flag claim F-2")
    quick.direct("bo", "flag resolve F-2 'was nothing'")
    quick.pass_time(30)
    assert news(quick) == []
    assert "Changed since" not in agenda_in_room(quick)


def test_what_changes_at_night_is_told_in_the_morning(quick: Talk) -> None:
    posted(quick)
    quick.until(datetime(2031, 3, 7, 21, 0, tzinfo=UTC))
    flagged(quick, "soon")
    quick.hear()
    quick.pass_time(9 * 60 + 59)
    assert news(quick) == []
    quick.pass_time(1)
    assert len(news(quick)) == 1


def test_nothing_that_was_written_reaches_a_room_of_codes_and_what_may_does_when_it_may(quick: Talk) -> None:
    code = posted(quick)
    said = agenda_in_room(quick)
    assert "sleeps badly" not in said
    quick.say("lea", "team detail clinical")
    quick.forward(0)
    assert "Question: What does this flag ask of us?" in agenda_in_room(quick)
    quick.say("lea", "team detail code")
    quick.forward(0)
    assert agenda_in_room(quick) == said
    assert code in said
    quick.room_known(OTHER_ROOM, "north-team", Detail.CODE)
    quick.ask("lea", "team connect 'North team'", lane=OTHER_ROOM)
    quick.forward(0)
    there = [
        plain(each.card) for each in quick.messages[OTHER_ROOM].values() if each.subject == "agenda:C-12"
    ]
    assert there == [said]


def test_a_conference_moved_a_little_keeps_its_agenda_and_says_when(talk: Talk) -> None:
    posted(talk)
    with talk.store.clinic(talk.now) as clinic:
        known = clinic.conferences.of_number(12)
    assert known is not None
    keep(talk, replace(known, starts=TUESDAY + timedelta(hours=1), minutes=45), "moved")
    talk.pass_time(6)
    assert news(talk) == [
        f"{CHANGED}\n\n"
        "- The conference is Tue 11 Mar 15:00 instead of Tue 11 Mar 14:00.\n"
        "- The conference has 45 min instead of 60.\n\n1. Show it — agenda C-12"
    ]
    assert agenda_in_room(talk).startswith("Agenda of C-12 · Tue 11 Mar 15:00 · 1 item · 10 of 45 min")


def test_a_conference_moved_far_is_a_draft_again_and_posted_anew_over_the_clock_change(talk: Talk) -> None:
    posted(talk)
    with talk.store.clinic(talk.now) as clinic:
        known = clinic.conferences.of_number(12)
    assert known is not None
    moved = datetime(2031, 4, 1, 13, 0, tzinfo=UTC)  # 14:00 in London, where it is summer then
    keep(talk, replace(known, starts=moved), "moved")
    says = (
        "The conference was moved to Tue 1 Apr 14:00. "
        "Its agenda is a draft again, and is posted Fri 28 Mar 08:30."
    )
    assert news(talk, "The agenda of C-12 holds no more") == [f"The agenda of C-12 holds no more\n\n- {says}"]
    assert says in agenda_in_room(talk)
    assert "agenda defer" not in agenda_in_room(talk)
    due = datetime(2031, 3, 28, 8, 30, tzinfo=UTC)
    assert deadline(talk, Deadline.AGENDA) == due
    talk.until(due)
    assert "The agenda of C-12 is posted anew" in talk.heard()
    assert "Posted Fri 28 Mar 08:30. Changes are told." in agenda_in_room(talk)


def test_a_cancelled_conference_says_where_those_who_were_on_it_come_instead(talk: Talk) -> None:
    code = posted(talk)
    conference(talk, TUESDAY + 7 * DAY, number=13)
    with talk.store.clinic(talk.now) as clinic:
        known = clinic.conferences.of_number(12)
    assert known is not None
    talk.hear()
    keep(talk, move(known, Step.CANCEL, talk.now), "cancelled")
    assert news(talk, "The agenda of C-12 holds no more") == [
        "The agenda of C-12 holds no more\n\n"
        f"- The conference was cancelled.\n- {code} comes Tue 18 Mar 14:00."
    ]
    assert "The conference was cancelled." in agenda_in_room(talk)
    talk.pass_time(60)
    assert news(talk) == []


def test_once_the_conference_has_begun_the_agenda_stands_still(quick: Talk) -> None:
    posted(quick)
    quick.until(TUESDAY)
    with quick.store.clinic(quick.now) as clinic:
        known = clinic.conferences.of_number(12)
    assert known is not None
    keep(quick, move(known, Step.START, quick.now), "started")
    still = agenda_in_room(quick)
    assert "The conference has begun: this is how it was." in still
    assert "agenda defer" not in still
    quick.hear()
    flagged(quick, "emergency")
    quick.pass_time(30)
    assert (news(quick), agenda_in_room(quick)) == ([], still)
    assert quick.direct("ana", "agenda C-12").startswith("Agenda of C-12")


def test_the_board_follows_the_draft_and_moves_on_to_the_next_conference(quick: Talk) -> None:
    conference(quick)
    conference(quick, TUESDAY + 7 * DAY, number=13)
    assert quick.say("dee", "agenda board") == "The agenda of the next conference is kept up to date here."
    quick.hear()
    code = flagged(quick, "routine")
    quick.forward(0)
    assert quick.heard() == [], "a draft disturbs nobody"
    assert f"1. {code} · 10 min" in board(quick)
    assert "A draft, kept up to date. It is posted Fri 7 Mar 08:30." in board(quick)
    with quick.store.clinic(quick.now) as clinic:
        known = clinic.conferences.of_number(12)
    assert known is not None
    keep(quick, move(known, Step.CANCEL, quick.now), "cancelled")
    assert board(quick).startswith("Agenda of C-13 · Tue 18 Mar 14:00 · 1 item")
    assert quick.direct("dee", "agenda board") == (
        "The board belongs in a room: say it in the team's channel."
    )


def test_a_discipline_that_declined_yesterday_is_missing_on_the_card_and_asked_for(quick: Talk) -> None:
    """The only one who looks after the person said yes, and no the day before the conference."""
    code = posted(quick)
    answered(quick, "ana", "ACCEPTED")
    quick.forward(0)
    assert "nobody who looks after" not in agenda_in_room(quick)
    quick.until(TUESDAY - DAY)
    quick.hear()
    answered(quick, "ana", "DECLINED")
    quick.forward(0)
    assert "Not ready: nobody who looks after this person is expected" in agenda_in_room(quick)
    assert quick.told("ana") == ["C-12, tomorrow 14:00: something is missing"]
    assert code in quick.private("ana")[-1]


def test_who_has_nothing_outstanding_is_on_no_agenda(quick: Talk) -> None:
    code = consented(quick)
    posted(quick)
    assert code not in agenda_in_room(quick)


def board(talk: Talk) -> str:
    """The board where it stands in the room."""
    [found] = [e for e in talk.messages[ROOM].values() if e.subject == "board:agenda:north-team"]
    return plain(found.card)
