"""The admin: facts are typed in as JSON, and the result is shown with its reasons."""

from __future__ import annotations

from django.contrib import admin

from learning_titles.models import Assessment, current_lang
from xhht import XhhtError


@admin.register(Assessment)
class AssessmentAdmin(admin.ModelAdmin):
    """Lists assessments by verdict, and explains each."""

    list_display = ("subject", "profile", "as_of", "verdict")
    list_filter = ("verdict", "profile")
    readonly_fields = ("verdict", "explanation")

    @admin.display(description="Giải thích / Explanation")
    def explanation(self, assessment: Assessment) -> str:
        """Return why, as text; Django escapes it."""
        if assessment.pk is None:
            return "–"
        try:
            return str(assessment.evaluation().explain(current_lang()))
        except XhhtError as error:  # the profile is not installed any more
            return error.message(current_lang())
