"""One mail as it is taken in: what it says, or why it is refused. Whatever comes, this gives an answer."""

import hashlib
from dataclasses import dataclass

from agendas.mail_in import Incoming, take_apart
from agendas.mail_proof import proven
from agendas.refusal import Reason, Unusable
from agendas.reply import Said, understood


@dataclass(frozen=True)
class Letter:
    """A mail that was read: `said` is what it says, or `refused` why it says nothing that can be used.

    `key` is the same when the same mail comes again. `sender` is "" where nobody can say who sent it.
    `proven` is whether our own mail server found that it is from there; True where it is not asked.
    """

    key: str
    sender: str = ""
    said: tuple[Said, ...] = ()
    refused: Reason | None = None
    proven: bool = True
    cut: bool = False


def read_letter(data: bytes, trusted: str = "") -> Letter:
    """The mail in these bytes. `trusted` is what our own mail server calls itself, "" to ask nobody."""
    try:
        mail = take_apart(data)
    except Unusable as error:
        return Letter(hashlib.sha256(data).hexdigest(), error.sender, refused=error.reason)
    found = not trusted or proven(mail.results, trusted, mail.sender)
    try:
        return Letter(mail.key, mail.sender, understood(mail), proven=found, cut=mail.cut)
    except Unusable as error:
        return _refused(mail, error.reason, found)


def _refused(mail: Incoming, reason: Reason, found: bool) -> Letter:
    return Letter(mail.key, mail.sender, refused=reason, proven=found, cut=mail.cut)
