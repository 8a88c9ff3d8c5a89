"""Questions and orders of people: one line in, an answer out. Root alone can open the socket; `mailserver-logins` is its client."""

import json
import os
import socketserver

LONGEST = 1024


class Control(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path, watch, gatekeeper):
        if os.path.lexists(path):
            os.unlink(path)
        super().__init__(path, Handler)
        os.chmod(path, 0o600)
        self.watch = watch
        self.gatekeeper = gatekeeper


class Handler(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self):
        words = self.rfile.readline(LONGEST).decode("utf-8", "replace").split()
        answer = answered(self.server.watch, self.server.gatekeeper, words)
        self.wfile.write((json.dumps(answer) + "\n").encode())


def answered(watch, gatekeeper, words):
    if words == ["list"]:
        return {**watch.state(), "banned": gatekeeper.lasting()}
    if len(words) == 2 and words[0] == "unban":
        try:
            return {"done": gatekeeper.lift(words[1])}
        except ValueError:
            return {"error": "no address"}
    if len(words) == 2 and words[0] == "release":
        name = watch.policy.login(words[1])
        done = watch.release(name)
        watch.store.write()
        return {"done": done}
    return {"error": "unknown request"}
