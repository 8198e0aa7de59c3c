"""Licences outside the SPDX list, and what people write instead of an identifier: facts by the words of each licence.

The names on the left of ``OTHER_NAMES`` are those of the Hugging Face hub's licence field and of the 273 model files of the
Model Openness Tool (2026-05), and the usual short names. Whoever adds a name adds where it is written.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from comity.engines.commons import licence_table as table

if TYPE_CHECKING:
    from collections.abc import Mapping

_USES = "forbidden-uses"
_GATED = "forbidden-uses-and-users"

RESTRICTED: Mapping[str, str] = MappingProxyType(
    {
        "NONE": "rights-kept",
        "LicenseRef-proprietary": "rights-sold",
        "LicenseRef-arXiv-non-exclusive": "to-distribute-only",
        "LicenseRef-OpenRAIL": _USES,
        "LicenseRef-BigScience-RAIL-1.0": _USES,
        "LicenseRef-BigScience-BLOOM-RAIL-1.0": _USES,
        "LicenseRef-BigCode-OpenRAIL-M-1": _USES,
        "LicenseRef-CreativeML-OpenRAIL-M": _USES,
        "LicenseRef-Llama-2": _GATED,
        "LicenseRef-Llama-3": _GATED,
        "LicenseRef-Llama-3.1": _GATED,
        "LicenseRef-Llama-3.2": _GATED,
        "LicenseRef-Llama-3.3": _GATED,
        "LicenseRef-Llama-4": _GATED,
        "LicenseRef-Gemma": _USES,
        "LicenseRef-DeepSeek": _USES,
        "LicenseRef-Databricks-Open-Model": "forbidden-improvement",
        "LicenseRef-NVIDIA-Open-Model": "ends-without-safeguard",
        "LicenseRef-tongyi-qianwen": "number-of-users",
        "LicenseRef-Falcon-180B-TII": "forbidden-hosting",
        "LicenseRef-BAAI-Aquila": _USES,
        "LicenseRef-Baichuan": "commercial-permission",
        "LicenseRef-CodeFuse-Community": _USES,
        "LicenseRef-AI-Sweden-LLM": _USES,
        "BUSL-1.1": "later-open",
        "SSPL-1.0": "whole-service",
        "Elastic-2.0": "no-service",
        "JSON": "good-not-evil",
        "Hippocratic-2.1": _USES,
        "Hippocratic-3.0-core": _USES,
        "C-UDA-1.0": "computing-only",
        "PolyForm-Small-Business-1.0.0": "small-businesses",
        "MS-LPL": "one-platform",
    }
)
"""Identifier: why its use, or the sharing of changed copies, is restricted, as the code of a reason."""

NON_COMMERCIAL_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "LicenseRef-apple-amlr": "research-only",
        "LicenseRef-tongyi-qianwen-research": "research-only",
        "LicenseRef-Mistral-Research": "research-only",
        "LicenseRef-Intel-Research": "research-only",
        "LicenseRef-FAIR-Noncommercial": "research-only",
        "LicenseRef-ChatGLM": "research-unregistered",
    }
)
"""Identifier outside the SPDX list: how commercial use is excluded, as the code of a reason."""

OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "apache": "Apache-2.0",
        "apache 2": "Apache-2.0",
        "apache 2 0": "Apache-2.0",
        "apache 2.0": "Apache-2.0",
        "asl 2.0": "Apache-2.0",
        "expat": "MIT",
        "gpl 2": "GPL-2.0",
        "gplv2": "GPL-2.0",
        "gpl 3": "GPL-3.0",
        "gplv3": "GPL-3.0",
        "lgpl 3": "LGPL-3.0",
        "lgplv3": "LGPL-3.0",
        "agpl 3": "AGPL-3.0",
        "agplv3": "AGPL-3.0",
        "mpl 2": "MPL-2.0",
        "c uda": "C-UDA-1.0",
        "open mdw": "OpenMDW-1.0",
        "intel research": "LicenseRef-Intel-Research",
        "fair noncommercial research": "LicenseRef-FAIR-Noncommercial",
        "bsd 2": "BSD-2-Clause",
        "bsd 3": "BSD-3-Clause",
        "new bsd": "BSD-3-Clause",
        "simplified bsd": "BSD-2-Clause",
        "cc0": "CC0-1.0",
        "cc by 4": "CC-BY-4.0",
        "cc by sa 4": "CC-BY-SA-4.0",
        "creative commons attribution 4.0": "CC-BY-4.0",
        "creative commons attribution share alike 4.0": "CC-BY-SA-4.0",
        "creative commons attribution non commercial 4.0": "CC-BY-NC-4.0",
        "creative commons attribution non commercial share alike 4.0": "CC-BY-NC-SA-4.0",
        "creative commons attribution no derivatives 4.0": "CC-BY-ND-4.0",
        "creative commons zero": "CC0-1.0",
        "odbl": "ODbL-1.0",
        "pddl": "PDDL-1.0",
        "odc pddl 1.0": "PDDL-1.0",
        "odc by": "ODC-By-1.0",
        "openmdw": "OpenMDW-1.0",
        "unlicensed": "NONE",
        "no": "NONE",
        "all rights reserved": "LicenseRef-proprietary",
        "proprietary": "LicenseRef-proprietary",
        "commercial": "LicenseRef-proprietary",
        "arxiv non exclusive": "LicenseRef-arXiv-non-exclusive",
        "arxiv.org non exclusive": "LicenseRef-arXiv-non-exclusive",
        "arxiv.org perpetual non exclusive 1.0": "LicenseRef-arXiv-non-exclusive",
        "arxiv non excluse 1.0": "LicenseRef-arXiv-non-exclusive",
        "openrail": "LicenseRef-OpenRAIL",
        "openrail++": "LicenseRef-OpenRAIL",
        "creativeml openrail m": "LicenseRef-CreativeML-OpenRAIL-M",
        "bigscience openrail m": "LicenseRef-BigScience-RAIL-1.0",
        "bigscience rail 1.0": "LicenseRef-BigScience-RAIL-1.0",
        "bigscience bloom rail 1.0": "LicenseRef-BigScience-BLOOM-RAIL-1.0",
        "bigcode openrail m": "LicenseRef-BigCode-OpenRAIL-M-1",
        "bigcode openrail m 1": "LicenseRef-BigCode-OpenRAIL-M-1",
        "llama2": "LicenseRef-Llama-2",
        "llama 2 community": "LicenseRef-Llama-2",
        "llama3": "LicenseRef-Llama-3",
        "llama 3 community": "LicenseRef-Llama-3",
        "meta llama 3 community": "LicenseRef-Llama-3",
        "llama3.1": "LicenseRef-Llama-3.1",
        "llama 3.1 community": "LicenseRef-Llama-3.1",
        "llama3.2": "LicenseRef-Llama-3.2",
        "llama 3.2 community": "LicenseRef-Llama-3.2",
        "llama3.3": "LicenseRef-Llama-3.3",
        "llama 3.3 community": "LicenseRef-Llama-3.3",
        "llama4": "LicenseRef-Llama-4",
        "llama 4 community": "LicenseRef-Llama-4",
        "gemma": "LicenseRef-Gemma",
        "gemma terms of use": "LicenseRef-Gemma",
        "deepseek": "LicenseRef-DeepSeek",
        "databricks open model": "LicenseRef-Databricks-Open-Model",
        "nvidia open model": "LicenseRef-NVIDIA-Open-Model",
        "qwen": "LicenseRef-tongyi-qianwen",
        "tongyi qianwen": "LicenseRef-tongyi-qianwen",
        "tongyi qianwen research": "LicenseRef-tongyi-qianwen-research",
        "falcon 180b tii": "LicenseRef-Falcon-180B-TII",
        "baai aquila model": "LicenseRef-BAAI-Aquila",
        "baichuan 7b": "LicenseRef-Baichuan",
        "codefuse community": "LicenseRef-CodeFuse-Community",
        "ai sweden s llm ai model": "LicenseRef-AI-Sweden-LLM",
        "chatglm 6b": "LicenseRef-ChatGLM",
        "chatglm2 6b": "LicenseRef-ChatGLM",
        "chatglm3 6b": "LicenseRef-ChatGLM",
        "apple amlr": "LicenseRef-apple-amlr",
        "mrl": "LicenseRef-Mistral-Research",
        "not specified": "NOASSERTION",
        "undisclosed": "NOASSERTION",
        "unknown": "NOASSERTION",
        "other": "NOASSERTION",
    }
)
"""A name as ``fold_name`` leaves it: the identifier that is meant."""

RENAMED: Mapping[str, str] = MappingProxyType(
    {
        "AGPL-1.0": "AGPL-1.0-only",
        "AGPL-3.0": "AGPL-3.0-only",
        "BSD-2-Clause-FreeBSD": "BSD-2-Clause",
        "BSD-2-Clause-NetBSD": "BSD-2-Clause",
        "GFDL-1.1": "GFDL-1.1-only",
        "GFDL-1.2": "GFDL-1.2-only",
        "GFDL-1.3": "GFDL-1.3-only",
        "GPL-1.0": "GPL-1.0-only",
        "GPL-1.0+": "GPL-1.0-or-later",
        "GPL-2.0": "GPL-2.0-only",
        "GPL-2.0+": "GPL-2.0-or-later",
        "GPL-3.0": "GPL-3.0-only",
        "GPL-3.0+": "GPL-3.0-or-later",
        "LGPL-2.0": "LGPL-2.0-only",
        "LGPL-2.0+": "LGPL-2.0-or-later",
        "LGPL-2.1": "LGPL-2.1-only",
        "LGPL-2.1+": "LGPL-2.1-or-later",
        "LGPL-3.0": "LGPL-3.0-only",
        "LGPL-3.0+": "LGPL-3.0-or-later",
        "StandardML-NJ": "SMLNJ",
    }
)
"""A deprecated identifier of the SPDX list: the one that is used now."""

_EMPTY_WORDS = frozenset({"the", "license", "licence", "agreement", "version"})
_NAMED_ALL = (
    *(table.OSI | table.FSF | table.OKF | table.MOF_DATA | table.NON_COMMERCIAL | table.NO_CHANGES),
    *RESTRICTED,
    *NON_COMMERCIAL_OTHERS,
    *RENAMED,
    *RENAMED.values(),
    "NOASSERTION",
)


def fold_name(name: str, /) -> str:
    """Return a name in small letters, its words parted by one space, without "the", "licence" and "agreement".

    >>> fold_name("Meta Llama 3 Community License Agreement")
    'meta llama 3 community'
    >>> fold_name("arXiv.org perpetual, non-exclusive license 1.0")
    'arxiv.org perpetual non exclusive 1.0'
    """
    words = [w.strip(".") for w in re.split(r"[^\w.+]+|_", name.casefold())]
    kept = [re.sub(r"^v(?=\d)", "", w) for w in words if w and w not in _EMPTY_WORDS]
    return " ".join(kept)


_BY_FOLDED: Mapping[str, str] = MappingProxyType({fold_name(i): i for i in sorted(_NAMED_ALL)} | dict(OTHER_NAMES))


@lru_cache(maxsize=4096)
def find_identifier(name: str, /) -> str | None:
    """Return the identifier that a name means, or None where the table knows no such name.

    >>> find_identifier("apache-2.0"), find_identifier("Apache license 2.0"), find_identifier("My own terms")
    ('Apache-2.0', 'Apache-2.0', None)
    """
    return _BY_FOLDED.get(fold_name(name))
