"""Countries and M49 regions by their names in the reader's language, for forms and pages that say where something stands."""

from __future__ import annotations

from comity.adapters.country_data import read_atlas
from comity.engines.parties.countries import listed_in, name_of
from comity.platform.parties.origins import regions
from comity.web.context import interface_language


def place_name(code: str, /) -> str:
    """Return the name of a country (ISO 3166-1 alpha-3) or of an M49 region (three digits)."""
    known = f"M49-{code}" if code.isdecimal() else code
    return name_of(atlas=read_atlas(), code=known, language=interface_language())


def places_to_choose() -> list[tuple[str, str]]:
    """Return (code, name) of the regions, then of the countries, each by name."""
    areas = sorted((place_name(code), code) for code in regions())
    language = interface_language()
    states = [(s.names[language], s.iso3) for s in listed_in(atlas=read_atlas(), language=language)]
    return [(code, name) for name, code in (*areas, *states)]
