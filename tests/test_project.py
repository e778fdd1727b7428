"""The files around the code: do they say what is so?"""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).parent.parent

# What each event is sent for; and what each method that Baton calls asks for.
SCOPES_OF_EVENTS = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "channel_left": {"channels:read"},
    "group_left": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
}
SCOPES_OF_METHODS = {
    "chat.postMessage": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "users.info": {"users:read"},
    "files.getUploadURLExternal": {"files:write"},
    "pins.add": {"pins:write"},
    "views.open": set(),
    "views.publish": set(),
}


@pytest.fixture
def manifest() -> Any:
    return yaml.safe_load((ROOT / "slack/manifest.yaml").read_text("utf-8"))


def test_the_slack_app_asks_for_exactly_the_scopes_that_it_needs(manifest: Any) -> None:
    needed = {"commands"}.union(*SCOPES_OF_EVENTS.values(), *SCOPES_OF_METHODS.values())
    assert manifest["oauth_config"]["scopes"]["bot"] == sorted(needed)
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == sorted(SCOPES_OF_EVENTS)


def test_the_slack_app_keeps_to_the_limits_of_a_manifest(manifest: Any) -> None:
    about, features = manifest["display_information"], manifest["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4000
    assert re.fullmatch("#[0-9a-f]{6}", about["background_color"])
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in features["shortcuts"])
    assert [(one["type"], one["callback_id"]) for one in features["shortcuts"]] == [
        ("message", "handoff_from_message"),
        ("message", "flag_from_message"),
        ("message", "agenda_from_message"),
        ("message", "decision_from_message"),
        ("message", "action_from_message"),
        ("global", "care"),
    ]
    assert [one["command"] for one in features["slash_commands"]] == ["/care"]


def test_the_slack_app_is_whole_in_both_modes(manifest: Any) -> None:
    assert manifest["settings"]["socket_mode_enabled"] is True
    text = (ROOT / "slack/manifest.yaml").read_text("utf-8")
    address = "https://baton.example.org/slack/events"
    http = yaml.safe_load(
        re.sub(r"# (url|request_url): ", r"\1: ", text).replace(
            "enabled: true\n  token", "enabled: false\n  token"
        )
    )
    assert http["features"]["slash_commands"][0].pop("url") == address
    assert http["settings"]["event_subscriptions"].pop("request_url") == address
    assert http["settings"]["interactivity"].pop("request_url") == address
    assert http["settings"].pop("socket_mode_enabled") is False
    del manifest["settings"]["socket_mode_enabled"]
    assert http == manifest


@pytest.mark.parametrize(
    ("target", "last"),
    [
        ("demo", ".venv/bin/baton demo"),
        ("test", ".venv/bin/pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder"),
    ],
)
def test_the_two_commands_of_the_readme(target: str, last: str) -> None:
    dry = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=True, env=plain()
    )
    assert dry.stdout.splitlines()[-1].strip() == last


def test_each_target_of_the_makefile_is_explained() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True, env=plain()
    )
    assert [line.split()[1] for line in shown.stdout.splitlines()] == phony[1].split()


def test_the_image_holds_every_package_and_runs_as_nobody_of_note() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    docker = (ROOT / "Dockerfile").read_text("utf-8")
    assert re.findall(r"^COPY (\w+) \1$", docker, re.MULTILINE) == packages
    kept = re.findall(r"^!(.*)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    assert kept == ["pyproject.toml", "README.md", "LICENSE", *packages]
    assert re.findall(r"^USER (.*)$", docker, re.MULTILINE) == ["10001:10001"]


def test_the_health_check_of_the_image_asks_at_the_port_that_is_served() -> None:
    docker = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", "")
    settings = dict(re.findall(r"(BATON_\w+)=(\S+)", re.findall(r"^ENV (.*)$", docker, re.MULTILINE)[0]))
    assert settings["BATON_HTTP_PORT"] in re.findall(r"^EXPOSE (.*)$", docker, re.MULTILINE)
    (check,) = re.findall(r"^HEALTHCHECK .*CMD (.*)$", docker, re.MULTILINE)
    assert "environ['BATON_HTTP_PORT'] + '/healthz'" in json.loads(check)[2]


def test_the_licence_is_the_one_that_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert licence.split()[:5] == ["Apache", "License", "Version", "2.0,", "January"]
    assert "END OF TERMS AND CONDITIONS" in licence


@pytest.mark.parametrize(("required", "status"), [("", 0), ("chromium", 1), ("postgresql", 1)])
def test_a_run_that_must_skip_nothing_fails_if_it_does(required: str, status: int) -> None:
    nowhere = "postgresql+psycopg://postgres@127.0.0.1:1/postgres"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_databases.py"],
        cwd=ROOT,
        env=plain() | {"BATON_TEST_POSTGRESQL": nowhere, "BATON_TEST_REQUIRE": required},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status, run.stdout
    assert "Not run: 3 tests on postgresql: no server answers." in run.stdout


def plain() -> dict[str, str]:
    """The environment without what belongs to the run that we are in."""
    mine = ("ARGS", "BATON_", "MAKE", "MFLAGS", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(mine)}
