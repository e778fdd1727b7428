"""Posts on their way to Slack: nothing lost, nothing twice, in order, whatever Slack does."""

from collections.abc import Callable, Iterator
from datetime import datetime
from secrets import token_hex

import pytest

from cards.card import Card, Image, Text
from cards.chart_draw import draw
from storage.clinic import Clinic
from storage.post import Lane, direct_lane
from tests.cards.drawn import WHOLE
from tests.stages.slack import SlackStage, at_work
from tests.stages.stage import PEOPLE
from tests.workspace import Json

PNG = b"\x89PNG\r\n\x1a\n"
LONG = "Slept badly, walked little. " * 100


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[SlackStage]:
    """A bot in a channel, and nobody has said anything yet."""
    made = SlackStage(sqlite_url, PEOPLE)
    yield made
    made.close()


def put(stage: SlackStage, work: Callable[[Clinic, datetime], None]) -> None:
    """Puts something in line in a transaction of its own."""
    stage.bot.run(stage.bot.app.door.once(f"test:{token_hex(8)}", work))


def say(stage: SlackStage, *cards: Card, thread: str = "", who: str = "") -> None:
    """Puts cards in line for the channel, for a thread in it, or for somebody's direct messages."""
    lane = direct_lane("slack", stage.people[who].id) if who else Lane("slack", stage.channel.id)

    def work(clinic: Clinic, now: datetime) -> None:
        for card in cards:
            clinic.outbox.say(lane, card, now, thread=thread)

    put(stage, work)


def show(stage: SlackStage, card: Card) -> None:
    """Lets the living card X-1 of the team show this."""
    put(stage, lambda clinic, now: clinic.outbox.show("X-1", "north-team", card, now))


def texts(stage: SlackStage, word: str, who: str = "") -> list[str]:
    """The lock-screen lines with this word in them, in order."""
    return [each["text"] for each in found(stage, word, who)]


def found(stage: SlackStage, word: str, who: str = "") -> list[Json]:
    """The bot's messages with this word in their lock-screen line."""
    room = stage.people[who].im if who else stage.channel
    return [each for each in stage.workspace.messages(room) if word in each["text"] and each.get("bot_id")]


def long_card(title: str, parts: int) -> Card:
    """A card that takes so many messages."""
    return Card(title, tuple(Text(f"{title} {number}: {LONG}") for number in range(parts * 4 - 3)))


@pytest.mark.parametrize("who", ["", "bo"])
def test_what_may_have_been_sent_is_looked_up_and_not_sent_again(stage: SlackStage, who: str) -> None:
    lost = stage.workspace.fault("chat.postMessage", "drop", times=1)
    say(stage, Card("Tick one"), Card("Tick two"), who=who)
    stage.wait_for(lambda: len(texts(stage, "Tick", who)) == 2)
    assert lost.hits == 1
    assert texts(stage, "Tick", who) == ["Tick one", "Tick two"]
    assert len(stage.workspace.calls("conversations.history")) == 1


def test_a_reply_is_looked_up_in_its_thread(stage: SlackStage) -> None:
    root = stage.people["ana"].say(stage.channel, "A thread")
    stage.workspace.fault("chat.postMessage", "drop", times=1)
    say(stage, Card("Tick"), thread=f"{stage.channel.id}:{root['ts']}")
    stage.wait_for(lambda: bool(stage.workspace.calls("conversations.replies")))
    stage.bot.forward(0)
    assert [each["thread_ts"] for each in found(stage, "Tick")] == [root["ts"]]


def test_what_certainly_was_not_sent_is_sent_again(stage: SlackStage) -> None:
    for kind in ("refuse", "error"):
        stage.workspace.fault("chat.postMessage", kind, times=1)
        say(stage, Card(f"Tick {kind}"))
        stage.wait_for(lambda kind=kind: texts(stage, kind) == [f"Tick {kind}"])  # type: ignore[misc]


def test_slack_asks_to_wait_and_is_obeyed(stage: SlackStage) -> None:
    limited = stage.workspace.fault("chat.postMessage", "ratelimited", times=1, retry_after=2)
    say(stage, Card("Tick one"), Card("Tick two"))

    def sent_at() -> list[float]:
        return [each.at for each in stage.workspace.calls("chat.postMessage") if "Tick" in each.args["text"]]

    stage.wait_for(lambda: len(sent_at()) == 3)
    sent = sent_at()
    assert limited.hits == 1
    assert sent[1] - sent[0] >= 2
    assert texts(stage, "Tick") == ["Tick one", "Tick two"]
    assert stage.workspace.calls("conversations.history") == []


def test_after_an_outage_everything_arrives_in_order(stage: SlackStage) -> None:
    stage.workspace.stop()
    for number in range(1, 5):
        say(stage, Card(f"Tick {number}"))
    stage.bot.run(stage.bot.app.poster.drained())
    assert stage.bot.slack.link() == "Slack can't be reached"
    stage.workspace.start()
    stage.wait_for(lambda: len(texts(stage, "Tick")) == 4)
    assert texts(stage, "Tick") == ["Tick 1", "Tick 2", "Tick 3", "Tick 4"]
    stage.wait_for(lambda: stage.bot.slack.link() == "")


def test_a_revoked_token_is_said_and_nothing_is_given_up(stage: SlackStage) -> None:
    stage.workspace.fault("chat.postMessage", "code", code="token_revoked", times=1)
    say(stage, Card("Tick"))
    stage.wait_for(lambda: bool(stage.workspace.calls("chat.postMessage")[-1].error))
    stage.bot.run(stage.bot.app.poster.drained())
    assert texts(stage, "Tick") == []
    stage.bot.forward(2)
    assert texts(stage, "Tick") == ["Tick"]


def test_the_lead_is_told_what_cannot_be_delivered(stage: SlackStage) -> None:
    at_work(stage)
    with stage.workspace.state.changed():
        stage.channel.is_archived = True
    say(stage, Card("Tick"))
    stage.wait_for(lambda: any("the channel is archived" in each for each in stage.private("lea")))
    assert texts(stage, "Tick") == []


def test_a_card_in_several_messages_is_completed_after_a_broken_send(stage: SlackStage) -> None:
    stage.workspace.fault("chat.postMessage", "drop", times=1, where={"text": "Tick (2 of 3)"})
    stage.workspace.fault("chat.postMessage", "ratelimited", times=1, where={"text": "Tick (3 of 3)"})
    say(stage, long_card("Tick", 3))
    stage.wait_for(lambda: len(texts(stage, "Tick")) == 3)
    stage.bot.forward(1)
    first, *rest = found(stage, "Tick")
    assert texts(stage, "Tick") == ["Tick (1 of 3)", "Tick (2 of 3)", "Tick (3 of 3)"]
    assert [each["thread_ts"] for each in rest] == [first["ts"]] * 2


def test_a_living_card_grows_and_shrinks_in_place(stage: SlackStage) -> None:
    at_work(stage)
    for parts in (1, 3, 2, 1):
        show(stage, long_card(f"Card {parts}", parts) if parts > 1 else Card("Card 1"))
        stage.wait_for(lambda parts=parts: len(texts(stage, f"Card {parts}")) == parts)  # type: ignore[misc]
        stage.wait_for(lambda parts=parts: len(texts(stage, "Card")) == parts)  # type: ignore[misc]
    (last,) = found(stage, "Card")
    shown = [each["text"] for each in stage.workspace.versions(last)]
    assert shown == ["Card 1", "Card 3 (1 of 3)", "Card 2 (1 of 2)", "Card 1"]


def test_a_living_card_that_was_deleted_is_posted_afresh(stage: SlackStage) -> None:
    at_work(stage)
    show(stage, Card("Card one"))
    stage.wait_for(lambda: texts(stage, "Card") == ["Card one"])
    stage.people["lea"].delete(found(stage, "Card")[0])
    show(stage, Card("Card two"))
    stage.wait_for(lambda: texts(stage, "Card") == ["Card two"])


def pictures(stage: SlackStage, who: str = "bo") -> list[Json]:
    """The messages with files in somebody's direct messages."""
    return [each for each in stage.workspace.messages(stage.people[who].im) if each.get("files")]


@pytest.mark.parametrize("broken", ["refuse", "drop"])
def test_a_picture_stands_below_its_card_once_though_slack_shares_it_late(
    stage: SlackStage, broken: str
) -> None:
    stage.workspace.core.shares_after = 1.1
    stage.bot.slack.posts.files.shared_within = 1.5
    lost = stage.workspace.fault("files.completeUploadExternal", broken, times=1)
    say(stage, Card("Tick", (Image(PNG, "Pain scores falling from 8 to 3", "Pain scores"),)), who="bo")
    say(stage, Card("Tock"), who="bo")
    stage.wait_for(lambda: texts(stage, "Tock", "bo") == ["Tock"])
    stage.wait_for(lambda: bool(pictures(stage)))
    (card,) = found(stage, "Tick", "bo")
    (below,) = pictures(stage)
    assert lost.hits == 1
    assert below["thread_ts"] == card["ts"]
    assert [each["title"] for each in below["files"]] == ["Pain scores"]
    assert "[Picture: Pain scores falling from 8 to 3]" in str(card["blocks"])
    assert stage.workspace.files()[-1]["content"] == PNG
    assert len(stage.workspace.files()) == {"refuse": 2, "drop": 1}[broken]


def test_a_chart_is_drawn_when_it_is_sent(stage: SlackStage) -> None:
    say(stage, Card("Tick", (Image(b"", WHOLE.alt, "chart-P-7K3K.png", chart=WHOLE),)), who="bo")
    stage.wait_for(lambda: bool(pictures(stage)))
    assert [each["content"] for each in stage.workspace.files()] == [draw(WHOLE)]
    assert [each["title"] for each in pictures(stage)[0]["files"]] == ["chart-P-7K3K.png"]
    (card,) = found(stage, "Tick", "bo")
    assert "PHQ-9: depression (0 to 27, more is worse): 4 entries" in str(card["blocks"])


def test_where_files_are_switched_off_the_words_stand_and_the_lead_is_told(stage: SlackStage) -> None:
    at_work(stage)
    stage.workspace.fault("files.getUploadURLExternal", "code", code="file_uploads_disabled")
    say(stage, Card("Tick", (Image(PNG, "Pain went down"),)), who="bo")
    told = "files are switched off in this workspace"
    stage.wait_for(lambda: any(told in each for each in stage.private("lea")))
    assert texts(stage, "Tick", "bo") == ["Tick"]
    assert pictures(stage) == []
