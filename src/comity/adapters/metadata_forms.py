"""Every form in which a release is told of, by the name of its document: which kinds it suits, its media type, and what writes it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from comity.adapters import (
    bundle_crates,
    card_writing,
    croissant_files,
    datacite_records,
    dcat_records,
    dpg_writing,
    mof_writing,
    release_crates,
    schema_org,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from comity.adapters.release_facts import ReleaseFacts

ALL = frozenset({"model", "dataset", "tool", "course", "paper"})


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its name, the media type of its document, the kinds of releases that it suits, and the profile that it follows."""

    title: str
    media_type: str
    write: Callable[[ReleaseFacts], bytes]
    kinds: frozenset[str] = ALL
    profile: str = ""


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        schema_org.NAME: Form("schema.org", "application/ld+json", lambda f: schema_org.write_schema(facts=f)),
        croissant_files.NAME: Form(
            "Croissant 1.1",
            "application/ld+json",
            lambda f: croissant_files.write_croissant(facts=f),
            frozenset({"dataset"}),
            croissant_files.VERSION,
        ),
        bundle_crates.NAME: Form(
            "RO-Crate 1.1",
            "application/ld+json",
            lambda f: release_crates.write_crate(facts=f),
            profile=bundle_crates.PROFILE,
        ),
        card_writing.NAME: Form("Hugging Face", "text/markdown", lambda f: card_writing.write_card(facts=f)),
        dcat_records.NAME: Form("DCAT-AP 3", "application/ld+json", lambda f: dcat_records.write_dcat(facts=f)),
        datacite_records.NAME: Form(
            "DataCite 4.6",
            "application/vnd.datacite.datacite+json",
            lambda f: datacite_records.write_datacite(facts=f),
            profile=datacite_records.SCHEMA,
        ),
        dpg_writing.NOMINATION: Form(
            "Digital Public Goods, nomination", "application/json", lambda f: dpg_writing.write_nomination(facts=f)
        ),
        dpg_writing.SCREENING: Form(
            "Digital Public Goods, screening", "application/json", lambda f: dpg_writing.write_screening(facts=f)
        ),
        mof_writing.NAME: Form(
            "Model Openness Framework",
            "application/yaml",
            lambda f: mof_writing.write_mof(facts=f),
            frozenset({"model"}),
        ),
    }
)
"""The name of a document: its form."""


def forms_of(kind: str, /) -> dict[str, Form]:
    """Return the forms that suit a kind of release."""
    return {name: form for name, form in FORMS.items() if kind in form.kinds}
