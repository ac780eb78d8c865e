"""Files as such: hashes, writing whole or not at all, the environment that made them."""
