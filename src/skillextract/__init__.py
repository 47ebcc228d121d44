"""Find the skills that job postings ask for, and compare them with a role profile."""

__version__ = "0.1.0"
