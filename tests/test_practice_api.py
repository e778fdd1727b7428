"""The practice page over HTTP: what is documented, and what is refused."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.practice.guard import HEADERS
from tests.patience import PATIENCE
from tests.practice_app import PracticeApp

JSON = {"Content-Type": "application/json"}
ROUTES = ["/practice/events", "/practice/forward", "/practice/people", "/practice/react",
          "/practice/rooms/{room}", "/practice/say"]  # fmt: skip


@pytest.fixture
def practice(sqlite_url: str) -> Iterator[PracticeApp]:
    app = PracticeApp(sqlite_url)
    app.settle()
    yield app
    app.close()


@pytest.fixture
def api(practice: PracticeApp) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=practice.url, timeout=PATIENCE) as client:
        yield client


def said(api: httpx.Client, who: str, line: str, room: str = "direct", **more: Any) -> dict[str, Any]:
    answer = api.post("/practice/say", json={"as": who, "room": room, "line": line, **more})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def messages(api: httpx.Client, room: str, who: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/practice/rooms/{room}", params={"as": who}).json()["messages"]
    return found


def patient(api: httpx.Client, who: str = "ana") -> str:
    people = api.get("/practice/people").json()["people"]
    code: str = next(each for each in people if each["as"] == who)["patients"][-1]["code"]
    return code


def test_a_handoff_can_be_scripted(api: httpx.Client, practice: PracticeApp) -> None:
    code = patient(api)
    form = said(api, "ana", f"handoff offer {code}")
    assert (form["outcome"], form["card"], form["form"]["values"]) == ("form", None, {"patient": code})
    assert [field["name"] for field in form["form"]["fields"]][:3] == ["patient", "to", "urgency"]
    assert form["form"]["errors"] == {}

    values = {"patient": code, "to": "bo", "urgency": "urgent", "summary": 'PHQ-9 14, "sleeps badly"'}
    wrong = said(api, "ana", "", command="handoff offer", values={"patient": code})
    assert wrong["form"]["errors"] == {"to": "To is needed.", "summary": "Patient summary is needed."}
    offered = said(api, "ana", "", command="handoff offer", values=values)
    assert offered["outcome"] == "done"
    assert offered["card"]["title"] == f"H-1 · {code} · offered"
    assert offered["text"].startswith(f"H-1 · {code} · offered\n\n")

    practice.settle()
    asked = messages(api, "direct", "bo")[-1]
    assert asked["card"]["choices"][0]["says"] == "handoff accept H-1"
    assert 'PHQ-9 14, "sleeps badly"' in asked["text"]
    assert said(api, "bo", asked["card"]["choices"][0]["says"], label="Accept")["outcome"] == "done"
    practice.settle()
    for room in ("channel", "room"):
        (living,) = [each for each in messages(api, room) if each["title"].startswith("H-1")]
        assert living["card"]["title"] == f"H-1 · {code} · accepted"
        assert living["edited"] is not None


def test_the_same_id_is_the_same_request(api: httpx.Client) -> None:
    line = "patient add name='Sam Sample' goal='Swim' record=MRN-77"
    first = said(api, "ana", line, id="training-1")
    before = messages(api, "direct", "ana")
    again = said(api, "ana", line, id="training-1")
    assert again == first
    assert messages(api, "direct", "ana") == before
    assert len(api.get("/practice/people").json()["people"][0]["patients"]) == 4
    other = said(api, "gus", "mine", id="training-1")
    assert other["card"]["title"] == "Nothing waits for you."


def test_time_goes_forward_and_stops_at_deadlines(api: httpx.Client, practice: PracticeApp) -> None:
    said(api, "ana", f"handoff offer {patient(api)} bo urgent 'low mood'")
    moved = api.post("/practice/forward", json={"minutes": 60}).json()
    assert moved["now"] == "2026-01-13T11:00:00+00:00"
    reminders = [each for each in messages(api, "direct", "bo") if "H-1 still waits" in each["title"]]
    assert [each["at"][11:16] for each in reminders] == ["10:30", "10:48"]
    morning = api.post("/practice/forward", json={"until": "morning"}).json()
    assert morning["now"] == "2026-01-14T08:30:00+00:00"
    for minutes in (0, -5, 60 * 24 * 40):
        refused = api.post("/practice/forward", json={"minutes": minutes})
        assert refused.status_code == 400
        assert refused.json()["error"].endswith((".", "/practice/api."))


def test_a_reaction_is_its_choice_and_any_other_is_ignored(api: httpx.Client, practice: PracticeApp) -> None:
    said(api, "ana", f"handoff offer {patient(api)} bo urgent 'low mood'")
    practice.settle()
    card = messages(api, "room")[-1]
    body = {"as": "bo", "room": "room", "message": card["id"]}
    ignored = {"outcome": "ignored", "card": None, "text": "", "form": None, "message": ""}
    assert api.post("/practice/react", json={**body, "reaction": "🍕"}).json() == ignored
    assert api.post("/practice/react", json={**body, "message": "no", "reaction": "👍"}).json() == ignored
    accepted = api.post("/practice/react", json={**body, "reaction": "👍"}).json()
    assert accepted["card"]["title"].endswith("· accepted")


def test_who_comes_back_gets_what_was_missed(api: httpx.Client, practice: PracticeApp) -> None:
    said(api, "ana", "mine", room="channel")
    everything = events(api, {})
    assert [each["change"] for each in everything] == sorted(each["change"] for each in everything)
    last = everything[-1]["change"]
    said(api, "bo", "mine", room="channel")
    missed = events(api, {"Last-Event-ID": str(last)})
    assert [(each["room"], each["author"], each["only"]) for each in missed] == [
        ("channel", "bo", ""),
        ("channel", "", "bo"),
    ]
    assert len(events(api, {"Last-Event-ID": "999999"})) == len(everything) + 2


def events(api: httpx.Client, headers: dict[str, str]) -> list[dict[str, Any]]:
    """The messages that the stream begins with."""
    found: list[dict[str, Any]] = []
    with api.stream("GET", "/practice/events", headers=headers) as stream:
        kind = ""
        for line in stream.iter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                kind = value
            if name == "data" and kind == "message":
                found.append(json.loads(value))
            if name == "data" and kind == "time":
                return found
    raise AssertionError("the stream ended")


REFUSED = (
    ({"Content-Type": "text/plain"}, 415),
    ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ({**JSON, "Origin": "https://evil.example"}, 403),
    ({**JSON, "Origin": "null"}, 403),
    ({**JSON, "Sec-Fetch-Site": "cross-site"}, 403),
    ({**JSON, "Host": "evil.example"}, 400),
)


def test_other_sites_are_refused(api: httpx.Client) -> None:
    body, before = (
        json.dumps({"as": "ana", "room": "channel", "line": "team leave"}),
        messages(api, "channel"),
    )
    for headers, status in REFUSED:
        for path in ("/practice/say", "/practice/react", "/practice/forward"):
            assert api.post(path, content=body, headers=headers).status_code == status, (path, headers)
    assert messages(api, "channel") == before


UNREADABLE = (
    ("", "These are missing or wrong: body."),
    ("{", "These are missing or wrong: body."),
    ('{"as": "ana", "line": "help"}', "These are missing or wrong: room."),
    ('{"as": "ana", "room": "direct", "line": 3}', "These are missing or wrong: line."),
    ('{"as": "zoe", "room": "direct", "line": "help"}', "Nobody here is called that. There are: ana, bo,"),
    ('{"as": "ana", "room": "den", "line": "help"}', "There is no such room. There are: channel, room,"),
)


def test_what_can_not_be_read_is_said(api: httpx.Client) -> None:
    for body, says in UNREADABLE:
        answer = api.post("/practice/say", content=body, headers=JSON)
        assert answer.status_code == 400
        assert answer.json()["error"].startswith(says)


def test_what_is_too_long_is_not_read(api: httpx.Client) -> None:
    long = json.dumps({"as": "ana", "room": "direct", "line": "x" * 100_001})
    assert api.post("/practice/say", content=long, headers=JSON).status_code == 413
    assert api.post("/practice/say", content=iter([b"{}"]), headers=JSON).status_code == 413


PAGES = ("/", "/practice/api", "/practice/people", "/practice/static/page.js", "/practice/static/page.css")


def test_every_answer_keeps_the_page_to_itself(api: httpx.Client) -> None:
    for path in PAGES:
        answer = api.get(path)
        assert answer.status_code == 200
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_the_page_brings_everything_itself(api: httpx.Client) -> None:
    inline = r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)|https?://(?!localhost)"
    for path in ("/", "/practice/api"):
        assert re.findall(inline, api.get(path).text) == []
    for file in Path("bot/practice/page/static").iterdir():
        assert "http://" not in file.read_text("utf-8").replace("http://www.w3.org/2000/svg", ""), file.name


def test_both_pages_of_documentation_name_every_route(api: httpx.Client) -> None:
    for text in (api.get("/practice/api").text, Path("docs/practice.md").read_text("utf-8")):
        assert sorted(set(re.findall(r"(?:GET|POST) (/practice/[a-z{}/]+)", text))) == ROUTES
