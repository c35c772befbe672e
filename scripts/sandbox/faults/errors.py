"""AWS's errors, written as each protocol writes them."""

import json
from xml.sax.saxutils import escape

from scripts.sandbox.faults.answers import Protocol, Refusal

JSON_TYPE = "application/x-amz-json-1.1"
_XML = {
    Protocol.QUERY: "<ErrorResponse>{}</ErrorResponse>",
    Protocol.EC2: "<Response><Errors>{}</Errors></Response>",
    Protocol.S3: "{}",
}


def encode(refusal: Refusal, protocol: Protocol) -> tuple[int, str, bytes]:
    """HTTP status, content type and body of an error."""
    code, status = refusal.within(protocol)
    if form := _XML.get(protocol):
        message = escape(refusal.message)
        error = f"<Error><Code>{escape(code)}</Code><Message>{message}</Message></Error>"
        return status, "text/xml", form.format(error).encode()
    fault = {"__type": code, "message": refusal.message}
    return status, JSON_TYPE, json.dumps(fault).encode()
