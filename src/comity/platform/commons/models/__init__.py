"""The tables of the commons."""

from comity.platform.commons.models.agreements import (
    AgreementParty,
    AgreementStep,
    AgreementTemplate,
    AgreementText,
    ReleaseTerms,
    SharingAgreement,
    TemplateVersion,
)
from comity.platform.commons.models.files import PublishingToken, Sending, StoredFile
from comity.platform.commons.models.releases import ExportNotice, Release, Version, VersionFile

__all__ = [
    "AgreementParty",
    "AgreementStep",
    "AgreementTemplate",
    "AgreementText",
    "ExportNotice",
    "PublishingToken",
    "Release",
    "ReleaseTerms",
    "Sending",
    "SharingAgreement",
    "StoredFile",
    "TemplateVersion",
    "Version",
    "VersionFile",
]
