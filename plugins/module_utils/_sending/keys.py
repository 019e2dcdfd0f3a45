# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Hashes that stand for messages where their numbers and texts must not be read."""

from __future__ import annotations

import hashlib

SALT_BYTES = 32


def digest(salt: bytes, *parts: str) -> bytes:
    """16 bytes that stand for the parts: the same only for the same parts and the same salt."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(text.encode(), key=salt, digest_size=16).digest()


def message_key(salt: bytes, msisdn: str, text: str) -> bytes:
    """The key of a message: one text to one number."""
    return digest(salt, msisdn, text)
