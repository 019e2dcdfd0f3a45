# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which unit tests `make quick` runs for a changed file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.quick import COMMON, NO_CHANGE, for_file, selected


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("plugins/module_utils/_workers.py", ["tests/unit/test_workers.py"]),
        ("plugins/module_utils/_sending/store.py", ["tests/unit/sending/test_store.py"]),
        (
            "plugins/module_utils/_sending/plan.py",
            ["tests/unit/sending/test_plan.py", "tests/unit/sending/test_plan_batches.py"],
        ),
        ("plugins/module_utils/_sending/records.py", ["tests/unit/sending"]),
        ("plugins/module_utils/_operations/onfon_sms_info.py", ["tests/unit/operations/test_onfon_sms_info.py"]),
        ("plugins/modules/onfon_group_info.py", ["tests/unit/operations/test_onfon_group_info.py"]),
        ("plugins/filter/period.py", ["tests/unit/filter/test_period.py"]),
        ("plugins/plugin_utils/_report/page.py", ["tests/unit/plugin_utils/report/test_page.py"]),
        ("plugins/plugin_utils/_report/page.html", ["tests/unit/plugin_utils/report/test_page.py"]),
        ("plugins/plugin_utils/_in_process.py", ["tests/unit/plugin_utils/test_in_process.py"]),
        ("roles/sandbox/files/onfon_sandbox/faults.py", ["tests/unit/sandbox/test_faults.py"]),
        ("tools/quick.py", ["tests/unit/tools/test_quick.py"]),
        ("tests/unit/test_rows.py", ["tests/unit/test_rows.py"]),
        ("tests/unit/gateway/conftest.py", ["tests/unit/gateway"]),
        ("tests/unit/gateway/test_deleted.py", []),
        ("tests/integration/test_onfon_sms.py", []),
        ("plugins/module_utils/_version.py", [str(path) for path in NO_CHANGE]),
        ("plugins/module_utils/_errors.py", [str(path) for path in NO_CHANGE]),
        ("tests/support/fake_transport.py", [str(path) for path in NO_CHANGE]),
        ("README.md", [str(path) for path in COMMON]),
    ],
)
def test_a_changed_file_selects_its_tests(changed: str, tests: list[str]) -> None:
    assert [str(path) for path in for_file(Path(changed))] == tests


def test_a_selected_folder_includes_its_files() -> None:
    changed = ["plugins/module_utils/_sending/records.py", "plugins/module_utils/_sending/plan.py"]
    assert selected(map(Path, changed)) == [Path("tests/unit/sending")]


def test_without_a_change_the_quick_unit_tests_run() -> None:
    assert selected([]) == sorted(NO_CHANGE)
