"""Links that work without an account: signed with a secret key, so that nothing need be kept of them."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hmac import compare_digest

from storage.rows import Rows

PURPOSE = "answer link"
LONGEST = 400


class Links(Rows):
    """The links of one organisation. They work as long as the key is there by which they were signed."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows.session, rows.org, rows.keyring)

    def token(self, ref: str, invitee: str) -> str:
        """What opens the answer of one invited person to a conference or series."""
        said = f"{ref} {invitee}"
        mac = self.keyring.digest(self._signed(said), PURPOSE)
        return f"{urlsafe_b64encode(said.encode()).decode().rstrip('=')}~{mac}"

    def opened(self, token: str) -> tuple[str, str] | None:
        """The reference and the invitee that a token opens; None if we never made it."""
        written, _, mac = token.partition("~")
        if len(token) > LONGEST:
            return None
        try:
            said = urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode()
        except (binascii.Error, ValueError):
            return None
        macs = self.keyring.digests(self._signed(said), PURPOSE)
        if not any(compare_digest(mac.encode(), each.encode()) for each in macs):
            return None
        ref, _, invitee = said.partition(" ")
        return ref, invitee

    def _signed(self, said: str) -> str:
        return f"{self.org} {said}"
