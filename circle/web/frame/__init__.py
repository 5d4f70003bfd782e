"""The frame around every page: answers, headers, hashed files, errors and what templates may use."""
