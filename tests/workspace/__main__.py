"""`python -m tests.workspace --port N --control M`: the workspace as a process of its own.

The first line it prints is JSON with the addresses, the tokens and the signing secret. It runs until it
is terminated. `--port 0` takes a free port.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from dataclasses import asdict

from tests.workspace.control import Control, plain
from tests.workspace.workspace import Workspace


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.workspace", description="A Slack workspace on loopback.")
    parser.add_argument("--port", type=int, default=0, help="of the Web API and Socket Mode")
    parser.add_argument("--control", type=int, default=0, help="port of the control API")
    parser.add_argument("--team", default="T0CARETEAM")
    for name in ("bot-token", "app-token", "signing-secret"):
        parser.add_argument(f"--{name}", help="made up if not given")
    asked = parser.parse_args()
    end = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, end)
    with Workspace(asked.team, asked.port) as workspace:
        for name in ("bot_token", "app_token", "signing_secret"):
            if getattr(asked, name):
                setattr(workspace.app, name, getattr(asked, name))
        port = workspace.run(Control(workspace).serve(asked.control))
        addresses = {"base_url": workspace.base_url, "control": f"http://127.0.0.1:{port}"}
        sys.stdout.write(json.dumps(plain(asdict(workspace.app)) | addresses) + "\n")
        sys.stdout.flush()
        signal.sigwait(end)


if __name__ == "__main__":
    main()
