"""The record's engine: a Merkle tree, its tiles, signed notes, checkpoints, cosignatures and proofs. Pure."""
