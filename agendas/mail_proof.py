"""Whether a mail is from whom it says: what our own mail server found out (RFC 8601), and nobody else's."""

import re
from collections.abc import Sequence

_COMMENT = re.compile(r"\([^()]*\)")
_NAMED = {"dmarc": "header.from", "dkim": "header.d", "spf": "smtp.mailfrom"}


def proven(results: Sequence[str], server: str, sender: str) -> bool:
    """Whether the first header by this server says that the sender's domain stands behind the mail.

    A header that somebody put in on the way stands below our own server's, and ours takes out those that
    bear its own name.
    """
    domain = sender.rpartition("@")[2]
    for header in results:
        name, *found = (part.strip() for part in _COMMENT.sub(" ", header).split(";"))
        if name.split(" ")[0].lower() == server.lower():
            return any(_passes(each.lower(), domain) for each in found)
    return False


def _passes(found: str, domain: str) -> bool:
    method, _, rest = found.partition("=")
    said = dict(pair.split("=", 1) for pair in rest.split()[1:] if "=" in pair)
    named = said.get(_NAMED.get(method.strip(), ""), "").rpartition("@")[2].strip('"')
    if not named or rest.split()[:1] != ["pass"]:
        return False
    return domain == named or domain.endswith(f".{named}")
