"""Reminders of conferences: as each person set them, never at night, none after a decline."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from cards.mail import Mail
from handlers.invitations import answer_page
from pathway.invitee import Answer
from pathway.reminder import Span, next_moment, spans_due
from storage.clinic import Clinic
from tests.handlers.agenda_scene import POSTED
from tests.handlers.mailed import PAGES, SENDER
from tests.handlers.talk import Talk

GP, OTHER = "gray@practice.example", "no@practice.example"

NEXT_TUESDAY = "conference schedule Board Tue 11 Mar 12:30-13:30"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2031, 3, day, hour, minute, tzinfo=UTC)


def reminded(talk: Talk, who: str) -> list[str]:
    """What somebody was told that reminds them."""
    return [each for each in talk.told(who) if each.startswith("C-1 is ")]


@pytest.fixture
def board(talk: Talk) -> Talk:
    talk.say("lea", NEXT_TUESDAY)
    talk.hear()
    return talk


def test_each_is_reminded_as_they_set_it(board: Talk) -> None:
    assert board.say("ana", "conference remind") == (
        "You are reminded of conferences a day before.\n\n"
        "1. A day and an hour before — conference remind day hour\n2. Never — conference remind none"
    )
    assert board.say("bo", "conference remind a week, day and hour") == (
        "You are reminded of conferences a week, a day and an hour before."
    )
    assert board.say("cy", "conference remind none") == "You are reminded of conferences never."
    assert "Type any of week, day and hour" in board.say("cy", "conference remind fortnight")
    board.until(at(4, 12, 31))
    assert (reminded(board, "ana"), len(reminded(board, "bo"))) == ([], 1)
    board.until(at(10, 12, 29))
    assert reminded(board, "bo") == []
    board.until(at(10, 12, 31))
    assert reminded(board, "ana") == ["C-1 is tomorrow 12:30-13:30 London time"]
    assert reminded(board, "bo") == ["C-1 is tomorrow 12:30-13:30 London time"]
    assert reminded(board, "cy") == []
    board.until(at(11, 11, 31))
    assert reminded(board, "ana") == []
    assert reminded(board, "bo") == ["C-1 is today 12:30-13:30 London time"]
    assert board.private("bo")[-1].endswith("Agenda — agenda show C-1")


def test_who_declined_is_not_reminded_even_of_what_waits_for_the_morning(board: Talk) -> None:
    board.say("lea", "conference schedule Early Wed 12 Mar 06:00-06:30")
    board.say("bo", "conference decline C-1")
    board.until(at(11, 6, 30))
    board.say("ana", "conference decline C-2")
    board.until(at(11, 13, 0))
    assert reminded(board, "bo") == []
    assert [each for each in board.told("ana") if each.startswith("C-2 is ")] == []
    assert [each for each in board.told("cy") if each.startswith("C-2 is ")] == [
        "C-2 is tomorrow 06:00-06:30 London time"
    ]


def test_nobody_is_reminded_at_night_nor_after_it_has_begun(board: Talk) -> None:
    board.say("lea", "conference schedule Early Wed 12 Mar 06:30-07:00")
    board.say("bo", "conference remind hour")
    board.until(at(12, 9, 0))
    assert [each for each in board.told("bo") if each.startswith("C-2")] == []


def test_an_outage_leaves_one_reminder_not_three(board: Talk) -> None:
    board.say("bo", "conference remind week day hour")
    board.until(at(3, 11, 0))
    board.hear()
    board.until(at(11, 12, 0))
    assert reminded(board, "bo") == ["C-1 is today 12:30-13:30 London time"]
    board.until(at(11, 14, 0))
    assert reminded(board, "bo") == []


def test_who_is_away_is_not_reminded(board: Talk) -> None:
    board.direct("bo", "away until friday 14 march 9am")
    board.until(at(10, 13, 0))
    assert reminded(board, "bo") == []


def test_who_has_only_a_mailbox_is_reminded_there(board: Talk) -> None:
    by_mail(board)
    for name, address in (("Dr Gray", GP), ("Dr No", OTHER)):
        board.say("lea", f"conference invite C-1 {name} {address}")
    board.pass_time(10)
    (invitation,) = board.mailed(GP)
    page = invitation.text.partition("- Yes: ")[2].partition("?")[0]
    opens(board, board.mailed(OTHER), lambda token, clinic: answer_page.answer(
        token, Answer.DECLINED, clinic, board.now
    ))  # fmt: skip
    board.until(at(10, 12, 29))
    assert board.mails == {}
    board.until(at(10, 12, 31))
    assert list(board.mails) == [GP], "who declined hears no more, and members are told in chat"
    (mail,) = board.mailed(GP)
    when = "Tue 11 Mar 2031, 12:30–13:30, London time"
    assert (mail.subject, mail.calendar) == (f"Reminder: Case conference C-1, {when}", "")
    assert mail.text == (
        f"We remind you of this.\n\nCase conference C-1\n\nWhen:\n- {when}\n\nWill you come?\n"
        f"- Yes: {page}?answer=accepted\n- Maybe: {page}?answer=tentative\n- No: {page}?answer=declined\n\n"
        f"Where, and what else is to be known:\n{page}\n\n"
        "On that page you can also say how long before we remind you, or that we don't.\n\n"
        "So that nobody else can read it, this mail does not say what will be talked about."
    )
    opens(board, [invitation], lambda token, clinic: answer_page.remind(
        token, (Span.WEEK, Span.HOUR), clinic, board.now
    ))  # fmt: skip
    opens(board, [invitation], lambda token, clinic: answer_page.answer(
        token, Answer.ACCEPTED, clinic, board.now
    ))  # fmt: skip
    board.until(at(11, 11, 31))
    (mail,) = board.mailed(GP)
    assert "Your answer so far: Yes\n" in mail.text and "Will you come?" not in mail.text
    board.until(at(11, 14))
    assert board.mails == {}


def test_mail_that_reminds_waits_for_the_morning_and_an_answer_at_night_takes_it_back(board: Talk) -> None:
    by_mail(board)
    board.say("lea", "conference schedule Early Wed 12 Mar 06:00-06:30")
    for name, address in (("Dr Gray", GP), ("Dr No", OTHER)):
        board.say("lea", f"conference invite C-2 {name} {address}")
    board.pass_time(10)
    board.mails.pop(GP)
    declining = board.mailed(OTHER)
    board.until(at(11, 6, 30))
    assert board.mails == {}, "it is night"
    opens(board, declining, lambda token, clinic: answer_page.answer(
        token, Answer.DECLINED, clinic, board.now
    ))  # fmt: skip
    board.until(at(11, 13))
    assert {who: [each.subject for each in mails] for who, mails in board.mails.items()} == {
        GP: ["Reminder: Case conference C-2, Wed 12 Mar 2031, 06:00–06:30, London time"]
    }


def test_a_patient_is_reminded_of_their_own_item_in_their_language_while_they_consent(talk: Talk) -> None:
    by_mail(talk)
    talk.say("lea", "conference schedule Board Tue 11 Mar 14:00-15:00")
    codes = [
        talk.patient("lea", f"name='{name}' goal=walk consent-team=yes email={address} language=es")
        for name, address in (("Tess Testcase", GP), ("Una Unreal", OTHER))
    ]
    for code in codes:
        talk.direct("lea", f"flag {code} 'sleeps badly' soon psychologist")
        talk.direct("lea", f"conference invite C-1 {code}")
    talk.until(POSTED)
    talk.pass_time(10)
    talk.hear()
    talk.direct("lea", f"patient edit {codes[1]} consent-team no")
    talk.pass_time(10)
    assert [each.subject.partition(":")[0] for each in talk.mailed(OTHER)] == ["Ya no hace falta"]
    talk.hear()
    talk.until(at(10, 14, 1))
    assert list(talk.mails) == [GP]
    (mail,) = talk.mailed(GP)
    assert mail.subject.startswith("Recordatorio: Reunión con su equipo de atención, martes 11 de marzo")
    assert mail.text.startswith("Le recordamos esta cita.\n\nReunión con su equipo de atención\n\nCuándo:\n")
    for word in (*codes, "Tess", "C-1", "sleeps", "psychol"):
        assert word not in f"{mail.subject}{mail.text}{mail.html}"


def by_mail(talk: Talk) -> None:
    """From now on mail can be sent, and pages be reached."""
    talk.store.mail_from, talk.store.base_url = SENDER, PAGES


def opens(talk: Talk, mails: list[Mail], does: Callable[[str, Clinic], None]) -> None:
    """Somebody does something on the page of their mail."""
    token = mails[0].text.partition(f"{PAGES}/i/")[2].partition("?")[0]
    with talk.store.clinic(talk.now) as clinic:
        does(token, clinic)
    talk.post()


def test_moments_of_reminders() -> None:
    starts = at(11, 12, 30)
    assert next_moment(starts, at(3, 0)) == at(4, 12, 30)
    assert next_moment(starts, at(4, 12, 30)) == at(10, 12, 30)
    assert next_moment(starts, at(11, 12)) is None
    assert spans_due(starts, at(4, 12, 30), at(10, 12, 30)) == {Span.WEEK, Span.DAY}
    assert spans_due(starts, at(10, 12, 30), at(10, 12, 30)) == {Span.DAY}
    assert spans_due(starts, at(4, 12, 30), starts) == frozenset()
