# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The diff of one resource, in lines that people read."""

from __future__ import annotations

import json

from .._account.resources import Attributes
from .._sms.encoding import encode


def diff(title: str, before: Attributes, after: Attributes) -> dict[str, str]:
    """One resource before and after, as Ansible shows diffs: {before, after, before_header, after_header}.

    Where its text changes, the number of segments of either text is shown too. They are those of the text as it stands,
    with its placeholders not filled in.
    """
    with_segments = before.get("text") != after.get("text")
    before_lines, after_lines = (_lines(_with_segments(side) if with_segments else side) for side in (before, after))
    return {"before": before_lines, "after": after_lines, "before_header": title, "after_header": title}


def _with_segments(attributes: Attributes) -> Attributes:
    if "text" not in attributes:
        return attributes
    return {**attributes, "segments": str(encode(attributes["text"]).segments)}


def _lines(attributes: Attributes) -> str:
    """Attributes as lines; a value of several lines is indented below its name."""
    lines = []
    for name, value in attributes.items():
        first, *more = map(_visible, value.split("\n"))
        lines += [f"{name}:", f"  {first}", *(f"  {line}" for line in more)] if more else [f"{name}: {first}"]
    return "".join(f"{line}\n" for line in lines)


def _visible(line: str) -> str:
    """A line as it is; in quotation marks where some of it would not be seen."""
    printable = line.isprintable()
    return line if printable and line == line.strip() else json.dumps(line, ensure_ascii=not printable)
