"""Who can be practised as, and where: the demonstration's synthetic team and its two rooms."""

from dataclasses import dataclass

PLATFORM = "practice"
ZONE = "Europe/London"


@dataclass(frozen=True)
class Person:
    """A made-up member of the staff. `role` is an id of the pathway definition; "" before joining."""

    handle: str
    name: str
    role: str = ""


@dataclass(frozen=True)
class Room:
    """A room of the practice page; an `encrypted` one may show what was written about a patient."""

    address: str
    label: str
    note: str
    encrypted: bool


PEOPLE = (
    Person("ana", "Ana Ruiz", "physiotherapist"),
    Person("bo", "Bo Lindqvist", "psychologist"),
    Person("cy", "Cy Osei", "psychologist"),
    Person("dana", "Dana Whitfield", "primary-care"),
    Person("eli", "Eli Marchetti", "pain-specialist"),
    Person("fern", "Fern Adeyemi", "nurse-care-manager"),
    Person("gus", "Gus Petrov", "pharmacist"),
    Person("hana", "Hana Sato", "occupational-therapist"),
    Person("ivo", "Ivo Novak", "social-worker"),
    Person("lea", "Lea Okafor", "lead"),
)
ROOMS = (
    Room("channel", "Channel", "As in Slack. Shows codes only, as a channel is set up at first.", False),
    Room("room", "Room", "As in an encrypted Matrix room. Shows what was written, without names.", True),
)
