"""Sidecar reads ``instruments.toml``: what a folder's keeper states about the plain documents that lie beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.adapters.readers.document import DEFAULT_LIMITS
from comity.adapters.readers.files import show_name
from comity.adapters.readers.instruments import read_facts, read_stated_none
from comity.adapters.readers.tables import Table, load_toml, open_table
from comity.errors import BadInstrumentFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from comity.adapters.readers.document import ReadingLimits
    from comity.engines.alignment.texts import Scheme

SIDECAR_NAME = "instruments.toml"
"""The name by which a sidecar is told from an instrument file."""

_KEYS = (
    "title", "short_title", "party", "kind", "status", "binding", "date", "language", "official_url", "basis",
    "subdivision", "signatories",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sidecar:
    """Facts by file name, each under the names of Instrument's fields and only those stated; and the pairs of
    (member, topic) for which the member states that it has no provision.
    """

    documents: Mapping[str, Mapping[str, Any]]
    stated_none: frozenset[tuple[str, str]]


def read_sidecar(*, path: Path, scheme: Scheme | None = None, limits: ReadingLimits = DEFAULT_LIMITS) -> Sidecar:
    """Return what a sidecar states. A table names a file of the same folder: ``[instruments."act.en.pdf"]``.

    Raises BadInstrumentFile at the first mistake, and the errors of reading a file.
    """
    file = show_name(path=path)
    values = load_toml(path=path, limits=limits)
    Table(file=file, where="the file", values=values).check_keys(required=(), optional=("instruments", "states_none"))
    documents: dict[str, Mapping[str, Any]] = {}
    if "instruments" in values:
        table = open_table(file=file, values=values, key="instruments")
        for name in table.values:
            documents[name] = _read_document_facts(file=file, name=name, values=table.values)
    return Sidecar(documents=documents, stated_none=read_stated_none(file=file, values=values, scheme=scheme))


def _read_document_facts(*, file: str, name: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    shown = f'instruments."{show_name(path=name)}"'
    if "/" in name or "\\" in name or name in {"", ".", ".."}:
        raise BadInstrumentFile(file=file, where=shown, problem="it is a path; name a file of the same folder")
    if not isinstance(values[name], dict):
        raise BadInstrumentFile(
            file=file, where=shown, problem="it is not a table; write the name of the file between quotes"
        )
    table = Table(file=file, where=shown, values=values[name])
    table.check_keys(required=(), optional=_KEYS)
    if "signatories" in table.values and "party" not in table.values:
        raise table.refuse(key="signatories", problem='they need party = "MULTI"; add it')
    return read_facts(table=table)
