"""Which postings are of a role, and what its reference profile claims."""
