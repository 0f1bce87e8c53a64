"""A profile with every kind of input, and workbooks as officials fill them in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from xhht.criteria.loading import loads_profile
from xhht.criteria.profile import Profile

PROFILE = """\
format: 1
id: test.files
version: 1.0.0
status: active
title: learning_household
provenance: illustrative
name: {vi: Mẫu, en: Sample}
inputs:
  flag: {type: bool, label: {vi: Cờ, en: Flag}}
  total: {type: count, label: {vi: Tổng, en: Total}}
  part: {type: count, at_most: total, label: {vi: Phần, en: Part}}
  rate: {type: share, label: {vi: Tỉ lệ, en: Rate}}
  day: {type: date, label: {vi: Ngày, en: Day}}
  kind:
    type: choice
    choices: {hill: {vi: Đồi, en: Hill}, plain: {vi: Đồng bằng, en: Plain}}
    label: {vi: Loại, en: Kind}
  panel: {type: assessed, max: 10, step: 0.001, label: {vi: Điểm chấm, en: Panel}}
criteria:
  - id: "1"
    indicators:
      - {id: "1.1", points: 10, met_when: flag}
      - {id: "1.2", points: 10, met_when: part >= 5}
      - {id: "1.3", points: 10, met_when: rate >= 70%}
      - {id: "1.4", points: 10, met_when: day >= "2024-01-01"}
  - id: "2"
    indicators:
      - {id: "2.1", points: 10, assessed: panel}
levels:
  - {id: good, name: {vi: Tốt, en: Good}, when: points >= 25}
"""


def sample_profile() -> Profile:
    return loads_profile(PROFILE.encode(), "sample.yaml")


def workbook(
    path: Path, rows: Sequence[Any], *changes: Callable[[Any], object], title: str = "Hộ"
) -> Path:
    """Write rows to the first sheet of a workbook, and change it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for change in changes:
        change(sheet)
    book.save(path)
    return path
