# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts that the collection states in several places agree, and its files are where they belong."""

from __future__ import annotations

import ast
import graphlib
import importlib
import inspect
import typing as t
from pathlib import Path

import pytest
import yaml

import onfon_sandbox
from ansible_collections.onfon.sms.plugins.module_utils._operation import Operation
from ansible_collections.onfon.sms.plugins.module_utils._version import VERSION
from tests.support.module import PACKAGE

from .conftest import MODULES, ROOT, plugins

UTILS = ROOT / "plugins" / "module_utils"
TESTS = Path(__file__).parents[2]
UNIT = TESTS / "unit"


def read(path: str) -> t.Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def requirements(path: str) -> list[str]:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_versions_agree() -> None:
    assert read("galaxy.yml")["version"] == VERSION == onfon_sandbox.__version__


def test_the_action_group_holds_every_module() -> None:
    assert sorted(read("meta/runtime.yml")["action_groups"]["all"]) == MODULES


def test_every_module_has_an_action_plugin() -> None:
    assert plugins("action") == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_every_module_has_unit_and_integration_tests_of_its_name(name: str) -> None:
    for folder in ("unit/operations", "integration"):
        assert (TESTS / folder / f"test_{name}.py").is_file()


def test_every_playbook_has_tests_of_its_name() -> None:
    names = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    found = {name for name in names for kind in ("playbook", "role") if list(TESTS.glob(f"*/test_{kind}_{name}.py"))}
    assert found == names


def test_every_unit_test_has_the_name_of_what_it_tests() -> None:
    for path in sorted(UNIT.rglob("test_*.py")):
        where = path.parent.relative_to(UNIT)
        if where.parts[:1] in {("consistency",), ("sandbox",), ("tools",)} or path.name == "test_every_module.py":
            continue
        in_utils = where.parts[:1] not in {("plugin_utils",), ("filter",)}
        folder = ROOT / "plugins" / "module_utils" if in_utils else ROOT / "plugins"
        for place, part in enumerate(where.parts):
            folder /= part if place == 0 and not in_utils else f"_{part}"
        names = {file.stem.lstrip("_") for file in folder.glob("*.py")}
        # test_plan.py tests plan.py, and test_plan_batches.py an aspect of it.
        assert any(f"{path.stem}_".startswith(f"test_{name}_") for name in names if name), path


@pytest.mark.parametrize("name", plugins("filter"))
def test_a_filter_file_defines_the_filter_of_its_name(name: str) -> None:
    assert list(importlib.import_module(f"{PACKAGE}.filter.{name}").FilterModule().filters()) == [name]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_and_its_action_run_the_same_operation(name: str) -> None:
    module = importlib.import_module(f"{PACKAGE}.modules.{name}")
    action = importlib.import_module(f"{PACKAGE}.action.{name}").ActionModule
    assert [value for value in vars(module).values() if isinstance(value, Operation)] == [action.operation]


def test_the_execution_environment_has_the_requirements() -> None:
    named = read("meta/execution-environment.yml")["dependencies"]
    assert requirements(named["python"]) == requirements("requirements.txt")
    assert (ROOT / named["system"]).exists()


@pytest.mark.parametrize("requirement", requirements("requirements.txt"))
def test_every_requirement_is_documented(requirement: str) -> None:
    name, _least, version = requirement.partition(">=")
    said = f"{name} >= {version} (Python library)"
    texts = [
        importlib.import_module(f"{PACKAGE}.doc_fragments._connection").ModuleDocFragment.DOCUMENTATION,
        *[importlib.import_module(f"{PACKAGE}.modules.{module}").DOCUMENTATION for module in MODULES],
        *[importlib.import_module(f"{PACKAGE}.filter.{name}").DOCUMENTATION for name in plugins("filter")],
    ]
    assert any(said in text for text in texts)


# --- the layers -------------------------------------------------------------------------------------------------------

# What each part of module_utils may import; the entry points above them may import what they like.
ALLOWED_IMPORTS: dict[str, set[str]] = {
    "_version": set(),
    "_clock": set(),
    "_errors": set(),
    "_text": set(),
    "_progress": {"_clock"},
    "_rows": {"_errors"},
    "_sms": {"_text"},
    "_gateway": {"_errors", "_sms", "_text", "_version"},
    "_context": {"_clock", "_gateway"},
    "_workers": {"_errors", "_gateway"},
    "_reading": {"_clock", "_errors", "_gateway"},
    "_account": {"_context", "_errors", "_gateway", "_progress", "_text", "_workers"},
    "_sending": {
        *("_clock", "_context", "_errors", "_gateway", "_progress", "_reading", "_rows", "_sms", "_text", "_workers"),
    },
    "_options": {"_errors", "_gateway"},
    "_operation": {"_clock", "_context", "_errors", "_options", "_text"},
    "_operations": {
        *(
            "_account",
            "_errors",
            "_gateway",
            "_operation",
            "_options",
            "_reading",
            "_rows",
            "_sending",
            "_sms",
            "_text",
        ),
    },
    "_module": {"_errors", "_operation"},
}


def imports(path: Path) -> t.Iterator[str]:
    """The names of the modules that a file imports, relative ones with their dots."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


FILES = sorted(UTILS.rglob("*.py"))


def imported_parts(path: Path) -> set[str]:
    """The parts of module_utils that a file imports from outside of its own."""
    to_utils = "." * len(path.relative_to(UTILS).parts)
    return {name.lstrip(".").split(".")[0] for name in imports(path) if name.startswith(to_utils)}


def imported_files(path: Path) -> set[Path]:
    """The files of module_utils that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            names = [folder.with_suffix(".py"), *(folder / f"{alias.name}.py" for alias in node.names)]
            found.update(name for name in names if name.is_file())
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UTILS)))
def test_files_import_only_from_the_layers_below(path: Path) -> None:
    where = path.relative_to(UTILS)
    for name in imports(path):
        assert "ansible_collections" not in name
        assert "plugin_utils" not in name
        assert not name.startswith("." * (len(where.parts) + 1))
    assert imported_parts(path) <= ALLOWED_IMPORTS[where.parts[0].removesuffix(".py")]


def test_every_allowed_import_is_used() -> None:
    used: dict[str, set[str]] = {part: set() for part in ALLOWED_IMPORTS}
    for path in FILES:
        used[path.relative_to(UTILS).parts[0].removesuffix(".py")] |= imported_parts(path)
    assert used == ALLOWED_IMPORTS


def test_layers_have_no_cycle() -> None:
    assert list(graphlib.TopologicalSorter(ALLOWED_IMPORTS).static_order())


def test_files_have_no_import_cycle() -> None:
    graph = {path: imported_files(path) for path in FILES}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) == len(FILES)
    assert sum(map(len, graph.values())) > len(FILES)


@pytest.mark.parametrize("library", ["requests", "urllib3"])
def test_only_transport_imports_the_http_library(library: str) -> None:
    knowing = [path.name for path in FILES if any(name.split(".")[0] == library for name in imports(path))]
    assert knowing == ["transport.py"]


@pytest.mark.parametrize("name", MODULES)
def test_main_has_no_logic(name: str) -> None:
    main = ast.parse(inspect.getsource(importlib.import_module(f"{PACKAGE}.modules.{name}").main))
    branches = (ast.If, ast.For, ast.While, ast.Try, ast.IfExp, ast.With)
    assert not any(isinstance(node, branches) for node in ast.walk(main))
