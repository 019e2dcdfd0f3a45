# SPDX-License-Identifier: GPL-3.0-or-later
"""Make sure that the tests meet the built collection."""

from __future__ import annotations

import importlib
import os

import pytest


def pytest_configure() -> None:
    """Refuse to start outside the environment that the Makefile lays out."""
    try:
        importlib.import_module("ansible_collections.onfon.sms")
    except ModuleNotFoundError:
        ready = False
    else:
        ready = "ANSIBLE_COLLECTIONS_PATH" in os.environ
    if not ready:
        raise pytest.UsageError("The tests need the built collection: run `make unit ARGS='-k name'` instead.")
