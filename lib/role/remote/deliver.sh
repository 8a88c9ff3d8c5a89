#!/bin/sh
# deliver HOME ARGUMENTS…: runs HOME/bin/deliver for pipe(8), which sets no HOME. Mail waits (EX_TEMPFAIL, 75) while the script
# is not there, cannot be run or is killed; pipe(8) would bounce it. Any other exit code is the script's own: 0 delivered,
# 75 try again later, everything else goes back to the sender with what the script printed.
HOME=$1
export HOME
shift
script=$HOME/bin/deliver

if [ ! -x "$script" ] || [ ! -f "$script" ]; then
  echo "$script is not there or cannot be executed"
  exit 75
fi
"$script" "$@"
code=$?
case $code in
  126 | 127 | 12[89] | 1[3-9][0-9] | 2[0-9][0-9])
    echo "$script could not be run or was killed (exit $code)"
    exit 75
    ;;
esac
exit $code
