"""The FAISS index on disk."""

from __future__ import annotations

import json

import numpy as np
import pytest

from embeddings.index import IndexDamaged, VectorIndex


@pytest.fixture
def vectors():
    random = np.random.default_rng(3)
    rows = random.normal(size=(40, 16)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def index(vectors):
    index = VectorIndex(16, "m")
    index.add([f"c{n}" for n in range(40)], vectors)
    return index


def test_the_nearest_claim_to_a_vector_is_its_own(index, vectors):
    hits = index.search(vectors, 3)
    assert [row[0].id for row in hits] == [f"c{n}" for n in range(40)]
    assert all(row[0].similarity >= row[1].similarity >= row[2].similarity for row in hits)


def test_saving_and_loading_changes_no_answer(index, vectors, tmp_path):
    index.save(tmp_path)
    assert VectorIndex.load(tmp_path, "m", 16).search(vectors, 5) == index.search(vectors, 5)


def test_a_second_save_replaces_the_first_and_leaves_one_file(index, vectors, tmp_path):
    index.save(tmp_path)
    index.remove(["c0", "c1"])
    index.save(tmp_path)
    assert len(VectorIndex.load(tmp_path, "m", 16)) == 38
    assert len(list(tmp_path.glob("vectors-*"))) == 1


def test_removed_claims_are_found_no_more_and_the_rest_keep_their_ids(index, vectors):
    index.remove(["c3", "nobody"])
    hits = index.search(vectors, 40)
    assert "c3" not in {hit.id for row in hits for hit in row}
    assert hits[4][0].id == "c4" and hits[39][0].id == "c39"


def test_an_id_is_not_taken_twice(index, vectors):
    with pytest.raises(ValueError, match="c5"):
        index.add(["c5"], vectors[:1])
    assert len(index) == 40


def test_vectors_of_another_length_are_refused(index):
    with pytest.raises(ValueError, match=r"\(1, 16\) is needed"):
        index.add(["x"], np.ones((1, 8), dtype=np.float32))


def test_an_empty_index_finds_nothing(vectors):
    assert VectorIndex(16, "m").search(vectors[:2], 5) == [[], []]


def _no_meta(folder):
    (folder / "index.json").unlink()


def _cut(folder):
    path = next(folder.glob("vectors-*.faiss"))
    path.write_bytes(path.read_bytes()[:50])


def _fewer_ids(folder):
    meta = json.loads((folder / "index.json").read_text())
    meta["ids"] = meta["ids"][1:]
    (folder / "index.json").write_text(json.dumps(meta))


def _other_id(folder):
    meta = json.loads((folder / "index.json").read_text())
    meta["ids"][3] = "d3"
    (folder / "index.json").write_text(json.dumps(meta))


def _byte(folder, place=300, value=None):
    path = next(folder.glob("vectors-*.faiss"))
    content = bytearray(path.read_bytes())
    content[place] = content[place] ^ 255 if value is None else value
    path.write_bytes(content)


def _head(folder):
    _byte(folder, 68, 80)


def _no_checksum(folder):
    """As an older program left it."""
    meta = json.loads((folder / "index.json").read_text())
    del meta["sha256"]
    (folder / "index.json").write_text(json.dumps(meta))


@pytest.fixture
def unread(monkeypatch):
    """FAISS may not read a file: with this head it came to no end."""
    monkeypatch.setattr("embeddings.index.faiss.read_index", lambda *_: pytest.fail("read by FAISS"))


@pytest.mark.parametrize("damage", [_no_meta, _cut, _fewer_ids, _other_id, _byte, _head])
def test_a_damaged_index_is_refused(index, tmp_path, damage, unread):
    index.save(tmp_path)
    damage(tmp_path)
    with pytest.raises(IndexDamaged):
        VectorIndex.load(tmp_path, "m", 16)


@pytest.mark.parametrize("content", ["null", "[1]", '"x"', "[" * 100_000, '{"format": 1}', "[ids]", "[dimension]"])
def test_a_description_that_is_none_is_refused_and_saved_over(index, vectors, tmp_path, content):
    index.save(tmp_path)
    meta = json.loads((tmp_path / "index.json").read_text())
    changed = {"[ids]": {"ids": 5}, "[dimension]": {"dimension": 10**30}}.get(content)
    (tmp_path / "index.json").write_text(json.dumps(meta | changed) if changed else content)
    with pytest.raises(IndexDamaged):
        VectorIndex.load(tmp_path)
    index.save(tmp_path)
    assert VectorIndex.load(tmp_path).search(vectors, 5) == index.search(vectors, 5)


@pytest.mark.parametrize("damage", [lambda _: None, _head])
def test_an_index_without_a_checksum_opens_as_far_as_it_fits(index, vectors, tmp_path, damage, unread):
    index.save(tmp_path)
    _no_checksum(tmp_path)
    damage(tmp_path)
    assert VectorIndex.load(tmp_path, "m", 16).search(vectors, 5) == index.search(vectors, 5)
    _cut(tmp_path)
    with pytest.raises(IndexDamaged, match="doesn't fit"):
        VectorIndex.load(tmp_path, "m", 16)


def test_an_index_says_of_which_model_it_is(index, tmp_path):
    index.save(tmp_path)
    found = VectorIndex.load(tmp_path)
    assert (found.model_id, found.dimension, len(found)) == ("m", 16, 40)


def test_a_save_that_finds_no_room_leaves_the_old_index_and_no_half_file(index, tmp_path):
    index.save(tmp_path)
    index.remove(["c0"])
    for name in ("vectors-2.faiss.part", "index.json.part"):
        (tmp_path / name).symlink_to("/dev/full")
        with pytest.raises(OSError, match="No space left"):
            index.save(tmp_path)
        assert len(VectorIndex.load(tmp_path, "m", 16)) == 40 and not list(tmp_path.glob("*.part"))
    index.save(tmp_path)
    assert len(VectorIndex.load(tmp_path, "m", 16)) == 39


@pytest.mark.parametrize(("model_id", "dimension"), [("other", 16), ("m", 8)])
def test_an_index_of_another_model_is_refused(index, tmp_path, model_id, dimension):
    index.save(tmp_path)
    with pytest.raises(IndexDamaged, match="is needed"):
        VectorIndex.load(tmp_path, model_id, dimension)


def test_a_save_that_dies_midway_leaves_the_old_index(index, vectors, tmp_path, monkeypatch):
    index.save(tmp_path)
    index.remove(["c0"])
    real = __import__("os").replace

    def die_at_the_description(source, target):
        if str(target).endswith("index.json"):
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr("embeddings.index.os.replace", die_at_the_description)
    with pytest.raises(KeyboardInterrupt):
        index.save(tmp_path)
    assert len(VectorIndex.load(tmp_path, "m", 16)) == 40
