"""An assessment: a subject's facts, and the result that anyone can check."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language

from xhht import (
    Evaluation,
    Profile,
    XhhtError,
    evaluate,
    facts_from_json,
    installed_profiles,
)
from xhht.documents import VerificationFinding, dumps_result, loads_result, make_document, verify
from xhht.errors import ProfileNotFoundError
from xhht.text import Lang


def current_lang() -> Lang:
    """Return the language of the request: Vietnamese unless English is asked for."""
    return Lang.EN if (get_language() or "").startswith("en") else Lang.VI


class Assessment(models.Model):
    """One subject judged by one profile for one day; its facts are held once, here.

    The result is text and no JSONField: databases lay JSON out anew, and a signature is one over
    bytes.
    """

    subject = models.CharField(max_length=64)
    profile = models.CharField(max_length=120, help_text="ID@VERSION")
    as_of = models.DateField()
    facts = models.JSONField(default=dict, blank=True)
    result = models.TextField(editable=False)
    verdict = models.CharField(max_length=20, editable=False, db_index=True)

    class Meta:
        """A subject is judged once by a profile for a day."""

        constraints = (
            models.UniqueConstraint(fields=("subject", "profile", "as_of"), name="judged_once"),
        )

    def __str__(self) -> str:
        return f"{self.profile} #{self.pk}"

    def clean(self) -> None:
        """Refuse facts that the profile does not take; the message names no value."""
        try:
            self._prove()
        except ProfileNotFoundError as error:
            raise ValidationError({"profile": error.message(current_lang())}) from None
        except XhhtError as error:
            raise ValidationError({"facts": error.message(current_lang())}) from None

    def save(self, *args: object, **kwargs: object) -> None:
        """Evaluate anew and store the result beside the facts; raises XhhtError."""
        self._prove()
        super().save(*args, **kwargs)

    def findings(self) -> tuple[VerificationFinding, ...]:
        """Return what differs when the stored result is computed anew from the stored facts."""
        return verify(loads_result(self.result), facts=facts_from_json(self.facts))

    def evaluation(self) -> Evaluation:
        """Return the evaluation, which explains itself."""
        return evaluate(self._profile(), facts_from_json(self.facts), as_of=self.as_of)

    def _profile(self) -> Profile:
        return installed_profiles().get(self.profile)

    def _prove(self) -> None:
        profile = self._profile()
        document = make_document(
            profile,
            facts_from_json(self.facts),
            as_of=self.as_of,
            subject=self.subject,
            keep_facts=False,
        )
        self.profile = profile.reference
        self.result = dumps_result(document)
        self.verdict = document.outcome.verdict.value
