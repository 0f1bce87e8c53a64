"""Draft profiles from an outline or from a scoring form, and export profiles to a form."""
