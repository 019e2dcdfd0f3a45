# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page about errors is the one that is generated, and has every error class."""

from __future__ import annotations

from ansible_collections.onfon.sms.plugins.module_utils import _errors
from ansible_collections.onfon.sms.plugins.module_utils._gateway.codes import CODES
from tools import errors_page

from .conftest import ROOT

PAGE = (ROOT / "docs" / "docsite" / "rst" / "errors.rst").read_text(encoding="utf-8")


def test_page_is_up_to_date() -> None:
    assert errors_page.page() == PAGE, "Run make errors-page."


def test_page_has_every_code_and_class() -> None:
    classes = {value for name, value in vars(_errors).items() if name.isupper() and isinstance(value, str)}
    assert set(errors_page.CLASSES) == classes
    assert all(code.error_class in classes for code in CODES.values())
    assert all(f"\n  * - {code.number}\n" in PAGE for code in CODES.values())
