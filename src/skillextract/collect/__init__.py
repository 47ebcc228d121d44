"""Fetch postings from job boards and files, and turn each into a draft of the one record."""
