"""`baton pathway steering`: whoever runs the server seats somebody in the group, if nobody in it can."""

from datetime import datetime

from cards.card import Card, Text
from handlers.definition.post import tell_steering
from storage.clinic import Store

BY_SERVER = "By whoever runs Baton's server."


class NoSuchAccount(Exception):
    """Nobody whom Baton knows has this account. Its str is a sentence."""


def seat(account: str, store: Store, now: datetime) -> str:
    """Puts the holder of an account (`slack:U0123`) into the group, which is told. Raises NoSuchAccount."""
    platform, _, name = account.partition(":")
    with store.clinic(now) as clinic:
        member = clinic.people.by_account(platform, name)
        if member is None:
            raise NoSuchAccount(
                f"Nobody here has the account {account}: type that of somebody who has joined a team, like "
                "slack:U0123 or matrix:@ana:example.org."
            )
        if member.id in clinic.steering.members():
            return f"{member.name} is in the steering group already."
        clinic.steering.add(member.id, "", now)
        clinic.rows.session.flush()
        happened = f"{member.name} is in the steering group of the pathway now"
        tell_steering(Card(happened, (Text(BY_SERVER),)), clinic, now)
    return f"{happened}."
