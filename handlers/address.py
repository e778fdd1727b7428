"""Where Baton is reached from outside, for links that it gives out."""

from urllib.parse import urlsplit

from pathway.handoff import Refused
from storage.clinic import Clinic

_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


def outside_address(clinic: Clinic, whom: str, what: str) -> str:
    """The address for `whom`, who read or send `what`. Raises Refused if there is none, or not by https."""
    address = urlsplit(clinic.base_url)
    if not clinic.base_url:
        raise Refused(
            f"{whom} can't reach Baton yet: whoever runs it has to set BATON_BASE_URL, the address at which "
            "it is reached from outside."
        )
    if address.scheme != "https" and address.hostname not in _OWN_MACHINE:
        raise Refused(
            f"BATON_BASE_URL does not begin with https, so {what} could be read on their way: "
            "whoever runs Baton has to put it behind https first."
        )
    return clinic.base_url
