"""The tables of the commons."""

from comity.platform.commons.models.evaluations import Evaluation
from comity.platform.commons.models.files import PublishingToken, Sending, StoredFile
from comity.platform.commons.models.releases import ExportNotice, Release, Version, VersionFile

__all__ = [
    "Evaluation",
    "ExportNotice",
    "PublishingToken",
    "Release",
    "Sending",
    "StoredFile",
    "Version",
    "VersionFile",
]
