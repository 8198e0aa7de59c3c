"""One activity's demands on its fields: each breach is a refusal that names the activity and the field."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NoReturn

from comity.adapters.xml_characters import find_forbidden
from comity.errors import BadParameter

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from comity.adapters.iati_activities import Texts

MOST_SHOWN = 80
MOST_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Demands:
    """The identifier and default language of the activity, and the day on which it is published."""

    identifier: str
    language: str
    on: dt.date

    LANGUAGE: ClassVar[re.Pattern[str]] = re.compile("[a-z]{2}")
    CURRENCY: ClassVar[re.Pattern[str]] = re.compile("[A-Z]{3}")
    ADDRESS: ClassVar[re.Pattern[str]] = re.compile(
        r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?](?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
        r"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
    )
    ADDRESS_RULE: ClassVar[str] = "an address that begins with http:// or https://, other letters than ASCII as %XX"

    def refuse(self, field: str, found: str, allowed: str) -> NoReturn:
        """Raise BadParameter for a field of the activity."""
        raise BadParameter(name=f"{field} of {self.identifier[:MOST_SHOWN]}", found=found[:MOST_SHOWN], allowed=allowed)

    def line(self, field: str, value: str, *, needed: bool = False) -> None:
        """Demand one line of characters that XML can carry, with no white space at its ends."""
        if needed and not value:
            self.refuse(field, value, "at least one character")
        if bad := find_forbidden(text=value):
            self.refuse(field, bad, "text without characters that XML cannot carry")
        if value != " ".join(value.split()):
            self.refuse(field, value, "one line, with single spaces and none at its ends")

    def match(self, field: str, value: str, form: re.Pattern[str], allowed: str) -> None:
        """Demand a line of a form."""
        self.line(field, value)
        if not form.fullmatch(value):
            self.refuse(field, value, allowed)

    def code(self, field: str, value: str, known: Mapping[str, str], *, optional: bool = False) -> None:
        """Demand a code of a list."""
        if value not in known and not (optional and not value):
            self.refuse(field, value, ", ".join(f"{code} ({name})" for code, name in known.items()))

    def texts(self, field: str, texts: Texts, *, needed: bool = False) -> None:
        """Demand words in each language once, and languages that are known."""
        if needed and not texts:
            self.refuse(field, "", "words in at least one language")
        for text in texts:
            if bad := find_forbidden(text=text.words):
                self.refuse(field, bad, "text without characters that XML cannot carry")
            if not text.words.strip():
                self.refuse(field, text.words, "words")
            language = text.language or self.language
            if not self.LANGUAGE.fullmatch(language):
                self.refuse(f"language of the {field}", language, "two letters of ISO 639-1, here or for the activity")
        self.once(f"language of the {field}", [t.language or self.language for t in texts])

    def once(self, field: str, values: Iterable[str]) -> None:
        """Demand that no value stands twice."""
        for value, times in Counter(values).items():
            if times > 1:
                self.refuse(field, f"{value}, {times} times", "each once")

    def number(self, field: str, value: Decimal) -> None:
        """Demand a number that has an end."""
        if not value.is_finite():
            self.refuse(field, str(value), "a number")
        parts = value.as_tuple()
        if len(parts.digits) > MOST_DIGITS or abs(int(parts.exponent)) > MOST_DIGITS:
            self.refuse(field, str(value), f"a number of at most {MOST_DIGITS} digits")

    def past(self, field: str, day: dt.date) -> None:
        """Demand a day that is not in the future."""
        if day > self.on:
            self.refuse(field, day.isoformat(), f"no day after {self.on.isoformat()}, when the file is made")

    def order(self, field: str, first: dt.date, last: dt.date) -> None:
        """Demand that a period does not end before it begins."""
        if last < first:
            self.refuse(field, last.isoformat(), f"no day before {first.isoformat()}")
