"""Template tags: marks and charts of the visual floor, names of countries, words of the vocabularies."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext

from comity.adapters.country_data import read_atlas
from comity.adapters.visual import charts, marks
from comity.engines.parties.countries import name_of
from comity.platform.alignment.selectors import latest_run
from comity.platform.parties.roster import body_names, member_names
from comity.web import words
from comity.web.context import interface_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

register = template.Library()

FRAME_MARKS = ("mark", "rec", "v-del")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ckb", "dv"})


def _safe(markup: str) -> SafeString:
    # The visual floor escapes every word that it is given; what it returns is markup.
    return mark_safe(markup)  # noqa: S308  (the visual floor has escaped it)


@register.simple_tag
def sprite(names: Iterable[str] = ()) -> SafeString:
    """The page's marks, once, hidden."""
    return _safe(marks.sprite(names=tuple(dict.fromkeys((*FRAME_MARKS, *(names or ()))))))


@register.simple_tag
def level_tile(level: str) -> SafeString:
    """The small tile of a level, to stand before its word."""
    return _safe(charts.tile(level=level))


@register.simple_tag
def level_bar(counts: Mapping[str, int], total: int) -> SafeString:
    """The bar of a topic."""
    return _safe(charts.level_bar(counts=counts, total=total))


@register.simple_tag
def progress_bar(label: str, done: int, total: int) -> SafeString:
    """How far a piece of work has come; a total of 0 says that its end is not known yet."""
    count = gettext("%(done)s of %(total)s") % {"done": done, "total": total} if total else ""
    return _safe(charts.progress_bar(label=str(label), text=count, done=done, total=total or None))


@register.simple_tag
def relation_glyph(relation: str) -> SafeString:
    """The two squares of a relation."""
    return _safe(charts.relation_glyph(relation=relation))


@register.simple_tag
def seen(visibility: str, word: str = "") -> SafeString:
    """Who can see it: squares and word."""
    return _safe(charts.seen(visibility=visibility, word=str(word or words.VISIBILITY[visibility])))


@register.filter
def word(value: str, table: str) -> Any:
    """The word of a vocabulary for a value; the value itself where the vocabulary has none."""
    found: Any = getattr(words, table).get(value, value)
    return found


@register.filter
def party_name(code: str) -> str:
    """The name of a state, an organisation or a member of the body in the reader's language."""
    names = member_names(language=interface_language()) if code.islower() else {}
    if code in names:
        return names[code]
    if code == "MULTI":
        return gettext("Several parties")
    return name_of(atlas=read_atlas(), code=code, language=interface_language())


@register.filter
def in_language(texts: Mapping[str, str]) -> str:
    """A text kept by language: the reader's, else English."""
    return texts.get(interface_language()) or texts["en"]


@register.filter
def listed(words: Iterable[str]) -> str:
    """Words in a row, parted as the reader's language parts them."""
    return {"ar": "، ", "zh": "、"}.get(interface_language(), ", ").join(str(word) for word in words)


@register.filter
def direction_of(language: str) -> str:
    """The direction of a language's script, for ``dir``."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


@register.filter
def day(value: dt.date | None) -> str:
    """A date in words, as the reader's language writes it."""
    return date_format(value, _form("DATE_FORMAT", english="j F Y")) if value else ""


def _form(name: str, *, english: str) -> str:
    """Django's form of each language, but the day first in English, as the United Nations write it."""
    return english if interface_language() == "en" else name


@register.filter
def dated(value: dt.date | str | None) -> SafeString:
    """A date in words, marked so that machines read it too; nothing where there is none."""
    day_of = dt.date.fromisoformat(value) if isinstance(value, str) and value else value
    if not isinstance(day_of, dt.date):
        return mark_safe("")
    return format_html('<time datetime="{}">{}</time>', day_of.isoformat(), day(day_of))


@register.filter
def timed(value: dt.datetime) -> SafeString:
    """A time in UTC in words, marked so that machines read it too."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(timespec="seconds"), moment(value))


@register.inclusion_tag("comity/_as_of.html")
def as_of() -> dict[str, Any]:
    """When the figures that pages show were drawn up, and of which collection: the one place that says it."""
    return {"run": latest_run()}


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A time in UTC, in words."""
    comma = "، " if interface_language() == "ar" else ", "
    return f"{day(value)}{comma}{value:%H:%M} UTC" if value else ""


@register.filter
def day_and_time(value: dt.datetime) -> str:
    """A time in UTC without its year, for tables that say UTC in their head."""
    return f"{date_format(value, _form('MONTH_DAY_FORMAT', english='j F'))}, {value:%H:%M}"


@register.filter
def by_key(mapping: Mapping[str, Any], key: str) -> Any:
    """The value of a mapping at a key, or nothing."""
    return mapping.get(key, "")


@register.simple_tag(takes_context=True)
def same_page(context: Mapping[str, Any], **changes: Any) -> str:
    """The present address with some parameters changed; nothing removes one."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in {None, ""}:
            query.pop(key, None)
        else:
            query[key] = str(value)
    query.pop("lang", None)
    encoded: str = query.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.filter
def by_fours(text: str) -> str:
    """Hexadecimal digits in groups of four, so that a person can compare them."""
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


@register.filter
def member_name(slug: str) -> str:
    """The name of a member of the body in the reader's language; its slug where there is none."""
    return member_names(language=interface_language()).get(slug, slug)


@register.filter
def language_in_itself(code: str) -> str:
    """The name of a language, in that language."""
    try:
        return str(get_language_info("zh-hans" if code == "zh" else code)["name_local"])
    except KeyError:
        return code


@register.filter
def clock(value: dt.datetime) -> str:
    """A time of the day as it stands, in whatever zone it is."""
    return f"{value:%H:%M}"


@register.filter
def body_name(slug: str) -> str:
    """The name of a body in the reader's language; its slug where there is none."""
    return body_names(language=interface_language()).get(slug, slug)


@register.filter
def amount(value: Decimal | None) -> str:
    """Units of a resource as the reader's language writes them, without noughts that say nothing; empty where there are none."""
    if value is None:
        return ""
    plain = f"{value:f}"
    return number_format(Decimal(plain.rstrip("0").rstrip(".") if "." in plain else plain), force_grouping=True)


@register.filter
def as_percent(share: float | None) -> str:
    """A share in whole percent as the reader's language writes it; empty where there is none."""
    return "" if share is None else gettext("%(n)s%%") % {"n": number_format(round(100 * share))}


@register.filter
def data_size(value: int) -> str:
    """A number of bytes as the reader's language writes it, in units of a thousand, as the commands say it."""
    power = min(5, max(0, (len(str(int(value))) - 1) // 3))
    # Django counts in units of 1,024, and has the words of every language.
    return str(filesizeformat(value / 1000**power * 1024**power))
