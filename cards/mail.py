"""A mail as data: what goes to people who have only a mailbox, and invitations to all who have one.

Its subject and every header and calendar property are read on lock screens and by every server on the way:
they hold references and times, never what a person wrote.
"""

import re
from dataclasses import dataclass
from datetime import datetime

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,253}")
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class BadAddress(ValueError):
    """This is no mail address that can be sent to; the text does not hold it."""


@dataclass(frozen=True)
class Mail:
    """One mail, without its address. `at` is its date.

    `calendar` is an iCalendar text and `method` its METHOD, both "" for a mail without one. Mails of one
    `thread` (a random word) stand together in a mailbox.
    """

    subject: str
    text: str
    html: str
    at: datetime
    calendar: str = ""
    method: str = ""
    thread: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a mail needs an aware datetime")
        if not self.subject.isprintable():
            raise ValueError("a subject is one line")


def read_address(typed: str) -> str:
    """One plain address as it is sent to: ASCII, its host in small letters. Raises BadAddress."""
    address = typed.strip()
    if not _ADDRESS.fullmatch(address):
        raise BadAddress("That is not one plain mail address.")
    local, _, host = address.rpartition("@")
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise BadAddress("The part after the @ is not the name of a mail server.") from None
    if not _HOST.fullmatch(host) or local[0] == "." or local[-1] == "." or ".." in local:
        raise BadAddress("That is not one plain mail address.")
    return f"{local}@{host}"


def mail_record(mail: Mail) -> dict[str, str]:
    """The mail as it is stored."""
    return {**vars(mail), "at": mail.at.isoformat()}


def mail_of(record: dict[str, str]) -> Mail:
    """The mail that `mail_record` wrote."""
    return Mail(**{**record, "at": datetime.fromisoformat(record["at"])})  # type: ignore[arg-type]
