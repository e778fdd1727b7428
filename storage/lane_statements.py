"""What is asked and written for one lane, put together once, as in `storage.statements`.

Every one takes `in_org`; those of a lane also `on` (its platform) and `at` (its target).
"""

from functools import cache

from sqlalchemy import Insert, Text, bindparam, func, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.post import Sending
from storage.tables import UNSENT, AccountRow, InterruptionRow, LaneRow, OutgoingRow

_HERE = (
    LaneRow.org == bindparam("in_org"),
    LaneRow.platform == bindparam("on"),
    LaneRow.target == bindparam("at"),
)
_UNSENT_HERE = (
    OutgoingRow.org == bindparam("in_org"),
    OutgoingRow.platform == bindparam("on"),
    OutgoingRow.target == bindparam("at"),
    UNSENT,
)
_SAME_POST = (OutgoingRow.org == bindparam("in_org"), OutgoingRow.id == bindparam("post"))

HOLD = (
    update(LaneRow)
    .where(
        *_HERE,
        or_(
            LaneRow.claimed_by == bindparam("worker"),
            LaneRow.claimed_until <= bindparam("now"),
            LaneRow.claimed_until.is_(None),
        ),
    )
    .values(claimed_by=bindparam("worker"), claimed_until=bindparam("until"))
    .returning(LaneRow.target)
)
"""For `worker`, who has it until `until` unless another has it at `now`."""

LET_GO = (
    update(LaneRow)
    .where(*_HERE, LaneRow.claimed_by == bindparam("worker"))
    .values(claimed_by="", claimed_until=bindparam("until"), next_at=bindparam("earliest"))
)
"""By `worker`; nobody can hold it before `until`, and something waits there from `earliest` on."""

NEXT = (
    select(
        OutgoingRow.id, OutgoingRow.kind, OutgoingRow.subject, OutgoingRow.sealed_payload,
        OutgoingRow.thread, OutgoingRow.attempts, OutgoingRow.state,
    )
    .where(*_UNSENT_HERE, OutgoingRow.send_after <= bindparam("now"))
    .order_by(OutgoingRow.seq)
    .limit(1)
    .with_for_update()
)  # fmt: skip
"""What is due at `now`, the first in line; locked."""

EARLIEST = select(func.min(OutgoingRow.send_after)).where(*_UNSENT_HERE)
"""When the first of what waits in a lane may go out."""

BEING_SENT = (
    update(OutgoingRow).where(*_SAME_POST).values(state=Sending.SENDING, attempts=OutgoingRow.attempts + 1)
)
"""Of `post`."""

WENT_OUT = (
    update(OutgoingRow)
    .where(*_SAME_POST)
    .values(state=Sending.SENT, message=bindparam("called"), sent_at=bindparam("now"))
)
"""Of `post`, which the platform calls `called`."""

PUT_BACK = (
    update(OutgoingRow)
    .where(*_SAME_POST, OutgoingRow.state == Sending.SENDING)
    .values(state=bindparam("becomes"))
)
"""Of `post`, if it is being sent."""


@cache
def interrupted(dialect: str) -> Insert:
    """One interruption more on `day` for the member whose account is `account`."""
    whose = select(AccountRow.org, AccountRow.member, bindparam("day", type_=Text()), literal(1)).where(
        AccountRow.org == bindparam("in_org"),
        AccountRow.platform == bindparam("on"),
        AccountRow.account == bindparam("account"),
    )
    fresh = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(InterruptionRow)
    return fresh.from_select(["org", "member", "day", "count"], whose).on_conflict_do_update(
        index_elements=["org", "member", "day"], set_={"count": InterruptionRow.count + 1}
    )
