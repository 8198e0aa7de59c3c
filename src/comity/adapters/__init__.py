"""The outside world: file formats, embedding models, caches, and the shared visual floor. No Django."""
