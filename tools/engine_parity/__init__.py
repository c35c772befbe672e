"""The same source on CDK Terrain: ``python -m tools.engine_parity`` says where it differs.

The project is synthesised twice, by the pinned engine and, with nothing changed but import
names, by the other one in a throw-away environment. What both wrote is compared value by value.

``rewrite`` and ``compare`` are pure; ``engines`` holds every pin; ``environment`` and
``synthesis`` run pip and the app.
"""
