"""The country data agree with themselves, with the counts they state, and with outside compilations."""

from __future__ import annotations

import csv
import re
import shutil
import unicodedata
from importlib import resources
from pathlib import Path

import pytest

from comity.adapters.country_data import FOLDER, PACKAGE, read_atlas, read_atlas_from
from comity.engines.parties.countries import LANGUAGES, groups_of, listed_in, members_of
from comity.errors import BadRow

DATA = Path(str(resources.files(PACKAGE) / FOLDER))
ATLAS = read_atlas()

COUNTS = {
    "UN": 193, "EU": 27, "OECD": 38, "UNESCO": 194, "COE": 46, "AU": 55, "ASEAN": 11, "MERCOSUR": 6, "SCO": 10,
    "ECOWAS": 12, "EAC": 8, "SADC": 16, "CARICOM": 14, "GCC": 6, "LAS": 22, "CIS": 9, "EAEU": 5, "COMMONWEALTH": 56,
    "OIF": 50, "OAS": 32, "PIF": 16, "SAARC": 8, "G7": 7, "G20": 19, "BRICS": 10, "APEC": 19, "AFR": 54, "AP": 56,
    "EEG": 23, "LAC": 33, "WEOG": 29, "LDC": 44, "LLDC": 32, "SIDS": 39,
}  # fmt: skip

IN_WORDS = {"ar": "Arabic", "en": "English", "es": "Spanish", "fr": "French", "ru": "Russian", "zh": "Chinese"}
EMPTY = "the compilation has no name here"
KINGDOM = "the short name has been Netherlands (Kingdom of the) since 2024"
NAOERO = "Nauru took the name Naoero in 2026"
AS_THE_UNION = "no member of the United Nations: the row has the name that the African Union uses"

# Differences from each compilation: file, state, languages, and the reason.
DIFFERENT_NAMES = [
    ("country-codes.csv", "CIV", LANGUAGES, EMPTY),
    ("country-codes.csv", "TUR", LANGUAGES, EMPTY),
    ("country-codes.csv", "ESH", LANGUAGES, AS_THE_UNION),
    ("country-codes.csv", "NLD", LANGUAGES, KINGDOM),
    ("country-codes.csv", "NRU", ("ar", "en", "es", "fr", "ru"), NAOERO),
    ("country-codes.csv", "COG", ("zh",), "the compilation adds the capital, which the short name no longer has"),
    ("country-codes.csv", "DOM", ("zh",), "the short name now says that it is the republic"),
    ("ocha-ct-taxonomy.csv", "ESH", LANGUAGES, AS_THE_UNION),
]
DIFFERENT_GROUPS = {("STP", "LDC"): "Sao Tome and Principe graduated on 13 December 2024"}


@pytest.fixture(scope="session")
def compilations(shared: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Outside rows by file and by alpha-3 code."""
    keys = {"country-codes.csv": "ISO3166-1-Alpha-3", "ocha-ct-taxonomy.csv": "ISO 3166-1 Alpha 3-Codes"}
    found = {}
    for file, key in keys.items():
        with (shared / "data" / "capacity" / "countries" / file).open(encoding="utf-8", newline="") as stream:
            found[file] = {row[key]: row for row in csv.DictReader(stream)}
    return found


def three_digits(text: str) -> str:
    return f"{int(text):03}" if text else ""


def plain_name(text: str) -> str:
    """A name without stars, without an article in brackets at its end, with our apostrophe and spaces about dashes."""
    text = text.replace("*", "").replace("'", "’").replace("_", "-").strip()
    text = re.sub(r"\s*\((?:the|el|la|los|las|le|les|l’)\)$", "", text)
    return re.sub(r"(\w)\s*- ", r"\1 - ", text)


@pytest.mark.parametrize("code", COUNTS)
def test_a_grouping_has_as_many_states_as_its_list(code: str) -> None:
    assert len(members_of(atlas=ATLAS, group=code)) == COUNTS[code]


def test_the_readme_states_the_same_counts() -> None:
    text = (DATA / "README.md").read_text(encoding="utf-8")
    assert {code: int(n) for code, n in re.findall(r"^\| ([A-Z0-9]+) \| (\d+) \|", text, re.MULTILINE)} == COUNTS


def test_every_state_is_a_member_an_observer_or_needed_by_a_membership() -> None:
    by_status = {
        status: tuple(s.iso3 for s in ATLAS.states.values() if s.status == status) for status in ("observer", "other")
    }
    assert by_status == {"observer": ("PSE", "VAT"), "other": ("COK", "ESH", "NIU")}
    assert members_of(atlas=ATLAS, group="UN") == tuple(s.iso3 for s in ATLAS.states.values() if s.status == "member")
    for code in by_status["other"]:
        assert groups_of(atlas=ATLAS, state=code, kind="organisation") != ()


@pytest.mark.parametrize("file", ["country-codes.csv", "ocha-ct-taxonomy.csv"])
def test_codes_and_regions_equal_the_compilation(compilations: dict[str, dict[str, dict[str, str]]], file: str) -> None:
    headings = {
        "country-codes.csv": ("ISO3166-1-Alpha-2", "M49"),
        "ocha-ct-taxonomy.csv": ("ISO 3166-1 Alpha 2-Codes", "m49 numerical code"),
    }[file]
    for code, state in ATLAS.states.items():
        row = compilations[file][code]
        outside = [row[headings[0]], three_digits(row[headings[1]])]
        outside += [three_digits(row[f"{part} Code"]) for part in ("Region", "Sub-region", "Intermediate Region")]
        ours = [state.iso2, state.m49, state.region, state.sub_region, state.intermediate_region]
        assert ours == outside, code


def test_development_groups_equal_the_compilation_but_for_named_differences(
    compilations: dict[str, dict[str, dict[str, str]]],
) -> None:
    headings = {
        "LDC": "Least Developed Countries (LDC)",
        "LLDC": "Land Locked Developing Countries (LLDC)",
        "SIDS": "Small Island Developing States (SIDS)",
    }
    differences = set()
    for code in ATLAS.states:
        ours = groups_of(atlas=ATLAS, state=code, kind="development-group")
        row = compilations["country-codes.csv"][code]
        differences |= {(code, group) for group, h in headings.items() if (group in ours) != bool(row[h].strip())}
    assert differences == set(DIFFERENT_GROUPS)


@pytest.mark.parametrize(
    "file,heading", [("country-codes.csv", "UNTERM {} Short"), ("ocha-ct-taxonomy.csv", "{} Short")]
)
def test_names_equal_the_compilation_but_for_named_differences(
    compilations: dict[str, dict[str, dict[str, str]]], file: str, heading: str
) -> None:
    differences = {
        (code, language)
        for code, state in ATLAS.states.items()
        for language, word in IN_WORDS.items()
        if plain_name(compilations[file][code][heading.format(word)]) != state.names[language]
    }
    named = {(state, language) for f, state, languages, _ in DIFFERENT_NAMES if f == file for language in languages}
    assert differences == named


def alphabetical_key(language: str, name: str) -> str:
    """The rules of the README for the five languages that need no table of sounds."""
    if language == "ar":
        bare = re.sub(r"^ال", "", name)
        return bare.replace("آ", "اا").translate(str.maketrans("أإ", "اا"))
    folded = unicodedata.normalize("NFKD", name.casefold())
    # The breve stays: with it, й is a letter of its own.
    kept = "".join(c for c in folded if not unicodedata.combining(c) or c == "\u0306")
    return unicodedata.normalize("NFC", kept).replace("’", "'")


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru"])
def test_ranks_follow_the_alphabet_of_the_language(language: str) -> None:
    listed = [s.names[language] for s in listed_in(atlas=ATLAS, language=language)]
    assert listed == sorted(listed, key=lambda name: alphabetical_key(language, name))


def test_the_grid_has_every_member_once_and_agrees_with_the_regional_groups() -> None:
    with (DATA / "world-grid.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(sorted(ATLAS.tiles)) == members_of(atlas=ATLAS, group="UN")
    assert len(set(ATLAS.tiles.values())) == len(ATLAS.tiles) == len(rows)
    electors = ("member", "elector")
    ours = {
        row["iso3"]: groups_of(atlas=ATLAS, state=row["iso3"], kind="regional-group", roles=electors) for row in rows
    }
    assert ours == {row["iso3"]: (row["regional_group"],) for row in rows}


def test_names_hold_no_stray_space_and_every_grouping_names_its_source() -> None:
    names = [n for party in (*ATLAS.states.values(), *ATLAS.groupings.values()) for n in party.names.values()]
    assert [n for n in names if n != " ".join(n.split()) or "'" in n] == []
    assert [g.code for g in ATLAS.groupings.values() if not g.source] == []


def test_no_two_states_share_a_name_in_a_language() -> None:
    for language in LANGUAGES:
        names = [s.names[language] for s in ATLAS.states.values()]
        assert len(set(names)) == len(names)


def test_the_atlas_is_read_once() -> None:
    assert read_atlas() is read_atlas()


@pytest.mark.parametrize(
    "file,old,new,said",
    [
        ("memberships.csv", "GBR,EU,,2020-01-31", "GBR,EU,,31.1.2020", 'until is "31.1.2020"; allowed is a day'),
        ("memberships.csv", "member,group,from", "party,group,from", "row 0: the headings are party, group, from"),
        ("memberships.csv", "LVA,OECD,2016-07-01,,member,", "LVA,OECD", "it has 2 cells; give 6"),
        ("memberships.csv", "LVA,OECD,2016-07-01", "LVO,OECD,2016-07-01", "LVO in OECD: a code is unknown"),
        ("groupings.csv", "UN,organisation,2026-01-01", "UN,organisation,", 'as_of is ""; allowed is a day'),
        ("world-grid.csv", "AFG,24,7", "AFG,24,x", 'row 1: row is "x"; allowed is a whole number'),
    ],
)
def test_a_damaged_table_is_refused_with_its_row(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    path = tmp_path / "data" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadRow) as caught:
        read_atlas_from(folder=tmp_path / "data")
    assert said in str(caught.value)


def test_a_folder_of_ones_own_is_read_like_the_packages(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    assert read_atlas_from(folder=tmp_path / "data") == ATLAS
