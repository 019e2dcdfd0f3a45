# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""README and guides lead to places that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.support.documents import GUIDES, README, ROOT

PLACES = (
    "https://github.com/onfon-sms/ansible-collection-onfon.sms/blob/main/",
    "https://raw.githubusercontent.com/onfon-sms/ansible-collection-onfon.sms/main/",
)
PROSE = [
    *sorted(ROOT.glob("*.md")),
    *GUIDES,
    *sorted(ROOT.glob("roles/*/README.md")),
    *sorted(ROOT.glob("playbooks/*.yml")),
    *sorted(ROOT.glob("roles/*/*/*.yml")),
]


def anchors(path: Path) -> set[str]:
    """The anchors of a guide's headings, as GitHub makes them."""
    titles = re.findall(r"^(\S.*)\n[=-]{3,}$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", [path for path in PROSE if path.suffix in (".md", ".rst")], ids=lambda path: path.name)
def test_links_to_files_of_the_repository_lead_somewhere(path: Path) -> None:
    places = "|".join(map(re.escape, PLACES))
    for target in re.findall(rf"(?:{places})([^)>\s]+)", path.read_text(encoding="utf-8")):
        file, _mark, anchor = target.partition("#")
        assert (ROOT / file).is_file()
        assert not anchor or anchor in anchors(ROOT / file)


def test_links_of_the_readme_are_absolute() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert links
    assert all(link.startswith("https://") for link in links)


def test_every_guide_is_in_the_table_of_contents() -> None:
    sections = yaml.safe_load((ROOT / "docs/docsite/extra-docs.yml").read_text(encoding="utf-8"))["sections"]
    assert sorted(name for section in sections for name in section["toctree"]) == [path.stem for path in GUIDES]


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_a_guide_has_the_label_of_its_name(path: Path) -> None:
    assert f"\n.. _ansible_collections.onfon.sms.docsite.{path.stem}:\n" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PROSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_quotation_marks_are_plain(path: Path) -> None:
    assert not re.search("[\u00ab\u00bb\u2018\u2019\u201c\u201d]", path.read_text(encoding="utf-8"))
