"""The style sheet: one file that fetches nothing, in layers, in light and in dark."""

from __future__ import annotations

import re

from comity.adapters.visual import STYLESHEET, read_stylesheet


def test_nothing_in_the_stylesheet_is_fetched_from_elsewhere() -> None:
    found = re.findall(r"url\(|@import|@font-face|https?:(?!\"\])|//|expression\(|src:", read_stylesheet())
    assert found == []


def test_stylesheet_is_at_most_32_kilobytes() -> None:
    assert STYLESHEET.stat().st_size <= 32 * 1024


def test_layers_come_in_their_fixed_order() -> None:
    first = re.search(r"@layer ([^{;]+);", read_stylesheet())
    assert first is not None
    assert first.group(1).split(", ") == [
        "reset", "tokens", "base", "layout", "components", "charts", "utilities", "print",
    ]  # fmt: skip


def test_braces_are_balanced() -> None:
    css = re.sub(r"/\*.*?\*/", "", read_stylesheet(), flags=re.DOTALL)
    assert css.count("{") == css.count("}")


def test_stylesheet_can_stand_inside_a_page() -> None:
    assert "</" not in read_stylesheet()


def test_every_token_that_is_used_is_defined() -> None:
    css = read_stylesheet()
    assert set(re.findall(r"var\((--[\w-]+)\)", css)) - set(re.findall(r"(--[\w-]+):", css)) == set()


def test_dark_mode_redefines_every_colour_of_light_mode() -> None:
    light, dark = re.findall(r":root \{(.*?)\n\s*\}", read_stylesheet(), flags=re.DOTALL)[:2]
    colours = set(re.findall(r"(--[\w-]+): #", light))
    assert len(colours) == 17
    assert set(re.findall(r"(--[\w-]+): #", dark)) == colours


def test_forms_style_the_inputs_that_accounts_and_uploads_need() -> None:
    css = read_stylesheet()
    assert 'input:not([type="checkbox"], [type="radio"], [type="hidden"]' in css
    for name in ("::file-selector-button", '[aria-invalid="true"]', ".errors", ".pages", "progress", ".mock", ".skip"):
        assert name in css, name
