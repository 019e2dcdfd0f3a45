# Copyright: onfon.sms contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gateway's own counting beside the library smsutil, which the tests alone depend on."""

from __future__ import annotations

import smsutil
from hypothesis import example, given
from hypothesis import strategies as st

from onfon_sandbox import segments

GSM7 = sorted(segments.GSM7_BASIC | segments.GSM7_EXTENSION)


@given(st.text(GSM7, min_size=1, max_size=700))
@example("a" * 152 + "\u20ac" + "a" * 10)
@example("\u20ac" * 160)
def test_gsm7_is_counted_as_by_smsutil(text):
    assert segments.count(text, unicode=False) == len(smsutil.gsm_split(text).parts)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
@example("a" * 66 + "\U0001f600" * 40)
def test_ucs2_is_counted_as_by_smsutil(text):
    assert segments.count(text, unicode=True) == len(smsutil.unicode_split(text).parts)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1b"), min_size=1))
def test_alphabet_and_replacement(text):
    assert segments.is_gsm7(text) == smsutil.is_valid_gsm(text)
    assert segments.is_gsm7(segments.shown(text, unicode=False))
    assert len(segments.shown(text, unicode=False)) == len(text)
    assert segments.shown(text, unicode=True) == text
