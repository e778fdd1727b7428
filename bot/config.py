"""Settings: from the environment (`BATON_*`) and from `baton.toml`, of which the environment wins.

The file is `baton.toml` in the folder where Baton is started, or the one that `BATON_CONFIG` names; its
keys are the names of the fields below. A wrong value refuses to start.
"""

import os
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot import config_checks as check
from bot.config_faults import PREFIX, BadSettings, read_toml, sentences, unknown_names
from cards.card import Detail
from storage.secrets import Keyring

CREDENTIALS = ("slack_bot_token", "matrix_password", "smtp_host")  # one of each that is set up

ANYBODY = "anybody"
"""As `imap_trusts`: a mail is believed to be from whom it says."""

Secret = Annotated[SecretStr, BeforeValidator(check.stripped)]
Listed = (NoDecode, BeforeValidator(check.listed))
Url = Annotated[str, AfterValidator(check.url)]
Switch = Annotated[bool, Field(description="true or false")]
Level = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(check.upper)]
Port = Annotated[int, Field(ge=0, le=65535, description="a port: a whole number from 0 to 65535")]
BotToken = Annotated[Secret | None, AfterValidator(check.starts("xoxb-", "bot token"))]
AppToken = Annotated[Secret | None, AfterValidator(check.starts("xapp-", "app-level token"))]


class Settings(BaseSettings):
    """Everything that can be set. A description says what a value must be, in error messages too."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    data_folder: Path = Field(default=Path("data"), description="a folder")
    database_url: Annotated[Secret, AfterValidator(check.database)] = Field(
        default_factory=lambda others: SecretStr(f"sqlite:///{others['data_folder']}/baton.db"),
        description="an address",
    )
    secret_keys: Annotated[tuple[Secret, ...], *Listed, AfterValidator(check.keys)] = Field(
        default=(), description="keys made with `baton keys new`, the newest first, with commas between"
    )
    organisation: str = Field(
        default="org",
        pattern="^[a-z0-9][a-z0-9-]{0,30}$",
        description="a short id of small letters, digits and hyphens",
    )
    pathway: Path | None = Field(default=None, description="the path of a pathway definition")
    templates: Path | None = Field(default=None, description="a folder")
    direct_detail: Annotated[Detail, BeforeValidator(check.detail)] = Field(
        default=Detail.CLINICAL, description="code, clinical or identified"
    )
    tick_seconds: float = Field(default=5.0, gt=0, le=60, description="a number of seconds up to 60")
    log_level: Level = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")

    http_host: str = Field(
        default="127.0.0.1", min_length=1, description="an address to listen at, like 0.0.0.0"
    )
    http_port: Port = 8000
    http_trusted_proxies: Annotated[tuple[str, ...], *Listed, AfterValidator(check.proxies)] = Field(
        default=("127.0.0.1",),
        description="addresses and networks with commas between: 127.0.0.1,10.0.0.0/8",
    )
    base_url: Url = Field(
        default_factory=lambda others: f"http://localhost:{others['http_port']}", description="an address"
    )

    slack_bot_token: BotToken = Field(default=None, description="a text")
    slack_app_token: AppToken = Field(default=None, description="a text")
    slack_signing_secret: Secret | None = Field(default=None, description="a text")
    slack_api_url: Url = Field(default="https://slack.com/api", description="an address")
    slack_mode: Literal["auto", "socket", "http"] = Field(default="auto", description="auto, socket or http")

    matrix_homeserver: Url = Field(default="", description="an address")
    matrix_user: Annotated[str, AfterValidator(check.matrix_id)] = Field(
        default="", description="a Matrix id"
    )
    matrix_password: Secret | None = Field(default=None, description="a text")
    matrix_store: Path = Field(
        default_factory=lambda others: Path(others["data_folder"], "matrix"), description="a folder"
    )
    matrix_allowed: Annotated[tuple[str, ...], *Listed, AfterValidator(check.allowed)] = Field(
        default=(), description="Matrix ids and servers with commas between: @ana:example.org, :example.org"
    )
    matrix_admin_room: str = Field(
        default="", pattern=r"^([!#]\S+)?$", description="the id or the alias of a room: !... or #..."
    )
    matrix_plain_rooms_detail: Switch = False
    matrix_trust: Literal["all-devices"] = Field(default="all-devices", description="all-devices")

    smtp_host: str = Field(default="", description="the name of a mail server")
    smtp_port: Port = 587
    smtp_user: str = Field(default="", description="a text")
    smtp_password: Secret | None = Field(default=None, description="a text")
    smtp_starttls: Switch = True
    smtp_from: Annotated[str, AfterValidator(check.mailbox)] = Field(default="", description="a mail address")

    imap_host: str = Field(default="", description="the name of a mail server")
    imap_port: Port = 993
    imap_user: str = Field(default="", description="a text")
    imap_password: Secret | None = Field(default=None, description="a text")
    imap_tls: Switch = True
    imap_folder: str = Field(default="INBOX", pattern=r'^[^"\\\r\n]+$', description="the name of a folder")
    imap_poll_seconds: float = Field(default=60.0, ge=5, le=3600, description="a number of seconds from 5")
    imap_trusts: str = Field(
        default="", pattern=r"^\S*$", description="a name without blanks, or the word anybody"
    )

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        faults = list(check.clashes(self))
        if self.pathway is not None and not self.pathway.is_file():
            faults.append(f"{PREFIX}PATHWAY names a file that is not there.")
        if self.templates is not None and not self.templates.is_dir():
            faults.append(f"{PREFIX}TEMPLATES names a folder that is not there.")
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())

    @property
    def slack_transport(self) -> Literal["socket", "http"] | None:
        """How Slack reaches us; None if Slack is not set up.

        An app token decides: Slack calls nobody over HTTP while the app has Socket Mode switched on.
        """
        if not self.slack_bot_token:
            return None
        if self.slack_mode != "auto":
            return self.slack_mode
        return "socket" if self.slack_app_token else "http"

    @property
    def public_url(self) -> str:
        """Where people reach this from outside; "" unless that was said."""
        return self.base_url.rstrip("/") if "base_url" in self.model_fields_set else ""

    @property
    def has_matrix(self) -> bool:
        """Whether Matrix is set up."""
        return bool(self.matrix_homeserver)

    @property
    def mail_proof(self) -> str:
        """The mail server whose word it takes that a mail is from whom it says; "" to believe every mail."""
        return "" if self.imap_trusts == ANYBODY else self.imap_trusts

    def unset(self, *names: str) -> list[str]:
        """Those of these settings that have no value, by their names in the environment."""
        return [f"{PREFIX}{name.upper()}" for name in names if not getattr(self, name)]

    def keyring(self) -> Keyring:
        """The keyring of `secret_keys`. Raises `BadSettings` if there are none."""
        if not self.secret_keys:
            raise BadSettings(
                [
                    f"{PREFIX}SECRET_KEYS is missing: names and record numbers are encrypted with it. Make a "
                    "key with `baton keys new` and keep a copy in a safe place."
                ]
            )
        return Keyring([key.get_secret_value() for key in self.secret_keys])

    def refuse_practice_beside_credentials(self) -> None:
        """Raise `BadSettings` if there is any real account here, as in practice anyone may be anyone."""
        present = [f"{PREFIX}{name.upper()}" for name in CREDENTIALS if getattr(self, name)]
        if present:
            raise BadSettings(
                [
                    "On the practice page anyone can be anyone, so it does not run beside real accounts. "
                    f"Unset {', '.join(present)}, or start Baton with `baton run`."
                ]
            )


def config_file() -> Path | None:
    """The settings file, if any. Raises `BadSettings` if `BATON_CONFIG` names one that is missing."""
    named = os.environ.get(f"{PREFIX}CONFIG", "").strip()
    path = Path(named or "baton.toml")
    if named and not path.is_file():
        raise BadSettings([f"{PREFIX}CONFIG names {path}, which is not there."])
    return path if path.is_file() else None


def load() -> Settings:
    """The settings of this process. Raises `BadSettings` with a sentence for everything that is wrong."""
    file = config_file()
    inside = read_toml(file) if file else {}
    fields = Settings.model_fields
    faults = unknown_names(os.environ, file, inside, fields)
    if not faults:
        try:
            return Settings()
        except ValidationError as error:
            wrong = error.errors(include_input=False, include_context=False, include_url=False)
            faults = sentences(wrong, fields, file, inside.keys() - _in_environment())
    # Raised out here, so that pydantic's error, which holds the values, does not travel along.
    raise BadSettings(faults)


def _in_environment() -> set[str]:
    return {name.upper().removeprefix(PREFIX).lower() for name, value in os.environ.items() if value}
