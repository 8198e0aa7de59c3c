"""Read JSON, YAML and TOML from outside into plain data, with limits on size, depth, number of values and repeated keys.

YAML is read by PyYAML's safe loader, which makes no objects; anchors and aliases are refused, so that a small file cannot
become a huge one.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any

from comity.errors import BadReleaseFile, EmptyFile, FileTooLarge, PathNotFound, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_MEGABYTES = 20
MOST_DEPTH = 40
MOST_VALUES = 500_000
MOST_DIGITS = 18


def read_text(*, path: Path, most_megabytes: float = MOST_MEGABYTES) -> str:
    """Return the text of a UTF-8 file. Raises PathNotFound, UnreadableFile, FileTooLarge, EmptyFile or BadReleaseFile."""
    if not path.is_file():
        raise PathNotFound(file=str(path))
    size = path.stat().st_size
    if size > most_megabytes * 1_000_000:
        raise FileTooLarge(file=path.name, found=f"{size / 1_000_000:.1f}", allowed=most_megabytes)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadReleaseFile(file=path.name, where="the file", problem="it is not UTF-8; save it as UTF-8") from None
    except OSError:
        raise UnreadableFile(file=path.name) from None
    if not text.strip():
        raise EmptyFile(file=path.name)
    return text


def read_tree(*, text: str, file: str) -> dict[str, Any]:
    """Return the plain data of a text, taken for what the end of ``file`` says: .json, .toml, .yaml or .yml.

    Raises BadReleaseFile where it is none of them, is broken, repeats a key, or goes beyond a limit.
    """
    readers = {"json": _read_json, "toml": _read_toml, "yaml": _read_yaml, "yml": _read_yaml}
    ending = file.rsplit(".", 1)[-1].casefold()
    if ending not in readers:
        raise BadReleaseFile(file=file, where="the name", problem="it ends in none of .json, .toml, .yaml and .yml")
    try:
        found = readers[ending](text, file)
    except RecursionError:
        raise _too_deep(file) from None
    if not isinstance(found, dict):
        raise BadReleaseFile(file=file, where="the file", problem="it holds no names with values at its top")
    _demand_limits(found, file)
    return found


def _read_json(text: str, file: str, /) -> Any:
    def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
            raise BadReleaseFile(file=file, where=twice[:80], problem="the name stands twice in one place")
        return found

    def no_number(word: str) -> None:
        raise BadReleaseFile(file=file, where="the file", problem=f"{word} is no number of JSON")

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=no_number)
    except ValueError as error:
        raise BadReleaseFile(file=file, where="the file", problem=f"it is not JSON: {str(error)[:150]}") from None


def _read_toml(text: str, file: str, /) -> Any:
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise BadReleaseFile(file=file, where="the file", problem=f"it is not TOML: {str(error)[:150]}") from None


def _read_yaml(text: str, file: str, /) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _demand_plain_yaml(yaml.parse(text, Loader=loader), file)
        node = yaml.compose(text, Loader=loader)
        _demand_single_keys(node, file)
        return yaml.load(text, Loader=loader)  # noqa: S506  (a safe loader: it makes no objects)
    except (yaml.YAMLError, ValueError, OverflowError, TypeError) as error:
        said = " ".join(str(error).split())[:150]
        raise BadReleaseFile(file=file, where="the file", problem=f"it is not YAML that is read here: {said}") from None


def _demand_plain_yaml(events: Any, file: str, /) -> None:
    import yaml

    depth = 0
    for number, event in enumerate(events):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            problem = "an anchor or alias (& or *) stands in it; write the values out"
            raise BadReleaseFile(file=file, where=f"line {event.start_mark.line + 1}", problem=problem)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEPTH:
            raise _too_deep(file)
        if number > MOST_VALUES:
            raise _too_many(file)


def _demand_single_keys(node: Any, file: str, /) -> None:
    import yaml

    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, yaml.MappingNode):
            names: set[str] = set()
            for key, value in one.value:
                name = str(key.value)
                if name in names:
                    where = f"line {key.start_mark.line + 1}"
                    raise BadReleaseFile(file=file, where=where, problem=f'the name "{name[:80]}" stands twice')
                names.add(name)
                waiting.append(value)
        elif isinstance(one, yaml.SequenceNode):
            waiting.extend(one.value)


def _demand_limits(found: Any, file: str, /) -> None:
    waiting: list[tuple[Any, int]] = [(found, 1)]
    seen = 0
    while waiting:
        one, depth = waiting.pop()
        seen += 1
        if depth > MOST_DEPTH:
            raise _too_deep(file)
        if seen > MOST_VALUES:
            raise _too_many(file)
        if isinstance(one, dict):
            waiting += [(v, depth + 1) for v in one.values()]
        elif isinstance(one, list):
            waiting += [(v, depth + 1) for v in one]
        elif isinstance(one, float) and not math.isfinite(one):
            raise BadReleaseFile(file=file, where="the file", problem="a number in it is endless or no number")
        elif isinstance(one, int) and abs(one) >= 10**MOST_DIGITS:
            raise BadReleaseFile(
                file=file, where="the file", problem=f"a number in it has more than {MOST_DIGITS} digits"
            )


def _too_deep(file: str, /) -> BadReleaseFile:
    return BadReleaseFile(file=file, where="the file", problem=f"more than {MOST_DEPTH} levels stand inside each other")


def _too_many(file: str, /) -> BadReleaseFile:
    return BadReleaseFile(file=file, where="the file", problem=f"it holds more than {MOST_VALUES} values")
