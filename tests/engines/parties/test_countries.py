"""Who sits in what on a day, in which order states are listed, what they are called, and whose a file is."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import TYPE_CHECKING

import pytest

from comity.adapters.country_data import read_atlas
from comity.engines.parties.countries import (
    KINDS,
    LANGUAGES,
    ROLES,
    groups_of,
    guess_party,
    listed_in,
    members_of,
    name_of,
    organisations_in,
)
from comity.errors import BadParameter

if TYPE_CHECKING:
    from pathlib import Path

ATLAS = read_atlas()


@pytest.mark.parametrize(
    "state,group,day,sits",
    [
        ("GBR", "EU", "2020-01-31", True),
        ("GBR", "EU", "2020-02-01", False),
        ("RUS", "COE", "2022-03-15", True),
        ("RUS", "COE", "2022-03-16", False),
        ("TLS", "ASEAN", "2025-10-25", False),
        ("TLS", "ASEAN", "2025-10-26", True),
        ("USA", "UNESCO", "2018-12-31", True),
        ("USA", "UNESCO", "2021-11-23", False),
        ("USA", "UNESCO", "2023-07-10", True),
        ("USA", "UNESCO", "2026-12-31", True),
        ("USA", "UNESCO", "2027-01-01", False),
        ("NPL", "LDC", "2026-11-23", True),
        ("NPL", "LDC", "2026-11-24", False),
        ("MLI", "ECOWAS", "2025-01-28", True),
        ("MLI", "ECOWAS", "2025-01-29", False),
        ("ARE", "BRICS", "2023-12-31", False),
        ("ARE", "BRICS", "2024-01-01", True),
    ],
)
def test_a_membership_holds_from_its_first_day_to_its_last(state: str, group: str, day: str, *, sits: bool) -> None:
    on = dt.date.fromisoformat(day)
    assert (state in members_of(atlas=ATLAS, group=group, on=on)) is sits
    assert (group in groups_of(atlas=ATLAS, state=state, on=on)) is sits


def test_without_a_day_the_day_of_the_data_is_meant() -> None:
    as_of = ATLAS.groupings["ASEAN"].as_of
    assert members_of(atlas=ATLAS, group="ASEAN") == members_of(atlas=ATLAS, group="ASEAN", on=as_of)


@pytest.mark.parametrize(
    "state,groups",
    [
        ("TUR", ("AP", "WEOG")),
        ("USA", ("WEOG",)),
        ("ISR", ("WEOG",)),
        ("KIR", ("AP",)),
        ("CYP", ("AP",)),
        ("PSE", ("AP",)),
        ("VAT", ()),
        ("COK", ()),
        ("ESH", ()),
        ("BRA", ("LAC",)),
    ],
)
def test_regional_groups_are_many_one_or_none(state: str, groups: tuple[str, ...]) -> None:
    assert groups_of(atlas=ATLAS, state=state, kind="regional-group", on=None) == groups


def test_for_elections_every_member_of_the_united_nations_sits_in_one_group() -> None:
    electors = ("member", "elector")
    found = {
        code: groups_of(atlas=ATLAS, state=code, kind="regional-group", roles=electors)
        for code in members_of(atlas=ATLAS, group="UN")
    }
    assert {code: groups for code, groups in found.items() if len(groups) != 1} == {}


def test_a_state_that_is_only_listed_does_not_count_unless_asked() -> None:
    assert "SAU" not in members_of(atlas=ATLAS, group="BRICS")
    assert "SAU" in members_of(atlas=ATLAS, group="BRICS", roles=ROLES)
    assert set(members_of(atlas=ATLAS, group="OAS", roles=["listed"])) == {"CUB", "VEN"}


def test_groupings_sit_in_groupings_and_are_not_taken_for_states() -> None:
    assert organisations_in(atlas=ATLAS, group="G20", on=dt.date(2023, 9, 8)) == ("EU",)
    assert organisations_in(atlas=ATLAS, group="G20", on=dt.date(2023, 9, 9)) == ("AU", "EU")
    assert organisations_in(atlas=ATLAS, group="G7", roles=["member"]) == ()
    assert "EU" not in members_of(atlas=ATLAS, group="G20")


@pytest.mark.parametrize("kind", KINDS)
def test_groups_of_a_kind_are_those_of_all_kinds_of_that_kind(kind: str) -> None:
    every = groups_of(atlas=ATLAS, state="FRA")
    assert groups_of(atlas=ATLAS, state="FRA", kind=kind) == tuple(g for g in every if ATLAS.groupings[g].kind == kind)


def test_members_and_groups_tell_the_same_from_both_ends() -> None:
    day = dt.date(2024, 6, 1)
    from_groups = {(s, g) for g in ATLAS.groupings for s in members_of(atlas=ATLAS, group=g, on=day)}
    from_states = {(s, g) for s in ATLAS.states for g in groups_of(atlas=ATLAS, state=s, on=day)}
    assert from_groups == from_states


def test_an_unknown_grouping_state_or_kind_is_refused() -> None:
    with pytest.raises(BadParameter, match='group is "NATO-PLUS"; allowed is the code of a grouping'):
        members_of(atlas=ATLAS, group="NATO-PLUS")
    with pytest.raises(BadParameter, match='state is "XXX"'):
        groups_of(atlas=ATLAS, state="XXX")
    with pytest.raises(BadParameter, match='kind is "club"; allowed is one of organisation, forum'):
        groups_of(atlas=ATLAS, state="FRA", kind="club")


@pytest.mark.parametrize("language", LANGUAGES)
def test_ranks_are_a_permutation(language: str) -> None:
    assert [s.ranks[language] for s in listed_in(atlas=ATLAS, language=language)] == list(
        range(1, len(ATLAS.states) + 1)
    )


@pytest.mark.parametrize(
    "language,neighbours",
    [
        ("en", "Costa Rica | Côte d’Ivoire | Croatia"),
        ("en", "Tunisia | Türkiye | Turkmenistan"),
        ("en", "Guinea | Guinea-Bissau | Guyana"),
        ("es", "Belarús | Bélgica | Belice"),
        ("es", "Eslovenia | España | Estado de Palestina"),
        ("fr", "Dominique | Égypte | El Salvador | Émirats arabes unis | Équateur | Érythrée | Espagne"),
        ("fr", "Guinée | Guinée équatoriale | Guinée-Bissau"),
        ("ru", "Ирландия | Исландия | Испания | Италия | Йемен | Кабо-Верде"),
        ("ru", "Эфиопия | Южная Африка | Южный Судан | Ямайка | Япония"),
        ("ar", "أذربيجان | الأرجنتين | الأردن | أرمينيا"),
        ("ar", "الولايات المتحدة الأمريكية | اليابان | اليمن | اليونان"),
        ("zh", "比利时 | 秘鲁 | 冰岛"),
        ("zh", "布隆迪 | 朝鲜民主主义人民共和国 | 赤道几内亚 | 大不列颠及北爱尔兰联合王国 | 大韩民国"),
        ("zh", "智利 | 中非共和国 | 中国"),
    ],
)
def test_neighbours_stand_in_the_alphabet_of_the_language(language: str, neighbours: str) -> None:
    wanted = neighbours.split(" | ")
    names = [s.names[language] for s in listed_in(atlas=ATLAS, language=language)]
    start = names.index(wanted[0])
    assert names[start : start + len(wanted)] == wanted


@pytest.mark.parametrize("tag,like", [("zh-hans", "zh"), ("zh_CN", "zh"), ("FR", "fr"), ("sw", "en"), ("", "en")])
def test_a_language_tag_counts_by_its_first_part_and_falls_back_to_english(tag: str, like: str) -> None:
    assert listed_in(atlas=ATLAS, language=tag) == listed_in(atlas=ATLAS, language=like)
    assert name_of(atlas=ATLAS, code="CHN", language=tag) == name_of(atlas=ATLAS, code="CHN", language=like)


@pytest.mark.parametrize(
    "code,language,name",
    [
        ("CIV", "en", "Côte d’Ivoire"),
        ("TUR", "fr", "Türkiye"),
        ("CHN", "zh", "中国"),
        ("EU", "ru", "Европейский союз"),
        ("UN", "ar", "الأمم المتحدة"),
        ("WEOG", "es", "Estados de Europa Occidental y otros Estados"),
        ("MULTI", "en", "MULTI"),
        ("", "en", ""),
    ],
)
def test_a_party_is_called_by_its_name_and_an_unknown_code_by_itself(code: str, language: str, name: str) -> None:
    assert name_of(atlas=ATLAS, code=code, language=language) == name


def test_file_names_of_the_example_give_44_right_4_none_and_0_wrong(shared: Path) -> None:
    counts = {"right": 0, "none": 0, "wrong": 0}
    wrong, none = [], []
    for path in sorted((shared / "corpus" / "instruments").glob("*.toml")):
        party = tomllib.loads(path.read_text(encoding="utf-8"))["instrument"]["party"]
        guess = guess_party(atlas=ATLAS, words=path.stem)
        result = "none" if guess is None else "right" if guess == party else "wrong"
        counts[result] += 1
        if result == "wrong":
            wrong.append((path.stem, guess, party))
        if result == "none":
            none.append(path.stem)
    assert wrong == []
    assert none == [
        "ai-capacity-building-action-plan",
        "bletchley-declaration",
        "global-ai-governance-action-plan",
        "global-ai-governance-initiative",
    ]
    assert counts == {"right": 44, "none": 4, "wrong": 0}


@pytest.mark.parametrize(
    "words,party",
    [
        ("scanned-china-genai-measures", "CHN"),
        ("2024-07 Brazil PL 2338", "BRA"),
        ("Côte d'Ivoire stratégie IA", "CIV"),
        ("cote-d-ivoire-strategie", "CIV"),
        ("the-gambia-ai-policy", "GMB"),
        ("south-korea-framework", "KOR"),
        ("north-korea-law", "PRK"),
        ("south-sudan-ai", "SSD"),
        ("sudan-ai", "SDN"),
        ("guinea-bissau-estrategia", "GNB"),
        ("guinea-strategy", "GIN"),
        ("papua-new-guinea-plan", "PNG"),
        ("nigeria-ai", "NGA"),
        ("niger-ai", "NER"),
        ("dominican-republic-enia", "DOM"),
        ("nauru-digital", "NRU"),
        ("naoero-digital", "NRU"),
        ("turkiye-strategy", "TUR"),
        ("Türkiye_strategy", "TUR"),
        ("drc-plan", "COD"),
        ("au-data-policy-framework", "AU"),
        ("african-union-agenda", "AU"),
        ("un-global-digital-compact", "UN"),
        ("council-of-europe-huderia", "COE"),
        ("us-georgia-sb-9", "USA"),
        ("Бразилия законопроект", "BRA"),
        ("中国 办法", "CHN"),
    ],
)
def test_a_file_named_after_one_party_is_that_partys(words: str, party: str) -> None:
    assert guess_party(atlas=ATLAS, words=words) == party


@pytest.mark.parametrize(
    "words",
    [
        "",
        "---",
        "2024",
        "ai-strategy-of-kenya",
        "georgia-ai-bill",
        "congo-numerique",
        "guineas",
        "indiana-hb-1",
        "new-mexico-hb-60",
        "northern-ireland-plan",
        "irlande-du-nord",
        "us-uk-agreement",
        "china-and-france-statement",
        "unesco-kenya-readiness",
        "un-marco-para-la-ia",
        "au-service-de-tous",
        "in-the-public-interest",
        "can-ai-be-fair",
        "las-vegas-policy",
        "cis-controls",
        "commonwealth-of-virginia-order",
        "republic-of-china",
        "granada-smart-city",
        "africa-outlook",
        "eastern-europe-review",
    ],
)
def test_a_name_that_does_not_tell_one_party_surely_is_not_guessed(words: str) -> None:
    assert guess_party(atlas=ATLAS, words=words) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_full_name_of_a_party_is_guessed_or_left_never_mistaken(language: str) -> None:
    parties = [*ATLAS.states, *(g.code for g in ATLAS.groupings.values() if g.kind in {"organisation", "forum"})]
    names = {code: name_of(atlas=ATLAS, code=code, language=language) for code in parties}
    wrong = {
        code: found for code in parties if (found := guess_party(atlas=ATLAS, words=names[code])) not in {code, None}
    }
    assert wrong == {}
