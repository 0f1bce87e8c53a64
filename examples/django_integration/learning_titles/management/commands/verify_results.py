"""`manage.py verify_results`: computes every stored result anew."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from learning_titles.models import Assessment, current_lang
from xhht import XhhtError
from xhht.text import Text


class Command(BaseCommand):
    """Tells what differs by the number of the record, and of no subject."""

    help = "Compute every stored result anew. Tính lại mọi kết quả đã lưu."

    def handle(self, *args: object, **options: object) -> None:
        """Print what differs; fails when something does."""
        lang, differing = current_lang(), 0
        for assessment in Assessment.objects.iterator():
            try:
                faults = [one.text for one in assessment.findings() if one.is_fault]
            except XhhtError as error:
                faults = [error.text]
            differing += bool(faults)
            for text in faults:
                self.stdout.write(f"{assessment}: {text.get(lang)}")
        if differing:
            raise CommandError(_DIFFER.get(lang, count=differing))
        self.stdout.write(_ALL.get(lang))


_DIFFER = Text(vi="{count} kết quả không đúng.", en="{count} results are not verified.")
_ALL = Text(vi="Mọi kết quả đều đúng.", en="All results are verified.")
