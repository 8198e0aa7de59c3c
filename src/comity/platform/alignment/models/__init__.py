"""The tables of alignment."""

from comity.platform.alignment.models.links import CrosswalkLink, LinkReading, LinkReview
from comity.platform.alignment.models.runs import AlignmentRun, ConvergenceCell
from comity.platform.alignment.models.texts import Instrument, Provision, ProvisionTopic, StatedNone, Topic
from comity.platform.alignment.models.versions import PastProvision, PastVersion, StaleMark

__all__ = [
    "AlignmentRun",
    "ConvergenceCell",
    "CrosswalkLink",
    "Instrument",
    "LinkReading",
    "LinkReview",
    "PastProvision",
    "PastVersion",
    "Provision",
    "ProvisionTopic",
    "StaleMark",
    "StatedNone",
    "Topic",
]
