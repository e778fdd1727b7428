"""What a definition changes in another: what is new, what is gone, and each setting from old to new."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pathway.definition import Definition

_KINDS = {
    "roles": "role",
    "urgencies": "urgency",
    "illness_severities": "illness severity",
    "flag_severities": "flag severity",
    "languages": "language",
    "rules": "rule",
    "schedules": "schedule",
    "responses": "response",
    "issue_kinds": "issue kind",
    "billing": "billing",
}


@dataclass(frozen=True)
class Difference:
    """One difference. `what` is the part ("rule insomnia", "" for the whole), `setting` its place in it.

    A part that is new has no `setting` and no `was`; one that is gone has no `setting` and no `became`.
    """

    what: str
    setting: str
    was: str
    became: str

    def __str__(self) -> str:
        what = self.what or "the definition"
        if not self.setting:
            return f"{what}: {'new' if self.became else 'gone'}"
        return f"{what}, {self.setting}: {self.was or 'not set'} → {self.became or 'not set'}"


def differences(old: Definition, new: Definition) -> tuple[Difference, ...]:
    """Everything that differs, part by part, in the order of the old definition; their versions first."""
    return tuple(_differences(_plain(old), _plain(new)))


def not_raised(old: Definition, new: Definition) -> tuple[str, ...]:
    """The rules that are other than they were under the same version, which is what flags name."""
    before = {rule.id: rule for rule in old.rules}
    return tuple(
        rule.id
        for rule in new.rules
        if (was := before.get(rule.id)) is not None and rule != was and rule.version == was.version
    )


def _plain(definition: Definition) -> dict[str, Any]:
    return definition.model_dump(mode="json", by_alias=True, exclude_none=True)


def _differences(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*old, *new]):
        if name in _KINDS:
            yield from _parts(_KINDS[name], _by_id(old.get(name, [])), _by_id(new.get(name, [])))
        elif isinstance(old.get(name), dict) and isinstance(new.get(name), dict):
            yield from _settings(name, old[name], new[name])
        elif old.get(name) != new.get(name):
            yield Difference("", name, _say(old.get(name)), _say(new.get(name)))


def _by_id(parts: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(part.get("id") or part.get("tag")): part for part in parts}


def _parts(kind: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
    for id in dict.fromkeys([*old, *new]):
        what = f"{kind} {id}"
        if id not in new:
            yield Difference(what, "", "there", "")
        elif id not in old:
            yield Difference(what, "", "", "there")
        else:
            yield from _settings(what, old[id], new[id])


def _settings(what: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
    was, became = dict(_flat(old)), dict(_flat(new))
    for setting in dict.fromkeys([*was, *became]):
        if was.get(setting) != became.get(setting):
            yield Difference(what, setting, was.get(setting, ""), became.get(setting, ""))


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every setting in a part by its place: `when.all.2.at_least`, where 2 is the second condition."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for at, inner in enumerate(value, start=1):
            yield from _flat(inner, f"{place}.{at}")
    else:
        yield place, _say(sorted(value) if place == "may" else value)


def _say(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case list():
            return ", ".join(_say(each) for each in value) if value else "none"
        case _:
            return str(value)
