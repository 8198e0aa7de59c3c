"""Licences between the expression that we keep and the addresses or short names that other forms ask for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from comity.adapters.spdx import settle_licence
from comity.engines.commons.licences import class_licence

if TYPE_CHECKING:
    from collections.abc import Iterable

LIST = "https://spdx.org/licenses/"
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_ADDRESSES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"https?://(?:www\.)?{pattern}", re.IGNORECASE), made)
    for pattern, made in (
        (r"spdx\.org/licenses/([A-Za-z0-9.+-]+?)(?:\.html|\.json|\.txt)?/?", r"\1"),
        (r"opensource\.org/licenses?/([A-Za-z0-9.+-]+?)(?:\.php|\.html)?/?", r"\1"),
        (r"choosealicense\.com/licenses/([a-z0-9.+-]+)/?", r"\1"),
        (r"creativecommons\.org/publicdomain/zero/1\.0(?:/.*)?", "CC0-1.0"),
        (r"creativecommons\.org/licenses/(by(?:-nc|-nd|-sa)*)/([1-4]\.[0-9])(?:/(?:deed|legalcode).*)?/?", r"CC-\1-\2"),
        (r"apache\.org/licenses/LICENSE-2\.0(?:\.txt|\.html)?", "Apache-2.0"),
        (r"gnu\.org/licenses/(a?gpl|lgpl)-([23]\.[01])(?:\.[a-z.]+)?", r"\1-\2"),
        (r"opendatacommons\.org/licenses/(odbl|by|pddl)(?:/.*)?", r"odc-\1"),
    )
)
_OPEN_DATA = {"odc-odbl": "ODbL-1.0", "odc-by": "ODC-By-1.0", "odc-pddl": "PDDL-1.0"}


def join_licences(licences: Iterable[str], /) -> str:
    """Return licences of parts as one expression in which all bind, in one order; empty where one of them is not stated.

    >>> join_licences(["MIT", "CC-BY-4.0 OR MIT", "MIT"]), join_licences(["MIT", ""])
    ('(CC-BY-4.0 OR MIT) AND MIT', '')
    """
    found = {read_name(text) for text in licences}
    if "" in found:
        return ""
    if len(found) == 1:
        return found.pop()
    return read_name(" AND ".join(sorted(f"({text})" if " OR " in text else text for text in found)))


def read_name(text: str, /) -> str:
    """Return a licence as the identifiers of the SPDX list where it can be read as such, else as it was written."""
    read = class_licence(expression=text).read_as
    return text.strip() if read == "NOASSERTION" else read


def address_of_licence(expression: str, /) -> str:
    """Return the address of one licence of the SPDX list; empty for several, and for one that the list does not have.

    >>> address_of_licence("CC-BY-4.0"), address_of_licence("MIT OR CC0-1.0"), address_of_licence("LicenseRef-ours")
    ('https://spdx.org/licenses/CC-BY-4.0', '', '')
    """
    read = read_name(expression)
    is_one = _IDENTIFIER.fullmatch(read) and not read.startswith(("LicenseRef-", "DocumentRef-"))
    return LIST + read if is_one and read not in {"NONE", "NOASSERTION"} else ""


def addresses_of_licences(expression: str, /) -> list[str]:
    """Return the address of each licence where all of an expression bind and all have one, else an empty list.

    >>> addresses_of_licences("CC-BY-4.0 AND MIT"), addresses_of_licences("CC-BY-4.0 OR MIT")
    (['https://spdx.org/licenses/CC-BY-4.0', 'https://spdx.org/licenses/MIT'], [])
    """
    found = [address_of_licence(part) for part in expression.split(" AND ")] if expression else []
    return found if all(found) else []


def tell_licence(expression: str, /) -> list[Any]:
    """Return a licence as schema.org lets it stand: addresses that all bind, else a work whose name is the expression.

    >>> tell_licence("MIT"), tell_licence("MIT OR CC0-1.0"), tell_licence("")
    (['https://spdx.org/licenses/MIT'], [{'@type': 'CreativeWork', 'name': 'MIT OR CC0-1.0'}], [])
    """
    works = [{"@type": "CreativeWork", "name": expression}] if expression else []
    return addresses_of_licences(expression) or works


def licence_at(text: str, /) -> str:
    """Return the licence that an address names, or that a text is; as it was where nothing is known of it.

    >>> licence_at("https://creativecommons.org/licenses/by-sa/4.0/"), licence_at("https://spdx.org/licenses/MIT.html")
    ('CC-BY-SA-4.0', 'MIT')
    """
    plain = " ".join(text.split())
    for pattern, made in _ADDRESSES:
        found = pattern.fullmatch(plain)
        if found:
            name = found.expand(made)
            return read_name(settle_licence(_OPEN_DATA.get(name.lower(), name)))
    return settle_licence(plain)
