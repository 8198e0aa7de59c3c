"""Sentences of the report on what texts of several parties share: common ground, and possible joint actions."""

from __future__ import annotations

from typing import Final

SENTENCES: Final = {
    "common-title": "Common ground",
    "common-intro": "What texts of three parties or more say alike, around the provision that most meet in. What every regional group says comes first.",
    "common-none": "No matter is spoken of alike by three parties here.",
    "common-rest": "All of them, with every text, are in {file}.",
    "common-parties": "Parties whose texts count",
    "common-missing": "No text found of",
    "common-others": "The other texts",
    "joint-title": "Possible joint actions",
    "joint-intro": "Actions of different members' strategies on one topic, close in words and meaning: suggestions to consider together: "
    "nothing is ranked, and nobody has asked these members.",
}

COUNTED: Final = {
    "common-everywhere": (
        "{n} matter is in every regional group with a text here: {regions}.",
        "{n} matters are in every regional group with a text here: {regions}.",
    ),
    "common-shown": ("{n} matter of {total} is shown.", "{n} matters of {total} are shown."),
}
