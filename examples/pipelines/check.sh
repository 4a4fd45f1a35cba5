#!/bin/sh
# sh check.sh preview|up|drift <stack>: what every pipeline beside this file runs. Drift is told to the group of $DRIFT_WEBHOOK.
set -u
job=$1 stack=$2 status=0
case $job in
  preview) exec pulumi preview --diff --non-interactive --stack "$stack" ;;
  up) exec pulumi up --yes --non-interactive --stack "$stack" ;;
  drift) pulumi refresh --preview-only --expect-no-changes --diff --non-interactive --stack "$stack" || status=$? ;;
  *) echo "preview, up or drift?" >&2; exit 2 ;;
esac
case $status in
  0) exit 0 ;;
  7) text="Drift: the servers differ from stack $stack." ;;
  *) text="The drift check of stack $stack failed, so nothing is known." ;;
esac
# DingTalk answers 200 also when it refuses: what counts is errcode.
curl --silent --show-error --max-time 20 -H "Content-Type: application/json" \
  -d "{\"msgtype\": \"text\", \"text\": {\"content\": \"$text\"}}" "$DRIFT_WEBHOOK" | grep -q '"errcode": *0\b' ||
  echo "DingTalk did not take the message." >&2
exit $status
