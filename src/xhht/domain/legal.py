"""Legal basis of a rule or a fact: the document, and the provision in it.

Document numbers are parsed as they are cited in practice: with or without "Số:", with spaces
around slashes and hyphens, and with D instead of Đ.
"""

from __future__ import annotations

import re
from datetime import date

from attrs import field, frozen

from xhht.domain.validators import (
    DAY,
    NAME,
    WEB_ADDRESS,
    clean,
    clean_or_none,
    require_day,
    text_of,
)
from xhht.errors import DomainError
from xhht.text import Text, normalize_text

__all__ = ["LegalBasis", "document_number"]

_PART = text_of(20)


def document_number(text: str) -> str:
    """Return a document number in standard form; other text is only normalised.

    >>> document_number("Số: 25 / 2023/TT-BGDDT"), document_number("448/QD-KHVN")
    ('25/2023/TT-BGDĐT', '448/QĐ-KHVN')
    """
    cleaned = clean(text)
    if not isinstance(cleaned, str):
        return cleaned
    without_prefix = _PREFIX.sub("", cleaned.replace("Ð", "Đ"))
    number = _NUMBER.fullmatch(without_prefix)
    return _usual_form(number) if number else without_prefix


@frozen(kw_only=True)
class LegalBasis:
    """A legal document and the cited provision in it.

    Attributes:
        document: the number, as in `25/2023/TT-BGDĐT`.
        issuer: who issued it, if known.
        issued: the date of issue; required if the number contains no year.
        effective_from: the first day it is in force, if known.
        effective_to: the first day it is no longer in force, if known.
        source: the web address of its text.
        article: the number of the article (điều).
        clause: the number of the clause (khoản).
        point: the letter of the point (điểm).

    >>> basis = LegalBasis.parse("điểm a khoản 2 Điều 5 Thông tư số 25/2023/TT-BGDĐT")
    >>> basis.citation.en
    'point a clause 2 Article 5 of 25/2023/TT-BGDĐT'
    """

    document: str = field(converter=document_number, validator=NAME)
    issuer: str | None = field(default=None, converter=clean_or_none, validator=NAME.or_none)
    issued: date | None = field(default=None, validator=DAY.or_none)
    effective_from: date | None = field(default=None, validator=DAY.or_none)
    effective_to: date | None = field(default=None, validator=DAY.or_none)
    source: str | None = field(default=None, converter=clean_or_none, validator=WEB_ADDRESS.or_none)
    article: str | None = field(default=None, converter=clean_or_none, validator=_PART.or_none)
    clause: str | None = field(default=None, converter=clean_or_none, validator=_PART.or_none)
    point: str | None = field(default=None, converter=clean_or_none, validator=_PART.or_none)

    def __attrs_post_init__(self) -> None:
        if self.issued is None and self.year is None:
            raise DomainError(_NO_YEAR)
        if self.issued is not None and self.issued.year != self.year:
            raise DomainError(_OTHER_YEAR)
        start, end = self.effective_from, self.effective_to
        if start is not None and end is not None and end <= start:
            raise DomainError(_ENDS_FIRST)

    @property
    def year(self) -> int | None:
        """The year of issue: from the number, else from the date of issue."""
        numbered = _YEAR.match(self.document)
        if numbered:
            return int(numbered[1])
        return self.issued.year if self.issued is not None else None

    @property
    def citation(self) -> Text:
        """The citation of document and provision; `parse` reads the Vietnamese one."""
        provision = (("điểm", "point", self.point), ("khoản", "clause", self.clause))
        vi = [f"{word} {part}" for word, _, part in provision if part is not None]
        en = [f"{word} {part}" for _, word, part in provision if part is not None]
        if self.article is not None:
            vi.append(f"Điều {self.article}")
            en.append(f"Article {self.article}")
        where = Text(vi=" ".join(vi), en=" ".join(en) + " of" if en else "")
        when = _CITED_ON.format(day=self.issued) if self.issued else Text(vi="", en="")
        return _CITED.format(where=where, document=self.document, when=when)

    def in_force_on(self, day: date) -> bool | None:
        """Return whether the document is in force on `day`, or None if that is unknown."""
        require_day(day)
        if self.effective_to is not None and day >= self.effective_to:
            return False
        return None if self.effective_from is None else day >= self.effective_from

    @classmethod
    def parse(
        cls, text: str, *, issuer: str | None = None, source: str | None = None
    ) -> LegalBasis:
        """Return the legal basis in a Vietnamese citation.

        It uses the first number in the text and the date after it; the provision is read from
        "điểm", "khoản" and "Điều".

        Args:
            text: such as "khoản 2 Điều 5 Quyết định số 448/QĐ-KHVN ngày 01 tháng 12 năm 2015".
            issuer: who issued the document; not read from the text.
            source: the web address of its text.

        Raises:
            DomainError: no number, an invalid date, or neither a date nor a year in the number.

        >>> LegalBasis.parse("Số: 448/QĐ-KHVN, ngày 01/12/2015").issued
        datetime.date(2015, 12, 1)
        """
        if not isinstance(text, str) or len(text) > _LONGEST_CITATION:
            raise DomainError(_NO_NUMBER)
        cited = normalize_text(text).replace("Ð", "Đ")
        number = _NUMBER.search(cited)
        if number is None:
            raise DomainError(_NO_NUMBER)
        context = cited[: number.start()] + " ; " + cited[number.end() :]
        return cls(
            document=_usual_form(number),
            issuer=issuer,
            issued=_day_in(cited[number.end() :]),
            source=source,
            article=_part_number(_ARTICLE, context),
            clause=_part_number(_CLAUSE, context),
            point=_part_number(_POINT, context),
        )


def _usual_form(number: re.Match[str]) -> str:
    parts = re.split(r"([/-])", re.sub(r"\s", "", number[0]))
    return parts[0] + "".join(_abbreviation(part) for part in parts[1:])


def _abbreviation(part: str) -> str:
    upper = part.upper()
    return _ABBREVIATIONS.get(upper.replace("Đ", "D"), upper)


def _day_in(text: str) -> date | None:
    match = _DATE.search(text)
    if match is None:
        return None
    day, month, year = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        raise DomainError(_NO_SUCH_DAY) from None


def _part_number(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1].lower() if match else None


_LONGEST_CITATION = 2000
_PREFIX = re.compile(r"^số\s*:?\s*(?=\d)", re.IGNORECASE)
# Around a slash or hyphen with spaces only capitals belong to the number, so that
# "… - Bộ tiêu chí" and "… - Gia đình" after it do not.
_NUMBER = re.compile(
    r"(?<![\w/-])\d{1,6}[A-Za-z]?(?:\s*/\s*\d{4}(?=\s*/))?"
    r"(?:\s*[/-]\s*(?:[A-ZĐƯ&]+\d{0,2}|TTg)(?!\w)|[/-](?!\d)[A-Za-zĐđƯư&]+\d{0,2}(?!\w)){1,6}"
)
_YEAR = re.compile(r"\d{1,6}[A-Za-z]?/(\d{4})/")
_DATE = re.compile(
    r"(?<!\d)(\d{1,2})(?:\s*[/.-]\s*|\s+tháng\s+)(\d{1,2})(?:\s*[/.-]\s*|\s+năm\s+)(\d{4})(?!\d)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?<!\w)[đd]iều\s+(\d{1,4}[a-zđ]?)(?!\w)", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<!\w)khoản\s+(\d{1,4}[a-zđ]?)(?!\w)", re.IGNORECASE)
_POINT = re.compile(r"(?<!\w)[đd]iểm\s+([a-zđ]\d{0,2}|\d{1,3}(?:\.\d{1,3})*)(?!\w)", re.IGNORECASE)
# Keys use D for Đ; HD and CD are excluded because they are abbreviations themselves.
_ABBREVIATIONS = {
    "QD": "QĐ",
    "ND": "NĐ",
    "TTG": "TTg",
    "HDND": "HĐND",
    "BGDDT": "BGDĐT",
    "BGD&DT": "BGD&ĐT",
    "BLDTBXH": "BLĐTBXH",
    "BCDTW": "BCĐTW",
}
_CITED = Text(vi="{where} {document} {when}", en="{where} {document} {when}")
_CITED_ON = Text(vi="ngày {day:%d/%m/%Y}", en="of {day:%Y-%m-%d}")
_NO_NUMBER = Text(
    vi="Không tìm thấy số hiệu văn bản; hãy viết như 25/2023/TT-BGDĐT hoặc 448/QĐ-KHVN.",
    en="No document number in the text; write it like 25/2023/TT-BGDĐT or 448/QĐ-KHVN.",
)
_NO_YEAR = Text(
    vi="issued: phải có ngày ban hành, vì số hiệu văn bản không có năm.",
    en="issued: is required because the document number contains no year.",
)
_OTHER_YEAR = Text(
    vi="issued: ngày ban hành không thuộc năm ghi trong số hiệu văn bản; hãy kiểm tra cả hai.",
    en="issued: the date of issue is not in the year of the document number; check both.",
)
_ENDS_FIRST = Text(
    vi="effective_to: phải sau effective_from.", en="effective_to: must be after effective_from."
)
_NO_SUCH_DAY = Text(
    vi="issued: ngày ban hành trong trích dẫn không hợp lệ; hãy sửa lại.",
    en="issued: the date in the citation is not valid; correct it.",
)
