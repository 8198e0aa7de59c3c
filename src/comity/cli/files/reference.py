"""Open the reference that ships with Comity: the summaries of the worked example, whose topics people have named."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.engines.alignment.dense import Embedder
    from comity.engines.alignment.reference import Reference


def read_reference(model: Embedder, /) -> Reference | None:
    """Return the coded provisions of the worked example as a model sees them; its vectors are kept between runs."""
    from comity.adapters.readers import read_instrument_file, read_scheme
    from comity.engines.alignment.reference import gather_reference
    from comity.engines.alignment.texts import embedded_text

    folder = Path(str(resources.files("comity.example")))
    scheme = read_scheme(path=folder / "topics.toml")
    provisions = [
        p
        for path in sorted((folder / "instruments").glob("*.toml"))
        for p in read_instrument_file(path=path, scheme=scheme)[1]
    ]
    return gather_reference(provisions=provisions, vectors=embed_kept(model, [embedded_text(p) for p in provisions]))


def embed_kept(model: Embedder, texts: Sequence[str], /) -> Any:
    """Return one vector a text, kept between runs in the user's cache folder."""
    from comity.adapters.vector_cache import VectorCache, embed_cached
    from comity.cli.files.line import default_cache

    return embed_cached(texts=texts, embedder=model, cache=VectorCache(default_cache()), progress=None)
