"""Tests of profiles: their cases, what these cover, and strategies for the tests of others."""
