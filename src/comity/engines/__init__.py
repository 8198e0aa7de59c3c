"""Engines compute: arrays and frozen dataclasses in, the same out. No files, network, clock or unseeded chance."""
