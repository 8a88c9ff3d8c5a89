#!/bin/sh
# apart COMMAND…: runs it as a unit of its own, with our input and output and its exit code. Service users may have root do a few
# things (sudo), and nothing of theirs reaches what is done: no limit (ulimit), priority, terminal, environment or descriptor, no
# signal, and no control group, which they could freeze or kill with all that is in it. Who goes away does not interrupt it.
exec systemd-run --quiet --collect --pipe --wait --service-type=exec --property=RuntimeMaxSec=300 -- "$@"
