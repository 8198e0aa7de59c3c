"""What the parts of a release are called, the classes of the Model Openness Framework, and the indicators of digital public goods."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "model-architecture": _("Architecture of the model"),
    "data-preprocessing-code": _("Code that prepares the data"),
    "training-code": _("Code that trains it"),
    "inference-code": _("Code that runs it"),
    "evaluation-code": _("Code that evaluates it"),
    "supporting-tools": _("Supporting tools"),
    "model-parameters": _("Weights of the model"),
    "intermediate-parameters": _("Weights during training"),
    "datasets": _("Data"),
    "evaluation-data": _("Test data"),
    "model-metadata": _("Metadata of the model"),
    "sample-outputs": _("Samples of its output"),
    "model-card": _("Model card"),
    "data-card": _("Data card"),
    "technical-report": _("Technical report"),
    "research-paper": _("Research paper"),
    "evaluation-results": _("Results of evaluation"),
    "source-code": _("Source code"),
    "documentation": pgettext_lazy("part of a release", "Documentation"),
    "course-material": _("Course material"),
    "licence-text": _("Text of the licence"),
    "other": pgettext_lazy("part of a release", "Other"),
}
FRAMEWORK_CLASSES = {
    0: _("No class yet"),
    3: _("Class III, Open Model"),
    2: _("Class II, Open Tooling"),
    1: _("Class I, Open Science"),
}
INDICATOR_NAMES = {
    1: _("Relevance to the Sustainable Development Goals"),
    2: _("Open licence"),
    3: _("Clear ownership"),
    4: _("Platform independence"),
    5: _("Documentation of a public good"),
    6: _("Extraction of data that name nobody"),
    7: _("Privacy and applicable laws"),
    8: _("Standards and best practices"),
    9: _("Do no harm"),
}
PRESENCE = {
    "declared": _("Declared by a record; no file of it was seen"),
    "absent": _("No file of it is there, so that it does not count"),
}
