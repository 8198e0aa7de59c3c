"""Language catalogs: gather the strings of code, templates and errors; update, check and compile with Babel.

``python -m comity.site.catalogs compile|update|check``. Babel reads Python; templates are first turned into Python by
Django's own ``templatize``; the sentences of the error tree are taken from its classes.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Message

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "web" / "locale"
LANGUAGES = ("ar", "es", "fr", "ru", "zh_Hans")
SOURCES = ("web", "api", "platform")
HEADER = "# Comity in {language}.\n# Translated by machine; awaits review by people."
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[sd]|\{[a-z_0-9]*\}|%[sd]")


def gather() -> Catalog:
    """Return a catalog of every string that a person may read, with the places it is used in."""
    catalog = Catalog(project="Comity", charset="utf-8", fuzzy=False)
    for path in sorted(p for source in SOURCES for p in (PACKAGE / source).rglob("*.py")):
        _add_python(catalog, path, path.read_bytes())
    for path in sorted((PACKAGE / "web").rglob("templates/**/*.html")):
        _add_python(catalog, path, _as_python(path))
    for template in _error_templates():
        catalog.add(template, locations=[("errors.py", 0)])
    return catalog


def _as_python(path: Path) -> bytes:
    from django.utils.translation.template import templatize  # noqa: PLC0415  (the compiler does not need Django)

    text = templatize(path.read_text(encoding="utf-8"), origin=path.name)
    # What stands between the strings is blanked to X; white space at the start of a line would read as indentation.
    return re.sub(r"^[ \t]+", "", text, flags=re.MULTILINE).encode()


def _add_python(catalog: Catalog, path: Path, source: bytes) -> None:
    place = str(path.relative_to(PACKAGE))
    for line, message, comments, context in extract(
        "python", io.BytesIO(source), keywords=KEYWORDS, comment_tags=("Translators:",)
    ):
        catalog.add(message, locations=[(place, line)], auto_comments=comments, context=context)


def _error_templates() -> list[str]:
    from comity.errors import ComityError  # noqa: PLC0415  (the compiler does not need it)

    found: list[str] = []
    kinds: list[type[ComityError]] = [ComityError]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.template not in {"{problem}", *found}:
            found.append(kind.template)
    return sorted(found)


def path_of(language: str) -> Path:
    """Return where a language's catalog stands."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Return a language's catalog."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    """Bring every catalog to the strings of today: new ones empty, old ones dropped, nothing guessed."""
    template = gather()
    for language in LANGUAGES:
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = read(language) if path.exists() else Catalog(locale=language, project="Comity", fuzzy=False)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.header_comment = HEADER.format(language=language)
        catalog.last_translator = catalog.language_team = "machine, awaiting review by people"
        catalog.msgid_bugs_address = "the body that runs this instance"
        with path.open("wb") as file:
            write_po(file, catalog, width=120, include_lineno=False, sort_output=True, omit_header=False)


def compile_all() -> int:
    """Compile each catalog that is newer than its compiled form; return how many."""
    count = 0
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as file:
            catalog = read_po(file, locale=path.parent.parent.name)
        part = compiled.with_suffix(f".{id(catalog)}")
        with part.open("wb") as file:
            write_mo(file, catalog)
        part.replace(compiled)
        count += 1
    return count


def problems() -> Iterator[str]:
    """Yield every string that is missing, left over, untranslated, or whose placeholders or plural forms are wrong."""
    wanted = {_key(m): m for m in gather() if m.id}
    for language in LANGUAGES:
        catalog = read(language)
        have = {_key(m): m for m in catalog if m.id}
        yield from (f"{language}: missing: {key[1]}" for key in sorted(wanted.keys() - have.keys(), key=str))
        yield from (f"{language}: left over: {key[1]}" for key in sorted(have.keys() - wanted.keys(), key=str))
        for message in have.values():
            yield from (
                f"{language}: {problem}: {_key(message)[1]}" for problem in _faults(message, catalog.num_plurals)
            )


def _key(message: Message) -> tuple[str, str]:
    identity = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
    return (str(message.context or ""), str(identity))


def _faults(message: Message, plurals: int) -> Iterator[str]:
    ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    if not all(strings):
        yield "untranslated"
        return
    if message.fuzzy:
        yield "fuzzy"
    if len(ids) > 1 and len(strings) != plurals:
        yield f"{len(strings)} plural forms of {plurals}"
    wanted = set(PLACEHOLDER.findall(ids[-1]))
    # A singular, dual or zero form may say its number in words; no form may name what the original does not.
    for number, string in enumerate(strings):
        found = set(PLACEHOLDER.findall(str(string)))
        if (
            found - wanted
            or (len(strings) == 1 and found != wanted)
            or (number == len(strings) - 1 and found != wanted)
        ):
            yield f"placeholders {sorted(found)} of {sorted(wanted)}"


def main(words: list[str]) -> None:
    """Do what the first word says."""
    if words == ["compile"]:
        print(f"{compile_all()} catalogs compiled.")  # noqa: T201  (a command)
    elif words == ["update"]:
        update()
        compile_all()
    elif words == ["check"]:
        found = list(problems())
        print("\n".join(found) or "Every string stands in every language.")  # noqa: T201  (a command)
        sys.exit(1 if found else 0)
    else:
        sys.exit("comity: say compile, update or check")


if __name__ == "__main__":
    main(sys.argv[1:])
