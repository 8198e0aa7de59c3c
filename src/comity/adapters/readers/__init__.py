"""Readers turn files into documents and instruments: PDF, HTML, Markdown, plain text, and our tables.

A reader is imported when it is first asked for: pages that only name a format or a limit have no need of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comity.adapters.readers.document import DEFAULT_LIMITS, Document, ReadingLimits
    from comity.adapters.readers.files import find_documents, show_name
    from comity.adapters.readers.instruments import read_instrument_file, read_scheme
    from comity.adapters.readers.provision_table import read_provision_table
    from comity.adapters.readers.reading import provisions_of, read_document
    from comity.adapters.readers.sidecar import SIDECAR_NAME, Sidecar, read_sidecar

__all__ = [
    "DEFAULT_LIMITS",
    "SIDECAR_NAME",
    "Document",
    "ReadingLimits",
    "Sidecar",
    "find_documents",
    "provisions_of",
    "read_document",
    "read_instrument_file",
    "read_provision_table",
    "read_scheme",
    "read_sidecar",
    "show_name",
]

_PLACES = {
    "document": ("DEFAULT_LIMITS", "Document", "ReadingLimits"),
    "files": ("find_documents", "show_name"),
    "instruments": ("read_instrument_file", "read_scheme"),
    "provision_table": ("read_provision_table",),
    "reading": ("provisions_of", "read_document"),
    "sidecar": ("SIDECAR_NAME", "Sidecar", "read_sidecar"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for from the module that has it (PEP 562)."""
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
