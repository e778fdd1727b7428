"""The outbox is drained in order, edits what stands, repeats what did not arrive, and nothing twice."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import select
from structlog.typing import EventDict

from bot.delivery import Later, Pace, Unclear, Undeliverable
from bot.pacing import Pacing, backoff
from bot.post import FAULTS_BEFORE_GIVING_UP, Poster
from cards.card import Card, Detail
from pathway.definition import shipped
from storage.clinic import Store
from storage.database import work
from storage.lanes import LEASE, Lanes, Outgoing
from storage.outbox import Outbox
from storage.people import TeamRoom
from storage.post import Kind, Lane, Sending
from storage.secrets import Keyring
from storage.tables import OutgoingRow, ShownRow
from tests.recorder import Recorder

START = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
ROOM = Lane("slack", "C1")
OTHER = Lane("matrix", "!other")
LONG = timedelta(minutes=10)


@dataclass
class Setting:
    """A store, one platform under two names, and a clock that stands still until it is moved."""

    store: Store
    chat: Recorder = field(default_factory=Recorder)
    now: datetime = START
    told: list[tuple[str, str]] = field(default_factory=list)

    def poster(self, worker: str = "one", pace: Pace | None = None) -> Poster:
        async def undeliverable(outgoing: Outgoing, reason: str) -> None:
            self.told.append((outgoing.card.title, reason))

        platforms = {"slack": self.chat, "matrix": self.chat}
        lanes = Lanes(self.store, worker)
        paces = {"slack": pace} if pace else None
        return Poster(lanes, platforms, lambda: self.now, undeliverable, paces=paces)

    def write(self, do: Callable[[Outbox], None]) -> set[Lane]:
        with self.store.clinic(self.now) as clinic:
            do(clinic.outbox)
        return clinic.posted

    def say(self, *titles: str, lane: Lane = ROOM, after: timedelta = timedelta(0)) -> set[Lane]:
        def said(outbox: Outbox) -> None:
            for title in titles:
                outbox.say(lane, Card(title), self.now + after)

        return self.write(said)

    def show(self, title: str, subject: str = "H-1") -> None:
        self.write(lambda outbox: outbox.show(subject, "t1", Card(title), self.now))

    def ask(self, title: str, subject: str = "H-1") -> None:
        self.write(lambda outbox: outbox.announce("t1", Card(title), self.now, subject=subject))

    def show_in_private(self, title: str) -> None:
        """Shows a living card to one person, who has an account `U1`."""
        with self.store.clinic(self.now) as clinic:
            member = clinic.people.enrol("Ana Testcase", "slack", "U1", self.now)
            clinic.outbox.tell([member.id], Card(title), self.now, subject="H-1", kind=Kind.SHOW)

    def drain(self, later: timedelta = timedelta(0), worker: str = "one") -> None:
        """Drains once, so much later, in a process of its own."""
        self.now += later
        asyncio.run(self.poster(worker).drained())

    def states(self) -> list[str]:
        with work(self.store.engine) as session:
            return list(session.scalars(select(OutgoingRow.state).order_by(OutgoingRow.seq)))


@pytest.fixture
def setting(database_url: str) -> Iterator[Setting]:
    store = Store(database_url, Keyring([bytes(range(32))]), shipped())
    with store.clinic(START) as clinic:
        clinic.people.save_room(TeamRoom(ROOM.platform, ROOM.target, "t1", Detail.CODE, False, True))
    yield Setting(store)
    store.close()


def test_posts_go_out_once_and_in_order_at_every_place(setting: Setting) -> None:
    titles = [f"post {number}" for number in range(12)]
    for title in titles:
        setting.say(title)
        setting.say(title, lane=OTHER)
    setting.drain()
    setting.drain(LONG)
    assert (setting.chat.at(ROOM), setting.chat.at(OTHER)) == (titles, titles)
    assert set(setting.states()) == {Sending.SENT}


def test_a_living_card_is_posted_once_and_then_edited_to_its_newest_state(setting: Setting) -> None:
    setting.show("offered")
    setting.show("question asked")
    setting.drain()
    setting.show("accepted")
    setting.show("introduced")
    setting.show("other", subject="H-2")
    setting.drain()
    assert setting.chat.log == ["post question asked", "edit m1 introduced", "post other"]
    with work(setting.store.engine) as session:
        shown = session.scalars(select(ShownRow).order_by(ShownRow.subject)).all()
        assert [(row.subject, row.message) for row in shown] == [("H-1", "m1"), ("H-2", "m2")]


def test_a_living_card_whose_message_was_deleted_is_posted_afresh_and_edited_there(setting: Setting) -> None:
    setting.show("offered")
    setting.drain()
    setting.chat.messages = {"gone": "", "too": ""}
    setting.chat.where = dict.fromkeys(["gone", "too"], OTHER)
    setting.show("accepted")
    setting.drain()
    setting.show("completed")
    setting.drain()
    assert setting.chat.log == ["post offered", "post accepted", "edit m3 completed"]


def test_a_card_posted_afresh_by_a_process_that_died_is_not_posted_again(setting: Setting) -> None:
    setting.show("offered")
    setting.drain()
    setting.chat.messages = {"gone": "", "too": ""}
    setting.chat.where = dict.fromkeys(["gone", "too"], OTHER)
    setting.chat.after.append(Unclear("no answer"))
    setting.show("accepted")
    setting.drain()
    setting.drain(LONG)
    setting.show("completed")
    setting.drain()
    assert setting.chat.log == ["post offered", "post accepted", "edit m3 completed"]


def test_what_the_platform_limits_waits_and_nothing_overtakes_it(setting: Setting) -> None:
    setting.chat.before.append(Later(timedelta(seconds=30)))
    setting.say("first", "second")
    setting.drain()
    setting.say("third")
    setting.say("elsewhere", lane=OTHER)
    setting.drain(timedelta(seconds=29), worker="two")
    assert (setting.chat.at(ROOM), setting.chat.at(OTHER)) == ([], ["elsewhere"])
    assert setting.states() == [Sending.WAITING] * 3 + [Sending.SENT]
    setting.drain(timedelta(seconds=1))
    assert setting.chat.at(ROOM) == ["first", "second", "third"]


def test_under_a_limit_only_the_newest_state_of_a_card_is_shown(setting: Setting) -> None:
    setting.show("offered")
    setting.drain()
    setting.chat.before.append(Later(timedelta(seconds=30)))
    setting.show("accepted")
    setting.drain()
    setting.show("introduced")
    setting.show("completed")
    setting.drain(timedelta(seconds=31))
    assert setting.chat.log == ["post offered", "edit m1 completed"]


def test_a_card_that_is_limited_while_a_newer_one_comes_is_dropped(setting: Setting) -> None:
    lanes = Lanes(setting.store, "one")
    setting.show("offered")
    outgoing = lanes.take(ROOM, setting.now)
    assert outgoing is not None
    setting.show("accepted")
    lanes.retry(outgoing, setting.now, setting.now, unclear=False)
    setting.drain()
    assert setting.chat.log == ["post accepted"]
    assert setting.states() == [Sending.VOID, Sending.SENT]


@pytest.mark.parametrize(
    "error", [Unclear("no answer"), TimeoutError(), ConnectionResetError(), KeyError("x")]
)
def test_an_unclear_send_is_looked_up_and_not_repeated_if_it_arrived(
    setting: Setting, error: Exception
) -> None:
    setting.chat.after.append(error)
    setting.say("first", "second")
    setting.drain()
    assert setting.states() == [Sending.SENDING, Sending.WAITING]
    setting.drain(timedelta(seconds=1))
    assert setting.chat.at(ROOM) == ["first", "second"]
    assert setting.states() == [Sending.SENT, Sending.SENT]


def test_an_unclear_send_that_did_not_arrive_is_repeated(setting: Setting) -> None:
    setting.chat.before.extend([Unclear("502"), Unclear("502"), Unclear("502")])
    setting.say("first", "second")
    for _ in range(4):
        setting.drain(LONG)
    assert setting.chat.at(ROOM) == ["first", "second"]


def test_an_unclear_post_is_known_where_it_stands_so_that_it_can_be_edited(setting: Setting) -> None:
    setting.chat.after.append(Unclear("no answer"))
    setting.show("offered")
    setting.drain()
    setting.show("accepted")
    setting.drain(LONG)
    assert setting.chat.log == ["post offered", "edit m1 accepted"]


def test_a_process_that_died_between_sending_and_marking_doubles_nothing(setting: Setting) -> None:
    setting.say("first", "second")
    died = Lanes(setting.store, "died")
    outgoing = died.take(ROOM, setting.now)
    assert outgoing is not None
    asyncio.run(setting.chat.post(outgoing))
    setting.drain(LEASE - timedelta(seconds=1), worker="two")
    assert setting.chat.at(ROOM) == ["first"]
    setting.drain(timedelta(seconds=1), worker="two")
    assert setting.chat.at(ROOM) == ["first", "second"]
    assert setting.states() == [Sending.SENT, Sending.SENT]


def test_a_process_that_died_before_sending_loses_nothing(setting: Setting) -> None:
    setting.say("first", "second")
    assert Lanes(setting.store, "died").take(ROOM, setting.now) is not None
    setting.drain(LEASE, worker="two")
    assert setting.chat.at(ROOM) == ["first", "second"]


def test_who_lost_the_lane_marks_what_was_sent_and_takes_nothing_more(setting: Setting) -> None:
    setting.say("first", "second")
    slow, other = Lanes(setting.store, "slow"), Lanes(setting.store, "other")
    outgoing = slow.take(ROOM, setting.now)
    assert outgoing is not None
    taken = other.take(ROOM, setting.now + LEASE)
    assert taken is not None and taken.maybe_sent and taken.id == outgoing.id
    assert slow.sent(outgoing, "m1", setting.now + LEASE) is None
    following = other.sent(taken, "m1", setting.now + LEASE)
    assert following is not None and (following.card.title, following.maybe_sent) == ("second", False)


def test_two_that_drain_at_once_double_nothing_and_keep_the_order(setting: Setting) -> None:
    places = [Lane("matrix", f"!room{number}") for number in range(6)]
    titles = [f"post {number}" for number in range(6)]
    for title in titles:
        for place in places:
            setting.say(title, lane=place)

    async def both() -> None:
        one, two = setting.poster("one"), setting.poster("two")
        await asyncio.gather(one.drained(), two.drained())
        await asyncio.gather(one.drained(), two.drained())

    asyncio.run(both())
    assert [setting.chat.at(place) for place in places] == [titles] * len(places)
    assert len(setting.chat.log) == len(places) * len(titles)


def test_what_is_taken_back_before_it_went_out_never_goes_out(setting: Setting) -> None:
    setting.ask("will you take P-7K3K?")
    setting.ask("and this one?", subject="H-2")
    setting.write(lambda outbox: outbox.hush("H-1"))
    setting.drain()
    assert setting.chat.log == ["post and this one?"]
    assert setting.states() == [Sending.VOID, Sending.SENT]


@pytest.mark.parametrize("failure", [Later(timedelta(seconds=5)), Unclear("502")])
def test_what_is_taken_back_while_it_waits_to_be_repeated_is_not_repeated(
    setting: Setting, failure: Exception
) -> None:
    setting.chat.before.append(failure)
    setting.ask("will you take P-7K3K?")
    setting.drain()
    setting.write(lambda outbox: outbox.hush("H-1"))
    setting.drain(LONG)
    assert setting.chat.log == []
    assert setting.states() == [Sending.VOID]


@pytest.mark.parametrize("unclear", [True, False])
def test_what_is_taken_back_while_its_sending_fails_is_not_repeated(setting: Setting, unclear: bool) -> None:
    lanes = Lanes(setting.store, "one")
    setting.ask("will you take P-7K3K?")
    outgoing = lanes.take(ROOM, setting.now)
    assert outgoing is not None
    setting.write(lambda outbox: outbox.hush("H-1"))
    lanes.retry(outgoing, setting.now, setting.now, unclear=unclear)
    setting.drain(LONG)
    assert setting.chat.log == []
    assert setting.states() == [Sending.VOID]


def test_what_is_taken_back_while_it_goes_out_is_marked_sent(setting: Setting) -> None:
    lanes = Lanes(setting.store, "one")
    setting.ask("will you take P-7K3K?")
    outgoing = lanes.take(ROOM, setting.now)
    assert outgoing is not None
    setting.write(lambda outbox: outbox.hush("H-1"))
    lanes.sent(outgoing, "m1", setting.now)
    assert setting.states() == [Sending.SENT]


PRIVATE = Lane("slack", "@@U1")


def _settled(outbox: Outbox, now: datetime) -> None:
    outbox.hush("H-1")
    outbox.show("H-1", "t2", Card("accepted"), now)


def test_a_private_card_that_nobody_has_seen_yet_is_taken_back(setting: Setting) -> None:
    setting.show_in_private("offered")
    setting.write(lambda outbox: _settled(outbox, setting.now))
    setting.drain()
    assert (setting.chat.log, setting.states()) == ([], [Sending.VOID])


@pytest.mark.parametrize("how", ["sent", "unclear"])
def test_a_private_card_that_is_just_going_out_does_not_stay_as_it_was(setting: Setting, how: str) -> None:
    setting.show_in_private("offered")
    if how == "unclear":
        setting.chat.after.append(Unclear("no answer"))
        setting.drain()
        setting.write(lambda outbox: _settled(outbox, setting.now))
    else:
        lanes = Lanes(setting.store, "one")
        outgoing = lanes.take(PRIVATE, setting.now)
        assert outgoing is not None
        setting.write(lambda outbox: _settled(outbox, setting.now))
        message = asyncio.run(setting.chat.post(outgoing))
        lanes.sent(outgoing, message, setting.now, timedelta(0))
    setting.drain(LONG)
    assert setting.chat.log == ["post offered", "edit m1 accepted"]


def test_a_post_for_later_waits_and_does_not_hold_up_others(setting: Setting) -> None:
    setting.say("at eight", after=timedelta(hours=1))
    setting.say("now")
    setting.drain()
    setting.drain(timedelta(minutes=59))
    assert setting.chat.at(ROOM) == ["now"]
    setting.drain(timedelta(minutes=1))
    assert setting.chat.at(ROOM) == ["now", "at eight"]


def test_what_can_never_arrive_is_told_and_the_rest_goes_on(setting: Setting) -> None:
    setting.chat.before.append(Undeliverable("Baton is no longer in the channel."))
    setting.say("first", "second")
    setting.drain()
    assert setting.told == [("first", "Baton is no longer in the channel.")]
    assert setting.chat.at(ROOM) == ["second"]
    assert setting.states() == [Sending.FAILED, Sending.SENT]


def test_a_fault_of_ours_is_tried_again_and_then_given_up_without_quoting_it(
    setting: Setting, logged: list[EventDict]
) -> None:
    setting.chat.before.extend([ValueError("Synthia Testcase sleeps badly")] * FAULTS_BEFORE_GIVING_UP)
    setting.say("Synthia Testcase", "second")
    poster = setting.poster()

    async def drain() -> None:
        for _ in range(FAULTS_BEFORE_GIVING_UP):
            await poster.drained()
            setting.now += LONG

    asyncio.run(drain())
    assert setting.told == [("Synthia Testcase", "It failed again and again (ValueError).")]
    assert setting.chat.at(ROOM) == ["second"]
    assert len(logged) > FAULTS_BEFORE_GIVING_UP
    assert "Synthia" not in str(logged)


def test_the_log_says_of_each_attempt_which_post_it_was_and_what_became_of_it(
    setting: Setting, logged: list[EventDict]
) -> None:
    setting.chat.before.extend((Later(timedelta(seconds=30)), Undeliverable("Synthia Testcase left.")))
    setting.say("Synthia Testcase", "second")
    for _ in range(2):
        setting.drain(LONG)
    with work(setting.store.engine) as session:
        first, second = session.scalars(select(OutgoingRow.id).order_by(OutgoingRow.seq))
    common = {"event": "post", "platform": "slack", "kind": "say", "subject": "none"}
    one, other = common | {"outgoing": str(first)}, common | {"outgoing": str(second)}
    assert logged == [
        one | {"log_level": "warning", "outcome": "limited", "attempts": 1, "error": "Later", "seconds": 30},
        one
        | {"log_level": "warning", "outcome": "failed", "attempts": 2, "error": "Undeliverable"}
        | {"seconds": 0},
        other | {"log_level": "debug", "outcome": "sent", "attempts": 1},
    ]


def test_as_long_as_nobody_could_be_told_a_post_is_not_given_up(setting: Setting) -> None:
    setting.chat.before.append(Undeliverable("gone"))
    setting.say("first")
    poster = setting.poster()
    telling: Callable[[Outgoing, str], Awaitable[None]] = poster.undeliverable

    async def fails(outgoing: Outgoing, reason: str) -> None:
        await telling(outgoing, reason)
        raise ConnectionError

    poster.undeliverable = fails
    asyncio.run(poster.drained())
    assert setting.states() == [Sending.SENDING]
    setting.drain(LONG)
    assert setting.states() == [Sending.SENT]


def test_a_post_carries_whom_to_mention_and_only_what_the_place_may_show(setting: Setting) -> None:
    with setting.store.clinic(START) as clinic:
        ana = clinic.people.enrol("Ana Testcase", "slack", "U1", START)
        clinic.people.give_account("matrix", "@ana:example.org", ana.id, START)
        clinic.outbox.tell([ana.id], Card("for you"), START, subject="H-1", kind=Kind.ASK)
    lanes = Lanes(setting.store, "one")
    assert lanes.due(["slack", "matrix"], START) == [
        Lane("matrix", "@@@ana:example.org"),
        Lane("slack", "@@U1"),
    ]
    outgoing = lanes.take(Lane("slack", "@@U1"), START)
    assert outgoing is not None
    assert (outgoing.called, outgoing.everyone, outgoing.detail) == (("U1",), False, Detail.CLINICAL)
    assert (outgoing.kind, outgoing.subject, outgoing.attempts) == (Kind.ASK, "H-1", 1)
    assert lanes.waiting(START + timedelta(seconds=5)) == (2, timedelta(seconds=5))


def test_after_a_commit_it_is_posted_from_any_thread_and_stopping_ends_what_is_under_way(
    setting: Setting,
) -> None:
    async def scene() -> None:
        setting.chat.gate, setting.chat.arrived = asyncio.Event(), asyncio.Event()
        poster = setting.poster()
        running = asyncio.create_task(poster.run())
        await asyncio.sleep(0)
        thread = Thread(target=lambda: poster.wake(setting.say("first", "second")))
        thread.start()
        await setting.chat.arrived.wait()
        poster.stop()
        setting.chat.gate.set()
        await running
        thread.join()

    asyncio.run(scene())
    assert setting.chat.at(ROOM) == ["first"]
    assert setting.states() == [Sending.SENT, Sending.WAITING]
    setting.chat.gate = None
    setting.drain(worker="two")
    assert setting.chat.at(ROOM) == ["first", "second"]


def test_a_hanging_platform_is_left_after_a_while(setting: Setting) -> None:
    async def scene() -> None:
        setting.chat.gate = asyncio.Event()
        poster = setting.poster()
        poster.call_seconds = 0.01
        await poster.drained()

    setting.say("first")
    asyncio.run(scene())
    assert setting.states() == [Sending.SENDING]
    setting.chat.gate = None
    setting.drain(LONG)
    assert setting.chat.at(ROOM) == ["first"]


def test_a_paced_place_gets_its_burst_and_then_the_rest_in_order(setting: Setting) -> None:
    titles = [f"post {number}" for number in range(5)]
    setting.say(*titles)
    poster = setting.poster(pace=Pace(timedelta(milliseconds=20), burst=2))

    async def scene() -> None:
        while len(setting.chat.log) < len(titles):
            await poster.drained()
            setting.now += timedelta(milliseconds=25)

    asyncio.run(scene())
    assert setting.chat.at(ROOM) == titles


def test_pacing_lets_a_burst_through_and_then_one_at_a_time() -> None:
    seconds = 0.0
    pacing = Pacing({"slack": Pace(timedelta(seconds=1), burst=3)}, lambda: seconds)
    assert [pacing.spend(ROOM) for _ in range(4)] == [0, 0, 1, 2]
    assert (pacing.wait(ROOM), pacing.wait(OTHER), pacing.spend(OTHER)) == (2, 0, 0)
    seconds = 2.0
    assert (pacing.wait(ROOM), pacing.spend(ROOM)) == (0, 1)
    seconds = 100.0
    assert [pacing.spend(ROOM) for _ in range(3)] == [0, 0, 1]


def test_backing_off_doubles_up_to_a_minute_and_never_gives_up() -> None:
    random.seed(1)
    for attempts, longest in [(1, 1), (2, 2), (5, 16), (7, 60), (10_000, 60)]:
        waits = [backoff(attempts).total_seconds() for _ in range(50)]
        assert longest / 2 <= min(waits) and max(waits) <= longest
        assert len(set(waits)) > 1
