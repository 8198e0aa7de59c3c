"""Embedders: the packaged model, an endpoint that answers rightly or wrongly, and names that are refused."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest

from comity.adapters.embedders import LONGEST, EndpointEmbedder, PackagedEmbedder, SentenceEmbedder, open_embedder
from comity.adapters.vector_cache import VectorCache, embed_cached
from comity.engines.alignment.dense import knows
from comity.errors import BadParameter, Conflict


@pytest.fixture(scope="module")
def packaged():
    return PackagedEmbedder()


def test_the_packaged_model_gives_unit_vectors_and_nought_for_nothing(packaged):
    found = packaged.embed(["human oversight", "", "   "])
    assert (found.shape, found.dtype) == ((3, 512), np.float32)
    assert np.linalg.norm(found[0]) == pytest.approx(1.0, abs=1e-5)
    assert not found[1:].any()


def test_the_packaged_model_finds_the_same_right_in_another_language(packaged):
    english = packaged.embed(["Everyone has the right to education.", "No one shall be held in slavery."])
    chinese = packaged.embed(["人人都有受教育的权利。", "任何人不得使为奴隶或奴役。"])
    assert (english @ chinese.T).argmax(axis=1).tolist() == [0, 1]


def test_a_text_does_not_depend_on_the_others_in_its_batch(packaged):
    texts = ["Everyone has the right to education.", "privacy " * 300, "short"]
    together = packaged.embed(texts)
    for alone, row in zip(texts, together, strict=True):
        assert np.allclose(packaged.embed([alone])[0], row, atol=1e-4)


def test_what_stands_after_the_limit_is_not_read(packaged):
    text = "a right of people " * 200
    assert len(text) > LONGEST
    assert np.allclose(packaged.embed([text]), packaged.embed([text[:LONGEST]]), atol=1e-5)


@pytest.mark.parametrize(
    "name",
    [
        "oracle",
        "",
        "openai:",
        "openai:http://models.example.org/v1#m",
        "openai:https://models.example.org/v1",
        "openai:file:///etc/passwd#m",
        "openai:https://[::1#m",
        "sentence-transformers: ",
        "use-multilingual#m",
        "openai:https://user:secret@models.example.org/v1#m",
    ],
)
def test_a_name_that_will_not_do_is_refused_with_what_is_allowed(name):
    with pytest.raises(BadParameter) as refused:
        open_embedder(name=name)
    assert "use-multilingual" in str(refused.value)


def test_a_refusal_does_not_give_away_a_password_or_a_key():
    for name in (
        "openai:https://user:secret-canary@models.example.org/v1#m",
        "openai:https://models.example.org/v1?key=secret-canary#m",
    ):
        with pytest.raises(BadParameter) as refused:
            open_embedder(name=name)
        assert "secret-canary" not in str(refused.value)
        assert "models.example.org" in str(refused.value)


def test_half_a_character_is_read_as_something_else_and_does_not_stop_the_rest(packaged):
    found = packaged.embed(["a right \ud800 of people", "privacy"])
    assert np.linalg.norm(found, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)


def test_a_model_of_a_package_that_is_not_here_is_refused_with_what_to_install():
    model = open_embedder(name="sentence-transformers:org/model")
    assert model.name == "sentence-transformers:org/model"
    with pytest.raises(BadParameter) as refused:
        model.embed(["a"])
    assert "sentence-transformers is installed" in str(refused.value)


def test_a_model_of_sentence_transformers_gives_unit_vectors_and_nought_for_nothing():
    loaded = SentenceEmbedder(model="org/model", _model=Stated())
    found = loaded.embed(["abc", " ", "privacy " * 1000])
    assert (found.shape, found.dtype, loaded.dimensions) == ((3, 2), np.float32, 2)
    assert np.allclose(found, [[0.9487, 0.3162], [0, 0], [1, 0.0005]], atol=1e-3)
    assert Stated.seen == ["abc", ("privacy " * 1000)[:LONGEST]]
    assert knows(languages=loaded.languages, language="sw")


class Stated:
    """What sentence-transformers promises of a model: its dimension, and vectors of no fixed length."""

    seen: list = []

    def get_sentence_embedding_dimension(self):
        return 2

    def encode(self, texts, *, show_progress_bar):
        self.seen += texts
        return np.array([[len(t), 1.0] for t in texts])


def test_none_leaves_words_alone():
    assert open_embedder(name="none") is None


class Endpoint(BaseHTTPRequestHandler):
    answer = "right"
    seen: list = []

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).seen.append((self.path, self.headers.get("Authorization"), asked))
        if self.answer == "redirect":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            return
        if self.answer == "garbage":
            self.wfile.write(b"no status line at all\r\n\r\n")
            return
        rows = [{"index": i, "embedding": [float(len(t)), 1.0, 0.0]} for i, t in enumerate(asked["input"])][::-1]
        body = {
            "right": json.dumps({"data": rows}),
            "twice": json.dumps({"data": rows[:1] * len(rows)}),
            "huge": json.dumps({"data": [r | {"embedding": [1.0, float("inf")]} for r in rows]}),
            "cut": '{"data": [',
            "deep": "[" * 100_000,
            "short": json.dumps({"data": rows[1:]}),
            "nonsense": "<html>",
            "nan": json.dumps({"data": [{"index": i, "embedding": [float("nan")]} for i in range(len(rows))]}),
            "ragged": json.dumps({"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}]}),
        }[self.answer]
        self.send_response(500 if self.answer == "nonsense" else 200)
        if self.answer == "cut":
            self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def endpoint(monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(Endpoint, "seen", [])
    monkeypatch.setattr(Endpoint, "answer", "right")
    monkeypatch.setenv("COMITY_EMBEDDER_KEY", "key-canary")
    yield open_embedder(name=f"openai:http://127.0.0.1:{server.server_port}/v1#small")
    server.shutdown()
    server.server_close()


@pytest.mark.enable_socket
def test_an_endpoint_is_asked_as_openai_is_and_its_vectors_come_in_order(endpoint):
    found = endpoint.embed(["a", "bbb"])
    assert np.allclose(found, [[0.7071, 0.7071, 0], [0.9487, 0.3162, 0]], atol=1e-3)
    assert Endpoint.seen == [("/v1/embeddings", "Bearer key-canary", {"model": "small", "input": ["a", "bbb"]})]
    assert endpoint.dimensions == 3
    assert knows(languages=endpoint.languages, language="sw")
    assert "key-canary" not in repr(endpoint)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    "answer", ["short", "nonsense", "nan", "ragged", "redirect", "twice", "huge", "cut", "deep", "garbage"]
)
def test_an_endpoint_that_answers_wrongly_is_refused(endpoint, monkeypatch, answer):
    monkeypatch.setattr(Endpoint, "answer", answer)
    with pytest.raises(Conflict) as refused:
        endpoint.embed(["a", "b"])
    assert "key-canary" not in str(refused.value)
    assert len(Endpoint.seen) == 1


@pytest.mark.enable_socket
def test_an_empty_text_is_not_sent_and_gets_nought(endpoint):
    found = endpoint.embed(["", "bbb", " "])
    assert np.allclose(found, [[0, 0, 0], [0.9487, 0.3162, 0], [0, 0, 0]], atol=1e-3)
    assert [asked["input"] for _, _, asked in Endpoint.seen] == [["bbb"]]


@pytest.mark.enable_socket
def test_a_refusing_endpoint_is_named_by_its_status(endpoint, monkeypatch):
    monkeypatch.setattr(Endpoint, "answer", "nonsense")
    with pytest.raises(Conflict, match="status 500"):
        endpoint.embed(["a"])


@pytest.mark.enable_socket
def test_a_model_on_this_machine_is_never_asked_through_a_proxy(endpoint, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    assert endpoint.embed(["bbb"]).shape == (1, 3)


@pytest.mark.enable_socket
def test_what_an_endpoint_has_answered_is_kept_for_the_next_run(endpoint, tmp_path):
    cache = VectorCache(tmp_path / "v")
    first = embed_cached(texts=["a", "bbb"], embedder=endpoint, cache=cache, progress=None)
    Endpoint.seen.clear()
    again = EndpointEmbedder(address=endpoint.address, model=endpoint.model)
    assert np.array_equal(embed_cached(texts=["a", "bbb"], embedder=again, cache=cache, progress=None), first)
    assert [asked["input"] for _, _, asked in Endpoint.seen] == [["length"]]


def test_an_endpoint_that_is_not_there_is_refused():
    with pytest.raises(Conflict):
        EndpointEmbedder(address="http://127.0.0.1:1/v1", model="m").embed(["a"])
