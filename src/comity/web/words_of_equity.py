"""The words of measures: why one has no value, and what each says, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REASONS = {
    "nobody": _("nobody has a figure"),
    "no-weight": _("all weights are 0"),
    "all-zero": _("every figure is 0, so that there is nothing to spread"),
    "a-zero": _("somebody has 0, and its logarithm has no value"),
    "bottom-zero": _("the 40% who have least have nothing, or next to nothing"),
    "low-zero": _("the 10th percentile is 0, or next to it"),
    "no-groups": _("no groups were given"),
}
MEASURES = {
    "gini": (_("Gini"), _("Half the mean difference of any two, over the mean: 0 where all have the same.")),
    "theil": (_("Theil T"), _("0 where all have the same; it is the sum of the two lines below.")),
    "between": (_("between regions"), _("What is left if every country had the mean of its region.")),
    "within": (_("within regions"), _("What is left if every region had the same mean.")),
}
