"""The parts of an activity as they stand in a file of IATI: each is read, or said to be unclear with its line."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from comity.adapters import iati_activities as kinds
from comity.adapters import iati_codes as codes
from comity.adapters.iati_parts_results import read_conditions, read_document, read_result

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MOST_SHOWN = 80
MOST_PATH = 120
MOST_PATHS = 1000
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")
_WHOLE = re.compile("[0-9]{1,9}")
_FLAGS = {"1": True, "true": True, "0": False, "false": False}


class Unclear(Exception):
    """A part that cannot be understood; the reader makes a refusal of it."""

    def __init__(self, problem: str, *, line: int) -> None:
        super().__init__(problem)
        self.line = line
        self.identifier = ""


class Part:
    """An element, the default language, and the count of what is passed over below it."""

    def __init__(self, element: Any, language: str, counts: Counter[str], path: str = "") -> None:
        self.element = element
        self.language = language
        self.counts = counts
        self.path = path

    def refuse(self, what: str, found: str, allowed: str) -> NoReturn:
        """Raise Unclear for something at this element."""
        name = f"{self.path or 'iati-activity'}{what}"
        raise Unclear(f'{name} is "{found[:MOST_SHOWN]}"; allowed is {allowed}', line=self.element.sourceline or 0)

    def children(self, *known: str) -> dict[str, list[Part]]:
        """Return the children that are known, by name; the others are counted."""
        found: dict[str, list[Part]] = {name: [] for name in known}
        for child in self.element:
            if not isinstance(child.tag, str):
                continue
            path = f"{self.path}/{child.tag}" if self.path else child.tag
            if child.tag in found:
                found[child.tag].append(Part(child, self.language, self.counts, path))
            elif path[:MOST_PATH] in self.counts or len(self.counts) < MOST_PATHS:
                self.counts[path[:MOST_PATH]] += 1
        return found

    def get(self, name: str) -> str:
        """Return an attribute, white space folded; "" where it is missing."""
        return " ".join(self.element.get(name, "").split())

    def text(self) -> str:
        """Return the element's own text without white space at its ends."""
        return (self.element.text or "").strip()

    def texts(self) -> kinds.Texts:
        """Return the narratives of this element that say anything."""
        found = self.children("narrative")["narrative"]
        return tuple(
            kinds.Text(language=" ".join(n.element.get(LANG, self.language).split()), words=n.text())
            for n in found
            if n.text()
        )

    def code(self, name: str, known: Mapping[str, str], *, optional: bool = True) -> str:
        """Return an attribute that is a code of a list."""
        value = self.get(name)
        if value not in known and (value or not optional):
            self.refuse(f"/@{name}", value, ", ".join(known))
        return value

    def day(self, name: str = "iso-date") -> dt.date:
        """Return an attribute that is a day; the zone that XML Schema allows after it is dropped."""
        value = self.get(name)
        match = _DAY.fullmatch(value)
        try:
            if match is not None:
                return dt.date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
        return self.refuse(f"/@{name}", value, "a day such as 2026-03-31")

    def optional_day(self, name: str = "iso-date") -> dt.date | None:
        """Return an attribute that is a day, or None where it is missing."""
        return self.day(name) if self.get(name) else None

    def number(self, value: str, what: str) -> Decimal:
        """Return text that is a decimal number."""
        if not _NUMBER.fullmatch(value):
            self.refuse(what, value, "a number such as 1250.5, without thousands separators")
        return Decimal(value)

    def optional_number(self, name: str) -> Decimal | None:
        """Return an attribute that is a decimal number, or None where it is missing."""
        value = self.get(name)
        return self.number(value, f"/@{name}") if value else None

    def flag(self, name: str) -> bool | None:
        """Return an attribute that is a truth value, or None where it is missing."""
        value = self.get(name)
        if value and value not in _FLAGS:
            self.refuse(f"/@{name}", value, "true, false, 1 or 0")
        return _FLAGS.get(value)

    def whole(self, name: str) -> int:
        """Return an attribute that is a whole number."""
        value = self.get(name)
        if not _WHOLE.fullmatch(value):
            self.refuse(f"/@{name}", value, "a whole number")
        return int(value)

    def moment(self, name: str) -> dt.datetime | None:
        """Return an attribute that is a moment, in UTC where it names no zone; None where it is missing."""
        value = self.get(name)
        if not value:
            return None
        try:
            found = dt.datetime.fromisoformat(value)
            return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            return self.refuse(f"/@{name}", value, "a time such as 2026-03-31T12:00:00Z")

    def only(self, parts: list[Part], name: str) -> Part:
        """Return the one part of a name that must be there."""
        if not parts:
            self.refuse(f"/{name}", "", "one: it is missing")
        return parts[0]


def read_activity(*, element: Any, counts: Counter[str]) -> kinds.Activity:
    """Return the activity of an element. Raises Unclear with the identifier and the line of what is wrong."""
    language = " ".join(element.get(LANG, "").split())
    whole = Part(element, language, counts)
    identifier = " ".join((element.findtext("iati-identifier") or "").split())
    try:
        found = whole.children(*_CHILDREN)
        if not identifier:
            whole.refuse("/iati-identifier", "", "one: it is missing")
        conditions = [read_conditions(part=p) for p in found["conditions"][:1]]
        return kinds.Activity(
            identifier=identifier,
            reporter=_reporter(whole.only(found["reporting-org"], "reporting-org")),
            titles=_texts_of(found["title"]),
            descriptions=tuple(
                kinds.Description(texts=p.texts(), type=p.code("type", codes.DESCRIPTION_TYPES))
                for p in found["description"]
            ),
            participants=tuple(_participant(p) for p in found["participating-org"]),
            status=whole.only(found["activity-status"], "activity-status").code("code", codes.STATUSES, optional=False),
            dates=tuple(
                kinds.ActivityDate(type=p.code("type", codes.DATE_TYPES, optional=False), day=p.day())
                for p in found["activity-date"]
            ),
            default_language=language,
            default_currency=whole.get("default-currency"),
            last_updated=whole.moment("last-updated-datetime"),
            humanitarian=whole.flag("humanitarian"),
            hierarchy=whole.whole("hierarchy") if whole.get("hierarchy") else None,
            other_identifiers=tuple(_other_identifier(p) for p in found["other-identifier"]),
            contacts=tuple(_contact(p) for p in found["contact-info"]),
            scope=found["activity-scope"][0].get("code") if found["activity-scope"] else "",
            countries=tuple(read_classified(p, "") for p in found["recipient-country"]),
            regions=tuple(read_classified(p, codes.DAC_REGIONS) for p in found["recipient-region"]),
            sectors=tuple(read_classified(p, codes.DAC_PURPOSES) for p in found["sector"]),
            tags=tuple(read_classified(p, "") for p in found["tag"]),
            collaboration=_code_of(found["collaboration-type"]),
            flow_type=_code_of(found["default-flow-type"]),
            finance_type=_code_of(found["default-finance-type"]),
            aid_types=tuple(_aid_types(found["default-aid-type"])),
            tied_status=_code_of(found["default-tied-status"]),
            budgets=tuple(_budget(p) for p in found["budget"]),
            planned_disbursements=tuple(_planned(p) for p in found["planned-disbursement"]),
            transactions=tuple(_transaction(p) for p in found["transaction"]),
            documents=tuple(read_document(part=p) for p in found["document-link"]),
            related=tuple(
                kinds.RelatedActivity(ref=p.get("ref"), type=p.code("type", codes.RELATIONS, optional=False))
                for p in found["related-activity"]
            ),
            conditions_attached=conditions[0][0] if conditions else None,
            conditions=conditions[0][1] if conditions else (),
            results=tuple(read_result(part=p) for p in found["result"]),
        )
    except Unclear as problem:
        problem.identifier = identifier[:MOST_SHOWN] or "an activity without identifier"
        raise


_CHILDREN = (
    *("iati-identifier", "reporting-org", "title", "description", "participating-org", "other-identifier"),
    *("activity-status", "activity-date", "contact-info", "activity-scope", "recipient-country", "recipient-region"),
    *("sector", "tag", "collaboration-type", "default-flow-type", "default-finance-type", "default-aid-type"),
    *("default-tied-status", "budget", "planned-disbursement", "transaction", "document-link", "related-activity"),
    *("conditions", "result"),
)


def _texts_of(parts: list[Part]) -> kinds.Texts:
    return parts[0].texts() if parts else ()


def _code_of(parts: list[Part]) -> str:
    return parts[0].get("code") if parts else ""


def _aid_types(parts: list[Part]) -> Iterator[str]:
    """Yield the codes of OECD DAC; those of other vocabularies are passed over, and counted."""
    for part in parts:
        if part.get("vocabulary") in {"", "1"}:
            yield part.get("code")
        else:
            part.counts["default-aid-type"] += 1


def _reporter(part: Part) -> kinds.Reporter:
    return kinds.Reporter(
        ref=part.get("ref"), type=part.get("type"), names=part.texts(), secondary=bool(part.flag("secondary-reporter"))
    )


def _participant(part: Part) -> kinds.Organisation:
    return kinds.Organisation(
        role=part.code("role", codes.ROLES, optional=False),
        ref=part.get("ref"),
        type=part.get("type"),
        names=part.texts(),
        activity=part.get("activity-id"),
    )


def _end(parts: list[Part], link: str) -> kinds.Organisation | None:
    if not parts:
        return None
    part = parts[0]
    return kinds.Organisation(ref=part.get("ref"), type=part.get("type"), names=part.texts(), activity=part.get(link))


def _other_identifier(part: Part) -> kinds.OtherIdentifier:
    owner = part.children("owner-org")["owner-org"]
    return kinds.OtherIdentifier(ref=part.get("ref"), type=part.get("type"), owner=owner[0].get("ref") if owner else "")


def _lines(parts: list[Part]) -> Iterator[str]:
    for part in parts:
        if line := " ".join(part.text().split()):
            yield line


def _contact(part: Part) -> kinds.Contact:
    """Return where an office is reached; names and titles of persons are passed over."""
    found = part.children("organisation", "department", "telephone", "email", "website")
    return kinds.Contact(
        type=part.get("type"),
        organisations=_texts_of(found["organisation"]),
        departments=_texts_of(found["department"]),
        telephones=tuple(_lines(found["telephone"])),
        emails=tuple(_lines(found["email"])),
        websites=tuple(_lines(found["website"])),
    )


def read_classified(part: Part, vocabulary: str, /) -> kinds.Classification:
    """Return a country, region, sector or tag; ``vocabulary`` is the one that holds where none is named."""
    return kinds.Classification(
        code=part.get("code"),
        vocabulary=part.get("vocabulary") or vocabulary,
        vocabulary_uri=part.get("vocabulary-uri"),
        percentage=part.optional_number("percentage"),
        names=part.texts(),
    )


def _value(holder: Part, parts: list[Part]) -> kinds.Money:
    part = holder.only(parts, "value")
    return kinds.Money(
        amount=part.number(part.text(), ""), valued_on=part.day("value-date"), currency=part.get("currency")
    )


def _budget(part: Part) -> kinds.Budget:
    found = part.children("period-start", "period-end", "value")
    return kinds.Budget(
        start=part.only(found["period-start"], "period-start").day(),
        end=part.only(found["period-end"], "period-end").day(),
        value=_value(part, found["value"]),
        type=part.code("type", codes.BUDGET_TYPES),
        status=part.code("status", codes.BUDGET_STATUSES),
    )


def _planned(part: Part) -> kinds.PlannedDisbursement:
    found = part.children("period-start", "period-end", "value", "provider-org", "receiver-org")
    return kinds.PlannedDisbursement(
        start=part.only(found["period-start"], "period-start").day(),
        end=found["period-end"][0].day() if found["period-end"] else None,
        value=_value(part, found["value"]),
        type=part.code("type", codes.BUDGET_TYPES),
        provider=_end(found["provider-org"], "provider-activity-id"),
        receiver=_end(found["receiver-org"], "receiver-activity-id"),
    )


def _transaction(part: Part) -> kinds.Transaction:
    found = part.children(
        *("transaction-type", "transaction-date", "value", "description", "provider-org", "receiver-org"),
        *("sector", "recipient-country", "recipient-region"),
    )
    return kinds.Transaction(
        type=part.only(found["transaction-type"], "transaction-type").code(
            "code", codes.TRANSACTION_TYPES, optional=False
        ),
        day=part.only(found["transaction-date"], "transaction-date").day(),
        value=_value(part, found["value"]),
        ref=part.get("ref"),
        humanitarian=part.flag("humanitarian"),
        descriptions=_texts_of(found["description"]),
        provider=_end(found["provider-org"], "provider-activity-id"),
        receiver=_end(found["receiver-org"], "receiver-activity-id"),
        sectors=tuple(read_classified(p, codes.DAC_PURPOSES) for p in found["sector"]),
        countries=tuple(read_classified(p, "") for p in found["recipient-country"]),
        regions=tuple(read_classified(p, codes.DAC_REGIONS) for p in found["recipient-region"]),
    )
