"""Who may do what: every command against every role, as the definition says; roles given and lost."""

import pytest

from handlers.command import ANYONE, TEAM
from handlers.menu import MENU
from handlers.request import Outcome
from pathway.definition import Definition, shipped
from storage.outbox import Lane
from tests.handlers.talk import Talk, own, text

ROLE_OF = {"ana": "physiotherapist", "bo": "psychologist", "dee": "coordinator", "lea": "lead", "eli": ""}
NEEDS_MORE = [command for command in MENU if any(field.required for field in command.fields)]
MANY = {role.id: role.id for role in shipped().roles if role.id != "lead"}


def allowed(talk: Talk, who: str, name: str) -> bool:
    """Whether a command's form is opened for somebody, rather than refused."""
    reply = talk.ask(who, name, forms=True)
    assert reply.outcome in (Outcome.FORM, Outcome.REFUSED), (who, name, reply)
    return reply.outcome is Outcome.FORM


@pytest.mark.parametrize("who", ROLE_OF)
def test_every_command_against_every_kind_of_member(who: str, quick: Talk) -> None:
    role = shipped().role(ROLE_OF[who]) if ROLE_OF[who] else None
    for command in NEEDS_MORE:
        may = command.may == ANYONE or (role is not None and (command.may == TEAM or command.may in role.may))
        assert allowed(quick, who, command.name) == may, command.name


def test_the_matrix_of_the_shipped_roles(quick: Talk) -> None:
    for who, role in MANY.items():
        quick.say(who, f"team join {role}")
    names = {
        "handoff offer": "handoff",
        "patient show": "patients",
        "patient find": "names",
        "team role": "lead",
    }
    for who, role in MANY.items():
        found = shipped().role(role)
        assert found is not None
        assert {name: allowed(quick, who, name) for name in names} == {
            name: may in found.may for name, may in names.items()
        }, role


def test_what_a_refusal_says(quick: Talk) -> None:
    assert quick.say("dee", "handoff accept H-1") == (
        "As coordinator you can't use `handoff accept` here.\n\n"
        "The pathway definition says who may; the lead can change your role with `team role`.\n\n"
        "1. What can I do here? — help"
    )
    assert quick.direct("eli", "handoff list").startswith("I don't know you yet.")
    quick.direct("eli", "help")
    assert quick.say("eli", "handoff list").startswith("`handoff list` needs a role in the team.")


def test_the_leads_role_is_not_taken_but_given(quick: Talk) -> None:
    assert quick.say("ana", "team join lead") == (
        "Only the lead can make somebody a team lead: `team role @you lead`."
    )
    quick.say("lea", "team role @ana lead")
    assert quick.told("ana") == ["You are now team lead in North team"]
    assert quick.say("ana", "team role @lea physio") == "Lea Brandt is now physiotherapist."
    assert quick.say("lea", "team lead ana") == "Ana Ruiz leads North team now.", (
        "named, and so still the lead"
    )
    assert quick.say("lea", "team lead lea").startswith("As physiotherapist you can't")


def test_the_role_that_the_lead_gave_is_not_undone_by_joining_again(talk: Talk) -> None:
    talk.say("lea", "team role @ana coordinator")
    talk.hear()
    assert talk.say("ana", "team join physiotherapist") == (
        "Only the lead can change your role: ask Lea Brandt to type `team role @you physiotherapist`."
    )
    assert talk.say("ana", "team join pain-specialist").startswith("Only the lead can change your role")
    assert talk.say("ana", "handoff accept H-1").startswith("As coordinator you can't")
    assert (talk.told("lea"), talk.told("ana")) == ([], [])
    assert talk.say("ana", "team join coordinator").startswith("Ana Ruiz is now coordinator in North team.")
    assert talk.say("lea", "team join physio").startswith("Lea Brandt is now physiotherapist in North team.")
    assert talk.say("lea", "team join lead").startswith("Lea Brandt is now team lead in North team.")


def test_a_role_of_one_team_does_nothing_in_another(quick: Talk) -> None:
    south = Lane("slack", "C-south")
    quick.room_known(south, "")
    quick.ask("eli", "team setup name='South team' phone=1 role=physio", lane=south)
    for who, role in (("dee", "psychologist"), ("ana", "coordinator"), ("cy", "psychologist")):
        quick.ask(who, f"team join {role}", lane=south)
    code = quick.ask("eli", "patient add name='Sam Sample' goal='swim'", lane=south).card
    assert code is not None
    ref = code.title.removeprefix("Patient ")
    quick.ask("eli", f"handoff offer {ref} dee 'pain'", lane=south)

    said = "H-1 belongs to South team, where your role can't do that."
    assert quick.say("ana", "handoff accept H-1") == said
    assert quick.direct("ana", "handoff accept H-1") == said
    assert quick.say("bo", "handoff show H-1") == "That belongs to the team South team, which you are not in."
    outsider = quick.say("bo", f"break-glass {ref} 'on duty'")
    assert outsider == f"No team of yours has a patient {ref}: check the code with whoever gave it to you."
    assert quick.direct("bo", "break-glass P-7K3K 'on duty'").replace("P-7K3K", ref) == outsider
    assert "accepted by Dee Park" in quick.direct("dee", "handoff accept H-1"), "who may there may in private"


def test_an_invitation_is_sent_again_only_by_who_plans_conferences_in_its_team(quick: Talk) -> None:
    south = Lane("slack", "C-south")
    quick.room_known(south, "")
    quick.ask("eli", "team setup name='South team' phone=1 role=physio", lane=south)
    quick.ask("dee", "team join physio", lane=south)
    quick.ask("eli", "conference schedule Board thu 14:00-15:00", lane=south)
    assert quick.direct("dee", "invite again C-1 I-1") == "In South team your role can't plan conferences."
    assert quick.direct("bo", "invite again C-1 I-1").startswith("As psychologist you can't use")
    assert quick.direct("eli", "invite again C-1 I-1") == "I-1 was sent nothing about C-1."


def test_a_role_that_has_nothing_to_do_with_patients_sees_none(sqlite_url: str) -> None:
    whole = shipped()
    roles = tuple(
        role.model_copy(update={"may": role.may - {"patients", "names"}})
        if role.id == "coordinator"
        else role
        for role in whole.roles
    )
    changed = Definition.model_validate({**dict(whole), "roles": roles})
    talk = Talk(sqlite_url, definition=changed)
    talk.team()
    code = talk.patient()
    talk.direct("ana", f"patient let in {code} dee")
    south = Lane("slack", "C-south")
    talk.room_known(south, "")
    talk.ask("dee", "team setup name='South team' phone=1 role=physio", lane=south)
    for lane in (south, own("dee")):
        said = talk.ask("dee", f"patient show {code}", lane=lane)
        assert text(said).startswith(f"You are not on the care team of {code}, or there is no such patient.")
    assert talk.say("dee", f"patient show {code}").startswith("As coordinator you can't use `patient show`")


def test_in_several_teams_private_answers_and_lists_work(quick: Talk) -> None:
    south = Lane("slack", "C-south")
    quick.room_known(south, "")
    quick.ask("eli", "team setup name='South team' phone=1 role=physio", lane=south)
    quick.ask("bo", "team join psychologist", lane=south)
    code = quick.patient()
    quick.direct("ana", f"handoff offer {code} bo 'low mood'")
    quick.hear()
    assert f"H-1 ({code}), offered: your answer, due tomorrow 09:30" in quick.direct("bo", "mine")
    quick.press("bo", "Decline")
    quick.direct("bo", "I am full")
    assert quick.told("cy") == [f"H-1 · {code} · offered"]
    assert "covers for you" in quick.direct("bo", "away until friday cover @cy")
    assert quick.direct("bo", "back").startswith("Welcome back.")
