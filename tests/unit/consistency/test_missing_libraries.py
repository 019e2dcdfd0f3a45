# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Without its libraries a file can still be imported, and says what is missing when it is used."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import typing as t

import pytest

from ansible_collections.onfon.sms.plugins.module_utils._errors import MissingLibraryError
from ansible_collections.onfon.sms.plugins.module_utils._gateway.connection import Connection
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


def test_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    transport = load_without("requests", "_gateway.transport", monkeypatch)
    with pytest.raises(MissingLibraryError, match="requests"):
        transport.Transport(Connection("http://127.0.0.1", "k", "c", "a"))


def test_phonenumbers(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = load_without("phonenumbers", "_sms.numbers", monkeypatch)
    with pytest.raises(MissingLibraryError, match="phonenumbers"):
        numbers.msisdn("0700000001")
