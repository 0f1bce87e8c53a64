"""Messages for the errors of the YAML parser."""

from __future__ import annotations

from typing import Final

import yaml

from xhht.text import Text

_PROBLEMS: Final = (
    (
        ("cannot start any token", "tab character"),
        Text(
            vi="có ký tự không được phép ở đây, thường là dấu tab, @ hoặc ` "
            "không nằm trong dấu nháy",
            en="a character is not allowed here, such as a tab, @ or ` without quotes",
        ),
    ),
    (
        ("special characters are not allowed", "control characters are not allowed"),
        Text(vi="tệp có ký tự điều khiển", en="the file contains control characters"),
    ),
    (
        ("could not find expected ':'",),
        Text(vi="thiếu dấu hai chấm sau khóa", en="a colon is missing after a key"),
    ),
    (
        ("mapping values are not allowed",),
        Text(
            vi="dấu hai chấm không được phép ở đây: sai thụt lề, hoặc giá trị có dấu hai chấm mà "
            "không có dấu nháy",
            en="a colon is not allowed here: wrong indentation, or an unquoted value with a colon",
        ),
    ),
    (
        ("did not find expected key", "block end", "block mapping"),
        Text(
            vi="ở đây cần một khóa, thường do sai thụt lề hoặc dấu nháy chưa đóng",
            en="a key is expected here; often the indentation is wrong or a quote is not closed",
        ),
    ),
    (
        ("did not find expected '-' indicator", "block sequence entries are not allowed"),
        Text(
            vi="các mục của danh sách phải bắt đầu bằng '-' và thụt lề như nhau",
            en="all entries of a list must start with '-' and have the same indentation",
        ),
    ),
    (
        ("',' or '}'", "expected ',' or '}'"),
        Text(
            vi="thiếu dấu phẩy hoặc dấu ngoặc đóng '}', hoặc giá trị trong { } có dấu phẩy hay "
            "ngoặc mà không đặt trong dấu nháy",
            en="a comma or the closing bracket '}' is missing, or a value within { } has a comma "
            "or bracket and is not in quotes",
        ),
    ),
    (
        ("',' or ']'",),
        Text(
            vi="thiếu dấu phẩy hoặc dấu ngoặc đóng ']', hoặc giá trị trong [ ] có dấu phẩy hay "
            "ngoặc mà không đặt trong dấu nháy",
            en="a comma or the closing bracket ']' is missing, or a value within [ ] has a comma "
            "or bracket and is not in quotes",
        ),
    ),
    (
        ("unexpected end of stream", "unexpected document indicator"),
        Text(vi="hết tệp khi dấu nháy chưa đóng", en="the file ends before a quote is closed"),
    ),
    (
        ("escape",),
        Text(
            vi="dấu \\ trong dấu nháy kép phải đi với một ký tự thoát hợp lệ",
            en="a backslash in double quotes must start a valid escape sequence",
        ),
    ),
    (("did not find expected node content",), Text(vi="thiếu giá trị", en="a value is missing")),
    (
        ("mapping keys are not allowed", "simple key"),
        Text(vi="khóa không được phép ở đây", en="a key is not allowed here"),
    ),
    (
        ("<document start>", "document start"),
        Text(
            vi="nội dung tiếp theo không thuộc phần ở trên, thường do sai thụt lề",
            en="this line does not continue the part above; often the indentation is wrong",
        ),
    ),
)
_OTHER: Final = Text(vi="sai cú pháp ở chỗ này", en="syntax error here")


def problem_of(error: yaml.YAMLError) -> Text:
    """Return the message for the kind of problem that the parser names in English."""
    problem = _problem_text(error)
    for parts, text in _PROBLEMS:
        if any(part in problem for part in parts):
            return text
    return _OTHER


def is_too_deep(error: yaml.YAMLError) -> bool:
    """Return whether the parser stopped because values are nested too deeply."""
    return "maximum nesting depth" in _problem_text(error)


def _problem_text(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or getattr(error, "reason", None) or "")
