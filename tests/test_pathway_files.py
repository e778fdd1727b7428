"""`baton pathway …`: a definition in a file, checked, compared, and tried on everybody's past."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.pathway_files import compare, replay
from bot.steering_group import NoSuchAccount, seat
from handlers.definition.post import take_up
from pathway.definition import shipped_text
from tests.handlers.talk import Talk
from tests.test_command_line import SECRET, baton


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The definition we ship, with a lower threshold for insomnia."""
    text = shipped_text().replace('{ score = "ISI", at_least = 15,', '{ score = "ISI", at_least = 14,')
    file = tmp_path / "changed.toml"
    file.write_text(text, "utf-8")
    return file


def test_a_file_is_checked(tmp_path: Path, changed: Path) -> None:
    good = baton(tmp_path, "pathway", "check", "changed.toml")
    assert (good.returncode, good.stdout) == (
        0, "changed.toml holds together: version 1, 34 rules on, 1 off, not signed off.\n"
    )  # fmt: skip
    changed.write_text(shipped_text().replace('score = "ISI"', 'score = "ISO"'), "utf-8")
    line = changed.read_text("utf-8")[: changed.read_text("utf-8").index('score = "ISO"')].count("\n") + 1
    bad = baton(tmp_path, "pathway", "check", "changed.toml")
    assert (bad.returncode, bad.stdout, bad.stderr) == (
        2, "", f"changed.toml, line {line}: There is no instrument `ISO`.\n"
    )  # fmt: skip


def test_a_file_is_compared_with_what_is_in_force(tmp_path: Path, changed: Path) -> None:
    shown = baton(tmp_path, "pathway", "diff", str(changed), secret_keys=SECRET)
    assert (shown.returncode, shown.stdout) == (
        0,
        "rule insomnia, when.at_least: 15 → 14\n"
        "Raise the version of insomnia: flags name it, so it is not approved without.\n",
    )


def test_a_file_is_tried_on_everybody(sqlite_url: str, changed: Path) -> None:
    talk = Talk(sqlite_url)
    take_up(talk.store, shipped_text(), talk.now)
    talk.team()
    for score in (13, 14, 15):
        code = talk.patient(more=f"name='Test {score}' goal=walk")
        talk.direct("ana", f"assess {code} ISI total {score}")
    said = replay(changed, talk.store, 52, talk.now + timedelta(hours=1))
    assert said.startswith("changed.toml on the past\n\n3 entries of 3 patients, over 1 weeks.")
    assert "insomnia" in said
    raised = changed.read_text("utf-8").replace(
        'id = "insomnia"\nversion = 1', 'id = "insomnia"\nversion = 2'
    )
    changed.write_text(raised, "utf-8")
    assert compare(changed, talk.store, talk.now) == (
        "rule insomnia, version: 1 → 2\nrule insomnia, when.at_least: 15 → 14"
    )
    talk.close()


def test_whoever_runs_the_server_fills_a_steering_group_that_nobody_is_left_in(sqlite_url: str) -> None:
    talk = Talk(sqlite_url)
    talk.team()
    talk.hear()
    assert seat("slack:U-bo", talk.store, talk.now) == (
        "Bo Lindqvist is in the steering group of the pathway now."
    )
    talk.post()
    for who in ("bo", "lea"):
        assert talk.told(who) == ["Bo Lindqvist is in the steering group of the pathway now"]
    assert seat("slack:U-bo", talk.store, talk.now) == "Bo Lindqvist is in the steering group already."
    with pytest.raises(NoSuchAccount) as refused:
        seat("U-bo", talk.store, talk.now)
    assert str(refused.value) == (
        "Nobody here has the account U-bo: type that of somebody who has joined a team, like "
        "slack:U0123 or matrix:@ana:example.org."
    )
