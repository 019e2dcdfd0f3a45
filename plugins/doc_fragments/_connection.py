# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The connection options, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """C(onfon.sms._connection), for all modules of the collection."""

    DOCUMENTATION = r"""
options:
  api_key:
    description:
      - API key of the account, from the Onfon portal.
      - Required, here or in the environment variable E(ONFON_API_KEY) where the task runs.
    type: str
  client_id:
    description:
      - Client id of the account, from the Onfon portal.
      - Required, here or in the environment variable E(ONFON_CLIENT_ID) where the task runs.
    type: str
  access_key:
    description:
      - Access key of the account, which Onfon issues for network access.
      - Required, here or in the environment variable E(ONFON_ACCESS_KEY) where the task runs.
    type: str
  api_url:
    description:
      - Base URL of the API. If it is not set, the environment variable E(ONFON_API_URL) is used, and then the default.
      - A URL with C(http://) is rejected unless it is that of the local machine, or O(allow_plain_http=true).
    type: str
    default: https://api.onfonmedia.co.ke/v1/sms
  timeout:
    description:
      - Maximum time in seconds to wait for a connection, and then for each part of the reply, up to 3600. A request
        that timed out is not repeated.
    type: float
    default: 30
  retries:
    description:
      - Maximum number of times that a request is repeated, with exponential backoff or after the time in
        C(Retry-After), up to 60 seconds each.
      - A request that sends or creates something is repeated only if Onfon cannot have acted on it. Other requests are
        also repeated after a broken connection or a temporary HTTP error.
    type: int
    default: 4
  validate_certs:
    description:
      - Whether to verify the TLS certificate of the gateway. Without verification, anyone on the network path can read
        the keys.
    type: bool
    default: true
  ca_path:
    description:
      - File or directory of CA certificates in PEM format to trust instead of the default ones.
    type: path
  allow_plain_http:
    description:
      - Whether O(api_url) may be a URL with C(http://) of another machine. The keys are sent unencrypted.
    type: bool
    default: false
requirements:
  - requests >= 2.28 (Python library), where the task runs
seealso:
  - ref: ansible_collections.onfon.sms.docsite.errors
    description: All error codes and error classes, and what to do about them.
"""
