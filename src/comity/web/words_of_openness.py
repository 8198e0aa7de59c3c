"""Why a release is as open as it is, in the reader's language: the words of each reason that the engine gives by its code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import get_language_bidi, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from comity.web.templatetags.comity import listed
from comity.web.words_of_components import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ISOLATE, END = "\u2068", "\u2069"
LICENCE_REASONS = {
    "no-licence": _("no licence is stated"),
    "too-long": _("the text has {found} characters; a licence expression has at most {most}"),
    "unreadable": _("“{text}” is neither an SPDX expression nor a name that is known here ({problem})"),
    "not-expected": _("“{word}” was not expected"),
    "deep-brackets": _("more than {most} brackets inside each other"),
    "open-bracket": _("a bracket is not closed"),
    "licence-missing": _("a licence is missing"),
    "exception-missing": _("an exception is missing after WITH"),
    "no-meaning": _("“{sign}” has no meaning in it"),
    "of-licence": "{licence}: {reason}",
    "renamed": _("{reason}; {old} is called {now} now"),
    "reviewed": _("open, as reviewed by {bodies}"),
    "fixed-parts": _("named parts may not be changed"),
    "no-changes": _("changed copies may not be shared"),
    "no-commercial-use": _("commercial use is not allowed"),
    "licence-not-stated": _("the licence is not stated"),
    "own-licence": _("a licence of its own, which no known body has reviewed"),
    "not-reviewed": _("no known body has reviewed a licence of this name"),
    "exception-unknown": _("the exception {exception} is not on the SPDX list, and may add a restriction"),
    "exception-permits": _("{reason}; the exception permits more"),
    "most-open": _("{reason} (of the alternatives, the most open)"),
    "all-bind": _("{reason} (all parts bind; this is the least open)"),
    "forbidden-uses": _("its terms forbid named uses"),
    "forbidden-uses-and-users": _("its terms forbid named uses and need another agreement above a number of users"),
    "rights-kept": _("no licence is given: the rights stay with the author"),
    "rights-sold": _("the rights stay with the author, or are sold"),
    "to-distribute-only": _("it lets arXiv distribute the text, and gives readers no rights"),
    "forbidden-improvement": _("its terms forbid named uses and the improvement of other models"),
    "ends-without-safeguard": _("its terms end where a safeguard is removed"),
    "number-of-users": _("it needs another agreement above a number of users"),
    "forbidden-hosting": _("it forbids named uses, and hosting without permission"),
    "commercial-permission": _("commercial use needs permission"),
    "later-open": _("production use is limited until the date on which it changes"),
    "whole-service": _("whoever offers it as a service must publish all of that service"),
    "no-service": _("it may not be offered as a service"),
    "good-not-evil": _("it says “for good, not evil”: a field of use is excluded"),
    "computing-only": _("the data may be used for computing only"),
    "small-businesses": _("only small businesses may use it"),
    "one-platform": _("only for one platform"),
    "research-only": _("for research only"),
    "research-unregistered": _("for research only without registration"),
}
FRAMEWORK_REASONS = {
    "not-there": _("it is not in the release"),
    "not-open": _("its licence is not open: {reason}"),
    "paper-instead": _("a research paper stands in its place"),
    "declared-only": _("declared by a record; no file of it was seen"),
    "some-closed": _("not under an open licence: {closed} of its {all} parts"),
    "written-for": _(
        "{licence} is open, but was written for other content ({written}); better: a licence for {better}"
    ),
    "sort-code": pgettext_lazy("what a licence is for", "code"),
    "sort-data": pgettext_lazy("what a licence is for", "data"),
    "sort-document": pgettext_lazy("what a licence is for", "documents"),
    "nothing-there": _("no part is there"),
    "all-open": _("every part is under an open licence"),
    "least-open-part": _("least open: {parts}; more open: {higher} of {all} parts"),
    "least-open-parts": _("least open: {parts}; more open: {higher} of {all} parts"),
    "least-open-more": _("least open: {parts} and others ({more}); more open: {higher} of {all} parts"),
}
GOOD_REASONS = {
    "names-goals": _("goals that it names: {goals}"),
    "no-goal": _("it names no goal"),
    "follows-standards": _("the record states that it follows standards"),
    "follows-practices": _("the record states that it follows best practices"),
    "no-part": _("the record names no part that is there"),
    "stated": _("the record states this: {asked}"),
    "stated-so": _("the record states this: {asked} ({said})"),
    "denied": _("the record says no to this: {asked}"),
    "denied-so": _("the record says no to this: {asked} ({said})"),
    "silent": _("not stated in the record: {asked}"),
    "not-asked": _("not asked, since the record says that there is no such thing: {matter}"),
    "silent-on": _("the record does not say whether there is such a thing: {matter}"),
    "files-of": _("there are files for it: {kinds}"),
    "of-part": "{part}: {reason}",
    "of-part-content": _("{part}: {reason}, accepted for content though commercial use is not allowed"),
    "ask-goals": _("relevance to a Sustainable Development Goal"),
    "ask-licence": _("an open licence"),
    "ask-licence-of": _("an open licence for {part}"),
    "ask-owner": _("who owns it"),
    "ask-independence": _("independence from its closed parts, or open ones in their place"),
    "ask-documentation": _("documentation"),
    "ask-extraction": _("a way to take its data out in an open format"),
    "ask-privacy": _("compliance with privacy laws"),
    "ask-standards": _("standards or best practices"),
    "ask-harm": _("steps that prevent harm"),
    "ask-personal": _("9a, privacy and security of personal data"),
    "ask-content": _("9b, finding unlawful content"),
    "ask-harassment": _("9c, protection from harassment"),
    "ask-underage": _("9c, safety of underage users"),
    "matter-dependencies": _("parts that restrict more than its licence"),
    "matter-data": _("data that name nobody"),
    "matter-personal": _("personal data"),
    "matter-content": _("content that it collects, keeps or passes on"),
    "matter-meeting": _("people meeting through it"),
    "kind-documentation": KINDS["documentation"],
    "kind-model-card": KINDS["model-card"],
    "kind-data-card": KINDS["data-card"],
    "kind-technical-report": KINDS["technical-report"],
    "kind-research-paper": KINDS["research-paper"],
}
RISK_REASONS = {
    "code-pickle": _("loading a pickle runs whatever code it holds"),
    "code-program": _("it is a program"),
    "code-layer": _("it holds a Lambda layer, which runs code when Keras loads it"),
    "code-macros": _("its macros run when they are allowed to"),
    "code-unrecognised": _("it could not be recognised: nobody should load it"),
    "code-cells": _("its cells are programs"),
    "code-operations": _("its operations can read and write files"),
    "code-closed-archive": _("it could not be looked into, and may hold anything"),
    "code-objects": _("its arrays may hold objects: loading a pickle runs whatever code it holds"),
    "code-holds-program": _("it holds a program: {member}"),
    "code-holds-pickle": _("it holds {member}: loading a pickle runs whatever code it holds"),
}
WORDS: Mapping[str, Any] = LICENCE_REASONS | FRAMEWORK_REASONS | GOOD_REASONS | RISK_REASONS


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence for a page: its ``language`` is empty where it is the reader's, ``en`` where it was kept in English alone."""

    text: str
    language: str = ""

    def __str__(self) -> str:
        return self.text


def say(reason: Any, /, *, english: str = "") -> Said:
    """Return a reason, as findings keep it, in the reader's language; its English sentence where it has no code that is known."""
    try:
        return Said(capfirst(_say(reason)))
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        return Said(capfirst(english), "en")


def say_all(reasons: Any, /, *, english: str = "") -> Said:
    """Return several reasons in one line, as ``say`` does."""
    said = [say(reason) for reason in reasons or ()] if isinstance(reasons, list) else []
    if not said or any(s.language for s in said):
        return Said(capfirst(english), "en")
    return Said("; ".join(s.text for s in said))


def _say(reason: Mapping[str, Any], /) -> str:
    told = {name: _value(value) for name, value in reason["data"].items()}
    return str(WORDS[reason["code"]]).format(**told)


def _value(value: Any, /) -> str:
    if isinstance(value, dict):
        return _say(value)
    if isinstance(value, list):
        return listed(_values(value))
    # A name in Latin letters is kept together from right to left.
    return f"{ISOLATE}{value}{END}" if get_language_bidi() else str(value)


def _values(values: Iterable[Any], /) -> list[str]:
    return [_value(value) for value in values]
