"""What is particular to single engines, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
from attrs import frozen

from xhht.errors import FrameError
from xhht.text import Text

__all__ = ["AnyFrame", "Opened", "like", "open_frame"]

AnyFrame: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"

_SEEN_AS = {"boolean": "boolean", "integer": "Int64", "string": "string", "floating": "Float64"}


@frozen(eq=False)
class Opened:
    """A frame made ready to be read.

    Attributes:
        frame: the frame; a Polars one is lazy, so that nothing is computed twice.
        schema: the types of the columns, as they are read.
        stands_in: columns of `frame` that are read in place of others.
    """

    frame: AnyFrame
    schema: Mapping[str, nw.dtypes.DType]
    stands_in: Mapping[str, str]


def open_frame(native: object, read: Iterable[str], prefix: str) -> Opened:
    """Return a frame of any engine, ready to be read.

    Args:
        native: the frame.
        read: the columns that will be read, as far as they are there.
        prefix: how names of added columns begin.

    Raises:
        FrameError: it is no frame that Narwhals knows, or a column's name begins like ours.
    """
    try:
        frame = nw.from_native(native)
    except TypeError:
        raise FrameError(_NO_FRAME) from None
    schema = dict(frame.collect_schema())
    if any(name.startswith(prefix) for name in schema):
        raise FrameError(_OUR_NAME.format(prefix=prefix))
    stands_in: dict[str, str] = {}
    if frame.implementation.is_pandas():
        frame, stands_in = _typed_pandas(frame, [n for n in read if n in schema], prefix)
        typed = frame.collect_schema()
        schema.update({name: typed[other] for name, other in stands_in.items()})
    elif isinstance(frame, nw.DataFrame) and frame.implementation.is_polars():
        frame = frame.lazy()
    return Opened(frame, schema, stands_in)


def like(frame: AnyFrame, native: object) -> Any:
    """Return a frame as the user's own kind: eager where that was eager."""
    if isinstance(frame, nw.LazyFrame) and isinstance(nw.from_native(native), nw.DataFrame):
        return frame.collect().to_native()
    return frame.to_native()


def _typed_pandas(
    frame: AnyFrame, read: Iterable[str], prefix: str
) -> tuple[AnyFrame, dict[str, str]]:
    """Return a pandas frame with a typed copy of each column of Python objects."""
    native = frame.to_native()
    copies: dict[str, Any] = {}
    for name in read:
        if str(native[name].dtype) == "object":
            typed = _typed(native[name])
            if typed is not None:
                copies[name] = typed
    columns = {f"{prefix}in_{at}": typed for at, typed in enumerate(copies.values())}
    stands_in = dict(zip(copies, columns, strict=True))
    return nw.from_native(native.assign(**columns)), stands_in


def _typed(column: Any) -> Any:
    from pandas import to_datetime
    from pandas.api.types import infer_dtype

    kind = infer_dtype(column, skipna=True)
    if kind == "empty":
        return column.astype("Int64")
    if kind == "date":
        return to_datetime(column)
    if kind == "decimal":
        return column.map(lambda number: format(number, "f"), na_action="ignore").astype("string")
    return column.astype(_SEEN_AS[kind]) if kind in _SEEN_AS else None


_NO_FRAME = Text(
    vi="Đây không phải bảng dữ liệu: cần Polars, pandas, PyArrow, DuckDB, Ibis hoặc PySpark. "
    "Với danh sách dict, hãy dùng xhht.evaluate cho từng đối tượng.",
    en="This is no frame: give one of Polars, pandas, PyArrow, DuckDB, Ibis or PySpark. "
    "For a list of dicts, call xhht.evaluate for each subject.",
)
_OUR_NAME = Text(
    vi="Tên cột không được bắt đầu bằng '{prefix}'; hãy đổi tên cột đó.",
    en="No column's name may begin with '{prefix}'; rename it.",
)
