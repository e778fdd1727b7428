"""The soak's verdict finds each kind of loss: one whole picture, in which one thing at a time is spoilt."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.soak import verdict, verdict_posts
from benchmarks.soak.evidence import Evidence, Sent
from benchmarks.soak.ledger import Said, Told
from cards import matrix, slack
from handlers.flags.card import flag_card
from handlers.handoffs.card import handoff_card
from pathway.definition import shipped
from pathway.flag import Cause, Flag
from pathway.flag import State as FlagState
from pathway.handoff import Handoff, Ipass, State
from pathway.hours import read_hours
from pathway.people import Member, Place, Roster, Team
from storage.journal import Entry
from storage.post import Kind, Lane, Sending
from tests.matrix_timeline import Message, received

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
THEN = NOW + timedelta(seconds=20)
CHANNEL, ROOM = Lane("slack", "C1"), Lane("matrix", "!r")
MARK, TAKEN = "mark000001x", "mark000002x"


def picture() -> Evidence:
    """One handoff, offered by Ana and accepted by Bo, whose card stands in a channel and in a room."""
    team = Team("t1", "North", read_hours("Europe/London", "Mon-Fri 9-17", "none"), lead="a")
    places = (Place(Member("a", "Ana"), "physiotherapist"), Place(Member("b", "Bo"), "psychologist"))
    roster, definition = Roster(team, places), shipped()
    handoff = Handoff(
        1, "t1", "P-7K3K", "a", "emergency", Ipass("routine", f"low mood {MARK}", "", "", False), NOW,
        to_member="b", state=State.ACCEPTED, asked=("b",), receiver="b", changed_at=THEN, answered_at=THEN,
        due_at=THEN + timedelta(minutes=1),
    )  # fmt: skip
    card = handoff_card(handoff, roster, definition, THEN)
    body = matrix.contents(card)[0]
    event = received({"event_id": "$1", "sender": "@baton", "type": "m.room.message", "content": body}, True)
    return Evidence(
        at=THEN, definition=definition, roster=roster, things={"H-1": handoff}, versions={"H-1": 2},
        changes={"H-1": [
            Entry(NOW, "a", "handoff offered", "H-1", "P-7K3K", "", "offered", seq=1),
            Entry(THEN, "b", "handoff accepted", "H-1", "P-7K3K", "offered", "accepted", seq=2),
        ]},
        posts=[
            Sent("1", CHANNEL, Kind.SHOW, "H-1", Sending.SENT, "C1:1.1"),
            Sent("2", ROOM, Kind.SHOW, "H-1", Sending.SENT, "$1"),
        ],
        shown={("H-1", CHANNEL): "C1:1.1", ("H-1", ROOM): "$1"}, rooms={CHANNEL: 2, ROOM: 2},
        members={("slack", "U1"): "a"}, slack={"C1:1.1": {"blocks": slack.messages(card)[0].blocks}},
        matrix={"$1": Message(event, dict(body))},
    )  # fmt: skip


def flagged() -> Evidence:
    """The same with a flag in place of the handoff: raised by Ana, claimed by Bo."""
    like = picture()
    flag = Flag(
        1, "t1", "P-7K3K", "person:psychologist", "worse", "emergency", ("psychologist",), NOW,
        causes=(Cause("", 0, "emergency", f"worse {MARK}", NOW, "a"),), raised_by="a",
        state=FlagState.CLAIMED, asked=("b",), holder="b", changed_at=THEN, claimed_at=THEN,
        due_at=THEN + timedelta(minutes=1),
    )  # fmt: skip
    card = flag_card(flag, like.roster, like.definition, THEN)
    body = matrix.contents(card)[0]
    event = received({"event_id": "$1", "sender": "@baton", "type": "m.room.message", "content": body}, True)
    return replace(
        like, things={"F-1": flag}, versions={"F-1": 2},
        changes={"F-1": [
            Entry(NOW, "a", "flag raised", "F-1", "P-7K3K", "", "raised", seq=1),
            Entry(THEN, "b", "flag claimed", "F-1", "P-7K3K", "raised", "claimed", seq=2),
        ]},
        posts=[replace(each, subject="F-1") for each in like.posts],
        shown={("F-1", lane): message for (_, lane), message in like.shown.items()},
        slack={"C1:1.1": {"blocks": slack.messages(card)[0].blocks}},
        matrix={"$1": Message(event, dict(body))},
    )  # fmt: skip


def handoff_of(evidence: Evidence) -> Handoff:
    """The one handoff of the picture."""
    found = evidence.things["H-1"]
    assert isinstance(found, Handoff)
    return found


SAID = (
    Said(MARK, "ana", "slack", "offer", "H-1", Told.DONE),
    Said(TAKEN, "bo", "slack", "accept", "H-1", Told.DONE),
)


def found(evidence: Evidence, said: tuple[Said, ...] = SAID) -> list[str]:
    """The whole verdict, the first word of each finding."""
    findings = [
        *verdict.requests(said, evidence),
        *verdict.journal(evidence),
        *verdict.deadlines(evidence, evidence.at),
        *verdict_posts.outbox(evidence),
        *verdict_posts.fresh_messages(evidence),
        *verdict_posts.cards(evidence),
    ]
    return sorted({each.split()[0].rstrip(":") for each in findings})


def test_a_whole_picture_is_found_whole() -> None:
    assert found(picture()) == []


SPOILT: dict[str, tuple[Callable[[Evidence], Evidence], list[str]]] = {
    "a handoff that was told is gone": (
        lambda e: replace(e, things={}, changes={}, versions={}), ["lost"]
    ),
    "an acceptance that was told is gone": (
        lambda e: replace(e, changes={"H-1": e.changes["H-1"][:1]}), ["H-1", "half", "lost"]
    ),
    "accepted twice": (
        lambda e: replace(
            e, changes={"H-1": [*e.changes["H-1"], replace(e.changes["H-1"][1], was="accepted")]}
        ),
        ["doubled", "half"],
    ),
    "offered twice": (
        lambda e: replace(e, things={**e.things, "H-2": replace(handoff_of(e), number=2)},
                          changes={**e.changes, "H-2": e.changes["H-1"]}, versions={"H-1": 2, "H-2": 2}),
        ["lost", "missing"],
    ),
    "a deadline went by": (lambda e: replace(e, at=NOW + timedelta(hours=1)), ["deadline"]),
    "a post waits": (
        lambda e: replace(e, posts=[*e.posts, replace(e.posts[0], state=Sending.WAITING)]), ["not"]
    ),
    "a card is stale on Slack": (
        lambda e: replace(e, slack={"C1:1.1": {"text": "H-1 · P-7K3K · offered"}}), ["stale"]
    ),
    "a card was deleted in Matrix": (lambda e: replace(e, matrix={}), ["missing"]),
    "a card never came to the room": (lambda e: replace(e, shown={("H-1", CHANNEL): "C1:1.1"}), ["missing"]),
    "a second card stands in the channel": (
        lambda e: replace(e, slack={**e.slack, "C1:1.2": e.slack["C1:1.1"]}), ["doubled"]
    ),
    "two posts are one message": (
        lambda e: replace(e, posts=[*e.posts, *[replace(e.posts[1], kind=Kind.SAY)] * 2]), ["matrix"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_spoilt_is_found(what: str) -> None:
    spoil, finding = SPOILT[what]
    assert found(spoil(picture())) == finding


RAISED = (
    Said(MARK, "ana", "slack", "raise", "F-1", Told.DONE),
    Said(TAKEN, "bo", "slack", "claim", "F-1", Told.DONE),
)
SPOILT_FLAG: dict[str, tuple[Callable[[Evidence], Evidence], list[str]]] = {
    "nothing": (lambda e: e, []),
    "a flag that was told is gone": (
        lambda e: replace(e, things={}, changes={}, versions={}), ["lost"]
    ),
    "a claim that was told is gone": (
        lambda e: replace(e, changes={"F-1": e.changes["F-1"][:1]}), ["F-1", "half", "lost"]
    ),
    "claimed, and nobody raised it": (
        lambda e: replace(e, changes={"F-1": e.changes["F-1"][1:]}), ["F-1", "doubled", "half"]
    ),
    "its deadline went by": (lambda e: replace(e, at=NOW + timedelta(hours=1)), ["deadline"]),
    "its card is stale on Slack": (
        lambda e: replace(e, slack={"C1:1.1": {"text": "F-1 · P-7K3K · Emergency · raised"}}), ["stale"]
    ),
    "a second card of it stands in the channel": (
        lambda e: replace(e, slack={**e.slack, "C1:1.2": e.slack["C1:1.1"]}), ["doubled"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT_FLAG)
def test_what_is_spoilt_of_a_flag_is_found(what: str) -> None:
    spoil, finding = SPOILT_FLAG[what]
    assert found(spoil(flagged()), RAISED) == finding


def reminder(evidence: Evidence, state: Sending, ids: int = 1) -> Evidence:
    """With a reminder of this state of which so many messages stand in a private conversation."""
    mark = {"metadata": {"event_payload": {"id": "3", "part": 1}}, "text": "H-1 waits for you"}
    post = Sent("3", Lane("slack", "@@U1"), Kind.ASK, "H-1", state, "D1:1.1" if state is Sending.SENT else "")
    messages = {f"D1:1.{number}": mark for number in range(1, ids + 1)}
    return replace(evidence, posts=[*evidence.posts, post], slack={**evidence.slack, **messages})


def test_what_is_taken_back_while_it_goes_out_may_stand_there_once() -> None:
    assert found(reminder(picture(), Sending.SENT)) == []
    assert found(reminder(picture(), Sending.VOID)) == []
    assert found(reminder(picture(), Sending.VOID, ids=2)) == ["doubled"]
    assert found(reminder(picture(), Sending.SENT, ids=2)) == ["doubled"]


def test_what_was_refused_must_not_be_done_and_what_was_not_answered_may_be() -> None:
    refused, silent = replace(SAID[0], told=Told.REFUSED), replace(SAID[0], told=Told.NOTHING)
    assert found(picture(), (refused,)) == ["done"]
    assert found(picture(), (silent,)) == []


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("H-1 · P-7K3K · accepted\nIt is yours.", Told.DONE),
        ("Done: H-1 is up to date above.", Told.DONE),
        ("H-1 was accepted by Bo, today 10:42.", Told.REFUSED),
        ("That took too long and was NOT done.", Told.REFUSED),
        ("This is NOT confirmed yet.", Told.NOTHING),
        ("", Told.NOTHING),
    ],
)
def test_an_answer_is_taken_for_what_it_says(answer: str, told: Told) -> None:
    said = Said(MARK, "ana", "slack", "accept", "H-1")
    said.heard(answer)
    assert said.told is told
