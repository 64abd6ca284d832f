"""Other outcomes than returns, which persist: flows, volume, volatility; and episodes."""
