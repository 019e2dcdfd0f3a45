# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The attributes of modules, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """C(onfon.sms._attributes): what all modules of the collection have in common."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: In check mode the task says what it would do, and changes nothing.
  diff_mode:
    description: In diff mode the task returns what changes, before and after.
  idempotent:
    description: Run again with the same options, the task changes nothing.
  action:
    description: The task has an action plugin that runs on the controller.
    support: full
    details:
      - With the connection P(ansible.builtin.local#connection), and without C(become), C(async) and C(environment), the
        task runs inside the controller's process, which takes milliseconds instead of half a second. Otherwise the
        module is shipped to the host and run there. Both return the same.
  async:
    description: The task can be run with C(async).
    support: full
  platform:
    description: The systems that the task can be run on.
    support: full
    platforms: posix
  action_group:
    description: The options can be set once for all tasks, with C(group/onfon.sms.all) in C(module_defaults).
    support: full
    membership:
      - onfon.sms.all
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This module changes nothing, so that it does the same in check mode.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    support: full
"""
