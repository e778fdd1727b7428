"""Only one process at a time may follow a Matrix account: two with the same keys would spoil them."""

import contextlib
import fcntl
import hashlib
import os
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError


class AccountLock:
    """A locked file in the folder of the keys and, on PostgreSQL, an advisory lock that all machines see.

    Both end by themselves with the process. The methods block.
    """

    def __init__(self, folder: Path, engine: Engine, account: str) -> None:
        self.folder = folder
        self.engine = engine
        digest = hashlib.sha256(f"matrix account {account}".encode()).digest()
        self.key = int.from_bytes(digest[:8], signed=True)
        self._file: int | None = None
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Takes the lock; False if another process has it."""
        self._file = lock_folder(self.folder)
        if self._file is None:
            return False
        try:
            if self.engine.dialect.name != "postgresql" or self._advise():
                return True
        except SQLAlchemyError:
            self.release()
            raise
        self.release()
        return False

    def holds(self) -> bool:
        """Whether no other process can have it: a database that was restarted has forgotten our lock.

        It is taken anew then. While the database is away nobody can take it, and nobody can write anything.
        """
        if self._file is None or self.engine.dialect.name != "postgresql":
            return self._file is not None
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
        except SQLAlchemyError:
            self._let_connection_go()
        try:
            return self._advise()
        except SQLAlchemyError:
            self._let_connection_go()
            return True

    def release(self) -> None:
        """Lets it go."""
        self._let_connection_go()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _let_connection_go(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                self._connection.invalidate()  # closed for good, and the lock with it
                self._connection.close()
            self._connection = None

    def _advise(self) -> bool:
        self._connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        taken = self._connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": self.key})
        return bool(taken.scalar())


def lock_folder(folder: Path) -> int | None:
    """An open file by which the folder of the keys is locked until it is closed; None if it is already."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file
