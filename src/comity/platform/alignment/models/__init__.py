"""The tables of alignment."""

from comity.platform.alignment.models.links import CrosswalkLink, LinkReading, LinkReview
from comity.platform.alignment.models.runs import (
    AlignmentRun,
    Cluster,
    ClusterHolding,
    ConvergenceCell,
    ConvergenceYear,
)
from comity.platform.alignment.models.texts import Instrument, Provision, ProvisionTopic, StatedNone, Topic
from comity.platform.alignment.models.uploads import Upload

__all__ = [
    "AlignmentRun",
    "Cluster",
    "ClusterHolding",
    "ConvergenceCell",
    "ConvergenceYear",
    "CrosswalkLink",
    "Instrument",
    "LinkReading",
    "LinkReview",
    "Provision",
    "ProvisionTopic",
    "StatedNone",
    "Topic",
    "Upload",
]
