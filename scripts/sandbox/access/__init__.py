"""Access control: who calls, what a call asks for, and whether the account's policies let it."""
