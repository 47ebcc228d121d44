"""The commands of `skillextract`, a module for each group of them; `cli` puts them together."""
