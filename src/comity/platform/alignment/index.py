"""The word index of provisions: SQLite's FTS5, or PostgreSQL's text search, over the engine's own tokens.

Both databases get tokens that the engine has already folded (Arabic forms, accents, Chinese pairs of characters), so that
the same query finds the same provisions on both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from comity.engines.alignment.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.platform.alignment.models import Provision

TABLE = "alignment_search"
# Marks belong to the word in Indic and Thai scripts; everything else the engine has folded already.
TOKENIZER = "\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\""


def create(vendor: str) -> list[str]:
    """Return the statements that make the index on a database of this vendor."""
    if vendor == "sqlite":
        return [f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, tokenize={TOKENIZER})"]
    return [
        "CREATE INDEX alignment_provision_words ON alignment_provision USING gin (to_tsvector('simple', search_words))"
    ]


def drop(vendor: str) -> list[str]:
    """Return the statements that remove the index."""
    return [f"DROP TABLE {TABLE}"] if vendor == "sqlite" else ["DROP INDEX alignment_provision_words"]


def add_provisions(provisions: Iterable[Provision]) -> None:
    """Put provisions into the index. PostgreSQL indexes the column by itself."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE}(rowid, words) VALUES (%s, %s)",  # noqa: S608  (a constant of this module)
            [(p.pk, p.search_words) for p in provisions],
        )


def remove_provisions(keys: Sequence[int]) -> None:
    """Take provisions out of the index, before their words are put in anew. PostgreSQL indexes the column by itself."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(key,) for key in keys])  # noqa: S608  (a constant of this module)


def find(*, words: Sequence[str], every: bool, most: int) -> list[int]:
    """Return keys of provisions that hold every word (or any of them), best first, at most ``most``."""
    if not words:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            query = (" AND " if every else " OR ").join(
                '"' + w.replace('"', '""') + '"' + ("*" if _stands_alone(w) else "") for w in words
            )
            cursor.execute(
                f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY bm25({TABLE}), rowid LIMIT %s",  # noqa: S608  (a constant of this module)
                [query, most],
            )
        else:
            query = (" & " if every else " | ").join(
                "'" + w.replace("\\", "\\\\").replace("'", "''") + "'" + (":*" if _stands_alone(w) else "")
                for w in words
            )
            cursor.execute(
                "SELECT id FROM alignment_provision, to_tsquery('simple', %s) query "
                "WHERE to_tsvector('simple', search_words) @@ query "
                "ORDER BY ts_rank_cd(to_tsvector('simple', search_words), query, 1) DESC, id LIMIT %s",
                [query, most],
            )
        return [row[0] for row in cursor.fetchall()]


def _stands_alone(word: str) -> bool:
    """Tell whether a token is one character of a script that is kept in pairs: it is looked for as the first of any pair."""
    return len(word) == 1 and len(tokens_of(text=word * 3, language="und")) > 1
