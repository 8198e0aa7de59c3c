"""Elements of IATI: how they are filled, and how numbers, moments and truth values are written in them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decimal import Decimal

    from comity.adapters.iati_activities import Texts

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def stamp(moment: dt.datetime, /) -> str:
    """Return a moment as XML Schema writes it, in UTC."""
    text = moment.astimezone(dt.UTC).isoformat(timespec="microseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def plain(number: Decimal, /) -> str:
    """Return a number as XML Schema writes a decimal: without an exponent.

    >>> from decimal import Decimal
    >>> plain(Decimal("1E+3")), plain(Decimal("-0.50"))
    ('1000', '-0.50')
    """
    return format(number, "f")


def flag(value: bool | None, /) -> str | None:  # noqa: FBT001  (the value itself)
    """Return a truth value as XML Schema writes it; None where nothing is said."""
    return None if value is None else ("true" if value else "false")


class Under:
    """An element that is being filled, and the activity's default language."""

    def __init__(self, element: Any, language: str) -> None:
        self.element = element
        self.language = language

    def add(self, tag: str, text: str | None = None, /, **attributes: str | None) -> Under:
        """Add an element; attributes that are None or empty are left out, and ``_`` in their names is ``-``."""
        from lxml import etree

        child = etree.SubElement(self.element, tag)
        for name, value in attributes.items():
            if value:
                child.set(name.replace("_", "-"), value)
        if text is not None:
            child.text = text.strip()
        return Under(child, self.language)

    def tell(self, texts: Texts, /) -> Under:
        """Add the words in each language; return this."""
        for text in texts:
            narrative = self.add("narrative", text.words)
            if text.language and text.language != self.language:
                narrative.element.set(LANG, text.language)
        return self

    def add_told(self, tag: str, texts: Texts, /, **attributes: str | None) -> None:
        """Add an element with its words; nothing where there are none."""
        if texts:
            self.add(tag, **attributes).tell(texts)
