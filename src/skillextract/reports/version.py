"""The version of the tables of a report; a place of its own, for `schema` lists it and `reports` writes it."""

SCHEMA_VERSION = 2
"""Raised whenever a column is renamed, removed or means something else; a new column does not raise it."""
