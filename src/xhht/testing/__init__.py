"""Tests of profiles: test cases, coverage, mutants, and Hypothesis strategies for other tests."""
