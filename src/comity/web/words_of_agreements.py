"""The words of agreements on sharing and their templates: kinds, where each stands, who sees it, what waits, and refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "data-transfer": _("Data transfer"),
    "intellectual-property": _("Intellectual property"),
    "cost-sharing": _("Cost sharing"),
    "joint-project": _("Joint project"),
}
STANDS = {
    "draft": pgettext_lazy("agreement", "Draft"),
    "proposed": pgettext_lazy("agreement", "Waits for signatures"),
    "awaited": pgettext_lazy("agreement", "Signed by all, begins later"),
    "in-force": pgettext_lazy("agreement", "In force"),
    "ended": pgettext_lazy("agreement", "Ended"),
    "aside": pgettext_lazy("agreement", "Set aside"),
}
TEXT_STATES = {
    "draft": pgettext_lazy("text of an agreement", "Draft"),
    "proposed": pgettext_lazy("text of an agreement", "Proposed"),
    "concluded": pgettext_lazy("text of an agreement", "Signed by all"),
    "replaced": pgettext_lazy("text of an agreement", "Replaced"),
    "aside": pgettext_lazy("text of an agreement", "Set aside"),
}
TRANSLATIONS = {
    "authentic": _("Authentic"),
    "reviewed": _("Translation, reviewed by a person"),
    "machine": _("Translation by machine, not reviewed"),
}
SHOWN = {
    "parties": _("The parties alone"),
    "members": _("All members"),
    "public": _("Everyone"),
}
SHOWN_MARKS = {"parties": "delegation", "members": "members", "public": "public"}
BLANK_KINDS = {
    "party": pgettext_lazy("blank of a template", "A party"),
    "text": pgettext_lazy("blank of a template", "Words"),
    "date": pgettext_lazy("blank of a template", "A day"),
    "amount": pgettext_lazy("blank of a template", "An amount with its currency"),
    "release": pgettext_lazy("blank of a template", "A release"),
    "choice": pgettext_lazy("blank of a template", "A choice"),
}
# What is said once a button has done its work.
DONE = {
    "clear": _("It is cleared. The head of your delegation goes on."),
    "back": _("It is sent back with your remark."),
    "propose": _("It is proposed. All parties see it now."),
    "drop": _("The draft is put away."),
    "sign": _("It is signed. The act stands on the record."),
    "aside": _("The proposed text is set aside."),
    "notice": _("Notice is given. The last day stands on the page."),
    "end": _("Your word is kept. The agreement ends once all parties have said so."),
}
ACT_TYPES = {
    "issue-template": _("Template of agreements issued"),
    "propose-agreement": _("Text of an agreement proposed"),
    "sign-agreement": _("Agreement signed by a party"),
    "conclude-agreement": _("Agreement signed by all"),
    "set-agreement-aside": _("Proposed text of an agreement set aside"),
    "end-sharing-agreement": _("End of an agreement on sharing"),
    "set-release-terms": _("Agreement asked for with a release"),
}
AUTHORITIES = {
    "Members agree on what they share; nothing holds before all of them have signed the same text": _(
        "Members agree on what they share; nothing holds before all of them have signed the same text"
    ),
    "Who shares a release says under which agreement it is shared": _(
        "Who shares a release says under which agreement it is shared"
    ),
}
ACTIONS = {
    "issue a template": _("issue a template of agreements"),
    "sign a sharing agreement": _("sign an agreement for a member"),
    "agree for the body": _("agree for the body"),
}
# kind: (title where the thing has one of its own, title without it, sentence, what it is called at the side)
TO_DO = {
    "clear-sharing": (
        _("“%(title)s”: an agreement awaits your clearance"),
        _("An agreement awaits your clearance"),
        _("Clear the text, or send it back with a remark. Your delegation proposes or signs nothing before."),
        _("Agreement to clear"),
    ),
    "propose-sharing": (
        _("“%(title)s”: propose the agreement"),
        _("An agreement can be proposed"),
        _("The other parties see the text from then on."),
        _("Agreement to propose"),
    ),
    "sign-sharing": (
        _("“%(title)s” waits for your signature"),
        _("An agreement waits for your signature"),
        _("Read the text. It holds once all parties have signed the very same words."),
        _("Agreement to sign"),
    ),
    "agreement-ends": (
        _("“%(title)s” ends soon"),
        _("An agreement of yours ends soon"),
        _("To go on, propose a change with another last day; all parties sign it."),
        _("Agreement that ends"),
    ),
}
FIELDS = {
    "annex": _("Annex"),
    "project": _("Project"),
    "parties": _("Parties"),
    "releases": _("Releases that it covers"),
    "authentic": _("Authentic languages"),
    "notice_days": _("Days of notice"),
}
ALLOWED = {
    "your own member among them": _("your own member among them"),
    "members or public: members see what the body binds itself to": _(
        "all members, or everyone: members see what the body binds itself to"
    ),
    "releases that everyone sees who will see the agreement": _(
        "releases that everyone sees who will see the agreement"
    ),
    "nothing: the change holds once all have signed it": _("nothing: the change holds once all have signed it"),
    "an amount such as 1200.50 EUR": _("an amount such as 1200.50 EUR"),
    "one or more languages of its texts": _("one or more languages of its texts"),
    "a reference such as capacity/commitments/NAME": _("a reference such as capacity/commitments/NAME"),
}
PROBLEMS = {
    "All have signed another text meanwhile. Draft yours anew; nothing was proposed.": _(
        "All have signed another text meanwhile. Draft yours anew; nothing was proposed."
    ),
    "This is the text that is there already, word by word; nothing was kept.": _(
        "This is the text that is there already, word by word; nothing was kept."
    ),
    "There are 100 drafts of agreements already. Put some away first; nothing was kept.": _(
        "There are 100 drafts of agreements already. Put some away first; nothing was kept."
    ),
    "This agreement has ended; nothing was changed.": _("This agreement has ended; nothing was changed."),
    "The body is no party to this agreement, so that nobody signs it for the body.": _(
        "The body is no party to this agreement, so that nobody signs it for the body."
    ),
    "Not all have signed this agreement yet, so that it cannot be ended; nothing was changed.": _(
        "Not all have signed this agreement yet, so that it cannot be ended; nothing was changed."
    ),
    "Your side has signed this text already; nothing was changed.": _(
        "Your side has signed this text already; nothing was changed."
    ),
    "The last day of this text has passed. Propose another; nothing was signed.": _(
        "The last day of this text has passed. Propose another; nothing was signed."
    ),
    "The text of this agreement lets no party end it alone; all can end it together. Nothing was changed.": _(
        "The text of this agreement lets no party end it alone; all can end it together. Nothing was changed."
    ),
    "Your side has given notice already; nothing was changed.": _(
        "Your side has given notice already; nothing was changed."
    ),
    "Your side has agreed to end it already; nothing was changed.": _(
        "Your side has agreed to end it already; nothing was changed."
    ),
    "This is the same as the latest version; nothing was issued.": _(
        "This is the same as the latest version; nothing was issued."
    ),
    "There is a template of this name already, of another body or kind; nothing was issued.": _(
        "There is a template of this name already, of another body or kind; nothing was issued."
    ),
    "This is what is asked already; nothing was changed.": _("This is what is asked already; nothing was changed."),
}
