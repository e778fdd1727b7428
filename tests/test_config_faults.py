from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config import Settings
from bot.config_faults import BadSettings
from tests.settings_place import IMAP, MATRIX, SECRET, SLACK, Place


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Place:
    return Place(monkeypatch, tmp_path)


def test_misspelt_names_are_refused_with_what_was_probably_meant(place: Place) -> None:
    place.file("http_prot = 1\nsurprise = 2\n[slack]\nbot_token = 'x'")
    assert place.faults(
        {"BATON_SLACK_TOKEN": SECRET, "BATON_HTTP_PROT": "1", "BATON_TEST_POSTGRESQL": "x"}
    ) == (
        "BATON_HTTP_PROT is not a setting; did you mean BATON_HTTP_PORT?",
        "BATON_SLACK_TOKEN is not a setting; did you mean BATON_SLACK_BOT_TOKEN or BATON_SLACK_APP_TOKEN?",
        "http_prot in baton.toml is not a setting; did you mean http_port?",
        "surprise in baton.toml is not a setting.",
        "slack in baton.toml is not a setting; did you mean slack_mode?",
    )


def test_a_broken_file_is_refused_with_its_line(place: Place) -> None:
    place.file(f'http_port = 1\nslack_signing_secret = {SECRET}"\n')
    assert place.faults() == (
        "The settings file baton.toml is not valid TOML at line 2. "
        'Texts need quotes: slack_bot_token = "xoxb-...".',
    )


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HTTP_PORT", SECRET, "must be a port: a whole number from 0 to 65535."),
        ("HTTP_PORT", "65536", "must be a port: a whole number from 0 to 65535."),
        ("TICK_SECONDS", "0", "must be a number of seconds up to 60."),
        ("LOG_LEVEL", SECRET, "must be DEBUG, INFO, WARNING or ERROR."),
        ("DIRECT_DETAIL", SECRET, "must be code, clinical or identified."),
        ("SECRET_KEYS", f"{'A' * 43}=,{SECRET}", "can't be used. Secret key 2 has 12 bytes where 32 "
         "are needed. Make one with: baton keys new"),
        ("SLACK_BOT_TOKEN", f"xoxp-{SECRET}", "must start with xoxb-. "
         "Copy the bot token from the app's page at api.slack.com/apps."),
        ("SLACK_APP_TOKEN", f"xoxb-{SECRET}", "must start with xapp-. "
         "Copy the app-level token from the app's page at api.slack.com/apps."),
        ("BASE_URL", "baton.example.org", "must be an address that begins with https:// or http://, "
         "with no user, question mark or #."),
        ("MATRIX_HOMESERVER", f"https://baton:{SECRET}@example.org", "must be an address that begins with "
         "https:// or http://, with no user, question mark or #."),
        ("MATRIX_USER", "baton", "must be a whole Matrix id, such as @baton:example.org."),
        ("MATRIX_ALLOWED", "@a:b.org,everyone", "has an entry, number 2, that is neither a Matrix id "
         "(@ana:example.org) nor a server (:example.org)."),
        ("MATRIX_TRUST", "nobody", "must be all-devices."),
        ("MATRIX_ADMIN_ROOM", "admins", "must be the id or the alias of a room: !... or #...."),
        ("DATABASE_URL", f"mysql://a:{SECRET}@b/c", "must begin with sqlite:/// or postgresql://. "
         "Baton keeps its data in one of these two."),
        ("DATABASE_URL", SECRET, "must be an address such as sqlite:///data/baton.db or "
         "postgresql://user:password@host/baton."),
        ("DATABASE_URL", "sqlite://", "must name a file, such as sqlite:///data/baton.db. "
         "A database in memory keeps nothing."),
        ("ORGANISATION", "Pain Clinic", "must be a short id of small letters, digits and hyphens."),
        ("HTTP_TRUSTED_PROXIES", "127.0.0.1,*", "has an entry, number 2, that is neither an address "
         "(127.0.0.1) nor a network (10.0.0.0/8)."),
        ("SMTP_STARTTLS", SECRET, "must be true or false."),
        ("PATHWAY", "gone.toml", "names a file that is not there."),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_its_name_and_never_shown(
    place: Place, name: str, value: str, says: str
) -> None:
    assert place.faults({f"BATON_{name}": value}) == (f"BATON_{name} {says}",)


def test_everything_wrong_is_told_at_once_and_the_file_is_named_where_it_is_at_fault(place: Place) -> None:
    place.file(f'http_port = "{SECRET}"\nhttp_host = 5\ntick_seconds = 90')
    assert place.faults({"BATON_TICK_SECONDS": "soon", "BATON_SLACK_BOT_TOKEN": SECRET}) == (
        "BATON_TICK_SECONDS must be a number of seconds up to 60.",
        "BATON_HTTP_HOST (http_host in baton.toml) must be an address to listen at, like 0.0.0.0.",
        "BATON_HTTP_PORT (http_port in baton.toml) must be a port: a whole number from 0 to 65535.",
        "BATON_SLACK_BOT_TOKEN must start with xoxb-. "
        "Copy the bot token from the app's page at api.slack.com/apps.",
    )


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"BATON_SLACK_APP_TOKEN": "xapp-1"}, "Slack is half set up: BATON_SLACK_APP_TOKEN is set, but "
         "BATON_SLACK_BOT_TOKEN is missing."),
        ({"BATON_SLACK_MODE": "http"}, "Slack is half set up: BATON_SLACK_MODE is set, but "
         "BATON_SLACK_BOT_TOKEN is missing."),
        ({"BATON_SLACK_BOT_TOKEN": "xoxb-1"}, "Slack is half set up: set BATON_SLACK_APP_TOKEN for Socket "
         "Mode (no public address needed), or BATON_SLACK_SIGNING_SECRET for requests over HTTP."),
        (SLACK | {"BATON_SLACK_MODE": "socket"}, "BATON_SLACK_MODE is socket, but BATON_SLACK_APP_TOKEN is "
         "missing: Socket Mode needs it."),
        ({"BATON_SLACK_BOT_TOKEN": "xoxb-1", "BATON_SLACK_APP_TOKEN": "xapp-1", "BATON_SLACK_MODE": "http"},
         "BATON_SLACK_MODE is http, but BATON_SLACK_SIGNING_SECRET is missing: "
         "without it nobody can tell Slack's requests from forged ones."),
        ({"BATON_MATRIX_PASSWORD": SECRET}, "Matrix is half set up: BATON_MATRIX_HOMESERVER and "
         "BATON_MATRIX_USER are missing. Set all, or none."),
        (MATRIX | {"BATON_MATRIX_PASSWORD": ""}, "Matrix is half set up: BATON_MATRIX_PASSWORD is missing. "
         "Set all, or none."),
        ({"BATON_SMTP_HOST": "mail"}, "BATON_SMTP_HOST is set, but BATON_SMTP_FROM is missing: "
         "from which address should mail come?"),
        ({"BATON_SMTP_FROM": "a@b.org"}, "Mail is half set up: BATON_SMTP_HOST is missing. "
         "Set it, or none of BATON_SMTP_*."),
        ({"BATON_SMTP_HOST": "mail", "BATON_SMTP_FROM": "a@b.org", "BATON_SMTP_PASSWORD": SECRET},
         "Mail is half set up: BATON_SMTP_USER is missing. Set user and password, or neither."),
        (IMAP, "BATON_IMAP_HOST is set, but BATON_IMAP_TRUSTS is missing: set the name that your mail server "
         "puts into Authentication-Results, or `anybody` to believe every mail as it says."),
    ],
)  # fmt: skip
def test_what_is_half_set_up_is_refused_naming_what_is_missing(
    place: Place, variables: dict[str, str], says: str
) -> None:
    assert place.faults(variables) == (says,)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(Settings.model_fields)), noise=st.text("abcXYZ019:/@.-_ ?#%", max_size=12))
def test_no_value_ever_shows_in_what_is_refused(place: Place, name: str, noise: str) -> None:
    try:
        place.load({f"BATON_{name.upper()}": f"{noise}{SECRET}{noise}"})
    except BadSettings as refused:
        assert SECRET not in str(refused)
