"""Renders the stand-alone report: one HTML file with its style sheet and marks inside, no scripts, no requests."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from comity.adapters.visual import charts, read_stylesheet
from comity.adapters.visual.marks import MARK_OF_LEVEL, sprite
from comity.adapters.visual.report import reading
from comity.adapters.visual.report.words import ENGLISH, Words

if TYPE_CHECKING:
    from markupsafe import Markup

    from comity.adapters.visual.report.model import Cited, CommonGround, InstrumentLine, JointAction, Report

SHOWN_PAIRS: Final = 40
"""How many pairs the page shows; the rest are in the file of pairs."""

SHOWN_CHARACTERS: Final = 1200
"""How much of one cited provision the page shows; the page says where it cuts."""

SHOWN_GROUND: Final = 30
"""How many matters of common ground the page shows; the rest are in their file."""
SHOWN_JOINT: Final = 60
"""How many possible joint actions the page shows; the rest are in their file."""

SHOWN_TOPICS: Final = 12
"""How many topics each list of agreement or difference shows; the table holds them all."""

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_MARKS: Final = ("mark", "x-same", "x-broader", "x-narrower", "x-related", *MARK_OF_LEVEL.values())


def render_report(*, report: Report, words: Words = ENGLISH) -> str:
    """Return the report as one HTML document, to be written as UTF-8.

    The same report gives the same bytes on every machine. Its content security policy allows the one style sheet
    inside it, by its digest, and nothing else. Text that came from files is escaped, and carries its language and
    direction.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    css = read_stylesheet()
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    pages = Environment(
        loader=PackageLoader("comity.adapters.visual.report", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    text = pages.get_template("report.html").render(
        **_lay_out(report=report, words=words),
        css=Markup(css),  # noqa: S704  (our own file, which holds no closing tag)
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        sprite=sprite(names=_MARKS),
        tile=charts.tile,
        level_bar=charts.level_bar,
        relation_glyph=charts.relation_glyph,
    )
    return charts.clean_text(text)


def _lay_out(*, report: Report, words: Words) -> dict[str, Any]:
    """Return everything the pages name, counted and sorted, so that they only place it."""
    readings = reading.read_topics(report=report)
    agreed, partial = reading.find_agreement(readings=readings), reading.find_partial(readings=readings)
    differing = reading.find_strength_differences(readings=readings)
    lead = reading.choose_lead(report=report, readings=readings)
    members = reading.list_members(report=report)
    speakers = reading.list_speakers(report=report)
    owners = reading.list_owners(report=report)
    instruments = reading.sort_instruments(report=report)
    pairs = report.pairs[:SHOWN_PAIRS]
    return {
        "report": report,
        "words": words,
        "say": words.say,
        "count": words.count,
        "number": words.number,
        "name": words.name,
        "join": words.join,
        "link": _link,
        "lead_sentence": _lead(report=report, words=words, speakers=owners),
        "voiceless": len(owners) - len(speakers),
        "totals": _totals(report=report, words=words, readings=readings),
        "speakers": speakers,
        "nameless": sum(s.kind == "unnamed" for s in speakers),
        "agreed": agreed[:SHOWN_TOPICS],
        "agreed_more": agreed[SHOWN_TOPICS:],
        "partial": partial[:SHOWN_TOPICS],
        "partial_more": partial[SHOWN_TOPICS:],
        "single": reading.find_single(readings=readings),
        "differing": differing[:SHOWN_TOPICS],
        "differing_more": differing[SHOWN_TOPICS:],
        "strengths": reading.STRENGTHS,
        "pairs": pairs,
        "cites": [tuple(_cite(side, report=report, words=words) for side in (p.left, p.right)) for p in pairs],
        "ground": [_matter(m, report=report, words=words) for m in _most_reaching(report)],
        "everywhere": sum(not m.missing for m in report.common_ground),
        "joint": [_joint(group, report=report, words=words) for group in report.joint_actions[:SHOWN_JOINT]],
        "instruments": [_line(i, report=report, words=words) for i in instruments],
        "unknown": _unknown(report=report, members=members, instruments=instruments),
        "levels": tuple(MARK_OF_LEVEL),
        "members": members,
        "pairs_link": _link(report.pairs_file),
        "lead": lead,
        "lead_map": _map(report=report, words=words, lead=lead, members=members),
        "facets": _facets(report=report, readings=readings, members=members),
    }


def _link(name: str) -> Markup:
    """Return a link to a file that stands beside the report."""
    from urllib.parse import quote

    from markupsafe import Markup

    return Markup('<a href="{}"><bdi>{}</bdi></a>').format("./" + quote(name), charts.clean_text(name))


def _lead(*, report: Report, words: Words, speakers: tuple[reading.Speaker, ...]) -> Markup:
    members = sum(s.kind == "member" for s in speakers)
    organisations = sum(s.kind == "organisation" for s in speakers)
    key = {
        (True, True): "lead-both",
        (True, False): "lead-members",
        (False, True): "lead-organisations",
        (False, False): "lead-unnamed",
    }[members > 0, organisations > 0]
    return words.say(
        key,
        instruments=words.count("lead-instruments", len(report.instruments)),
        members=words.count("lead-n-members", members),
        organisations=words.count("lead-n-organisations", organisations),
        provisions=words.count("lead-provisions", sum(i.provisions for i in report.instruments)),
    )


def _totals(*, report: Report, words: Words, readings: tuple[reading.TopicReading, ...]) -> list[tuple[str, Markup]]:
    languages = {i.language.lower().split("-", maxsplit=1)[0] for i in report.instruments} - {"und", ""}
    return [
        (words.number(len(report.instruments)), words.say("total-instruments")),
        (words.number(sum(i.provisions for i in report.instruments)), words.say("total-provisions")),
        (words.number(len(languages)), words.say("total-languages")),
        (words.number(sum(bool(r.speaking) for r in readings)), words.say("total-topics")),
        (words.number(max(report.pairs_total, len(report.pairs))), words.say("total-pairs")),
        (words.number(len(report.refusals)), words.say("total-refused")),
    ]


def language_attribute(language: str) -> str:
    """Return the language tag if a page can carry it, else "" (unknown): "und" and nonsense are not languages."""
    return language if _LANGUAGE_TAG.fullmatch(language) and language.lower() not in {"und", "mul", "zxx"} else ""


def cut_text(*, text: str, limit: int = SHOWN_CHARACTERS) -> str:
    """Return ``text``, or its beginning up to the last space before ``limit`` characters.

    >>> cut_text(text="one two three", limit=9)
    'one two'
    """
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(maxsplit=1)[0] if " " in text[:limit] else text[:limit]


def safe_link(address: str) -> str:
    """Return an address that may be followed, or "" for anything but http and https."""
    return address if re.match(r"https?://[^\s\"'<>]+\Z", address) else ""


def _most_reaching(report: Report) -> list[CommonGround]:
    """Return what is shown, in the order given: where there is too much, what leaves fewest regions out, then reaches most parties."""
    widest = sorted(report.common_ground, key=lambda m: (len(m.missing), -len(m.parties)))[:SHOWN_GROUND]
    return [m for m in report.common_ground if m in widest]


def _matter(matter: CommonGround, *, report: Report, words: Words) -> dict[str, Any]:
    central = _cite(matter.central, report=report, words=words) | {"topic": matter.topic}
    return {"central": central, "parties": matter.parties, "missing": matter.missing, "others": matter.others}


def _joint(group: JointAction, *, report: Report, words: Words) -> dict[str, Any]:
    rows = [(_cite(a.cited, report=report, words=words), a.dates, a.indicators, a.owners) for a in group.actions]
    return {"topics": group.topics, "rows": rows}


def _cite(cited: Cited, *, report: Report, words: Words) -> dict[str, Any]:
    instrument = next((i for i in report.instruments if i.id == cited.instrument), None)
    shown = cut_text(text=cited.text)
    return {
        "cited": cited,
        "instrument": (instrument.short_title or instrument.title) if instrument else cited.instrument,
        "party": reading.speaker_of(report=report, instrument=instrument) if instrument else None,
        "summary": instrument is not None and instrument.summary,
        "addressees": words.join(words.name("addressee", who) for who in cited.addressees),
        "uncounted": instrument.uncounted if instrument else "",
        "lang": language_attribute(cited.language),
        "dir": reading.direction_of(cited.language),
        "text": shown,
        "cut": len(shown) < len(cited.text),
    }


def _line(line: InstrumentLine, *, report: Report, words: Words) -> dict[str, Any]:
    speaker = reading.speaker_of(report=report, instrument=line)
    named = "" if speaker.kind == "unnamed" else speaker.name
    standing = {True: "standing-binding", False: "standing-voluntary", None: "standing-unstated"}[line.binding]
    coded = (words.name("kind", line.kind), words.name("status", line.status))
    return {
        "line": line,
        "party": words.say("party-subdivision", party=named, subdivision=line.subdivision)
        if named and line.subdivision
        else named,
        "standing": words.join(dict.fromkeys([*(c for c in coded if c), str(words.say(standing))])),
        "lang": language_attribute(line.title_language),
        "dir": reading.direction_of(line.title_language),
        "link": safe_link(line.official_url),
    }


def _unknown(*, report: Report, members: tuple[str, ...], instruments: tuple[InstrumentLine, ...]) -> dict[str, Any]:
    def titles(chosen: list[InstrumentLine]) -> list[str]:
        return [i.short_title or i.title for i in chosen]

    parties = {p.code for p in report.parties}
    return {
        "outside": len(report.tiles.keys() - set(members)) if members else 0,
        "language": titles([i for i in instruments if i.lexical_only]),
        "guessed": titles([i for i in instruments if i.stated_by != "collection"]),
        "party": titles([i for i in instruments if i.party not in parties]),
        "binding": titles([i for i in instruments if i.binding is None]),
        "basis": titles([i for i in instruments if i.basis != "full-text"]),
        "summary": titles([i for i in instruments if i.summary]),
    }


def _map(
    *, report: Report, words: Words, lead: reading.TopicReading | None, members: tuple[str, ...]
) -> dict[str, Any] | None:
    if lead is None or not report.tiles or not members:
        return None
    names = {p.code: p.name for p in report.parties}
    levels = {code: lead.topic.levels.get(code, charts.UNKNOWN_LEVEL) for code in {*members, *report.tiles}}
    placed = reading.count_levels(topic=lead.topic, members=tuple(report.tiles))
    counts = reading.count_levels(topic=lead.topic, members=tuple(sorted(levels)))
    description = words.count(
        "map-description",
        len(report.tiles),
        binding=placed["binding-own"] + placed["binding-through"],
        voluntary=placed["voluntary-own"] + placed["voluntary-through"],
        unstated=placed["unstated-own"] + placed["unstated-through"],
        states=placed["states-none"],
        notfound=placed["searched-not-found"],
        outside=placed[charts.UNKNOWN_LEVEL],
    )
    return {
        "svg": charts.tile_map(
            tiles=report.tiles,
            levels=levels,
            title=words.say("map-title", topic=lead.topic.label).striptags(),
            description=description.striptags(),
            labels={},
        ),
        "counts": counts,
        "spoken": sum(counts[level] for level in charts.BAR_LEVELS),
        "members": {
            level: [names.get(code, code) for code in members if levels[code] == level]
            for level in MARK_OF_LEVEL
            if level != charts.UNKNOWN_LEVEL
        },
    }


def _facets(
    *, report: Report, readings: tuple[reading.TopicReading, ...], members: tuple[str, ...]
) -> list[tuple[str, list[tuple[reading.TopicReading, dict[str, int]]]]]:
    labels = dict(report.facets)
    order = list(dict.fromkeys([*labels, *(r.topic.facet for r in readings)]))
    rows = {
        facet: [(r, reading.count_levels(topic=r.topic, members=members)) for r in readings if r.topic.facet == facet]
        for facet in order
    }
    return [(labels.get(facet, facet), rows[facet]) for facet in order if rows[facet]]
