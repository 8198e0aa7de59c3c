"""An activity as IATI 2.03 knows it: what is done, by whom, for whom, with what money, and what came of it.

International Aid Transparency Initiative, standard 2.03 (iati-activities-schema.xsd). An activity holds what a writer is given and
a reader found; ``iati_checks`` says what may be published.

**What is not money.** IATI's transactions and budgets carry money alone. Expert days, GPU-hours and seats have no price that
both sides have agreed, and Comity invents none: each is a result of the type *output*, whose indicator is measured in units
(measure 1), names the unit in its title, and has what was promised as its target and what the recipient confirmed as its actual.
``state_in_kind`` makes such a result.

**Persons.** IATI has a place for a person's name and title beside each contact. These classes have none.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (dataclass fields are read at run time by the doors)
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from comity.adapters.iati_codes import OUTPUT, UNIT

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = "2.03"


@dataclass(frozen=True, slots=True)
class Text:
    """Words in one language: ``language`` is ISO 639-1, "" where the file states none."""

    language: str
    words: str


Texts = tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Reporter:
    """The organisation that publishes. ``ref`` is its IATI identifier, ``type`` of ORGANISATION_TYPES."""

    ref: str
    type: str
    names: Texts
    secondary: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation in a role (of ROLES; "" for the provider or receiver of money). It has a ``ref``, names, or both."""

    role: str = ""
    ref: str = ""
    type: str = ""
    names: Texts = ()
    activity: str = ""


@dataclass(frozen=True, slots=True)
class OtherIdentifier:
    """Another name of the activity (types A) or of its reporter (types B); ``owner`` is the ref of who gave it."""

    ref: str
    type: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """A description; ``type`` is of DESCRIPTION_TYPES, "" for the only one."""

    texts: Texts
    type: str = ""


@dataclass(frozen=True, slots=True)
class ActivityDate:
    """A day of the activity; ``type`` is of DATE_TYPES."""

    type: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Contact:
    """Where an office is reached. Never a person."""

    type: str = ""
    organisations: Texts = ()
    departments: Texts = ()
    telephones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    websites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Classification:
    """A recipient country or region, a sector or a tag: a code of a vocabulary, with its share in percent.

    A country is ISO 3166-1 alpha-2 and has no vocabulary. ``vocabulary_uri`` and ``names`` belong to vocabularies of
    the reporter's own.
    """

    code: str
    vocabulary: str = ""
    vocabulary_uri: str = ""
    percentage: Decimal | None = None
    names: Texts = ()


@dataclass(frozen=True, slots=True)
class Money:
    """An amount; ``currency`` is ISO 4217, "" for the activity's own. ``valued_on`` is the day of the rate of exchange."""

    amount: Decimal
    valued_on: dt.date
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What is set aside for a period of at most a year. ``type`` is of BUDGET_TYPES, ``status`` of BUDGET_STATUSES."""

    start: dt.date
    end: dt.date
    value: Money
    type: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class PlannedDisbursement:
    """A payment that is planned; ``type`` is of BUDGET_TYPES."""

    start: dt.date
    end: dt.date | None
    value: Money
    type: str = ""
    provider: Organisation | None = None
    receiver: Organisation | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """Money that moved or was committed; ``type`` is of TRANSACTION_TYPES. Recipients and sectors: here or on the activity."""

    type: str
    day: dt.date
    value: Money
    ref: str = ""
    humanitarian: bool | None = None
    descriptions: Texts = ()
    provider: Organisation | None = None
    receiver: Organisation | None = None
    sectors: tuple[Classification, ...] = ()
    countries: tuple[Classification, ...] = ()
    regions: tuple[Classification, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A document elsewhere; ``format`` is a media type, ``categories`` are of DOCUMENT_CATEGORIES."""

    url: str
    format: str
    titles: Texts
    categories: tuple[str, ...]
    descriptions: Texts = ()
    languages: tuple[str, ...] = ()
    day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class RelatedActivity:
    """Another activity; ``type`` is of RELATIONS."""

    ref: str
    type: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that is attached; ``type`` is of CONDITION_TYPES."""

    type: str
    texts: Texts


@dataclass(frozen=True, slots=True)
class Figure:
    """A target or an actual. ``value`` is None for what is qualitative. ``dimensions`` are (name, value)."""

    value: Decimal | None = None
    comments: Texts = ()
    dimensions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where an indicator stood before."""

    year: int
    day: dt.date | None = None
    value: Decimal | None = None
    comments: Texts = ()
    dimensions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """Targets and actuals of one period."""

    start: dt.date
    end: dt.date
    targets: tuple[Figure, ...] = ()
    actuals: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured; ``measure`` is of MEASURES. ``ascending``: more is better."""

    measure: str
    titles: Texts
    descriptions: Texts = ()
    ascending: bool | None = None
    aggregates: bool | None = None
    baselines: tuple[Baseline, ...] = ()
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What came, or is to come, of the activity; ``type`` is of RESULT_TYPES."""

    type: str
    titles: Texts
    indicators: tuple[Indicator, ...]
    descriptions: Texts = ()
    aggregates: bool | None = None
    documents: tuple[DocumentLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity.

    ``identifier`` is the reporter's ref, a hyphen, and the reporter's own name for the activity. ``default_language`` holds for
    every text that names none. ``conditions_attached`` is None where nothing is said of conditions. Aid types are of the
    vocabulary of OECD DAC. What is None or empty is not said.
    """

    identifier: str
    reporter: Reporter
    titles: Texts
    descriptions: tuple[Description, ...]
    participants: tuple[Organisation, ...]
    status: str
    dates: tuple[ActivityDate, ...]
    default_language: str = ""
    default_currency: str = ""
    last_updated: dt.datetime | None = None
    humanitarian: bool | None = None
    hierarchy: int | None = None
    other_identifiers: tuple[OtherIdentifier, ...] = ()
    contacts: tuple[Contact, ...] = ()
    scope: str = ""
    countries: tuple[Classification, ...] = ()
    regions: tuple[Classification, ...] = ()
    sectors: tuple[Classification, ...] = ()
    tags: tuple[Classification, ...] = ()
    collaboration: str = ""
    flow_type: str = ""
    finance_type: str = ""
    aid_types: tuple[str, ...] = ()
    tied_status: str = ""
    budgets: tuple[Budget, ...] = ()
    planned_disbursements: tuple[PlannedDisbursement, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    documents: tuple[DocumentLink, ...] = ()
    related: tuple[RelatedActivity, ...] = ()
    conditions_attached: bool | None = None
    conditions: tuple[Condition, ...] = ()
    results: tuple[Result, ...] = ()


def state_in_kind(
    *,
    titles: Texts,
    units: Texts,
    start: dt.date,
    end: dt.date,
    promised: Decimal | None = None,
    delivered: Decimal | None = None,
    comments: Texts = (),
) -> Result:
    """Return what is given in kind as a result: ``units`` names the unit, such as "GPU-hours"; no money is stated.

    ``delivered`` is None where nobody has confirmed anything yet, which is not the same as 0. ``comments`` go with it.

    >>> import datetime as dt
    >>> day = dt.date(2026, 1, 1)
    >>> hours = state_in_kind(
    ...     titles=(Text("en", "Compute"),), units=(Text("en", "GPU-hours"),), start=day, end=day, promised=Decimal(1000))
    >>> hours.indicators[0].measure, hours.indicators[0].periods[0].actuals
    ('1', ())
    """
    period = Period(
        start=start,
        end=end,
        targets=() if promised is None else (Figure(value=promised),),
        actuals=() if delivered is None else (Figure(value=delivered, comments=comments),),
    )
    indicator = Indicator(measure=UNIT, titles=units, ascending=True, aggregates=True, periods=(period,))
    return Result(type=OUTPUT, titles=titles, indicators=(indicator,), aggregates=True)


def share_evenly(*, codes: Iterable[str], vocabulary: str = "") -> tuple[Classification, ...]:
    """Return recipients with equal shares to two places that sum to exactly 100; the first by code take what is left over.

    >>> [str(c.percentage) for c in share_evenly(codes=("KE", "BT", "PE"))]
    ['33.34', '33.33', '33.33']
    """
    ordered = sorted(set(codes))
    if not ordered:
        return ()
    each, left = divmod(10_000, len(ordered))
    return tuple(
        Classification(code=code, vocabulary=vocabulary, percentage=Decimal(each + (place < left)).scaleb(-2))
        for place, code in enumerate(ordered)
    )
