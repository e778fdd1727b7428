"""Whatever people type, wherever they can type it: no word of it leaves by mail or in a calendar."""

import re
from collections.abc import Iterator

import pytest

from agendas.feed import feed
from bot.mail.message import mail_bytes
from handlers.calendars.own import entries, sources
from pathway.conference import Step
from pathway.invitee import Invitee, Kind
from storage.clinic import Clinic
from tests.handlers.mailed import GP, PAGES, SENDER, Mailing
from tests.handlers.talk import Talk

NAME, TROUBLE = "Quillonia Zephyrine", "saddle numbness"
EVIL = f"{NAME}\r\nBcc: thief@evil.example\r\nATTENDEE:mailto:thief@evil.example\r\n{TROUBLE}"
WORDS = re.compile(
    r"quillonia|zephyrine|saddle|numbness|thief|evil|mrn-99|bcc:|\bP-[2-9A-Z]{4}", re.IGNORECASE
)


@pytest.fixture
def mailing(sqlite_url: str) -> Iterator[Mailing]:
    talk = Talk(sqlite_url, mail_from=SENDER, base_url=PAGES)
    talk.team()
    made = Mailing(talk)
    # The team itself, and somebody in it, are called by what must not leave.
    with talk.store.clinic(talk.now) as clinic:
        team = clinic.people.team(made.team)
        assert team is not None
        clinic.people.save_team(type(team)(**{**vars(team), "name": EVIL, "phone": EVIL}))
        clinic.people.save(type(made.members["bo"])(**{**vars(made.members["bo"]), "name": EVIL}))
    yield made
    talk.close()


def everything(mailing: Mailing) -> list[bytes]:
    """All bytes that leave: each mail as it goes out, and the calendars that are fetched."""
    mails = [
        mail_bytes(mail, f"id-{number}", SENDER, address)
        for address, found in mailing.boxes.items()
        for number, mail in enumerate(found.mails)
    ]
    plain = [
        f"{mail.subject}{mail.text}{mail.html}{mail.calendar}".replace("\r\n ", "").encode()
        for found in mailing.boxes.values()
        for mail in found.mails
    ]

    def fetched(clinic: Clinic) -> list[bytes]:
        links = [clinic.feeds.make(each.id, True, mailing.talk.now) for each in mailing.members.values()]
        made = [sources(link, clinic, mailing.talk.now) for link in links]
        return [feed(entries(each, clinic), True) for each in made]

    with mailing.talk.store.clinic(mailing.talk.now) as clinic:
        return [*mails, *plain, *fetched(clinic)]


def test_nothing_that_people_typed_leaves_by_mail_or_in_a_calendar(mailing: Mailing) -> None:
    talk = mailing.talk
    code = talk.patient("ana", f"name='{NAME}' goal='{TROUBLE}' record=MRN-99 consent-team=yes")
    single = mailing.plan("ana", "bo", where=EVIL)
    series = mailing.repeat("ana", "bo")
    mailing.invite(single, Invitee("I-1", Kind.OUTSIDE, EVIL, GP, discipline=EVIL))
    mailing.invite(series, Invitee("I-2", Kind.OUTSIDE, EVIL, "other@surgery.example", language=EVIL))
    mailing.invite(single, Invitee("I-3", Kind.PATIENT, NAME, "own@mail.example", patient=code))
    # Who asks may not see that patient, and so is not told that there is one of this name.
    talk.say("lea", f"conference poll '{NAME} {TROUBLE}' at thu 14:00 guests '{NAME} third@surgery.example'")
    talk.direct("ana", f"agenda add {code} '{TROUBLE} of {NAME}'")
    mailing.come()
    assert talk.say("lea", f"agenda post {single.ref}").startswith("The agenda of C-1")
    mailing.come()
    days = mailing.days(series)
    mailing.change(days[0], where=f"https://video.example/{NAME.replace(' ', '-')}", title=EVIL)
    mailing.change(single, title=EVIL, where=EVIL, minutes=45)
    mailing.come()
    mailing.step(days[1], Step.CANCEL)
    mailing.uninvite(single, mailing.member("bo"))
    mailing.step(single, Step.CANCEL)
    mailing.come()
    own = [mail.method for mail in mailing.boxes["own@mail.example"].mails]
    assert own == ["REQUEST", "CANCEL"], "the patient was told of their own item as well"
    mailing.come(24 * 60)
    subjects = [mail.subject for found in mailing.boxes.values() for mail in found.mails]
    assert any(each.startswith("When could you come? ") for each in subjects)
    assert sum(len(found.mails) for found in mailing.boxes.values()) > 8
    for content in everything(mailing):
        assert not WORDS.search(content.decode()), "something that was typed leaves"
