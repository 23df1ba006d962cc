"""Vectors, index, entailment and relations between claims."""

from embeddings.encoder import Encoder, ModelMissing, load_encoder
from embeddings.entailment import EntailmentModel, load_entailment
from embeddings.relations import find_relations

__all__ = ["Encoder", "EntailmentModel", "ModelMissing", "find_relations", "load_encoder", "load_entailment"]
