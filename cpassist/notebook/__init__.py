"""What a cell of a notebook gets and shows: frames, short texts, and HTML that stands by itself."""
