"""Tables of the user's own, CSV or Parquet, read with the place of everything that is wrong in them."""
