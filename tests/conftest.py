# SPDX-License-Identifier: GPL-3.0-or-later
"""Make sure that the tests meet the built collection, and are patient."""

from __future__ import annotations

import importlib
import os

import pytest
from hypothesis import settings

# How long an example takes is a question of the machine. For a build server hypothesis sets more of its own.
settings.register_profile("patient", parent=settings.default, deadline=None)
settings.load_profile("patient")


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
