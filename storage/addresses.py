"""Mail addresses: sealed, found by a digest, and named in the outbox by an id that says nothing."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cards.mail import read_address
from storage.post import Lane, direct_lane
from storage.rows import Rows
from storage.secrets import Keyring
from storage.tables import MailAddressRow

PLATFORM = "mail"
PURPOSE = "mail address"


@dataclass(frozen=True)
class Address:
    """An address. `refused` is the code with which its server refused it for good, "" for never."""

    id: str
    address: str
    refused_at: datetime | None = None
    refused: str = ""

    @property
    def lane(self) -> Lane:
        """Where mail to it waits."""
        return direct_lane(PLATFORM, self.id)


class Addresses(Rows):
    """The addresses of one organisation."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)

    def of(self, typed: str) -> Address:
        """This address, kept from now on if it is new. Raises BadAddress."""
        address = read_address(typed)
        digests = self.keyring.digests(address.lower(), PURPOSE)
        query = select(MailAddressRow).where(
            MailAddressRow.org == self.org, MailAddressRow.digest.in_(digests)
        )
        row = self.session.scalars(query).first()
        if row is None:
            row = self.put_row(
                MailAddressRow, secrets.token_hex(8), digest=digests[0], sealed_address=self.seal(address),
                refused_at=None, refused="",
            )  # fmt: skip
        return self._address(row)

    def find(self, typed: str) -> Address | None:
        """This address, if mail has ever gone to it."""
        digests = self.keyring.digests(typed.lower(), PURPOSE)
        query = select(MailAddressRow).where(
            MailAddressRow.org == self.org, MailAddressRow.digest.in_(digests)
        )
        row = self.session.scalars(query).first()
        return self._address(row) if row else None

    def by_id(self, address_id: str) -> Address | None:
        """The address with this id."""
        row = self.row_of(MailAddressRow, address_id)
        return self._address(row) if row else None

    def refuse(self, address_id: str, code: str, now: datetime) -> None:
        """Notes that its server refused it for good."""
        self.put_row(MailAddressRow, address_id, refused_at=now, refused=code)

    def accept(self, address_id: str) -> None:
        """Lets an address be tried again."""
        self.put_row(MailAddressRow, address_id, refused_at=None, refused="")

    def _address(self, row: MailAddressRow) -> Address:
        return Address(row.id, self.open(row.sealed_address), row.refused_at, row.refused)


def digest_anew(row: MailAddressRow, keyring: Keyring) -> None:
    """Digests an address with the newest key."""
    row.digest = keyring.digest(keyring.open(row.sealed_address).lower(), PURPOSE)
