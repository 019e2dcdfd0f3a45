# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of playbooks and roles are those that are documented."""

from __future__ import annotations

import re
import typing as t

import pytest
import yaml

from tests.support.documents import variable_tables

from .conftest import ROOT

TABLES = dict(variable_tables(ROOT / "docs" / "docsite" / "rst" / "playbooks.rst"))
PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
# The prefix of a playbook's variables.
PREFIXES = {"export": "export", "provision": "account", "report": "report", "sandbox": "sandbox", "send": "sms"}


def read(path: str) -> t.Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def named(prefix: str, content: str) -> set[str]:
    """The variables of a prefix that a text names."""
    return set(re.findall(rf"(?<![\w.]){prefix}_\w+", content))


def options(role: str) -> dict[str, t.Any]:
    found: dict[str, t.Any] = read(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    return found


def play(playbook: str) -> str:
    """A playbook without its comments."""
    return re.sub(r"^ *#.*\n", "", text(f"playbooks/{playbook}.yml"), flags=re.MULTILINE)


def role_of(playbook: str) -> str | None:
    found = re.search(r"name: onfon\.sms\.(\w+)$", play(playbook), re.MULTILINE)
    return found[1] if found else None


def expected(playbook: str) -> set[str]:
    """The variables that a play reads, and those of its role."""
    prefix, role = PREFIXES[playbook], role_of(playbook)
    assigned = set(re.findall(r"^ +(\w+):", play(playbook), re.MULTILINE))
    return (named(prefix, play(playbook)) - assigned) | (set(options(role)) if role else set())


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_guide_documents_the_variables_of_a_playbook(playbook: str) -> None:
    assert set(TABLES[f"onfon.sms.{playbook}"]) == expected(playbook)


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_playbook_names_its_variables_at_its_top(playbook: str) -> None:
    head = text(f"playbooks/{playbook}.yml").partition("\n- name: ")[0]
    assert named(PREFIXES[playbook], head) == expected(playbook)


@pytest.mark.parametrize("role", ROLES)
def test_role_reads_the_variables_that_it_documents(role: str) -> None:
    files = ["defaults/main.yml", "vars/main.yml", *(f"tasks/{path.name}" for path in task_files(role))]
    contents = {file: text(f"roles/{role}/{file}") for file in files}
    own = {**read(f"roles/{role}/vars/main.yml")}
    tasks = "".join(content for file, content in contents.items() if file.startswith("tasks/"))
    own.update(dict.fromkeys(re.findall(r"register: (\w+)", tasks)))
    own.update(dict.fromkeys(re.findall(rf"^ +({role}_\w+):", tasks, re.MULTILINE)))
    read_by_role = named(role, "".join(contents.values())) - set(own)
    assert read_by_role == set(options(role))


def task_files(role: str) -> list[t.Any]:
    return sorted((ROOT / "roles" / role / "tasks").glob("*.yml"))


@pytest.mark.parametrize("role", ROLES)
def test_readme_of_a_role_documents_its_variables(role: str) -> None:
    table = "".join(re.findall(r"^\| `.*\n", text(f"roles/{role}/README.md"), re.MULTILINE))
    assert named(role, re.sub(r"\|[^|]*\|$", "", table, flags=re.MULTILINE)) == set(options(role))


@pytest.mark.parametrize("role", ROLES)
def test_documented_defaults_are_those_of_the_role(role: str) -> None:
    (table,) = [TABLES[f"onfon.sms.{playbook}"] for playbook in PLAYBOOKS if role_of(playbook) == role]
    defaults = read(f"roles/{role}/defaults/main.yml")
    specs = {name: option["default"] for name, option in options(role).items() if "default" in option}
    assert {name: value for name, value in defaults.items() if name in specs} == specs
    documented = {name: yaml.safe_load(table[name] or '""') for name in specs}
    assert documented == specs
