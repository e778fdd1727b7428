"""Where somebody who is invited answers without an account."""

from storage.clinic import Clinic

PLACE = "/i"
POLLS = "/t"


def page_of(ref: str, invitee: str, clinic: Clinic) -> str:
    """The address of their page for a conference or series; "" if no page of ours can be reached."""
    return _address(PLACE, ref, invitee, clinic)


def poll_page_of(ref: str, invitee: str, clinic: Clinic) -> str:
    """The address of the page on which they say when they could come; "" if none can be reached."""
    return _address(POLLS, ref, invitee, clinic)


def _address(place: str, ref: str, invitee: str, clinic: Clinic) -> str:
    return f"{clinic.base_url}{place}/{clinic.links.token(ref, invitee)}" if clinic.base_url else ""
