"""Whom somebody means: a member by name, mention or account; a role by any of its names."""

from collections.abc import Iterable

from cards.form import Field
from handlers.reading import Reading, Wrong, closest, short
from pathway.people import Roster


def read_member(_: Field, text: str, reading: Reading) -> str:
    """The id of a member of this team, by name, mention or account. Raises Wrong."""
    found = _find_member(text, reading)
    if found:
        return found
    roster = reading.by.roster_here
    known = {each.member.name: f"@{each.member.name}" for each in roster.places} if roster else {}
    raise Wrong(
        f"Nobody in this team is called “{short(text)}”: `team show` lists them.", closest(text, known)
    )


def _find_member(text: str, reading: Reading) -> str:
    """The id of the member of this team who is meant, or "". Raises Wrong if it could be more than one."""
    here = reading.by.roster_here
    return find_member(text, (here,) if here else reading.by.rosters, reading)


def find_member(text: str, rosters: Iterable[Roster], reading: Reading) -> str:
    """The id of who is meant, of the first of these rosters that has somebody called so; "" for nobody.

    Raises Wrong if it could be more than one there.
    """
    if _spoken(text.removeprefix("@")) in ("me", "myself"):
        return reading.by.id
    return next((found for roster in rosters if (found := _in_team(text, roster, reading))), "")


def _in_team(text: str, roster: Roster, reading: Reading) -> str:
    if text.startswith("member:"):
        found = roster.member(text.removeprefix("member:"))
        return found.id if found else ""
    wanted = _spoken(text.removeprefix("@"))
    if not wanted:
        return ""
    meant = (
        _by_account(text, roster, reading) or _by_name(wanted, roster) or _by_handle(wanted, reading, roster)
    )
    if len(meant) > 1:
        both = tuple(f"“{roster.name(each)}”" for each in meant)
        raise Wrong(f"More than one person here is called “{short(text)}”: type the whole name.", both)
    return meant[0] if meant else ""


def _by_account(text: str, roster: Roster, reading: Reading) -> list[str]:
    """Who has this very account on the platform that is spoken on; a mention is an account."""
    if " " in text:
        return []  # no platform's account has one, and most of what is tried here is a sentence
    for account in dict.fromkeys((text, text.removeprefix("@"))):
        known = reading.clinic.people.by_account(reading.by.lane.platform, account)
        if known is not None and roster.member(known.id):
            return [known.id]
    return []


def _by_name(wanted: str, roster: Roster) -> list[str]:
    """Those whose whole name this is; else those of whose name it is one word."""
    whole = [each.member.id for each in roster.places if wanted == _spoken(each.member.name)]
    return whole or [e.member.id for e in roster.places if wanted in _spoken(e.member.name).split()]


def _by_handle(wanted: str, reading: Reading, roster: Roster) -> list[str]:
    """Those one of whose accounts is called so, whatever server it is on."""
    if " " in wanted:
        return []
    accounts = reading.clinic.people.accounts_of(each.member.id for each in roster.places)
    handle = wanted.split(":")[0]
    return sorted(
        {member for account, member in accounts if _spoken(account.lstrip("@").split(":")[0]) == handle}
    )


def read_role(_: Field, text: str, reading: Reading) -> str:
    """The id of a role, by whatever it is called. Raises Wrong."""
    role = reading.by.definition.role(text.removeprefix("role:").removeprefix("@"))
    if role:
        return role.id
    roles = {name: each.id for each in reading.by.definition.roles for name in each.answers_to}
    listed = ", ".join(each.id for each in reading.by.definition.roles)
    raise Wrong(f"The roles of this pathway are: {listed}.", closest(text, roles))


def read_member_or_role(field: Field, text: str, reading: Reading) -> str:
    """`member:` or `role:` and an id. Raises Wrong."""
    found = "" if text.startswith("role:") else _find_member(text, reading)
    if found:
        return f"member:{found}"
    wanted = text.removeprefix("role:").removeprefix("any ").removeprefix("@")
    role = reading.by.definition.role(wanted)
    if role:
        return f"role:{role.id}"
    roster = reading.by.roster_here
    known = {each.member.name: f"“@{each.member.name}”" for each in roster.places} if roster else {}
    roles = {name: each.id for each in reading.by.definition.roles for name in each.answers_to}
    says = f"“{short(text)}” is neither a person in this team nor a role of it: `team show` lists both."
    raise Wrong(says, closest(text, known | roles))


def _spoken(name: str) -> str:
    return " ".join(name.casefold().split())
