"""What is learned from coded provisions: topics, strength, and probabilities that hold."""

from __future__ import annotations

import random
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from comity.adapters.readers import read_instrument_file, read_scheme
from comity.adapters.stemming import stem_words
from comity.engines.alignment.modal_words import strength_by_words
from comity.engines.alignment.ridge import folds_of, scores_left_out, solve_ridge, weigh_words
from comity.engines.alignment.strength import LEAST, MAKER, MAKER_WORDS, propose_strengths
from comity.engines.alignment.texts import Provision
from comity.engines.alignment.topics import MAKER as TOPICS_MAKER
from comity.engines.alignment.topics import best_threshold, propose_topics

EXAMPLE = Path(str(resources.files("comity.example")))


@pytest.fixture(scope="module")
def scheme():
    return read_scheme(path=EXAMPLE / "topics.toml")


@pytest.fixture(scope="module")
def coded(scheme):
    files = [read_instrument_file(path=p, scheme=scheme) for p in sorted((EXAMPLE / "instruments").glob("*.toml"))]
    return [p for _, provisions, _ in files for p in provisions]


def asked(provisions, instrument):
    return [replace(p, topics=(), modality=None) if p.instrument == instrument else p for p in provisions]


def test_topics_of_an_instrument_that_is_left_out_are_mostly_those_that_people_named(scheme, coded):
    """One of 48: benchmarks/topics.py does them all. Words alone, so that no model is needed here."""
    found = propose_topics(
        provisions=asked(coded, "eu-ai-act"), scheme=scheme, vectors=None, topic_vectors=None, stem=stem_words
    )
    mine = [p for p in coded if p.instrument == "eu-ai-act"]
    hit = sum(len(set(found[p.id].topics) & set(p.topics)) for p in mine if p.id in found)
    given = sum(len(found[p.id].topics) for p in mine if p.id in found)
    assert 2 * hit / (given + sum(len(p.topics) for p in mine)) >= 0.6
    assert {f.maker for f in found.values()} == {TOPICS_MAKER}
    assert all(1 >= c >= d > 0 for f in found.values() for c, d in zip(f.chances, f.chances[1:], strict=False))


def test_the_order_of_provisions_does_not_matter(scheme, coded):
    part = asked([p for p in coded if p.instrument < "d" or p.instrument == "eu-ai-act"], "eu-ai-act")
    shuffled = random.Random(4).sample(part, len(part))
    one, other = (
        propose_topics(provisions=p, scheme=scheme, vectors=None, topic_vectors=None) for p in (part, shuffled)
    )
    assert one == other
    assert propose_strengths(provisions=part) == propose_strengths(provisions=shuffled)


def test_strength_of_an_instrument_that_is_left_out_is_mostly_what_people_said(coded):
    found = propose_strengths(provisions=asked(coded, "us-colorado-sb24-205"))
    mine = [p for p in coded if p.instrument == "us-colorado-sb24-205"]
    right = sum(found[p.id].modality == p.modality for p in mine if p.id in found)
    assert right / len(mine) >= 0.7
    assert {f.maker for f in found.values()} == {MAKER}
    assert min(f.chance for f in found.values()) >= LEAST


@pytest.mark.parametrize(
    "language, text, strength",
    [
        ("en", "A person shall not deploy such a system.", "must-not"),
        ("en-GB", "Members should share data.", "should"),
        ("fr", "Le fournisseur ne doit pas traiter ces données.", "must-not"),
        ("fr", "Les États devraient coopérer.", "should"),
        ("fr", "L’autorité peut demander des documents.", "may"),
        ("es", "Los proveedores deberán informar.", "must"),
        ("es", "Queda prohibido su uso.", "must-not"),
        ("es", "Se recomienda evaluar los riesgos.", "should"),
        ("pt", "São vedadas a implementação e o uso de tais sistemas.", "must-not"),
        ("pt", "Os agentes comunicarão à autoridade a ocorrência.", "must"),
        ("pt", "A autoridade competente poderá autorizar o ambiente.", "may"),
        ("ru", "Оператор обязан уведомить.", "must"),
        ("ru", "Не допускается использование.", "must-not"),
        ("ru", "Рекомендуется проводить оценку.", "should"),
        ("ar", "لا يجوز استخدام هذه النظم.", "must-not"),
        ("ar", "يجب على المزود الإفصاح.", "must"),
        ("ar", "ينبغي للدول أن تتعاون.", "should"),
        ("zh-CN", "提供者不得非法留存信息。", "must-not"),
        ("zh", "所采用芯片宜支持可信启动。", "should"),
        ("zh", "使用者有权投诉。", "may"),
        ("zh", "便宜的应用可能出现问题。", None),
        ("ja", "事業者は説明しなければならない。", "must"),
        ("ja", "事業者は安全の確保に努めなければならない。", "should"),
        ("ja", "利用してはならない。", "must-not"),
        ("ja", "大臣は報告を求めることができる。", "may"),
        ("ko", "사업자는 고지하여야 한다.", "must"),
        ("ko", "평가하기 위하여 노력하여야 한다.", "should"),
        ("ko", "다음 각 호의 사업을 추진할 수 있다.", "may"),
        ("sw", "Mtoa huduma lazima atoe taarifa.", None),
        ("en", "", None),
    ],
)
def test_the_first_modal_word_tells_the_strength(language, text, strength):
    assert strength_by_words(text=text, language=language) == strength


def test_where_little_is_coded_modal_words_decide_and_what_says_nothing_is_left_out():
    parts = [
        Provision("x", "1", "", "", "Providers must tell users.", "en"),
        Provision("x", "2", "", "", "Definitions.", "en"),
        Provision("x", "3", "", "", "提供者应当公开。", "zh"),
        Provision("x", "4", "", "", "Lazima.", "sw"),
        Provision("x", "5", "", "", "Coded.", "en", modality="may"),
    ]
    found = propose_strengths(provisions=parts)
    assert {k: (v.modality, v.chance, v.maker) for k, v in found.items()} == {
        "x/1": ("must", None, MAKER_WORDS),
        "x/3": ("must", None, MAKER_WORDS),
    }
    assert propose_strengths(provisions=[]) == {}


def test_what_a_machine_proposed_is_never_learned_from(coded):
    half = [replace(p, modality_by="strength-ridge/1") if p.instrument > "m" else p for p in coded]
    assert len([p for p in half if not p.modality_by]) > 300
    quarter = [replace(p, modality_by="strength-ridge/1") if p.instrument > "b" else p for p in coded]
    new = Provision("new", "1", "", "", "Providers must tell users.", "en")
    assert propose_strengths(provisions=[*quarter, new])["new/1"].maker == MAKER_WORDS
    assert propose_strengths(provisions=[*half, new])["new/1"].maker == MAKER


def test_ridge_gives_back_what_it_was_taught_where_nothing_is_penalised():
    x = np.random.default_rng(1).standard_normal((20, 30))
    y = np.random.default_rng(2).standard_normal((20, 3))
    weights, mean = solve_ridge(kernel=x @ x.T, targets=y, penalty=1e-9)
    assert np.allclose(x @ x.T @ weights + mean, y, atol=1e-5)


def test_scores_left_out_never_saw_their_own_group():
    """Two groups with the same words and opposite answers: each is told wrong by the other alone."""
    rows = weigh_words(texts=[["a"], ["b"], ["a"], ["b"]], least=1)
    kernel = (rows @ rows.T).toarray()
    targets = np.array([[1.0], [0.0], [0.0], [1.0]])
    folds = folds_of(["x", "x", "y", "y"])
    found = scores_left_out(kernel=kernel, targets=targets, penalty=0.1, folds=folds, always=np.zeros(4, dtype=bool))
    assert (np.sign(found - 0.5) == -np.sign(targets - 0.5)).all()


def test_the_threshold_is_the_one_with_the_best_f1():
    chances = np.array([[0.9], [0.45], [0.4], [0.2]])
    truth = np.array([[1.0], [1.0], [0.0], [0.0]])
    assert 0.4 < best_threshold(chances=chances, truth=truth) <= 0.45
