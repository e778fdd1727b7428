"""Real mail servers on loopback, from Debian's packages: Dovecot keeps mailboxes, Postfix takes mail in.

Each keeps all it has in a folder of its own, whoever else runs such a server on this machine. They need root,
as Postfix refuses to start without.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from imaplib import IMAP4
from pathlib import Path
from smtplib import SMTP
from tempfile import TemporaryDirectory

from tests.patience import PATIENCE

PASSWORD = "secret"
SECONDS = PATIENCE

DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
listen = 127.0.0.1
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 50
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%u allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
{more}
"""

POSTFIX = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.clinic.example
mydestination =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = static:all
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
smtpd_recipient_restrictions = permit_mynetworks, reject
message_size_limit = 20000000
disable_dns_lookups = yes
alias_maps =
alias_database =
"""

SERVICES = (
    "cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr", "rewrite unix - - n - - trivial-rewrite",
    "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce",
    "verify unix - - n - 1 verify", "lmtp unix - - n - - lmtp", "smtp unix - - n - - smtp",
    "error unix - - n - - error", "retry unix - - n - - error", "anvil unix - - n - 1 anvil",
    "scache unix - - n - 1 scache", "proxymap unix - - n - - proxymap", "tlsmgr unix - - n 1000? 1 tlsmgr",
    "postlog unix-dgram n - n - 1 postlogd",
)  # fmt: skip


def missing() -> str:
    """Why there can be no mail servers here; "" if there can."""
    if os.geteuid() != 0:
        return "Postfix starts as root alone."
    absent = [name for name in ("dovecot", "postfix") if shutil.which(name, path=_path()) is None]
    packages = "apt-get install --no-install-recommends postfix dovecot-imapd dovecot-lmtpd"
    return f"{' and '.join(absent)} not found ({packages})." if absent else ""


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


@dataclass
class MailServers:
    """Running servers: where Dovecot and Postfix listen."""

    folder: Path
    imap: int
    smtp: int

    def send(self, data: bytes, to: str, sender: str = "somebody@gp.example") -> None:
        """Hands a mail in, byte for byte."""
        with SMTP("127.0.0.1", self.smtp, timeout=SECONDS) as server:
            server.ehlo()
            server.mail(sender)
            code, says = server.rcpt(to)
            assert code == 250, says
            code, says = server.data(data)
            assert code == 250, says

    def flags(self, user: str) -> list[str]:
        """The flags of every mail in somebody's mailbox, in order."""
        with IMAP4("127.0.0.1", self.imap, timeout=SECONDS) as box:
            box.login(user, PASSWORD)
            box.select("INBOX", readonly=True)
            _, found = box.fetch("1:*", "(FLAGS)") if int(box.select(readonly=True)[1][0] or 0) else ("", [])
            return [str(each, "ascii").partition("FLAGS (")[2].rstrip(")") for each in found
                    if isinstance(each, bytes)]  # fmt: skip

    def mails(self, user: str) -> list[bytes]:
        """Every mail in somebody's mailbox, in order."""
        with IMAP4("127.0.0.1", self.imap, timeout=SECONDS) as box:
            box.login(user, PASSWORD)
            there = int(box.select("INBOX", readonly=True)[1][0] or 0)
            _, found = box.fetch("1:*", "(BODY.PEEK[])") if there else ("", [])
            return [each[1] for each in found if isinstance(each, tuple)]

    def empty(self) -> None:
        """Throws every mailbox away; each is made anew with its next mail."""
        for each in (self.folder / "mail").iterdir():
            shutil.rmtree(each)

    def put(self, user: str, data: bytes) -> None:
        """Puts a mail into a mailbox as it is, past Postfix, which mends some of what is broken."""
        with IMAP4("127.0.0.1", self.imap, timeout=SECONDS) as box:
            box.login(user, PASSWORD)
            box.append("INBOX", "", "", data)


@contextmanager
def mail_servers(more: str = "") -> Iterator[MailServers]:
    """Both servers, at work; `more` is further configuration of Dovecot."""
    with TemporaryDirectory(prefix="mail") as name:
        folder = Path(name)
        folder.chmod(0o755)
        imap, lmtp, smtp = _free_port(), _free_port(), _free_port()
        with _dovecot(folder, imap, lmtp, more), _postfix(folder, smtp, lmtp):
            _wait_for(imap, smtp, lmtp)
            yield MailServers(folder, imap, smtp)


@contextmanager
def _dovecot(folder: Path, imap: int, lmtp: int, more: str) -> Iterator[None]:
    (folder / "mail").mkdir()
    shutil.chown(folder / "mail", "mail", "mail")
    config = folder / "dovecot.conf"
    config.write_text(DOVECOT.format(folder=folder, imap=imap, lmtp=lmtp, password=PASSWORD, more=more))
    program = str(shutil.which("dovecot", path=_path()))
    # A daemon that held our output would keep it open after the tests.
    quiet = subprocess.DEVNULL
    running = subprocess.Popen([program, "-F", "-c", config], stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        running.terminate()
        running.wait(SECONDS)


@contextmanager
def _postfix(folder: Path, smtp: int, lmtp: int) -> Iterator[None]:
    config = folder / "postfix"
    for each in (config, folder / "queue", folder / "data"):
        each.mkdir()
    shutil.chown(folder / "data", "postfix")
    (config / "main.cf").write_text(POSTFIX.format(folder=folder, lmtp=lmtp))
    listening = f"127.0.0.1:{smtp} inet n - n - - smtpd"
    (config / "master.cf").write_text("\n".join((listening, *SERVICES, "")))
    _postfix_does(config, "start")
    try:
        yield
    finally:
        _postfix_does(config, "stop")


def _postfix_does(config: Path, what: str) -> None:
    program = str(shutil.which("postfix", path=_path()))
    quiet = subprocess.DEVNULL
    subprocess.run([program, "-c", config, what], stdin=quiet, stdout=quiet, stderr=quiet, check=True)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _wait_for(*ports: int) -> None:
    end = time.monotonic() + SECONDS
    for port in ports:
        while time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        else:
            raise AssertionError(f"no mail server listens at {port}")
