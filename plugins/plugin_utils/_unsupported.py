# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""Options that a module does not have, each with the nearest one that it has."""

from __future__ import annotations

import difflib
import typing as t

Spec = t.Mapping[str, t.Mapping[str, t.Any]]


def explain_unsupported(action: str, args: t.Mapping[str, t.Any], spec: Spec) -> str | None:
    """Why the options are refused, in AnsibleModule's words and with a suggestion; None where the module has them all.

    args: the task's options. spec: the argument spec, whose suboptions are looked into as well.
    """
    found = list(_unsupported(args, spec, ""))
    if not found:
        return None
    names = ", ".join(sorted({name for name, _nearest, _supported in found}))
    nearest = dict.fromkeys(nearest for _name, nearest, _supported in found if nearest)
    suggestion = f" Did you mean {' and '.join(nearest)}?" if nearest else ""
    supported = ", ".join(sorted({name for _name, _nearest, names in found for name in names}))
    return (
        f"Unsupported parameters for ({action}) module: {names}.{suggestion} Supported parameters include: {supported}."
    )


def _unsupported(
    args: t.Mapping[str, t.Any], spec: Spec, prefix: str
) -> t.Iterator[tuple[str, str | None, t.Iterable[str]]]:
    """Each option that the spec does not have, the nearest that it has, and all that it has."""
    for name, value in args.items():
        option = spec.get(name)
        if option is None:
            nearest = difflib.get_close_matches(str(name).lower(), spec, n=1)
            yield f"{prefix}{name}", prefix + nearest[0] if nearest else None, [prefix + known for known in spec]
        elif "options" in option:
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, dict):
                    yield from _unsupported(entry, option["options"], f"{prefix}{name}.")
