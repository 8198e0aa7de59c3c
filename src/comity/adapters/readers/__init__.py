"""Readers turn files into documents and instruments: PDF, HTML, Markdown, plain text, and our tables."""

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
