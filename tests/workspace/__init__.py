"""A Slack workspace on loopback, for tests: the real SDK and the real Bolt talk to it.

    with Workspace() as workspace:
        ana = workspace.person("ana", name="Ana Ruiz")
        channel = workspace.channel("msk-pain")
        ...                                   # run the app against workspace.base_url
        workspace.app.request_url = "http://127.0.0.1:8000/slack/events"   # or leave it: Socket Mode
        ana.slash("/care", "handoff list", channel)
        card = workspace.wait_for(lambda: workspace.messages(channel))[-1]
        ana.press(card, "Accept")

The app has to run in another thread or process than the test: what people do waits for its answer.
Give its client `retry_handlers=[]`, or the SDK itself sends an unclear post again.

`person.py` is what people can do, `workspace.py` what can be read back, `faults.py` what can go wrong,
`limits.py` and `elements.py` what Slack refuses, `control.py` the same for other processes.
"""

from tests.workspace.courier import Ack
from tests.workspace.errors import Refused
from tests.workspace.faults import Fault, Pace
from tests.workspace.person import Person
from tests.workspace.state import ApiCall, Conversation, Json
from tests.workspace.workspace import Workspace

__all__ = ["Ack", "ApiCall", "Conversation", "Fault", "Json", "Pace", "Person", "Refused", "Workspace"]
