"""What people write in Slack becomes a question to the conference, and follows its message."""

from collections.abc import Iterator

import pytest

from bot.slack.api import SlackApi
from pathway.question import Question
from tests.stages.slack import SlackStage, at_work
from tests.stages.stage import PEOPLE
from tests.test_slack import initial, open_form
from tests.workspace.reading import elements


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[SlackStage]:
    """A bot in a channel, and nobody has said anything yet."""
    made = SlackStage(sqlite_url, PEOPLE)
    yield made
    made.close()


def asked(stage: SlackStage, code: str) -> list[Question]:
    """What is asked about a patient."""
    store = stage.bot.app.store
    with store.clinic(stage.bot.clock.now()) as clinic:
        return clinic.questions.open_of_patient(code)


def test_a_message_becomes_a_question_by_its_shortcut_and_keeps_its_link(stage: SlackStage) -> None:
    code = at_work(stage)
    ana = stage.people["ana"]
    message = ana.say(stage.channel, "Is it time to stop the opioids?")
    ana.shortcut("agenda_from_message", message)
    view = open_form(stage, "ana")
    link = f"https://t0careteam.slack.com/archives/{stage.channel.id}/p{message['ts'].replace('.', '')}"
    assert (initial(view, "question"), initial(view, "message")) == ("Is it time to stop the opioids?", link)
    stage.fill("ana", {"Patient": code})
    stage.wait_for(lambda: [each.text for each in asked(stage, code)] == ["Is it time to stop the opioids?"])
    assert [each.link for each in asked(stage, code)] == [link]
    assert [each for each in stage.room() if "Q-1" in each] == [], "it is answered to her alone"

    ana.edit(message, "Is it time to halve the opioids?")
    stage.wait_for(lambda: asked(stage, code)[0].amended == "Is it time to halve the opioids?")
    stage.wait_for(lambda: any("Q-1 is amended" in each for each in stage.private("ana")))
    ana.delete(message)
    stage.wait_for(lambda: asked(stage, code) == [])
    stage.wait_for(
        lambda: any("Q-1 is off: its message was deleted" in each for each in stage.private("ana"))
    )


def test_a_form_does_not_wait_for_a_link_that_slack_does_not_give(stage: SlackStage) -> None:
    at_work(stage)
    ana, told = stage.people["ana"], stage.bot.slack.api.client
    stage.bot.slack.teller.api = unknown = SlackApi(told.token or "", told.base_url)
    stage.bot.run(unknown.open())
    waited = stage.workspace.fault("auth.test", "hang")
    ana.shortcut("agenda_from_message", ana.say(stage.channel, "Is it time to stop the opioids?"))
    view = open_form(stage, "ana")
    assert waited.hits == 1
    assert initial(view, "question") == "Is it time to stop the opioids?"
    assert "message" not in [block["block_id"] for block, _ in elements(view)]
    waited.release()
    stage.bot.run(unknown.close())


def test_a_reaction_makes_a_question_of_what_somebody_wrote_and_others_make_nothing(
    stage: SlackStage,
) -> None:
    code = at_work(stage)
    ana, bo = stage.people["ana"], stage.people["bo"]
    talk = bo.say(stage.channel, f"{code} sleeps badly again, shall we try ISI?")
    ana.react(talk, "tada")
    ana.react(talk, "spiral_calendar_pad")
    stage.wait_for(lambda: [each.asked_by for each in asked(stage, code)] != [])
    found = asked(stage, code)[0]
    assert found.text == f"{code} sleeps badly again, shall we try ISI?"
    assert found.link.endswith(f"/p{talk['ts'].replace('.', '')}")
    stage.wait_for(lambda: any("Q-1 ·" in each for each in stage.room()))
    assert len(asked(stage, code)) == 1


def test_a_typed_question_follows_its_own_message(stage: SlackStage) -> None:
    code = at_work(stage)
    ana = stage.people["ana"]
    message = ana.mention(stage.channel, f"agenda add {code} What about sleep?")
    stage.wait_for(lambda: [each.text for each in asked(stage, code)] == ["What about sleep?"])
    ana.edit(message, f"{message['text'].split()[0]} agenda add {code} What about sleep and mood?")
    stage.wait_for(lambda: asked(stage, code)[0].amended == "What about sleep and mood?")
    found = [(each.text, each.amended) for each in asked(stage, code)]
    assert found == [("What about sleep?", "What about sleep and mood?")], "as it was first is kept"
