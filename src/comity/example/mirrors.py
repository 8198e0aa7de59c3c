"""The mirrors of the worked example. They are invented and stand under example.org: none answers, so that none is ever compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from comity.platform.commons.mirrors import name_mirror, offer_mirror
from comity.platform.commons.models import Mirror
from comity.platform.parties.rules import Installation

if TYPE_CHECKING:
    from collections.abc import Callable

# (member, M49 region, address, names)
MIRRORS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    (
        "m023",
        "002",
        "https://universities.example.org/commons",
        {
            "ar": "شبكة الجامعات",
            "en": "University network",
            "es": "Red de universidades",
            "fr": "Réseau des universités",
            "ru": "Сеть университетов",
            "zh": "大学网络",
        },
    ),
    (
        "m049",
        "150",
        "https://library.example.org",
        {
            "ar": "المكتبة الوطنية",
            "en": "National library",
            "es": "Biblioteca nacional",
            "fr": "Bibliothèque nationale",
            "ru": "Национальная библиотека",
            "zh": "国家图书馆",
        },
    ),
    (
        "m065",
        "019",
        "https://research.example.org/mirror",
        {
            "ar": "مركز البحوث",
            "en": "Research centre",
            "es": "Centro de investigación",
            "fr": "Centre de recherche",
            "ru": "Исследовательский центр",
            "zh": "研究中心",
        },
    ),
)


def load_mirrors(*, say: Callable[[str], None]) -> None:
    """Offer and name the mirrors of the worked example, once."""
    if Mirror.objects.exists():
        return
    by = Installation()
    with transaction.atomic():
        for member, place, address, names in MIRRORS:
            made = offer_mirror(body="assembly", member=member, names=names, address=address, place=place, by=by)
            name_mirror(slug=made.slug, by=by)
    say(f"Named {len(MIRRORS)} invented mirrors of the worked example.")
