"""Policy documents: pure functions from facts to data, with no cdktf import."""
