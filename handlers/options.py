"""What can be chosen for a field, where that is a list."""

from cards.form import Field, Kind, Option
from handlers.request import Caller
from pathway.instruments import Instrument, instruments

MOST_OPTIONS = 100


def options_of(field: Field, by: Caller) -> tuple[Option, ...]:
    """What can be chosen for a field, where that is a list."""
    definition = by.definition
    match field.options_from:
        case "urgencies":
            return tuple(Option(each.id, f"{each.label}: {each.says}") for each in definition.urgencies)
        case "severities":
            return tuple(Option(e.id, f"{e.label}: {e.says}") for e in definition.illness_severities)
        case "flag-severities":
            return tuple(Option(e.id, f"{e.label}: {e.says}") for e in definition.flag_severities)
        case "languages":
            return tuple(Option(each.tag, each.label) for each in definition.languages)
        case "everybody":
            return (*_me(by), *_members(by))
    match field.kind:
        case Kind.YES_NO:
            return (Option("yes", "Yes"), Option("no", "No"))
        case Kind.INSTRUMENT:
            return tuple(Option(each.code, _titled(each)) for each in instruments())
        case Kind.ROLE:
            return tuple(Option(f"role:{each.id}", each.label) for each in definition.roles)
        case Kind.MEMBER:
            return _members(by)
        case Kind.MEMBER_OR_ROLE:
            return (*_roles_present(by), *_members(by))
    return field.options


def _titled(known: Instrument) -> str:
    return known.name if known.name.startswith(f"{known.code}:") else f"{known.code}: {known.name}"


def _members(by: Caller) -> tuple[Option, ...]:
    if by.roster_here is None:
        return ()
    places = (each for each in by.roster_here.places if each.member.id != by.id)
    listed = (Option(f"member:{e.member.id}", f"{e.member.name} ({_role_label(by, e.role)})") for e in places)
    return tuple(listed)[:MOST_OPTIONS]


def _me(by: Caller) -> tuple[Option, ...]:
    """Whoever asks, first: "I do it" is what is said most."""
    here = by.roster_here is not None and by.roster_here.member(by.id) is not None
    return (Option(f"member:{by.id}", f"Me ({by.member.name})"),) if here else ()


def _roles_present(by: Caller) -> tuple[Option, ...]:
    if by.roster_here is None:
        return ()
    held = {each.role for each in by.roster_here.places if each.member.id != by.id}
    roles = (each for each in by.definition.roles if each.id in held and each.clinician)
    return tuple(Option(f"role:{each.id}", f"Any {each.label.lower()}") for each in roles)


def _role_label(by: Caller, role: str) -> str:
    found = by.definition.role(role)
    return found.label.lower() if found else role
