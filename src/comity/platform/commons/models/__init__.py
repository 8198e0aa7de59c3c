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
from comity.platform.commons.models.asking import MemberQuestion, MemberReply, QuestionSubject
from comity.platform.commons.models.evaluations import Evaluation
from comity.platform.commons.models.files import PublishingToken, Sending, StoredFile
from comity.platform.commons.models.mirrors import Mirror, MirrorComparison
from comity.platform.commons.models.notes import ExperienceNote, NoteSubject, NoteTranslation
from comity.platform.commons.models.releases import ExportNotice, Release, Version, VersionFile

__all__ = [
    "AgreementParty",
    "AgreementStep",
    "AgreementTemplate",
    "AgreementText",
    "Evaluation",
    "ExperienceNote",
    "ExportNotice",
    "MemberQuestion",
    "MemberReply",
    "Mirror",
    "MirrorComparison",
    "NoteSubject",
    "NoteTranslation",
    "PublishingToken",
    "QuestionSubject",
    "Release",
    "ReleaseTerms",
    "Sending",
    "SharingAgreement",
    "StoredFile",
    "TemplateVersion",
    "Version",
    "VersionFile",
]
