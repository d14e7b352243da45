"""Debian's python3-socketio, unmodified, on channels: says what it heard as one line of JSON.

python_socketio.py URL TRANSPORT[,TRANSPORT]
"""

import json
import sys
import threading

import socketio

PATIENCE_S = 30


def main(url, transports):
    client = socketio.Client(reconnection=False)
    messages = []
    presence = []
    all_here = threading.Event()

    @client.on("message")
    def on_message(message):
        messages.append(message)
        if len(messages) == 2:
            all_here.set()

    @client.on("presence")
    def on_presence(change):
        presence.append(change["event"])

    client.connect(url, transports=transports, wait_timeout=PATIENCE_S)
    call = lambda event, *arguments: client.call(event, arguments, timeout=PATIENCE_S)
    report = {
        "subscribed": call("subscribe", "call:x")["type"],
        "published": call("publish", "call:x", {"text": "Grüße, 世界 🎉"})["type"],
        "binary": call("publish", "call:x", bytes([0, 127, 128, 255]))["type"],
        "refused": call("subscribe", "no channel")["code"],
        "members": call("presence", "call:x")["clients"],
    }
    all_here.wait(PATIENCE_S)
    report["heard"] = [message["data"] for message in messages]
    report["presence"] = presence
    report["transport"] = client.transport()
    client.disconnect()
    print(json.dumps(report))


main(sys.argv[1], sys.argv[2].split(","))
