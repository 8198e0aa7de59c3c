"""The codes of IATI 2.03 that Comity writes and checks, list by list.

Embedded lists are part of the standard and change with its version alone: IATI/IATI-Codelists, branch version-2.03. The others
are kept beside it and may grow: IATI/IATI-Codelists-NonEmbedded. Names are the English ones of those lists, shortened where they
explain. Lists of hundreds of codes (countries, currencies, purposes) are checked by their form alone.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DATE_TYPES = MappingProxyType({"1": "Planned start", "2": "Actual start", "3": "Planned End", "4": "Actual end"})
STATUSES = MappingProxyType(
    {
        "1": "Pipeline/identification",
        "2": "Implementation",
        "3": "Finalisation",
        "4": "Closed",
        "5": "Cancelled",
        "6": "Suspended",
    }
)
BUDGET_STATUSES = MappingProxyType({"1": "Indicative", "2": "Committed"})
BUDGET_TYPES = MappingProxyType({"1": "Original", "2": "Revised"})
ROLES = MappingProxyType({"1": "Funding", "2": "Accountable", "3": "Extending", "4": "Implementing"})
RELATIONS = MappingProxyType({"1": "Parent", "2": "Child", "3": "Sibling", "4": "Co-funded", "5": "Third Party"})
TRANSACTION_TYPES = MappingProxyType(
    {
        "1": "Incoming Funds",
        "2": "Outgoing Commitment",
        "3": "Disbursement",
        "4": "Expenditure",
        "5": "Interest Payment",
        "6": "Loan Repayment",
        "7": "Reimbursement",
        "8": "Purchase of Equity",
        "9": "Sale of Equity",
        "10": "Credit Guarantee",
        "11": "Incoming Commitment",
        "12": "Outgoing Pledge",
        "13": "Incoming Pledge",
    }
)
DOCUMENT_CATEGORIES = MappingProxyType(
    {
        "A01": "Pre- and post-project impact appraisal",
        "A02": "Objectives / Purpose of activity",
        "A03": "Intended ultimate beneficiaries",
        "A04": "Conditions",
        "A05": "Budget",
        "A06": "Summary information about contract",
        "A07": "Review of project performance and evaluation",
        "A08": "Results, outcomes and outputs",
        "A09": "Memorandum of understanding (If agreed by all parties)",
        "A10": "Tender",
        "A11": "Contract",
        "A12": "Activity web page",
        "B01": "Annual report",
        "B02": "Institutional Strategy paper",
        "B03": "Country strategy paper",
        "B04": "Aid Allocation Policy",
        "B05": "Procurement Policy and Procedure",
        "B06": "Institutional Audit Report",
        "B07": "Country Audit Report",
        "B08": "Exclusions Policy",
        "B09": "Institutional Evaluation Report",
        "B10": "Country Evaluation Report",
        "B11": "Sector strategy",
        "B12": "Thematic strategy",
        "B13": "Country-level Memorandum of Understanding",
        "B14": "Evaluations policy",
        "B15": "General Terms and Conditions",
        "B16": "Organisation web page",
        "B17": "Country/Region web page",
        "B18": "Sector web page",
    }
)
EMBEDDED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "ActivityDateType": DATE_TYPES,
        "ActivityStatus": STATUSES,
        "BudgetStatus": BUDGET_STATUSES,
        "BudgetType": BUDGET_TYPES,
        "DocumentCategory": DOCUMENT_CATEGORIES,
        "OrganisationRole": ROLES,
        "RelatedActivityType": RELATIONS,
        "TransactionType": TRANSACTION_TYPES,
    }
)

ORGANISATION_TYPES = MappingProxyType(
    {
        "10": "Government",
        "11": "Local Government",
        "15": "Other Public Sector",
        "21": "International NGO",
        "22": "National NGO",
        "23": "Regional NGO",
        "24": "Partner Country based NGO",
        "30": "Public Private Partnership",
        "40": "Multilateral",
        "60": "Foundation",
        "70": "Private Sector",
        "71": "Private Sector in Provider Country",
        "72": "Private Sector in Aid Recipient Country",
        "73": "Private Sector in Third Country",
        "80": "Academic, Training and Research",
        "90": "Other",
    }
)
DESCRIPTION_TYPES = MappingProxyType({"1": "General", "2": "Objectives", "3": "Target Groups", "4": "Other"})
OTHER_IDENTIFIER_TYPES = MappingProxyType(
    {
        "A1": "Reporting Organisation's internal activity identifier",
        "A2": "CRS Activity identifier",
        "A3": "Previous Activity Identifier",
        "A4": "FTS Flow ID",
        "A9": "Other Activity Identifier",
        "B1": "Previous Reporting Organisation Identifier",
        "B9": "Other Organisation Identifier",
    }
)
CONTACT_TYPES = MappingProxyType(
    {"1": "General Enquiries", "2": "Project Management", "3": "Financial Management", "4": "Communications"}
)
SCOPES = MappingProxyType(
    {
        "1": "Global",
        "2": "Regional",
        "3": "Multi-national",
        "4": "National",
        "5": "Sub-national: Multi-first-level administrative areas",
        "6": "Sub-national: Single first-level administrative area",
        "7": "Sub-national: Single second-level administrative area",
        "8": "Single location",
    }
)
REGION_VOCABULARIES = MappingProxyType({"1": "OECD DAC", "2": "UN", "99": "Reporting Organisation"})
CONDITION_TYPES = MappingProxyType({"1": "Policy", "2": "Performance", "3": "Fiduciary"})
RESULT_TYPES = MappingProxyType({"1": "Output", "2": "Outcome", "3": "Impact", "9": "Other"})
MEASURES = MappingProxyType({"1": "Unit", "2": "Percentage", "3": "Nominal", "4": "Ordinal", "5": "Qualitative"})

DAC_REGIONS, M49_REGIONS, OWN = "1", "2", "99"
DAC_PURPOSES, DAC_CATEGORIES, OWN_SECOND = "1", "2", "98"
INTERNAL, FORMER_ORGANISATION = "A1", "B1"
OUTPUT, UNIT, QUALITATIVE = "1", "1", "5"
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"
