"""What `baton doctor` looks at in the pathway definition: what is in force, and what is configured."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from bot.app import definition_of, text_of
from bot.config import Settings
from pathway.definition import BadDefinition, Definition
from pathway.definition_text import fingerprint
from storage import definitions
from storage.database import open_engine, work
from storage.migrate import is_current

Finding = tuple[bool, str, str]


def check_pathway(settings: Settings) -> Iterator[Finding]:
    """For each thing that was looked at: whether it is as it should be, what it is, and how to mend it."""
    try:
        configured = definition_of(settings)
    except BadDefinition as error:
        yield False, "the pathway definition is refused", str(error)
        return
    number, text = _in_force(settings)
    if not number:
        yield _signed(configured, "as configured")
        return
    try:
        yield _signed(definitions.read_version(text, number), "in force")
    except BadDefinition as error:
        mend = f"{error} If a newer Baton wrote it, run that one."
        yield False, f"version {number} of the pathway is in force and can't be read", mend
    if fingerprint(text) != fingerprint(text_of(settings)):
        file = settings.pathway
        which = f"{file} differs" if file else "the pathway that comes with this Baton differs"
        diff = f"`baton pathway diff {file}`" if file else "`pathway show` in chat, where it may be proposed,"
        yield True, f"{which} from what is in force", f"What is in force counts; {diff} says more."


def _in_force(settings: Settings) -> tuple[int, str]:
    """Number and text of the version in force; 0 and "" where there is none, or none can be read."""
    url = settings.database_url.get_secret_value()
    try:
        if not is_current(url):
            return 0, ""
        engine = open_engine(url)
        with work(engine) as session:
            number = definitions.number_in_force(session, settings.organisation)
            text = definitions.text_of(session, settings.organisation, number) if number else ""
        engine.dispose()
    except (SQLAlchemyError, OSError):  # of the database itself more is said elsewhere
        return 0, ""
    return number, text


def _signed(definition: Definition, which: str) -> Finding:
    signed = bool(definition.signed_off)
    mend = "" if signed else "Let the clinical lead sign its times off: `signed_off` in the definition."
    named = f"pathway {definition.name}, version {definition.version}, {which}"
    return signed, f"{named}, {'signed off' if signed else 'not signed off'}", mend
