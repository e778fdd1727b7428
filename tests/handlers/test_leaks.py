"""No name, and nothing that was written, gets into a room at code level, a title or a notice."""

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing

import pytest
from sqlalchemy import select

from cards.card import Card
from cards.wire import loads
from storage.database import work
from storage.tables import OutgoingRow
from tests.databases import SqliteFiles
from tests.handlers.talk import ROOM, Talk, own

IDENTITY = {
    "name": "Quillonia Testcase", "record": "MRN-99999", "born": "1961-12-03", "phone": "01632 960888",
    "email": "quill@example.org", "newname": "Zephyrine",
}  # fmt: skip
CLINICAL = {
    "goal": "dance the mazurka", "edited": "sing again", "summary": "saddle numbness",
    "actions": "ring her son", "contingency": "bladder trouble", "question": "which tablets",
    "reply": "blue ones", "reason": "a full diary", "readback": "numb since Sunday",
    "correction": "since Friday", "met": "brother in law", "outcome": "booked Tuesday",
    "glass": "screaming neighbour", "worry": "cannot lift the foot", "done": "foot drop splinted",
    "why": "an old weakness", "bruises": "bruised by a cousin",
    "planned": "mend the fence", "because": "pride in the garden", "todo": "ring the social club",
    "came": "the club has a seat", "waits": "a letter from the club", "progressed": "two posts stand",
    "otherwise": "paint the fence", "third": "burn the fence",
}  # fmt: skip
WRITTEN = IDENTITY | CLINICAL


def said_in(words: Mapping[str, str], texts: Iterable[str]) -> list[str]:
    """The names of these words of which one of the texts has any."""
    together = "\n".join(texts)
    return [name for name, word in words.items() if word in together]


def live(talk: Talk) -> str:
    """A whole handoff, with everything that can be written about it; the patient's code."""
    w = WRITTEN
    code = talk.patient(
        "ana",
        f"name='{w['name']}' goal='{w['goal']}' record={w['record']} born={w['born']} "
        f"phone='{w['phone']}' email={w['email']} language=pl consent-team=yes",
    )
    offer = f"handoff offer {code} {{}} '{w['summary']}' '{w['actions']}' '{w['contingency']}' told=yes"
    steps = [
        ("ana", offer.format("bo")),
        ("bo", f"handoff ask H-1 '{w['question']}'"),
        ("ana", f"handoff reply H-1 '{w['reply']}'"),
        ("bo", f"handoff decline H-1 '{w['reason']}'"),
        ("cy", "handoff accept H-1"),
        ("cy", f"handoff giveback H-1 '{w['reason']}'"),
        ("lea", "handoff accept H-1"),
        ("lea", f"handoff readback H-1 '{w['readback']}'"),
        ("ana", f"handoff correct H-1 '{w['correction']}'"),
        ("lea", f"handoff readback H-1 '{w['readback']}'"),
        ("lea", f"handoff introduce H-1 phone now '{w['met']}'"),
        ("lea", f"handoff complete H-1 '{w['outcome']}'"),
        ("bo", f"break-glass {code} '{w['glass']}'"),
        ("ana", f"patient edit {code} goal '{w['edited']}'"),
        ("ana", f"patient edit {code} name '{w['newname']}'"),
        ("ana", offer.format("bo")),
        ("ana", offer.format("psychologist emergency")),
        ("ana", offer.format("cy")),
        ("ana", f"handoff cancel H-4 '{w['reason']}'"),
        ("ana", f"flag {code} '{w['worry']}' urgent psychologist"),
        ("bo", "flag claim F-1"),
        ("bo", "flag snooze F-1 in 10 min"),
        ("bo", f"flag resolve F-1 '{w['done']}'"),
        ("ana", f"flag {code} '{w['worry']}' soon psychologist"),
        ("cy", f"flag dismiss F-2 '{w['why']}'"),
        ("ana", f"flag {code} '{w['worry']}' emergency psychologist"),
        ("ana", f"flag {code} '{w['bruises']}' emergency psychologist yes"),
        ("ana", f"patient let in {code} cy"),
        ("ana", f"plan goal {code} '{w['planned']}'"),
        ("ana", f"plan decide {code} '{w['planned']}' because '{w['because']}'"),
        ("ana", f"action add {code} cy '{w['todo']}' by friday decision E-2"),
        ("cy", "action confirm A-1"),
        ("cy", f"action block A-1 '{w['waits']}'"),
        ("cy", "action unblock A-1"),
        ("cy", f"action done A-1 '{w['came']}'"),
        ("ana", f"action add {code} bo '{w['todo']}' by tomorrow"),
        ("ana", f"plan progress E-1 '{w['progressed']}'"),
        ("cy", f"plan change E-1 '{w['otherwise']}'"),
        ("ana", f"plan change E-1@1 '{w['third']}'"),
        ("ana", f"plan barrier {code} '{w['waits']}'"),
        ("ana", f"plan refer {code} '{w['planned']}'"),
        ("ana", "undo"),
        ("cy", "away until friday cover @bo"),
        ("bo", "team leave"),
    ]
    for who, line in steps:
        reply = talk.ask(who, line, lane=own(who), posts=True)
        assert reply.outcome == "done", (line, reply)
    for line in (
        "patient show {}",
        "patient timeline {}",
        "handoff show H-2",
        "flag show F-1",
        "handoff list team",
        "plan show {}",
        "plan history {}",
        "plan diff {} 1",
        "action list team",
        "action show A-1",
        "report decisions",
        "mine",
    ):
        talk.ask("ana", line.format(code), posts=True)
    talk.pass_time(5 * 24 * 60)
    return code


def posted(talk: Talk) -> list[tuple[str, Card]]:
    """Every post that was ever put in line: where to, and what it says."""
    with work(talk.store.engine) as session:
        rows = session.scalars(select(OutgoingRow)).all()
    told = ((row.target, json.loads(talk.store.keyring.open(row.sealed_payload))) for row in rows)
    return [(target, loads(each["card"])) for target, each in told]


@pytest.fixture(scope="module")
def lived(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """A team that has lived through all of it."""
    talk = Talk(sqlite_files.fresh(tmp_path_factory.mktemp("leaks")))
    talk.team()
    live(talk)
    return talk


def test_rooms_at_code_level_get_codes_only(lived: Talk) -> None:
    cards = [str(card) for target, card in posted(lived) if target == ROOM.target]
    assert len(cards) > 20
    assert said_in(WRITTEN, cards) == []


def test_titles_notices_and_buttons_are_codes_only_everywhere(lived: Talk) -> None:
    said = [f"{card.title} {card.notice} {[each.says for each in card.choices]}" for _, card in posted(lived)]
    assert said_in(WRITTEN, said) == []


def test_private_messages_never_name_the_patient_unless_the_setting_lets_them(lived: Talk) -> None:
    cards = [str(card) for target, card in posted(lived) if target != ROOM.target]
    assert said_in(IDENTITY, cards) == []
    assert said_in(CLINICAL, cards) == list(CLINICAL), "all of it was told to somebody"


def test_who_was_never_asked_gets_no_word_of_it(lived: Talk) -> None:
    assert (
        said_in(WRITTEN, [str(card) for target, card in posted(lived) if target == own("dee").target]) == []
    )


def test_no_column_that_is_open_holds_a_word_of_it(lived: Talk) -> None:
    with closing(sqlite3.connect(str(lived.store.engine.url.database))) as connection:
        everything = "\n".join(connection.iterdump())
    assert len(everything) > 10_000
    assert said_in(WRITTEN, [everything]) == []
    # Four letters of a name stand in what is sealed now and then, by chance.
    open_text = re.sub(r"\b[0-9a-f]{10}\.[\w-]{20,}", "", everything)
    assert len(open_text) > 10_000
    assert said_in({name: name for name in ("Ruiz", "Lindqvist", "960001")}, [open_text]) == []


def test_a_room_at_clinical_level_shows_what_was_written_but_no_name(sqlite_url: str) -> None:
    talk = Talk(sqlite_url)
    talk.team()
    assert "This room now shows what was written" in talk.say("lea", "team detail clinical")
    live(talk)
    cards = [str(card) for target, card in posted(talk) if target == ROOM.target]
    assert "summary" in said_in(CLINICAL, cards)
    assert said_in(IDENTITY, cards) == []
