"""`manage.py verify_results`: computes every stored result anew."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from learning_titles.models import Assessment, current_lang
from xhht import XhhtError


class Command(BaseCommand):
    """Tells what differs by the number of the record, and of no subject."""

    help = "Compute every stored result anew. Tính lại mọi kết quả đã lưu."

    def handle(self, *args: object, **options: object) -> None:
        """Print what differs; fails when something does."""
        lang, differing = current_lang(), 0
        for assessment in Assessment.objects.iterator():
            try:
                told = [one.text for one in assessment.findings() if one.is_fault]
            except XhhtError as error:
                told = [error.text]
            differing += bool(told)
            for text in told:
                self.stdout.write(f"{assessment}: {text.in_(lang)}")
        if differing:
            raise CommandError(f"{differing} ≠")
        self.stdout.write("✓")
