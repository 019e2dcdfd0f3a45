# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Values without what Ansible adds to them."""

from __future__ import annotations

import datetime
import json
import typing as t

from ansible.module_utils.common.text.converters import to_text


def plain(value: t.Any) -> t.Any:
    """The value as a shipped module gets it, which is what JSON can hold: what Ansible adds to it is left behind."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, dict):
        return {_key(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value if value is None or isinstance(value, (int, float)) else str(to_text(value))


def _key(key: t.Any) -> str:
    """A key as JSON spells it."""
    name = plain(key)
    return name if isinstance(name, str) else json.dumps(name)
