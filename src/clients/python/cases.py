"""Runs one case after the other and prints what came of each, one JSON object a line: as node/cases.mjs does."""

import importlib.metadata
import json
import os
import re
import threading
import time
import urllib.request

BASE_URL = os.environ["BASE_URL"]
API_KEY = os.environ["API_KEY"]
MOCK_URL = os.environ["MOCK_URL"]
SINK_URL = os.environ["SINK_URL"]
GATEWAY = "GATEWAY" in os.environ

MOST = 150

# These are of the connection, or stop at the gateway, or are its own on the way to the provider.
NOT_COMPARED = {
    "host", "connection", "keep-alive", "content-length", "transfer-encoding", "accept-encoding", "authorization", "x-api-key",
}
TOLD = re.compile(r"/(chat/completions|responses|messages|embeddings)$")
TOLD_OF_ERRORS = (
    "status_code", "code", "type", "param", "request_id", "body",
)

_told = 0


def client(name, package):
    """Says which client this is, once, before its cases."""
    _print({"client": name, "version": importlib.metadata.version(package)})
    if GATEWAY:
        _ask("DELETE", f"{SINK_URL}/events")
    guard = threading.Timer(MOST, _give_up)
    guard.daemon = True
    guard.start()


def check(name, act, fails=False, edited=False, own=False):
    """Runs one case. What it returns, what it raises, and what the provider was asked are its outcome.

    fails: it is to raise. edited: the gateway is meant to edit the request. own: the gateway answers itself.
    """
    global _told
    _ask("DELETE", f"{MOCK_URL}/requests")
    outcome = {}
    try:
        outcome["answer"] = plain(act())
    except Exception as error:  # whatever it is, it is what came of it
        outcome["error"] = describe(error)
    requests = [] if own else _settled()
    _told += sum(1 for request in requests if request["method"] == "POST" and TOLD.search(request["path"]))
    outcome["asked"] = [
        {
            "request": f"{request['method']} {request['path']}?{request['query'] or ''}".rstrip("?"),
            "ending": request["ending"],
            "headers": _headers(request),
            **({} if edited else {"body": request["body"]}),
        }
        for request in requests
    ]
    if fails != ("error" in outcome):
        told = json.dumps(outcome.get("error", outcome.get("answer")))
        _print({"case": name, "failed": f"was {'' if fails else 'not '}to fail: {told}"})
        return
    _print({"case": name, "outcome": json.loads(_without_ids(json.dumps(outcome)))})


def check_events():
    """Every call that costs money is one event: as many as the provider was asked, however each ended."""
    _print({"case": "events", "outcome": {"events": _events(_told) if GATEWAY else _told}})


def describe(error):
    """What a program could know of an error."""
    told = {"class": type(error).__name__, "message": str(error).replace(BASE_URL, "BASE")}
    for member in TOLD_OF_ERRORS:
        if getattr(error, member, None) is not None:
            told[member] = plain(getattr(error, member))
    response = getattr(error, "response", None)
    if response is not None and "retry-after" in response.headers:
        told["retry_after"] = response.headers["retry-after"]
    return told


def plain(value):
    """Objects of any SDK as JSON."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", warnings=False)
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    return value


def until_error(stream):
    """How many items came, and what was raised at the end."""
    items = 0
    try:
        for _ in stream:
            items += 1
    except Exception as error:  # whatever it is, it is what came of it
        return {"events": items, "error": describe(error)}
    return {"events": items}


def members(model):
    """The names of what it has: of a model that the gateway lists itself only these are the provider's."""
    return sorted(model.model_dump(exclude_unset=True))


def _settled():
    """What the mock was asked since the case began, once it knows how each answer ended."""
    for _ in range(50):
        requests = json.loads(_ask("GET", f"{MOCK_URL}/requests"))
        if all(request["ending"] != "open" for request in requests):
            break
        time.sleep(0.1)
    return requests


def _events(wanted):
    for _ in range(100):
        count = len(json.loads(_ask("GET", f"{SINK_URL}/events")))
        if count >= wanted:
            break
        time.sleep(0.1)
    return count


def _headers(request):
    lines = ((header["name"].lower(), header["value"]) for header in request["headers"])
    return sorted(f"{name}: {value}" for name, value in lines if name not in NOT_COMPARED)


def _without_ids(text):
    """The mock's serial names, numbered as they appear, so that a call and its result still belong together."""
    seen = {}
    return re.sub(r"mock[0-9a-f]{20}", lambda match: seen.setdefault(match[0], f"mock#{len(seen) + 1}"), text)


def _ask(method, url):
    with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=10) as response:
        return response.read()


def _print(line):
    print(json.dumps(line), flush=True)


def _give_up():
    _print({"case": "time", "failed": f"not done after {MOST} s"})
    os._exit(1)
