"""Releases made by the services that make real ones, of files that are really there."""

from __future__ import annotations

from comity.platform.commons.releasing import release_version
from comity.platform.commons.sending import keep_upload
from support.drawn_bytes import bytes_of
from support.parties import SET_UP

__all__ = ["bytes_of", "describe", "release", "send_files"]
README = "# Words\n\nA list of words.\n"
TYPES = {"dataset": "data"}


def describe(kind: str = "model", *, paths=("README.md",), **more) -> dict:
    """A description in our form of README.md as the card, and of whatever else there is as weights or data."""
    rest = [path for path in paths if path != "README.md"]
    sort = "model-parameters" if kind == "model" else "datasets"
    parts = [{"id": "card", "kind": "model-card", "licence": "CC-BY-4.0", "files": ["README.md"]}]
    if rest:
        parts.append({"id": "rest", "kind": sort, "licence": "Apache-2.0", "files": rest})
    return {
        "comity_release": 1,
        "name": "Words",
        "type": TYPES.get(kind, kind),
        "components": parts if "README.md" in paths else parts[1:],
        "languages": [{"language": "sw", "measure": "accuracy", "value": 0.9, "n": 100}, {"language": "fr"}],
        "running": {"offline": True, "hardware": "a laptop", "memory_gb": 4},
        **more,
    }


def send_files(contents: dict[str, bytes], *, member: str = "", by=SET_UP) -> dict[str, str]:
    """Send files, and return path by path the digest of each."""
    return {path: keep_upload(chunks=[content], member=member, by=by) for path, content in contents.items()}


def release(slug: str = "words", label: str = "1.0", *, contents=None, kind: str = "model", by=SET_UP, **given):
    """Release a version of some files; the body's own where no member is named."""
    found = {"README.md": README.encode(), "w.safetensors": bytes_of(1, 5000)} if contents is None else contents
    description = given.pop("description", None)
    if description is None:
        description = describe(kind, paths=tuple(found))
    asked = {
        "body": "assembly",
        "titles": {"en": slug.title(), "fr": f"{slug.title()} (fr)"},
        "authority": "Rule 9",
        **given,
    }
    files = send_files(found, member=asked.get("member", ""), by=by)
    return release_version(slug=slug, kind=kind, label=label, files=files, description=description, by=by, **asked)
