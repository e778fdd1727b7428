"""What people ask for in Slack: answered after the commit and in time, once, and to nobody else."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from pathway.definition import shipped
from storage.post import Lane, direct_lane
from tests.stages.slack import SlackStage, at_work
from tests.stages.stage import PEOPLE
from tests.workspace import Json, Refused
from tests.workspace.reading import elements, seen


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[SlackStage]:
    """A bot in a channel, and nobody has said anything yet."""
    made = SlackStage(sqlite_url, PEOPLE)
    yield made
    made.close()


def whispered(stage: SlackStage, who: str, direct: bool = False) -> list[str]:
    """What only this person saw in the channel, or in their direct messages."""
    person = stage.people[who]
    where = person.im if direct else stage.channel
    return [str(seen(each)) for each in stage.workspace.ephemerals(person, where)]


def open_form(stage: SlackStage, who: str) -> Json:
    """The form in front of somebody."""
    stage.wait_for(lambda: bool(stage.workspace.views(stage.people[who])))
    return stage.workspace.views(stage.people[who])[-1]


def initial(view: Json, name: str) -> str:
    """What stands in a field of a form."""
    element = next(each for block, each in elements(view) if block["block_id"] == name)
    chosen = element.get("initial_option") or {}
    return str(element.get("initial_value") or chosen.get("value") or "")


def test_what_is_not_signed_by_slack_is_refused(stage: SlackStage) -> None:
    lea = stage.people["lea"]
    stage.workspace.terms.sign_with = "somebody else's secret"
    with pytest.raises(Refused, match="dispatch_failed"):
        lea.slash("/care", "team setup name=North phone=01632 role=lead", stage.channel)
    stage.workspace.terms.sign_with, stage.workspace.terms.skew = None, -301
    with pytest.raises(Refused, match="dispatch_failed"):
        lea.slash("/care", "team setup name=North phone=01632 role=lead", stage.channel)
    stage.workspace.terms.skew = 0
    lea.slash("/care", "team show", stage.channel)
    assert not any("North" in each for each in whispered(stage, "lea"))


def test_a_slow_commit_is_said_and_so_is_what_came_of_it(stage: SlackStage) -> None:
    at_work(stage)
    with closing(_locked(stage)) as other:
        ack = stage.people["cy"].slash("/care", "away until friday", stage.channel)
        assert ack.seconds < 3
        assert whispered(stage, "cy")[-1].startswith("This is NOT confirmed yet.")
        other.rollback()
    stage.wait_for(lambda: whispered(stage, "cy")[-1].startswith("That took too long and was NOT done."))
    stage.people["cy"].slash("/care", "team show", stage.channel)
    assert "away" not in whispered(stage, "cy")[-1]


def _locked(stage: SlackStage) -> sqlite3.Connection:
    """A connection that keeps everybody else from writing."""
    path = stage.bot.app.store.engine.url.database
    assert path
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_a_form_sent_twice_because_the_first_was_slow_is_done_once(stage: SlackStage) -> None:
    code = at_work(stage)
    ana = stage.people["ana"]
    ana.slash("/care", f"handoff offer {code} bo", stage.channel)
    view = open_form(stage, "ana")
    with closing(_locked(stage)) as other:
        slow = ana.submit(view, {"Patient summary": "low mood"})
        assert slow.seconds < 3
        assert [each.startswith("This is NOT confirmed yet.") for each in slow.errors.values()] == [True]
        other.rollback()
    stage.wait_for(lambda: any("NOT done" in each for each in stage.private("ana")))
    assert ana.submit(view).errors == {}
    stage.wait_for(lambda: any("H-1 ·" in each for each in stage.room()))
    ana.slash("/care", "handoff list team", stage.channel)
    assert "H-2" not in whispered(stage, "ana")[-1]


def test_a_wrong_field_is_named_and_what_was_typed_is_kept(stage: SlackStage) -> None:
    code = at_work(stage)
    ana = stage.people["ana"]
    ana.slash("/care", "handoff offer", stage.channel)
    view = open_form(stage, "ana")
    wrong = ana.submit(view, {"Patient": "P-0000", "To": "Any psychologist", "Patient summary": "low mood"})
    assert list(wrong.errors) == ["patient"]
    assert stage.workspace.views(ana) == [view]
    right = ana.submit(view, {"Patient": code})
    assert right.errors == {}
    assert stage.workspace.views(ana) == []
    stage.wait_for(lambda: any("H-1 ·" in each and code in each for each in stage.room()))
    stage.wait_for(lambda: any(each.startswith("H-1 ·") for each in whispered(stage, "ana")))
    stage.wait_for(lambda: any("low mood" in each for each in stage.private("bo")))


def test_a_form_that_came_too_late_can_be_opened_with_a_button(stage: SlackStage) -> None:
    code = at_work(stage)
    stage.workspace.fault("views.open", "code", code="expired_trigger_id", times=1)
    stage.people["ana"].slash("/care", f"handoff offer {code} bo urgent", stage.channel)
    stage.press("ana", "Open the form", private=True)
    assert initial(open_form(stage, "ana"), "urgency") == "urgent"


def test_a_message_becomes_the_summary_of_a_handoff(stage: SlackStage) -> None:
    code = at_work(stage)
    ana = stage.people["ana"]
    message = ana.say(
        stage.channel, f'{code} says "I can’t sleep" &amp; wants help, <@{stage.people["bo"].id}>'
    )
    ana.shortcut("handoff_from_message", message)
    view = open_form(stage, "ana")
    assert initial(view, "summary") == f'{code} says "I can’t sleep" & wants help, @{stage.people["bo"].id}'
    stage.fill("ana", {"Patient": code, "To": "Bo Lindqvist (psychologist)"})
    stage.wait_for(lambda: any("wants help" in each for each in stage.private("bo")))


def test_a_message_becomes_the_text_of_a_flag(stage: SlackStage) -> None:
    code = at_work(stage)
    ana = stage.people["ana"]
    ana.shortcut("flag_from_message", ana.say(stage.channel, f"{code} is numb between the legs"))
    assert initial(open_form(stage, "ana"), "text") == f"{code} is numb between the legs"
    severity = f"Emergency: {shipped().flag_severity('emergency').says}"
    stage.fill("ana", {"Patient": code, "How severe is it?": severity})
    stage.wait_for(lambda: any("F-1 ·" in each and code in each for each in stage.room()))
    assert [each for each in stage.room() if "F-1" in each and "numb between" in each] == []


def test_the_shortcut_and_the_home_tab_show_what_waits(stage: SlackStage) -> None:
    bo = stage.people["bo"]
    bo.open_home()
    stage.wait_for(lambda: stage.workspace.home(bo) is not None)
    home = stage.workspace.home(bo)
    assert home is not None
    assert seen(home).texts[0] == "I don't know you yet."

    code = at_work(stage)
    stage.say("ana", f"handoff offer {code} bo “low mood”")
    stage.wait_for(lambda: any("H-1" in each for each in stage.private("bo")))
    bo.open_home()
    stage.wait_for(lambda: "H-1" in str(seen(stage.workspace.home(bo) or {})))
    assert "handoff: offer, accept, decline" in str(seen(stage.workspace.home(bo) or {}))
    bo.shortcut("care")
    stage.wait_for(lambda: "H-1" in str(seen(open_form(stage, "bo"))))

    bo.slash("/care", "handoff accept H-1", stage.channel)
    stage.wait_for(lambda: "H-1" in str(seen(stage.workspace.home(bo) or {})))
    stage.wait_for(lambda: "your answer" not in str(seen(stage.workspace.home(bo) or {})))


def published(stage: SlackStage, who: str) -> int:
    """How often somebody's Home tab was published."""
    calls = stage.workspace.calls("views.publish")
    return sum(each.args["user_id"] == stage.people[who].id for each in calls)


def test_the_home_tab_follows_what_others_do_and_what_time_brings(stage: SlackStage) -> None:
    code = at_work(stage)
    ana, bo = stage.people["ana"], stage.people["bo"]
    bo.open_home()
    stage.wait_for(lambda: "Nothing waits for you" in str(seen(stage.workspace.home(bo) or {})))
    ana.slash("/care", f"handoff offer {code} bo urgent “low mood”", stage.channel)
    stage.wait_for(lambda: "H-1" in str(seen(stage.workspace.home(bo) or {})))
    before = published(stage, "bo")
    stage.forward(31)
    stage.wait_for(lambda: published(stage, "bo") > before)
    ana.slash("/care", "handoff cancel H-1 better already", stage.channel)
    stage.wait_for(lambda: "Nothing waits for you" in str(seen(stage.workspace.home(bo) or {})))


def test_who_is_told_much_at_once_has_their_home_tab_published_once(stage: SlackStage) -> None:
    bo, cy = (direct_lane("slack", stage.people[who].id) for who in ("bo", "cy"))

    async def much() -> None:
        for _ in range(5):
            stage.bot.app.door.wake(
                [bo, Lane("slack", stage.channel.id), Lane("matrix", "@@@lea:example.org")]
            )
        stage.bot.app.door.wake([cy])

    stage.bot.run(much())
    stage.wait_for(lambda: published(stage, "cy") == 1)
    assert [each.args["user_id"] for each in stage.workspace.calls("views.publish")] == [
        bo.account,
        cy.account,
    ]


def test_what_people_write_mentions_nobody_and_is_on_no_lock_screen(stage: SlackStage) -> None:
    at_work(stage)
    lea = stage.people["lea"]
    evil = f"<b>*@channel* <!channel> <@{lea.id}></b>"
    stage.people["ana"].slash("/care", "patient add", stage.people["ana"].im)
    view = open_form(stage, "ana")
    fields = {block["block_id"] for block, _ in elements(view)}
    assert {"name", "goal"} <= fields
    stage.people["ana"].submit(view, {"name": evil, "goal": evil})
    stage.wait_for(lambda: any("Patient P-" in each for each in stage.private("ana")))
    code = [each for each in stage.private("ana") if "Patient P-" in each][-1].split()[1]
    stage.say("ana", f"handoff offer {code} bo summary='{evil}'")
    stage.wait_for(lambda: any("H-1 ·" in each for each in stage.private("bo")))

    bo = stage.people["bo"]
    everything = [*stage.workspace.messages(stage.channel), *stage.workspace.messages(bo.im)]
    posted = [each for each in everything if each.get("bot_id")]
    assert _mentioned(posted) == {bo.id}
    for each in posted:
        assert "<!channel>" not in each["text"]
        assert f"<@{lea.id}>" not in each["text"]
        assert "channel*" not in each["text"]
    asked = next(each for each in stage.workspace.messages(bo.im) if "H-1 ·" in each["text"])
    assert asked["text"] == f"<@{bo.id}> H-1 · {code} · offered · routine"


def _mentioned(part: object) -> set[str]:
    """Everybody whom the blocks of messages mention."""
    if isinstance(part, list):
        return set().union(*map(_mentioned, part))
    if not isinstance(part, dict):
        return set()
    found = set().union(*map(_mentioned, part.values()))
    if part.get("type") in ("user", "broadcast"):
        found.add(str(part.get("user_id") or part.get("range")))
    return found
