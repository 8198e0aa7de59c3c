"""The tables of decisions."""

from comity.platform.decisions.models.ballots import Ballot, BallotOutcome, Elector, Explanation, PreparedVote, Vote
from comity.platform.decisions.models.documents import Document, DocumentVersion, ElectionResult, VersionText
from comity.platform.decisions.models.rules import RuleInForce

__all__ = [
    "Ballot",
    "BallotOutcome",
    "Document",
    "DocumentVersion",
    "ElectionResult",
    "Elector",
    "Explanation",
    "PreparedVote",
    "RuleInForce",
    "VersionText",
    "Vote",
]
