"""What nearly every request asks of the database, put together once.

SQLAlchemy takes several times longer to put a statement together than to run it. Values are parameters; of
staff only the columns that are needed are read, as nobody writes them back.
"""

from sqlalchemy import BindParameter, bindparam, select

from storage.post import Kind, Sending
from storage.tables import (
    UNSENT,
    AbsenceRow,
    AccountRow,
    HandoffRow,
    MemberRow,
    OutgoingRow,
    PlaceRow,
    RoomRow,
    ShownRow,
)

ORG: BindParameter[str] = bindparam("org")
MEMBER = (MemberRow.id, MemberRow.sealed_name, MemberRow.zone, MemberRow.sealed_email)

MEMBER_BY_ACCOUNT = (
    select(*MEMBER)
    .join(AccountRow, (AccountRow.org == MemberRow.org) & (AccountRow.member == MemberRow.id))
    .where(
        AccountRow.org == ORG,
        AccountRow.platform == bindparam("platform"),
        AccountRow.account == bindparam("account"),
    )
)
"""By org, platform and account."""

ROSTER = (
    select(*MEMBER, PlaceRow.role, AbsenceRow.starts, AbsenceRow.ends, AbsenceRow.cover)
    .join(PlaceRow, (PlaceRow.org == MemberRow.org) & (PlaceRow.member == MemberRow.id))
    .outerjoin(AbsenceRow, (AbsenceRow.org == PlaceRow.org) & (AbsenceRow.member == PlaceRow.member))
    .where(PlaceRow.org == ORG, PlaceRow.team == bindparam("team"), PlaceRow.left_at.is_(None))
    .order_by(PlaceRow.joined_at, PlaceRow.member, AbsenceRow.starts)
)
"""By org and team: a row for each absence of a member, or one without."""

TEAMS_OF_MEMBER = select(PlaceRow.team).where(
    PlaceRow.org == ORG, PlaceRow.member == bindparam("member"), PlaceRow.left_at.is_(None)
)
"""By org and member."""

ACCOUNTS_OF_MEMBER = select(AccountRow.platform, AccountRow.account).where(
    AccountRow.org == ORG, AccountRow.member == bindparam("member")
)
"""By org and member."""

ACCOUNTS_OF_MEMBERS = select(AccountRow.platform, AccountRow.account, AccountRow.member).where(
    AccountRow.org == ORG, AccountRow.member.in_(bindparam("members", expanding=True))
)
"""By org and members."""

ROOMS_OF_TEAM = (
    select(RoomRow)
    .where(RoomRow.org == ORG, RoomRow.team == bindparam("team"), RoomRow.joined)
    .order_by(RoomRow.platform, RoomRow.address)
)
"""By org and team: those where the bot is present."""

OPEN_OF_TEAM = (
    select(HandoffRow)
    .where(HandoffRow.org == ORG, HandoffRow.team == bindparam("team"), HandoffRow.open)
    .order_by(HandoffRow.offered_at)
)
"""By org and team, oldest first."""

SHOWN_OF_SUBJECT = select(ShownRow.platform, ShownRow.target).where(
    ShownRow.org == ORG, ShownRow.subject == bindparam("subject")
)
"""By org and subject: where its living card stands."""

SHOWN_AT_ANOTHER_LEVEL = select(ShownRow.subject).where(
    ShownRow.org == ORG,
    ShownRow.platform == bindparam("platform"),
    ShownRow.target == bindparam("target"),
    ShownRow.detail != bindparam("detail"),
)
"""By org and place: whose living cards show another level than this."""

SHOWN_AT = select(ShownRow.subject).where(
    ShownRow.org == ORG,
    ShownRow.platform == bindparam("platform"),
    ShownRow.target == bindparam("target"),
)
"""By org and place: whose living cards stand there."""

UNSENT_AT = select(OutgoingRow.subject).where(
    OutgoingRow.org == ORG,
    OutgoingRow.platform == bindparam("platform"),
    OutgoingRow.target == bindparam("target"),
    UNSENT,
    OutgoingRow.kind == Kind.SHOW,
)
"""By org and place: whose living cards are still to go there."""

UNSENT_OF_SUBJECT = select(OutgoingRow.platform, OutgoingRow.target, OutgoingRow.send_after).where(
    OutgoingRow.org == ORG,
    OutgoingRow.subject == bindparam("subject"),
    OutgoingRow.kind == Kind.SHOW,
    OutgoingRow.state.in_([Sending.WAITING, Sending.SENDING]),
)
"""By org and subject: where its living card is still to go, and when."""

WAITING_OF_SUBJECTS = (
    select(OutgoingRow.id, OutgoingRow.subject, OutgoingRow.platform, OutgoingRow.target)
    .where(
        OutgoingRow.org == ORG,
        OutgoingRow.subject.in_(bindparam("subjects", expanding=True)),
        OutgoingRow.kind == Kind.SHOW,
        OutgoingRow.state == Sending.WAITING,
    )
    .with_for_update()
)
"""By org and subjects: the living cards that are still in line; locked."""
