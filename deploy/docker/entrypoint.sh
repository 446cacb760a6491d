#!/bin/sh
# Completes the home for this container and becomes the server. Where nothing is to change, nothing is written. What apply finds wrong
# ends the container with its exit code.
set -e

# The first process of a container ignores SIGTERM unless it says what to do. A server that was told to stop must not start.
trap 'exit 143' TERM INT

carbonpatch apply --phase node --set localMemberHost=fact:ip --yes --no-backup --quiet --lock-timeout 5s

exec "$@"
