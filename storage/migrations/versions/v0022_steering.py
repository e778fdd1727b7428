"""The table of `storage.steering`. It begins with those who lead a team, so that nobody is shut out."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

steering = sa.table(
    "steering", sa.column("org"), sa.column("member"), sa.column("since", Utc()), sa.column("by")
)
teams = sa.table("teams", sa.column("org"), sa.column("id"), sa.column("lead"))
places = sa.table("places", *map(sa.column, ("org", "team", "member", "role")), sa.column("left_at", Utc()))


def upgrade() -> None:
    """Makes it, with the leads in it."""
    op.create_table(
        "steering",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "member"),
    )
    now = sa.literal(datetime.now(UTC), Utc())
    leads = sa.select(places.c.org, places.c.member, now, sa.literal("")).where(_leads()).distinct()
    op.execute(steering.insert().from_select(["org", "member", "since", "by"], leads))


def _leads() -> sa.ColumnElement[bool]:
    """As `pathway.people.Roster.leads`: who was named, or who has the role where that person has left."""
    named = places.alias()
    still_there = sa.exists().where(
        named.c.org == teams.c.org, named.c.team == teams.c.id, named.c.member == teams.c.lead,
        named.c.left_at.is_(None),
    )  # fmt: skip
    leads_it = (places.c.member == teams.c.lead) | ((places.c.role == "lead") & ~still_there)
    of_team = (teams.c.org == places.c.org) & (teams.c.id == places.c.team)
    return places.c.left_at.is_(None) & sa.exists().where(of_team, leads_it)
