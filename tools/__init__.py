"""What maintains the checkout itself; run as modules, or by the Makefile."""
