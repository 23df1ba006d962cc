"""Runs one rival's own candidate gate and scoring; called by `benchmarks.rivals` in an environment of its own.

    python rivals_driver.py NAME FOLDER SECONDS

Prints one JSON object: judged, calls, seconds, flagged pairs of claim ids, finished.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np


def consistency_checker(folder: Path, seconds: float) -> dict:
    """Its FAISS gate and bidirectional NLI at the defaults of its configuration; the judge behind it needs a hosted
    language model, so what passes its NLI threshold counts as flagged."""
    from consistency_checker.check.gate import AnnGate
    from consistency_checker.check.nli_checker import TransformerNliChecker, passes_threshold, score_bidirectional
    from consistency_checker.config import Config
    from consistency_checker.extract.schema import Assertion, Document
    from consistency_checker.index.assertion_store import AssertionStore
    from consistency_checker.index.faiss_store import FaissStore

    defaults = {name: field.default for name, field in Config.model_fields.items()}
    rows, vectors = read(folder)
    checker = TransformerNliChecker(str(folder / "model"))
    flagged, judged, finished = [], 0, True
    with tempfile.TemporaryDirectory() as scratch, AssertionStore(Path(scratch) / "store.db") as store:
        store.migrate()
        corpus = store.get_or_create_corpus("news", scratch, "anthropic")
        documents = {row["article"]: Document.from_content(row["article"], row["article"]) for row in rows}
        for document in documents.values():
            store.add_document(document, corpus_id=corpus)
        made = [Assertion.build(documents[row["article"]].doc_id, row["text"]) for row in rows]
        store.add_assertions(made)
        claim_of = {one.assertion_id: row["id"] for one, row in zip(made, rows, strict=True)}
        index = FaissStore.open_or_create(
            index_path=Path(scratch) / "i.faiss", id_map_path=Path(scratch) / "i.json", dim=vectors.shape[1]
        )
        first = {one.assertion_id: place for place, one in reversed(list(enumerate(made)))}
        ids = list(first)
        places = index.add(ids, vectors[[first[one] for one in ids]])
        store.attach_embeddings(list(zip(ids, places, strict=True)))
        started = time.perf_counter()
        gate = AnnGate(index, top_k=defaults["gate_top_k"], similarity_threshold=defaults["gate_similarity_threshold"])
        for pair in gate.candidates(store):
            if time.perf_counter() - started > seconds:
                finished = False
                break
            judged += 1
            said = score_bidirectional(checker, pair.a.assertion_text, pair.b.assertion_text)
            if passes_threshold(said, defaults["nli_contradiction_threshold"]):
                flagged.append([claim_of[pair.a.assertion_id], claim_of[pair.b.assertion_id]])
    return result(judged, 2 * judged, time.perf_counter() - started, flagged, finished)


def contradict_text(folder: Path, seconds: float) -> dict:
    """Its detector at its defaults, every claim against every later one of another article."""
    from contradict import ContradictionDetector

    rows, _ = read(folder)
    detector = ContradictionDetector(
        nli_model=str(folder / "model"), embed_model=(folder / "encoder.txt").read_text(encoding="utf-8")
    )
    flagged, judged, calls = [], 0, 0
    started = time.perf_counter()
    for place, row in enumerate(rows):
        for other in rows[place + 1 :]:
            if row["article"] == other["article"]:
                continue
            if time.perf_counter() - started > seconds:
                return result(judged, calls, time.perf_counter() - started, flagged, False)
            judged += 1
            said = detector.check(row["text"], other["text"])
            calls += not said.nli_skipped
            if said.is_contradiction:
                flagged.append([row["id"], other["id"]])
    return result(judged, calls, time.perf_counter() - started, flagged, True)


def read(folder: Path) -> tuple[list[dict], np.ndarray]:
    """The claims and their vectors as `benchmarks.rivals` left them."""
    lines = (folder / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines], np.load(folder / "vectors.npy")


def result(judged: int, calls: int, seconds: float, flagged: list, finished: bool) -> dict:
    """What is printed."""
    return {"judged": judged, "calls": calls, "seconds": seconds, "flagged": flagged, "finished": finished}


if __name__ == "__main__":
    run = {"consistency-checker": consistency_checker, "contradict-text": contradict_text}[sys.argv[1]]
    print(json.dumps(run(Path(sys.argv[2]), float(sys.argv[3]))))
