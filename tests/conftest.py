# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the tests on the built collection, with a hypothesis profile."""

from __future__ import annotations

import importlib
import os

import pytest
from hypothesis import settings

# How long an example takes depends on the machine. On a build server hypothesis adds settings of its own.
settings.register_profile("quick", parent=settings.default, deadline=None, max_examples=30)
settings.register_profile("full", parent=settings.default, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


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
