"""The tables of dialogue."""

from comity.platform.dialogue.models.answers import Answer, Exposure, PreparedAnswer, Waited
from comity.platform.dialogue.models.consultations import Dialogue, GivenCode, Invitee, Participant
from comity.platform.dialogue.models.results import Analysis, OtherView
from comity.platform.dialogue.models.sheets import SheetBatch, SheetEntry
from comity.platform.dialogue.models.statements import Moderation, Statement, StatementText

__all__ = [
    "Analysis",
    "Answer",
    "Dialogue",
    "Exposure",
    "GivenCode",
    "Invitee",
    "Moderation",
    "OtherView",
    "Participant",
    "PreparedAnswer",
    "SheetBatch",
    "SheetEntry",
    "Statement",
    "StatementText",
    "Waited",
]
