"""The stand that Matrix tests are built on: a real homeserver, real clients, faults on demand."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest

from bot.homeserver import Homeserver
from tests.matrix_device import Refused
from tests.matrix_faults import Fault, FaultProxy, limited
from tests.matrix_homeserver import PASSWORD, fresh_person, scratch_folder, shared_homeserver
from tests.matrix_person import MatrixPerson


@dataclass
class Pair:
    """Ana and Bo in an encrypted room that Ana made."""

    ana: MatrixPerson
    bo: MatrixPerson
    room: str


@pytest.fixture
def pair() -> Iterator[Pair]:
    ana, bo = fresh_person("ana"), fresh_person("bo")
    room = bo.join(ana.create_room("Pain team", invite=[bo.user_id]))
    yield Pair(ana, bo, room)
    ana.close()
    bo.close()


def test_two_persons_talk_encrypted(pair: Pair) -> None:
    asked = pair.ana.say(pair.room, "Who takes P-7K3Q?", mentions=[pair.bo.user_id])
    heard = pair.bo.wait_for(pair.room, lambda m: m.event_id == asked)
    assert (heard.body, heard.sender, heard.decrypted) == ("Who takes P-7K3Q?", pair.ana.user_id, True)
    assert heard.mentions == {pair.bo.user_id}
    answered = pair.bo.say(pair.room, "I do.", reply_to=asked, html="<b>I do.</b>")
    heard = pair.ana.wait_for(pair.room, lambda m: m.event_id == answered)
    assert (heard.formatted_body, heard.reply_to, heard.thread) == ("<b>I do.</b>", asked, None)


def test_threads_edits_reactions_and_redactions(pair: Pair) -> None:
    root = pair.ana.say(pair.room, "H-1: offered")
    inside = pair.bo.say(pair.room, "More, please", thread=root)
    pair.ana.say(pair.room, "H-1: accepted", edit_of=root)
    pair.bo.say(pair.room, "H-1: mine", edit_of=root)  # not his: clients ignore it
    up, down = pair.bo.react(pair.room, root, "👍"), pair.bo.react(pair.room, root, "👎")
    pair.bo.redact(pair.room, down)
    pair.bo.redact(pair.room, inside)
    said = pair.bo.wait_for(pair.room, lambda m: m.event_id == inside and m.redacted)
    assert (said.body, said.thread) == ("", root)
    offered = pair.bo.wait_for(pair.room, lambda m: m.event_id == root and m.edits)
    assert (offered.body, len(offered.edits)) == ("H-1: accepted", 1)
    assert offered.edits[0].content["body"] == "* H-1: accepted"
    assert offered.reactions == {"👍": [pair.bo.user_id]}
    assert [e.event_id for e in pair.bo.events(pair.room) if e.kind == "m.reaction"] == [up, down]


def test_a_new_device_reads_what_comes_but_not_what_was(pair: Pair) -> None:
    before = pair.ana.say(pair.room, "before")
    phone = MatrixPerson(pair.bo.client.homeserver, pair.bo.user_id, pair.bo.password).login()
    pair.ana.wait_until(lambda: len(pair.ana.devices_of(pair.bo.user_id)) == 2, "the new device")
    after = pair.ana.say(pair.room, "after")
    assert phone.wait_for(pair.room, lambda m: m.event_id == after).body == "after"
    assert not phone.wait_for(pair.room, lambda m: m.event_id == before).decrypted
    phone.close()


def test_rooms_without_encryption_and_direct_rooms(pair: Pair) -> None:
    direct = pair.ana.direct_room(pair.bo.user_id, encrypted=False)
    assert pair.bo.join_next() == direct
    pair.bo.say(direct, "plain")
    assert not pair.ana.wait_for(direct, lambda m: m.body == "plain").encrypted
    pair.bo.leave(direct)
    pair.ana.wait_until(lambda: pair.ana.members(direct) == {pair.ana.user_id}, "Bo to be gone")


def test_who_is_put_out_stays_out_until_invited(pair: Pair) -> None:
    pair.ana.kick(pair.room, pair.bo.user_id, "rotation over")
    pair.bo.wait_until(lambda: not pair.bo.knows(pair.room), "to be out")
    with pytest.raises(Refused, match="M_FORBIDDEN"):
        pair.bo.enter(pair.room)
    pair.ana.invite(pair.room, pair.bo.user_id)
    said = pair.ana.say(pair.bo.join(pair.room), "welcome back")
    assert pair.bo.wait_for(pair.room, lambda m: m.event_id == said).body == "welcome back"


def test_a_restarted_homeserver_has_kept_everything() -> None:
    homeserver = Homeserver(scratch_folder())
    with homeserver, FaultProxy(homeserver.url) as proxy:
        ana, bo = (fresh_person(name, homeserver, proxy.url) for name in ("ana", "bo"))
        room = bo.join(ana.create_room("Pain team", invite=[bo.user_id]))
        before = ana.say(room, "before")
        homeserver.kill()
        homeserver.start()
        after = ana.say(room, "after")
        assert bo.wait_for(room, lambda m: m.event_id == after).decrypted
        later = MatrixPerson(homeserver.url, bo.user_id, PASSWORD).login()
        assert {before, after} <= {event.event_id for event in later.events(room)}
        for person in (ana, bo, later):
            person.close()


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    with FaultProxy(shared_homeserver().url) as proxy:
        yield proxy


def test_a_limit_is_answered_as_often_as_asked(proxy: FaultProxy) -> None:
    ana = fresh_person("ana", url=proxy.url)
    room = ana.create_room("Pain team")
    proxy.add(limited("PUT .*/send/", times=2, retry_after_ms=20))
    said = ana.say(room, "patience")
    assert ana.wait_for(room, lambda m: m.event_id == said).body == "patience"
    assert (proxy.count("PUT .*/send/", "answer"), proxy.count("PUT .*/send/")) == (2, 1)
    ana.close()


def test_a_send_cut_after_it_was_taken_is_there_once(proxy: FaultProxy) -> None:
    ana = fresh_person("ana", url=proxy.url)
    room = ana.create_room("Pain team")
    proxy.add(Fault("cut", "PUT .*/send/", times=1, taken=True))
    said = ana.say(room, "once", txn="post-1")  # the client library tries again with the same id
    assert proxy.count("PUT .*/send/.*/post-1", "cut") == proxy.count("PUT .*/send/.*/post-1") == 1
    last = ana.say(room, "last")
    ana.wait_for(room, lambda m: m.event_id == last)
    assert [message.event_id for message in ana.messages(room)] == [said, last]
    ana.close()


def test_what_fails_can_be_told_from_another_process(proxy: FaultProxy) -> None:
    ana = fresh_person("ana", url=proxy.url)
    room = ana.create_room("Pain team")
    httpx.post(f"{proxy.control_url}/faults", json={"outcome": "answer", "where": "/send/", "status": 500})
    with pytest.raises(Refused):
        ana.say(room, "refused")
    httpx.delete(f"{proxy.control_url}/faults")
    httpx.post(f"{proxy.control_url}/down")
    with pytest.raises(httpx.ConnectError):
        httpx.get(proxy.url)
    httpx.post(f"{proxy.control_url}/up")
    said = ana.say(room, "back")
    assert ana.wait_for(room, lambda m: m.event_id == said).body == "back"
    assert {"answer", "passed"} == {one["fate"] for one in httpx.get(f"{proxy.control_url}/seen").json()}
    ana.close()


def test_a_hanging_request_is_cut_when_the_fault_is_cleared(proxy: FaultProxy) -> None:
    proxy.add(Fault("hang", "GET /_matrix/client/versions", times=1))
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(httpx.get, f"{proxy.url}/_matrix/client/versions", timeout=30)
        proxy.wait_for("versions", "hang")
        assert not asking.done()
        proxy.clear()
        assert isinstance(asking.exception(), httpx.RemoteProtocolError | httpx.ReadError)
    assert httpx.get(f"{proxy.url}/_matrix/client/versions").status_code == 200


def test_the_dice_of_a_proxy_fall_the_same_every_time() -> None:
    fates = []
    for _ in range(2):
        with FaultProxy(shared_homeserver().url, seed=7) as dicing:
            dicing.add(Fault("answer", "versions", chance=0.5))
            answers = [httpx.get(f"{dicing.url}/_matrix/client/versions").status_code for _ in range(12)]
            fates.append(answers)
    assert fates[0] == fates[1]
    assert set(fates[0]) == {200, 502}
