"""The reference names every setting, command, option, finding, error, address, permission and coded word there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from comity.cli.main import COMMANDS, main
from comity.engines.alignment.texts import KINDS, MODALITIES, STATUSES
from comity.errors import ComityError
from comity.site.environment import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
# words of ./comity itself, which the command of the package does not have
OF_THE_SCRIPT = ("test", "lock", "messages")


def text_of(page: str) -> str:
    return (REFERENCE / f"{page}.md").read_text(encoding="utf-8")


def rows_of(text: str) -> list[list[str]]:
    """Every row of every table, cells trimmed; a bar that is escaped or in code does not part cells here."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not re.fullmatch(r"[|\-: ]+", line)]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def row_that_begins(text: str, first: str) -> list[str]:
    found = [row for row in rows_of(text) if row[0] == first]
    assert len(found) == 1, f"{first} has {len(found)} rows"
    return found[0]


def errors() -> list[type[ComityError]]:
    found, kinds = [], [ComityError]
    while kinds:
        kind = kinds.pop(0)
        found.append(kind)
        kinds += kind.__subclasses__()
    return found


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and subcommand by its full name."""
    context = click.Context(main, info_name="comity")
    waiting = [(f"comity {name}", main.get_command(context, name)) for name in COMMANDS]
    while waiting:
        name, command = waiting.pop(0)
        assert command is not None, name
        yield name, command
        if isinstance(command, click.Group):
            waiting += [(f"{name} {sub}", command.get_command(context, sub)) for sub in command.list_commands(context)]
        if name == "comity align":
            from comity.cli.files.compare import compare
            from comity.cli.files.evaluate import evaluate
            from comity.cli.files.nearest import nearest

            yield "comity align compare", compare
            yield "comity align evaluate", evaluate
            yield "comity align nearest", nearest


def section_of(name: str) -> str:
    found = re.search(
        rf"^(##+) `{re.escape(name)}`\n(.*?)(?=^##+ |\Z)", text_of("commands"), flags=re.MULTILINE | re.DOTALL
    )
    assert found, f"{name} has no section"
    return found[2]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.name)
def test_every_setting_has_its_row_with_default_allowed_and_meaning(setting) -> None:
    _, default, allowed, meaning = row_that_begins(text_of("settings"), f"`{setting.name}`")
    shown = "none" if setting.default is None else f"`{setting.default}`" if setting.default else "empty"
    assert (default, allowed, meaning.removeprefix("Secret. ")) == (shown, setting.allowed, setting.meaning)
    assert meaning.startswith("Secret. ") == setting.secret


def test_the_settings_table_holds_no_setting_that_is_gone() -> None:
    known = {s.name for s in SETTINGS} | {"COMITY_DATA", "COMITY_NO_SKIP", "COMITY_EMBEDDER_KEY", "COMITY_TOKEN"}
    assert {row[0].strip("`") for row in rows_of(text_of("settings")) if row[0].startswith("`COMITY_")} == known


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_section_with_its_sentence(name) -> None:
    opening = COMMANDS[name][2].rstrip(".")
    assert section_of(f"comity {name}").lstrip().startswith(opening)


def test_every_option_of_every_command_stands_in_its_section() -> None:
    missing = []
    for name, command in commands():
        section = section_of(name)
        for parameter in command.params:
            options = [o for o in parameter.opts if o.startswith("--")]
            missing += [f"{name} {o}" for o in options if f"| `{o}` |" not in section]
    assert missing == []


def test_no_section_shows_an_option_that_is_gone() -> None:
    left_over = []
    for name, command in commands():
        known = {o for p in command.params for o in p.opts}
        shown = re.findall(r"^\| `(--[a-z-]+)`", section_of(name), flags=re.MULTILINE)
        left_over += [f"{name} {o}" for o in shown if o not in known]
    assert left_over == []


def test_every_finding_of_doctor_stands_in_the_reference() -> None:
    makers = ("site/checks.py", "cli/server/doctor.py")
    source = "".join((ROOT / "src" / "comity" / maker).read_text(encoding="utf-8") for maker in makers)
    known = set(re.findall(r"comity\.[EWI][0-9]{3}", source))
    assert set(re.findall(r"comity\.[EWI][0-9]{3}", text_of("commands"))) == known


@pytest.mark.parametrize("error", errors(), ids=lambda e: e.code)
def test_every_error_has_its_row_with_class_status_and_remedy(error) -> None:
    from comity.web.middleware import STATUS

    row = row_that_begins(text_of("errors"), f"`{error.code}`")
    status = next((code for kind, code in STATUS if issubclass(error, kind)), 500)
    assert (row[1], row[2]) == (f"`{error.__name__}`", str(status))
    assert row[4].endswith(".")


@pytest.mark.parametrize("error", errors(), ids=lambda e: e.code)
def test_every_error_row_names_the_data_of_its_sentence(error) -> None:
    row = row_that_begins(text_of("errors"), f"`{error.code}`")
    shown = set(re.findall(r"[a-z]+", row[3].replace("(MB)", "")))
    assert set(re.findall(r"\{([a-z]+)\}", error.template)) <= shown


def test_the_tree_of_errors_is_the_tree_of_classes() -> None:
    def drawn(kind: type[ComityError], stem: str) -> Iterator[str]:
        children = kind.__subclasses__()
        for child in children:
            last = child is children[-1]
            yield f"{stem}{'└' if last else '├'}── {child.__name__}"
            yield from drawn(child, stem + ("    " if last else "│   "))

    assert "\n".join(["ComityError", *drawn(ComityError, "")]) in text_of("errors")


def test_every_action_and_role_stands_in_the_table_of_roles() -> None:
    from comity.platform.parties.rules import MAY, ROLES

    header, *rows = rows_of(text_of("roles").partition("## Who sees what")[0])
    assert header == ["action", *ROLES]
    assert rows == [[action, *("yes" if role in roles else "no" for role in ROLES)] for action, roles in MAY.items()]


def test_every_circle_and_role_stands_in_the_table_of_roles() -> None:
    from comity.platform.parties.rules import ROLES, SEES

    header, *rows = rows_of(text_of("roles").partition("## Who sees what")[2])
    assert header == ["circle", *ROLES]
    assert rows == [[circle, *("yes" if role in roles else "no" for role in ROLES)] for circle, roles in SEES.items()]


def test_every_statement_on_personal_data_stands_on_its_page() -> None:
    from django.apps import apps

    text = (ROOT / "docs" / "explanation" / "personal-data.md").read_text(encoding="utf-8")
    rows = {row[0]: row[1:] for row in rows_of(text)[1:]}
    stated = {
        model.__name__: model.personal_data
        for model in apps.get_models()
        if model.__module__.startswith("comity.") and hasattr(model, "personal_data")
    }
    assert rows == {n: [p.purpose, p.retention, p.export, p.erasure] for n, p in stated.items()}


def addresses() -> Iterator[str]:
    """Every address, each parameter in capitals."""
    waiting: list[tuple[str, URLPattern | URLResolver]] = [("/", p) for p in get_resolver().url_patterns]
    while waiting:
        stem, pattern = waiting.pop(0)
        plain = re.sub(r"^\^\(\?P(<\w+>)\[\^/\]\+\)", r"\1", str(pattern.pattern))  # a regular expression of allauth's
        path = stem + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: m[1].upper(), plain)
        if isinstance(pattern, URLResolver):
            waiting += [(path, p) for p in pattern.url_patterns]
        else:
            yield path


def test_every_address_stands_in_the_reference_and_no_other() -> None:
    shown = [row[0].strip("`") for row in rows_of(text_of("addresses")) if row[0].startswith("`/")]
    assert sorted(shown) == sorted({a for a in addresses() if not a.startswith("/api/")})


def test_every_endpoint_stands_in_the_reference_with_its_parameters_and_no_other() -> None:
    from comity.api.v1 import api

    known = {
        path: [p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"]
        for path, methods in api.get_openapi_schema()["paths"].items()
        for operation in methods.values()
    }
    shown = {
        row[0].strip("`"): re.findall(r"`(\w+)`", row[2])
        for row in rows_of(text_of("api"))
        if row[0].startswith("`/api")
    }
    assert shown == known


def test_every_field_of_an_act_stands_in_the_reference_and_no_other() -> None:
    source = (ROOT / "src" / "comity" / "platform" / "record" / "services.py").read_text(encoding="utf-8")
    content = re.search(r"content: dict\[str, Any\] = \{\n(.*?)\n    \}", source, flags=re.DOTALL)
    assert content
    fields = re.findall(r'^        "(\w+)":', content[1], flags=re.MULTILINE)
    first_table = text_of("record").split("## Types")[0]
    assert [row[0].strip("`") for row in rows_of(first_table)[1:]] == fields


def test_every_type_of_act_and_relation_stands_in_the_reference() -> None:
    from comity.platform.record.models import Link
    from comity.web.words import ACT_TYPES

    text = text_of("record")
    assert [row[0].strip("`") for row in rows_of(text.split("## Types")[1].split("\n## ")[0])[1:]] == list(ACT_TYPES)
    assert [r for r in Link.Relation.values if f"`{r}`" not in text] == []


def test_every_coded_word_of_an_alignment_is_explained() -> None:
    from comity.adapters.visual.marks import MARK_OF_LEVEL
    from comity.platform.alignment.models import CrosswalkLink

    text = text_of("alignment-files")
    words = (*MARK_OF_LEVEL, *MODALITIES, *KINDS, *STATUSES, *CrosswalkLink.Relation.values)
    assert [w for w in words if f"`{w}`" not in text] == []


def test_every_column_of_the_files_of_a_run_is_explained() -> None:
    from comity.adapters.joint_action_files import JOINT_ACTIONS
    from comity.cli.files.line import WRITTEN
    from comity.cli.files.outputs import CONVERGENCE, CROSSWALK

    text = text_of("alignment-files")
    assert [name for name in (*WRITTEN, *CROSSWALK, *CONVERGENCE, *JOINT_ACTIONS) if f"`{name}`" not in text] == []


@pytest.mark.parametrize("page", sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]), ids=lambda p: p.name)
def test_every_command_line_shown_is_one_that_exists(page: Path) -> None:
    wrong = []
    for block in re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL):
        for line in block.splitlines():
            words = shlex.split(line.replace("...", ""))
            if "-m" in words and words[words.index("-m") + 1] == "comity":
                words = words[words.index("-m") + 1 :]
            if (
                len(words) < 2
                or words[0] not in {"./comity", "comity"}
                or words[1] in OF_THE_SCRIPT
                or words[1].startswith("-")
            ):
                continue
            wrong += misread(words[1:], line)
    assert wrong == []


def misread(words: list[str], line: str) -> list[str]:
    """What is wrong with one command line: an unknown command, or an option that its command does not have."""
    known = dict(commands())
    name, command = "comity", None
    rest = list(words)
    while rest and f"{name} {rest[0]}" in known:
        name = f"{name} {rest.pop(0)}"
        command = known[name]
    if command is None:
        return [f"{line}: no such command"]
    options = {o for p in command.params for o in p.opts} | {"--help", "-h"}
    return [f"{line}: {w}" for w in rest if w.startswith("-") and w.split("=")[0] not in options]
