"""The entries that counters send: stored, judged, counted."""
