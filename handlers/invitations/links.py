"""Where somebody who is invited answers without an account."""

from storage.clinic import Clinic

PLACE = "/i"
POLLS = "/t"


def page_of(ref: str, invitee: str, clinic: Clinic) -> str:
    """The address of their page for a conference or series; "" if no page of ours can be reached."""
    if not clinic.base_url:
        return ""
    return f"{clinic.base_url}{PLACE}/{clinic.links.token(ref, invitee)}"


def poll_page_of(ref: str, invitee: str, clinic: Clinic) -> str:
    """The address of the page on which they say when they could come; "" if none can be reached."""
    if not clinic.base_url:
        return ""
    return f"{clinic.base_url}{POLLS}/{clinic.links.token(ref, invitee)}"
