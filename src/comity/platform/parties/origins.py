"""Where the holder of an office comes from: a country, or an M49 region where no country is to be named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from comity.adapters.country_data import read_atlas
from comity.errors import BadParameter
from comity.platform.parties.standing import in_force

if TYPE_CHECKING:
    from comity.platform.parties.models import User

NOWHERE = ""


def checked_origin(*, origin: str) -> str:
    """Return an origin as it is kept: an ISO 3166-1 alpha-3 code, the three digits of an M49 region, or nothing.

    Raises BadParameter.
    """
    found = origin.strip().upper()
    if found and found not in read_atlas().states and found not in regions():
        raise BadParameter(
            name="origin",
            found=found[:20],
            allowed=f"the three-letter code of a country, or a region: {', '.join(regions())}",
        )
    return found


def regions() -> tuple[str, ...]:
    """Return the codes of the M49 regions, in order: 002 is Africa, 019 the Americas, 142 Asia, 150 Europe, 009 Oceania."""
    return tuple(sorted({s.region for s in read_atlas().states.values() if s.region}))


def region_of(*, origin: str) -> str:
    """Return the M49 region that an origin lies in, which is a country or a region itself; empty where none was stated."""
    state = read_atlas().states.get(origin)
    return state.region if state else origin


def origin_of(*, user: User, role: str) -> str:
    """Return where an account comes from: as stated when it was given an office, else the country of its one delegation.

    Nothing where neither says so: such an account counts for no region.
    """
    today = timezone.now().date()
    stated = user.grants.filter(in_force(on=today), role=role).exclude(origin="").order_by("-pk").first()
    if stated is not None:
        return str(stated.origin)
    accredited = user.credentials.filter(in_force(on=today), revoked_at__isnull=True).exclude(member__country="")
    countries = set(accredited.values_list("member__country", flat=True))
    return str(countries.pop()) if len(countries) == 1 else NOWHERE
