"""Why a mail that came in is refused: for the log by its name, for the lead as the end of a sentence."""

from enum import StrEnum


class Reason(StrEnum):
    """The end of “This mail changed nothing: …”. No text of the mail stands in it."""

    BROKEN = "it can't be read as a mail"
    TOO_MANY_PARTS = "it has more parts than any mail needs"
    TOO_BIG = "its calendar part is too large"
    NO_SENDER = "it does not say from which one address it is"
    NOT_CALENDAR = "its calendar part can't be read"
    METHOD = "it is no answer to an invitation, but another kind of calendar message"
    EVENTS = "it does not answer one invitation"
    ATTENDEES = "it does not answer for exactly one person"
    ANSWER = "it says neither yes, no nor maybe"
    TIME = "a time in it can't be read"
    UNKNOWN = "it answers an invitation that Baton has not sent"
    ORGANIZER = "it is addressed to somebody else who organises"
    OCCURRENCE = "it answers for a day that the series does not have"
    NOT_INVITED = "who answers is not invited"
    FROM_DIFFERS = "it was sent from another address than the one it answers for"
    NOT_PROVEN = "the mail server could not prove from whom it is"
    NOT_SENT = "it says that a mail came back, and names none that Baton sent there"
    OVER = "the conference is over, or cancelled"


class Unusable(Exception):
    """This mail is not taken; `reason` says why, and `sender` who sent it, if that is known."""

    def __init__(self, reason: Reason, sender: str = "") -> None:
        super().__init__(reason.name)
        self.reason = reason
        self.sender = sender
