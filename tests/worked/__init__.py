"""Tests of the worked pages."""
