"""Matrix as people meet it: lines, reactions, rooms and invitations, on a real homeserver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.matrix.membership import MOST_REPORTS
from cards.card import Detail
from storage.tables import PatientRow
from tests.matrix_bot import MatrixBot, eventually
from tests.matrix_homeserver import fresh_person
from tests.matrix_person import MatrixPerson
from tests.matrix_scene import Scene, scene

pytestmark = pytest.mark.usefixtures("homeserver")


@pytest.fixture
def bot(sqlite_url: str, tmp_path: Path) -> MatrixBot:
    return MatrixBot(sqlite_url, tmp_path / "data")


@pytest.fixture
def team(bot: MatrixBot) -> Iterator[Scene]:
    with scene(bot) as made:
        yield made


@pytest.fixture
def bo(team: Scene) -> Iterator[MatrixPerson]:
    """Somebody else in the room, who is a psychologist of the team."""
    person = fresh_person("bo")
    team.ana.invite(team.room, person.user_id)
    person.join(team.room)
    team.ask("!care team join psychologist", person)
    yield person
    person.close()


def code_of(team: Scene) -> str:
    """A patient of Ana's, who is added where others read: the card comes in private."""
    answer = team.ask("!care patient add name='Tess Testcase' goal=walk")
    assert answer.body == "Answered in private: names are not for a room."
    return team.look(lambda clinic: clinic.rows.session.scalars(select(PatientRow.code)).one())


def test_a_line_in_a_room_begins_with_the_prefix_or_a_name(team: Scene) -> None:
    for said in ("!CARE: mine", f"{team.bot.user_id}: mine"):
        assert team.ask(said).body.startswith("Nothing waits for you")


def test_a_mention_makes_it_a_line_and_other_talk_is_left_alone(team: Scene) -> None:
    idle = team.ana.say(team.room, "Baton is late today")
    team.ana.send(team.room, "m.room.message", {"msgtype": "m.notice", "body": "!care mine"})
    asked = team.ana.say(team.room, "mine Baton", mentions=[team.bot.user_id])
    assert team.answer(asked).body.startswith("Nothing waits for you")
    answered = {
        message.thread for message in team.ana.messages(team.room) if message.sender == team.bot.user_id
    }
    assert idle not in answered
    assert len(team.answers(asked)) == 1


def test_what_was_said_before_the_bot_came_is_not_for_it(bot: MatrixBot) -> None:
    ana = fresh_person("ana")
    bot.start()
    room = ana.create_room("North team", encrypted=False)
    early = ana.say(room, "!care help")
    ana.invite(room, bot.user_id)
    ana.wait_for(room, lambda m: "I am Baton" in m.body)
    late = ana.say(room, "!care help mine")
    ana.wait_for(room, lambda m: m.thread == late)
    assert not [message for message in ana.messages(room) if message.thread == early]
    bot.stop()
    ana.close()


def test_a_reaction_in_any_skin_tone_presses_the_button(team: Scene, bo: MatrixPerson) -> None:
    team.ask(f"!care handoff offer {code_of(team)} bo 'low mood'")
    card = bo.wait_for(team.room, lambda m: m.body.startswith("H-1 ·") and "Accept 👍" in m.body)
    bo.react(team.room, card.event_id, "🎉")
    bo.react(team.room, card.event_id, "👍🏽")
    bo.wait_for(team.room, lambda m: m.event_id == card.event_id and "accepted by Bo" in m.body)
    assert team.journal("handoff accepted") == 1


def test_a_form_begun_in_a_thread_goes_on_after_a_restart(team: Scene) -> None:
    code = code_of(team)
    asked = team.ana.say(team.room, f"!care handoff offer {code}")
    first = team.answer(asked)
    assert "(2 of" in first.body
    team.bot.stop()
    team.ana.say(team.room, "not in the thread, so not an answer")
    team.bot.start()
    team.ana.say(team.room, "psychologist", thread=asked)
    second = team.ana.wait_for(team.room, lambda m: m.thread == asked and "(3 of" in m.body)
    # Where threads are not shown, one replies to the question.
    team.ana.say(team.room, "cancel", reply_to=second.event_id)
    team.ana.wait_for(team.room, lambda m: m.thread == asked and m.body.startswith("Stopped."))
    assert team.journal("handoff offered") == 0


def test_a_room_without_encryption_shows_codes_only(bot: MatrixBot) -> None:
    with scene(bot, encrypted=False) as team:
        known = team.look(lambda clinic: clinic.people.room("matrix", team.room))
        assert known is not None
        assert (known.encrypted, known.detail) == (False, Detail.CODE)
        bo = fresh_person("bo")
        team.ana.invite(team.room, bo.user_id)
        bo.join(team.room)
        team.ask("!care team join psychologist", bo)
        team.ana.say(team.room, f"!care handoff offer {code_of(team)} bo 'low mood'")
        shown = team.ana.wait_for(team.room, lambda m: m.body.startswith("H-1 ·"))
        assert "low mood" not in shown.body
        assert "not shown here" in shown.body
        bo.close()


def test_direct_messages_are_encrypted_and_need_no_prefix(team: Scene) -> None:
    direct = team.ana.direct_room(team.bot.user_id)
    team.ana.wait_for(direct, lambda m: "what you can do" in m.body.lower() or "Help" in m.body)
    team.ana.say(direct, "mine")
    answer = team.ana.wait_for(direct, lambda m: m.body.startswith("Nothing waits for you"))
    assert (answer.thread, answer.encrypted, answer.decrypted) == (None, True, True)
    plain = team.ana.direct_room(team.bot.user_id, encrypted=False)
    team.ana.wait_until(lambda: team.bot.user_id in team.ana.members(plain), "the bot to come")
    team.ana.say(plain, "mine")
    team.ana.wait_for(plain, lambda m: "I answer you in an encrypted room" in m.body)
    assert len(team.from_bot(plain)) == 1
    assert eventually(lambda: sum("Nothing waits" in body for body in team.from_bot(direct)) == 2)


def test_the_bot_makes_one_direct_room_and_asks_again_who_left_it(team: Scene, bo: MatrixPerson) -> None:
    direct = bo.join_next()
    assert bo.wait_for(direct, lambda m: m.body.startswith("Bo")).decrypted
    assert direct in {room for room in bo.client.rooms if bo.client.rooms[room].encrypted}
    bo.leave(direct)
    team.ask("!care team role bo nurse")
    assert bo.join_next() == direct


def test_invitations_from_others_are_refused_and_reported(sqlite_url: str, tmp_path: Path) -> None:
    ana, eve = fresh_person("ana"), fresh_person("eve")
    admins = ana.create_room("Admins")
    bot = MatrixBot(
        sqlite_url, tmp_path / "data", matrix_allowed=(ana.user_id,), matrix_admin_room=admins
    ).start()
    ana.invite(admins, bot.user_id)
    ana.wait_for(admins, lambda m: "I am Baton" in m.body)

    def reports() -> list[str]:
        return [m.body for m in ana.messages(admins) if "I refused" in m.body]

    def invited(number: int) -> str:
        room = eve.create_room(f"Lure {number}", invite=[bot.user_id])
        eve.wait_until(lambda: eve.client.rooms[room].member_count == 1, "the refusal")
        assert eve.messages(room) == []
        return room

    for number in range(MOST_REPORTS):
        room = invited(number)
        report = ana.wait_for(admins, lambda m, r=room: r in m.body)  # type: ignore[misc]
        assert report.body.startswith("I refused an invitation")
        assert eve.user_id in report.body
    before = reports()
    assert len(before) == MOST_REPORTS
    others = [invited(number) for number in range(MOST_REPORTS, MOST_REPORTS + 2)]
    more = ana.wait_for(admins, lambda m: "I refused more invitations" in m.body)
    assert eve.user_id in more.body
    asked = ana.say(admins, "!care help mine")
    ana.wait_for(admins, lambda m: m.thread == asked)
    assert reports() == [*before, more.body]
    assert not any(room in more.body for room in others)
    bot.stop()
    ana.close()
    eve.close()


def test_who_leaves_the_room_leaves_the_team(team: Scene, bo: MatrixPerson) -> None:
    bo.leave(team.room)
    assert eventually(lambda: team.journal("team leave") == 1)
    member = team.look(lambda clinic: clinic.people.by_account("matrix", bo.user_id))
    assert member is not None
    assert team.look(lambda clinic: clinic.people.teams_of(member.id)) == []


def test_the_lead_is_told_that_the_bot_was_put_out_and_it_may_come_back(team: Scene) -> None:
    team.ana.kick(team.room, team.bot.user_id)
    direct = team.ana.join_next()
    team.ana.wait_for(direct, lambda m: "Baton was removed from a Matrix room of North" in m.body)
    team.tell("nobody is there to read this")
    team.ana.wait_for(direct, lambda m: "Baton is not in that room" in m.body)
    team.ana.invite(team.room, team.bot.user_id)
    team.ana.wait_for(team.room, lambda m: m.body.startswith("Baton is back"))
    assert "nobody is there to read this" not in "".join(team.from_bot())


def test_who_left_while_the_bot_was_out_of_the_room_has_left_the_team(team: Scene, bo: MatrixPerson) -> None:
    team.ana.kick(team.room, team.bot.user_id)
    team.ana.wait_for(team.ana.join_next(), lambda m: "Baton was removed" in m.body)
    bo.leave(team.room)
    team.ana.invite(team.room, team.bot.user_id)
    team.ana.wait_for(team.room, lambda m: m.body.startswith("Baton is back"))
    assert eventually(lambda: team.journal("team leave") == 1)
    member = team.look(lambda clinic: clinic.people.by_account("matrix", bo.user_id))
    assert member is not None
    assert team.look(lambda clinic: clinic.people.teams_of(member.id)) == []


def test_who_left_while_the_bot_was_down_has_left_the_team(team: Scene, bo: MatrixPerson) -> None:
    team.bot.stop()
    bo.leave(team.room)
    team.bot.start()
    assert eventually(lambda: team.journal("team leave") == 1)
    team.ask("!care team show")
    assert team.journal("team leave") == 1, "ana is there"


def test_edits_and_deletions_of_what_was_asked_are_noted(team: Scene, bo: MatrixPerson) -> None:
    asked = team.ask("!care mine").thread
    assert asked
    idle = team.ana.say(team.room, "see you at noon")
    team.ana.say(team.room, "!care team show", edit_of=asked)
    bo.say(team.room, "!care team show", edit_of=asked)  # not his to edit
    team.ana.say(team.room, "see you at one", edit_of=idle)
    team.ana.redact(team.room, asked)
    team.ask("!care mine")
    assert (team.journal("message edited"), team.journal("message deleted")) == (1, 1)
    assert len(team.answers(asked)) == 1, "what was done stays, and an edit asks nothing anew"


def test_a_new_device_of_a_member_reads_what_comes(team: Scene) -> None:
    phone = MatrixPerson(team.ana.client.homeserver, team.ana.user_id, team.ana.password).login()
    asked = phone.say(team.room, "!care mine")
    heard = phone.wait_for(team.room, lambda m: m.thread == asked)
    assert (heard.decrypted, heard.body) == (True, team.answer(asked).body)
    phone.close()


def test_what_comes_in_clear_in_an_encrypted_room_is_not_acted_upon(team: Scene) -> None:
    path = f"/_matrix/client/v3/rooms/{team.room}/send/m.room.message/clear-1"
    content = '{"msgtype": "m.text", "body": "!care team leave"}'
    headers = {"Authorization": f"Bearer {team.ana.client.access_token}"}
    team.ana.run(team.ana.client.send("PUT", path, content, headers))
    team.ana.wait_for(team.room, lambda m: "This came without encryption" in m.body)
    assert team.journal("team leave") == 0


def test_encryption_turned_on_later_is_known(bot: MatrixBot) -> None:
    with scene(bot, encrypted=False) as team:
        turn_on = team.ana.client.room_put_state(
            team.room, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}
        )
        team.ana.run(turn_on)
        said = team.ana.wait_for(team.room, lambda m: "This room is encrypted now" in m.body)
        assert said.encrypted
        known = team.look(lambda clinic: clinic.people.room("matrix", team.room))
        assert known is not None
        assert (known.encrypted, known.detail) == (True, Detail.CODE)
