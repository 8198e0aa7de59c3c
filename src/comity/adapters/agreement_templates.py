"""Read and write a template of agreements in our TOML form, whose bytes are the same for the same template."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from comity.engines.commons.blanks import Blank, Template
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Mapping

FORM = 1
MOST_BYTES = 1_000_000
MOST_NUMBER = 1_000_000
KNOWN = frozenset(
    {
        "comity_template",
        "slug",
        "kind",
        "authentic",
        "notice_days",
        "titles",
        "summaries",
        "translations",
        "blank",
        "texts",
    }
)
OF_A_BLANK = frozenset({"name", "kind", "labels", "required", "option"})
OF_AN_OPTION = frozenset({"code", "labels"})


def read_template(content: bytes, /) -> Template:
    """Return the template of a file; the rules of templates are asked where it is issued.

    Raises BadParameter for what is no TOML, too large, of another form, or has a key that nobody knows.
    """
    if len(content) > MOST_BYTES:
        raise BadParameter(name="file", found=f"{len(content)} bytes", allowed=f"at most {MOST_BYTES} bytes")
    try:
        tree = tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        raise BadParameter(name="file", found="not in UTF-8", allowed="text in UTF-8") from None
    except (ValueError, RecursionError) as error:  # tomllib lets a number of too many digits pass as it is
        raise BadParameter(name="file", found=str(error)[:120], allowed="a file in TOML") from None
    _demand_keys("file", tree, KNOWN)
    if tree.get("comity_template") != FORM:
        raise BadParameter(
            name="comity_template", found=_shown(tree.get("comity_template", "nothing")), allowed=str(FORM)
        )
    notice = tree.get("notice_days")
    if notice is not None and (type(notice) is not int or abs(notice) > MOST_NUMBER):
        raise BadParameter(name="notice_days", found=_shown(notice), allowed="a whole number of days")
    return Template(
        slug=_text(tree, "slug"),
        kind=_text(tree, "kind"),
        titles=_texts(tree, "titles"),
        summaries=_texts(tree, "summaries"),
        texts={language: text.strip() for language, text in _texts(tree, "texts").items()},
        authentic=_codes(tree, "authentic"),
        translations=_texts(tree, "translations"),
        blanks=tuple(_blank(row) for row in _tables(tree, "blank")),
        notice_days=notice,
    )


def write_template(template: Template, /) -> bytes:
    """Return a template as a file that ``read_template`` reads as the same."""
    lines = [
        f"comity_template = {FORM}",
        f"slug = {_quote(template.slug)}",
        f"kind = {_quote(template.kind)}",
        f"authentic = [{', '.join(_quote(code) for code in template.authentic)}]",
    ]
    if template.notice_days is not None:
        lines.append(f"notice_days = {template.notice_days}")
    for name, texts in (
        ("titles", template.titles),
        ("summaries", template.summaries),
        ("translations", template.translations),
    ):
        if texts:
            lines += ["", f"[{name}]", *(f"{code} = {_quote(texts[code])}" for code in sorted(texts))]
    for blank in template.blanks:
        lines += ["", "[[blank]]", f"name = {_quote(blank.name)}", f"kind = {_quote(blank.kind)}"]
        if not blank.required:
            lines.append("required = false")
        lines.append(f"labels = {_row(blank.labels)}")
        for code, words in blank.options:
            lines += ["[[blank.option]]", f"code = {_quote(code)}", f"labels = {_row(words)}"]
    lines += ["", "[texts]"]
    for code in sorted(template.texts):
        text = template.texts[code]
        lines += [f"{code} = '''\n{text}\n'''" if "'''" not in text else f"{code} = {_quote(text)}"]
    return ("\n".join(lines) + "\n").encode()


def _blank(row: Mapping[str, Any], /) -> Blank:
    _demand_keys("blank", row, OF_A_BLANK)
    required = row.get("required", True)
    if not isinstance(required, bool):
        raise BadParameter(name="required", found=_shown(required), allowed="true or false")
    options = _tables(row, "option")
    for option in options:
        _demand_keys("option", option, OF_AN_OPTION)
    return Blank(
        name=_text(row, "name"),
        kind=_text(row, "kind"),
        labels=_texts(row, "labels"),
        required=required,
        options=tuple((_text(option, "code"), _texts(option, "labels")) for option in options),
    )


def _demand_keys(name: str, row: Mapping[str, Any], known: frozenset[str], /) -> None:
    unknown = sorted(set(row) - known)
    if unknown:
        raise BadParameter(name=f"key of the {name}", found=unknown[0][:40], allowed=", ".join(sorted(known)))


def _text(row: Mapping[str, Any], name: str, /) -> str:
    found = row.get(name, "")
    if not isinstance(found, str):
        raise BadParameter(name=name, found=_shown(found), allowed="text in quotes")
    return found


def _texts(row: Mapping[str, Any], name: str, /) -> dict[str, str]:
    found = row.get(name, {})
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise BadParameter(name=name, found="something else", allowed="texts by language")
    return dict(found)


def _shown(found: object, /) -> str:
    try:
        return str(found)[:40]
    except (ValueError, RecursionError):  # Python writes no number of more than 4,300 digits
        return "something else"


def _codes(row: Mapping[str, Any], name: str, /) -> tuple[str, ...]:
    found = row.get(name, [])
    if not isinstance(found, list) or not all(isinstance(code, str) for code in found):
        raise BadParameter(name=name, found="something else", allowed='languages such as ["en", "fr"]')
    return tuple(found)


def _tables(row: Mapping[str, Any], name: str, /) -> list[Mapping[str, Any]]:
    found = row.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadParameter(name=name, found="something else", allowed=f"tables [[{name}]]")
    return found


def _quote(text: str, /) -> str:
    # A string of JSON is one of TOML, but for the sign DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _row(texts: Mapping[str, str], /) -> str:
    return f"{{ {', '.join(f'{code} = {_quote(texts[code])}' for code in sorted(texts))} }}"
