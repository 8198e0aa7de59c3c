"""Tables of needs for benchmarks and tests: the columns with two resources, and as many rows as are asked for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from comity.adapters.capacity_sheets import needs_columns
from comity.adapters.sheet_columns import Choice

RESOURCES = (
    Choice("compute", {"en": "Compute (GPU-hours)", "zh": "算力（GPU小时）"}),
    Choice("experts", {"en": "Experts (days)"}),
)
COLUMNS = needs_columns(resources=RESOURCES)
NEED = {
    "reference": "capacity/needs/n-1",
    "title": "Compute for a weather model",
    "purpose": "Warn of floods in three river basins.",
    "resource": "compute",
    "units": Decimal("1200.5"),
    "by_day": dt.date(2027, 3, 31),
    "languages": ("en", "fr"),
    "visibility": "providers",
    "notes": None,
}


def many_needs(count: int) -> list[dict]:
    return [NEED | {"reference": f"capacity/needs/n-{n}", "units": Decimal(n + 1)} for n in range(count)]
