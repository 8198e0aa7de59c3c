"""Write an instrument as Akoma Ntoso, with its parties named from the country data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.texts import Instrument, Provision
    from comity.engines.parties.countries import Atlas

MEDIA_TYPE = "application/akn+xml"
SUFFIX = ".xml"


def akoma_text(
    *,
    instrument: Instrument,
    provisions: Sequence[Provision],
    topics: Mapping[str, str],
    atlas: Atlas,
    on: dt.date,
) -> str:
    """Return the Akoma Ntoso document of an instrument; ``topics`` maps ids to labels, ``on`` is the day it is made.

    Raises BadParameter where a reference stands twice or cannot be an identifier.
    """
    from comity.engines.alignment.akoma_meta import Party
    from comity.engines.alignment.akoma_ntoso import write_akoma_ntoso
    from comity.engines.alignment.convergence import MULTI
    from comity.engines.parties.countries import name_of

    several = instrument.party == MULTI
    codes = instrument.signatories if several else (instrument.party,)
    parties = [
        Party(
            code=code,
            name=name_of(atlas=atlas, code=code, language="en"),
            country=atlas.states[code].iso2 if code in atlas.states else "",
        )
        for code in codes
        if code
    ]
    return write_akoma_ntoso(instrument=instrument, provisions=provisions, topics=topics, parties=parties, on=on)
