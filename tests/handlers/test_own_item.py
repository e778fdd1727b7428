"""A patient or carer is invited to their own item: once it is posted, when it is, and with consent."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from pathway.conference import Step, move
from tests.agendas.calendars import Program
from tests.handlers.agenda_scene import DAY, POSTED, TUESDAY, agenda_in_room, conference, keep
from tests.handlers.mailed import PAGES, SENDER
from tests.handlers.talk import Talk

TESS, MAX, PAT = "tess@home.example", "max@home.example", "pat@home.example"
MEETING = "Meeting with your care team, Tue 11 Mar 2031"


def opened(url: str) -> Talk:
    talk = Talk(url, mail_from=SENDER, base_url=PAGES)
    talk.team()
    conference(talk)
    return talk


@pytest.fixture
def meeting(sqlite_url: str) -> Iterator[Talk]:
    """A conference on a Tuesday at 14:00."""
    made = opened(sqlite_url)
    yield made
    assert made.broke == []
    made.close()


@pytest.fixture
def anywhere(database_url: str) -> Iterator[Talk]:
    """The same on each kind of database."""
    made = opened(database_url)
    yield made
    assert made.broke == []
    made.close()


def patient(talk: Talk, email: str, consent: str = "consent-team=yes", severity: str = "routine") -> str:
    """A patient of lea's who is on the agenda."""
    code = talk.patient("lea", f"{consent} email={email}")
    talk.direct("lea", f"flag {code} 'sleeps badly' {severity} psychologist")
    return code


def posted(talk: Talk, *lines: str) -> tuple[str, str]:
    """Pat comes first and Tess second; Tess is invited, these lines are said, and the agenda is posted."""
    first, tess = patient(talk, PAT, severity="soon"), patient(talk, TESS)
    for ref in ("F-1", "F-2"):
        talk.direct("bo", f"flag claim {ref}")
    talk.direct("lea", f"conference invite C-12 {tess}")
    for line in lines:
        talk.direct("lea", line.format(tess))
    talk.until(POSTED - timedelta(minutes=1))
    assert talk.mails == {}, "nobody is told a time that nobody knows yet"
    talk.until(POSTED)
    talk.pass_time(10)
    return first, tess


def subjects(talk: Talk, address: str) -> list[str]:
    return [each.subject for each in talk.mailed(address)]


def test_another_mail_address_or_language_is_followed_and_what_is_none_is_refused(meeting: Talk) -> None:
    _, tess = posted(meeting)
    meeting.hear()
    said = meeting.direct("lea", f"patient edit {tess} email tess at home")
    assert said == "That is not one plain mail address. Type one like gray@practice.example."
    assert meeting.mails == {}
    meeting.direct("lea", f"patient edit {tess} language es")
    meeting.direct("lea", f"patient edit {tess} email new@home.example")
    meeting.pass_time(6)
    assert subjects(meeting, TESS) == [f"No longer needed: {MEETING}, 14:10–14:20, London time"]
    (mail,) = meeting.mailed("new@home.example")
    assert mail.subject.startswith(
        "Invitación: Reunión con su equipo de atención, martes 11 de marzo de 2031"
    )
    meeting.direct("lea", f"patient edit {tess} email none")
    meeting.pass_time(6)
    assert meeting.mails == {}, "who has no address any more hears nothing"


def test_the_patient_is_told_their_own_time_in_plain_words_once_the_agenda_is_posted(anywhere: Talk) -> None:
    first, tess = posted(anywhere)
    assert f"2. {tess} · 10 min · Tue 11 Mar 14:10" in agenda_in_room(anywhere)
    assert list(anywhere.mails) == [TESS], "the other patient is not invited, and hears of nothing"
    (mail,) = anywhere.mailed(TESS)
    link = mail.text.partition("- Yes: ")[2].partition("?")[0]
    assert link.startswith(PAGES)
    assert mail.subject == f"Invitation: {MEETING}, 14:10–14:20, London time"
    assert mail.text == (
        "You are invited.\n\nMeeting with your care team\n\nWhen:\n"
        "- Tue 11 Mar 2031, 14:10–14:20, London time\n\nWill you come?\n"
        f"- Yes: {link}?answer=accepted\n- Maybe: {link}?answer=tentative\n- No: {link}?answer=declined\n\n"
        f"Where, and what else is to be known:\n{link}\n\n"
        "The buttons of your calendar do the same, and you can answer this mail in your own words.\n\n"
        "So that nobody else can read it, this mail does not say what will be talked about."
    )
    program = Program()
    program.take(mail.calendar)
    at = TUESDAY + timedelta(minutes=10)
    assert program.between(TUESDAY - DAY, TUESDAY + DAY) == [(at, at + timedelta(minutes=10))]
    leaves = f"{mail.subject}{mail.text}{mail.html}{mail.calendar}"
    for secret in (first, tess, "C-12", "Testcase", "sleeps badly", "Flag", "Lea"):
        assert secret not in leaves


def test_the_patient_is_told_when_their_item_moves_and_not_when_others_do_behind_them(anywhere: Talk) -> None:
    first, tess = posted(anywhere)
    anywhere.hear()
    anywhere.direct("lea", f"agenda move {tess} 1")
    anywhere.pass_time(4)
    assert anywhere.mails == {}, "changes are gathered"
    anywhere.pass_time(2)
    assert subjects(anywhere, TESS) == [f"Changed: {MEETING}, 14:00–14:10, London time"]
    anywhere.direct("lea", f"agenda retime {first} 25")
    anywhere.pass_time(30)
    assert anywhere.mails == {}, "nothing is otherwise for who comes before it"
    anywhere.direct("lea", f"agenda move {first} 1")
    anywhere.pass_time(6)
    assert subjects(anywhere, TESS) == [f"Changed: {MEETING}, 14:25–14:35, London time"]
    anywhere.pass_time(600)
    assert anywhere.mails == {}


def test_moved_and_moved_back_is_no_mail(meeting: Talk) -> None:
    first, tess = posted(meeting)
    meeting.hear()
    meeting.direct("lea", f"agenda move {tess} 1")
    meeting.pass_time(2)
    meeting.direct("lea", f"agenda move {first} 1")
    meeting.pass_time(60)
    assert meeting.mails == {}


def test_the_patient_need_not_come_once_their_item_is_off_and_is_asked_again_once_it_is_on(
    anywhere: Talk,
) -> None:
    _, tess = posted(anywhere)
    before = anywhere.mailed(TESS)[0]
    anywhere.direct("lea", f"agenda defer {tess}")
    anywhere.pass_time(6)
    (off,) = anywhere.mailed(TESS)
    assert off.subject == f"No longer needed: {MEETING}, 14:10–14:20, London time"
    assert off.method == "CANCEL"
    program = Program()
    program.take(before.calendar)
    program.take(off.calendar)
    assert program.between(TUESDAY - DAY, TUESDAY + DAY) == []
    anywhere.direct("lea", f"agenda release {tess}")
    anywhere.pass_time(6)
    assert subjects(anywhere, TESS) == [f"Invitation: {MEETING}, 14:10–14:20, London time"]
    assert anywhere.mails == {}


def test_a_conference_moved_a_little_takes_the_item_along_in_one_mail(meeting: Talk) -> None:
    posted(meeting)
    meeting.hear()
    meeting.direct("lea", "conference move C-12 tue 11 mar 15:00")
    meeting.pass_time(60)
    assert subjects(meeting, TESS) == [f"Changed: {MEETING}, 15:10–15:20, London time"]


def test_a_conference_moved_far_or_cancelled_has_no_time_for_anybody(meeting: Talk) -> None:
    posted(meeting)
    meeting.hear()
    meeting.direct("lea", "conference move C-12 tue 1 apr 14:00 anyway yes")
    meeting.pass_time(10)
    assert subjects(meeting, TESS) == [f"No longer needed: {MEETING}, 14:10–14:20, London time"]
    meeting.until(datetime(2031, 3, 28, 8, 30, tzinfo=TUESDAY.tzinfo))
    meeting.pass_time(10)
    (invited,) = subjects(meeting, TESS)
    assert invited.startswith("Invitation: Meeting with your care team, Tue 1 Apr 2031, 14:")
    meeting.direct("lea", "conference cancel C-12 anyway yes")
    meeting.forward(0)
    assert subjects(meeting, TESS) == [invited.replace("Invitation", "Cancelled")]
    meeting.pass_time(600)
    assert meeting.mails == {}


def test_what_is_cancelled_before_its_agenda_was_posted_was_never_told(meeting: Talk) -> None:
    tess = patient(meeting, TESS)
    meeting.direct("lea", f"conference invite C-12 {tess}")
    with meeting.store.clinic(meeting.now) as clinic:
        known = clinic.conferences.of_number(12)
    assert known is not None
    keep(meeting, move(known, Step.CANCEL, meeting.now), "cancelled")
    meeting.until(POSTED + DAY)
    assert meeting.mails == {}


def test_without_consent_nothing_leaves_and_consent_taken_back_ends_it_at_once(anywhere: Talk) -> None:
    silent = patient(anywhere, PAT, "consent-team=no")
    assert "has not agreed" in anywhere.direct("lea", f"conference invite C-12 {silent}")
    carer = "conference invite C-12 {} carer 'Max Muster' mail " + MAX
    assert "has not agreed" in anywhere.direct("lea", carer.format(silent))
    tess = patient(anywhere, TESS, "consent-team=yes consent-outside=yes language=es")
    anywhere.direct("lea", f"conference invite C-12 {tess}")
    anywhere.direct("lea", carer.format(tess))
    anywhere.until(POSTED)
    anywhere.pass_time(10)
    assert sorted(anywhere.mails) == [MAX, TESS]
    (to_max,), (to_tess,) = subjects(anywhere, MAX), subjects(anywhere, TESS)
    assert to_max.startswith(f"Invitation: {MEETING}, 14:")
    assert to_tess.startswith(
        "Invitación: Reunión con su equipo de atención, martes 11 de marzo de 2031, de 14:"
    )
    anywhere.direct("lea", f"patient edit {tess} consent-outside no")
    anywhere.forward(0)
    assert [each[:16] for each in subjects(anywhere, MAX)] == ["No longer needed"]
    anywhere.direct("lea", f"agenda move {tess} 1")
    anywhere.pass_time(10)
    anywhere.direct("lea", f"patient edit {tess} consent-team no")
    anywhere.forward(0)
    last = subjects(anywhere, TESS)[-1]
    assert last.startswith("Ya no hace falta: Reunión con su equipo de atención, "), (
        "in her language, as before"
    )
    anywhere.direct("lea", f"agenda retime {tess} 20")
    anywhere.pass_time(600)
    anywhere.direct("lea", "conference cancel C-12 anyway yes")
    anywhere.pass_time(10)
    assert anywhere.mails == {}
