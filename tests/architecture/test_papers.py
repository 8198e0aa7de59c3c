"""The papers of the project: the two commands, links that lead somewhere, the licence, the public code file, no stray hosts."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "src" / "comity" / "example" / "README.md"])
FENCED = re.compile(r"^ *(```|~~~).*?^ *\1", flags=re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)(?:\s[^)]*)?\)")
TEXT_SUFFIXES = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".html",
    ".css",
    ".yml",
    ".po",
    ".svg",
    ".csv",
    ".json",
    ".jsonl",
    ".cfg",
    ".ini",
    "",
}
# Put together here, so that this file does not hold what it looks for.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
        ("conda", "anaconda", "org"),
        ("deb", "debian", "org"),
        ("rubygems", "org"),
        ("hub", "docker", "com"),
    )
)
MACHINE_PATHS = tuple(
    "/" + "/".join(parts) + "/" for parts in (("work",), ("root",), ("home", "[a-z]+"), ("Users", "[A-Za-z]+"))
)
REQUIRED_KEYS = (
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
)


def own_files() -> list[Path]:
    """Every text file of the project that git would keep, whether it is committed already or not."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    paths = [ROOT / name.decode() for name in listed.split(b"\0") if name]
    return sorted(p for p in paths if p.is_file() and p.suffix in TEXT_SUFFIXES)


def public_code() -> dict:
    return yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))


def test_the_readme_shows_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line in {"./comity up", "./comity test"}] == ["./comity up", "./comity test"]


def test_the_readme_stays_under_120_lines() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file_and_a_heading(paper: Path) -> None:
    broken = []
    for target in LINK.findall(FENCED.sub("", paper.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        found = (paper.parent / name) if name else paper
        if not found.exists() or (anchor and anchor not in anchors_of(found)):
            broken.append(target)
    assert broken == []


def anchors_of(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), flags=re.MULTILINE)
    named = re.findall(r"^\(([a-z-]+)\)=$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings} | set(named)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_paper_opens_with_one_title_and_skips_no_level(paper: Path) -> None:
    levels = [
        len(m) for m in re.findall(r"^(#+) ", FENCED.sub("", paper.read_text(encoding="utf-8")), flags=re.MULTILINE)
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [b for a, b in pairwise(levels) if b > a + 1] == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "decisions").glob("0*.md")), ids=lambda p: p.stem)
def test_a_decision_has_its_parts_and_its_date(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    assert [h for h in headings if h in {"Context", "Decision", "Consequences", "Rejected"}] == [
        "Context",
        "Decision",
        "Consequences",
        "Rejected",
    ]
    assert re.search(r"^Date: 20[0-9]{2}-[0-9]{2}-[0-9]{2}\. State: ", text, flags=re.MULTILINE)
    assert re.match(rf"# {int(path.name[:4])}\. ", text)


def test_public_code_has_every_key_that_the_standard_demands() -> None:
    found = public_code()
    english = found["description"]["en"]
    assert [key for key in REQUIRED_KEYS if not found.get(key)] == []
    assert found["publiccodeYmlVersion"] == "0.4"
    assert len(english["shortDescription"]) <= 150
    assert 150 <= len(english["longDescription"]) <= 10_000
    assert english["features"]
    assert found["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert found["maintenance"]["contacts"]
    assert found["localisation"]["localisationReady"] is True


def test_public_code_names_the_licence_and_the_languages_that_the_code_has() -> None:
    from comity.site.catalogs import LANGUAGES

    found = public_code()
    assert found["legal"]["license"] == "Apache-2.0"
    assert sorted(found["localisation"]["availableLanguages"]) == sorted(
        ["en", *(tag.replace("_", "-") for tag in LANGUAGES)]
    )


def test_the_licence_is_apache_2_0_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert lines[:2] == ["Apache License", "Version 2.0, January 2004"]
    assert re.findall(r"^ +([1-9])\. ", text, flags=re.MULTILINE) == list("123456789")
    assert "END OF TERMS AND CONDITIONS" in lines


def test_every_changelog_fragment_has_a_type_and_one_sentence() -> None:
    wrong = []
    for path in sorted((ROOT / "changelog.d").glob("[!.]*")):
        text = path.read_text(encoding="utf-8")
        if not re.fullmatch(r"(\+[a-z0-9-]+|[0-9]+)\.(added|changed|fixed)\.md", path.name) or not re.fullmatch(
            r"[^\n]+\.\n", text
        ):
            wrong.append(path.name)
    assert wrong == []


@pytest.mark.parametrize("host", REGISTRY_HOSTS)
def test_no_file_names_the_host_of_a_package_registry(host: str) -> None:
    found = [str(p.relative_to(ROOT)) for p in own_files() if host in p.read_text(encoding="utf-8", errors="replace")]
    assert found == []


@pytest.mark.parametrize("path", MACHINE_PATHS)
def test_no_file_names_a_path_of_somebodys_machine(path: str) -> None:
    pattern = re.compile(rf"(?<![\w.$}}]){path}")
    found = [
        str(p.relative_to(ROOT)) for p in own_files() if pattern.search(p.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
