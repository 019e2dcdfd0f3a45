# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The digests under which a journal knows messages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._sending.keys import digest


@given(
    st.lists(st.text(max_size=4), max_size=3),
    st.lists(st.text(max_size=4), max_size=3),
)
def test_a_digest_depends_on_its_parts_only(one: list[str], other: list[str]) -> None:
    assert (digest(b"salt", *one) == digest(b"salt", *other)) == (one == other)
    assert len(digest(b"salt", *one)) == 16


def test_a_digest_depends_on_the_salt_and_the_boundaries() -> None:
    digests = [digest(b"a", "12", "3"), digest(b"b", "12", "3"), digest(b"a", "1", "23"), digest(b"a", "123")]
    assert len(set(digests)) == 4
