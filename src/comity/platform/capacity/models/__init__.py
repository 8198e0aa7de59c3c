"""The tables of capacity."""

from comity.platform.capacity.models.agreements import Agreement, ProgressReport, Promise
from comity.platform.capacity.models.deliveries import MeasuredResult, Milestone
from comity.platform.capacity.models.figures import ContextActivity, Series, SeriesValue
from comity.platform.capacity.models.needs import Attachment, Need, Question
from comity.platform.capacity.models.offers import Application, Offer
from comity.platform.capacity.models.resources import Resource
from comity.platform.capacity.models.rounds import (
    Allocation,
    Challenge,
    Commitment,
    Exclusion,
    Round,
    RoundNeed,
    RoundOffer,
)

__all__ = [
    "Agreement",
    "Allocation",
    "Application",
    "Attachment",
    "Challenge",
    "Commitment",
    "ContextActivity",
    "Exclusion",
    "MeasuredResult",
    "Milestone",
    "Need",
    "Offer",
    "ProgressReport",
    "Promise",
    "Question",
    "Resource",
    "Round",
    "RoundNeed",
    "RoundOffer",
    "Series",
    "SeriesValue",
]
