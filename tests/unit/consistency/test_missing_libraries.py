# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Without its libraries a file can be imported, and names the missing one when it is used."""

from __future__ import annotations

import importlib
import importlib.util
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from ansible_collections.onfon.sms.plugins.module_utils import _operation
from ansible_collections.onfon.sms.plugins.module_utils._errors import MissingLibraryError
from tests.support.module import PACKAGE


def load_without(library: str, name: str, monkeypatch: pytest.MonkeyPatch) -> t.Any:
    """A second copy of a file of module_utils, loaded as if a library were not installed."""
    monkeypatch.setitem(sys.modules, library, None)
    original = importlib.import_module(f"{PACKAGE}.module_utils.{name}")
    spec = importlib.util.spec_from_file_location(f"{original.__name__}_without", str(original.__file__))
    assert spec is not None
    assert spec.loader is not None
    copy = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, copy)
    spec.loader.exec_module(copy)
    return copy


@pytest.mark.parametrize(("library", "name"), [("requests", "_gateway.transport"), ("phonenumbers", "_sms.numbers")])
def test_a_file_can_be_imported_without_its_library(library: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not hasattr(load_without(library, name, monkeypatch), library)


@pytest.mark.parametrize("library", ["requests", "phonenumbers"])
def test_an_operation_names_the_missing_library(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    operation = _operation.Operation(lambda _call: {}, libraries=("requests", "phonenumbers"))
    assert operation.missing_libraries() == [library]
    with pytest.raises(MissingLibraryError, match=library) as caught:
        operation.perform({}, check_mode=False, diff_mode=False)
    assert caught.value.as_result()["error"]["class"] == "library"


@pytest.mark.parametrize("library", ["requests", "phonenumbers"])
def test_a_library_that_cannot_be_imported_is_missing(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{library}.py").write_text("import a_dependency_that_is_not_installed\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, library)
    operation = _operation.Operation(lambda _call: {}, libraries=("requests", "phonenumbers"))
    assert operation.missing_libraries() == [library]


def test_an_operation_on_groups_does_not_import_phonenumbers() -> None:
    # It takes longer to import than a small task to run, and each task would do it.
    program = f"import sys, {PACKAGE}.plugin_utils._in_process, {PACKAGE}.module_utils._operations.onfon_group"
    loaded = subprocess.run(
        [sys.executable, "-c", f"{program}; print('phonenumbers' in sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert loaded.stdout == "False\n"
