"""A patient's link by mail: what the mail says and does not say, and what is heard if it does not arrive."""

import re
from collections.abc import Iterator

import pytest

from bot.mail.message import mail_bytes
from cards.card import Detail
from handlers.invitations.mail_refused import undelivered
from storage.addresses import Address
from tests.handlers.post import comes
from tests.handlers.talk import Talk, own
from tests.mails import mail, report

BASE, BATON, TESS = "https://baton.example.org", "baton@clinic.example", "tess@mail.example"
LINK = re.compile(rf"{BASE}/e/([a-z0-9]+)")


@pytest.fixture
def talk(database_url: str) -> Iterator[Talk]:
    """The north team, reachable from outside, and able to send mail."""
    made = Talk(database_url, mail_from=BATON, base_url=BASE)
    made.team()
    yield made
    made.close()


def address(talk: Talk) -> Address:
    """Tess's address as it is kept."""
    with talk.store.clinic(talk.now) as clinic:
        return clinic.addresses.of(TESS)


def test_the_link_goes_out_by_mail_and_nothing_else_of_the_patient(talk: Talk) -> None:
    code = talk.patient(more=f"record=MRN-7 language=es email={TESS}")
    said = talk.direct("ana", f"entry link {code} RED-FLAGS PEG mail yes")
    assert said == (
        f"A link for {code} goes out by mail, until Mon 10 Mar 10:00\n\n"
        "Asks: RED-FLAGS, PEG\nLanguage: español\n\n"
        "The mail says neither who it is for nor what is asked. Whoever reads it can answer for the patient, "
        "once. You hear if it does not arrive.\n\n"
        f"1. End this link — entry revoke {code}"
    )
    (mail,) = talk.mailed(TESS)
    assert (mail.subject, mail.calendar) == ("Preguntas de su equipo de atención", "")
    token = LINK.search(mail.text)
    assert token
    assert token[0] in mail.html
    assert "10 de marzo de 2031" in mail.text
    leaving = mail_bytes(mail, "id-1", BATON, TESS).decode() + mail.text + mail.html
    words = (code, "Testcase", "MRN-7", "grandson", "PEG", "RED-FLAGS", "North team", "Ana")
    assert [each for each in words if each in leaving] == []
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.entries.find(token[1])
    assert found is not None
    assert (found.patient, found.instruments, found.language) == (code, ("RED-FLAGS", "PEG"), "es")
    assert "entry mailed" in talk.journal(f"patient:{code}")


def test_a_link_that_is_shown_goes_to_no_mailbox(talk: Talk) -> None:
    code = talk.patient(more=f"email={TESS}")
    said = talk.direct("ana", f"entry link {code} PEG")
    assert LINK.search(said)
    assert "`mail yes` behind the line sends it by mail." in said
    assert talk.mailed(TESS) == []


def test_who_made_it_hears_that_it_did_not_arrive(talk: Talk) -> None:
    code = talk.patient(more=f"email={TESS}")
    talk.direct("ana", f"entry link {code} PEG mail yes")
    link = LINK.search(talk.mailed(TESS)[0].text)
    assert link
    tess = address(talk)
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.entries.find(link[1])
        assert found is not None
        clinic.addresses.refuse(tess.id, "550", talk.now)
        undelivered(tess.lane, f"entry:{found.digest}", "550 no such user", clinic, talk.now)
    talk.post()
    assert (talk.told("ana"), talk.told("lea")) == ([f"The mail with the link of {code} did not arrive"], [])
    card = list(talk.messages[own("ana")].values())[-1].card
    assert [each.says for each in card.choices] == [f"entry link {code} PEG"]
    assert talk.direct("ana", f"entry link {code} PEG mail yes") == (
        f"The mail server of {code}'s address refuses it: show them the link instead."
    )


def test_who_made_it_hears_when_it_comes_back_and_a_forged_report_stops_nothing(talk: Talk) -> None:
    code = talk.patient(more=f"email={TESS}")
    talk.direct("ana", f"entry link {code} PEG mail yes")
    with talk.store.clinic(talk.now) as clinic:
        (sent,) = clinic.sent_mails.newest()
        other = clinic.addresses.of("other@mail.example")
    for address_, message in ((TESS, ""), (TESS, "<guessed@clinic.example>"), (other.address, sent.id)):
        assert comes(talk, report(address_, message)) == "not_sent"
    assert talk.told("ana") == []
    assert (address(talk).refused, talk.told("lea")) == ("", ["3 mails today changed nothing"])
    assert comes(talk, report(TESS, f"<{sent.id}@clinic.example>")) == "bounce"
    assert (talk.told("ana"), talk.told("lea")) == ([f"The mail with the link of {code} did not arrive"], [])
    assert address(talk).refused == "bounced"
    assert TESS not in str(talk.private("ana") + talk.private("lea"))


def test_what_a_patient_mails_is_told_by_their_code_to_who_made_the_link_and_to_no_lead(talk: Talk) -> None:
    code = talk.patient(more=f"email={TESS}")
    talk.direct("ana", f"entry link {code} PEG mail yes")
    for number in (1, 2):
        wrote = mail(sender=f"Tess Testcase <{TESS}>", text="It is worse", message_id=f"<{number}@x.example>")
        assert comes(talk, wrote) == "not_invited"
    assert (talk.told("ana"), talk.told("lea")) == ([f"A mail came from the address of {code}"], [])
    assert talk.private("ana")[-1].endswith(
        "Baton takes no mail from patients, so nobody has read it. Ask them what they wanted to say."
    )
    assert comes(talk, mail(sender="mallory@evil.example")) == "not_invited"
    assert talk.private("lea")[-1] == ("A mail today changed nothing\n\n- 10:00: who answers is not invited")


def test_whose_address_wrote_is_named_only_where_names_may_be(database_url: str) -> None:
    talk = Talk(database_url, detail=Detail.IDENTIFIED, mail_from=BATON)
    talk.team()
    comes(talk, mail(sender="mallory@evil.example"))
    assert talk.private("lea")[-1] == (
        "A mail today changed nothing\n\n- 10:00 from mallory@evil.example: who answers is not invited"
    )
    talk.close()


def test_without_an_address_or_a_mail_server_nothing_is_sent_and_no_link_is_made(talk: Talk) -> None:
    code = talk.patient()
    assert talk.direct("ana", f"entry link {code} PEG mail yes") == (
        f"{code} has no mail address yet: `patient edit {code} email tess@example.org`."
    )
    talk.store.mail_from = ""
    assert talk.direct("ana", f"entry link {code} PEG mail yes") == (
        "Baton sends no mail here yet: whoever runs it has to set BATON_SMTP_HOST."
    )
    with talk.store.clinic(talk.now) as clinic:
        assert clinic.entries.open_of(code, talk.now) == []
