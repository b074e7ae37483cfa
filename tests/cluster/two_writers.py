"""Two nodes written at once, as no clinic should run it: what holds even so."""

import json
import sys
import threading
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from uuid import uuid4

from tests.cluster.clients import ZONE, Client, Log
from tests.cluster.trial import DOUBLED_HOURS, cluster, conflicts, env_of, lost
from tools.server import serving

ROUNDS = 30
EACH = 4  # clients at each node


def servers(stack, nodes):
    """gunicorn at each of the first two nodes."""
    return [stack.enter_context(serving(sys.executable, env_of(node.url), workers=2)) for node in nodes[:2]]


def together(acts):
    """Call all at the same moment; their answers in the same order."""
    barrier, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def call(number, act):
        barrier.wait(60)
        answers[number] = act()

    threads = [threading.Thread(target=call, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def hours_at_two_nodes(seconds):
    """Two managers give one doctor hours that overlap, each at a node of his own, in the same moment."""
    log, both = Log(), 0
    with cluster() as (nodes, known, _folder), ExitStack() as stack:
        managers = [Client(server.address, known, log) for server in servers(stack, nodes)]
        for manager in managers:
            manager.sign_in()
        for number in range(ROUNDS):
            doctor = known["doctors"][number % len(known["doctors"])]
            day = (datetime.now(ZONE).date() + timedelta(days=2 + number)).isoformat()
            forms = [
                {"uuid": str(uuid4()), "first": day, "starts": begin, "ends": "07:00"}
                for begin in ("05:00", "05:30")
            ]
            answers = together(
                [
                    lambda manager=manager, form=form, doctor=doctor: manager.page(
                        "hours", f"/desk/hours/{doctor}/extra/", form
                    )[0]
                    for manager, form in zip(managers, forms, strict=True)
                ]
            )
            both += answers == [302, 302]
        faults = [fault for node in nodes for fault in lost(node, log)]
        doubled = nodes[2].query(f"USE clinic; {DOUBLED_HOURS}")
    if both:
        faults.append(f"both managers were told that it is saved in {both} of {ROUNDS} rounds")
    answers = {f"{what} {status}": count for (what, status), count in sorted(log.statuses.items())}
    return {"rounds": ROUNDS, "answers": answers, "pairs at one time": doubled}, faults


def one_visit_at_two_nodes(seconds):
    """Clients at two nodes move, confirm, cancel and take back one visit: each change that was acknowledged
    stands once in its history, in the order of versions."""
    log, told, over = Log(), [], threading.Event()
    with cluster() as (nodes, known, _folder), ExitStack() as stack:
        addresses = [server.address for server in servers(stack, nodes)]
        first = Client(addresses[0], known, log)
        while not log.booked:
            first.book()
        (uuid,) = log.booked

        def act(client):
            while not over.is_set():
                status, visit = client.api("look", "GET", f"appointments/{uuid}")
                if status == 200:
                    told.extend(_change(client, uuid, visit))

        clients = [Client(address, known, log, seed) for address in addresses for seed in range(EACH)]
        for client in clients:
            client.sign_in()
        threads = [threading.Thread(target=act, args=(client,), daemon=True) for client in clients]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        over.set()
        for thread in threads:
            thread.join(60)
        faults = [fault for node in nodes for fault in history(node, uuid, told)]
        met = conflicts(nodes)
    answers = {f"{what} {status}": count for (what, status), count in sorted(log.statuses.items())}
    figures = {"acknowledged changes": len(told), "answers": answers, "conflicts between nodes": met}
    return figures, faults + log.failures[:5]


def _change(client, uuid, visit):
    """One change of what was seen; [(version that it made, status or start)] where it was acknowledged."""
    version, status = visit["version"], visit["status"]
    if status == "cancelled":
        form = {"version": version, "to": "confirmed"}
        done, _told, _text = client.page("undo", f"/desk/appointments/{uuid}/undo/", form)
        # The desk answers with the visit's page, or with its page and why not (409, 422).
        return [(version + 1, "confirmed")] if done == 302 else []
    if status == "pending" and client.random.random() < 0.5:
        done, answer = client.api(
            "confirm", "POST", f"appointments/{uuid}/status", {"status": "confirmed"}, version
        )
    elif client.random.random() < 0.3:
        body = {"reason": "trial", "wish": "patient"}
        done, answer = client.api("cancel", "POST", f"appointments/{uuid}/cancel", body, version)
    else:
        body = {"appointment_datetime": client.some_start().isoformat()}
        done, answer = client.api("move", "POST", f"appointments/{uuid}/move", body, version)
        return [(answer["version"], answer["appointment_datetime"])] if done == 200 else []
    return [(answer["version"], answer["status"])] if done == 200 else []


def history(node, uuid, told):
    """What the node's history does not bear out. Each answer was a visit in a version, and in that version it
    has to have stood so. (Whoever asks for what is so already is told what stands: that is no change.)"""
    sql = "USE clinic; SELECT e.version, e.after FROM appointment_events e JOIN appointments a"
    rows = node.query(
        f"{sql} ON a.id = e.appointment_id WHERE a.uuid = '{uuid}' ORDER BY e.version"
    ).splitlines()
    events = [(int(version), json.loads(after)) for version, after in (row.split("\t") for row in rows)]
    if [version for version, _after in events] != list(range(1, len(events) + 1)):
        return [f"{node.name}: versions are missing or twice"]
    faults, states = [], [{}]
    for _version, after in events:
        states.append({**states[-1], **after})
    for version, what in told:
        stood = states[version] if version < len(states) else {}
        if what != stood.get("status") and not _is_start(what, stood.get("start")):
            faults.append(
                f"{node.name}: version {version} was told as {what} and is {events[version - 1 :][:1]}"
            )
    stands = node.query(f"USE clinic; SELECT version FROM appointments WHERE uuid = '{uuid}'")
    if int(stands) != len(events):
        faults.append(f"{node.name}: version {stands} with {len(events)} events")
    return faults[:5]


def _is_start(what, start):
    return bool(start) and "T" in what and datetime.fromisoformat(what) == datetime.fromisoformat(start)
