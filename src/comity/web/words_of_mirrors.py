"""The words of mirrors: what comparisons find and what is in the way, what waits, what forms call their fields, and refusals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

RESULTS = {
    "": _("Not compared yet"),
    "same": pgettext_lazy("result of comparing a mirror", "Same"),
    "behind": pgettext_lazy("result of comparing a mirror", "Behind"),
    "different": pgettext_lazy("result of comparing a mirror", "Not as released"),
    "unreachable": pgettext_lazy("result of comparing a mirror", "Not reached"),
}
RESULTS_MEAN = {
    "": _("It is compared within a day of being named."),
    "same": _("What was looked at is as it was released."),
    "behind": _("What was looked at is as it was released. Some versions are not there yet."),
    "different": _(
        "It gives something else than was released. Nobody is sent to it until a comparison finds it as released."
    ),
    "unreachable": _("It could not be compared. It is tried again within hours."),
}
DIFFERENCES = {
    "manifest": _("Its catalogue lists another manifest."),
    "unknown": _("It lists a version that was never released."),
    "content-of-manifest": _("The manifest that it gives has another digest."),
    "piece": _("Bytes of a file are others than were released."),
    "not-given": _("It lists the version and does not give what belongs to it."),
    "taken-down": _("It gives a release that was taken down."),
    "missing": _("The version is not there yet."),
}
TROUBLES = {
    "no-name": _("Its name leads to no address."),
    "not-public": _("Its name leads into a network that is not public."),
    "no-answer": _("Nobody answers there."),
    "too-slow": _("It did not answer in the time that it is given."),
    "no-tls": _("Its certificate does not hold."),
    "redirect": _("It sends elsewhere, and redirects are not followed."),
    "status": _("It answers with a refusal or a failure."),
    "no-ranges": _("It does not give parts of a file."),
    "too-large": _("It answers with more than is sound."),
    "broken": _("What it answers breaks off or is not as HTTP asks."),
    "no-catalogue": _("What it answers is no catalogue of the commons."),
}
ACT_TYPES = {
    "offer-mirror": _("Mirror offered"),
    "name-mirror": _("Mirror named"),
    "end-mirror": _("Mirror ended"),
}
AUTHORITIES = {
    "The right of a member to offer a mirror": _("The right of a member to offer a mirror"),
    "The secretariat names the mirrors that members offer": _("The secretariat names the mirrors that members offer"),
    "A mirror ends when its member or the secretariat ends it": _(
        "A mirror ends when its member or the secretariat ends it"
    ),
}
ACTIONS = {
    "offer a mirror": _("offer a mirror"),
    "name a mirror": _("name a mirror"),
    "end a mirror": _("end a mirror"),
    "compare a mirror": _("have a mirror compared"),
}
# What waits, for a delegation's page and for mail: title with the thing's own, title without it, sentence, label at the side.
TO_DO = {
    "name-mirror": (
        _("“%(title)s”: a mirror waits to be named"),
        _("A mirror waits to be named"),
        _("Members alone see it until then. Once it is named it is public, and compared every day."),
        _("Mirror to name"),
    ),
    "mirror-differs": (
        _("“%(title)s”: a mirror gives something else than was released"),
        _("A mirror gives something else than was released"),
        _("See what differs. Nobody is sent to it until a comparison finds it as released."),
        _("Mirror to mend"),
    ),
}
# What a refusal calls a field of the form: by the label that stands beside it.
FIELDS = {
    "address": _("Address"),
    "serves": _("Only these releases"),
    "place": _("Where it stands"),
}
ALLOWED = {
    "an address such as https://HOST": _("an address such as https://HOST"),
    "names of public releases, or none for all": _("names of public releases, or none for all"),
}
PROBLEMS = {
    "This address is offered as a mirror already; nothing was written.": _(
        "This address is offered as a mirror already; nothing was written."
    ),
    "This is the address of this server, which cannot be its own mirror; nothing was written.": _(
        "This is the address of this server, which cannot be its own mirror; nothing was written."
    ),
    "There are 20 mirrors of this member already. End one first.": _(
        "There are 20 mirrors of this member already. End one first."
    ),
    "This mirror does not wait to be named; nothing was changed.": _(
        "This mirror does not wait to be named; nothing was changed."
    ),
    "This mirror has ended already; nothing was changed.": _("This mirror has ended already; nothing was changed."),
    "Only a mirror that is named is compared; nothing was changed.": _(
        "Only a mirror that is named is compared; nothing was changed."
    ),
}
