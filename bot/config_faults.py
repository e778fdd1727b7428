"""What is wrong with the settings, in sentences that name each setting and never show its value."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

PREFIX = "BATON_"
NOT_SETTINGS = (f"{PREFIX}CONFIG", f"{PREFIX}TEST_")  # where the file is; what the tests run on
CLOSE = 0.6


class BadSettings(Exception):
    """The settings are such that Baton must not start. `faults` holds one sentence each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def read_toml(path: Path) -> dict[str, Any]:
    """The keys of a settings file. Raises `BadSettings` if it can't be read."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        fault = f"The settings file {path} can't be read: {error.strerror}."
    except UnicodeDecodeError:
        fault = f"The settings file {path} is not text in UTF-8."
    except tomllib.TOMLDecodeError as error:
        # Only the place: the message of the parser may quote the file, which holds secrets.
        place = re.search(r"line \d+", str(error))
        fault = (
            f"The settings file {path} is not valid TOML at {place[0] if place else 'its end'}. "
            'Texts need quotes: slack_bot_token = "xoxb-...".'
        )
    raise BadSettings([fault])


def unknown_names(
    environment: Iterable[str], file: Path | None, keys: Iterable[str], known: Iterable[str]
) -> list[str]:
    """A sentence for each variable or key that is no setting, naming those that it resembles most."""
    names = [f"{PREFIX}{name.upper()}" for name in known]
    mine = (name for name in sorted(environment) if name.upper().startswith(PREFIX))
    faults = [
        f"{name} is not a setting{_meant(name.upper(), names)}"
        for name in mine
        if name.upper() not in names and not name.upper().startswith(NOT_SETTINGS)
    ]
    plain = [name.removeprefix(PREFIX).lower() for name in names]
    return faults + [
        f"{key} in {file} is not a setting{_meant(key, plain)}" for key in keys if key not in plain
    ]


def sentences(
    errors: Iterable[ErrorDetails], fields: Mapping[str, FieldInfo], file: Path | None, keys: Iterable[str]
) -> list[str]:
    """A sentence for each thing pydantic refused: our own words if we have some, or the description."""
    found: dict[str, None] = {}
    for error in errors:
        ours = error["msg"].removeprefix("Value error, ") if error["type"] == "value_error" else ""
        if error["type"] == "default_factory_not_called":
            continue  # a default made of another setting, whose own fault is told
        if not error["loc"]:
            found.update(dict.fromkeys(ours.splitlines()))
            continue
        field = str(error["loc"][0])
        where = f" ({field} in {file})" if file and field in keys else ""
        must = ours or f"must be {fields[field].description}."
        found[f"{PREFIX}{field.upper()}{where} {must}"] = None
    return list(found)


def _meant(name: str, known: Iterable[str]) -> str:
    """The end of the sentence. The prefix is left out of the comparison, or everything would look alike."""
    bare = name.removeprefix(PREFIX)
    likeness = {other: SequenceMatcher(None, bare, other.removeprefix(PREFIX)).ratio() for other in known}
    best = max(likeness.values())
    if best < CLOSE:
        return "."
    return f"; did you mean {' or '.join(other for other, near in likeness.items() if near == best)}?"
