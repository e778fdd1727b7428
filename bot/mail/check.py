"""What `baton doctor` says of the mailbox."""

import asyncio

from bot.config import Settings
from bot.mail.folder import SECONDS, Folder, NoMailbox


async def check_mailbox(settings: Settings) -> list[tuple[bool, str, str]]:
    """What was found, whether it is as it should be, and how to mend it."""
    folder = Folder(settings)
    try:
        async with asyncio.timeout(SECONDS):
            await folder.open()
            await folder.unread()
    except (NoMailbox, TimeoutError) as error:
        where = f"the mailbox at {settings.imap_host}:{settings.imap_port}"
        return [(False, f"{where}: {error or 'no answer'}", "See the BATON_IMAP_* settings.")]
    finally:
        await folder.close()
    told = "and its server tells at once what comes" if folder.tells else "now and then"
    found = [(True, f"the mailbox is read, {told}", "")]
    if not settings.mail_proof:
        says = (
            "Warning: whoever knows an invitation can answer it for somebody else. Set BATON_IMAP_TRUSTS to "
            "the name that your mail server puts into Authentication-Results, instead of `anybody`."
        )
        found.append((True, "who sent a mail is believed as it says", says))
    return found
