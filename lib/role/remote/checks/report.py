"""What all checks found, for machines: JSON, Prometheus' text format, and files that are never half written."""

import json
import os
import tempfile
from dataclasses import dataclass

from checks.blocklists import LYING, USABLE
from checks.outcome import NAMES, OK, UNKNOWN, Metric, Outcome, worst


@dataclass(frozen=True)
class Report:
    """`time` is in seconds since 1970, `outcomes` and `seconds` are by the name of the check."""

    time: float
    outcomes: dict
    seconds: dict

    @property
    def state(self):
        return worst(outcome.state for outcome in self.outcomes.values())

    def summary(self):
        wrong = [f"{name}: {outcome.message}" for name, outcome in self.outcomes.items() if outcome.state != OK]
        good = [name for name, outcome in self.outcomes.items() if outcome.state == OK]
        return Outcome(
            self.state,
            "; ".join(wrong) or f"{', '.join(good)}",
            (
                Metric("checks", len(self.outcomes)),
                Metric("not_ok", len(wrong)),
            ),
        )


def to_json(report):
    checks = [
        {
            "name": name,
            "state": NAMES[outcome.state],
            "code": outcome.state,
            "message": outcome.message,
            "seconds": round(report.seconds[name], 3),
            "metrics": [figure(metric) for metric in outcome.metrics],
        }
        for name, outcome in report.outcomes.items()
    ]
    return {"time": round(report.time, 3), "state": NAMES[report.state], "code": report.state, "checks": checks}


def figure(metric):
    optional = {"unit": metric.unit or None, "warning": metric.warning, "critical": metric.critical}
    label = {"label": dict([metric.label])} if metric.label else {}
    return {
        "name": metric.name,
        "value": round(metric.value, 3),
        **label,
        **{key: value for key, value in optional.items() if value is not None},
    }


def from_json(text):
    """@raises ValueError, KeyError, TypeError: it is not a report"""
    data = json.loads(text)
    outcomes = {
        check["name"]: Outcome(int(check["code"]), check["message"], tuple(metric_of(item) for item in check["metrics"]))
        for check in data["checks"]
    }
    return Report(float(data["time"]), outcomes, {check["name"]: float(check["seconds"]) for check in data["checks"]})


def metric_of(item):
    label = next(iter(item["label"].items())) if "label" in item else None
    return Metric(item["name"], item["value"], item.get("unit", ""), item.get("warning"), item.get("critical"), label)


def to_prometheus(report):
    families = {
        "mailserver_checks_run_timestamp_seconds": ("When the checks last ran.", [sample({}, report.time)]),
        "mailserver_check_state": (
            "0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
            [sample({"check": name}, outcome.state) for name, outcome in report.outcomes.items()],
        ),
        "mailserver_check_duration_seconds": (
            "How long a check took.",
            [sample({"check": name}, round(seconds, 3)) for name, seconds in report.seconds.items()],
        ),
    }
    for name, outcome in report.outcomes.items():
        for metric in outcome.metrics:
            unit = "_seconds" if metric.unit == "s" and "seconds" not in metric.name else ""
            family = families.setdefault(f"mailserver_{name}_{metric.name}{unit}", (f"Figure of the check {name}.", []))
            family[1].append(sample(dict([metric.label]) if metric.label else {}, round(metric.value, 3)))
    lines = []
    for name, (about, samples) in families.items():
        lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge", *(f"{name}{text}" for text in samples)]
    return "\n".join(lines) + "\n"


def sample(labels, value):
    pairs = ",".join(f'{key}="{escaped(text)}"' for key, text in labels.items())
    return f"{{{pairs}}} {value}" if pairs else f" {value}"


def escaped(text):
    return str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def changes(before, now):
    """Lines for the journal: what became better or worse since the last run, and nothing while all stays as it is."""
    lines = []
    for name, outcome in now.outcomes.items():
        old = before.outcomes.get(name) if before else None
        if outcome.state != (old.state if old else OK):
            # Levels of sd-daemon(3): notice when it is well again, warning, error.
            level = {OK: 5, UNKNOWN: 4}.get(outcome.state, 5 - outcome.state)
            lines.append(f"<{level}>{outcome.line(name).partition(' | ')[0]}")
    return lines


def write(path, text):
    """Readers see the old file or the new one."""
    folder = os.path.dirname(os.path.abspath(path))
    descriptor, temporary = tempfile.mkstemp(prefix=".check-", dir=folder)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            # Not by its name: the folder may be another service's.
            os.fchmod(descriptor, 0o644)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise


def switch_off(folder, outcome):
    """One empty file for each list that lies, for policyd-weight to look at. It goes when the list answers as it should or is not
    in use any more; while DNS gives no answer it stays."""
    named = {key: {metric.label[1] for metric in outcome.metrics if metric.name == key and metric.value} for key in (LYING, USABLE)}
    asked = {metric.label[1] for metric in outcome.metrics}
    os.makedirs(folder, exist_ok=True)
    for zone in named[LYING]:
        write(os.path.join(folder, zone), "")
    if outcome.state != UNKNOWN:
        for zone in os.listdir(folder):
            if zone in named[USABLE] or zone not in asked:
                os.unlink(os.path.join(folder, zone))
