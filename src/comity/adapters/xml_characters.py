"""The characters that XML 1.0 can carry: what a file format built on it must refuse is found here."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def find_forbidden(*, text: str) -> str:
    r"""Return the name of the first character that XML cannot carry, such as ``U+0000``; "" where there is none.

    >>> find_forbidden(text="a\x00b"), find_forbidden(text="línea\n二")
    ('U+0000', '')
    """
    found = _FORBIDDEN.search(text)
    return "" if found is None else f"U+{ord(found[0]):04X}"
