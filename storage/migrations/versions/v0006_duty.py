"""The tables of `storage.tables_duty`. Teams that are there already are looked at from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")  # microseconds since 1970
KINDS = ("duty", "digest", "rules")


def upgrade() -> None:
    """Makes them."""
    op.create_table(
        "duties",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("every", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("duties_of_team", "duties", ["org", "team"])
    op.create_table(
        "duty_changes",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("starts", moment, nullable=False),
        sa.Column("ends", moment, nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("duty_changes_of_team", "duty_changes", ["org", "team", "ends"])
    op.create_table(
        "rounds",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "kind", "team"),
    )
    op.create_index("rounds_next", "rounds", ["org", "kind", "next_at"])
    op.create_table(
        "interruptions",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "member", "day"),
    )
    _begin_rounds()


def _begin_rounds() -> None:
    """A moment long past is due at once: the first look sets the next."""
    for kind in KINDS:
        op.execute(
            "INSERT INTO rounds (org, kind, team, next_at, told, version) "  # noqa: S608 (of constants)
            f"SELECT org, '{kind}', id, {_LONG_AGO[op.get_bind().dialect.name]}, '[]', 1 FROM teams"
        )


_LONG_AGO = {"sqlite": "0", "postgresql": "TIMESTAMPTZ '1970-01-01 00:00:00+00'"}
