"""Dialogue: consultations, statements, answers, moderation, results."""
