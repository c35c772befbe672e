"""The demo: its steps in ``story``, how they are performed and summed up in ``step``."""
