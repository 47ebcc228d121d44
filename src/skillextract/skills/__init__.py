"""Find skills in text: the vocabulary, the screen, the matcher, and how a mention is meant."""
