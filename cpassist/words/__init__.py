"""Tables of words: each value of a closed list, as people read it. One place for each."""
