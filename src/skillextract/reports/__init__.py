"""Write what was counted: parquet tables, the page, the terminal."""
