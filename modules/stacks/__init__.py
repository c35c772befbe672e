"""The stacks: provider, backend, wiring and every output. Only they see the settings.

``network-<name>`` once per VPC, ``notebook-<project>`` once per project, ``jumpstart`` and
``audit`` once per account. A project's stack finds the endpoint of its VPC by a data source
rather than through the network stack's state: the value is then known when Terraform plans,
and no state has to be readable by another stack.
"""

from cdktf import App

from modules.settings import Settings
from modules.stacks.audit import AuditStack
from modules.stacks.jumpstart import JumpStartStack
from modules.stacks.network import NetworkStack
from modules.stacks.notebook import NotebookStack


def build_app(settings: Settings, app: App | None = None) -> App:
    """Return the app with every stack that the settings ask for; ``app`` serves tests."""
    app = app or App(skip_validation=True)
    networks = {
        network.name: NetworkStack(
            app, f"network-{network.name}", settings=settings, network=network
        )
        for network in settings.networks
    }
    for project in settings.projects:
        network = settings.network_of(project)
        stack = NotebookStack(
            app, f"notebook-{project.name}", settings=settings, project=project, network=network
        )
        stack.add_dependency(networks[network.name])
    if settings.jumpstart is not None:
        JumpStartStack(app, "jumpstart", settings=settings, jumpstart=settings.jumpstart)
    if settings.audit is not None:
        AuditStack(app, "audit", settings=settings, audit=settings.audit)
    return app
