"""The command `baton`, as an administrator types it: what it prints and with which status it ends."""

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

from bot.matrix.account import PURPOSE
from bot.matrix.lock import lock_folder
from storage.migrate import newest
from storage.secrets import Keyring, new_key
from tests.patience import PATIENCE

SECRET = new_key()


def baton(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a folder, with these settings and no others."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
    environment |= {f"BATON_{name.upper()}": value for name, value in settings.items()}
    # Python looks for `bot` in the folder it starts in: the project's own is named instead.
    environment["PYTHONPATH"] = str(Path(__file__).parent.parent)
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


def test_help_lists_what_it_can_do(tmp_path: Path) -> None:
    shown = baton(tmp_path, "--help")
    assert shown.returncode == 0
    for command in ("run", "demo", "doctor", "migrate", "keys", "journal"):
        assert f"  {command} " in shown.stdout


def test_a_wrong_setting_refuses_to_start_and_names_itself_but_not_its_secret(tmp_path: Path) -> None:
    refused = baton(tmp_path, "run", slack_bot_token="swordfish")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "BATON_SLACK_BOT_TOKEN" in refused.stderr
    assert "swordfish" not in refused.stderr


def test_run_without_any_platform_says_what_to_set(tmp_path: Path) -> None:
    refused = baton(tmp_path, "run", secret_keys=SECRET)
    assert refused.returncode == 2
    assert refused.stderr == (
        "Neither Slack nor Matrix is set up: see README, or try `baton demo`, which needs neither.\n"
    )


def test_demo_refuses_to_run_beside_real_accounts(tmp_path: Path) -> None:
    refused = baton(tmp_path, "demo", slack_bot_token="xoxb-1", slack_signing_secret="s3cret")
    assert refused.returncode == 2
    assert "BATON_SLACK_BOT_TOKEN" in refused.stderr


def test_an_address_that_is_taken_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = baton(tmp_path, "demo", "--port", str(port))
    assert refused.returncode == 2
    assert refused.stderr == (
        f"127.0.0.1:{port} can't be listened at (Address already in use). If something else runs there, "
        "another Baton say, choose another port: BATON_HTTP_PORT, or `baton demo --port 8100`.\n"
    )


def test_migrate_makes_the_tables_and_the_journal_verifies(tmp_path: Path) -> None:
    made = baton(tmp_path, "migrate")
    assert (made.returncode, made.stdout) == (0, f"The tables are at revision {newest()}.\n")
    whole = baton(tmp_path, "journal", "verify", secret_keys=SECRET)
    assert (whole.returncode, whole.stdout) == (0, "The journal is whole.\n")


def test_a_journal_that_was_tampered_with_is_named_row_by_row(tmp_path: Path) -> None:
    baton(tmp_path, "migrate")
    with sqlite3.connect(tmp_path / "data" / "baton.db") as database:
        database.execute(
            "INSERT INTO journal (org, seq, at, member, action, subject, patient, was, became,"
            " note_digest, hash)"
            " VALUES ('org', 1, 0, '', 'forged', '', '', '', '', '', 'x')"
        )
    found = baton(tmp_path, "journal", "verify", secret_keys=SECRET)
    assert found.returncode == 1
    assert "row 1" in found.stdout


def test_a_new_key_goes_first_and_rotation_says_when_it_is_done(tmp_path: Path) -> None:
    key = baton(tmp_path, "keys", "new").stdout.strip()
    baton(tmp_path, "migrate")
    rotated = baton(tmp_path, "keys", "rotate", secret_keys=f"{key},{SECRET}")
    assert rotated.returncode == 0
    assert rotated.stdout == "0 rows were sealed anew. The older keys are not needed any more.\n"


def test_another_key_is_refused_in_a_sentence_that_does_not_hold_it(tmp_path: Path) -> None:
    baton(tmp_path, "journal", "verify", secret_keys=SECRET)
    other = new_key()
    for command in (("keys", "rotate"), ("journal", "verify")):
        refused = baton(tmp_path, *command, secret_keys=other)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr == (
            "BATON_SECRET_KEYS does not open what is in the database. This was sealed with key "
            f"{Keyring([SECRET]).key_ids[0]}, which is not among BATON_SECRET_KEYS. "
            "Add that key again, after the newest.\n"
        )


def test_a_rotation_that_misses_a_key_says_so_and_not_that_it_is_done(tmp_path: Path) -> None:
    baton(tmp_path, "journal", "verify", secret_keys=SECRET)
    strange = Keyring([new_key()])
    with sqlite3.connect(tmp_path / "data" / "baton.db") as database:
        row = ("org", "e1", 0, strange.seal("Done."))
        database.execute("INSERT INTO requests (org, event_id, at, sealed_reply) VALUES (?, ?, ?, ?)", row)
    refused = baton(tmp_path, "keys", "rotate", secret_keys=f"{new_key()},{SECRET}")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        "Not everything could be sealed anew; run this again once it can be. This was sealed with key "
        f"{strange.key_ids[0]}, which is not among BATON_SECRET_KEYS. Add that key again, after the newest.\n"
    )


def test_the_login_at_matrix_is_sealed_anew_too(tmp_path: Path) -> None:
    folder, key = tmp_path / "data" / "matrix", new_key()
    folder.mkdir(parents=True)
    session = folder / "session"
    session.write_text(Keyring([SECRET]).seal("a login", PURPOSE), "ascii")
    lock = lock_folder(folder)
    assert lock is not None
    held = baton(tmp_path, "keys", "rotate", secret_keys=f"{key},{SECRET}")
    os.close(lock)
    assert (held.returncode, held.stdout) == (2, "")
    assert held.stderr == (
        "0 rows were sealed anew, but not Baton's login at Matrix, which a running Baton holds. "
        "Restart that with the first key, run this again, and keep the older keys until then.\n"
    )
    assert Keyring([SECRET]).open(session.read_text("ascii"), PURPOSE) == "a login"
    refused = baton(tmp_path, "keys", "rotate", secret_keys=key)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(
        "BATON_SECRET_KEYS does not open Baton's login at Matrix, data/matrix/session."
    )
    rotated = baton(tmp_path, "keys", "rotate", secret_keys=f"{key},{SECRET}")
    assert rotated.stdout == "0 rows were sealed anew. The older keys are not needed any more.\n"
    assert Keyring([key]).open(session.read_text("ascii"), PURPOSE) == "a login"
    assert session.stat().st_mode & 0o777 == 0o600


def test_doctor_says_what_is_wrong_and_how_to_mend_it(tmp_path: Path) -> None:
    looked = baton(tmp_path, "doctor", secret_keys=SECRET, http_port="0")
    assert looked.returncode == 1
    assert "WRONG the tables are at revision none\n      Run `baton migrate`." in looked.stdout
    assert "WRONG neither Slack nor Matrix is set up" in looked.stdout
    baton(tmp_path, "migrate")
    again = baton(tmp_path, "doctor", secret_keys=SECRET, http_port="0")
    assert "ok    the database is reached and its tables are those of this version" in again.stdout
    assert "ok    the journal is whole and the secret keys open it" in again.stdout


def test_doctor_misses_the_key_before_there_are_tables(tmp_path: Path) -> None:
    looked = baton(tmp_path, "doctor", http_port="0")
    assert looked.returncode == 1
    assert "WRONG the secret keys can't be used\n      BATON_SECRET_KEYS is missing" in looked.stdout


def test_doctor_names_a_mail_server_that_is_not_there(tmp_path: Path) -> None:
    mail = {"smtp_host": "127.0.0.1", "smtp_port": "1", "smtp_from": "baton@example.org"}
    looked = baton(tmp_path, "doctor", secret_keys=SECRET, http_port="0", **mail)
    assert looked.returncode == 1
    assert "WRONG the mail server 127.0.0.1:1 failed at connection" in looked.stdout


def test_a_login_at_matrix_that_another_key_seals_refuses_to_start_and_says_so(tmp_path: Path) -> None:
    other = Keyring([new_key()])
    missing = other.key_ids[0]
    session = tmp_path / "data" / "matrix" / "session"
    session.parent.mkdir(parents=True)
    session.write_text(other.seal("{}", PURPOSE), "ascii")
    ended = baton(
        tmp_path, "run", secret_keys=new_key(), http_port="0", matrix_homeserver="http://127.0.0.1:9",
        matrix_user="@baton:example.org", matrix_password="not it", matrix_allowed=":example.org",
    )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stderr == (
        "BATON_SECRET_KEYS does not open Baton's login at Matrix, data/matrix/session. "
        f"This was sealed with key {missing}, which is not among BATON_SECRET_KEYS. "
        "Add that key again, after the newest.\n"
    )
