"""What every desk of a dialogue shows at its head: the question, how the dialogue stands, and where else the reader may go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.platform.dialogue.moderation import LIVES, MODERATE
from comity.platform.dialogue.selectors import text_in
from comity.platform.dialogue.sheets import SHEETS
from comity.platform.dialogue.translations import TRANSLATE
from comity.platform.parties.rules import may
from comity.platform.parties.submissions import LANGUAGES
from comity.web.context import interface_language

if TYPE_CHECKING:
    from django.http import HttpRequest

    from comity.platform.dialogue.models import Dialogue

MARKS = ("v-pub", "v-mem", "v-com", "v-del")


def head_of(request: HttpRequest, held: Dialogue) -> dict[str, Any]:
    """Return the context of the head of a page."""
    state = str(held.state_at(timezone.now()))
    return {
        "held": held,
        "slug": held.slug,
        "question": text_in(held.question, language=interface_language()),
        "state": state,
        "can_change": state in LIVES,
        "may_moderate": may(user=request.user, action=MODERATE),
        "may_translate": may(user=request.user, action=TRANSLATE),
        "may_type": may(user=request.user, action=SHEETS),
        "tongues": LANGUAGES,
        "tongue": interface_language(),
        "marks": MARKS,
    }
