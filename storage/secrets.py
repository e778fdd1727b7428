"""Sealing of identifying text, and keyed digests by which it can still be looked up.

A `Keyring` holds the secret keys, newest first. The newest seals; every one of them opens. To rotate, put
a new key first, seal what older keys have sealed again (`baton keys rotate`), then take the old key away.
"""

import binascii
import os
import re
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hmac import digest as hmac_digest
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
MARK = "."  # between the id of the key and what it made
KEY_ID = re.compile("[0-9a-f]{10}")
SEALED = "sealed_"  # how the columns begin that hold sealed texts


class BadKey(ValueError):
    """A secret key can't be used; the text says why and never holds a part of any key."""


class CannotOpen(ValueError):
    """A sealed text can't be opened; the text names the id of its key, never what was sealed."""


class KeyMissing(CannotOpen):
    """A text was sealed with a key that is not among those there are; with that key it would open."""


def new_key() -> str:
    """A fresh secret key, as it is written into BATON_SECRET_KEYS."""
    return urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def kept_key(path: Path) -> str:
    """The key in this file, which is made on first use and which only its owner may read.

    For demonstrations: a key that lies beside the data it seals protects nothing from a thief of both.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = new_key()
        file.write(f"{key}\n")
    return key


class Keyring:
    """The secret keys of one installation, newest first: 32 bytes each, raw or in base64.

    Raises `BadKey` for no key, the same key twice, or one that is not 32 bytes.
    """

    def __init__(self, keys: Sequence[str | bytes]) -> None:
        if not keys:
            raise BadKey("There is no secret key. Make one with: baton keys new")
        made = [_Key(_raw(key, place)) for place, key in enumerate(keys, start=1)]
        self._keys = {key.id: key for key in made}
        self._newest = made[0]
        if len(self._keys) < len(made):
            raise BadKey("The same secret key is listed twice. List each once, the newest first.")

    def seal(self, text: str, purpose: str = "") -> str:
        """Encrypt `text` with the newest key. It opens only for the same purpose.

        Give each column its own purpose, so that a value copied into another column does not open there.
        """
        key = self._newest
        nonce = os.urandom(NONCE_BYTES)
        sealed = key.cipher.encrypt(nonce, text.encode(), purpose.encode())
        return f"{key.id}{MARK}{urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, token: str, purpose: str = "") -> str:
        """The text that was sealed. Raises `KeyMissing` without its key, `CannotOpen` if altered or moved."""
        key_id, mark, body = token.partition(MARK)
        if not mark or not KEY_ID.fullmatch(key_id):
            raise CannotOpen("This is not a sealed text: it names no key.")
        key = self._keys.get(key_id)
        if key is None:
            raise KeyMissing(
                f"This was sealed with key {key_id}, which is not among BATON_SECRET_KEYS. "
                "Add that key again, after the newest."
            )
        try:
            data = urlsafe_b64decode(body)
            return key.cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], purpose.encode()).decode()
        except (InvalidTag, ValueError):
            # From None: what went wrong inside might quote what was being opened.
            raise CannotOpen(
                f"A text sealed with key {key_id} was altered, or was sealed for another column."
            ) from None

    def is_current(self, made: str) -> bool:
        """Whether a sealed text or a digest was made with the newest key, so that it needs no rotation."""
        return made.partition(MARK)[0] == self._newest.id

    def digest(self, text: str, purpose: str) -> str:
        """A keyed hash of `text` by the newest key, to be stored beside a sealed column for look-up.

        The caller brings the text into one spelling first (case, blanks, hyphens).
        """
        return self._newest.digest(text, purpose)

    def digests(self, text: str, purpose: str) -> tuple[str, ...]:
        """The digest by every key, newest first: look up with all of them while keys are being rotated."""
        return tuple(key.digest(text, purpose) for key in self._keys.values())

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of the keys, newest first. They tell nothing of the keys and may be shown."""
        return tuple(self._keys)


class _Key:
    """One secret key, and what is derived from it: an id, a cipher, and a key for each purpose's digests."""

    __slots__ = ("_lookup", "_secret", "cipher", "id")

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._lookup: dict[str, bytes] = {}
        self.id = _derive(secret, "id", 5).hex()
        self.cipher = AESGCM(_derive(secret, "seal", KEY_BYTES))

    def digest(self, text: str, purpose: str) -> str:
        key = self._lookup.get(purpose)
        if key is None:
            key = self._lookup[purpose] = _derive(self._secret, f"lookup {purpose}", KEY_BYTES)
        hashed = hmac_digest(key, text.encode(), "sha256")
        return f"{self.id}{MARK}{urlsafe_b64encode(hashed).decode().rstrip('=')}"


def _derive(secret: bytes, use: str, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=f"baton {use}".encode()).derive(secret)


def _raw(key: str | bytes, place: int) -> bytes:
    """The 32 bytes of a key, which is named in errors by its place in the list alone."""
    if isinstance(key, bytes):
        raw = key
    else:
        standard = key.strip().replace("-", "+").replace("_", "/").rstrip("=")
        try:
            raw = b64decode(standard + "=" * (-len(standard) % 4), validate=True)
        except (binascii.Error, ValueError):
            raise BadKey(f"Secret key {place} is not base64. Make one with: baton keys new") from None
    if len(raw) != KEY_BYTES:
        raise BadKey(
            f"Secret key {place} has {len(raw)} bytes where {KEY_BYTES} are needed. "
            "Make one with: baton keys new"
        )
    return raw
