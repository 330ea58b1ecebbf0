"""A client of widgets as somebody wrote it who knows nothing of the checker: Python's own urllib."""
import json
import sys
import urllib.error
import urllib.request

base, token = sys.argv[1], sys.argv[2]


def call(method, path, text=None, secret=token):
    body = None if text is None else text.encode()
    headers = {"Content-Type": "application/json"} if body else {}
    if secret:
        headers["X-Token"] = secret
    request = urllib.request.Request(base + path, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            raw = answer.read()
    except urllib.error.HTTPError as error:
        raw = error.read()
    try:
        return json.loads(raw)
    except ValueError:
        return None


def widget(**others):
    known = {"name": "Gong", "size": 3, "kind": "small", "active": True, "note": None}
    known.update(others)
    known = {name: value for name, value in known.items() if value is not ...}
    # A price is written with both of its decimals.
    return json.dumps(known)[:-1] + ', "price": 12.50}'


call("GET", "/widgets", secret=None)
call("GET", "/widgets?per_page=2&page=1")
call("GET", "/widgets?per_page=2&page=2")
call("GET", "/widgets?sort=name")
call("GET", "/widgets?sort=-name")
call("GET", "/widgets?q=Drum")
call("GET", "/widgets?q=nowhere")
call("GET", "/widgets?fields=name")
call("PATCH", "/widgets")
call("GET", "/widgets/FFFFFFFF")
made = call("POST", "/widgets", widget()) or {}
call("POST", "/widgets", widget(name="Harp"))
path = "/widgets/" + made.get("id", "A0000005")
call("GET", path)
call("GET", "/widgets?per_page=50")
call("PUT", path, widget(name="Lute"))
call("GET", path)
call("POST", "/widgets", widget(size=-1))
call("POST", "/widgets", widget(name="long" * 20))
call("POST", "/widgets", '{"name": "Horn", "size": 3, "kind": "small", "active": true}')
call("POST", "/widgets", widget(kind="gigantic"))
call("DELETE", path)
call("GET", path)
call("DELETE", path)
