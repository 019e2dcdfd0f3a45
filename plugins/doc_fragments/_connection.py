# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection.
"""The connection options, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """C(onfon.sms._connection), for modules and actions."""

    DOCUMENTATION = r"""
options:
  api_key:
    description:
      - API key of the account, from the Onfon portal.
      - If it is not set, the environment variable E(ONFON_API_KEY) is used. One of the two is required.
      - A task that runs inside the controller reads the controller's environment, one that is shipped to a host reads
        that host's.
    type: str
  client_id:
    description:
      - Client id of the account, from the Onfon portal.
      - If it is not set, the environment variable E(ONFON_CLIENT_ID) is used. One of the two is required.
    type: str
  access_key:
    description:
      - Access key of the account, which Onfon gives for the network layer.
      - If it is not set, the environment variable E(ONFON_ACCESS_KEY) is used. One of the two is required.
    type: str
  api_url:
    description:
      - Base address of the API.
      - If it is not set, the environment variable E(ONFON_API_URL) is used.
      - An address with C(http://) that is not this machine's own is refused unless O(allow_plain_http=true).
    type: str
    default: https://api.onfonmedia.co.ke/v1/sms
  timeout:
    description:
      - Seconds to wait for a connection, and then for each part of the answer.
      - A request that timed out is not repeated. At most 3600 seconds.
    type: float
    default: 30
  retries:
    description:
      - How many times a request is repeated where that is safe, with growing pauses or as C(Retry-After) says, up to
        60 seconds each.
      - Reading, changing and deleting are repeated when the connection was never made or broke before an answer began,
        and after the HTTP statuses 429, 502, 503, 504 and 520 to 524. Adding and sending are repeated only when the
        connection was never made, or the answer was 429.
    type: int
    default: 4
  validate_certs:
    description:
      - Whether the certificate of the gateway is checked. Without the check anybody on the way can read the keys.
    type: bool
    default: true
  ca_path:
    description:
      - File or folder of certificates, in PEM form, to trust instead of the usual ones.
    type: path
  allow_plain_http:
    description:
      - Whether an address with C(http://) may be used that is not this machine's own. The keys travel in clear.
    type: bool
    default: false
requirements:
  - requests >= 2.28 (Python library), where the task runs
"""
