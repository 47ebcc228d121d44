"""Turn what a board delivers into plain lines, and tell which part of a posting each line belongs to."""
