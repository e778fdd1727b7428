"""Offering a patient: whom it goes to, who hears of it, and what the cards show to whom."""

import pytest

from tests.handlers.talk import ROOM, Talk, own


def test_an_offer_is_asked_in_private_and_stands_in_the_channel_by_code(talk: Talk) -> None:
    code = talk.patient(more="consent-team=yes language=pl interpreter=yes")

    answer = talk.direct("ana", f"handoff offer {code.lower()} @bo soon 'PHQ-9 14, sleeps badly' told=yes")

    assert talk.card("H-1") == (
        f"H-1 · {code} · offered\n\n"
        "H-1 waits for an answer from Bo Lindqvist, until today 14:00.\n\n"
        f"Patient: {code}\nFrom: Ana Ruiz, today 10:00\nTo: Bo Lindqvist\nUrgency: Soon\n\n"
        "The rest is not shown here: write `handoff show H-1` to Baton in a direct message.\n\n"
        "1. Accept 👍 — handoff accept H-1\n2. Ask ❓ — handoff ask H-1\n"
        "3. Decline 👎 — handoff decline H-1\n4. Cancel — handoff cancel H-1"
    )
    assert talk.card("H-1", own("bo")) == answer
    assert answer == (
        f"H-1 · {code} · offered\n\n"
        "> What matters most to them: Lift my grandson again\n\n"
        "H-1 waits for an answer from Bo Lindqvist, until today 14:00.\n\n"
        f"Patient: {code}\nFrom: Ana Ruiz, today 10:00\nTo: Bo Lindqvist\nUrgency: Soon\n\n"
        "Illness severity: Routine\nPatient summary: PHQ-9 14, sleeps badly\n"
        "Language: Polish; needs an interpreter\nTold?: The patient knows about this handoff.\n\n"
        "1. Accept 👍 — handoff accept H-1\n2. Ask ❓ — handoff ask H-1\n"
        "3. Decline 👎 — handoff decline H-1\n4. Cancel — handoff cancel H-1"
    )
    assert (talk.told("bo"), talk.told("cy"), talk.told("ana")) == ([f"H-1 · {code} · offered"], [], [])
    assert talk.messages[own("bo")][next(reversed(talk.messages[own("bo")]))].called == ("U-bo",)
    assert talk.journal("H-1") == ["handoff offered"]


def test_an_offer_to_a_role_asks_all_who_hold_it(talk: Talk) -> None:
    code = talk.patient()
    talk.say("ana", f"handoff offer {code} psychologists 'low mood'")
    assert (talk.told("bo"), talk.told("cy")) == ([f"H-1 · {code} · offered"],) * 2
    assert "from Bo Lindqvist, Cy Osei" in talk.card("H-1")
    assert "To: Any psychologist" in talk.card("H-1")


def test_an_emergency_says_first_whom_to_ring(quick: Talk) -> None:
    code = quick.patient()
    quick.say("ana", f"handoff offer {code} bo emergency 'saddle numbness'")
    first = (
        "⚠️ If life or limb is at risk, call the local emergency number now. Baton does not call anyone. (999)"
    )
    for lane in (ROOM, own("bo")):
        assert quick.card("H-1", lane).split("\n\n")[1] == first


def test_missing_consent_is_said_to_the_sender(quick: Talk) -> None:
    code = quick.patient()
    answer = quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    assert (
        f"⚠️ Consent to share in the team is not noted yet: `patient edit {code} consent-team yes`." in answer
    )


BO_IS_AWAY = "Bo Lindqvist is away until Fri 7 Mar 09:00, so this went to Cy Osei."


@pytest.mark.parametrize(
    ("before", "to", "note", "told"),
    [
        ("away until friday cover @cy", "bo", BO_IS_AWAY, "cy"),
        ("away until friday cover @ana", "bo", BO_IS_AWAY, "cy"),
        ("away until friday", "bo", BO_IS_AWAY, "cy"),
        ("help", "pharmacist", "Nobody of them is here now, so this went to Lea Brandt.", "lea"),
    ],
)
def test_who_is_not_here_is_stood_in_for_at_once(
    quick: Talk, before: str, to: str, note: str, told: str
) -> None:
    code = quick.patient()
    quick.direct("bo", before)
    quick.hear()
    assert note in quick.direct("ana", f"handoff offer {code} {to} 'low mood'")
    assert {who: quick.told(who) for who in ("bo", "cy", "lea")} == {
        "bo": [], "cy": [], "lea": [], told: [f"H-1 · {code} · offered"]
    }  # fmt: skip


def test_an_offer_to_oneself_to_a_coordinator_or_to_a_stranger_is_refused(quick: Talk) -> None:
    code = quick.patient()
    quick.hear()
    assert quick.direct("ana", f"handoff offer {code} me 'x'") == (
        "You can't hand a patient over to yourself: name somebody else, or a role."
    )
    for to, whom in (("dee", "Dee Park"), ("coordinator", "A coordinator")):
        assert quick.direct("ana", f"handoff offer {code} {to} 'x'") == (
            f"{whom} can't take a patient over, by the pathway: name a clinician, or a role."
        )
    assert "“Zoe” is neither a person in this team nor a role" in quick.direct(
        "ana", f"handoff offer {code} Zoe summary='x'"
    )
    assert all(quick.told(who) == [] for who in ("ana", "bo", "cy", "dee", "lea"))
    assert quick.heard() == []


def test_with_only_the_sender_left_the_channel_is_rung_at_once(quick: Talk) -> None:
    code = quick.patient("lea")
    quick.direct("bo", "away until friday")
    quick.direct("cy", "away until friday")
    quick.direct("ana", "away until friday")
    quick.hear()
    answer = quick.direct("lea", f"handoff offer {code} psychologist 'low mood'")
    assert "Nobody of them is here now, so this went to the whole channel." in answer
    assert quick.heard() == [f"H-1 · {code} · offered", f"Nobody has taken H-1 ({code}) yet"]
    assert quick.told("dee") == [], "a coordinator can't take patients over, and is not asked to"
    quick.pass_time(5000)
    assert quick.handoff().state == "expired"
    assert f"Nobody took H-1 ({code})" in quick.heard()


def test_quiet_hours_hold_what_is_routine_and_nothing_that_is_urgent(talk: Talk) -> None:
    talk.forward(11 * 60)  # 21:00
    code = talk.patient()
    talk.hear()
    talk.direct("ana", f"handoff offer {code} bo 'low mood'")
    talk.direct("ana", f"handoff offer {code} cy emergency 'saddle numbness'")
    assert (talk.told("bo"), talk.told("cy")) == ([], [f"H-2 · {code} · offered"])
    talk.direct("ana", "handoff cancel H-2 'meant for tomorrow'")
    talk.hear()
    talk.direct("cy", "handoff ask H-1 'anything for sleep?'")
    assert talk.told("ana") == [], "a question about something routine waits as well"
    talk.forward(9 * 60 + 59)  # 06:59
    assert (talk.told("bo"), talk.told("ana")) == ([], [])
    talk.forward(1)
    assert talk.told("bo") == [f"H-1 · {code} · question asked"]
    assert talk.told("ana") == ["Cy Osei asks you about H-1"]


def test_an_acceptance_at_night_takes_back_what_waits_for_the_morning(talk: Talk) -> None:
    talk.forward(11 * 60)
    code = talk.patient()
    talk.direct("ana", f"handoff offer {code} psychologist 'low mood'")
    talk.direct("cy", "handoff accept H-1")
    talk.hear()
    talk.forward(10 * 60)
    assert (talk.told("bo"), talk.told("ana")) == ([], ["H-1 was accepted"])
    assert not any("H-1" in each for each in talk.private("bo"))
