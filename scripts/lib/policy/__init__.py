"""AWS policy documents compared by meaning: who gains or loses what, and what is dangerous."""
