"""What a check found, in the terms of the monitoring plugins' guidelines: a state, one line, performance data."""

from dataclasses import dataclass
from smtplib import SMTPResponseException

from checks.harmless import harmless

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
NAMES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
# Of two states the one further right counts.
SEVERITY = (OK, WARNING, UNKNOWN, CRITICAL)


@dataclass(frozen=True)
class Metric:
    """One figure. `label` is a pair such as ("queue", "deferred") when there are several of a name."""

    name: str
    value: float
    unit: str = ""
    warning: float | None = None
    critical: float | None = None
    label: tuple[str, str] | None = None

    def performance_data(self):
        title = self.name if self.label is None else f"{self.label[1]} {self.name}"
        fields = [f"'{title}'={number(self.value)}{self.unit}", number(self.warning), number(self.critical)]
        return ";".join(fields).rstrip(";")


@dataclass(frozen=True)
class Outcome:
    state: int
    message: str
    metrics: tuple[Metric, ...] = ()

    def line(self, name):
        """The one line of a plugin; the bar separates performance data, so the message must have none."""
        text = harmless(" ".join(self.message.split())).replace("|", "/")
        figures = " ".join(metric.performance_data() for metric in self.metrics)
        return f"{name.upper()} {NAMES[self.state]} - {text}" + (f" | {figures}" if figures else "")


def number(value):
    if value is None:
        return ""
    return str(round(value, 3)).removesuffix(".0")


def worst(states):
    return max(states, key=SEVERITY.index, default=OK)


def together(findings, healthy):
    """One outcome of several: what is wrong is named, worst first; when nothing is, `healthy` is the message."""
    wrong = sorted((finding for finding in findings if finding.state != OK), key=lambda finding: -SEVERITY.index(finding.state))
    return Outcome(
        worst(finding.state for finding in findings),
        "; ".join(finding.message for finding in wrong) or healthy,
        tuple(metric for finding in findings for metric in finding.metrics),
    )


def limited(value, warning, critical):
    """The state of a figure that should stay below its limits."""
    if value >= critical:
        return CRITICAL
    return WARNING if value >= warning else OK


def age(seconds):
    """A length of time as people say it."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(max(0, seconds))} s"


def readable(answer):
    """An answer of an SMTP server as one line of text."""
    return " ".join(answer.decode("utf-8", "replace").split()) if isinstance(answer, bytes) else str(answer)


def reason(error):
    """An exception in few words."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, SMTPResponseException):
        return f"{error.smtp_code} {readable(error.smtp_error)}"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
