"""What all tables share: how Python types become columns, and the organisation that begins every key.

What identifies a patient or was said about one is sealed (`storage.secrets`) in columns named `sealed_*`;
beside what must be looked up stands a keyed digest. Times are aware UTC. States change by
compare-and-set on `version`.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import JSON

from storage.columns import Utc


class Base(DeclarativeBase):
    """What all tables share: how Python types become columns."""

    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it from the class)
        str: Text(),
        int: BigInteger(),
        datetime: Utc(),
        list[str]: JSON(),
    }


def key() -> Mapped[str]:
    """A text column of the primary key."""
    return mapped_column(primary_key=True)
