"""What AWS goes on doing after it has answered."""

import threading
import time

# moto's models are plain dictionaries: whoever reads or writes them holds this.
lock = threading.RLock()
# Somebody has changed them: there may be a new snapshot to tell.
changed = threading.Event()


def later(seconds, finish, first=lambda: None):
    """Runs `first` at once without the lock, and `finish` with what it gave and the lock, `seconds` after the call."""
    begin = time.monotonic()

    def work():
        found = first()
        time.sleep(max(0, begin + seconds - time.monotonic()))
        with lock:
            finish(found)
        changed.set()

    threading.Thread(target=work, daemon=True).start()
