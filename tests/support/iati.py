"""Activities for tests of IATI: a plain one, many, and every kind that hypothesis can think of; and the official schema."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st
from lxml import etree

from comity.adapters import iati_activities as kinds
from comity.adapters import iati_codes as codes

MADE = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 1, 15)
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")


def folder_of(shared):
    """The folder of IATI's own files; fails where it is missing, since these tests are about nothing else."""
    folder = shared / "data" / "capacity" / "iati"
    assert folder.is_dir(), f"{folder} is missing; it holds the official schema and codelists of IATI 2.03"
    return folder


@cache
def schema_of(folder):
    return etree.XMLSchema(etree.parse(str(folder / "iati-activities-schema.xsd")))


def demand_valid(data: bytes, folder) -> etree._Element:
    root = etree.fromstring(data)
    schema = schema_of(folder)
    assert schema.validate(root), [str(e) for e in list(schema.error_log)[:5]]
    return root


def said(*languages: str, words: str = "Compute for research") -> kinds.Texts:
    return tuple(kinds.Text(language, f"{words} ({language})") for language in languages or ("en",))


def plain_activity(number: int = 1, **changed) -> kinds.Activity:
    """One activity as Comity would publish it: hours of compute and days of experts, and no money invented."""
    hours = kinds.state_in_kind(
        titles=said(*LANGUAGES),
        units=said(*LANGUAGES, words="GPU-hours"),
        start=DAY,
        end=DAY + dt.timedelta(days=90),
        promised=Decimal(1000),
        delivered=Decimal(250),
        comments=said("en", words="Confirmed by the recipient"),
    )
    fields = {
        "identifier": f"XM-EX-1-round-{number}",
        "reporter": kinds.Reporter("XM-EX-1", "40", said("en", "fr", words="The example body")),
        "titles": said(*LANGUAGES),
        "descriptions": (kinds.Description(said(*LANGUAGES, words="Hours on a shared machine"), type="1"),),
        "participants": (
            kinds.Organisation(role="1", ref="XM-EX-2", type="10", names=said()),
            kinds.Organisation(role="4", names=said(words="A centre")),
        ),
        "status": "2",
        "dates": (kinds.ActivityDate("1", DAY), kinds.ActivityDate("3", DAY + dt.timedelta(days=365))),
        "default_language": "en",
        "countries": kinds.share_evenly(codes=("KE", "BT", "PE")),
        "sectors": (kinds.Classification("22040", "1"),),
        "results": (hours,),
    }
    return kinds.Activity(**(fields | changed))


def full_activity(number: int = 1) -> kinds.Activity:
    """One with everything that an activity can say."""
    money = kinds.Money(Decimal("1250.50"), DAY, "EUR")
    document = kinds.DocumentLink(
        url="https://example.org/report?a=1",
        format="application/pdf",
        titles=said("en", "zh"),
        categories=("A08", "A12"),
        descriptions=said(),
        languages=("en", "zh"),
        day=DAY,
    )
    provider = kinds.Organisation(ref="XM-EX-2", type="10", names=said(), activity="XM-EX-2-7")
    words = kinds.Indicator(
        measure="5",
        titles=said("en", "ru"),
        periods=(kinds.Period(DAY, DAY, (kinds.Figure(comments=said()),), (kinds.Figure(comments=said("fr")),)),),
    )
    share = kinds.Indicator(
        measure="2",
        titles=said("en"),
        descriptions=said("en"),
        ascending=False,
        aggregates=False,
        baselines=(kinds.Baseline(2025, DAY, Decimal("12.5"), said(), (("sex", "women"),)),),
        periods=(kinds.Period(DAY, DAY, (kinds.Figure(Decimal(50), dimensions=(("sex", "women"),)),)),),
    )
    return plain_activity(
        number,
        default_currency="EUR",
        last_updated=dt.datetime(2026, 5, 1, 8, 30, tzinfo=dt.UTC),
        humanitarian=False,
        hierarchy=1,
        other_identifiers=(
            kinds.OtherIdentifier(f"capacity/offers/{number}", "A1"),
            kinds.OtherIdentifier("XM-EX-0", "B1", "XM-EX-1"),
        ),
        contacts=(
            kinds.Contact("1", said(), said("fr"), ("+41 22 000",), ("desk@example.org",), ("https://example.org",)),
        ),
        scope="3",
        countries=(kinds.Classification("KE", percentage=Decimal("40.5")),),
        regions=(kinds.Classification("014", "2", percentage=Decimal("59.5")),),
        sectors=(
            kinds.Classification("22040", "1"),
            kinds.Classification("compute", "99", "https://example.org/kinds", Decimal(60), said()),
            kinds.Classification("training", "99", "https://example.org/kinds", Decimal(40), said("es")),
        ),
        tags=(kinds.Classification("9", "2"),),
        collaboration="4",
        flow_type="10",
        finance_type="110",
        aid_types=("D02",),
        tied_status="5",
        budgets=(kinds.Budget(DAY, DAY + dt.timedelta(days=364), money, "1", "2"),),
        planned_disbursements=(kinds.PlannedDisbursement(DAY, None, money, "1", provider, None),),
        transactions=(
            kinds.Transaction("3", DAY, kinds.Money(Decimal(7), DAY), "t1", True, said(), provider, provider),
        ),
        documents=(document,),
        related=(kinds.RelatedActivity("XM-EX-1-agreement", "1"),),
        conditions_attached=True,
        conditions=(kinds.Condition("1", said()),),
        results=(
            plain_activity().results[0],
            kinds.Result("2", said(), (words, share), said("ar"), False, (document,)),
        ),
    )


letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
words = st.text(letters, min_size=1, max_size=40).map(str.strip).filter(bool)
lines = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=12)
moments = st.integers(1, 10**15).map(lambda n: dt.datetime(1990, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=n))
days = st.dates(dt.date(1990, 1, 1), MADE.date())
numbers = st.decimals(-10_000_000, 10_000_000, allow_nan=False, allow_infinity=False, places=3)
flags = st.sampled_from((None, True, False))


def of(known) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(known))


def _texts(least: int = 1) -> st.SearchStrategy[kinds.Texts]:
    held = st.lists(st.tuples(st.sampled_from(LANGUAGES), words), min_size=least, max_size=3, unique_by=lambda t: t[0])
    return held.map(lambda pairs: tuple(kinds.Text(language, said) for language, said in pairs))


texts, maybe_texts = _texts(), _texts(0)


@st.composite
def shares(draw, count: int) -> list[Decimal]:
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=count - 1, max_size=count - 1)))
    return [Decimal(b - a).scaleb(-2) for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True)]


@st.composite
def organisations(draw, role: bool = False) -> kinds.Organisation:
    ref = draw(st.one_of(st.just(""), lines))
    return kinds.Organisation(
        role=draw(of(codes.ROLES)) if role else "",
        ref=ref,
        type=draw(st.one_of(st.just(""), of(codes.ORGANISATION_TYPES))),
        names=draw(maybe_texts if ref else texts),
        activity=draw(st.one_of(st.just(""), lines)),
    )


maybe_organisations = st.one_of(st.none(), organisations())
money = st.builds(kinds.Money, numbers, days, st.sampled_from(("", "EUR", "KES")))
addresses = lines.map(lambda line: f"https://example.org/{line}?q=%D8%B9#{line}")
documents = st.builds(
    kinds.DocumentLink,
    addresses,
    st.sampled_from(("application/pdf", "text/html")),
    texts,
    st.lists(of(codes.DOCUMENT_CATEGORIES), min_size=1, max_size=3, unique=True).map(tuple),
    maybe_texts,
    st.lists(st.sampled_from(LANGUAGES), max_size=2).map(tuple),
    st.one_of(st.none(), days),
)
spans = st.tuples(days, days).map(sorted)
dimensions = st.lists(st.tuples(lines, lines), max_size=2).map(tuple)


@st.composite
def results(draw) -> kinds.Result:
    def indicator() -> kinds.Indicator:
        measure = draw(of(codes.MEASURES))
        value = st.none() if measure == codes.QUALITATIVE else numbers
        figures = st.lists(st.builds(kinds.Figure, value, maybe_texts, dimensions), max_size=2).map(tuple)
        start, end = draw(spans)
        baseline = st.builds(
            kinds.Baseline, st.integers(1990, 2026), st.one_of(st.none(), days), value, maybe_texts, dimensions
        )
        return kinds.Indicator(
            measure,
            draw(texts),
            draw(maybe_texts),
            draw(flags),
            draw(flags),
            draw(st.lists(baseline, max_size=1).map(tuple)),
            (kinds.Period(start, end, draw(figures), draw(figures)),),
        )

    return kinds.Result(
        draw(of(codes.RESULT_TYPES)),
        draw(texts),
        tuple(indicator() for _ in range(draw(st.integers(1, 2)))),
        draw(maybe_texts),
        draw(flags),
        draw(st.lists(documents, max_size=1).map(tuple)),
    )


@st.composite
def activities(draw) -> kinds.Activity:
    """Any activity that the standard allows, its languages named."""
    reporter = kinds.Reporter(draw(lines), draw(of(codes.ORGANISATION_TYPES)), draw(texts), draw(st.booleans()))
    places = draw(st.lists(st.from_regex("[A-Z]{2}", fullmatch=True), max_size=3, unique=True))
    regions = draw(st.lists(st.from_regex("[0-9]{3}", fullmatch=True), max_size=2, unique=True))
    split = draw(shares(len(places) + len(regions))) if places or regions else []
    own = draw(st.lists(lines, min_size=1, max_size=3, unique=True))
    own_split = draw(shares(len(own)))
    on_money = draw(st.booleans())
    countries = [kinds.Classification(c, percentage=s) for c, s in zip(places, split, strict=False)]
    held_regions = [
        kinds.Classification(c, "2", percentage=s) for c, s in zip(regions, split[len(places) :], strict=True)
    ]
    sectors = [
        kinds.Classification(c, "99", "https://example.org/kinds", s, draw(texts))
        for c, s in zip(own, own_split, strict=True)
    ]
    first, last = draw(spans)
    start, until = draw(spans)
    starts = draw(st.sampled_from(("1", "2", "12")))
    dates = [kinds.ActivityDate("1", start), kinds.ActivityDate("3", until)] if "1" in starts else []
    dates += [kinds.ActivityDate("2", first), kinds.ActivityDate("4", last)] if "2" in starts else []
    transactions = st.builds(
        kinds.Transaction,
        of(codes.TRANSACTION_TYPES),
        days,
        money,
        st.one_of(st.just(""), lines),
        flags,
        maybe_texts,
        maybe_organisations,
        maybe_organisations,
        st.just((kinds.Classification("22040", "1"),) if on_money else ()),
        st.just((kinds.Classification("KE"),) if on_money else ()),
    )
    attached = draw(flags)
    budget_start = draw(days)
    return kinds.Activity(
        identifier=f"{reporter.ref}-{draw(lines)}",
        reporter=reporter,
        titles=draw(texts),
        descriptions=tuple(
            draw(
                st.lists(
                    st.builds(kinds.Description, texts, of({"", *codes.DESCRIPTION_TYPES})), min_size=1, max_size=2
                )
            )
        ),
        participants=tuple(draw(st.lists(organisations(role=True), min_size=1, max_size=3))),
        status=draw(of(codes.STATUSES)),
        dates=tuple(dates),
        default_language=draw(st.sampled_from(("", "en", "ar"))),
        default_currency="USD",
        last_updated=draw(
            st.one_of(
                st.none(),
                moments,
            )
        ),
        humanitarian=draw(flags),
        hierarchy=draw(st.one_of(st.none(), st.integers(1, 5))),
        other_identifiers=tuple(
            draw(st.lists(st.builds(kinds.OtherIdentifier, lines, of(codes.OTHER_IDENTIFIER_TYPES), lines), max_size=2))
        ),
        contacts=tuple(
            draw(
                st.lists(
                    st.builds(
                        kinds.Contact,
                        of({"", *codes.CONTACT_TYPES}),
                        maybe_texts,
                        maybe_texts,
                        st.lists(lines, max_size=1).map(tuple),
                        st.lists(lines, max_size=1).map(tuple),
                        st.lists(addresses, max_size=1).map(tuple),
                    ),
                    max_size=1,
                )
            )
        ),
        scope=draw(of({"", *codes.SCOPES})),
        countries=() if on_money else tuple(countries),
        regions=() if on_money else tuple(held_regions),
        sectors=() if on_money else tuple(sectors),
        tags=tuple(draw(st.lists(st.builds(kinds.Classification, lines, st.just("2")), max_size=1))),
        aid_types=draw(st.sampled_from(((), ("D02",), ("D02", "E01")))),
        flow_type=draw(st.sampled_from(("", "10"))),
        budgets=tuple(
            draw(
                st.lists(
                    st.builds(
                        kinds.Budget,
                        st.just(budget_start),
                        st.just(budget_start + dt.timedelta(days=90)),
                        money,
                        of({"", *codes.BUDGET_TYPES}),
                        of({"", *codes.BUDGET_STATUSES}),
                    ),
                    max_size=1,
                )
            )
        ),
        planned_disbursements=tuple(
            draw(
                st.lists(
                    st.builds(
                        kinds.PlannedDisbursement,
                        st.just(budget_start),
                        st.sampled_from((None, budget_start)),
                        money,
                        of({"", *codes.BUDGET_TYPES}),
                        maybe_organisations,
                        maybe_organisations,
                    ),
                    max_size=1,
                )
            )
        ),
        transactions=tuple(draw(st.lists(transactions, min_size=int(on_money), max_size=2))),
        documents=tuple(draw(st.lists(documents, max_size=1))),
        related=tuple(draw(st.lists(st.builds(kinds.RelatedActivity, lines, of(codes.RELATIONS)), max_size=1))),
        conditions_attached=attached,
        conditions=tuple(draw(st.lists(st.builds(kinds.Condition, of(codes.CONDITION_TYPES), texts), max_size=2)))
        if attached
        else (),
        results=tuple(draw(st.lists(results(), max_size=2))),
    )
