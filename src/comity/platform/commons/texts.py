"""Check the words of a release before they are kept, and find them in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.errors import BadParameter
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.submission_text import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_TITLE = 200
MOST_SUMMARY = 1000


def checked_texts(name: str, texts: Mapping[str, str], *, most: int, needed: bool = True) -> dict[str, str]:
    """Return texts by language, each on one line, empty ones left out.

    Raises BadParameter where none is left and one is ``needed``, for a language that is none of the six, and as ``checked_line`` does.
    """
    kept = {str(language): checked_line(name, str(text), most=most) for language, text in texts.items()}
    kept = {language: kept[language] for language in sorted(kept) if kept[language]}
    unknown = sorted(set(kept) - set(LANGUAGES))
    if unknown:
        raise BadParameter(name=name, found=unknown[0][:20], allowed=", ".join(LANGUAGES))
    if needed and not kept:
        raise BadParameter(name=name, found="empty", allowed="a text in one of the six languages at least")
    return kept


def checked_line(name: str, text: str, *, most: int, least: int = 0) -> str:
    """Return a text on one line. Raises BadParameter where it is too long or too short, or hides signs."""
    found = " ".join(text.split())
    if not least <= len(found) <= most:
        raise BadParameter(name=name, found=f"{len(found)} characters", allowed=f"{least} to {most} characters")
    if HIDDEN.search(found):
        raise BadParameter(
            name=name, found="with characters that cannot be seen", allowed="letters, digits and signs alone"
        )
    return found


def text_in(texts: Mapping[str, str], language: str) -> str:
    """Return a text in the reader's language, else in English, else in the first there is; empty where there is none.

    >>> text_in({"fr": "Liste de mots"}, "en")
    'Liste de mots'
    """
    return texts.get(language_in(texts, language), "")


def language_in(texts: Mapping[str, str], language: str) -> str:
    """Return the language in which ``text_in`` answers; empty where there is no text."""
    return next((code for code in (language.partition("-")[0], "en", *sorted(texts)) if texts.get(code)), "")
