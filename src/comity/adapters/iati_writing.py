"""Write activities as IATI 2.03, valid under the standard's own schema, one activity after the other.

The order of elements is that of ``iati-activities-schema.xsd``. Whoever calls decides what is public: everything given is written.
Texts lose the white space at their ends; a text in the activity's default language is written without naming it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from comity.adapters.iati_activities import VERSION
from comity.adapters.iati_checks import check_activity
from comity.adapters.iati_elements import LANG, Under, flag, plain, stamp
from comity.adapters.iati_writing_results import write_conditions, write_document, write_results
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity.adapters.iati_activities import Activity, Classification, Money, Organisation, Transaction

MEDIA_TYPE = "application/xml"


def write_activities(*, activities: Iterable[Activity], generated_at: dt.datetime) -> Iterator[bytes]:
    """Yield the file piece by piece, so that a long one is never held whole; ``generated_at`` carries its zone.

    Each activity is checked before it is written. Raises BadParameter, named by activity and field, for what IATI does not
    allow, for an identifier that stands twice, and where there is no activity at all: the schema demands one. What was yielded
    before a refusal is not a file: gather all pieces before any is sent.
    """
    from lxml import etree

    if generated_at.tzinfo is None:
        raise BadParameter(name="generated_at", found=generated_at.isoformat(), allowed="a time with its zone")
    made = stamp(generated_at)
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="{VERSION}" generated-datetime="{made}">\n'
    ).encode()
    seen: set[str] = set()
    for activity in activities:
        check_activity(activity=activity, on=generated_at.astimezone(dt.UTC).date())
        if activity.identifier in seen:
            raise BadParameter(name="identifier", found=activity.identifier, allowed="one that no other activity has")
        seen.add(activity.identifier)
        yield etree.tostring(_Writer(activity).element, encoding="utf-8", pretty_print=True)
    if not seen:
        raise BadParameter(name="activities", found="none", allowed="at least one: a file of IATI cannot be empty")
    yield b"</iati-activities>\n"


class _Writer(Under):
    """Writes one activity. Attributes and elements stand in the order of the schema."""

    def __init__(self, activity: Activity) -> None:
        from lxml import etree

        super().__init__(etree.Element("iati-activity"), activity.default_language)
        self.activity = activity
        root = {
            "last-updated-datetime": None if activity.last_updated is None else stamp(activity.last_updated),
            LANG: activity.default_language,
            "default-currency": activity.default_currency,
            "humanitarian": flag(activity.humanitarian),
            "hierarchy": None if activity.hierarchy is None else str(activity.hierarchy),
        }
        for name, value in root.items():
            if value:
                self.element.set(name, value)
        self._names()
        self._places()
        self._money()
        for document in activity.documents:
            write_document(under=self, document=document)
        for related in activity.related:
            self.add("related-activity", ref=related.ref, type=related.type)
        write_conditions(under=self, activity=activity)
        write_results(under=self, activity=activity)

    def _names(self) -> None:
        activity, reporter = self.activity, self.activity.reporter
        self.add("iati-identifier", activity.identifier)
        self.add(
            "reporting-org",
            ref=reporter.ref,
            type=reporter.type,
            secondary_reporter="true" if reporter.secondary else "false",
        ).tell(reporter.names)
        self.add_told("title", activity.titles)
        for description in activity.descriptions:
            self.add_told("description", description.texts, type=description.type)
        for organisation in activity.participants:
            self._organisation("participating-org", organisation, "activity_id")
        for other in activity.other_identifiers:
            held = self.add("other-identifier", ref=other.ref, type=other.type)
            if other.owner:
                held.add("owner-org", ref=other.owner)
        self.add("activity-status", code=activity.status)
        for date in activity.dates:
            self.add("activity-date", type=date.type, iso_date=date.day.isoformat())
        for contact in activity.contacts:
            held = self.add("contact-info", type=contact.type)
            held.add_told("organisation", contact.organisations)
            held.add_told("department", contact.departments)
            for tag, lines in (
                ("telephone", contact.telephones),
                ("email", contact.emails),
                ("website", contact.websites),
            ):
                for line in lines:
                    held.add(tag, line)

    def _organisation(self, tag: str, organisation: Organisation | None, link: str, under: Under | None = None) -> None:
        if organisation is not None:
            attributes = {"ref": organisation.ref, "type": organisation.type, "role": organisation.role}
            (under or self).add(tag, **attributes, **{link: organisation.activity}).tell(organisation.names)

    def _classified(self, tag: str, held: Iterable[Classification], under: Under | None = None) -> None:
        for one in held:
            (under or self).add(
                tag,
                code=one.code,
                vocabulary=one.vocabulary,
                vocabulary_uri=one.vocabulary_uri,
                percentage=None if one.percentage is None else plain(one.percentage),
            ).tell(one.names)

    def _places(self) -> None:
        activity = self.activity
        if activity.scope:
            self.add("activity-scope", code=activity.scope)
        self._classified("recipient-country", activity.countries)
        self._classified("recipient-region", activity.regions)
        self._classified("sector", activity.sectors)
        self._classified("tag", activity.tags)
        for tag, codes in (
            ("collaboration-type", [activity.collaboration]),
            ("default-flow-type", [activity.flow_type]),
            ("default-finance-type", [activity.finance_type]),
            ("default-aid-type", activity.aid_types),
            ("default-tied-status", [activity.tied_status]),
        ):
            for code in codes:
                if code:
                    self.add(tag, code=code)

    def _value(self, under: Under, money: Money) -> None:
        under.add(
            "value",
            plain(money.amount),
            currency=money.currency,
            value_date=money.valued_on.isoformat(),
        )

    def _money(self) -> None:
        for budget in self.activity.budgets:
            held = self.add("budget", type=budget.type, status=budget.status)
            held.add("period-start", iso_date=budget.start.isoformat())
            held.add("period-end", iso_date=budget.end.isoformat())
            self._value(held, budget.value)
        for payment in self.activity.planned_disbursements:
            held = self.add("planned-disbursement", type=payment.type)
            held.add("period-start", iso_date=payment.start.isoformat())
            if payment.end is not None:
                held.add("period-end", iso_date=payment.end.isoformat())
            self._value(held, payment.value)
            self._ends(held, payment.provider, payment.receiver)
        for transaction in self.activity.transactions:
            self._transaction(transaction)

    def _ends(self, under: Under, provider: Organisation | None, receiver: Organisation | None) -> None:
        self._organisation("provider-org", provider, "provider_activity_id", under)
        self._organisation("receiver-org", receiver, "receiver_activity_id", under)

    def _transaction(self, transaction: Transaction) -> None:
        held = self.add("transaction", ref=transaction.ref, humanitarian=flag(transaction.humanitarian))
        held.add("transaction-type", code=transaction.type)
        held.add("transaction-date", iso_date=transaction.day.isoformat())
        self._value(held, transaction.value)
        held.add_told("description", transaction.descriptions)
        self._ends(held, transaction.provider, transaction.receiver)
        self._classified("sector", transaction.sectors, held)
        self._classified("recipient-country", transaction.countries, held)
        self._classified("recipient-region", transaction.regions, held)
