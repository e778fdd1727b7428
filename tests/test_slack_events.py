"""What Slack reports: mentions, messages, reactions, comings and goings; each has one effect."""

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from storage.database import work
from storage.tables import JournalRow
from tests.databases import away, commits_lost
from tests.stages.slack import SlackStage, at_work
from tests.stages.stage import PEOPLE
from tests.workspace import Json
from tests.workspace.reading import seen

IN_PRIVATE = "Answered in private: names are not for a room."


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[SlackStage]:
    """A bot in a channel, and nobody has said anything yet."""
    made = SlackStage(sqlite_url, PEOPLE)
    yield made
    made.close()


def journal(stage: SlackStage) -> list[str]:
    """Everything that has been done, by its name."""
    with work(stage.bot.app.store.engine) as session:
        return list(session.scalars(select(JournalRow.action).order_by(JournalRow.seq)))


def answers(stage: SlackStage, message: Json) -> list[str]:
    """What the bot said in the thread of a message."""
    there = stage.workspace.messages(stage.channel)
    return [
        str(seen(each)) for each in there if each.get("bot_id") and each.get("thread_ts") == message["ts"]
    ]


def test_the_same_events_four_times_out_of_order_have_one_effect(stage: SlackStage) -> None:
    at_work(stage)
    patients = journal(stage).count("patient add")
    stage.workspace.terms.holding = True
    said = [
        stage.people["ana"].mention(stage.channel, f"patient add name='Tess {n}' goal='walk'") for n in (1, 2)
    ]
    written = stage.people["ana"].direct("patient add name='Tess 3' goal='walk'")
    events = stage.workspace.events[-5:]
    assert [each["event"]["type"] for each in events] == [
        "message", "app_mention", "message", "app_mention", "message"
    ]  # fmt: skip
    copies = events * 4
    random.Random(7).shuffle(copies)
    for number, event in enumerate(copies):
        assert stage.workspace.redeliver(event, number % 4).error is None
    stage.wait_for(lambda: all(answers(stage, each) for each in said))
    stage.bot.forward(0)
    direct = [each for each in stage.workspace.messages(stage.people["ana"].im) if each.get("bot_id")]
    assert [answers(stage, each) for each in said] == [[IN_PRIVATE], [IN_PRIVATE]]
    assert journal(stage).count("patient add") == patients + 3
    assert sum(each["ts"] > written["ts"] for each in direct) == 3


def test_an_event_that_could_not_be_committed_is_not_acknowledged(stage: SlackStage) -> None:
    stage.workspace.terms.holding = True
    stage.workspace.remove_bot(stage.channel)
    stage.bot.app.store.engine.dispose()
    removed = stage.workspace.events[-1]
    with work(stage.bot.app.store.engine) as session:
        session.connection().exec_driver_sql("ALTER TABLE requests RENAME TO elsewhere")
        session.commit()
    assert stage.workspace.redeliver(removed, 1).status == 500
    with work(stage.bot.app.store.engine) as session:
        session.connection().exec_driver_sql("ALTER TABLE elsewhere RENAME TO requests")
        session.commit()
    assert "room leave" not in journal(stage)
    assert stage.workspace.redeliver(removed, 2).error is None
    assert journal(stage).count("room leave") == 1


@pytest.fixture
def on_postgresql(postgresql_url: str) -> Iterator[SlackStage]:
    """The same on a database that can go away while it commits."""
    made = SlackStage(postgresql_url, PEOPLE)
    at_work(made)
    yield made
    made.close()


def mentioned(stage: SlackStage, line: str) -> tuple[Json, Json]:
    """What Ana wrote in the channel, and the event that tells of it: Slack has not sent it yet."""
    stage.workspace.terms.holding = True
    said = stage.people["ana"].mention(stage.channel, line)
    return said, next(e for e in reversed(stage.workspace.events) if e["event"]["type"] == "app_mention")


def told(stage: SlackStage) -> list[str]:
    """What only Ana sees in the channel."""
    return [str(seen(each)) for each in stage.workspace.ephemerals(stage.people["ana"], stage.channel)]


def test_what_may_be_done_or_not_comes_again_from_slack(
    on_postgresql: SlackStage, postgresql_url: str
) -> None:
    stage = on_postgresql
    said, event = mentioned(stage, "away until friday 9am")
    before = told(stage)
    with commits_lost(stage.bot.app.store.engine, 10_000, after=False):
        assert stage.workspace.redeliver(event, 0).status == 500
    with away(postgresql_url):
        assert stage.workspace.redeliver(event, 1).status == 500
    assert stage.workspace.redeliver(event, 2).error is None
    stage.wait_for(lambda: len(answers(stage, said)) == 1)
    assert stage.workspace.redeliver(event, 3).error is None
    stage.bot.forward(0)
    assert len(answers(stage, said)) == 1
    assert journal(stage).count("away") == 1
    assert told(stage) == before


def test_what_slack_does_not_send_again_is_said_to_be_unknown(
    on_postgresql: SlackStage, postgresql_url: str
) -> None:
    stage = on_postgresql
    _, event = mentioned(stage, "away until friday 9am")
    before = told(stage)
    with away(postgresql_url):
        assert stage.workspace.redeliver(event, 3).error is None
        stage.wait_for(lambda: len(told(stage)) > len(before))
    (warning,) = told(stage)[len(before) :]
    assert "it is not known whether that was done" in warning
    assert "NOT" not in warning


def test_questions_are_asked_and_answered_in_the_thread(stage: SlackStage) -> None:
    at_work(stage)
    ana, cy = stage.people["ana"], stage.people["cy"]
    asked = ana.mention(stage.channel, "away")
    stage.wait_for(lambda: len(answers(stage, asked)) == 1)
    assert "Until when" in answers(stage, asked)[0]
    cy.say(stage.channel, "Have a nice time!", asked["ts"])
    ana.say(stage.channel, "By the way, I am off soon.")
    ana.say(stage.channel, "friday 9am", asked["ts"])
    stage.wait_for(lambda: len(answers(stage, asked)) == 2)
    ana.say(stage.channel, "skip", asked["ts"])
    stage.wait_for(lambda: len(answers(stage, asked)) == 3)
    assert "away" in journal(stage)
    assert not any("I don't know that command" in each for each in stage.room())


def test_a_reaction_says_what_the_card_shows_beside_it(stage: SlackStage) -> None:
    code = at_work(stage)
    stage.people["ana"].slash("/care", f"handoff offer {code} bo 'low mood'", stage.channel)
    stage.wait_for(lambda: any("H-1 ·" in each for each in stage.room()))
    stage.wait_for(lambda: any("H-1 ·" in each for each in stage.private("bo")))
    card = next(each for each in stage.workspace.messages(stage.channel) if "H-1 ·" in each["text"])
    bo = stage.people["bo"]
    bo.react(card, "tada")
    bo.react(stage.people["cy"].say(stage.channel, "Lunch?"), "+1")
    bo.react(card, "thumbsup::skin-tone-4")
    stage.wait_for(lambda: any("accepted by Bo Lindqvist" in each for each in stage.room()))
    assert journal(stage).count("handoff accepted") == 1


def test_who_leaves_loses_access_and_the_lead_hears_of_the_bots_removal(stage: SlackStage) -> None:
    at_work(stage)
    stage.people["cy"].leave(stage.channel)
    stage.wait_for(lambda: "team leave" in journal(stage))
    stage.workspace.remove_bot(stage.channel)
    stage.wait_for(
        lambda: any("Baton was removed from a Slack room of North team" in e for e in stage.private("lea"))
    )
    stage.workspace.invite_bot(stage.channel)
    stage.wait_for(lambda: any("Baton is back." in each for each in stage.room()))


def test_edits_and_deletions_of_requests_are_journalled_and_nothing_else_is(stage: SlackStage) -> None:
    at_work(stage)
    ana = stage.people["ana"]
    chatter = ana.say(stage.channel, "Who has the keys?")
    asked = ana.mention(stage.channel, "team show")
    stage.wait_for(lambda: bool(answers(stage, asked)))
    ana.edit(chatter, "Who has the key?")
    ana.edit(asked, "never mind")
    stage.wait_for(lambda: "message edited" in journal(stage))
    ana.delete(asked)
    ana.delete(chatter)
    stage.wait_for(lambda: "message deleted" in journal(stage))
    stage.workspace.settle()
    assert [each for each in journal(stage) if each.startswith("message")] == [
        "message edited", "message deleted"
    ]  # fmt: skip
