"""Drafts of profiles: from a few words, from a scoring form, and back to a form."""
