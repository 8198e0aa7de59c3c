"""Which format a file has, from its name and its first bytes, and whether opening it in the usual way can run code.

Nothing is opened, loaded or unpickled: names and bytes are looked at. A format is marked where the usual reader of it can
run code that the file brings; no mark is no promise that a file is harmless.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from comity.engines.commons.reason_words import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

HEAD_BYTES = 4096
"""How many of the first bytes ``recognise_format`` wants."""

_PICKLE = SENTENCES["code-pickle"]
_SCRIPT = SENTENCES["code-program"]
_LAYER = SENTENCES["code-layer"]
_OPAQUE = MappingProxyType(
    {
        ".pkl": "pickle",
        ".pickle": "pickle",
        ".dill": "pickle",
        ".joblib": "joblib pickle",
        ".pt": "PyTorch pickle",
        ".pth": "PyTorch pickle",
        ".ckpt": "checkpoint that may be a pickle",
        ".bin": "binary that may be a PyTorch pickle",
        ".mar": "TorchServe archive",
        ".model": "binary that may be a pickle",
    }
)
_PROGRAMS = frozenset(
    {
        *(
            ".py",
            ".pyc",
            ".pyd",
            ".sh",
            ".bash",
            ".zsh",
            ".ps1",
            ".bat",
            ".cmd",
            ".js",
            ".mjs",
            ".ts",
            ".rb",
            ".pl",
            ".php",
        ),
        *(
            ".r",
            ".jl",
            ".lua",
            ".jar",
            ".class",
            ".war",
            ".exe",
            ".dll",
            ".so",
            ".dylib",
            ".wasm",
            ".msi",
            ".deb",
            ".rpm",
        ),
        *(".apk", ".vbs", ".scpt", ".go", ".rs", ".c", ".cpp", ".h", ".java", ".kt", ".swift", ".scala", ".cu"),
    }
)
_OFFICE = frozenset({".docm", ".xlsm", ".pptm", ".xlam", ".dotm"})
_MACROS = SENTENCES["code-macros"]
_DISGUISED = ("not what its name says", SENTENCES["code-unrecognised"])
_BY_SUFFIX = MappingProxyType(
    {
        ".ipynb": ("notebook", SENTENCES["code-cells"]),
        ".pb": ("TensorFlow graph", SENTENCES["code-operations"]),
        ".h5": _DISGUISED,
        ".hdf5": _DISGUISED,
        ".keras": _DISGUISED,
        **dict.fromkeys(_OFFICE, ("office document with macros", _MACROS)),
    }
)
_PLAIN = MappingProxyType(
    {
        ".safetensors": "safetensors",
        ".gguf": "GGUF",
        ".onnx": "ONNX",
        ".json": "JSON",
        ".jsonl": "JSON Lines",
        ".csv": "CSV",
        ".tsv": "TSV",
        ".parquet": "Parquet",
        ".arrow": "Arrow",
        ".txt": "text",
        ".md": "Markdown",
        ".rst": "reStructuredText",
        ".toml": "TOML",
        ".yaml": "YAML",
        ".yml": "YAML",
        ".xml": "XML",
        ".html": "HTML",
        ".pdf": "PDF",
        ".png": "PNG",
        ".jpg": "JPEG",
        ".jpeg": "JPEG",
        ".wav": "WAV",
        ".flac": "FLAC",
        ".mp3": "MP3",
        ".zip": "ZIP",
        ".gz": "gzip",
        ".zst": "Zstandard",
        ".tar": "tar",
        ".tflite": "TensorFlow Lite",
        ".msgpack": "MessagePack",
    }
)
_SIGNS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x7fELF", "ELF program", _SCRIPT),
    (b"MZ", "Windows program", _SCRIPT),
    (b"\xcf\xfa\xed\xfe", "macOS program", _SCRIPT),
    (b"\xca\xfe\xba\xbe", "Java class or macOS program", _SCRIPT),
    (b"\x00asm", "WebAssembly program", _SCRIPT),
    (b"#!", "script", _SCRIPT),
)
# A protocol from 2 to 5, then one of the operations of a pickle.
_BEGINS_PICKLE = re.compile(rb"\x80[\x02-\x05][().012BCFGIJKLMNPQRSTUVX\]abcdeghijlopqrstu}\x81-\x98]")

# Protocol 0 or 1: a name of a module and of a thing in it, then what to call it with.
_BEGINS_OLD_PICKLE = re.compile(
    rb"[(\]}]*c[A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n(?:[(\])}NIKSVUX]|p\d+\n|q[\x00-\xff])", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Format:
    """A format by name, and why opening it can run code (empty: the usual reader of the format runs none)."""

    name: str
    runs_code: str = ""


def recognise_format(
    *, path: str, head: bytes, members: Collection[str] | None = (), words: Collection[bytes] = ()
) -> Format:
    r"""Return the format of a file from its path and first bytes.

    ``members`` are the names inside where it is a ZIP archive, None where they cannot be listed; ``words`` are those of ``SEARCHED`` that stand anywhere in it.

    >>> recognise_format(path="model.safetensors", head=b"\x08" + bytes(7) + b'{"a":1}')
    Format(name='safetensors', runs_code='')
    >>> recognise_format(path="notes.txt", head=b"\x80\x04\x95\x10").runs_code
    'loading a pickle runs whatever code it holds'
    """
    suffix = _suffix(path)
    for sign, name, why in _SIGNS:
        if head.startswith(sign) and not (sign == b"MZ" and suffix in _PLAIN):
            return Format(name, why)
    if head.startswith(b"PK\x03\x04") and (members is None or members):
        return _archive(suffix, members, words)
    if _BEGINS_PICKLE.match(head) or _BEGINS_OLD_PICKLE.match(head):
        return Format(_OPAQUE.get(suffix, "pickle"), _PICKLE)
    if head.startswith(b"\x93NUMPY"):
        return _numpy(head)
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        layer = " with a Lambda layer" if LAMBDA in words else ""
        return Format(f"HDF5{layer}", _LAYER if layer else "")
    return _by_suffix(suffix, head)


LAMBDA = b'"Lambda"'
SEARCHED: tuple[bytes, ...] = (LAMBDA,)
"""What a reader looks for anywhere in an HDF5 or Keras file: the name of a layer that brings code."""


def _suffix(path: str, /) -> str:
    name = path.rsplit("/", 1)[-1].casefold()
    return "." + name.rsplit(".", 1)[-1] if "." in name.lstrip(".") else ""


def _archive(suffix: str, members: Collection[str] | None, words: Collection[bytes], /) -> Format:
    if members is None:
        return Format("ZIP archive", SENTENCES["code-closed-archive"])
    pickles = sorted(m for m in members if m.casefold().endswith((".pkl", ".pickle", ".joblib", ".dill")))
    programs = sorted(m for m in members if _suffix(m) in _PROGRAMS)
    name = _name_archive(suffix, members)
    # What can run code counts, whatever else the archive is.
    if pickles:
        why = SENTENCES["code-holds-pickle"].format(member=pickles[0][:80])
    elif any(m.casefold().endswith("vbaproject.bin") for m in members):
        why = _MACROS
    elif LAMBDA in words:
        why = _LAYER
    elif OBJECTS in words:
        why = SENTENCES["code-objects"]
    else:
        why = SENTENCES["code-holds-program"].format(member=programs[0][:80]) if programs else ""
    return Format(name, why)


def _name_archive(suffix: str, members: Collection[str], /) -> str:
    if any(m.endswith("data.pkl") for m in members):
        return "PyTorch archive"
    if suffix == ".keras" or {"config.json", "metadata.json"} <= set(members):
        return "Keras"
    if suffix == ".npz" or any(m.endswith(".npy") for m in members):
        return "NumPy archive"
    return _PLAIN.get(suffix, "ZIP archive")


OBJECTS = b"|O"


def _numpy(head: bytes, /) -> Format:
    if holds_objects(head=head):
        return Format("NumPy array of objects", _PICKLE)
    return Format("NumPy array")


def holds_objects(*, head: bytes) -> bool:
    r"""Say whether the header of a NumPy array names objects as what it holds: reading them unpickles.

    >>> holds_objects(head=b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (2,), }")
    True
    """
    return re.search(rb"'\|O[0-9]*'", head[:HEAD_BYTES]) is not None


def _by_suffix(suffix: str, head: bytes, /) -> Format:
    found = Format("GGUF") if head.startswith(b"GGUF") else Format(_PLAIN.get(suffix, "unknown"))
    if suffix in _PROGRAMS:
        found = Format(f"program ({suffix})", _SCRIPT)
    elif suffix in _OPAQUE:
        found = Format(_OPAQUE[suffix], f"the usual reader takes it for a pickle: {_PICKLE}")
    elif suffix in _BY_SUFFIX:
        found = Format(*_BY_SUFFIX[suffix])
    return found


KINDS_BY_NAME: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "licence-text": re.compile(r"(^|/)(licen[cs]e|copying|notice|eula)([-._ ][^/]*)?$", re.IGNORECASE),
        "data-card": re.compile(
            r"(^|/)(data[-_ ]?(card|sheet)|datasheet|data_statement)[^/]*$|(^|/)data(sets?)?/readme(\.[a-z]+)?$",
            re.IGNORECASE,
        ),
        "model-card": re.compile(r"(^|/)(model[-_ ]?card[^/]*|readme(\.[a-z]+)?)$", re.IGNORECASE),
        "research-paper": re.compile(r"(^|/)[^/]*paper[^/]*\.(pdf|tex|md|html)$", re.IGNORECASE),
        "technical-report": re.compile(r"(^|/)[^/]*(technical|tech)[-_ ]?report[^/]*$", re.IGNORECASE),
        "evaluation-results": re.compile(
            r"(^|/)([^/]*(eval|evaluation|benchmark)[^/]*results?[^/]*|results?/[^/]+\.(json|csv|md))$", re.IGNORECASE
        ),
        "evaluation-data": re.compile(
            r"(^|/)(eval|evaluation|benchmark|test)([-_]?(data|set))?/.*\.(csv|tsv|json|jsonl|parquet|arrow|txt)$",
            re.IGNORECASE,
        ),
        "datasets": re.compile(
            r"(^|/)(data|datasets?|corpus)/.+\.(csv|tsv|json|jsonl|parquet|arrow|txt|gz|zst|wav|flac|mp3)$",
            re.IGNORECASE,
        ),
        "intermediate-parameters": re.compile(r"(^|/)(checkpoints?|step[-_]?\d+)[^/]*/.+", re.IGNORECASE),
        "data-preprocessing-code": re.compile(
            r"(^|/)[^/]*(preprocess|clean|prepare|tokeni[sz]e_data)[^/]*\.(py|ipynb|sh|r|jl)$", re.IGNORECASE
        ),
        "training-code": re.compile(
            r"(^|/)([^/]*(train|finetune|fine_tune|pretrain)[^/]*\.(py|ipynb|sh|r|jl)|train(ing)?/.*\.py)$",
            re.IGNORECASE,
        ),
        "evaluation-code": re.compile(r"(^|/)[^/]*(eval|benchmark)[^/]*\.(py|ipynb|sh|r|jl)$", re.IGNORECASE),
        "inference-code": re.compile(
            r"(^|/)[^/]*(infer|predict|generate|serve|demo|run)[^/]*\.(py|ipynb|sh|r|jl)$", re.IGNORECASE
        ),
        "model-architecture": re.compile(
            r"(^|/)(modeling|modelling|model|architecture|network)[^/]*\.py$", re.IGNORECASE
        ),
        "model-parameters": re.compile(
            r"\.(safetensors|gguf|onnx|pt|pth|bin|ckpt|h5|hdf5|keras|pb|tflite|pkl|joblib|msgpack|npz)$", re.IGNORECASE
        ),
        "model-metadata": re.compile(
            r"(^|/)[^/]*(config|tokenizer|vocab|special_tokens_map|merges)[^/]*\.(json|txt|yaml|yml|model)$",
            re.IGNORECASE,
        ),
        "sample-outputs": re.compile(r"(^|/)(samples?|examples?|outputs?)/.+", re.IGNORECASE),
    }
)
"""Kind of component: what its files are usually called. The first that fits counts."""


def guess_kind(*, path: str) -> str:
    """Return the kind of component that a file's path suggests, "source-code" for other programs, or "other".

    >>> guess_kind(path="model-00001-of-00002.safetensors"), guess_kind(path="LICENSE"), guess_kind(path="src/tools.py")
    ('model-parameters', 'licence-text', 'source-code')
    """
    for kind, pattern in KINDS_BY_NAME.items():
        if pattern.search(path):
            return kind
    return "source-code" if _suffix(path) in _PROGRAMS else "other"
