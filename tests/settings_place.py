"""A place to start Baton in, whose settings a test decides."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.config import Settings, load
from bot.config_faults import BadSettings

SECRET = "s3cr3t-swordfish"
SLACK = {"BATON_SLACK_BOT_TOKEN": "xoxb-1", "BATON_SLACK_SIGNING_SECRET": SECRET}
MATRIX = {
    "BATON_MATRIX_HOMESERVER": "https://matrix.example.org/",
    "BATON_MATRIX_USER": "@baton:example.org",
    "BATON_MATRIX_PASSWORD": SECRET,
}
IMAP = {
    "BATON_SMTP_HOST": "mail", "BATON_SMTP_FROM": "a@b.org", "BATON_IMAP_HOST": "mail",
    "BATON_IMAP_USER": "baton", "BATON_IMAP_PASSWORD": SECRET,
}  # fmt: skip


class Place:
    """A folder to start in and an environment, both emptied of everything about Baton."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path) -> None:
        self.patch, self.folder = patch, folder
        patch.chdir(folder)
        self.environment({})

    def environment(self, variables: Mapping[str, str]) -> None:
        for name in [name for name in os.environ if name.upper().startswith("BATON_")]:
            self.patch.delenv(name)
        for name, value in variables.items():
            self.patch.setenv(name, value)

    def file(self, text: str, name: str = "baton.toml") -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def load(self, variables: Mapping[str, str] | None = None) -> Settings:
        self.environment(variables or {})
        return load()

    def faults(self, variables: Mapping[str, str] | None = None) -> tuple[str, ...]:
        with pytest.raises(BadSettings) as refused:
            self.load(variables)
        assert SECRET not in str(refused.value)
        assert refused.value.__cause__ is None
        assert refused.value.__context__ is None
        return refused.value.faults
