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
    description: In check mode, the task predicts its result, and changes nothing.
  diff_mode:
    description: In diff mode, the task returns what changes, before and after.
  idempotent:
    description: A second run with the same options changes nothing.
  action:
    description: The task has an action plugin that runs on the controller.
    support: full
    details:
      - With the connection P(ansible.builtin.local#connection), and without C(become), C(async) and C(environment), the
        task runs in process, inside the controller's worker, which saves half a second. Otherwise the module is shipped
        to the host and run there. Both return the same result.
      - A task that runs in process reads files, environment variables and Python libraries of the controller. A shipped
        module reads those of the host.
  async:
    description: The task can run with C(async).
    support: full
  platform:
    description: The systems on which the task can run.
    support: full
    platforms: posix
  action_group:
    description: C(group/onfon.sms.all) in C(module_defaults) sets options for all modules of the collection.
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
      - This module changes nothing, and does the same in check mode.
  diff_mode:
    support: N/A
    details:
      - This module changes nothing.
  idempotent:
    support: full
"""
