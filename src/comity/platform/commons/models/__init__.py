"""The tables of the commons."""

from comity.platform.commons.models.asking import MemberQuestion, MemberReply, QuestionSubject
from comity.platform.commons.models.evaluations import Evaluation
from comity.platform.commons.models.files import PublishingToken, Sending, StoredFile
from comity.platform.commons.models.notes import ExperienceNote, NoteSubject, NoteTranslation
from comity.platform.commons.models.releases import ExportNotice, Release, Version, VersionFile

__all__ = [
    "Evaluation",
    "ExperienceNote",
    "ExportNotice",
    "MemberQuestion",
    "MemberReply",
    "NoteSubject",
    "NoteTranslation",
    "PublishingToken",
    "QuestionSubject",
    "Release",
    "Sending",
    "StoredFile",
    "Version",
    "VersionFile",
]
