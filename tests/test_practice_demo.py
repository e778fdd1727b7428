"""The demonstration: what it is made of, that it is made once, and that its time goes on over a restart."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App, store_of
from bot.config import Settings
from bot.config_faults import BadSettings
from bot.demo import PATIENTS, TEAM, demo_settings, seed
from bot.practice.people import PEOPLE
from bot.practice.platform import PracticePlatform
from cards.card import Detail
from storage.clinic import Clinic, Store
from storage.verify import verify
from tests.matrix_loop import run
from tests.practice_app import START, PracticeApp

NIGHT = datetime(2026, 1, 16, 23, 10, tzinfo=UTC)  # a Friday


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return demo_settings(tmp_path / "demo", 0)


def made(clinic: Clinic) -> tuple[list[tuple[str, str]], list[str], dict[str, Detail], int]:
    roster = clinic.people.roster(clinic.people.teams()[0].id)
    seen = (clinic.patients.seen_by(place.member.id, roster.team.id) for place in roster.places)
    names = sorted(each.name for patients in seen for each in patients)
    rooms = {room.address: room.detail for room in clinic.people.rooms(roster.team.id)}
    return [(place.member.name, place.role) for place in roster.places], names, rooms, clinic.patients.count()


def look(store: Store) -> tuple[list[tuple[str, str]], list[str], dict[str, Detail], int]:
    with store.clinic(START) as clinic:
        return made(clinic)


def steering(store: Store) -> list[str]:
    """Who may change the pathway."""
    with store.clinic(START) as clinic:
        members = map(clinic.people.member, clinic.steering.members())
        return [each.name for each in members if each]


def flags(store: Store) -> list[str]:
    """Every flag that there is: how it stands, and how severe it is."""
    with store.clinic(START) as clinic:
        found = [clinic.flags.find(f"F-{number}") for number in range(1, 9)]
    return [f"{each.ref} {each.state} {each.severity}" for each in found if each]


def test_everybody_and_everything_of_the_demonstration_is_there_once(settings: Settings) -> None:
    store = store_of(settings)
    seed(store, START)
    people, patients, rooms, count = first = look(store)
    lea = ("Lea Okafor", "lead")
    assert people == [lea, *((each.name, each.role) for each in PEOPLE if each.handle != "lea")]
    assert patients == sorted(each["name"] for _, each in PATIENTS)
    assert "<b>*@channel*</b>" in patients
    assert rooms == {"channel": Detail.CODE, "room": Detail.CLINICAL}
    assert count == len(PATIENTS) == 6
    assert flags(store) == ["F-1 resolved emergency", "F-2 raised urgent", "F-3 raised routine"]
    assert steering(store) == ["Lea Okafor", "Eli Marchetti"]
    with store.clinic(START) as clinic:
        coming = clinic.conferences.upcoming(clinic.people.teams()[0].id, START)
        invited = [each.member for each in clinic.invitees.of_conference(coming[0])]
        team = [each.member.id for each in clinic.people.roster(coming[0].team).places]
    assert [(each.ref, each.starts) for each in coming] == [("C-1", START + timedelta(minutes=30))]
    assert sorted(invited) == sorted(team)

    seed(store, START + timedelta(days=30))
    assert look(store) == first
    with store.clinic(START) as clinic:
        assert clinic.people.teams()[0].name == TEAM
        clinic.memory.move_cursor("demo on practice", "")
    seed(store, START)  # as after a stop in the middle: what was said is not said again
    assert look(store) == first
    assert flags(store) == ["F-1 resolved emergency", "F-2 raised urgent", "F-3 raised routine"]
    assert list(verify(store)) == []
    store.close()


def test_the_demonstration_keeps_to_its_folder(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", "postgresql://elsewhere/real")
    monkeypatch.setenv("BATON_SECRET_KEYS", "not-used")
    monkeypatch.setenv("BATON_HTTP_HOST", "0.0.0.0")  # noqa: S104
    again = demo_settings(tmp_path / "demo", 8000)
    assert again.database_url.get_secret_value() == f"sqlite:///{tmp_path}/demo/baton.db"
    assert again.http_host == "127.0.0.1"
    assert again.secret_keys == settings.secret_keys
    assert (tmp_path / "demo" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_the_page_refuses_to_run_beside_a_real_account(settings: Settings) -> None:
    real = settings.model_copy(update={"slack_bot_token": SecretStr("xoxb-1")})
    with pytest.raises(BadSettings, match="BATON_SLACK_BOT_TOKEN"):
        App(real, [PracticePlatform])


def test_at_night_the_demonstration_begins_on_the_next_working_morning(settings: Settings) -> None:
    practice = PracticeApp("", settings=settings, start=NIGHT)
    assert practice.app.clock.now() == datetime(2026, 1, 19, 8, 30, tzinfo=UTC)
    practice.close()


def test_a_flag_that_nobody_claims_widens_as_time_is_moved(settings: Settings) -> None:
    practice = PracticeApp("", settings=settings)
    platform = practice.app.links["practice"]
    assert isinstance(platform, PracticePlatform)
    for _ in range(4):
        run(platform.time.forward(timedelta(minutes=15)))
    practice.settle()
    stood = run(practice.app.door.look(lambda clinic: clinic.journal.of(subject="F-2")))
    widened = [each.at.strftime("%H:%M") for each in stood if each.action == "flag widened"]
    assert widened == ["10:15", "10:30", "10:45"], "to Dana, to Lea, to everybody"
    assert {each.action for each in stood} == {"flag raised", "flag reminded", "flag widened"}
    practice.close()


def test_time_goes_on_where_it_was(settings: Settings) -> None:
    practice = PracticeApp("", settings=settings)
    platform = practice.app.links["practice"]
    assert isinstance(platform, PracticePlatform)
    run(platform.time.forward(timedelta(hours=2)))
    practice.close()
    again = PracticeApp("", settings=settings, start=START + timedelta(minutes=10))
    assert again.app.clock.now() == START + timedelta(hours=2, minutes=10)
    again.close()
