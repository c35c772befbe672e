"""What the sandbox raises."""

from scripts.lib.errors import ToolError


class SandboxError(ToolError):
    """The sandbox could not do what was asked: one line, and the log's tail where that helps."""
