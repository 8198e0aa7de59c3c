"""The stand-alone report: complete, closed to hostile words, self-contained, small, and honest about what is unknown."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from comity.adapters.visual import read_stylesheet
from comity.adapters.visual.report.model import (
    Cited,
    CommonGround,
    InstrumentLine,
    Pair,
    Party,
    Report,
    TopicLine,
    Voice,
)
from comity.adapters.visual.report.reading import list_members
from comity.adapters.visual.report.render import (
    SHOWN_CHARACTERS,
    SHOWN_PAIRS,
    cut_text,
    language_attribute,
    render_report,
    safe_link,
)

NOOP = "Names, codes and positions imply no opinion on the legal status of any country, territory or boundary."
HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'&{{ 7*7 }}"


def read(report: Report) -> HTMLParser:
    return HTMLParser(render_report(report=report))


def text_of(page: HTMLParser, selector: str) -> str:
    node = page.css_first(selector)
    assert node is not None, selector
    return re.sub(r"[ \n\t]+", " ", node.text()).strip()


def section(page: HTMLParser, name: str) -> str:
    return text_of(page, f'section[aria-labelledby="{name}"]')


def make_hostile(value: Any) -> Any:
    """Return the same tree with every free string replaced by a hostile one."""
    kept = {"kind", "modality", "relation", "state", "strongest", "basis", "stated_by", "language", "title_language", "id",
            "instrument", "party", "code", "facet"}  # fmt: skip
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {
            f.name: getattr(value, f.name) if f.name in kept else make_hostile(getattr(value, f.name))
            for f in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **changes)
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, tuple):
        return tuple(make_hostile(v) for v in value)
    return value


def test_lead_says_what_was_compared_and_what_was_refused(example_report: Report) -> None:
    assert text_of(read(example_report), ".lead") == (
        "4 instruments of 2 members and 1 organisation, 1\u202f206 provisions, were compared. 2 files could not be read."
    )


def test_as_of_date_stands_above_the_title(example_report: Report) -> None:
    page = read(example_report)
    assert text_of(page, ".crumb") == "As it stood on 25 November 2026"
    assert text_of(page, "h1") == "Rules on automated decisions"


def test_sections_come_in_the_order_of_the_reader(example_report: Report) -> None:
    page = read(example_report)
    assert [s.attributes["aria-labelledby"] for s in page.css("main > section")] == [
        "refused", "agree", "differ", "common", "pairs", "joint", "unknown", "topics", "all-topics", "instruments", "method", "files",
    ]  # fmt: skip
    links = [a.attributes["href"] for a in page.css("header nav a")]
    assert links == [f"#{n}" for n in ("refused", "agree", "differ", "common", "pairs", "joint", "unknown", "topics", "instruments", "method", "files")]  # fmt: skip
    assert all(page.css_first(f"[id={link[1:]}]") is not None for link in links if link)


def test_common_ground_says_who_speaks_and_which_regions_are_missing(example_report: Report) -> None:
    assert "No matter is spoken of alike" in read(example_report).css_first("section[aria-labelledby=common]").text()
    central = example_report.pairs[0].left
    matters = tuple(
        CommonGround(
            topic=f"Topic {n}",
            central=central,
            parties=("Kenya", "Peru <b>", "Japan"),
            missing=missing,
            others=("Law, 1",),
        )
        for n, missing in enumerate(((), ("Eastern European States",)))
    )
    report = dataclasses.replace(example_report, common_ground=matters, regions_present=("African States",))
    section = read(report).css_first("section[aria-labelledby=common]")
    assert "1 matter is in every regional group with a text here: African States." in section.text()
    first, second = section.css("article")
    assert "Peru <b>" in first.text()
    assert "No text found of" not in first.text()
    assert "Eastern European States" in second.text()


def test_refusal_names_the_file_the_reason_and_what_was_seen(example_report: Report) -> None:
    shown = section(read(example_report), "refused")
    assert "old.doc is not read yet. First thing seen in it: Ministry of Works" in shown


def test_agreement_names_who_speaks_and_who_was_searched(example_report: Report) -> None:
    shown = section(read(example_report), "agree")
    assert "Binding: Atlantis, League of Islands Voluntary: Lemuria" in shown
    assert (
        "Not known, since only a part of their texts is here or they could not be searched: Notes found in a drawer"
        in shown
    )
    assert "3 of 4 parties speak of it" in shown


def test_difference_tells_strength_and_silence_apart(example_report: Report) -> None:
    page = read(example_report)
    row = page.css_first('section[aria-labelledby="differ"] tbody tr')
    assert row is not None
    assert [re.sub(r"[ \n\t]+", " ", c.text()).strip() for c in row.css("th, td")] == [
        "Human oversight and control", "Atlantis, League of Islands", "", "Lemuria", "",
    ]  # fmt: skip
    assert "Languages (Lemuria)" in section(page, "differ")


def test_pair_cites_both_texts_exactly_with_their_language_and_direction(example_report: Report) -> None:
    page = read(example_report)
    quotes = page.css("article.pair:first-child blockquote")
    pair = example_report.pairs[0]
    assert [(q.text(), q.attributes["lang"], q.attributes["dir"]) for q in quotes] == [
        (pair.left.text, "ar", "rtl"),
        (pair.right.text, "zh", "ltr"),
    ]


def test_text_of_unknown_language_says_so_and_finds_its_own_direction(example_report: Report) -> None:
    last = read(example_report).css("blockquote")[-1]
    assert (last.attributes["lang"], last.attributes["dir"]) == ("", "auto")


def test_pair_is_a_suggestion_that_awaits_a_person(example_report: Report) -> None:
    page = read(example_report)
    assert len(page.css("article.pair.waiting .tag.wait")) == len(page.css("article.pair")) == 2
    assert "A link proposed by a machine is not a legal interpretation." in section(page, "pairs")


def test_pair_that_a_person_confirmed_does_not_wait(example_report: Report) -> None:
    confirmed = dataclasses.replace(example_report.pairs[0], state="confirmed")
    page = read(dataclasses.replace(example_report, pairs=(confirmed,)))
    assert (len(page.css("article.waiting")), len(page.css("article .tag.done"))) == (0, 1)


def test_pair_without_a_proposed_relation_draws_none(example_report: Report) -> None:
    page = read(example_report)
    assert [len(r.css("svg")) for r in page.css(".relation")] == [1, 0]


def test_long_text_is_cut_at_a_word_and_says_so(example_report: Report) -> None:
    shown = text_of(read(example_report), "article.pair:nth-child(2)")
    assert "A person must be told. A […]" in shown
    assert "The text goes on: 1\u202f197 of 2\u202f300 characters are shown." in shown


def test_at_most_forty_pairs_are_shown_and_the_rest_are_linked(example_report: Report) -> None:
    page = read(dataclasses.replace(example_report, pairs=example_report.pairs * 30))
    assert len(page.css("article.pair")) == SHOWN_PAIRS
    assert (
        "40 pairs of 1\u202f204 are shown. All 1\u202f204 pairs, those of one party included, are in crosswalk.csv."
        in section(page, "pairs")
    )
    assert page.css_first('section[aria-labelledby="pairs"] a[href="./crosswalk.csv"]') is not None


def test_joint_actions_stand_side_by_side_with_their_exact_words_and_what_is_not_stated(example_report: Report) -> None:
    text = render_report(report=example_report)
    section = text[text.index('id="joint"') : text.index('id="unknown"')]
    assert section.count("<h4>") == 2
    assert "<bdi>بحلول عام 2030</bdi>" in section
    assert "<bdi>教育部</bdi>" in section
    assert section.count("not stated</span>") == 3
    assert "9 actions and <bdi>2</bdi> goals were read" in section
    assert "nothing is ranked" in section
    bare = render_report(report=dataclasses.replace(example_report, joint_actions=()))
    assert "close enough to be suggested" in bare


def test_a_pair_names_whom_each_provision_addresses_and_who_said_so(example_report: Report) -> None:
    pair = example_report.pairs[0]
    named = dataclasses.replace(
        pair, left=dataclasses.replace(pair.left, addressees=("provider", "all"), addressees_suggested=True)
    )
    text = render_report(report=dataclasses.replace(example_report, pairs=(named,)))
    assert "addressed to <bdi>providers</bdi>, <bdi>everyone</bdi> (suggested)" in text


def test_unknown_is_told_by_kind(example_report: Report) -> None:
    shown = section(read(example_report), "unknown")
    for sentence in (
        "1 of the 4 members on the map has no instrument here",
        "in another language was not found: Notes found in a drawer",
        "Check them: Automated Decisions Law",
        "Each is counted as a party of its own: Notes found in a drawer",
        "It is not stated whether these bind: Notes found in a drawer",
        "how much: Strategy for Trusted Systems, Notes found in a drawer",
        "summary’s: Strategy for Trusted Systems",
        "The strength of 3 provisions was not judged.",
        "No topic was named for 1 provision.",
    ):
        assert sentence in shown, sentence


def test_three_kinds_of_none_are_never_added_up(example_report: Report) -> None:
    row = read(example_report).css('section[aria-labelledby="all-topics"] tbody tr')[2]
    assert [c.text() for c in row.css("td")] == ["1", "0", "0", "1", "1", "0", "2"]


def test_map_describes_its_counts_in_words(example_report: Report) -> None:
    page = read(example_report)
    assert text_of(page, "svg.map desc").startswith(
        "4 equal tiles, one for each member. 2 binding, 1 voluntary, 0 not stated, 0 state that they have none, "
        "0 searched and not found, 1 not in this collection."
    )
    assert "Binding, through an organisation, 1Thule" in text_of(page, "section[aria-labelledby=topics] dl.facts")


def test_disclaimer_stands_under_every_map_and_list_in_its_exact_words(example_report: Report) -> None:
    page = read(example_report)
    for name in ("agree", "differ", "unknown", "topics", "all-topics", "instruments"):
        assert NOOP in section(page, name), name
    assert text_of(page, "figure .status-note") == NOOP


def test_instrument_says_what_is_known_of_it(example_report: Report) -> None:
    rows = read(example_report).css('section[aria-labelledby="instruments"] tbody tr')
    cells = [[re.sub(r"[ \n\t]+", " ", c.text()).strip() for c in row.css("th, td")] for row in rows]
    assert cells[0] == [
        "قانون القرارات الآلية", "Atlantisguessed from the file name",
        "law, in force, binding", "Arabic", "31", "atl_law_2024.pdffull text",
    ]  # fmt: skip
    assert cells[3][1:4] == ["not stated", "binding force not stated", "Kinyarwanda"]


def test_method_says_that_no_text_left_the_machine(example_report: Report) -> None:
    assert "It stayed on the machine that made this report." in section(read(example_report), "method")
    sent = dataclasses.replace(
        example_report, method=dataclasses.replace(example_report.method, sent_to="models.example")
    )
    assert "It was sent to models.example to be compared." in section(read(sent), "method")


def test_page_holds_no_script_no_style_attribute_and_no_request(example_report: Report) -> None:
    html = render_report(report=example_report)
    outside = re.findall(
        r'(?:src|srcset|action|background|poster|data)="[^"]*"|<(?:script|link|img|iframe|object|form)', html
    )
    assert outside == []
    assert re.findall(r"\sstyle=|\son\w+=", html) == []
    assert re.findall(r'(?<!a )href="(?!#)[^"]*"', html) == []


def test_policy_allows_the_one_stylesheet_by_its_digest_and_nothing_else(example_report: Report) -> None:
    page = read(example_report)
    style = page.css_first("style")
    policy = page.css_first('meta[http-equiv="Content-Security-Policy"]')
    assert style is not None
    assert policy is not None
    assert style.text() == read_stylesheet()
    digest = base64.b64encode(hashlib.sha256(style.text().encode()).digest()).decode()
    assert policy.attributes["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_hostile_words_anywhere_are_shown_and_not_obeyed(example_report: Report) -> None:
    html = render_report(report=make_hostile(example_report))
    page = HTMLParser(html)
    assert page.css("script, img, [onerror], a[href^=javascript]") == []
    assert "49" not in text_of(page, "h1")
    assert HOSTILE in text_of(page, "h1")


def test_address_that_is_not_of_the_web_is_not_linked(example_report: Report) -> None:
    bad = dataclasses.replace(example_report.instruments[0], official_url="javascript:alert(1)")
    page = read(dataclasses.replace(example_report, instruments=(bad,)))
    assert page.css('section[aria-labelledby="instruments"] a') == []


@pytest.mark.parametrize(
    "address, kept",
    [
        ("https://a.example/b?c=d", "https://a.example/b?c=d"),
        ("http://a.example", "http://a.example"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://a.example/\nx", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_are_safe(address: str, kept: str) -> None:
    assert safe_link(address) == kept


@pytest.mark.parametrize(
    "language, kept", [("en", "en"), ("zh-Hans", "zh-Hans"), ("und", ""), ("", ""), ('en"x', ""), ("english!", "")]
)
def test_only_language_tags_become_attributes(language: str, kept: str) -> None:
    assert language_attribute(language) == kept


def test_cut_keeps_short_text_and_text_without_spaces() -> None:
    assert cut_text(text="short") == "short"
    assert cut_text(text="法" * 2000) == "法" * SHOWN_CHARACTERS


def test_report_is_the_same_bytes_twice(example_report: Report) -> None:
    assert render_report(report=example_report) == render_report(report=example_report)


def test_report_without_parties_pairs_topics_or_map_says_so(example_report: Report) -> None:
    bare = Report(
        title="One text",
        as_of=example_report.as_of,
        parties=(),
        instruments=(InstrumentLine(id="a", title="A text", provisions=1),),
        topics=(),
        method=dataclasses.replace(example_report.method, embedder="", figures=(), steps=(), not_measured=()),
    )
    page = read(bare)
    assert (
        text_of(page, ".lead") == "1 instrument, 1 provision, were compared. For none of them it is known whose it is."
    )
    assert page.css("svg.map, #refused, #files, article.pair") == []
    assert "No pair of provisions of different parties was close enough to suggest." in section(page, "pairs")
    assert "not used: texts were compared by words alone" in section(page, "method")
    assert "Nothing was measured on these texts." in section(page, "method")


def test_topics_without_members_count_parties(example_report: Report) -> None:
    topics = tuple(dataclasses.replace(t, levels={}) for t in example_report.topics)
    page = read(dataclasses.replace(example_report, topics=topics))
    assert page.css("svg.map") == []
    assert [c.text() for c in page.css(".topics tbody tr")[1].css("td")] == ["3", "9"]


def test_sixty_instruments_and_four_thousand_provisions_stay_under_1_500_kilobytes(example_report: Report) -> None:
    codes = [f"X{n:02d}" for n in range(60)]
    instruments = tuple(
        InstrumentLine(id=c, title=f"Act of {c} on systems that decide " * 3, provisions=67, party=c, binding=True)
        for c in codes
    )
    levels = dict.fromkeys(codes, "unstated-through")
    voices = tuple(
        Voice(instrument=c, provisions=2, strongest="must" if n % 2 else "should") for n, c in enumerate(codes)
    )
    long = Cited(instrument="X00", ref="r", label="Article 1", heading="H" * 80, text="word " * 1000, language="en")
    large = dataclasses.replace(
        example_report,
        parties=tuple(Party(code=c, name=f"The Federal Republic of {c}") for c in codes),
        instruments=instruments,
        topics=tuple(TopicLine(id=f"t{n}", facet="obligation", label=f"Topic {n}", voices=voices, levels=levels) for n in range(60)),
        pairs=(Pair(left=long, right=long, why="Because. " * 10, relation="related", closeness=0.5),) * 4000,
        pairs_total=4000,
        tiles={c: (n % 36, n // 36) for n, c in enumerate(codes)},
    )  # fmt: skip
    html = render_report(report=large)
    assert len(html.encode()) < 1_500_000


def test_every_class_of_the_report_is_in_the_stylesheet(example_report: Report) -> None:
    page = read(example_report)
    named = {name for node in page.css("[class]") for name in (node.attributes["class"] or "").split()}
    unstyled = {name for name in named if not re.search(rf"\.{re.escape(name)}\b", read_stylesheet())}
    assert unstyled == {"folio-body"}


def test_the_table_of_topics_counts_every_member_once_in_each_row(example_report: Report) -> None:
    page = read(example_report)
    members = len(list_members(report=example_report))
    rows = page.css("table.topics tbody tr")
    figures = [[int(c.text()) for c in row.css("td.num")][:-1] for row in rows if row.css("td.num")]
    assert len(figures) == len(example_report.topics)
    assert {sum(row) for row in figures} == {members}
