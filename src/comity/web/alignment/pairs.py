"""Two texts that an address names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.errors import BadParameter
from comity.platform.alignment import selectors
from comity.web.parameters import chosen

if TYPE_CHECKING:
    from django.http import HttpRequest


def two_texts(request: HttpRequest) -> tuple[str, str]:
    """Return the ids in the parameters a and b. Raises BadParameter where they are not two different texts that one may see."""
    slugs = list(selectors.instruments_seen(user=request.user).values_list("slug", flat=True))
    a, b = (chosen(request.GET, side, allowed=slugs) for side in ("a", "b"))
    if not a or not b or a == b:
        raise BadParameter(
            name="a, b", found=f"{a or '-'}, {b or '-'}", allowed="two different texts of the collection"
        )
    return a, b
