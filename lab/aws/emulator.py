"""An AWS API on the loopback address: moto with the rules it lacks, telling on standard output what there should be.

One JSON line each. Out: {"ready": true} at the start; {"number", "snapshot"} after each call that changed something;
{"conditions": true} when new conditions hold. In: {"conditions": {...}}, the first before anything else; {"served": number} when
the world's name servers say what that snapshot says. Ends when its standard input does, so it cannot outlive its supervisor.
"""

import argparse
import collections
import io
import json
import os
import re
import sys
import threading
import traceback

os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

import background
import conditions
import recorder
import rules
import snapshot
from rules import checks, route53_changes, route53_limits

QUERY_PROTOCOL = {"ec2", "iam", "sts", "sns", "ses", "monitoring", "autoscaling", "elasticloadbalancing"}


def _service(environ):
    found = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request", environ.get("HTTP_AUTHORIZATION", ""))
    return found.group(1) if found else ""


def _call(environ):
    """Service, action and resources of a call."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = io.BytesIO(body)
    method, path, query = (environ.get(name, "") for name in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING"))
    return recorder.described(_service(environ), method, path, query, environ.get("HTTP_X_AMZ_TARGET", ""), body)


def _refusal(service, code, message, status=400):
    """An error in the words of the service's protocol: a server's (500) is tried again, for many minutes."""
    text = message.replace("&", "&amp;").replace("<", "&lt;")
    if service == "ec2":
        body = f"<Response><Errors><Error><Code>{code}</Code><Message>{text}</Message></Error></Errors><RequestID>lab</RequestID></Response>"
    elif service in QUERY_PROTOCOL or service in ("route53", "s3"):
        error = f"<Type>Sender</Type><Code>{code}</Code><Message>{text}</Message>"
        body = (
            f"<Error>{error}</Error>"
            if service == "s3"
            else f"<ErrorResponse><Error>{error}</Error><RequestId>lab</RequestId></ErrorResponse>"
        )
    else:
        body = json.dumps({"__type": code, "message": message})
        return Response(body, status, mimetype="application/x-amz-json-1.1", headers={"x-amzn-ErrorType": code})
    return Response(body, status, mimetype="text/xml")


class Answers:
    """The last answers, by the id that the SDK gives to a call and keeps when it tries again: then it gets the same one.

    An answer that is there within two milliseconds can overtake the client's own work on its request: on a busy machine one of
    some hundred connections is closed by the client before it has read the answer. Taken for a second call, its retry would be
    told that what it created `already exists`. AWS is too far away for that.
    """

    KEPT = 500

    def __init__(self):
        self.given = collections.OrderedDict()

    def to(self, environ, call, answer):
        number = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if number in self.given:
            print(f"{call[0]} {call[1]}: answered once more", file=sys.stderr, flush=True)
            return self.given[number]
        given = answer()
        if number and given.status_code < 500 and not getattr(given, "passing", False):
            self.given[number] = given
            if len(self.given) > self.KEPT:
                self.given.popitem(last=False)
        return given


class Emulator:
    def __init__(self, record):
        self.answers = Answers()
        self.recorder = recorder.Recorder(record)
        self.moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ, start_response):
        call = _call(environ)
        with background.lock:
            route53_changes.begin_call()
            if call[0] == "route53" and route53_limits.throttled():
                # No answer to be kept: the same call is right when it comes again.
                answer = _refusal("route53", "Throttling", "Rate exceeded")
            else:
                answer = self.answers.to(environ, call, lambda: self._answer(environ))
        background.changed.set()
        route53_changes.end_call()
        self.recorder.note(call, answer.status_code, environ.get("HTTP_USER_AGENT", ""))
        if answer.status_code >= 400:
            codes = re.findall(r"<Code>([^<]*)|\"__type\": ?\"([^\"]*)", answer.get_data(as_text=True))
            print(
                f"{call[0]} {call[1]}: {answer.status_code} {' '.join(part for code in codes for part in code if part)}",
                file=sys.stderr,
                flush=True,
            )
        return answer(environ, start_response)

    def _answer(self, environ):
        service = _service(environ)
        try:
            return Response.from_app(self.moto, environ, buffered=True)
        except checks.Refused as error:
            answer = _refusal(service, error.code, error.message, error.status)
            answer.passing = error.passing
            return answer
        except NotImplementedError as error:
            return _refusal(service, "UnsupportedOperation", f"the lab's AWS does not know this call: {error}")
        except Exception as error:
            traceback.print_exc()
            return _refusal(service, "EmulatorFailure", f"the lab's AWS failed: {type(error).__name__}: {error}")

    def publish(self):
        number, last = 0, None
        while True:
            background.changed.wait()
            background.changed.clear()
            with background.lock:
                text = json.dumps(snapshot.take(), separators=(",", ":"))
                number += text != last
                route53_changes.told(number)
            if text != last:
                tell(f'{{"number":{number},"snapshot":{text}}}')
            last = text


told = threading.Lock()


def tell(line):
    with told:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def obey(lines):
    for line in lines:
        message = json.loads(line)
        with background.lock:
            if "served" in message:
                route53_changes.served(message["served"])
            else:
                conditions.set_all(message["conditions"])
                tell('{"conditions":true}')


class QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code="-", size="-"):
        """The emulator itself says what it has refused."""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=4566)
    parser.add_argument("--record", help="file that every call is written to")
    arguments = parser.parse_args()
    port = arguments.port
    os.environ["MOTO_PORT"] = str(port)
    conditions.set_all(json.loads(sys.stdin.readline())["conditions"])
    rules.install()
    emulator = Emulator(arguments.record)
    server = make_server("127.0.0.1", port, emulator, threaded=True, request_handler=QuietHandler)
    tell('{"ready":true}')
    threading.Thread(target=emulator.publish, daemon=True).start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    background.changed.set()
    obey(sys.stdin)
    os._exit(0)


if __name__ == "__main__":
    main()
