"""Load a data set and a model by their names in the hub, as anybody's program does: ``python loading_by_name.py``, with HF_ENDPOINT set.

Run as a program of its own, since the libraries read their settings when they are imported. Whatever is not this machine is refused.
"""

from __future__ import annotations

import json
import socket
import sys


def stay_here() -> list[str]:
    """Refuse every connection that leaves this machine, and return the list in which such attempts are noted."""
    tried: list[str] = []
    connect = socket.socket.connect

    def checked(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1"}:
            tried.append(str(address[0]))
            raise OSError("this machine alone")
        return connect(self, address)

    def resolved(host, *more, **given):
        if host not in {"127.0.0.1", "localhost", "::1"}:
            tried.append(str(host))
            raise socket.gaierror("this machine alone")
        return getaddrinfo(host, *more, **given)

    getaddrinfo = socket.getaddrinfo
    socket.socket.connect, socket.getaddrinfo = checked, resolved
    return tried


def main() -> None:
    tried = stay_here()
    from datasets import load_dataset
    from transformers import AutoConfig, AutoTokenizer

    topics = load_dataset("assembly/topics-in-six-languages")["train"]
    tagged = load_dataset("assembly/topics-in-six-languages", revision="1.0", split="train", streaming=True)
    folders = load_dataset("assembly/lists", data_files="data/3/*.csv")["train"]
    config = AutoConfig.from_pretrained("m1/tiny")
    tokenizer = AutoTokenizer.from_pretrained("m1/tiny", revision="1.0")
    told = {
        "rows": len(topics),
        "columns": topics.column_names,
        "languages": sorted(set(topics["language"])),
        "first": topics[0],
        "streamed": next(iter(tagged)),
        "folder": folders[0],
        "model": [type(config).__name__, config.hidden_size],
        "tokens": tokenizer("habari ya dunia")["input_ids"],
        "words": tokenizer.decode(tokenizer("habari ya dunia")["input_ids"]),
        "left": tried,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
