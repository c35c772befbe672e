"""Operations that change stacks: they check, answer, and leave the work to a thread."""

import logging
import re
import threading
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from scripts.sandbox.backends.cloudformation import stack_policy
from scripts.sandbox.backends.cloudformation.caller import Caller, as_role
from scripts.sandbox.backends.cloudformation.definition import Definition
from scripts.sandbox.backends.cloudformation.engine import Creation, Deletion, Update
from scripts.sandbox.backends.cloudformation.errors import AlreadyExistsError, ValidationError
from scripts.sandbox.backends.cloudformation.operation import enter
from scripts.sandbox.backends.cloudformation.parameters import Given, resolve
from scripts.sandbox.backends.cloudformation.records import UPDATABLE, Settings, Stack, now
from scripts.sandbox.backends.cloudformation.request import Answer, Request
from scripts.sandbox.backends.cloudformation.store import Store
from scripts.sandbox.backends.cloudformation.template_source import template_of
from scripts.sandbox.gate import GATE

USER_INITIATED = "User Initiated"
NAME = "[a-zA-Z][-a-zA-Z0-9]*"
NAME_LIMIT = 128
NOTHING_TO_DO = "No updates are to be performed."
# Wishes that would have to be fulfilled, and are not.
NOT_HERE = (
    "RollbackConfiguration",
    "TimeoutInMinutes",
    "StackPolicyURL",
    "StackPolicyDuringUpdateURL",
    "ResourceTypes",
    "RetainExceptOnCreate",
    "DeploymentConfig",
)

log = logging.getLogger("scripts.sandbox")


class Changing(Store):
    """Create, update and delete."""

    def create_stack(self, request: Request) -> Answer:
        """Begin to make a stack."""
        _refuse_what_is_not_here(request)
        name, token = request["StackName"], request.get("ClientRequestToken")
        _check_name(name)
        existing = self.find(name)
        if existing:
            if token and token == existing.token:
                return {"StackId": existing.id}
            raise AlreadyExistsError(f"Stack [{name}] already exists")
        stack_id = (
            f"arn:{self.partition}:cloudformation:{self.region_name}:{self.account_id}"
            f":stack/{name}/{uuid.uuid4()}"
        )
        definition = self._definition(request, stack_id, name)
        stack = Stack(stack_id, name, definition, _settings(request), token)
        caller = self._caller(request, stack)
        self.stacks[stack_id] = stack
        enter(stack, "CREATE_IN_PROGRESS", USER_INITIATED, token)
        self._start(
            stack,
            lambda cancelled: Creation(stack, caller, token, cancelled).run(),
            failure="CREATE_FAILED",
        )
        return {"StackId": stack_id}

    def update_stack(self, request: Request) -> Answer:
        """Begin to change a stack."""
        _refuse_what_is_not_here(request)
        name, token = request["StackName"], request.get("ClientRequestToken")
        stack = self.find(name)
        if stack is None or not stack.alive:
            raise ValidationError(f"Stack [{name}] does not exist")
        if stack.status not in UPDATABLE:
            raise ValidationError(
                f"Stack:{stack.id} is in {stack.status} state and can not be updated."
            )
        definition = self._definition(request, stack.id, stack.name, stack)
        _refuse_other_types(stack, definition)
        settings = _settings(request, stack.settings)
        unchanged = definition.outline == stack.definition.outline
        policy = request.get("StackPolicyDuringUpdateBody", settings.policy)
        stack_policy.check(policy)
        if unchanged and settings.policy == stack.settings.policy:
            raise ValidationError(NOTHING_TO_DO)
        caller = self._caller(request, stack)
        stack.settings, stack.token, stack.updated = settings, token, now()
        enter(stack, "UPDATE_IN_PROGRESS", USER_INITIATED, token)
        self._start(
            stack,
            lambda cancelled: Update(stack, caller, token, cancelled).run(definition, policy),
            failure="UPDATE_ROLLBACK_FAILED",
        )
        return {"StackId": stack.id}

    def delete_stack(self, request: Request) -> Answer:
        """Begin to delete a stack; one that does not exist needs nothing."""
        stack, token = self.find(request["StackName"]), request.get("ClientRequestToken")
        retained = request.get("RetainResources", [])
        if stack is None or not stack.alive or stack.status == "DELETE_IN_PROGRESS":
            return {}
        if request.get("DeletionMode", "STANDARD") != "STANDARD":
            raise NotImplementedError("DeletionMode")
        if stack.settings.protected:
            raise ValidationError(
                f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
            )
        if stack.in_progress and stack.status != "CREATE_IN_PROGRESS":
            raise ValidationError(
                f"Stack [{stack.id}] cannot be deleted while in status {stack.status}"
            )
        if retained and stack.status != "DELETE_FAILED":
            raise ValidationError(
                f"Invalid operation on stack [{stack.id}]. When you delete a stack, specify which"
                " resources to retain only when the stack is in the DELETE_FAILED state."
            )
        caller = self._caller(request, stack)
        before = self.running.get(stack.id)
        if before and before.is_alive():
            self.cancelling[stack.id].set()
        enter(stack, "DELETE_IN_PROGRESS", USER_INITIATED, token)

        def run(cancelled: threading.Event) -> None:
            if before:
                before.join()
            Deletion(stack, caller, token, cancelled).run(retained)

        self._start(stack, run, failure="DELETE_FAILED")
        return {}

    def update_termination_protection(self, request: Request) -> Answer:
        """Switch the protection from deletion on or off."""
        stack = self.stack(request["StackName"])
        protected = bool(request["EnableTerminationProtection"])
        stack.settings = replace(stack.settings, protected=protected)
        return {"StackId": stack.id}

    def set_stack_policy(self, request: Request) -> Answer:
        """Put the policy that says which resources an update may touch."""
        _refuse_what_is_not_here(request)
        stack = self.stack(request["StackName"])
        policy = request.get("StackPolicyBody")
        stack_policy.check(policy)
        stack.settings = replace(stack.settings, policy=policy)
        return {}

    def get_stack_policy(self, request: Request) -> Answer:
        """The stack's policy; nothing if it has none."""
        return {"StackPolicyBody": self.stack(request["StackName"]).settings.policy}

    def _definition(
        self, request: Request, stack_id: str, name: str, stack: Stack | None = None
    ) -> Definition:
        """What the request wants the stack to be. Raises ValidationError."""
        template = template_of(request, stack)
        previous = stack.definition if stack else Definition(template)
        given = [
            Given(one["ParameterKey"], one.get("ParameterValue"), bool(one.get("UsePreviousValue")))
            for one in request.get("Parameters", [])
        ]
        tags = request.params.get("Tags")
        if tags is not None or stack is None:
            chosen = {tag["Key"]: tag["Value"] for tag in tags or []}
        else:
            chosen = dict(previous.tags)
        definition = Definition(
            template=template,
            parameters=resolve(template.section("Parameters"), given, previous.parameters),
            tags=chosen,
            pseudo={
                "AWS::AccountId": self.account_id,
                "AWS::NotificationARNs": list(request.get("NotificationARNs", [])),
                "AWS::Partition": self.partition,
                "AWS::Region": self.region_name,
                "AWS::StackId": stack_id,
                "AWS::StackName": name,
                "AWS::URLSuffix": "amazonaws.com" + ".cn" * (self.partition == "aws-cn"),
            },
        )
        definition.check()
        return definition

    def _caller(self, request: Request, stack: Stack) -> Caller:
        """Whose rights the work takes: the stack's role's, or else those of whoever calls."""
        role = request.get("RoleARN") or stack.settings.role_arn
        if role is None:
            return request.caller()
        return as_role(request.caller(), role, f"AWSCloudFormation-{stack.name}"[:64])

    def _start(self, stack: Stack, run: Callable[[threading.Event], None], *, failure: str) -> None:
        """Work on the stack in the background. No snapshot is taken until that is done."""
        held = ExitStack()
        held.enter_context(GATE.busy())
        cancelled = threading.Event()

        def work() -> None:
            with held:
                try:
                    run(cancelled)
                except Exception as fault:
                    log.exception("the work on stack %s failed", stack.name)
                    reason = f"the sandbox failed: {type(fault).__name__}: {fault}"
                    enter(stack, failure, reason, None)

        thread = threading.Thread(target=work, name=f"stack {stack.name}", daemon=True)
        self.running[stack.id], self.cancelling[stack.id] = thread, cancelled
        thread.start()


def _refuse_what_is_not_here(request: Request) -> None:
    for wish in NOT_HERE:
        if request.get(wish):
            raise NotImplementedError(wish)


def _refuse_other_types(stack: Stack, definition: Definition) -> None:
    changed = [
        name
        for name, resource in definition.resources.items()
        if name in stack.resources and stack.resources[name].type != resource["Type"]
    ]
    if changed:
        raise ValidationError(
            "Update of resource type is not permitted. The new template modifies resource type of"
            f" the following resources: [{', '.join(changed)}]"
        )


def _check_name(name: str) -> None:
    if not re.fullmatch(NAME, name):
        fault = f"Member must satisfy regular expression pattern: {NAME}"
    elif len(name) > NAME_LIMIT:
        fault = f"Member must have length less than or equal to {NAME_LIMIT}"
    else:
        return
    raise ValidationError(
        f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint:"
        f" {fault}"
    )


def _settings(request: Request, before: Settings | None = None) -> Settings:
    """What the request says beside the definition; an update keeps what it does not say."""
    kept = before or Settings()
    disabled = request.get("DisableRollback")
    if disabled and request.get("OnFailure"):
        raise ValidationError("Either DisableRollback or OnFailure can be specified, not both.")
    if disabled and before:
        raise NotImplementedError("DisableRollback of an update")
    stack_policy.check(request.get("StackPolicyBody"))
    return replace(
        kept,
        on_failure="DO_NOTHING" if disabled else request.get("OnFailure", kept.on_failure),
        role_arn=request.get("RoleARN", kept.role_arn),
        protected=request.get("EnableTerminationProtection", kept.protected),
        policy=request.get("StackPolicyBody", kept.policy),
        notification_arns=tuple(request.get("NotificationARNs", kept.notification_arns)),
        capabilities=tuple(request.get("Capabilities", kept.capabilities)),
    )
