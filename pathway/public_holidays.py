"""Public holidays by country and region, as `holidays` knows them: "GB-ENG", "DE-BY", "US"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import ModuleType

NONE = "none"


class BadRegion(ValueError):
    """A country or region whose holidays are not known. Its str is one sentence that says what to type."""


@dataclass(frozen=True)
class Kept:
    """The days that are public holidays for somebody, of every year; each is looked up when it is asked for.

    `said` is a region as `read_region` gives it, NONE, or "" for the country of `zone`, an IANA name.
    """

    said: str
    zone: str

    @property
    def region(self) -> str:
        """The country or region whose holidays are kept, "" for none."""
        return "" if self.said == NONE else self.said or region_of(self.zone)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and holiday(self.region, day) != ""


def holiday(region: str, day: date) -> str:
    """What is kept there on this day, "" for nothing. `region` is as `read_region` gives it."""
    return _of_year(region, day.year).get(day, "") if region else ""


def read_region(text: str) -> str:
    """A country with or without its region ("gb-eng", "UK", "Germany"); "" for "none". Raises BadRegion."""
    typed = text.strip()
    if typed.casefold() in ("", NONE, "no", "off"):
        return ""
    country, _, region = typed.upper().replace("_", "-").partition("-")
    country = _countries().get(country.replace(" ", ""), country)
    regions = _library().list_supported_countries(include_aliases=False)
    if country not in regions:
        raise BadRegion(
            "Name a country by its code, with its region if it has any, like GB-ENG, DE-BY or none."
        )
    if region and region not in regions[country]:
        listed = ", ".join(f"{country}-{each}" for each in regions[country][:8] if each.isupper())
        raise BadRegion(f"{country} has no region {region}: type {listed or country}.")
    return f"{country}-{region}" if region else country


@cache
def region_of(zone: str) -> str:
    """The country of a time zone, "" for a zone that is no country's or whose holidays are not known."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    country = next((row[0] for row in rows if row[2] == zone), "")
    return country if country in _library().list_supported_countries() else ""


@cache
def _of_year(region: str, year: int) -> Mapping[date, str]:
    country, _, part = region.partition("-")
    return dict(_library().country_holidays(country, subdiv=part or None, years=year, language="en_US"))


@cache
def _countries() -> Mapping[str, str]:
    """Names and other codes of countries, in capitals and without spaces: UNITEDKINGDOM and UK are GB."""
    known = _library().registry.COUNTRIES.values()
    return {each.upper(): entry[1] for entry in known for each in entry}


def _library() -> ModuleType:
    import holidays  # noqa: PLC0415 (a sixth of a second, for who counts working days)

    return holidays
