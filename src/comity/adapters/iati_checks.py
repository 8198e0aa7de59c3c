"""What an activity must be before it is published: the rules of IATI 2.03 that the schema cannot say.

They are those of the standard's ruleset (IATI/IATI-Rulesets, ``rulesets/standard.json``) and of the texts in the schema:
identifiers without ``/ & | ?`` that begin with the reporter's own, shares that sum to 100, days in their order, actual days that
are not in the future, recipients and sectors on the activity or on all its transactions.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from comity.adapters import iati_codes as codes
from comity.adapters.iati_checks_results import check_conditions, check_documents, check_results
from comity.adapters.iati_demands import Demands

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable

    from comity.adapters.iati_activities import Activity, Classification, Money, Organisation, PlannedDisbursement

_REF = re.compile(r"[^\s/&|?]+(?: [^\s/&|?]+)*")
_COUNTRY = re.compile("[A-Z]{2}")
_DIGITS = re.compile("[0-9]{1,5}")
_FORMS = {codes.DAC_PURPOSES: re.compile("[0-9]{5}"), codes.DAC_CATEGORIES: re.compile("[0-9]{3}")}
_AID = re.compile("[A-Z][0-9]{2}")
_OWN = frozenset({codes.OWN, codes.OWN_SECOND})
_WHOLE = Decimal(100)
REF_RULE = "one without white space at its ends and without / & | ?"


def check_activity(*, activity: Activity, on: dt.date) -> None:
    """Raise BadParameter, named by the activity and the field, for the first thing that IATI does not allow on a day."""
    demand = Demands(identifier=activity.identifier, language=activity.default_language, on=on)
    _check_names(activity, demand)
    _check_people(activity, demand)
    _check_days(activity, demand)
    _check_places(activity, demand)
    _check_money(activity, demand)
    for place, document in enumerate(activity.documents, 1):
        check_documents(document=document, field=f"document {place}", demand=demand)
    for related in activity.related:
        demand.match("related activity", related.ref, _REF, REF_RULE)
        demand.code("type of the related activity", related.type, codes.RELATIONS)
    check_conditions(activity=activity, demand=demand)
    check_results(activity=activity, demand=demand)


def _check_names(activity: Activity, demand: Demands) -> None:
    reporter = activity.reporter
    demand.match("reporter's ref", reporter.ref, _REF, REF_RULE)
    demand.match("identifier", activity.identifier, _REF, REF_RULE)
    former = [o.ref for o in activity.other_identifiers if o.type == codes.FORMER_ORGANISATION]
    if not any(activity.identifier.startswith(f"{ref}-") for ref in (reporter.ref, *former)):
        demand.refuse("identifier", activity.identifier, f"one that begins with {reporter.ref}-")
    if activity.default_language:
        demand.match("default language", activity.default_language, demand.LANGUAGE, "two letters of ISO 639-1")
    if activity.default_currency:
        demand.match("default currency", activity.default_currency, demand.CURRENCY, "three letters of ISO 4217")
    demand.code("reporter's type", reporter.type, codes.ORGANISATION_TYPES)
    demand.texts("reporter's name", reporter.names, needed=True)
    demand.texts("title", activity.titles, needed=True)
    if not activity.descriptions:
        demand.refuse("description", "", "at least one")
    for description in activity.descriptions:
        demand.code("type of the description", description.type, codes.DESCRIPTION_TYPES, optional=True)
        demand.texts("description", description.texts, needed=True)
    for other in activity.other_identifiers:
        demand.line("other identifier", other.ref, needed=True)
        demand.code("type of the other identifier", other.type, codes.OTHER_IDENTIFIER_TYPES)
        if other.owner:
            demand.match("owner of the other identifier", other.owner, _REF, REF_RULE)


def _check_people(activity: Activity, demand: Demands) -> None:
    if not activity.participants:
        demand.refuse("participating organisation", "", "at least one")
    for organisation in activity.participants:
        demand.code("role of the participating organisation", organisation.role, codes.ROLES)
        _check_organisation("participating organisation", organisation, demand)
    for contact in activity.contacts:
        demand.code("type of the contact", contact.type, codes.CONTACT_TYPES, optional=True)
        demand.texts("organisation of the contact", contact.organisations)
        demand.texts("department of the contact", contact.departments)
        for line in (*contact.telephones, *contact.emails):
            demand.line("contact", line, needed=True)
        for website in contact.websites:
            demand.match("website of the contact", website, demand.ADDRESS, demand.ADDRESS_RULE)


def _check_organisation(field: str, organisation: Organisation | None, demand: Demands) -> None:
    if organisation is None:
        return
    if organisation.ref:
        demand.match(f"ref of the {field}", organisation.ref, _REF, REF_RULE)
    elif not organisation.names:
        demand.refuse(field, "", "one with a ref, a name, or both")
    demand.code(f"type of the {field}", organisation.type, codes.ORGANISATION_TYPES, optional=True)
    demand.texts(f"name of the {field}", organisation.names)
    if organisation.activity:
        demand.match(f"activity of the {field}", organisation.activity, _REF, REF_RULE)


def _check_days(activity: Activity, demand: Demands) -> None:
    demand.code("status", activity.status, codes.STATUSES)
    days: dict[str, dt.date] = {}
    for date in activity.dates:
        demand.code("type of the date", date.type, codes.DATE_TYPES)
        if date.type in days:
            demand.refuse("date", f"{codes.DATE_TYPES[date.type]} twice", "each type once")
        days[date.type] = date.day
    if not days.keys() & {codes.PLANNED_START, codes.ACTUAL_START}:
        demand.refuse("date", "no start", "a planned start, an actual start, or both")
    for kind in (codes.ACTUAL_START, codes.ACTUAL_END):
        if kind in days:
            demand.past(codes.DATE_TYPES[kind].lower(), days[kind])
    for first, last in ((codes.PLANNED_START, codes.PLANNED_END), (codes.ACTUAL_START, codes.ACTUAL_END)):
        if first in days and last in days:
            demand.order(codes.DATE_TYPES[last].lower(), days[first], days[last])
    _check_attributes(activity, demand)


def _check_attributes(activity: Activity, demand: Demands) -> None:
    if activity.last_updated is not None:
        if activity.last_updated.tzinfo is None:
            demand.refuse("time of the last update", activity.last_updated.isoformat(), "a time with its zone")
        demand.past("time of the last update", activity.last_updated.date())
    demand.code("scope", activity.scope, codes.SCOPES, optional=True)
    if activity.hierarchy is not None and not 1 <= activity.hierarchy < 2**31:
        demand.refuse("hierarchy", str(activity.hierarchy), "a whole number from 1")


def _check_places(activity: Activity, demand: Demands) -> None:
    _check_recipients("recipient", activity.countries, activity.regions, demand)
    _check_sectors("sector", activity.sectors, demand)
    for tag in activity.tags:
        demand.line("code of the tag", tag.code, needed=True)
        demand.line("vocabulary of the tag", tag.vocabulary, needed=True)
        _check_own("tag", tag, demand)
    money = activity.transactions
    placed = [bool(t.countries or t.regions) for t in money]
    if any(placed) and (not all(placed) or activity.countries or activity.regions):
        demand.refuse(
            "recipient of a transaction", "on some", "one on the activity alone, or on every transaction alone"
        )
    sorted_in = [bool(t.sectors) for t in money]
    if any(sorted_in) and (not all(sorted_in) or activity.sectors):
        demand.refuse("sector of a transaction", "on some", "one on the activity alone, or on every transaction alone")
    if not activity.sectors and not any(sorted_in):
        demand.refuse("sector", "", "at least one, such as 22040 of OECD DAC or a code of your own with its address")
    digits = (activity.collaboration, activity.flow_type, activity.finance_type, activity.tied_status)
    for field, code in zip(("collaboration type", "flow type", "finance type", "tied status"), digits, strict=True):
        if code:
            demand.match(field, code, _DIGITS, "a code of digits")
    for code in activity.aid_types:
        demand.match("aid type", code, _AID, "a code such as D02")


def _check_recipients(
    field: str, countries: Collection[Classification], regions: Collection[Classification], demand: Demands
) -> None:
    for country in countries:
        demand.match(f"{field} country", country.code, _COUNTRY, "two letters of ISO 3166-1")
        demand.texts(f"name of the {field} country", country.names)
    for region in regions:
        demand.code(f"vocabulary of the {field} region", region.vocabulary, codes.REGION_VOCABULARIES)
        if region.vocabulary not in _OWN:
            demand.match(f"{field} region", region.code, re.compile("[0-9]{3}"), "three digits")
        _check_own(f"{field} region", region, demand)
    if len({r.vocabulary for r in regions}) > 1:
        demand.refuse(
            f"{field} region", "regions of several vocabularies", "one vocabulary, so that shares can sum to 100"
        )
    demand.once(f"{field} country", [c.code for c in countries])
    demand.once(f"{field} region", [r.code for r in regions])
    _check_shares(field, [*countries, *regions], demand)


def _check_sectors(field: str, sectors: Collection[Classification], demand: Demands) -> None:
    for sector in sectors:
        demand.line(f"code of the {field}", sector.code, needed=True)
        demand.line(f"vocabulary of the {field}", sector.vocabulary, needed=True)
        if sector.vocabulary in _FORMS:
            length = 5 if sector.vocabulary == codes.DAC_PURPOSES else 3
            demand.match(f"code of the {field}", sector.code, _FORMS[sector.vocabulary], f"{length} digits")
        _check_own(field, sector, demand)
    for vocabulary in sorted({s.vocabulary for s in sectors}):
        held = [s for s in sectors if s.vocabulary == vocabulary]
        demand.once(f"{field} of vocabulary {vocabulary}", [s.code for s in held])
        _check_shares(f"{field} of vocabulary {vocabulary}", held, demand)


def _check_own(field: str, held: Classification, demand: Demands) -> None:
    demand.texts(f"name of the {field}", held.names, needed=held.vocabulary in _OWN)
    if held.vocabulary_uri or held.vocabulary in _OWN:
        demand.match(
            f"address of the vocabulary of the {field}", held.vocabulary_uri, demand.ADDRESS, demand.ADDRESS_RULE
        )


def _check_shares(field: str, held: Collection[Classification], demand: Demands) -> None:
    shares = [h.percentage for h in held]
    given = [s for s in shares if s is not None]
    for share in given:
        demand.number(f"share of the {field}", share)
        if not 0 <= share <= _WHOLE:
            demand.refuse(f"share of the {field}", str(share), "a number from 0 to 100")
    if given and len(given) < len(shares):
        demand.refuse(f"share of the {field}", "given for some", "one for each")
    if len(shares) > 1 and not given:
        demand.refuse(f"share of the {field}", "", "one for each where there are several")
    if given and sum(given, Decimal(0)) != _WHOLE:
        demand.refuse(f"shares of the {field}", str(sum(given, Decimal(0))), "a sum of exactly 100")


def _check_money(activity: Activity, demand: Demands) -> None:
    for budget in activity.budgets:
        demand.code("type of the budget", budget.type, codes.BUDGET_TYPES, optional=True)
        demand.code("status of the budget", budget.status, codes.BUDGET_STATUSES, optional=True)
        demand.order("end of the budget", budget.start, budget.end)
        if (budget.end - budget.start).days > 366:  # noqa: PLR2004  (a year, in a leap year too)
            demand.refuse("end of the budget", budget.end.isoformat(), "a period of at most one year")
        _check_value("budget", budget.value, activity, demand)
    for payment in activity.planned_disbursements:
        _check_planned(payment, activity, demand)
    for transaction in activity.transactions:
        demand.code("type of the transaction", transaction.type, codes.TRANSACTION_TYPES)
        demand.past("day of the transaction", transaction.day)
        demand.line("ref of the transaction", transaction.ref)
        _check_value("transaction", transaction.value, activity, demand)
        demand.past("day of the value of the transaction", transaction.value.valued_on)
        demand.texts("description of the transaction", transaction.descriptions)
        _check_ends("transaction", (transaction.provider, transaction.receiver), demand)
        if len(transaction.countries) > 1 or len(transaction.regions) > 1:
            demand.refuse("recipient of the transaction", "several", "one country, one region, or both")
        for place in (*transaction.countries, *transaction.regions, *transaction.sectors):
            if place.percentage is not None:
                demand.refuse("share in the transaction", str(place.percentage), "none: a transaction is not divided")
        _check_recipients("recipient of the transaction:", transaction.countries[:1], (), demand)
        _check_recipients("recipient of the transaction:", (), transaction.regions[:1], demand)
        _check_sectors("sector of the transaction", transaction.sectors, demand)


def _check_planned(payment: PlannedDisbursement, activity: Activity, demand: Demands) -> None:
    demand.code("type of the planned disbursement", payment.type, codes.BUDGET_TYPES, optional=True)
    if payment.end is not None:
        demand.order("end of the planned disbursement", payment.start, payment.end)
    _check_value("planned disbursement", payment.value, activity, demand)
    _check_ends("planned disbursement", (payment.provider, payment.receiver), demand)


def _check_ends(field: str, ends: Iterable[Organisation | None], demand: Demands) -> None:
    for name, organisation in zip(("provider", "receiver"), ends, strict=True):
        _check_organisation(f"{name} of the {field}", organisation, demand)
        if organisation is not None and organisation.role:
            demand.refuse(f"role of the {name} of the {field}", organisation.role, "none")


def _check_value(field: str, money: Money, activity: Activity, demand: Demands) -> None:
    demand.number(f"amount of the {field}", money.amount)
    if money.currency:
        demand.match(f"currency of the {field}", money.currency, demand.CURRENCY, "three letters of ISO 4217")
    elif not activity.default_currency:
        demand.refuse(f"currency of the {field}", "", "one, or a default currency of the activity")
