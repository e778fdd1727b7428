"""The tables of `storage.tables_agendas`. Agendas of teams that are there already are looked at at once."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")  # microseconds since 1970


def upgrade() -> None:
    """Makes them."""
    op.create_table(
        "agenda_wishes",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("conference", sa.BigInteger(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("until", moment, nullable=True),
        sa.Column("deferring", sa.Boolean(), nullable=False),
        sa.Column("sealed_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("agenda_wishes_of_conference", "agenda_wishes", ["org", "conference"])
    op.create_index("agenda_wishes_deferring", "agenda_wishes", ["org", "team", "deferring", "until"])
    op.create_table(
        "agendas",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("conference", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("sealed_posted", sa.Text(), nullable=False),
        sa.Column("sealed_told", sa.Text(), nullable=False),
        sa.Column("sealed_asked", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "conference"),
    )
    op.create_index("agendas_open", "agendas", ["org", "team", "open"])
    op.create_table(
        "agenda_habits",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("series", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("quorum", sa.JSON(), nullable=False),
        sa.Column("own_quorum", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("org", "team", "series"),
    )
    _begin_rounds()


def _begin_rounds() -> None:
    """A moment long past is due at once: the first look sets the next."""
    op.execute(
        "INSERT INTO rounds (org, kind, team, next_at, told, version) "  # noqa: S608 (of constants)
        f"SELECT org, 'agenda', id, {_LONG_AGO[op.get_bind().dialect.name]}, '[]', 1 FROM teams"
    )


_LONG_AGO = {"sqlite": "0", "postgresql": "TIMESTAMPTZ '1970-01-01 00:00:00+00'"}
