"""The tables of the commons."""

from comity.platform.commons.models.agreements import SharingAgreement, Template, TemplateText
from comity.platform.commons.models.files import PublishingToken, Sending, StoredFile
from comity.platform.commons.models.mirrors import Mirror
from comity.platform.commons.models.notes import Answer, ExperienceNote, NoteText, QuestionToMembers
from comity.platform.commons.models.releases import ExportNotice, Release, Version, VersionFile

__all__ = [
    "Answer",
    "ExperienceNote",
    "ExportNotice",
    "Mirror",
    "NoteText",
    "PublishingToken",
    "QuestionToMembers",
    "Release",
    "Sending",
    "SharingAgreement",
    "StoredFile",
    "Template",
    "TemplateText",
    "Version",
    "VersionFile",
]
