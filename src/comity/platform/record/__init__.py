"""The record keeps formal acts: what changed the body's state, by which office, and what it rests on."""
