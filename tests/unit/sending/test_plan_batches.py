# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a plan divides messages into batches."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.onfon.sms.plugins.module_utils._sending.plan import batches
from ansible_collections.onfon.sms.plugins.module_utils._sending.records import OutgoingMessage


def message(line: int, person: int, unicode: bool) -> OutgoingMessage:
    return OutgoingMessage(line, "", f"25470000000{person}", "", unicode, 1, bytes([line]))


MESSAGES = st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=40).map(
    lambda pairs: [message(line, *pair) for line, pair in enumerate(pairs)]
)


@given(MESSAGES, st.integers(1, 7))
def test_batches_keep_every_message_and_the_order(messages: list[OutgoingMessage], size: int) -> None:
    assert list(itertools.chain(*batches(messages, size))) == messages


@given(MESSAGES, st.integers(1, 7))
def test_a_batch_has_one_encoding_and_no_number_twice(messages: list[OutgoingMessage], size: int) -> None:
    for batch in batches(messages, size):
        assert 1 <= len(batch) <= size
        assert len({message.unicode for message in batch}) == 1
        assert len({message.msisdn for message in batch}) == len(batch)


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 7))
def test_batches_are_as_large_as_they_may_be(unicodes: list[bool], size: int) -> None:
    found = list(batches([message(line, line, unicode) for line, unicode in enumerate(sorted(unicodes))], size))
    for batch, following in zip(found, found[1:]):
        assert len(batch) == size or batch[0].unicode != following[0].unicode
