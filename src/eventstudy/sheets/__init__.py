"""Tables of the user's own, CSV, Parquet or Excel, read with the place of everything that is wrong in them."""
