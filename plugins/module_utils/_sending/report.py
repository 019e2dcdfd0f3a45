# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""report_file: what became of every recipient, as it is known."""

from __future__ import annotations

from .._rows import RowsFile
from .._rows import check as check_path
from .recipients import Recipient

OPTION = "report_file"


def check(path: str) -> None:
    """Refuse a path that no report can be written to; touches nothing."""
    check_path(OPTION, path)


class Report(RowsFile):
    """The report of one run."""

    @classmethod
    def open(cls, path: str) -> Report:
        """An empty report, in place of an older one. Raises OptionError for a path that cannot be used."""
        return cls.create(OPTION, path, Recipient._fields)
