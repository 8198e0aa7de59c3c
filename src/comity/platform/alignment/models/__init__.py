"""The tables of alignment."""

from comity.platform.alignment.models.links import OPEN, CrosswalkLink, LinkReading, LinkReview
from comity.platform.alignment.models.reviews import FruitlessSearch, LearnedWeights, LinkAnswer, ReviewRule
from comity.platform.alignment.models.runs import AlignmentRun, ConvergenceCell
from comity.platform.alignment.models.texts import Instrument, Provision, ProvisionTopic, StatedNone, Topic

__all__ = [
    "OPEN",
    "AlignmentRun",
    "ConvergenceCell",
    "CrosswalkLink",
    "FruitlessSearch",
    "Instrument",
    "LearnedWeights",
    "LinkAnswer",
    "LinkReading",
    "LinkReview",
    "Provision",
    "ProvisionTopic",
    "ReviewRule",
    "StatedNone",
    "Topic",
]
