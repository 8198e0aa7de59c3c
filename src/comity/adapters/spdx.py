"""Names of licences that only the data of license-expression knows, brought to identifiers of the SPDX list.

The engine classes identifiers and the names of its own table. What it does not know is looked up here among the keys and
older identifiers of ScanCode's LicenseDB (by way of license-expression, Apache-2.0; its data CC-BY-4.0).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from comity.engines.commons.licences import class_licence

TAG = re.compile(r"SPDX-License-Identifier:\s*([^\r\n*]{1,200}?)\s*(?:\*/|-->|$)", re.MULTILINE)
TITLES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), identifier)
    for pattern, identifier in (
        (r"^\W*apache license\s+version 2\.0, january 2004", "Apache-2.0"),
        (r"^\W*(the )?mit license( \(mit\))?\s", "MIT"),
        (r"^\W*gnu affero general public license\s+version 3,", "AGPL-3.0-only"),
        (r"^\W*gnu lesser general public license\s+version 3,", "LGPL-3.0-only"),
        (r"^\W*gnu general public license\s+version 3,", "GPL-3.0-only"),
        (r"^\W*gnu general public license\s+version 2,", "GPL-2.0-only"),
        (r"^\W*mozilla public license version 2\.0", "MPL-2.0"),
        (r"^\W*(creative commons )?attribution 4\.0 international\s", "CC-BY-4.0"),
        (r"^\W*(creative commons )?attribution-sharealike 4\.0 international\s", "CC-BY-SA-4.0"),
        (r"^\W*(creative commons )?attribution-noncommercial 4\.0 international\s", "CC-BY-NC-4.0"),
        (r"^\W*(creative commons )?(legal code\s+)?cc0 1\.0 universal", "CC0-1.0"),
        (r"^\W*community data license agreement\W+permissive\W+version 2\.0", "CDLA-Permissive-2.0"),
        (r"^\W*bigscience (open)?rail", "LicenseRef-BigScience-RAIL-1.0"),
        (r"^\W*(meta )?llama 3\.1 community license", "LicenseRef-Llama-3.1"),
        (r"^\W*(meta )?llama 3 community license", "LicenseRef-Llama-3"),
        (r"^\W*llama 2 community license", "LicenseRef-Llama-2"),
    )
)
"""How the text of a licence begins: its identifier. A changed text may begin the same; the reason says that it was so read."""


def settle_licence(text: str, /) -> str:
    """Return a licence expression with SPDX identifiers where all its names can be found, else the text as it was.

    >>> settle_licence("gpl-2.0-plus AND MIT"), settle_licence("our own terms")
    ('GPL-2.0-or-later AND MIT', 'our own terms')
    """
    read = class_licence(expression=text)
    if not text.strip() or (read.parts and all(p.level != "unknown" for p in read.parts)):
        return text
    from license_expression import ExpressionError, ExpressionParseError

    licensing, identifiers = _licensing()
    try:
        found = licensing.parse(text, validate=True)
    except (ExpressionError, ExpressionParseError, AttributeError, ValueError, RecursionError):
        return text
    words = re.split(r"([^\s()]+)", str(found.render("{symbol.key}")))
    return "".join(identifiers.get(word.casefold(), word) for word in words)


def read_licence_text(text: str, /) -> str:
    r"""Return the identifier that the text of a licence or the head of a file shows, or an empty text.

    >>> read_licence_text("Apache License\n  Version 2.0, January 2004"), read_licence_text("Be kind.")
    ('Apache-2.0', '')
    """
    tag = TAG.search(text)
    if tag:
        return tag.group(1).strip()
    begin = " ".join(text[:2000].split()) + " "
    return next((identifier for pattern, identifier in TITLES if pattern.search(begin)), "")


@cache
def _licensing() -> tuple[Any, dict[str, str]]:
    """Return what parses ScanCode's keys, and the SPDX identifier of each key and older identifier."""
    from license_expression import build_licensing, get_license_index

    index = get_license_index()
    identifiers: dict[str, str] = {}
    for entry in index:
        current = entry.get("spdx_license_key")
        if current and not entry.get("is_deprecated"):
            for name in (entry["license_key"], current, *(entry.get("other_spdx_license_keys") or ())):
                identifiers.setdefault(name.casefold(), current)
    return build_licensing(index), identifiers
