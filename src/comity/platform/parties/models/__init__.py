"""The tables of the room: accounts, bodies, delegations, what delegations send, notices, and ways in."""

from comity.platform.parties.models.accounts import PersonalData, Role, RoleGrant, User, UserManager
from comity.platform.parties.models.bodies import (
    Body,
    Member,
    Membership,
    OrganisationSeat,
    Suspension,
    VoteInPlace,
)
from comity.platform.parties.models.delegations import Credential, Proxy, Voice
from comity.platform.parties.models.doors import Invitation, Recovery
from comity.platform.parties.models.notices import CalendarFeed, DigestChoice, OutgoingMail
from comity.platform.parties.models.prepared import Prepared
from comity.platform.parties.models.submissions import Statement, Submission, SubmissionComment, SubmissionVersion

__all__ = [
    "Body",
    "CalendarFeed",
    "Credential",
    "DigestChoice",
    "Invitation",
    "Member",
    "Membership",
    "OrganisationSeat",
    "OutgoingMail",
    "PersonalData",
    "Prepared",
    "Proxy",
    "Recovery",
    "Role",
    "RoleGrant",
    "Statement",
    "Submission",
    "SubmissionComment",
    "SubmissionVersion",
    "Suspension",
    "User",
    "UserManager",
    "Voice",
    "VoteInPlace",
]
