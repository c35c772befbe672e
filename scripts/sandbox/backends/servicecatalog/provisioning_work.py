"""What goes on behind a record, after its request was answered."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from scripts.sandbox.backends.servicecatalog.provisioned import (
    AVAILABLE,
    ERROR,
    FAILED,
    IN_ERROR,
    IN_PROGRESS,
    SUCCEEDED,
    TAINTED,
    Record,
    RecordError,
)
from scripts.sandbox.backends.servicecatalog.provisioning_stack import (
    GONE,
    RUNNING,
    Stack,
    StackError,
    Wanted,
    outputs,
)
from scripts.sandbox.gate import GATE
from scripts.sandbox.service_sessions import Credentials, NotTrustedError, assume

PRINCIPAL = "servicecatalog.amazonaws.com"
SESSION = "servicecatalog"

log = logging.getLogger("scripts.sandbox")


@dataclass(frozen=True)
class Work:
    """A record, and where and as whom to work on it: the launch role if there is one."""

    record: Record
    endpoint: str
    region: str
    account_id: str
    caller: Credentials

    def provision(self, wanted: Wanted) -> None:
        """Make the stack."""
        product = self.record.of

        def started(stack_id: str) -> None:
            product.stack_id = stack_id
            self.record.outputs = outputs({"StackId": stack_id})

        try:
            stack = self._stack().create(self._stack_name, wanted, started)
        except StackError as fault:
            self._fail(ERROR, fault.errors)
        else:
            self.record.outputs = outputs(stack)
            self._succeed()

    def update(self, wanted: Wanted, commit: Callable[[], None], before: str) -> None:
        """Change the stack; `commit` is called once it is as asked for.

        Args:
            wanted: what the stack is to become.
            commit: notes what is now provisioned.
            before: the provisioned product's status until now.
        """
        stack_id = self.record.of.stack_id or self._stack_name
        try:
            stack = self._stack()
        except StackError as fault:
            self._fail(_kept(before), fault.errors)
            return
        try:
            self.record.outputs = outputs(stack.update(stack_id, wanted))
        except StackError as fault:
            self._fail(_after(stack, stack_id, before), fault.errors)
        else:
            commit()
            self._succeed()

    def terminate(self, forget: Callable[[], None], *, retain: bool, ignore_errors: bool) -> None:
        """Delete the stack, if there is one and it is not retained; then `forget` the product."""
        product = self.record.of
        try:
            if product.stack_id and not retain:
                self._stack().delete(product.stack_id)
        except StackError as fault:
            if not ignore_errors:
                gone = GONE in str(fault)
                self._fail(ERROR if gone else TAINTED, fault.errors)
                return
        forget()
        self.record.move(SUCCEEDED)

    def begin(self, work: Callable[[], None]) -> None:
        """Do the work in the background. No snapshot of the server is taken until it has ended."""
        entered = threading.Event()

        def run() -> None:
            with GATE.busy():
                entered.set()
                self.record.tags = dict(self.record.of.tags)
                self.record.move(IN_PROGRESS)
                try:
                    work()
                except Exception as fault:
                    log.exception("record %s failed", self.record.id)
                    reason = f"{type(fault).__name__}: {fault}"
                    self._fail(ERROR, (RecordError("InternalFailure", reason),))

        threading.Thread(target=run, name=self.record.id, daemon=True).start()
        entered.wait()

    @property
    def _stack_name(self) -> str:
        return f"SC-{self.account_id}-{self.record.of.id}"

    def _stack(self) -> Stack:
        """As the launch role; without one, as the caller itself."""
        role, session = self.record.launch_role, self.caller
        if role:
            try:
                session = assume(PRINCIPAL, role, SESSION)
            except NotTrustedError as fault:
                reason = f"Access denied while assuming the role {role}: {fault}"
                error = RecordError("AWSSecurityTokenServiceException", reason)
                raise StackError(error) from None
        place = (self.endpoint, self.region)
        return Stack(*place, session, self._progress, for_caller=role is None)

    def _progress(self, stack_status: str) -> None:
        status = IN_ERROR if "ROLLBACK" in stack_status else IN_PROGRESS
        if status != self.record.status:
            self.record.move(status)

    # The provisioned product comes first: whoever sees the record's end may go on at once.
    def _succeed(self) -> None:
        product = self.record.of
        product.last_success = self.record
        product.status_message = None
        product.status = AVAILABLE
        self.record.move(SUCCEEDED)

    def _fail(self, status: str, errors: tuple[RecordError, ...]) -> None:
        self.record.errors = errors
        self.record.of.status_message = "; ".join(map(str, errors))
        self.record.of.status = status
        self.record.move(FAILED)


def _kept(before: str) -> str:
    """Status after an update that did not touch the stack."""
    return ERROR if before == ERROR else TAINTED


def _after(stack: Stack, stack_id: str, before: str) -> str:
    """Status after a failed update: tainted if the stack runs on, else in error."""
    try:
        status = stack.look(stack_id)["StackStatus"]
    except StackError as fault:
        return ERROR if GONE in str(fault) else _kept(before)
    return TAINTED if status in RUNNING else ERROR
