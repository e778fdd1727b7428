from pathlib import Path

import pytest

from bot.config_faults import BadSettings
from cards.card import Detail
from storage.secrets import new_key
from tests.settings_place import IMAP, MATRIX, SECRET, SLACK, Place


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Place:
    return Place(monkeypatch, tmp_path)


def test_without_any_setting_baton_has_a_database_and_no_platform(place: Place) -> None:
    found = place.load()
    assert found.database_url.get_secret_value() == "sqlite:///data/baton.db"
    assert found.matrix_store == Path("data/matrix")
    assert found.base_url == "http://localhost:8000"
    assert found.slack_transport is None
    assert not found.has_matrix
    assert found.direct_detail is Detail.CLINICAL
    assert not found.matrix_plain_rooms_detail
    found.refuse_practice_beside_credentials()


def test_defaults_follow_the_settings_they_are_made_of(place: Place) -> None:
    found = place.load({"BATON_DATA_FOLDER": "/var/baton", "BATON_HTTP_PORT": "9000"})
    assert found.database_url.get_secret_value() == "sqlite:////var/baton/baton.db"
    assert found.matrix_store == Path("/var/baton/matrix")
    assert found.base_url == "http://localhost:9000"


def test_the_environment_wins_over_the_file_and_an_empty_variable_is_none(place: Place) -> None:
    place.file(
        'http_port = 1111\ntick_seconds = 2.5\nlog_level = "debug"\nmatrix_allowed = [":a.org", "@b:c.org"]'
    )
    found = place.load({"BATON_HTTP_PORT": "2222", "BATON_TICK_SECONDS": ""})
    assert (found.http_port, found.tick_seconds, found.log_level) == (2222, 2.5, "DEBUG")
    assert found.matrix_allowed == (":a.org", "@b:c.org")


def test_another_file_can_be_named(place: Place) -> None:
    other = place.file('organisation = "pain-clinic"', "other.toml")
    assert place.load({"BATON_CONFIG": str(other)}).organisation == "pain-clinic"
    assert place.faults({"BATON_CONFIG": "gone.toml"}) == (
        "BATON_CONFIG names gone.toml, which is not there.",
    )


def test_values_are_read_as_people_paste_them(place: Place) -> None:
    one, two = new_key(), new_key()
    found = place.load(
        SLACK
        | MATRIX
        | {
            "BATON_SLACK_BOT_TOKEN": " xoxb-1\n",
            "BATON_SECRET_KEYS": f"{one}, {two},",
            "BATON_MATRIX_ALLOWED": "@ana:example.org, :clinic.example.org:8448",
            "BATON_DIRECT_DETAIL": "Identified",
            "BATON_DATABASE_URL": "postgres://baton:p%40ss@db/baton",
        }
    )
    assert found.slack_bot_token
    assert found.slack_bot_token.get_secret_value() == "xoxb-1"
    assert len(found.keyring().key_ids) == 2
    assert found.matrix_allowed == ("@ana:example.org", ":clinic.example.org:8448")
    assert found.matrix_homeserver == "https://matrix.example.org"
    assert found.direct_detail is Detail.IDENTIFIED
    assert found.database_url.get_secret_value() == "postgresql+psycopg://baton:p%40ss@db/baton"


def test_whom_we_believe(place: Place) -> None:
    assert place.load().http_trusted_proxies == ("127.0.0.1",)
    found = place.load({"BATON_HTTP_TRUSTED_PROXIES": "10.0.0.0/8, fd00::1"})
    assert found.http_trusted_proxies == ("10.0.0.0/8", "fd00::1")
    named = place.load(IMAP | {"BATON_IMAP_TRUSTS": "mx.clinic.example"})
    assert named.mail_proof == "mx.clinic.example"
    assert place.load(IMAP | {"BATON_IMAP_TRUSTS": "anybody"}).mail_proof == ""


def test_nothing_secret_shows_when_settings_are_printed(place: Place) -> None:
    key = new_key()
    found = place.load(
        SLACK | MATRIX | {"BATON_SECRET_KEYS": key, "BATON_DATABASE_URL": f"postgresql://a:{SECRET}@db/baton"}
    )
    assert SECRET not in f"{found!r}{found}{found.model_dump()}{found.model_dump_json()}"
    assert key not in f"{found!r}{found}{found.model_dump()}{found.model_dump_json()}"


@pytest.mark.parametrize(
    ("variables", "transport"),
    [
        ({"BATON_SLACK_APP_TOKEN": "xapp-1"}, "socket"),
        ({"BATON_SLACK_SIGNING_SECRET": "x"}, "http"),
        ({"BATON_SLACK_SIGNING_SECRET": "x", "BATON_SLACK_APP_TOKEN": "xapp-1"}, "socket"),
        (
            {
                "BATON_SLACK_SIGNING_SECRET": "x",
                "BATON_SLACK_APP_TOKEN": "xapp-1",
                "BATON_SLACK_MODE": "http",
            },
            "http",
        ),
    ],
)
def test_how_slack_is_reached_follows_from_what_is_set(
    place: Place, variables: dict[str, str], transport: str
) -> None:
    assert place.load({"BATON_SLACK_BOT_TOKEN": "xoxb-1"} | variables).slack_transport == transport


def test_a_missing_secret_key_is_asked_for_by_those_who_need_one(place: Place) -> None:
    with pytest.raises(BadSettings) as refused:
        place.load().keyring()
    assert refused.value.faults == (
        "BATON_SECRET_KEYS is missing: names and record numbers are encrypted with it. "
        "Make a key with `baton keys new` and keep a copy in a safe place.",
    )


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        (SLACK, "BATON_SLACK_BOT_TOKEN"),
        (SLACK | MATRIX, "BATON_SLACK_BOT_TOKEN, BATON_MATRIX_PASSWORD"),
        ({"BATON_SMTP_HOST": "mail.example.org", "BATON_SMTP_FROM": "baton@example.org"}, "BATON_SMTP_HOST"),
    ],
)
def test_practice_is_refused_beside_real_accounts(
    place: Place, variables: dict[str, str], named: str
) -> None:
    with pytest.raises(BadSettings) as refused:
        place.load(variables).refuse_practice_beside_credentials()
    assert refused.value.faults == (
        "On the practice page anyone can be anyone, so it does not run beside real accounts. "
        f"Unset {named}, or start Baton with `baton run`.",
    )
