#!/bin/sh
# On a client that is audited: writes what the audit must find in its result, as a program of the image would at this stage.
# One file that stays, and one that is gone again at once.
PATH=/sbin:/bin:/usr/sbin:/usr/bin
export PATH
place=${0%/*}
stage=$1
if [ "$stage" = log-in ]; then
    stage=log-in-$PAM_SERVICE
fi
echo "$stage" >"$place/$stage" || exit 1
echo "$stage" >"$place/$stage.gone" && rm "$place/$stage.gone"
