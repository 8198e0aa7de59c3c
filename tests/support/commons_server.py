"""Serve releases from a real server: ``python commons_server.py FOLDER PORT SIZE`` makes an instance with a few releases and serves it.

``SIZE`` is that of the large file; with 0 the instance that stands in the folder is served.

It prints ``ready`` and a token as JSON on one line before it serves.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    folder, port, size = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    workers = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    folder.mkdir(mode=0o700, exist_ok=True)
    os.environ |= {
        "COMITY_DATA": str(folder),
        "COMITY_SECRET_KEY": "a key for tests alone, which signs nothing that anyone keeps",
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
    }
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import django
    from django.core.management import call_command

    django.setup()
    told = {"token": "", "key": ""}
    if size:
        call_command("migrate", verbosity=0, skip_checks=True)
        call_command("createcachetable", verbosity=0)
        told = make_releases(size)
        if "example" in sys.argv[5:]:
            from comity.example.sharing import load_releases

            load_releases(say=lambda _: None)
    sys.stdout.write(json.dumps({"ready": True, **told}) + "\n")
    sys.stdout.flush()
    from comity.cli.server.parts import serve_pages

    serve_pages(host="127.0.0.1", port=port, workers=workers)


def make_releases(size: int) -> dict[str, str]:
    """A model in two versions, a data set in folders, a restricted model, and one that was taken down; a token of m1's head."""
    from comity.platform.commons.looking_after import cut_waiting_files
    from comity.platform.commons.taking_down import take_release_down
    from comity.platform.commons.tokens import make_token
    from comity.platform.record.log import open_log, prepare_key
    from comity.platform.record.sequencer import sequence_acts
    from support.commons import bytes_of, release
    from support.parties import SET_UP, account_with, make_body

    prepare_key(origin="test.invalid/record")
    make_body()
    head = account_with("head", member="m1")
    release(contents={"README.md": b"# One\n"}, member="m1")
    release(
        label="2.0",
        contents={"README.md": b"# Two\n", "w.safetensors": bytes_of(7, size), "config.json": b'{"a": 1}'},
        member="m1",
    )
    release("lists", kind="dataset", contents={f"data/{n}/part.csv": f"a,b\n{n},1\n".encode() for n in range(5)})
    release("hidden", contents={"README.md": b"hidden"}, member="m1", visibility="delegation", audience="delegation:m1")
    release("gone", contents={"README.md": b"gone"})
    take_release_down(slug="gone", rule="Rule 30", reason="x", by=SET_UP)
    _, token = make_token(name="test", member="m1", days=2, by=head)
    cut_waiting_files()
    log = open_log()
    sequence_acts(log=log)
    return {"token": token, "key": log.vkey}


if __name__ == "__main__":
    main()
