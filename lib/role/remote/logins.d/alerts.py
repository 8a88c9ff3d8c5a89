"""Mail to abusealert about what the program has seen. Nobody waits for it, and a few are kept while it cannot be sent."""

import email.message
import email.policy
import email.utils
import logging
import queue
import smtplib
import time

# An alias for postmaster.
ALERTS = "abusealert"
MOST_WAITING = 100
RETRY_SECONDS = 10


class Alerts:
    def __init__(self, host_name):
        self.host_name = host_name
        self.waiting = queue.Queue(MOST_WAITING)

    def tell(self, subject, text):
        logging.warning("%s", subject)
        try:
            self.waiting.put_nowait((subject, text))
        except queue.Full:
            logging.error("more than %d alerts wait: this one is only here", MOST_WAITING)

    def send_for_ever(self):
        while True:
            subject, text = self.waiting.get()
            while not self.send(subject, text):
                time.sleep(RETRY_SECONDS)

    def send(self, subject, text):
        # A subject is read, and searched for, in one line.
        message = email.message.EmailMessage(policy=email.policy.default.clone(max_line_length=900))
        message["From"] = f"Mail server <postmaster@{self.host_name}>"
        message["To"] = f"{ALERTS}@{self.host_name}"
        message["Subject"] = f"{self.host_name}: {subject}"
        message["Date"] = email.utils.formatdate()
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            with smtplib.SMTP("127.0.0.1", 587, timeout=30, local_hostname="localhost") as session:
                session.sendmail("", [f"{ALERTS}@{self.host_name}"], message.as_bytes())
        except (OSError, smtplib.SMTPException) as error:
            logging.warning("the alert cannot be sent yet: %s", error)
            return False
        return True
