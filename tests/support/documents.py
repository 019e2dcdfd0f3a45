# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The code blocks and tables of README (Markdown) and guides (reStructuredText)."""

from __future__ import annotations

import dataclasses
import re
import textwrap
import typing as t
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
GUIDES = sorted((ROOT / "docs" / "docsite" / "rst").glob("*.rst"))

_MARKDOWN = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_RST = re.compile(r"^\.\. code-block:: (\w+)\n\n((?:^(?:  .*)?\n)+)", re.MULTILINE)
_FIRST_COMMENT = re.compile(r"# (\S+)\n")


@dataclasses.dataclass(frozen=True)
class Block:
    """A code block. document: the name of its file."""

    document: str
    language: str
    text: str

    @property
    def name(self) -> str:
        """What the comment in its first line says: the name of a file, or "tasks" for a part of a play."""
        found = _FIRST_COMMENT.match(self.text)
        return found[1] if found else ""


def blocks(path: Path) -> list[Block]:
    """The code blocks of a document, in their order."""
    pattern = _MARKDOWN if path.suffix == ".md" else _RST
    found = pattern.findall(path.read_text(encoding="utf-8"))
    return [Block(path.name, language, textwrap.dedent(text).rstrip("\n") + "\n") for language, text in found]


class Command(t.NamedTuple):
    """A shell command. comment: what stands behind it."""

    text: str
    comment: str


def commands(block: Block) -> list[Command]:
    """The commands of a shell block; continued lines are one command."""
    found = []
    for line in block.text.replace("\\\n", " ").splitlines():
        text, _mark, comment = line.partition("  # ")
        if text.strip():
            found.append(Command(" ".join(text.split()), comment.strip()))
    return found


def variable_tables(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The tables of variables of a guide: the section's title, and the default of each variable as it is written."""
    sections = re.split(r"^(\S.*)\n-{3,}\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for title, text in zip(sections[1::2], sections[2::2]):
        rows = re.findall(r"^  \* - ``(\w+)``\n    -(.*)\n    - \S", text, re.MULTILINE)
        if rows:
            yield title, {name: default.strip().strip("`") for name, default in rows}
