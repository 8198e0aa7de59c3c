"""The words of evaluations: forms of logs, why figures are not put together, what forms call their fields, refusals, and acts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACT_TYPES = {
    "attach-evaluation": _("Evaluation attached"),
    "withdraw-evaluation": _("Evaluation withdrawn"),
    "answer-evaluation": _("Evaluation answered"),
}
LOG_FORMS = {
    "inspect": _("Log of Inspect"),
    "moonshot": _("Results of Project Moonshot"),
    "ai-verify": _("Test results of AI Verify"),
}
LEFT_OUT = {
    "copy": _("Not put together: the same run stands here already, and counts once."),
    "incomplete": _("Not put together: samples were left out because of errors."),
    "no-interval": _("Not put together: the log gives neither counts nor a standard error."),
    "no-spread": _("Not put together: its standard error is 0, so that it would outweigh all others."),
    "samples-unknown": _("Not put together: the log does not tell which samples were used."),
    "may-overlap": _(
        "Not put together: a larger set of samples of the same data set stands here, and the two may overlap."
    ),
}
FIELDS = {
    "file": _("The file"),
    "model": _("The model in the log"),
    "language": _("Language"),
    "notes": _("What is known of the samples"),
    "reasons": _("The reason"),
    "answers": _("Your answer"),
    "visibility": _("Who can see it"),
}
ALLOWED = {
    'a BCP 47 tag, such as "sw" or "zh-Hant"': _('a BCP 47 tag, such as "sw" or "zh-Hant"'),
    "at most 20 MB": _("at most 20 MB"),
}
PROBLEMS = {
    "This log is attached to this version already; nothing was kept.": _(
        "This log is attached to this version already; nothing was kept."
    ),
    "These figures are withdrawn already; nothing was changed.": _(
        "These figures are withdrawn already; nothing was changed."
    ),
    "This is answered already; one answer stands. Nothing was changed.": _(
        "This is answered already; one answer stands. Nothing was changed."
    ),
    "it holds no figure that is collected here": _("it holds no figure that is collected here"),
    "whoever ran it declared this log invalid": _("whoever ran it declared this log invalid"),
    "it holds no header.json: it is no log of Inspect, or its run had not ended": _(
        "it holds no header.json: it is no log of Inspect, or its run had not ended"
    ),
    "it is none of the logs that are read here: Inspect, Project Moonshot, AI Verify, comity-evaluations.json": _(
        "it is none of the logs that are read here: Inspect, Project Moonshot, AI Verify, comity-evaluations.json"
    ),
}
