"""Count convergence for the members of the United Nations, with the memberships that hold on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from comity.engines.alignment.convergence import Convergence
    from comity.engines.alignment.history import History
    from comity.engines.alignment.texts import Collection, Scheme
    from comity.engines.parties.countries import Atlas


def converge_members(*, collection: Collection, scheme: Scheme, atlas: Atlas, on: dt.date) -> Convergence:
    """Return how each member of the United Nations stands on each topic, members by name in English.

    A text of an organisation counts for those who sit in it on the day ``on``.
    """
    from comity.engines.alignment.convergence import converge
    from comity.engines.alignment.topics import searched_instruments
    from comity.engines.parties.countries import listed_in, members_of

    organisations = {i.party for i in collection.instruments if i.party} & set(atlas.groupings)
    return converge(
        collection=collection,
        scheme=scheme,
        members=[s.iso3 for s in listed_in(atlas=atlas, language="en") if s.status == "member"],
        memberships={o: frozenset(members_of(atlas=atlas, group=o, on=on)) for o in organisations},
        searched=searched_instruments(collection=collection),
    )


def members_by_year(*, collection: Collection, scheme: Scheme, atlas: Atlas, today: dt.date) -> History:
    """Return how many members of the United Nations stood at each level at the end of each year, up to ``today``."""
    from comity.engines.alignment.history import converge_by_year
    from comity.engines.parties.countries import listed_in, members_of

    organisations = {i.party for i in collection.instruments if i.party} & set(atlas.groupings)
    return converge_by_year(
        collection=collection,
        scheme=scheme,
        members=[s.iso3 for s in listed_in(atlas=atlas, language="en") if s.status == "member"],
        memberships=lambda day: {o: frozenset(members_of(atlas=atlas, group=o, on=day)) for o in organisations},
        today=today,
    )
