"""The tables of the commons."""

from comity.platform.commons.models.files import PublishingToken, Sending, StoredFile
from comity.platform.commons.models.mirrors import Mirror, MirrorComparison
from comity.platform.commons.models.releases import ExportNotice, Release, Version, VersionFile

__all__ = [
    "ExportNotice",
    "Mirror",
    "MirrorComparison",
    "PublishingToken",
    "Release",
    "Sending",
    "StoredFile",
    "Version",
    "VersionFile",
]
