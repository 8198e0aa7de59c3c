"""Every sentence of the report, whole, so that it can be translated without touching a page.

A sentence with a count has two forms and keeps the count as ``{n}``. Where one sentence holds several counts, each
counted phrase is an entry made for that sentence alone. Nothing on a page joins pieces of a sentence by itself.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (type hints that callers resolve at run time)
from collections.abc import Callable, Iterable, Mapping  # noqa: TC003  (dataclass fields are read at run time)
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.adapters.visual.charts import clean_text
from comity.adapters.visual.report.words_groups import COUNTED, SENTENCES

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Words:
    """The report's language: sentences, counted sentences, names of things, and how figures and dates are written."""

    language: str
    direction: str
    sentences: Mapping[str, str]
    counted: Mapping[str, tuple[str, ...]]
    names: Mapping[str, Mapping[str, str]]
    months: tuple[str, ...]
    choose_form: Callable[[int], int]

    def say(self, key: str, **data: Any) -> Markup:
        """Return the sentence of that key, its data escaped and kept apart from the direction of the sentence."""
        from markupsafe import Markup

        return Markup(self.sentences[key]).format(**{k: self._isolate(v) for k, v in data.items()})  # noqa: S704  (our own sentence; foreign words are escaped)

    def count(self, key: str, n: int, **data: Any) -> Markup:
        """Return the counted sentence of that key in the form that ``n`` needs."""
        from markupsafe import Markup

        form = self.counted[key][self.choose_form(n)]
        shown = {k: self._isolate(v) for k, v in data.items()}
        return Markup(form).format(n=self.number(n), **shown)  # noqa: S704  (our own sentence; foreign words are escaped)

    def name(self, table: str, key: str) -> str:
        """Return the name of a coded value, or the code itself where the table does not hold it."""
        return self.names[table].get(key, key)

    def number(self, n: int) -> str:
        r"""Write a count, thousands parted by a narrow no-break space.

        >>> ENGLISH.number(1204)
        '1\u202f204'
        """
        return f"{n:,}".replace(",", "\u202f")

    def date(self, day: dt.date) -> str:
        """Write a date in full.

        >>> ENGLISH.date(dt.date(2026, 11, 3))
        '3 November 2026'
        """
        return self.sentences["date"].format(day=day.day, month=self.months[day.month - 1], year=day.year)

    def join(self, names: Iterable[str]) -> Markup:
        """Return names as one list, each escaped and kept in its own direction."""
        from markupsafe import Markup

        return Markup(self.sentences["list-separator"]).join(self._isolate(n) for n in names)  # noqa: S704  (our own sentence; foreign words are escaped)

    def _isolate(self, value: Any) -> Any:
        """Wrap a foreign string in ``bdi``, so that an Arabic title does not turn an English sentence around."""
        from markupsafe import Markup

        if isinstance(value, Markup) or not isinstance(value, str):
            return value
        return Markup("<bdi>{}</bdi>").format(clean_text(value))


def _choose_english(n: int) -> int:
    return 0 if n == 1 else 1


_SENTENCES: Mapping[str, str] = {
    "date": "{day} {month} {year}",
    "list-separator": ", ",
    "description": "Instruments on artificial intelligence compared provision by provision: where they agree, where they "
    "differ, the closest pairs, and what is not known.",
    "brand-note": "Report of an alignment, to read, print and keep",
    "skip": "Skip to the content",
    "nav": "In this report",
    "nav-refused": "Refused",
    "nav-agree": "Agree",
    "nav-differ": "Differ",
    "nav-pairs": "Closest pairs",
    "nav-common": "Common ground",
    "nav-joint": "Joint actions",
    "nav-unknown": "Not known",
    "nav-topics": "Topics",
    "nav-instruments": "Instruments",
    "nav-method": "Method",
    "nav-files": "Files",
    "as-of": "As it stood on {date}",
    "lead-members": "{instruments} of {members}, {provisions}, were compared.",
    "lead-organisations": "{instruments} of {organisations}, {provisions}, were compared.",
    "lead-both": "{instruments} of {members} and {organisations}, {provisions}, were compared.",
    "lead-unnamed": "{instruments}, {provisions}, were compared. For none of them it is known whose it is.",
    "who": "<b>Who can see this?</b> Whoever has the file. It fetches nothing and sends nothing.",
    "not-legal": "A link proposed by a machine is not a legal interpretation. Whether two rules are equivalent is for "
    "members to declare, not for this report.",
    "noop": "Names, codes and positions imply no opinion on the legal status of any country, territory or boundary.",
    "total-instruments": "instruments read",
    "total-provisions": "provisions",
    "total-languages": "languages",
    "total-topics": "topics with a provision",
    "total-pairs": "pairs suggested",
    "total-refused": "files refused",
    "refused-title": "What could not be read",
    "refused-note": "These files are not part of anything below.",
    "refused-first": "First thing seen in it:",
    "agree-title": "Where they agree",
    "agree-note": "A topic is listed here when more than half of the parties have a provision on it, the most shared "
    "first. That they speak of the same thing does not say that they ask the same of it.",
    "agree-none": "On no topic do more than half of the parties have a provision.",
    "key-title": "In the bars",
    "key-binding": "Binding: solid bar",
    "key-voluntary": "Voluntary: bar split lengthwise, same height",
    "key-unstated": "Binding force not stated: bar split crosswise",
    "key-none": "Line: none found",
    "key-open": "Open bar: through an organisation",
    "level-list": "{level}: {names}",
    "not-found-in": "Read in full, searched by a machine, not found: {names}",
    "unread-in": "Not known, since only a part of their texts is here or they could not be searched: {names}",
    "differ-title": "Where they differ",
    "differ-note": "Silence is not recognition or objection. A machine searched and found nothing; no person has checked.",
    "also": "Also: {names}",
    "differ-some": "Some have it, others do not",
    "differ-some-none": "Every topic that two or more parties speak of is spoken of by more than half.",
    "differ-single": "Spoken of by one party only",
    "differ-single-note": "{topic} ({party})",
    "differ-strength": "The same topic, worded with different strength",
    "differ-strength-caption": "The strongest wording of each party, where one says must and another should or may. Wording is not force: a voluntary text may say must",
    "differ-strength-none": "On no topic does one party require what another only expects or permits, as far as the wording was judged.",
    "strength-topic": "Topic",
    "pairs-title": "Closest pairs",
    "pairs-intro": "Provisions of different parties that a machine suggests reading together, closest first. Each text is "
    "cited as it stands in the file; a point of a list repeats the words that open the list.",
    "pairs-key": "Broader and narrower speak of scope only: whom, what and when a text covers. Strength of the wording is "
    "shown apart: {must} a duty, {should} an expectation, {may} a permission.",
    "pairs-none": "No pair of provisions of different parties was close enough to suggest.",
    "pairs-rest": "All {total} pairs, those of one party included, are in {file}.",
    "pair-number": "Pair {number}",
    "pair-side": "{instrument}, {party}",
    "pair-summary": "A summary, not the law itself",
    "pair-wait": "Suggested by a machine, awaiting a person",
    "pair-done": "Confirmed by a person",
    "pair-why": "Why it was suggested: {why}",
    "pairs-closeness": "Closeness is given on the model’s own scale. It orders suggestions and is not a probability.",
    "pair-closeness": "Closeness {value}",
    "pair-page": "Page {page}",
    "pair-cut": "The text goes on: {shown} of {total} characters are shown.",
    "strength-unjudged": "strength not judged",
    "strength-suggested": "strength suggested by a machine",
    "unknown-title": "What is not known",
    "unknown-note": "Unknown is unknown: nothing below counts as agreement or as difference.",
    "unknown-outside": "Not in this collection",
    "unknown-search": "Searched, not found",
    "unknown-search-text": "Where a party is listed so under a topic, its texts here were read in full and a machine found "
    "no provision on it. Of other parties only a part is here, or their language could not be searched, and nothing is said of them. That does not show that the party has no rule, and only a member can state that it has none.",
    "unknown-language": "Languages the model does not know",
    "unknown-language-text": "These texts were compared by words alone, so a provision that says the same in another "
    "language was not found: {names}",
    "unknown-guessed": "Facts guessed from the names of files",
    "unknown-guessed-text": "Party, kind or status of these was taken from the name of the file. Check them: {names}",
    "unknown-party": "Whose it is",
    "unknown-party-text": "No party is stated for these. Each is counted as a party of its own: {names}",
    "unknown-binding": "Whether it binds",
    "unknown-binding-text": "It is not stated whether these bind: {names}",
    "unknown-basis": "How much of the text was read",
    "unknown-basis-text": "Only a part was read, or it is not stated how much: {names}",
    "unknown-summary": "Summaries, not the law itself",
    "unknown-summary-text": "The provisions of these are somebody’s summaries, so their wording and strength are the "
    "summary’s: {names}",
    "unknown-open": "What nobody has judged",
    "map-title": "World grid: {topic}",
    "map-caption": "One equal tile for each member, placed roughly where it is in the world. A law of a state, province or "
    "city inside a member is listed with that member and never colours its tile.",
    "map-members": "Members behind the map",
    "map-key": "{level}, {n}",
    "all-topics": "All topics",
    "topics-caption": "All topics: number of members by level, and number of provisions",
    "topics-none-sums": "The three kinds of none are never added up. Only a member can state that it has none.",
    "topics-col": "Topic",
    "topics-binding": "Binding",
    "topics-voluntary": "Voluntary",
    "topics-unstated": "Not stated",
    "topics-states": "States none",
    "topics-notfound": "Not found",
    "topics-nothere": "Not in collection",
    "topics-parties": "Parties",
    "topics-provisions": "Provisions",
    **SENTENCES,
    "joint-none": "No two members' actions here are close enough to be suggested.",
    "joint-rest": "All of them, with the place of every word, are in {file}.",
    "joint-date": "Date",
    "joint-indicator": "Indicator or target",
    "joint-owner": "Owner",
    "joint-unstated": "not stated",
    "joint-bare": "No date, no indicator and no owner is stated.",
    "addressed-to": "addressed to {who}",
    "addressed-to-suggested": "addressed to {who} (suggested)",
    "instruments-title": "Instruments",
    "instruments-region": "Table of instruments, scrolls sideways",
    "topics-region": "Table of topics, scrolls sideways",
    "strength-region": "Table of strengths, scrolls sideways",
    "figures-region": "Table of measurements, scrolls sideways",
    "instruments-caption": "The instruments that were read",
    "col-title": "Title",
    "col-party": "Party",
    "col-kind": "Kind and standing",
    "col-language": "Language",
    "col-provisions": "Provisions",
    "col-source": "Source",
    "party-unknown": "not stated",
    "party-subdivision": "{party} ({subdivision})",
    "standing-binding": "binding",
    "standing-voluntary": "not binding",
    "standing-unstated": "binding force not stated",
    "source-official": "Official text",
    "guessed": "guessed from the file name",
    "method-title": "Method and limits",
    "method-made": "Made by",
    "method-meaning": "Closeness in meaning",
    "method-meaning-text": "{embedder} {version}",
    "method-meaning-none": "not used: texts were compared by words alone",
    "method-words": "Closeness in words",
    "method-fusion": "How the two are joined",
    "method-topics": "Topics named by",
    "method-modality": "Strength judged by",
    "method-addressees": "Addressees named by",
    "method-where": "Where the text went",
    "method-local": "It stayed on the machine that made this report.",
    "method-sent": "It was sent to {to} to be compared.",
    "method-nobody": "nobody",
    "method-steps": "What was done",
    "method-measured": "What was measured",
    "method-not-measured": "What was not measured",
    "method-nothing": "Nothing was measured on these texts.",
    "figure-what": "Quality",
    "figure-value": "Value",
    "figure-interval": "95% interval",
    "figure-n": "n",
    "figure-source": "Measured on",
    "files-title": "The other files of this run",
    "files-note": "They stand beside this report.",
    "foot": "Made by {by}. This page needs no scripts and no network. You can print it, save it, or send it on as one file.",
}

_COUNTED: Mapping[str, tuple[str, ...]] = {
    "lead-instruments": ("{n} instrument", "{n} instruments"),
    "lead-n-members": ("{n} member", "{n} members"),
    "lead-n-organisations": ("{n} organisation", "{n} organisations"),
    "lead-provisions": ("{n} provision", "{n} provisions"),
    "lead-refused": (
        '<a href="#refused">{n} file could not be read.</a>',
        '<a href="#refused">{n} files could not be read.</a>',
    ),
    "agree-of": ("{n} of {total} parties speaks of it", "{n} of {total} parties speak of it"),
    "lead-voiceless": (
        "Of {n} party only texts are here that count for nobody: proposed, not yet in force, lapsed, or of a state or province.",
        "Of {n} parties only texts are here that count for nobody: proposed, not yet in force, lapsed, or of a state or province.",
    ),
    "lead-nameless": (
        "For {n} instrument it is not stated whose it is: it counts as a party of its own.",
        "For {n} instruments it is not stated whose they are: each counts as a party of its own.",
    ),
    "bar-wide": ("Each bar is {n} party wide.", "Each bar is {n} parties wide."),
    "bar-members": ("Each bar is {n} member wide.", "Each bar is {n} members wide."),
    "joint-read": (
        "{n} action and {goals} goals were read in strategies. Of the actions {dated} state a date, {measured} an indicator, {owned} an owner. "
        "What a text does not state is left empty.",
        "{n} actions and {goals} goals were read in strategies. Of the actions {dated} state a date, {measured} an indicator, {owned} an owner. "
        "What a text does not state is left empty.",
    ),
    **COUNTED,
    "joint-shown": ("{n} group of {total} is shown.", "{n} groups of {total} are shown."),
    "pairs-shown": ("{n} pair of {total} is shown.", "{n} pairs of {total} are shown."),
    "unknown-outside-text": (
        "{n} of the {all} members on the map has no instrument here, neither its own nor through an organisation. "
        "Nothing is said about it.",
        "{n} of the {all} members on the map have no instrument here, neither their own nor through an organisation. "
        "Nothing is said about them.",
    ),
    "unknown-unjudged": (
        "The strength of {n} provision was not judged.",
        "The strength of {n} provisions was not judged.",
    ),
    "unknown-untopiced": ("No topic was named for {n} provision.", "No topic was named for {n} provisions."),
    "map-description": (
        (
            "{n} equal tile. {binding} binding, {voluntary} voluntary, {unstated} not stated, {states} state that they have "
            "none, {notfound} searched and not found, {outside} not in this collection. The same data is in the list below."
        ),
        (
            "{n} equal tiles, one for each member. {binding} binding, {voluntary} voluntary, {unstated} not stated, {states} "
            "state that they have none, {notfound} searched and not found, {outside} not in this collection. The same data "
            "is in the list below."
        ),
    ),
    "map-intro": (
        "{n} member here has a provision on it, its own or through an organisation.",
        "{n} members here have a provision on it, their own or through an organisation.",
    ),
    "map-outside": (
        "{n} member of the map is not in this collection and is not listed.",
        "{n} members of the map are not in this collection and are not listed.",
    ),
}

_NAMES: Mapping[str, Mapping[str, str]] = {
    "level": {
        "binding-own": "Binding, own",
        "binding-through": "Binding, through an organisation",
        "voluntary-own": "Voluntary, own",
        "voluntary-through": "Voluntary, through an organisation",
        "unstated-own": "Not stated whether it binds, own",
        "unstated-through": "Not stated whether it binds, through an organisation",
        "states-none": "Member states it has none",
        "searched-not-found": "Searched, not found",
        "not-in-collection": "Not in this collection",
    },
    "standing": {
        "binding-own": "Binding",
        "voluntary-own": "Voluntary",
        "unstated-own": "Binding force not stated",
    },
    "modality": {
        "must": "must",
        "must-not": "must not",
        "should": "should",
        "may": "may",
        "declares": "declares",
    },
    "addressee": {
        "provider": "providers",
        "deployer": "deployers",
        "developer": "developers",
        "state": "states",
        "authority": "authorities",
        "user": "users",
        "organisation": "organisations",
        "all": "everyone",
    },
    "relation": {
        "same": "Same content",
        "broader": "A is broader",
        "narrower": "A is narrower",
        "related": "Related",
        "": "Close in meaning",
    },
    "relation-note": {
        "same": "same scope",
        "broader": "B covers fewer cases",
        "narrower": "B covers more cases",
        "related": "they overlap",
        "": "relation not proposed",
    },
    "kind": {},
    "status": {"in-force": "in force"},
    "basis": {"full-text": "full text", "partial-text": "part of the text", "unknown": "how much was read not stated"},
    "language": {
        "und": "not known", "": "not known", "ar": "Arabic", "bn": "Bengali", "de": "German", "en": "English",
        "es": "Spanish", "fa": "Persian", "fr": "French", "he": "Hebrew", "hi": "Hindi", "id": "Indonesian",
        "it": "Italian", "ja": "Japanese", "ko": "Korean", "ms": "Malay", "nl": "Dutch", "pl": "Polish",
        "pt": "Portuguese", "ru": "Russian", "rw": "Kinyarwanda", "sw": "Swahili", "th": "Thai", "tr": "Turkish",
        "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
    },
}  # fmt: skip

ENGLISH = Words(
    language="en",
    direction="ltr",
    sentences=_SENTENCES,
    counted=_COUNTED,
    names=_NAMES,
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    choose_form=_choose_english,
)  # fmt: skip
