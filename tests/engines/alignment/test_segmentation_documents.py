"""Thirteen real documents: what a careful reader counts in each, and what segmentation finds.

The reader's counts were made on the documents themselves. Where the two differ, both stand here.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from comity.adapters.readers import read_document
from comity.engines.alignment.segmentation import count_recitals, list_divisions, segment_articles, segment_blocks
from support.careful_reader import find_missed, read_counted

_READ = {}
_READER = Path(__file__).resolve().parent / "careful_reader"
COUNTS = tomllib.loads((_READER / "counts.toml").read_text(encoding="utf-8"))["document"]
LEAST = 0.95


@pytest.fixture
def found(shared):
    """Read and part a document once for all tests of this file."""

    def part(name):
        if name not in _READ:
            document = read_document(path=shared / "data/policy/documents" / name)
            stated = {"articles": document.articles} if document.articles else {"blocks": document.blocks}
            segment = segment_articles if document.articles else segment_blocks
            _READ[name] = (document, segment(**stated, language=document.language))
        return _READ[name]

    return part


def matching(segments, pattern):
    """The different beginnings of references that fit the pattern, in their order."""
    return list(dict.fromkeys(m.group(0) for s in segments if (m := re.match(pattern, s.ref))))


def numbered(prefix, last):
    return [f"{prefix}_{n}" for n in range(1, last + 1)]


DOCUMENTS = {
    "brazil-pl-2338.pt.pdf": ("pt", 31, 95),
    "china-genai-measures.zh.html": ("zh", 0, 24),
    "china-tc260-003.zh.pdf": ("zh", 14, 91),
    "eu-ai-act.en.html": ("en", 0, 731),
    "g7-hiroshima-code.en.pdf": ("en", 8, 23),
    "japan-ai-guidelines.en.txt": ("en", 39, 178),
    "korea-ai-basic-act.ko.pdf": ("ko", 44, 149),
    "singapore-genai-framework.en.pdf": ("en", 36, 94),
    "un-res-78-265.en.pdf": ("en", 8, 39),
    "us-colorado-sb24-205.en.md": ("en", 26, 55),
    "us-nist-ai-rmf.en.md": ("en", 0, 223),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_segment_is_unique_within_limits_and_on_a_page(found, name):
    document, segments = found(name)
    assert (document.language, document.pages, len(segments)) == DOCUMENTS[name]
    assert len({s.ref for s in segments}) == len(segments)
    assert all(0 < len(s.text) <= 4_000 for s in segments)
    assert all((s.page > 0) == (document.pages > 0) for s in segments)


def test_the_reader_counted_in_every_document_but_the_scan(shared):
    there = {p.name for p in (shared / "data/policy/documents").iterdir()}
    assert {c["name"] for c in COUNTS} == there - {"scanned-china-genai-measures.zh.pdf"}


@pytest.mark.parametrize("counts", COUNTS, ids=lambda c: c["name"])
def test_the_list_of_the_reader_is_whole(counts):
    units = read_counted(path=_READER / f"{counts['name']}.tsv")
    last = [u.ref.split(":")[0] if ":" in u.ref else u.ref.split("__")[-1].split("_")[0] for u in units]
    assert Counter(last) == counts["units"]
    assert len({u.ref for u in units}) == len(units)
    assert (units[0].ref, units[-1].ref) == (counts["first"], counts["last"])
    assert all(u.beginning for u in units)


@pytest.mark.parametrize("counts", COUNTS, ids=lambda c: c["name"])
def test_of_what_the_reader_counts_at_least_95_percent_is_found_exactly(found, counts):
    _, segments = found(counts["name"])
    units = read_counted(path=_READER / f"{counts['name']}.tsv")
    missed = [ref for ref, _, _ in find_missed(segments=segments, units=units)]
    assert missed == counts["missed"]
    assert len(missed) <= (1 - LEAST) * len(units)


@pytest.mark.parametrize("counts", [c for c in COUNTS if "chapters" in c], ids=lambda c: c["name"])
def test_every_chapter_that_the_reader_counts_is_listed_with_the_article_that_opens_it(found, counts):
    document, _ = found(counts["name"])
    divisions = list_divisions(blocks=document.blocks, language=document.language)
    assert [[d.ref, d.first.partition("__")[0]] for d in divisions] == counts["chapters"]


def test_the_eu_act_has_113_articles_13_annexes_180_recitals_and_500_numbered_paragraphs(found):
    document, segments = found("eu-ai-act.en.html")
    assert matching(segments, r"art_\d+") == numbered("art", 113)
    assert matching(segments, r"annex_[A-Z]+(?=_|$)") == [
        f"annex_{n}" for n in ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII"]
    ]
    assert count_recitals(blocks=document.blocks) == 180
    # The file marks 503 paragraphs; 3 of them stand in texts that the Act inserts into other acts.
    assert len(matching(segments, r"art_\d+__para_\d+")) == 500
    assert matching(segments, r"art_3__point_\d+") == [f"art_3__point_{n}" for n in range(1, 69)]
    assert matching(segments, r"annex_III__point_\d") == [f"annex_III__point_{n}" for n in range(1, 9)]


def test_the_eu_act_cites_what_it_bans_with_the_words_of_the_ban(found):
    _, segments = found("eu-ai-act.en.html")
    bans = [s for s in segments if s.ref.startswith("art_5__para_1__")]
    assert [s.label for s in bans] == [f"Article 5(1)({letter})" for letter in "abcdefgh"]
    assert {s.heading for s in bans} == {"Prohibited AI practices"}
    assert all(s.text.startswith("1. The following AI practices shall be prohibited: (") for s in bans)
    last = next(s for s in segments if s.ref == "art_113")
    assert "Done at" not in last.text


def test_the_eu_act_is_read_to_its_last_word_and_without_notes(found):
    _, segments = found("eu-ai-act.en.html")
    assert segments[-1].ref == "annex_XIII__point_g"
    assert segments[-1].text.endswith("(g) the number of registered end-users.")
    assert not any("OJ C 517" in s.text for s in segments)


def test_the_brazilian_bill_has_45_articles_and_50_paragraphs_and_its_justification_is_no_law(found):
    _, segments = found("brazil-pl-2338.pt.pdf")
    assert matching(segments, r"art_\d+") == numbered("art", 45)
    assert len([s for s in segments if "__para_" in s.ref]) == 50
    assert segments[-1].text == "Esta Lei entra em vigor um ano após a sua publicação."
    assert not any("SF/23833" in s.text for s in segments)


def test_the_korean_act_has_43_articles_with_142_paragraphs_and_3_articles_of_addenda(found):
    _, segments = found("korea-ai-basic-act.ko.pdf")
    assert matching(segments, r"art_\d+(?=_|$)") == numbered("art", 43)
    assert len([s for s in segments if "__para_" in s.ref]) == 142
    assert [s.ref for s in segments if s.ref.startswith("addenda")] == [
        "addenda__art_1",
        "addenda__art_2",
        "addenda__art_3",
    ]
    # The articles begin after eight pages of proposal.
    assert (segments[0].heading, segments[0].page) == ("목적", 9)


def test_the_chinese_measures_have_24_articles(found):
    _, segments = found("china-genai-measures.zh.html")
    assert [s.ref for s in segments] == numbered("art", 24)
    assert segments[-1].text == "本办法自2023年8月15日起施行。"
    assert [s.heading for s in segments if s.ref in {"art_1", "art_24"}] == ["总 则", "附 则"]


def test_the_chinese_standard_has_23_sections_with_text_49_points_and_31_risks(found):
    _, segments = found("china-tc260-003.zh.pdf")
    sections = [
        "1",
        "2",
        "3",
        "3_1",
        "3_2",
        "3_3",
        "3_4",
        "3_5",
        "3_6",
        "4",
        "5_1",
        "5_2",
        "5_3",
        "6",
        "7",
        "8_1",
        "8_2",
        "8_3",
        "8_4",
        "9_1",
        "9_2",
        "9_3",
        "9_4",
    ]
    assert matching(segments, r"sec_\d+(_\d+)?(?=_|$)") == [f"sec_{n}" for n in sections]
    assert len([s for s in segments if re.match(r"sec_.*__point_[a-z]$", s.ref)]) == 49
    assert len([s for s in segments if s.ref.startswith("annex_A__sec_A_")]) == 31


def test_the_resolution_has_13_operative_and_9_preambular_paragraphs(found):
    _, segments = found("un-res-78-265.en.pdf")
    assert matching(segments, r"para_\d+") == numbered("para", 13)
    assert matching(segments, r"preamble__para_\d+") == numbered("preamble__para", 9)
    assert matching(segments, r"para_6__point_[a-z]") == [f"para_6__point_{c}" for c in "abcdefghijklmnopq"]
    assert not any("A/RES/78/265" in s.text or "/8 24-05969" in s.text for s in segments)


def test_the_code_of_conduct_has_11_actions_and_12_paragraphs_before_them(found):
    document, segments = found("g7-hiroshima-code.en.pdf")
    assert matching(segments, r"para_\d+") == numbered("para", 11)
    assert len([s for s in segments if s.ref.startswith("preamble__")]) == 12
    assert document.title.startswith("Hiroshima Process International Code of Conduct")


def test_colorado_adds_7_sections_amends_1_and_has_3_of_its_own(found):
    _, segments = found("us-colorado-sb24-205.en.md")
    codified = [f"sec_6_1_{n}" for n in range(1701, 1708)]
    assert matching(segments, r"sec_6_1_\d+|sec_\d(?=$)") == ["sec_1", *codified, "sec_2", "sec_6_1_105", "sec_3"]
    # The file marks the eleventh of the 12 definitions as "(1 1 )".
    assert matching(segments, r"sec_6_1_1701__point_\d+") == numbered("sec_6_1_1701__point", 12)
    assert "SUBSTANTIAL FACTOR" in next(s.text for s in segments if s.ref == "sec_6_1_1701__point_11")


def test_the_nist_framework_has_72_subcategories_in_19_categories_and_23_sections(found):
    _, segments = found("us-nist-ai-rmf.en.md")
    subcategories = matching(segments, r"(govern|map|measure|manage)_\d+_\d+$")
    assert len(subcategories) == 72
    assert [sum(s.startswith(f) for s in subcategories) for f in ("govern", "map", "measure", "manage")] == [
        19,
        18,
        22,
        13,
    ]
    assert len(matching(segments, r"(govern|map|measure|manage)_\d+$")) == 19
    assert len(matching(segments, r"sec_\d+(_\d+)*(?=_|$)")) == 23
    assert matching(segments, r"annex_[A-Z](?=_|$)") == ["annex_A", "annex_B", "annex_C", "annex_D"]


def test_the_japanese_guidelines_have_10_common_principles_and_31_matters_for_actors(found):
    _, segments = found("japan-ai-guidelines.en.txt")
    assert matching(segments, r"part_2__sec_C__point_\d+") == numbered("part_2__sec_C__point", 10)
    assert len(matching(segments, r"point_[dpu]_\d+_[ivx]+(_2)?(?=_|$)")) == 31
    assert matching(segments, r"part_\d(?=_|$)") == numbered("part", 5)


def test_the_singapore_framework_has_its_nine_dimensions_as_headings(found):
    document, segments = found("singapore-genai-framework.en.pdf")
    over = list(dict.fromkeys(s.heading.split(":")[0] for s in segments))
    nine = [
        "ACCOUNTABILITY", "DATA", "TRUSTED DEVELOPMENT AND DEPLOYMENT", "INCIDENT REPORTING", "TESTING AND ASSURANCE",
        "SECURITY", "CONTENT PROVENANCE", "SAFETY AND ALIGNMENT R&D", "AI FOR PUBLIC GOOD",
    ]  # fmt: skip
    assert [h for h in over if h in nine] == nine
    assert document.title == "MODEL AI GOVERNANCE FRAMEWORK FOR GENERATIVE AI"
