"""The builder function: what the product's custom resource calls to make a notebook.

``handler``, ``decisions``, ``situation``, ``request``, ``launcher``, ``aws`` and ``answer`` are
the Lambda's own code: they are zipped with this file, import one another relatively and nothing
else of the project.
``archive``, ``role``, ``function`` and ``lifecycle`` deploy it.
"""
