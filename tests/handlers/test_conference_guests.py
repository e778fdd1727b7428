"""Whom of the team a series invites, as people come, change their role, and leave."""

from handlers.conferences.expected import expected
from pathway.invitee import Answer, member_key
from tests.handlers.talk import Talk

SERIES = "conference schedule MSK conference every Tuesday 12:30-13:30 Europe/London from 4 Mar"
PSYCHOLOGY = "conference schedule Formulation every Friday 9-10 invites psychology"


def invited(talk: Talk, series: int = 1) -> list[str]:
    with talk.store.clinic(talk.now) as clinic:
        return sorted(each.name.split()[0] for each in clinic.invitees.of_series(series))


def invited_to(talk: Talk, who: str) -> list[str]:
    key = member_key(talk.id(who))
    with talk.store.clinic(talk.now) as clinic:
        return sorted(clinic.invitees.invited_to(key)[1])


def test_who_joins_is_invited_and_who_leaves_is_not_any_more(talk: Talk) -> None:
    talk.say("lea", SERIES)
    talk.say("lea", PSYCHOLOGY)
    assert (invited(talk), invited(talk, 2)) == (["Ana", "Bo", "Cy", "Dee", "Lea"], ["Bo", "Cy"])
    talk.say("eli", "team join psychologist")
    assert (invited(talk), invited(talk, 2)) == (
        ["Ana", "Bo", "Cy", "Dee", "Eli", "Lea"],
        ["Bo", "Cy", "Eli"],
    )
    talk.say("bo", "team leave")
    assert (invited(talk), invited(talk, 2)) == (["Ana", "Cy", "Dee", "Eli", "Lea"], ["Cy", "Eli"])


def test_who_joins_later_is_invited_to_conferences_of_no_series_too_but_not_to_those_of_others(
    talk: Talk,
) -> None:
    talk.say("lea", "conference schedule Board thu 14:00-15:00")
    talk.say("lea", "conference schedule Formulation thu 16:00-17:00 invites psychology")
    talk.say("lea", "conference schedule Past today 10:30-11:00")
    talk.say("lea", "conference poll Extra at fri 9:00")
    talk.say("lea", "poll take T-1 1")
    talk.say("lea", "conference schedule Off fri 14:00-15:00")
    talk.say("lea", "conference cancel C-5")
    talk.pass_time(60)
    talk.say("eli", "team join physiotherapist")
    assert invited_to(talk, "eli") == ["C-1", "C-4"]
    talk.say("lea", "team role @eli psychologist")
    assert invited_to(talk, "eli") == ["C-1", "C-2", "C-4"]
    talk.say("lea", "conference uninvite C-1 @eli")
    talk.say("lea", "team role @eli physiotherapist")
    assert invited_to(talk, "eli") == ["C-4"], "whom the lead took off stays off"
    talk.say("eli", "team leave")
    assert invited_to(talk, "eli") == []


def test_the_card_says_who_is_expected_as_soon_as_somebody_is_invited_or_not_any_more(talk: Talk) -> None:
    talk.say("lea", "conference schedule Formulation fri 9-10 invites psychology")
    assert "Expected:\n- Psychology: 2 not answered" in talk.card("C-1")
    talk.say("lea", "conference invite C-1 Dr Gray gray@practice.example")
    assert "Expected:\n- Psychology: 2 not answered\n- Others: 1 not answered" in talk.card("C-1")
    talk.say("eli", "team join psychologist")
    assert "- Psychology: 3 not answered" in talk.card("C-1")
    talk.say("lea", "conference uninvite C-1 psychology")
    assert "Expected:\n- Others: 1 not answered" in talk.card("C-1")


def test_another_role_is_another_discipline(talk: Talk) -> None:
    talk.say("lea", SERIES)
    talk.say("lea", PSYCHOLOGY)
    talk.say("lea", "team role @ana psychologist")
    talk.say("lea", "team role @cy physiotherapist")
    assert (invited(talk), invited(talk, 2)) == (["Ana", "Bo", "Cy", "Dee", "Lea"], ["Ana", "Bo"])
    with talk.store.clinic(talk.now) as clinic:
        disciplines = {each.name.split()[0]: each.discipline for each in clinic.invitees.of_series(1)}
    assert (disciplines["Ana"], disciplines["Cy"]) == ("psychology", "physiotherapy")


def test_who_declined_or_is_away_is_not_expected(talk: Talk) -> None:
    talk.say("lea", SERIES)
    talk.direct("ana", "away until wednesday 9am")
    cy = talk.id("cy")
    with talk.store.clinic(talk.now) as clinic:
        series, first = clinic.series.find("S-1"), clinic.conferences.find("C-1")
        assert series is not None
        assert first is not None
        clinic.invitees.put_answer(series, member_key(cy), Answer.DECLINED, 0, talk.now, "chat", now=talk.now)
    with talk.store.clinic(talk.now) as clinic:
        roster = clinic.people.roster("north-team")
        answers = clinic.invitees.answers(first)
        coming = [roster.name(each.member) for each in expected(first, roster, clinic.definition, answers)]
        assert coming == ["Lea Brandt", "Bo Lindqvist", "Dee Park"]
        assert len(expected(first, roster, clinic.definition)) == 4
