"""The program that reads one document that somebody sent, in a process of its own that memory and time limits hold.

It takes the path of the file and a language, or nothing for one to be found, and writes one JSON object to standard output:
``{"instrument": {…}, "provisions": [{…}], "format": …}`` or ``{"refused": …}`` with the sentence to show.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from importlib import resources
from pathlib import Path
from typing import Any

from comity.adapters.readers.pdf_child import bind_limits


def read_one(*, path: Path, language: str) -> dict[str, Any]:
    """Return what a file holds, as JSON can carry it."""
    from comity.adapters.country_data import read_atlas
    from comity.adapters.folder import gather_folder
    from comity.adapters.readers import read_scheme

    scheme = read_scheme(path=Path(str(resources.files("comity.example") / "topics.toml")))
    gathered = gather_folder(paths=[path], scheme=scheme, atlas=read_atlas(), language=language)
    if gathered.refused:
        return {"refused": str(gathered.refused[0].error)}
    instrument = dataclasses.asdict(gathered.collection.instruments[0])
    instrument["date"] = instrument["date"].isoformat() if instrument["date"] else None
    return {"instrument": instrument, "provisions": [dataclasses.asdict(p) for p in gathered.collection.provisions]}


def main() -> int:
    """Read the file that the arguments name."""
    path, language, memory, seconds = sys.argv[1:5]
    bind_limits(memory_bytes=int(memory), seconds=int(seconds))
    sys.stdout.write(json.dumps(read_one(path=Path(path), language=language), ensure_ascii=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
