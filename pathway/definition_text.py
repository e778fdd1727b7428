"""Changes one setting in the text of a definition; its comments and everything else stay as they were."""

import copy
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from pathway.toml_line import Place, line_of

_VALUE = r'("(?:[^"\\]|\\.)*"|\[[^\[\]]*\]|[^\s,}#\]]+)'
_DEFAULTS: dict[str, Any] = {"enabled": True, "private": False}
"""Settings of a rule that may be left out."""
_COMBINE = ("all", "any", "none")
_LOOKS_AT = ("score", "answer", "band", "change", "missing", "count", "sum")
_FIXED = frozenset({"id", "version", *_LOOKS_AT, *_COMBINE})
"""Settings that make a rule another rule."""


class CantChange(ValueError):
    """A setting can't be changed like this; the message is one sentence."""


def with_setting(text: str, rule: str, setting: str, typed: str) -> str:
    """The text with this setting of a rule changed, and the rule's version raised by one.

    `setting` is its name (`at_least`, `severity`, `enabled`). Where a rule has it more than once, what it
    looks at stands before it, `PEG.worse_by_percent`, and since when, `PEG.last.worse_by_percent`. `typed`
    is the new value as a person types it. Raises CantChange. The text must be a good definition; the result
    may be none, which is for `load` to say.
    """
    rules = tomllib.loads(text)["rules"]
    at = next((nth for nth, each in enumerate(rules) if each["id"] == rule), None)
    if at is None:
        raise CantChange(f"There is no rule {rule}: `pathway show` lists them.")
    place = _place(rules[at], rule, setting)
    if place[-1] not in _in(rules[at], place[:-1]):
        text = _beside_version(text, at, str(place[-1]))
        rules = tomllib.loads(text)["rules"]
    was = _in(rules[at], place)
    value = _read(typed, was, setting)
    if value == was:
        raise CantChange(f"`{setting}` of {rule} is {_shown(was)} already.")
    text = _put(text, ("rules", at, *place), value)
    return _put(text, ("rules", at, "version"), rules[at]["version"] + 1)


def numbered(text: str, version: int) -> str:
    """The text with this version of the whole."""
    return text if tomllib.loads(text)["version"] == version else _put(text, ("version",), version)


def fingerprint(text: str) -> str:
    """A digest of what a definition says: its version, comments and layout make no difference."""
    said = {name: value for name, value in tomllib.loads(text).items() if name != "version"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _place(rule: dict[str, Any], name: str, setting: str) -> Place:
    """Where a setting stands in a rule."""
    of, _, last = setting.rpartition(".")
    if last in _FIXED:
        raise CantChange(f"`{last}` can't be changed here: change the file, and have it proposed.")
    if not of and (last in rule or last in _DEFAULTS):
        return (last,)
    known = [(place, names) for place, names in _settings(rule["when"], ("when",)) if place[-1] == last]
    found = [place for place, names in known if not of or of.casefold() in names]
    if len(found) == 1:
        return found[0]
    if found:
        ways = ", ".join(f"`{max(names, key=len)}.{last}`" for place, names in known if place in found)
        raise CantChange(f"{name} has `{last}` more than once: say which, {ways}.")
    every = [str(place[-1]) for place, _ in _settings(rule["when"], ("when",))]
    listed = ", ".join(dict.fromkeys([*every, *(each for each in rule if each not in {*_FIXED, "when"})]))
    raise CantChange(f"{name} has no setting `{setting}`; it has: {listed}.")


def _settings(condition: dict[str, Any], place: Place) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Every setting of the conditions, and by what it may be told from its likes."""
    for kind in _COMBINE:
        for at, part in enumerate(condition.get(kind, [])):
            yield from _settings(part, (*place, kind, at))
    of = next((str(condition[each]).casefold() for each in _LOOKS_AT if each in condition), "")
    names = (of, f"{of}.{condition['since']}") if "since" in condition else (of,)
    for setting in condition:
        if setting not in _FIXED:
            yield (*place, setting), names


def _read(typed: str, was: Any, setting: str) -> Any:
    """The new value, of the kind of the old one."""
    said = typed.strip()
    match was:
        case bool():
            words = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
            if said.casefold() not in words:
                raise CantChange(f"`{setting}` is yes or no.")
            return words[said.casefold()]
        case int() | float():
            if not re.fullmatch(r"-?\d{1,9}([.,]\d{1,4})?", said):
                raise CantChange(f"`{setting}` is a number: {_shown(was)} now.")
            number = float(said.replace(",", "."))
            return int(number) if number.is_integer() else number
        case list():
            return [each.strip() for each in said.split(",") if each.strip()]
        case _:
            return said


def _put(text: str, place: Place, value: Any) -> str:
    """The text with this value at a place: of all that might be it, what changes nothing else."""
    wanted = tomllib.loads(text)
    _in(wanted, place[:-1])[place[-1]] = value
    lines = text.split("\n")
    at = line_of(text, place) - 1
    for found in re.finditer(rf"(?<![\w-]){re.escape(str(place[-1]))}\s*=\s*{_VALUE}", lines[at]):
        line = lines[at][: found.start(1)] + _toml(value) + lines[at][found.end(1) :]
        changed = "\n".join([*lines[:at], line, *lines[at + 1 :]])
        if _parsed(changed) == wanted:
            return changed
    raise CantChange(f"`{place[-1]}` is written in a way that can't be changed here: change the file.")


def _beside_version(text: str, at: int, setting: str) -> str:
    """The text with a setting that was left out written down as it was meant."""
    lines = text.split("\n")
    line = line_of(text, ("rules", at, "version"))
    return "\n".join([*lines[:line], f"{setting} = {_toml(_DEFAULTS[setting])}", *lines[line:]])


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _in(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


def _toml(value: Any) -> str:
    return json.dumps(copy.copy(value), ensure_ascii=False)


def _shown(value: Any) -> str:
    return "yes" if value is True else "no" if value is False else str(value)
