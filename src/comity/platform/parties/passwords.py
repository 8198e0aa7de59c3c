"""How passwords are kept: Argon2id (RFC 9106) with the memory and passes that OWASP names as its least.

A sign-in costs a tenth of what PBKDF2 costs a server, and memory to whoever guesses. Older hashes are written anew at the
next sign-in.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
