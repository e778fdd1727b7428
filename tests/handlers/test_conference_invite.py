"""Who else is invited: people outside, single members, and the patient or a carer while there is consent."""

from cards.plain import plain
from handlers.request import Outcome
from pathway.invitee import Invitee, Kind
from tests.handlers.talk import ROOM, Talk, own

SERIES = "conference schedule MSK conference every Tuesday 12:30-13:30 Europe/London from 4 Mar"


def guests(talk: Talk, ref: str) -> dict[str, Invitee]:
    with talk.store.clinic(talk.now) as clinic:
        found = clinic.conferences.find(ref)
        assert found is not None
        return {each.key: each for each in clinic.invitees.of_conference(found) if not each.member}


def cared_for(talk: Talk, more: str) -> str:
    """A patient whom lea looks after."""
    talk.say("lea", SERIES)
    code = talk.patient(who="lea", more=f"email=tess@home.example language=ar interpreter=yes {more}")
    talk.hear()
    return code


def test_somebody_outside_by_name_and_address(talk: Talk) -> None:
    talk.say("lea", SERIES)
    assert talk.say("lea", "conference invite S-1 Dr Gray gray@practice.example") == (
        "Invited to S-1\n\n- I-1 (Dr Gray)\n\n1. Take it back — conference uninvite S-1 I-1"
    )
    assert guests(talk, "C-3") == {"I-1": Invitee("I-1", Kind.OUTSIDE, "Dr Gray", "gray@practice.example")}
    assert talk.say("lea", "conference invite S-1 'G. Gray' mail GRAY@practice.example") == (
        "They are invited to S-1 already."
    )
    talk.say("lea", "conference uninvite C-3 I-1")
    assert (guests(talk, "C-3"), list(guests(talk, "C-4"))) == ({}, ["I-1"])
    talk.say("lea", "conference uninvite S-1 I-1")
    assert guests(talk, "C-4") == {}
    assert talk.journal("S-1") == ["series planned", *["invited"] * 6, "uninvited"]


def test_members_and_disciplines_come_to_one_conference_or_not(talk: Talk) -> None:
    talk.say("lea", "conference schedule Formulation every Friday 9-10 invites psychology")
    assert "- Ana Ruiz\n" in talk.say("lea", "conference invite C-1 @ana")
    said = talk.say("lea", "conference uninvite C-1 psychology")
    assert "Bo Lindqvist" in said
    assert "Cy Osei" in said
    shown = talk.say("bo", "conference show C-1")
    assert "Invited:\n- Ana Ruiz" in shown
    assert "Bo Lindqvist" not in shown
    assert "Ana Ruiz" not in talk.say("bo", "conference show C-2")
    assert talk.say("lea", "conference invite C-1 nobody").endswith(
        "Name a member, a discipline, a patient's code, or somebody outside with their mail address."
    )


def test_a_patient_comes_with_consent_and_for_one_conference_only(talk: Talk) -> None:
    code = cared_for(talk, "consent-team=no")
    assert talk.direct("lea", f"conference invite C-1 {code}") == (
        f"{code} has not agreed that the team shares what it knows: once they have, "
        f"`patient edit {code} consent-team yes`."
    )
    talk.direct("lea", f"patient edit {code} consent-team yes")
    assert talk.direct("lea", f"conference invite S-1 {code}").startswith("A patient comes to one conference")
    said = talk.say("lea", f"conference invite C-1 {code}")
    assert f" (patient {code})\n" in said
    assert "⚠️ An interpreter is needed." in said
    (guest,) = guests(talk, "C-1").values()
    assert (guest.name, guest.email, guest.language, guest.interpreter, guest.patient) == (
        "Tess Testcase", "tess@home.example", "ar", True, code,
    )  # fmt: skip
    assert talk.say("lea", f"conference invite C-1 {code}").endswith("already.")
    assert guests(talk, "C-2") == {}


def test_nothing_that_identifies_a_patient_or_carer_comes_into_a_room(talk: Talk) -> None:
    code = cared_for(talk, "consent-team=yes consent-outside=yes")
    talk.direct("lea", f"conference invite C-1 {code}")
    talk.direct("lea", f"conference invite C-1 {code} carer 'Max Muster' mail max@home.example")
    talk.say("lea", "conference lengthen C-1 90 min")
    shown = talk.say("bo", "conference show C-1")
    assert f"(patient {code})" in shown
    assert f"(a carer of {code})" in shown
    rooms = [plain(each.card) for each in talk.messages[ROOM].values()]
    for said in (shown, *rooms, *talk.journal("C-1")):
        for secret in ("Tess", "Testcase", "Max", "Muster", "home.example"):
            assert secret not in said
    reply = talk.ask("bo", f"conference invite C-1 {code}", lane=own("bo"))
    assert reply.outcome is Outcome.REFUSED


def test_consent_taken_back_ends_what_is_to_come_and_the_lead_hears_of_it(talk: Talk) -> None:
    code = cared_for(talk, "consent-team=yes consent-outside=yes")
    for ref in ("C-1", "C-2"):
        talk.direct("lea", f"conference invite {ref} {code}")
    talk.direct("lea", f"conference invite C-2 {code} carer 'Max Muster' mail max@home.example")
    talk.direct("lea", f"patient edit {code} consent-outside no")
    assert [each.kind for each in guests(talk, "C-2").values()] == [Kind.PATIENT]
    talk.until(talk.now.replace(day=5))
    talk.hear()
    talk.direct("lea", f"patient edit {code} consent-team no")
    assert guests(talk, "C-2") == {}
    assert len(guests(talk, "C-1")) == 1, "what is past stays as it was"
    assert talk.told("lea") == [f"{code} takes consent back"]
    assert "Tess" not in "".join(talk.private("lea")[-1:])


def test_who_is_not_on_the_care_team_can_not_invite_the_patient(talk: Talk) -> None:
    code = talk.patient(who="ana", more="consent-team=yes email=t@home.example")
    talk.say("lea", SERIES)
    assert talk.direct("lea", f"conference invite C-1 {code}").startswith("You are not on the care team of")


def test_nobody_is_invited_to_what_is_over(quick: Talk) -> None:
    quick.say("lea", SERIES)
    quick.say("lea", "conference cancel C-1")
    assert quick.say("lea", "conference invite C-1 @ana") == (
        "C-1 is not to come any more: nobody can be invited to it, or taken off."
    )
