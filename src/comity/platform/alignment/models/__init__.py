"""The tables of alignment."""

from comity.platform.alignment.models.links import OPEN, CrosswalkLink, LinkReading, LinkReview
from comity.platform.alignment.models.reviews import FruitlessSearch, LearnedWeights, LinkAnswer, ReviewRule
from comity.platform.alignment.models.runs import (
    AlignmentRun,
    Cluster,
    ClusterHolding,
    ConvergenceCell,
    ConvergenceYear,
)
from comity.platform.alignment.models.texts import Instrument, Provision, ProvisionTopic, StatedNone, Topic
from comity.platform.alignment.models.uploads import Upload
from comity.platform.alignment.models.versions import PastProvision, PastVersion, StaleMark

__all__ = [
    "OPEN",
    "AlignmentRun",
    "Cluster",
    "ClusterHolding",
    "ConvergenceCell",
    "ConvergenceYear",
    "CrosswalkLink",
    "FruitlessSearch",
    "Instrument",
    "LearnedWeights",
    "LinkAnswer",
    "LinkReading",
    "LinkReview",
    "PastProvision",
    "PastVersion",
    "Provision",
    "ProvisionTopic",
    "ReviewRule",
    "StaleMark",
    "StatedNone",
    "Topic",
    "Upload",
]
