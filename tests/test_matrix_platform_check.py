"""The doctor on Matrix, against a real homeserver."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import Settings
from bot.matrix.check import check_matrix
from tests.matrix_bot import MatrixBot
from tests.matrix_loop import run
from tests.matrix_scene import scene

pytestmark = pytest.mark.usefixtures("homeserver")


def wrong(settings: Settings) -> list[tuple[str, str]]:
    """What is not as it should be, and how to mend it."""
    return [(what, mend) for ok, what, mend in run(check_matrix(settings)) if not ok]


def changed(settings: Settings, **other: object) -> Settings:
    """The same settings with some others."""
    return settings.model_copy(update=other)


def test_a_bot_that_has_never_run_is_looked_at_without_leaving_a_device(
    sqlite_url: str, tmp_path: Path
) -> None:
    settings = MatrixBot(sqlite_url, tmp_path / "data").settings
    assert wrong(settings) == []
    said = [what for _, what, _ in run(check_matrix(settings))]
    assert f"{settings.matrix_user} can log in; Baton has no device yet" in said
    assert "the bot is in 0 rooms" in said
    assert wrong(changed(settings, matrix_password=SecretStr("not it"))) == [
        (
            f"the login of {settings.matrix_user} is refused (M_FORBIDDEN)",
            "Check BATON_MATRIX_USER and BATON_MATRIX_PASSWORD by logging in with any Matrix app.",
        )
    ]
    assert wrong(changed(settings, matrix_allowed=())) == [
        (
            "nobody may invite the bot",
            "Name people or servers in BATON_MATRIX_ALLOWED: @ana:example.org, or :example.org for a server.",
        )
    ]
    [(what, mend)] = wrong(changed(settings, matrix_homeserver="http://127.0.0.1:9"))
    assert what.startswith("http://127.0.0.1:9 does not answer as a homeserver")
    assert "BATON_MATRIX_HOMESERVER" in mend


def test_a_running_bot_its_keys_and_its_rooms(sqlite_url: str, tmp_path: Path) -> None:
    with scene(MatrixBot(sqlite_url, tmp_path / "data")) as team:
        settings = team.bot.settings
        assert wrong(settings) == []
        said = [what for _, what, _ in run(check_matrix(settings))]
        assert "the keys in the store are those that people encrypt for" in said
        assert "North team: the bot may write and people may react" in said
        assert wrong(changed(settings, matrix_admin_room="!elsewhere:localhost")) == [
            ("the bot is not in BATON_MATRIX_ADMIN_ROOM", "Invite it there.")
        ]
        silence = {"events_default": 50, "users": {}}
        team.ana.run(team.ana.client.room_put_state(team.room, "m.room.power_levels", silence))
        assert wrong(settings) == [
            ("the bot may not write in North team", f"Give {settings.matrix_user} the power level 50 there.")
        ]
        team.bot.stop()
        (settings.matrix_store / "crypto.db").unlink()
        [(what, _), _] = wrong(settings)
        assert what == "the keys of Baton's device are lost"
